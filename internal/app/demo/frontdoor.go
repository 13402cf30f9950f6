package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"kith/internal/kit/period"
)

// contactsOf are how many contacts each year has, and how many of them became
// referrals: in 2023-24 exactly one third.
var contactsOf = map[period.Year]struct{ all, referrals int }{
	2022: {22986, 7402},
	2023: {24312, 8104},
}

// A contact is any approach to the front door about a child, before anything is
// decided.
type contact struct {
	child, sex, ethnicity, source, outcome string
	at                                     period.Date
	age                                    int // -1 before birth
}

var (
	contactSources = []share[string]{
		{290, "Police"}, {175, "School"}, {90, "Hospital"}, {45, "GP"}, {60, "Health visitor"}, {25, "School nurse"},
		{30, "Midwife"},
		{80, "Family member"}, {60, "Early help"}, {45, "Housing"}, {35, "Voluntary organisation"}, {30, "Probation"},
		{25, "Anonymous"},
		{20, "Neighbour"}, {20, "Nursery"}, {15, "Young person"}, {10, "Other"}, {8, "Not recorded"},
	}
	contactOutcomes = []share[string]{
		{430, "Information and advice"}, {300, "No further action"}, {190, "Early help"}, {80, "Passed to allocated worker"},
	}
	// referredBy says as whose contact a referral of that source first came.
	referredBy = map[string]string{
		"1A": "Family member", "1B": "Neighbour", "1C": "Young person", "1D": "Neighbour", "2A": "School", "2B": "Nursery",
		"3A": "GP",
		"3B": "Health visitor", "3C": "School nurse", "3D": "Midwife", "3E": "Hospital", "3F": "Mental health",
		"4":  "Housing",
		"5A": "Social care", "5B": "Youth justice", "5C": "Other local authority", "6": "Police", "7": "Probation",
		"8": "Voluntary organisation", "9": "Anonymous", "10": "Not recorded",
	}
)

// contacts writes a year's list of contacts. Every referral of the census began
// as a contact; the front door recorded more contacts as referrals than the
// census then took, as front doors do.
func (w *writer) contacts(pop *population, y period.Year) {
	d := diceFor("contacts " + y.String())
	year, want := y.Span(), contactsOf[y]
	var list []contact
	for _, c := range pop.children {
		for _, k := range c.cases {
			if !year.Contains(k.referral) {
				continue
			}
			at := later(year.From, k.referral.AddDays(-d.below(2)))
			list = append(list, contactAbout(c, at, referredBy[k.source], "Referral"))
		}
	}
	seen := []*child{}
	for len(list) < want.all {
		outcome := "Referral"
		if len(list) >= want.referrals {
			outcome = draw(d, contactOutcomes)
		}
		c := d.neighbour(&seen, year)
		list = append(list, contactAbout(c, d.day(later(year.From, c.dob.AddDays(-90)), year.To), draw(d, contactSources),
			outcome))
	}
	slices.SortStableFunc(list, func(a, b contact) int {
		return cmp.Or(a.at.Compare(b.at),
			cmp.Compare(a.child, b.child))
	})
	t := newTable("", "Contact ID", "Child Unique ID", "Date of Contact", "Age of Child (Years)", "Sex", "Ethnicity",
		"Contact Source", "Contact Outcome")
	for i, c := range list {
		age := "Unborn"
		if c.age >= 0 {
			age = strconv.Itoa(c.age)
		}
		t.add(fmt.Sprintf("C%d%05d", int(y)%100, i+1), c.child, ukDate(c.at), age, c.sex, c.ethnicity, c.source, c.outcome)
	}
	t.rows[100][5] = "WENG"        // no such ethnic group in the list
	t.rows[200][3] = "old"         // no age
	t.rows[300][6] = "A passer-by" // no source that the list has
	name := fmt.Sprintf("contacts-%s.csv", y)
	w.put(name, t.bytes())
	w.list(Import{Kind: "contacts", Path: name, Year: y, Authority: Authority})
}

// neighbour makes up a child whom the census does not know, or, one time in
// five, takes one who was heard of before.
func (d *dice) neighbour(seen *[]*child, year period.Span) *child {
	if len(*seen) > 0 && d.chance(210) {
		return pick(d, *seen)
	}
	c := &child{
		id: fmt.Sprintf("DEMO%d", 900001+len(*seen)), sex: 1 + d.below(2), ethnicity: draw(d, ethnicities),
		dob: d.day(year.From.AddYears(-17), year.From.AddDays(120)),
	}
	*seen = append(*seen, c)
	return c
}

