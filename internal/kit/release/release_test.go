package release_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
)

// A world is records of children: counts by figure, time, dimension and value; the total is
// under no dimension.
type world map[string]map[[2]string]int64

func (w world) put(id, when string, total int64, cuts ...any) world {
	at := id + " " + when
	if w[at] == nil {
		w[at] = map[[2]string]int64{}
	}
	w[at][[2]string{}] = total
	for i := 0; i+2 < len(cuts); i += 3 {
		w[at][[2]string{cuts[i].(string), cuts[i+1].(string)}] = int64(cuts[i+2].(int))
	}
	return w
}

var day, year = figure.Ask{At: period.MustDate("2024-03-31")}, figure.Ask{Period: period.Year(2023).Span()}

const onDay = "2024-03-31"

// definitions are figures over a world: a stock with two public cuts, one that is not public
// and one that does not partition; those that identities tie; a flow, a share of it, and a
// percentage of its own.
func definitions(w world) []figure.Definition {
	cut := func(id string) figure.Dimension {
		return figure.Dimension{ID: id, Title: id, Public: true, Partitions: true}
	}
	harm := cut("harm")
	harm.Sensitive = true
	defs := []figure.Definition{
		{ID: "plans", Kind: figure.Stock, Universe: "plans", Dimensions: []figure.Dimension{cut("age"), harm,
			{ID: "ward", Title: "Ward", Partitions: true}, {ID: "factor", Title: "Factor", Public: true}}},
		{ID: "care", Kind: figure.Stock, Universe: "care", Dimensions: []figure.Dimension{cut("age")}},
		{ID: "need", Kind: figure.Stock, Universe: "need"},
		{ID: "other", Kind: figure.Stock, Universe: "other", Identities: []figure.Identity{
			{{Factor: 1, Figure: "need"}, {Factor: -1, Figure: "other"}, {Factor: -1, Count: "plan or care"}},
			{{Factor: 1, Count: "plan or care"}, {Factor: -1, Figure: "plans"}, {Factor: -1, Count: "care alone"}},
			{{Factor: 1, Figure: "care"}, {Factor: -1, Count: "care alone"}, {Factor: -1, Count: "both"}},
			{{Factor: 1, Figure: "plans"}, {Factor: -1, Count: "both"}, {Factor: -1, Count: "plan alone"}},
		}},
		{ID: "contacts", Kind: figure.Flow, Universe: "contacts", Dimensions: []figure.Dimension{cut("outcome")}},
		{ID: "referred", Kind: figure.Flow, Unit: "%", Universe: "contacts",
			Share: &figure.Share{Figure: "contacts", Dimension: "outcome", Value: "referral"}},
		{ID: "timely", Kind: figure.Flow, Unit: "%"},
	}
	for i := range defs {
		d := &defs[i]
		d.Title, d.Counts, d.Protection, d.Version = d.ID, d.ID, figure.Child, 1
		d.Compute = func(_ context.Context, _ *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
			return w.values(d, ask)
		}
	}
	return append(defs, figure.Definition{ID: "meetings", Title: "Meetings", Counts: "Meetings.", Protection: figure.Open,
		Kind: figure.Flow, Compute: func(context.Context, *figure.Snapshot, figure.Ask) ([]figure.Value, error) {
			return []figure.Value{figure.Of(3)}, nil
		}})
}

