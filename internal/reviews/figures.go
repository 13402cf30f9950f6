package reviews

import (
	"context"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// Figures lists the figures this room offers.
func (r *Room) Figures() []figure.Definition {
	dims := []figure.Dimension{
		{ID: "kind", Title: "Kind of review", Label: func(v string) string { return Kind(v).Words() }, Public: true,
			Values: figure.Fixed(kinds...)},
		{ID: "theme", Title: "Theme", Public: true, Values: figure.Recorded(themes), Names: true},
	}
	const source = "The partnership's register of reviews"
	return []figure.Definition{
		{
			ID: "reviews.published", Title: "Reviews published",
			Counts: "Reviews that the partnership published in the period. A review is one piece of work, however many " +
				"children or families it is about.",
			Unit: "reviews", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 1,
			Watch: "Counted by the day of publication, which can be in a later year than the review was completed. A " +
				"review with several themes counts once under each, so the themes do not add up to the total.",
			Dimensions: dims, Compute: counted(publishedIn, named),
		},
		{
			ID: "reviews.completed", Title: "Reviews completed",
			Counts: "Reviews of every kind, statutory ones too, that were completed in the period, whether or not they were " +
				"published. A rapid review is completed when it is sent to the national Panel.",
			Unit: "reviews", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 2,
			Watch: "A statutory review is completed when its report is agreed and published later, so it can be in this " +
				"figure for one year and in the reviews published for the next. A review closed without being carried out is " +
				"not counted. Those that are published are named: until then a name is for who reads the register. A review with " +
				"several themes counts once under each.",
			Dimensions: dims, Compute: counted(completedIn, namedWhenPublished),
		},
		{
			ID: "reviews.rapid", Title: "Rapid reviews held",
			Counts: "Rapid reviews that were held in the period, whatever followed: nothing more, or a practice review. One " +
				"that was sent to the national Panel was held.",
			Unit: "rapid reviews", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 1,
			Watch: "Counted by the day it was held, or where that day is not in the register by the day it was sent. The " +
				"names in the register are not listed, since a rapid review is not published. A review with several themes " +
				"counts once under each.",
			Dimensions: dims, Compute: counted(rapidIn, unnamed),
		},
		{
			ID: "reviews.notified", Title: "Serious incidents notified",
			Counts: "Serious child safeguarding incidents that were notified to the national Panel in the period, as the " +
				"register of reviews has them.",
			Unit: "notifications", Kind: figure.Flow, Protection: figure.Open, Source: source, Version: 1,
			Watch: "Counted by the day of the notification. Not every notification leads to a review, and the names in " +
				"the register are not listed, since what follows may never be published.",
			Dimensions: dims, Compute: counted(notifiedIn, unnamed),
		},
	}
}

// Whether a figure lists the reference of a review that it counts.
func named(Review) bool   { return true }
func unnamed(Review) bool { return false }

// namedWhenPublished keeps back what is not published, or never will be.
func namedWhenPublished(r Review) bool { return !r.PublishedOn.IsZero() }

// counted answers an ask by counting the reviews that read finds. names says which
// of them to list.
func counted(read func(context.Context, db.Reader, period.Span) ([]Review, error), names func(Review) bool) func(
	context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error) {
	return func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
		all, err := read(ctx, s.Work, ask.Period)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(v Review) bool {
			return !v.at("kind", ask.Where["kind"]) ||
				!v.at("theme", ask.Where["theme"])
		})
		if ask.By == "" {
			return []figure.Value{count(all, names)}, nil
		}
		var out []figure.Value
		for _, x := range valuesOf(ask, all) {
			some := slices.DeleteFunc(slices.Clone(all), func(v Review) bool { return !v.at(ask.By, x) })
			v := count(some, names).At(ask.By, x)
			v.Read = int64(len(all)) // a review stands under each of its themes
			out = append(out, v)
		}
		return out, nil
	}
}

func count(of []Review, names func(Review) bool) figure.Value {
	v := figure.Of(int64(len(of)))
	v.Rows = v.Numerator
	for _, x := range of {
		if names(x) {
			v.Items = append(v.Items, x.Reference)
		}
	}
	return v
}

// at reports whether the review stands at a value of a dimension; "" is all of
// them.
func (r Review) at(dim, value string) bool {
	switch {
	case value == "":
		return true
	case dim == "kind":
		return string(r.Kind) == value
	}
	return slices.ContainsFunc(r.Themes, func(t string) bool { return db.Fold(t) == db.Fold(value) })
}

// valuesOf lists the values of the dimension to cut by: every kind, also where
// there is none, or the themes there are.
func valuesOf(ask figure.Ask, all []Review) []string {
	var out []string
	if ask.By == "kind" {
		for _, k := range kinds {
			if w := ask.Where["kind"]; w == "" || w == string(k) {
				out = append(out, string(k))
			}
		}
		return out
	}
	seen := map[string]bool{}
	for _, v := range all {
		for _, t := range v.Themes {
			if w := ask.Where["theme"]; !seen[db.Fold(t)] && (w == "" || db.Fold(w) == db.Fold(t)) {
				seen[db.Fold(t)] = true
				out = append(out, t)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(db.Fold(a), db.Fold(b)) })
	return out
}
