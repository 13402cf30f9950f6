package returns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// The dimensions that every child figure has besides its own cuts.
const (
	byAuthority = "authority"
	byMonth     = "month"
)

// cutTitles are the words for the cuts.
var cutTitles = map[string]string{
	"age_band": "Age", "sex": "Sex", "ethnic_group": "Ethnic group", "source": "Who made contact",
	"outcome":  "What came of it",
	"category": "Category of abuse", "primary_need": "Main reason for need", "placement": "Placement",
	"legal_status": "Legal status",
}

// dimensions lists what a measure's figure may be cut by.
func dimensions(measure string) []figure.Dimension {
	out := []figure.Dimension{{ID: byAuthority, Title: "Local authority", Label: nameOf,
		Values: figure.Recorded(func(ctx context.Context, q db.Reader) ([]string, error) {
			return loadedAuthorities(ctx, q, specOfMeasure[measure].kind)
		})}}
	if specOfMeasure[measure].flow {
		out = append(out, figure.Dimension{ID: byMonth, Title: "Month", Label: monthWords, Values: figure.Months})
	}
	for _, c := range specOfMeasure[measure].cuts {
		out = append(out, figure.Dimension{ID: c, Title: cutTitles[c], Label: func(v string) string { return label(c, v) },
			Values: figure.Fixed(groupValues(c)...), Public: !specOfMeasure[measure].ratio, Partitions: true,
			Sensitive: slices.Contains(sensitive, c)})
	}
	return out
}

// sensitive are the cuts that tell something of a child besides who it is.
var sensitive = []string{"category", "primary_need", "legal_status", "outcome"}

// Counts that no figure gives, and which identities name.
const (
	planOrCare  = "children in need with a plan or in care"
	careNoPlan  = "children in care without a plan"
	careAndPlan = "children in care with a plan"
	planNoCare  = "children with a plan and not in care"
)

// needIdentities tie the children in need to those with a plan and those looked after, of whom
// the national definition takes every one to be in need. A reader can take them from one another.
var needIdentities = []figure.Identity{
	{{Factor: 1, Figure: needOpen}, {Factor: -1, Figure: needOther}, {Factor: -1, Count: planOrCare}},
	{{Factor: 1, Count: planOrCare}, {Factor: -1, Figure: plansOpen}, {Factor: -1, Count: careNoPlan}},
	{{Factor: 1, Figure: lookedAfter}, {Factor: -1, Count: careNoPlan}, {Factor: -1, Count: careAndPlan}},
	{{Factor: 1, Figure: plansOpen}, {Factor: -1, Count: careAndPlan}, {Factor: -1, Count: planNoCare}},
}

func monthWords(v string) string {
	d, err := period.ParseDate(v + "-01")
	if err != nil {
		return v
	}
	return d.Format("January 2006")
}

const (
	edition903 = "guide to the SSDA903 collection, 2023 to 2024"
	editionCIN = "children in need census guide, 2023 to 2024"
)

// Figures gives the figures that the room offers.
func (r *Room) Figures() []figure.Definition {
	defs := []figure.Definition{
		{
			ID: contactsReceived, Title: "Contacts with children’s social care", Unit: "contacts", Kind: figure.Flow,
			Counts: "Every approach to the {front door} about a child that was received in the period, before anybody " +
				"decided whether it is a referral.",
			Source: "The council’s list of contacts", Edition: "as Ofsted’s Annex A, list 1",
			Watch: "A contact is not a child: several people may make contact about one. The Department for Education does " +
				"not publish it.",
		},
		{
			ID: contactsReferred, Title: "Contacts that became a referral", Unit: "%", Kind: figure.Flow,
			Counts:    "The share of the contacts received in the period whose recorded outcome is a referral.",
			Numerator: "Contacts whose outcome is a referral", Denominator: "All contacts received",
			Source: "The council’s list of contacts", Edition: "as Ofsted’s Annex A, list 1",
			Watch: "Not the census’s number of referrals: a referral there is of one child, is counted by the day it is " +
				"accepted, and need not have begun as a contact on this list. The two differ.",
		},
		{
			ID: helpStarted, Title: "Early help started", Unit: "starts", Kind: figure.Flow,
			Counts: "Times that early help for a child started in the period.",
			Source: "The council’s list of early help", Edition: "as Ofsted’s Annex A, list 2",
			Watch: "A child who was helped twice in the period is counted twice. Help that no list records is not here.",
		},
		{
			ID: plansOpen, Title: "Children with a child protection plan", Unit: "children", Kind: figure.Stock,
			Counts: "Children who had a child protection plan at the end of the day, each once.",
			Source: "Children in need census", Edition: editionCIN,
			Watch: "The census as it was loaded. The Department for Education’s own number, published later, may differ by a " +
				"few children.",
		},
		{
			ID: needOpen, Title: "Children in need", Unit: "children", Kind: figure.Stock,
			Counts: "Children in need at the end of the day, each once: referred, not closed, and not found to need nothing. " +
				"Children with a plan, {looked-after children} and unborn children are among them.",
			Source: "Children in need census", Edition: editionCIN,
			Watch: "This is the Department for Education’s meaning. Many use the words for those with neither a protection " +
				"plan nor a placement: that is a figure of its own.",
		},
		{
			ID: needOther, Title: "Children in need, without those on a plan or {looked after}", Unit: "children",
			Kind: figure.Stock,
			Counts: "Children in need at the end of the day who had no child protection plan and were not {looked after}, " +
				"each once.",
			Source: "Children in need census and looked-after children return, matched in memory by the council’s own number " +
				"for the child", Edition: editionCIN,
			Watch: "It can be counted only when both returns of the year are read in one import.",
		},
		{
			ID: lookedAfter, Title: "Children {looked after}", Unit: "children", Kind: figure.Stock,
			Counts: "Children who are {looked after} at the end of the day, each once. Children in a series of short breaks " +
				"only (legal status V3 or V4) are left out.",
			Source: "Looked-after children return (SSDA903)", Edition: edition903,
			Watch: "The return as it was loaded. The Department for Education’s own number, published later, may differ by a " +
				"few children.",
		},
	}
	for i := range defs {
		d := &defs[i]
		d.Protection, d.Version, d.Dimensions, d.Universe = figure.Child, 1, dimensions(d.ID), d.ID
		switch d.ID {
		case contactsReferred:
			d.Universe = contactsReceived
			d.Share = &figure.Share{Figure: contactsReceived, Dimension: "outcome", Value: "referral"}
		case needOther:
			d.Identities = needIdentities
		}
		d.Compute = func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
			values, err := compute(ctx, s.Work, d.ID, ask)
			return values, r.besides(ctx, s.Work, specOfMeasure[d.ID].kind, ask.Where[byAuthority], err)
		}
	}
	return defs
}