func (w world) values(d *figure.Definition, ask figure.Ask) ([]figure.Value, error) {
	when := ask.At.String()
	if ask.At.IsZero() {
		when = ask.Period.String()
	}
	if d.Share != nil {
		counts := w[d.Share.Figure+" "+when]
		return []figure.Value{figure.Ratio(counts[[2]string{d.Share.Dimension, d.Share.Value}], counts[[2]string{}])}, nil
	}
	counts, ok := w[d.ID+" "+when]
	if !ok {
		return nil, &figure.NotHeld{Words: "it is not held"}
	}
	if of, is := counts[[2]string{"of", ""}]; is {
		return []figure.Value{figure.Ratio(counts[[2]string{}], of)}, nil
	}
	for dim, value := range ask.Where {
		return []figure.Value{figure.Of(counts[[2]string{dim, value}])}, nil
	}
	if ask.By == "" {
		return []figure.Value{figure.Of(counts[[2]string{}])}, nil
	}
	var out []figure.Value
	byCode := func(a, b [2]string) int { return strings.Compare(a[1], b[1]) }
	for _, k := range slices.SortedFunc(maps.Keys(counts), byCode) {
		if k[0] == ask.By {
			out = append(out, figure.Of(counts[k]).At(k[0], k[1]))
		}
	}
	return out, nil
}

// An ask is a figure at a time, as the tests write it: “plans by age”, “plans age=0-4”.
func parse(s string, at figure.Ask) (string, figure.Ask) {
	id, rest, _ := strings.Cut(s, " ")
	if by, ok := strings.CutPrefix(rest, "by "); ok {
		at.By = by
	} else if dim, value, ok := strings.Cut(rest, "="); ok {
		at.Where = map[string]string{dim: value}
	}
	return id, at
}