func contactAbout(c *child, at period.Date, source, outcome string) contact {
	age := -1
	if !c.dob.After(at) {
		age = c.dob.AgeOn(at)
	}
	sex := "Female"
	if c.sex == 1 {
		sex = "Male"
	}
	return contact{child: c.id, sex: sex, ethnicity: c.ethnicity, source: source, outcome: outcome, at: at, age: age}
}

// earlyHelpOf are how many children began early help in each year.
var earlyHelpOf = map[period.Year]int{2021: 1902, 2022: 2118, 2023: 2687}

var (
	earlyHelpSources = []share[string]{
		{34, "School"}, {18, "Social care"}, {14, "Health visitor"}, {12, "Family member"}, {8, "Nursery"},
		{6, "Voluntary organisation"},
		{4, "Police"}, {4, "Housing"},
	}
	earlyHelpNeeds = []share[string]{
		{22, "Child's mental health and wellbeing"}, {17, "Parenting support"}, {14, "School attendance"},
		{12, "Parental mental health"},
		{10, "Special educational needs or disability"}, {9, "Domestic abuse"}, {7, "Money and debt"}, {5, "Housing"},
		{4, "Drugs or alcohol"},
	}
)

// earlyHelp writes a year's list of children who began early help, more of them
// in the poorer wards and in term.
func (w *writer) earlyHelp(y period.Year) {
	d := diceFor("early help " + y.String())
	year := y.Span()
	var wards []share[string]
	for i, ward := range Wards {
		wards = append(wards, share[string]{ward.Children / (4 + i), ward.Name})
	}
	days := make([]period.Date, earlyHelpOf[y])
	for i := range days {
		days[i] = d.workday(year.From, year.To)
		if days[i].Month == 8 && d.chance(450) {
			days[i] = d.workday(year.From.AddDays(160), year.To)
		}
	}
	slices.SortFunc(days, period.Date.Compare)
	t := newTable("", "Early Help ID", "Child Unique ID", "Date of Birth", "Ward", "Source", "Main Need", "Start Date",
		"End Date")
	for i, begin := range days {
		end := begin.AddDays(d.between(40, 420))
		if end.After(lastDay) {
			end = period.Date{}
		}
		id := fmt.Sprintf("%d%05d", int(y)%100, i+1)
		t.add("EH"+id, "DEMO8"+id, ukDate(begin.AddDays(-d.between(90, 6300))), draw(d, wards), draw(d, earlyHelpSources),
			draw(d, earlyHelpNeeds), ukDate(begin), ukDate(end))
	}
	t.rows[50][4] = "A passer-by" // no source that the list has
	spoilt := slices.Clone(t.rows[60])
	// one more row, that ends before it starts
	spoilt[0], spoilt[1], spoilt[7] = spoilt[0]+"B", spoilt[1]+"B", ukDate(days[59].AddDays(-12))
	t.rows = slices.Insert(t.rows, 61, spoilt)
	name := fmt.Sprintf("early-help-%s.csv", y)
	w.put(name, t.bytes())
	w.list(Import{Kind: "early-help", Path: name, Year: y, Authority: Authority})
}

// visitsOf are the visits that the partnership's websites had in each year.
var visitsOf = map[period.Year]int{2021: 31400, 2022: 36850, 2023: 43000}

// siteShares are the partnership's websites and their shares of the visits.
var siteShares = []share[string]{{58, "Professionals and public"}, {24, "Families"}, {18, "Young people"}}

// visits writes a year's visits to the websites, a row a site and month. They add
// up to exactly the year's number.
func (w *writer) visits(y period.Year) {
	d := diceFor("visits " + y.String())
	t := newTable("", "date", "site", "visits")
	months := y.Span().Months()
	left := visitsOf[y]
	for i, m := range months {
		for j, s := range siteShares {
			n := visitsOf[y] * s.of / 100 / len(months) * d.between(82, 114) / 100
			if i == len(months)-1 && j == len(siteShares)-1 {
				n = left
			}
			left -= n
			t.add(m.From.String(), s.value, strconv.Itoa(n))
		}
	}
	name := fmt.Sprintf("visits-%s.csv", y)
	w.put(name, t.bytes())
	w.list(Import{Kind: "visits", Path: name, Year: y})
}