// besides adds to the words of a figure that is not held what is kept beside the years: who has
// loaded a quarter would else be told that nothing is.
func (r *Room) besides(ctx context.Context, q db.Reader, kind, authority string, why error) error {
	var held *figure.NotHeld
	if !errors.As(why, &held) || r.Beside == nil {
		return why
	}
	kept, err := r.Beside(ctx, q, kind, authority)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		return why
	}
	return &figure.NotHeld{Words: held.Words + ". Beside the years there " + lang.Noun(len(kept), "is ", "are ") +
		lang.Join(kept) + ", of which no figure is counted until the whole year is loaded"}
}

// An asking is an ask in the shape in which measures are kept.
type asking struct {
	measure   string
	span      period.Span
	authority string
	month     string
	dimension string // the one cut that is kept beside the total
	value     string // of it, "" for all
	by        string
	sources   bool
}

// compute answers one ask from the stored measures.
func compute(ctx context.Context, q db.Reader, measure string, ask figure.Ask) ([]figure.Value, error) {
	a, err := asked(measure, ask)
	if err != nil {
		return nil, err
	}
	totals, err := counts(ctx, q, measure, a.span.From, a.span.To, "", a.authority)
	if err != nil {
		return nil, err
	}
	if err := held(ctx, q, a, totals); err != nil {
		return nil, err
	}
	rows := totals
	if a.dimension != "" {
		if rows, err = counts(ctx, q, measure, a.span.From, a.span.To, a.dimension, a.authority); err != nil {
			return nil, err
		}
		if !specOfMeasure[measure].flow && len(rows) == 0 && sum(totals) > 0 {
			return nil, notHeldDay(ctx, q, a)
		}
	}
	return values(ctx, q, a, rows, totals)
}

// asked puts an ask into the shape of what is kept: one cut, whole months.
func asked(measure string, ask figure.Ask) (asking, error) {
	a := asking{measure: measure, span: ask.Period, by: ask.By, sources: ask.Sources}
	if !ask.At.IsZero() {
		a.span = on(ask.At)
	}
	cuts := map[string]bool{}
	for dim, v := range ask.Where {
		switch dim {
		case byAuthority:
			a.authority = v
		case byMonth:
			a.month = v
		default:
			a.dimension, a.value = dim, v
			cuts[dim] = true
			if !isGroup(dim, v) {
				return a, &figure.BadAsk{Words: fmt.Sprintf("%s has no %s %q; it has %s", measure, dim, v,
					strings.Join(groupValues(dim), ", "))}
			}
		}
	}
	if _, err := period.ParseDate(a.month + "-01"); a.month != "" && err != nil {
		return a, &figure.BadAsk{Words: fmt.Sprintf("%q is not a month such as 2023-06", a.month)}
	}
	if ask.By != "" && ask.By != byAuthority && ask.By != byMonth {
		a.dimension = ask.By
		cuts[ask.By] = true
	}
	if len(cuts) > 1 {
		return a, &figure.BadAsk{Words: "no row about a child is kept, so counts can be cut by one thing at a time, " +
			"besides authority and month"}
	}
	if ask.At.IsZero() && !a.span.WholeMonths() {
		return a, &figure.BadAsk{Words: "counts are kept by calendar month: ask for whole months"}
	}
	return a, nil
}

