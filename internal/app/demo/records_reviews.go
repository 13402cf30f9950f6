package demo

import "kith/internal/kit/period"

// A Review is one review that the partnership did. The names are of nobody: the
// demonstration's reviews are about no child who lives or lived.
type Review struct {
	Reference    string
	Kind         string // statutory, learning, commissioned, rapid-review
	Themes       []string
	Commissioner string // organisation; empty: the partnership itself
	// The steps taken, by day; zero when not.
	Aware, Notified, Rapid, RapidSent, Decided, Started, Completed, Published, Closed period.Date
}

// Reviews lists the reviews: in 2023-24 two statutory ones published, two
// learning reviews and one commissioned review completed.
func Reviews(today period.Date) []Review {
	aware := period.AddWorkingDays(today.AddDays(-13), 1)
	return []Review{
		{Reference: "Child Heron", Kind: "statutory", Themes: []string{"Babies under one", "Parental mental health"},
			Aware: on(2021, 2, 8), Notified: on(2021, 2, 11), Rapid: on(2021, 2, 26), RapidSent: on(2021, 3, 1),
			Decided: on(2021, 3, 4), Started: on(2021, 4, 20), Completed: on(2021, 12, 10), Published: on(2022, 1, 27)},
		{Reference: "Three brothers", Kind: "learning", Themes: []string{"Neglect", "School attendance"},
			Decided: on(2022, 5, 5), Started: on(2022, 6, 9), Completed: on(2022, 11, 17)},
		{Reference: "Child Rowan", Kind: "statutory", Themes: []string{"Neglect", "Professional curiosity",
			"Disabled children"},
			Aware: on(2022, 4, 19), Notified: on(2022, 4, 22), Rapid: on(2022, 5, 9), RapidSent: on(2022, 5, 11),
			Decided: on(2022, 5, 12), Started: on(2022, 6, 20), Completed: on(2023, 6, 1), Published: on(2023, 6, 29)},
		{Reference: "Child Wren", Kind: "statutory", Themes: []string{"Babies under one", "Parental substance misuse",
			"Seeing fathers"},
			Aware: on(2022, 10, 3), Notified: on(2022, 10, 7), Rapid: on(2022, 10, 20), RapidSent: on(2022, 10, 24),
			Decided: on(2022, 10, 27), Started: on(2022, 12, 1), Completed: on(2023, 12, 14), Published: on(2024, 1, 25)},
		{Reference: "The Marsh family", Kind: "learning", Themes: []string{"Physical abuse", "Escalating a concern"},
			Decided: on(2023, 2, 2), Started: on(2023, 3, 6), Completed: on(2023, 9, 21)},
		{Reference: "Two sisters", Kind: "learning", Themes: []string{"Neglect", "Emotional abuse", "Voice of the child"},
			Decided: on(2023, 6, 29), Started: on(2023, 8, 14), Completed: on(2024, 2, 15)},
		{Reference: "A young person with additional needs", Kind: "commissioned",
			Themes: []string{"Special educational needs", "Transition to adulthood"}, Commissioner: education,
			Decided: on(2023, 4, 27), Started: on(2023, 5, 22), Completed: on(2023, 11, 23)},
		{Reference: "Rapid review, May 2023", Kind: "rapid-review", Themes: []string{"Harm outside the home"},
			Aware: on(2023, 5, 15), Notified: on(2023, 5, 18), Rapid: on(2023, 6, 2), RapidSent: on(2023, 6, 5),
			Closed: on(2023, 6, 7)},
		{Reference: "Rapid review, under way", Kind: "rapid-review", Themes: []string{"Babies under one"}, Aware: aware,
			Notified: period.AddWorkingDays(aware, 2)},
	}
}

// An Audit is one multi-agency audit of cases. It keeps no case.
type Audit struct {
	Title     string
	Theme     string
	Method    string
	Cases     int
	Due       period.Date
	Started   period.Date
	Completed period.Date
	Shared    period.Date
	Findings  string
	Agencies  []string // organisations that took part
}

var auditors = []string{socialCare, icb, "Saltcoast Community Health Trust", police, education}

