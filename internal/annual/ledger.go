package annual

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
)

// A ledger asks for each figure once in the course of a build, however often the
// text uses it, and remembers where it is used. Asking needs the snapshot it was
// made over; what it remembers does not.
type ledger struct {
	figures *figure.Snapshot // for definitions; numbers come from answers alone
	answers release.Answers
	release *release.Release // what answers in the second pass; nil in the first
	sources bool             // each figure is to have a page that says how it was worked out
	salt    string           // under which files are named in public
	entries map[string]*entry
	byPage  map[string]*entry
}

// An entry is the answer to one ask.
type entry struct {
	page   string // name of its page: "training.attendances-2023-24-programme-multi-agency"
	def    *figure.Definition
	ask    figure.Ask
	values []release.Value
	err    error   // what to tell the author instead
	uses   []place // chapters that show it
	own    bool    // of what a typed number may mean: it is of the report's own year
}

// A place is a chapter in which a figure is used.
type place struct{ Part, Slug, Title string }

// alone answers each ask as if nothing else were published, for pages that help an author.
type alone struct{ figures *figure.Snapshot }

// Ask implements release.Answers.
func (a alone) Ask(ctx context.Context, d *figure.Definition, ask figure.Ask) ([]release.Value, error) {
	return release.Alone(ctx, a.figures, d, ask)
}

func newLedger(s *figure.Snapshot, from release.Answers, sources bool) *ledger {
	return &ledger{figures: s, answers: from, sources: sources, entries: map[string]*entry{}, byPage: map[string]*entry{}}
}

// ownDay is the ask of a stock by its day, and any other as it is.
func ownDay(d *figure.Definition, ask figure.Ask) figure.Ask {
	if d.Kind == figure.Stock && ask.At.IsZero() {
		ask.At, ask.Period = ask.Period.To, period.Span{}
	}
	return ask
}

// asked gives what was answered before; nil when it was not asked.
func (l *ledger) asked(d *figure.Definition, ask figure.Ask) *entry {
	return l.entries[release.Key(d.ID, ownDay(d, ask))]
}

// find answers an ask, from what was asked before where it was. The error is
// only for what the author cannot fix; theirs is in the entry.
func (l *ledger) find(ctx context.Context, d *figure.Definition, ask figure.Ask) (*entry, error) {
	if e := l.asked(d, ask); e != nil {
		return e, nil
	}
	ask = ownDay(d, ask)
	key := release.Key(d.ID, ask)
	ask.Sources = l.sources
	e := &entry{def: d, ask: ask, page: l.pageName(d.ID, ask)}
	l.entries[key], l.byPage[e.page] = e, e
	values, err := l.answers.Ask(ctx, d, ask)
	var held *figure.NotHeld
	var bad *figure.BadAsk
	var refused *release.Refused
	switch {
	case errors.As(err, &refused):
		e.err = wrong(refused.Fix, "%s", refused.Words)
	case errors.As(err, &held):
		e.err = wrong("Import the records, or choose another time.", "There is no value of %s to show: %s.", d.ID,
			strings.TrimSuffix(held.Words, "."))
	case errors.As(err, &bad):
		e.err = wrong("", "%s.", lang.Sentence(strings.TrimSuffix(bad.Words, ".")))
	case err != nil:
		return nil, fmt.Errorf("compute %s: %w", d.ID, err)
	}
	for _, v := range values {
		e.values = append(e.values, v.Committed(l.salt))
	}
	if e.err == nil {
		e.err = l.refused(d, ask)
	}
	if e.err == nil {
		if err := l.spelt(ctx, e); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// refused tells an author that what an ask shows cannot be made safe, and what would do.
func (l *ledger) refused(d *figure.Definition, ask figure.Ask) error {
	if l.release == nil {
		return nil
	}
	for _, x := range l.release.Refusals {
		if x.Of(d, ask) {
			return wrong(x.FixWords(), "%s", x.Words())
		}
	}
	return nil
}

// spelt looks at what a figure was narrowed to when nothing was counted: a value
// that the records do not know is most often a slip of the keys.
func (l *ledger) spelt(ctx context.Context, e *entry) error {
	if len(e.ask.Where) == 0 || slices.ContainsFunc(e.values, counts) {
		return nil
	}
	for _, k := range slices.Sorted(maps.Keys(e.ask.Where)) {
		known, err := release.Held(ctx, l.figures, e.def.ID, e.ask, k)
		if err != nil {
			return fmt.Errorf("compute %s by %s: %w", e.def.ID, k, err)
		}
		if len(known) > 0 && !slices.Contains(known, e.ask.Where[k]) {
			e.err = wrong(fmt.Sprintf("It has %s.", lang.Join(known)), "%s has no %s “%s” %s.", e.def.ID, k, e.ask.Where[k],
				when(e.ask))
			return nil
		}
	}
	return nil
}

// counts reports whether there may be something behind a value.
func counts(v release.Value) bool {
	n, ok := v.Count()
	of, _ := v.Of()
	return !ok || n != 0 || of != 0
}

// used notes that a chapter shows the entry.
func (e *entry) used(p place) {
	if !slices.Contains(e.uses, p) {
		e.uses = append(e.uses, p)
	}
}

// one gives the value of an ask without a cut.
func (e *entry) one() release.Value { return e.values[0] }

// in lists the entries that the report shows, in order of their pages.
func (l *ledger) in() []*entry {
	var out []*entry
	for _, page := range slices.Sorted(maps.Keys(l.byPage)) {
		if e := l.byPage[page]; e.err == nil && len(e.uses) > 0 {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *entry) int { return strings.Compare(a.def.ID, b.def.ID) })
	return out
}

// others lists the entries of the same figure, narrowed in the same way, at
// other times, in order of time.
func (l *ledger) others(e *entry) []*entry {
	var out []*entry
	for _, x := range l.in() {
		if x != e && x.def.ID == e.def.ID && x.ask.By == e.ask.By && maps.Equal(x.ask.Where, e.ask.Where) {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b *entry) int { return endOf(a.ask).Compare(endOf(b.ask)) })
	return out
}

func endOf(a figure.Ask) period.Date {
	if a.At.IsZero() {
		return a.Period.To
	}
	return a.At
}

// pageName names the page of an ask.
func (l *ledger) pageName(id string, a figure.Ask) string {
	when := a.At.String()
	if a.At.IsZero() {
		when = a.Period.String()
	}
	name := pageWords(id, when, a.Where, a.By)
	if l.byPage[name] == nil && len(name) <= 120 {
		return name
	}
	// Two asks that read alike are told apart by what they are exactly.
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(release.Key(id, a))))
	return name[:min(len(name), 100)] + "-" + hash[:8]
}

// pageWords writes an ask as a name that is readable, and safe as a file's.
func pageWords(id, when string, dims map[string]string, by string) string {
	words := []string{id, strings.ReplaceAll(strings.ToLower(when), "..", "-to-")}
	for _, k := range slices.Sorted(maps.Keys(dims)) {
		words = append(words, k, Slug(dims[k]))
	}
	if by != "" {
		words = append(words, "by", by)
	}
	return strings.Join(words, "-")
}