func groupValues(dimension string) []string {
	var out []string
	for _, g := range groups()[dimension] {
		out = append(out, g.value)
	}
	return out
}

// held makes sure that the records answer for the whole of what is asked.
func held(ctx context.Context, q db.Reader, a asking, totals []count) error {
	spec := specOfMeasure[a.measure]
	if !spec.flow {
		if len(totals) == 0 {
			return notHeldDay(ctx, q, a)
		}
		return nil
	}
	months := map[string]int{}
	for _, t := range totals {
		months[t.Authority]++
	}
	want := len(a.span.Months())
	for _, n := range months {
		if n != want {
			return notHeldYears(ctx, q, a)
		}
	}
	if len(months) == 0 {
		return notHeldYears(ctx, q, a)
	}
	return nil
}

// notHeldYears says which years are held, of a flow that is not.
func notHeldYears(ctx context.Context, q db.Reader, a asking) error {
	loads, err := loadsOf(ctx, q, specOfMeasure[a.measure].kind, a.authority)
	if err != nil {
		return err
	}
	if len(loads) == 0 {
		return &figure.NotHeld{Words: "nothing is loaded to count it from: import " + wanted[specOfMeasure[a.measure].kind]}
	}
	return &figure.NotHeld{Words: fmt.Sprintf("it is held for %s, and not for the whole of %s", years(loads),
		figure.Ask{Period: a.span}.When())}
}

// notHeldDay says which days are held, of a stock that is not.
func notHeldDay(ctx context.Context, q db.Reader, a asking) error {
	days, err := heldDates(ctx, q, a.measure, a.dimension, a.authority)
	if err != nil {
		return err
	}
	if len(days) == 0 {
		if a.measure == needOther {
			return &figure.NotHeld{Words: "it is not held: import the children in need census together with the looked-after " +
				"children files of the same year"}
		}
		return &figure.NotHeld{Words: "nothing is loaded to count it from: import " + wanted[specOfMeasure[a.measure].kind]}
	}
	every := "month"
	if a.dimension != "" {
		every = "quarter"
	}
	return &figure.NotHeld{Words: fmt.Sprintf("it is held at the end of each %s from %s to %s, and not for %s", every,
		days[0].Words(), days[len(days)-1].Words(), a.span.To.Words())}
}

func sum(rows []count) int64 {
	var n int64
	for _, c := range rows {
		n += c.Numerator
	}
	return n
}

// values adds the rows up: in all, or for each value of what the ask cuts by.
func values(ctx context.Context, q db.Reader, a asking, rows, totals []count) ([]figure.Value, error) {
	type sums struct{ numerator, denominator int64 }
	all := map[string]*sums{}
	var order []string
	if a.by == "" {
		all[""], order = &sums{}, []string{""}
	}
	for _, c := range rows {
		if a.value != "" && c.Value != a.value || a.month != "" && c.From.Format("2006-01") != a.month {
			continue
		}
		key := a.part(c)
		if all[key] == nil {
			all[key] = &sums{}
			order = append(order, key)
		}
		all[key].numerator += c.Numerator
		all[key].denominator += c.Denominator
	}
	a.sort(order)
	whole, err := from(ctx, q, a, a.within(totals, ""))
	if err != nil {
		return nil, err
	}
	var out []figure.Value
	for _, key := range order {
		came := whole
		if a.by == byAuthority || a.by == byMonth {
			if came, err = from(ctx, q, a, a.within(totals, key)); err != nil {
				return nil, err
			}
		}
		v := figure.Of(all[key].numerator)
		if specOfMeasure[a.measure].ratio {
			v = figure.Ratio(all[key].numerator, all[key].denominator)
		}
		v.Inputs, v.Rows, v.Read, v.Note = came.inputs, came.rows, whole.rows, whole.note
		if a.by != "" {
			v = v.At(a.by, key)
		}
		out = append(out, v)
	}
	return out, nil
}

// part gives the value of what the ask cuts by.
func (a asking) part(c count) string {
	switch a.by {
	case "":
		return ""
	case byAuthority:
		return c.Authority
	case byMonth:
		return c.From.Format("2006-01")
	}
	return c.Value
}

// within gives the totals that the ask was answered from, or one part of a cut by
// authority or month was.
func (a asking) within(totals []count, part string) []count {
	return slices.DeleteFunc(slices.Clone(totals), func(c count) bool {
		return a.month != "" && c.From.Format("2006-01") != a.month || part != "" && a.part(c) != part
	})
}

// sort puts the values of the cut in the order in which they are shown.
func (a asking) sort(keys []string) {
	place := groupValues(a.by)
	slices.SortStableFunc(keys, func(x, y string) int {
		i, j := slices.Index(place, x), slices.Index(place, y)
		if i != j {
			return i - j
		}
		return strings.Compare(x, y)
	})
}