// published publishes asks, “need”, “contacts by outcome”, and gives what readers see of each.
func published(t *testing.T, w world, l *release.Ledger, asks ...string) (map[string]string, *release.Release) {
	t.Helper()
	out := map[string]string{}
	var rel *release.Release
	r := figure.NewRegistry(figure.Stores{Now: clock.System}, definitions(w)...)
	err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		c := release.Collect(s)
		each := func(from release.Answers, f func(ask string, v []release.Value, err error)) error {
			for _, a := range asks {
				text, month, _ := strings.Cut(a, " in ")
				d, err := s.Get(t.Context(), strings.Fields(text)[0])
				if err != nil {
					return err
				}
				at := day
				if d.Kind == figure.Flow {
					at = year
				}
				if month != "" {
					span, err := period.Parse(month)
					if err != nil {
						return err
					}
					at = figure.Ask{Period: span}
				}
				_, ask := parse(text, at)
				v, err := from.Ask(t.Context(), d, ask)
				f(a, v, err)
			}
			return nil
		}
		if err := each(c, func(a string, values []release.Value, err error) {
			for _, v := range values {
				if v.Definition.Protection == figure.Child && !v.Hidden() {
					t.Errorf("%s has a number before it was protected", a)
				}
			}
		}); err != nil {
			return err
		}
		var err error
		if rel, err = new(release.Door).Close(t.Context(), c, l, "test"); err != nil {
			return err
		}
		return each(rel, func(a string, values []release.Value, err error) {
			if err != nil {
				out[a] = err.Error()
				return
			}
			var words []string
			for _, v := range values {
				words = append(words, v.Shown(1))
			}
			out[a] = strings.Join(words, " ")
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, rel
}

// TestReleased is what readers see of some records.
func TestReleased(t *testing.T) {
	t.Parallel()
	plans := func() world {
		return world{}.put("plans", onDay, 100, "age", "0", 3, "age", "1", 30, "age", "2", 27, "age", "3", 40,
			"harm", "neglect", 60, "harm", "physical", 40, "ward", "North", 100, "factor", "alcohol", 60)
	}
	for name, c := range map[string]struct {
		w    world
		want map[string]string
	}{
		"a small total": {world{}.put("plans", onDay, 3),
			map[string]string{"plans": "[c]"}},
		"none": {world{}.put("plans", onDay, 0),
			map[string]string{"plans": "0"}},
		"a cut with a small part": {plans(), map[string]string{"plans": "100", "plans by age": "[c] 30 [c] 40",
			"plans by harm": "60 40"}},
		"one part of a cut": {plans(), map[string]string{"plans age=2": "[c]", "plans age=1": "30"}},
		"what is not public": {plans(), map[string]string{
			"plans by ward": "plans is about children, and is not published by ward."}},
		"what does not add up": {plans(), map[string]string{
			"plans by factor": "plans is about children, and is not published by factor."}},
		"a figure without a universe": {world{}.put("timely", "2023-24", 40, "of", "", 50),
			map[string]string{"timely": "80.0%"}},
		"a percentage of few": {world{}.put("timely", "2023-24", 3, "of", "", 50),
			map[string]string{"timely": "[c]"}},
		"a percentage over few": {world{}.put("timely", "2023-24", 0, "of", "", 3),
			map[string]string{"timely": "[c]"}},
		"all but a few, of some": {world{}.put("timely", "2023-24", 37, "of", "", 40),
			map[string]string{"timely": "[c]"}},
		"all but a few, of many": {world{}.put("timely", "2023-24", 754, "of", "", 756),
			map[string]string{"timely": "99% or more"}},
		"all of them": {world{}.put("timely", "2023-24", 756, "of", "", 756),
			map[string]string{"timely": "100.0%"}},
		"a percentage of nothing": {world{}.put("timely", "2023-24", 0, "of", "", 0),
			map[string]string{"timely": "not applicable"}},
		"a share of another figure": {world{}.put("contacts", "2023-24", 90, "outcome", "advice", 60,
			"outcome", "referral", 30),
			map[string]string{"referred": "33.3%"}},
		"a small share of another figure": {world{}.put("contacts", "2023-24", 90, "outcome", "advice", 50, "outcome", "help",
			36, "outcome", "referral", 4), map[string]string{"referred": "[c]", "contacts by outcome": "50 [c] [c]"}},
		"a share with a small rest": {world{}.put("contacts", "2023-24", 90, "outcome", "advice", 3,
			"outcome", "referral", 87),
			map[string]string{"referred": "[c]", "contacts": "90"}},
		"a share that does not agree": {world{}.put("contacts", "2023-24", 90, "outcome", "referral", 30),
			map[string]string{"referred": "The records of contacts in 2023-24 do not say of every one which outcome it is, so it " +
				"cannot be published by that."}},
		"all have one harm": {world{}.put("plans", onDay, 30, "harm", "neglect", 30), map[string]string{
			"plans": "30", "plans by harm": "Everybody whom plans counts on 31 March 2024 has the same harm. Whoever knows of a " +
				"child that it is counted would know this of the child."}},
		"what the partnership did": {world{},
			map[string]string{"meetings": "3"}},
		"what is not held": {world{},
			map[string]string{"plans": "figure plans: it is not held"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rel := published(t, c.w, release.Empty(), slices.Sorted(maps.Keys(c.want))...)
			for ask, want := range c.want {
				if got[ask] != want {
					t.Errorf("%s: %s, want %s", ask, got[ask], want)
				}
			}
			if len(rel.Refusals) > 0 {
				t.Errorf("refused: %+v", rel.Refusals)
			}
		})
	}
}

// TestWorkedOut: what readers can work out from other numbers of the release is hidden too.
func TestWorkedOut(t *testing.T) {
	t.Parallel()
	w := world{}.put("need", onDay, 2450).put("other", onDay, 1670).put("care", onDay, 777).put("plans", onDay, 3)
	got, _ := published(t, w, release.Empty(), "need", "other", "care", "plans")
	if seen := fmt.Sprint(got["need"], got["other"], got["care"], got["plans"]); strings.Count(seen, "[c]") == 1 {
		t.Errorf("the plans are what is left: %v", got)
	}
	months := []string{}
	w = world{}
	for _, m := range period.Year(2023).Span().Months() {
		n := int64(40)
		if m.From.Month == 3 {
			n = 2
		}
		w.put("contacts", m.String(), n)
		if m.From.Month != 3 {
			months = append(months, "contacts in "+m.String())
		}
	}
	w.put("contacts", "2023-24", 442)
	got, rel := published(t, w, release.Empty(), append(months, "contacts")...)
	hidden := 0
	for _, v := range got {
		hidden += strings.Count(v, "[c]")
	}
	if hidden == 0 && len(rel.Refusals) == 0 {
		t.Errorf("March is the year less eleven months: %v", got)
	}
}

// TestHeadlinesStay: a great total is not hidden for the sake of another number; that is
// refused, with the smallest change that would do.
func TestHeadlinesStay(t *testing.T) {
	t.Parallel()
	w := world{}.put("need", onDay, 2450).put("other", onDay, 1670).put("care", onDay, 777).put("plans", onDay, 3)
	_, rel := published(t, w, release.Empty(), "care", "plans", "need", "other")
	want := []string{"Children could be worked out from “care, 31 March 2024”, “plans, 31 March 2024”, " +
		"“need, 31 March 2024” and “other, 31 March 2024”, whatever is hidden.", "Take out “other, 31 March 2024”."}
	if len(rel.Refusals) != 1 || rel.Refusals[0].Words() != want[0] || rel.Refusals[0].FixWords() != want[1] {
		t.Fatalf("%+v", rel.Refusals)
	}
	plans := &figure.Definition{ID: "plans"}
	if !rel.Refusals[0].Of(plans, day) || rel.Refusals[0].Of(plans, year) {
		t.Error("it does not say which numbers are refused")
	}
	got, rel := published(t, w, release.Empty(), "care", "plans", "need")
	if len(rel.Refusals) > 0 || fmt.Sprint(got) != "map[care:777 need:2,450 plans:[c]]" {
		t.Errorf("%v %+v", got, rel.Refusals)
	}
}

// TestNoNumber: a value that was not released has none, in words, as JSON or otherwise.
func TestNoNumber(t *testing.T) {
	t.Parallel()
	var v release.Value
	if _, ok := v.Count(); ok || !v.Hidden() || v.Known() || v.Raw() != "" || v.Shown(0) != "[c]" {
		t.Error("the zero value is a number")
	}
	w := world{}.put("timely", "2023-24", 37, "of", "", 40)
	r := figure.NewRegistry(figure.Stores{Now: clock.System}, definitions(w)...)
	if err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		c := release.Collect(s)
		d, _ := s.Get(t.Context(), "timely")
		if _, err := c.Ask(t.Context(), d, year); err != nil {
			return err
		}
		rel, err := new(release.Door).Close(t.Context(), c, release.Empty(), "test")
		if err != nil {
			return err
		}
		values, err := rel.Ask(t.Context(), d, year)
		if err != nil {
			return err
		}
		b, err := json.Marshal(values)
		values[0].Definition = nil // an address has digits too
		if err != nil || !strings.Contains(string(b), `"value":null,"shown":"[c]"`) || strings.Contains(string(b), "37") ||
			strings.Contains(string(b), "numerator") || strings.Contains(fmt.Sprintf("%+v", values), "37") {
			t.Errorf("%s %v %+v", b, err, values)
		}
		if _, err := rel.Ask(t.Context(), d, figure.Ask{Period: period.Year(2022).Span()}); err == nil {
			t.Error("what was not collected is answered")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestBrokenOff: protecting that was broken off is no refusal, and not remembered as one.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	w := world{}.put("plans", onDay, 100, "age", "0", 3, "age", "1", 30, "age", "2", 27, "age", "3", 40)
	r := figure.NewRegistry(figure.Stores{Now: clock.System}, definitions(w)...)
	if err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		c, door := release.Collect(s), &release.Door{}
		d, _ := s.Get(t.Context(), "plans")
		ask := figure.Ask{At: day.At, By: "age"}
		if _, err := c.Ask(t.Context(), d, ask); err != nil {
			return err
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := door.Close(gone, c, release.Empty(), "test"); !errors.Is(err, context.Canceled) {
			t.Errorf("broken off: %v", err)
		}
		rel, err := door.Close(t.Context(), c, release.Empty(), "test")
		if err == nil && len(rel.Refusals) > 0 {
			t.Error("what was broken off is remembered as refused")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