// Audits lists the multi-agency audits: four were completed in 2023-24.
func Audits(today period.Date) []Audit {
	return []Audit{
		{Title: "Neglect: is the child seen?", Theme: "Neglect",
			Method: "Ten children drawn by lot; each agency reads its record, then all meet.", Cases: 10,
			Due: on(2022, 12, 15), Started: on(2022, 9, 12), Completed: on(2022, 11, 24), Shared: on(2023, 1, 12),
			Agencies: auditors,
			Findings: "Most records had no complete history. Where one person drew the whole story together, plans moved."},
		{Title: "Children aged 0 to 5 who are looked after", Theme: "Children aged 0 to 5 who are looked after",
			Method: "Twelve children drawn by lot; foster carers and health visitors were asked too.", Cases: 12,
			Due: on(2023, 6, 30), Started: on(2023, 4, 17), Completed: on(2023, 5, 25), Shared: on(2023, 7, 6),
			Agencies: auditors,
			Findings: "Most health plans were on time. What babies show without words was seldom written down; it is now a " +
				"heading of the record."},
		{Title: "The impact of parental substance misuse", Theme: "Parental substance misuse",
			Method: "Ten families; adult services read their records beside children's.", Cases: 10,
			Due: on(2023, 9, 30), Started: on(2023, 7, 3), Completed: on(2023, 9, 7), Shared: on(2023, 10, 12),
			Agencies: append([]string{"Lifebelt Drug and Alcohol Recovery"}, auditors...),
			Findings: "Adult workers knew of the children in every family and had seldom met them. Joint visits began in " +
				"November."},
		{Title: "Pre-birth arrangements", Theme: "Pre-birth arrangements",
			Method: "Ten babies born in the year, from booking to eight weeks.", Cases: 10,
			Due: on(2023, 12, 31), Started: on(2023, 10, 2), Completed: on(2023, 12, 7), Shared: on(2024, 1, 11),
			Agencies: append([]string{"Tidewell General Hospital Trust"}, auditors...),
			Findings: "Plans were good when they began before 20 weeks; some began much later. Fathers were too often left " +
				"out of them."},
		{Title: "Child exploitation", Theme: "Child exploitation",
			Method: "Eight young people; those who wished to told the auditors what helped.", Cases: 8,
			Due: on(2024, 3, 31), Started: on(2024, 1, 8), Completed: on(2024, 2, 29), Shared: on(2024, 3, 21),
			Agencies: append([]string{"Open Water Youth Project", Council + ": Youth Justice Service"}, auditors...),
			Findings: "One trusted adult made the difference in every story. Return-home conversations were too often late."},
		{Title: "Core groups: does the plan move?", Theme: "Child protection planning",
			Method: "Ten plans of more than nine months.", Cases: 10,
			Due: today.AddDays(38), Started: today.AddDays(-19), Agencies: auditors},
		{Title: "Children who are not in school", Theme: "Attendance", Method: "To be settled by the committee.",
			Due: today.AddDays(120), Agencies: auditors},
	}
}

// A Round is one round of Section 11 or Section 175 returns.
type Round struct {
	Standard string // section-11 or section-175
	Year     period.Year
	Title    string
	Opened   period.Date
	Due      period.Date
	Closed   period.Date
	Returns  []Return
}

// A Return is what one organisation was asked for, and how far it has come.
type Return struct {
	Organisation string
	Started      period.Date
	Submitted    period.Date
	Moderated    period.Date
}

// Rounds lists the rounds: those of 2022-23 and 2023-24, which are over, and two
// that are open today.
func Rounds(today period.Date) []Round {
	year := period.YearOf(today)
	return []Round{
		round("section-11", 2022, "Policies, thresholds and training", on(2022, 10, 3), on(2023, 1, 31), 3),
		round("section-175", 2022, "Safeguarding in schools and colleges", on(2022, 10, 10), on(2023, 2, 10), 14),
		round("section-11", 2023, "Safer workforce and daily lived experience", on(2023, 10, 2), on(2024, 1, 31), 2),
		round("section-175", 2023, "Harm outside the home, and attendance", on(2023, 10, 9), on(2024, 2, 9), 7),
		openRound("section-11", year, "Local priorities and learning", today, 34),
		openRound("section-175", year, "Online safety and attendance", today, 48),
	}
}

// asked lists the organisations that a standard applies to.
func asked(standard string) []string {
	var out []string
	for _, o := range Organisations() {
		if standard == "section-11" && o.AnswersSection11 || standard == "section-175" && o.School != "" {
			out = append(out, o.Name)
		}
	}
	return out
}

// round makes a round that is over, to which all but so many answered.
func round(standard string, y period.Year, title string, opened, due period.Date, missing int) Round {
	d := diceFor("round " + title)
	r := Round{Standard: standard, Year: y, Title: title, Opened: opened, Due: due, Closed: due.AddDays(28)}
	names := asked(standard)
	silent := map[int]bool{}
	for len(silent) < missing {
		silent[d.below(len(names))] = true
	}
	for i, name := range names {
		a := Return{Organisation: name}
		if !silent[i] {
			a.Submitted = d.workday(opened.AddDays(30), due.AddDays(18))
			a.Started = a.Submitted.AddDays(-d.between(0, 20))
			if d.chance(930) {
				a.Moderated = period.AddWorkingDays(a.Submitted, d.between(1, 8))
			}
		}
		r.Returns = append(r.Returns, a)
	}
	return r
}

// openRound makes a round that is open today: a third have answered, some have
// begun, and the agency and school of the personas still have to.
func openRound(standard string, y period.Year, title string, today period.Date, dueIn int) Round {
	d := diceFor("round " + title)
	r := Round{Standard: standard, Year: y, Title: title, Opened: today.AddDays(-40), Due: today.AddDays(dueIn)}
	for _, name := range asked(standard) {
		a := Return{Organisation: name}
		switch n := d.below(100); {
		case name == "Saltcoast Community Health Trust" || name == "Heron Mere Primary School":
			a.Started = today.AddDays(-6)
		case n < 34:
			a.Started, a.Submitted = today.AddDays(-d.between(15, 30)), today.AddDays(-d.between(4, 14))
			if n < 12 {
				a.Moderated = today.AddDays(-d.between(1, 3))
			}
		case n < 60:
			a.Started = today.AddDays(-d.between(1, 30))
		}
		r.Returns = append(r.Returns, a)
	}
	return r
}
