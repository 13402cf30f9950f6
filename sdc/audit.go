package sdc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kith/sdc/internal/exact"
)

// Verdict is what an attacker can work out about one hidden count, or about one
// that is not printed at all.
type Verdict struct {
	// Table and Cell say where it stands in the release; both are -1 for a count
	// that the release does not print.
	Table, Cell int
	// Label names it for people.
	Label string
	// Low and High are the tightest whole numbers between which it must lie: its
	// feasibility interval. High is Unlimited when there is no upper end.
	Low, High int64
	// Stands says that the interval is as wide as the profile asks.
	Stands bool
	// AtLeast says that it can be all of Low to High, and perhaps more: to work out the
	// very ends took more work than is spent on a count that stands.
	AtLeast bool
	// Earlier says that the count was hidden in an earlier release.
	Earlier bool

	key string // of its quantity
}

// An Audit is the judgement of a release from what is printed alone: no true
// value is in it or was used for it. As JSON it is the record to keep.
type Audit struct {
	Profile string    `json:"profile"`
	Version string    `json:"version"`
	Know    Knowledge `json:"know"`
	// Stands is true only when everything was judged and every count stands.
	Stands bool `json:"stands"`
	// Stopped says that the budget or the context ended the work early; the
	// release is then not shown safe.
	Stopped bool `json:"stopped"`
	// Cells are the hidden counts of the release, in its order.
	Cells []Verdict `json:"cells"`
	// Derived are counts that are not printed, or only rounded, and can be worked
	// out too closely; and earlier hidden ones that this release gives away.
	Derived []Verdict `json:"derived"`
	// Work is how much of the budget was used.
	Work int64 `json:"work"`
}

// MarshalText writes the attacker's name, for records.
func (k Knowledge) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalJSON writes the record of one count: where it stands, its interval (high is
// null when there is no upper end), whether it stands, and whether it may be wider.
func (j Verdict) MarshalJSON() ([]byte, error) {
	var high *int64
	if j.High != Unlimited {
		high = &j.High
	}
	return json.Marshal(struct {
		Table   int    `json:"table"`
		Cell    int    `json:"cell"`
		Label   string `json:"label"`
		Low     int64  `json:"low"`
		High    *int64 `json:"high"`
		Stands  bool   `json:"stands"`
		AtLeast bool   `json:"at_least,omitempty"`
		Earlier bool   `json:"earlier,omitempty"`
	}{j.Table, j.Cell, j.Label, j.Low, high, j.Stands, j.AtLeast, j.Earlier})
}

// Options say how a release is to be judged or protected.
type Options struct {
	Profile Profile
	// Know is the attacker; the zero value is K2, or K3 with a ledger, and sees the
	// facts of the release as well.
	Know Knowledge
	// Ledger is everything released before, or nil.
	Ledger *Ledger
	// Budget bounds the work, in steps of about one arithmetic operation; 0 means
	// DefaultBudget.
	Budget int64
	// Progress, if it is not nil, is called many times a second while there is work, with
	// the steps that were taken by then, and the budget.
	Progress func(steps, budget int64)
}

// DefaultBudget is enough for a table of thousands of cells; it takes a minute or
// so to use up.
const DefaultBudget = 60_000_000_000

func (o *Options) know() Knowledge {
	if o.Know != Usual {
		return o.Know
	}
	if o.Ledger != nil {
		return K3
	}
	return K2
}

func (o *Options) ledger() *Ledger {
	if o.know() < K3 {
		return nil
	}
	return o.Ledger
}

func (o *Options) meter(ctx context.Context) *exact.Meter {
	budget := o.Budget
	if budget <= 0 {
		budget = DefaultBudget
	}
	m := exact.NewMeter(ctx, budget)
	m.Watch(o.Progress)
	return m
}

// Attack works out, from a release as it is printed, the tightest whole-number
// interval of every hidden count, and says whether the release stands. It returns
// a *TableError error when no counts can be behind the numbers, and an *EarlierRounding
// error when the ledger has some of the counts as rounded ones. When the work is
// stopped early the audit says so and does not stand; that is not an error.
func Attack(ctx context.Context, r Release, o Options) (*Audit, error) {
	if err := o.Profile.Validate(); err != nil {
		return nil, err
	}
	if err := roundedBefore(&r, o.ledger()); err != nil {
		return nil, err
	}
	m := o.meter(ctx)
	var bad *TableError
	a, err := attack(m, r, &o, false)
	if errors.As(err, &bad) && (o.Ledger != nil || len(r.Tables) > 1) {
		// Perhaps categories are left out that hidden counts do not betray.
		if other, err := attack(m, r, &o, true); err == nil {
			return other, nil
		}
	}
	return a, err
}

// attack is Attack; suppose says that a table whose categories may not be all there
// are leaves some out.
func attack(m *exact.Meter, r Release, o *Options, suppose bool) (*Audit, error) {
	p, err := newProblemWhere(&r, &o.Profile, o.ledger(), false, func(_ tableDim, seen coverage) bool {
		return seen == partial || suppose && seen == untold
	})
	if err != nil {
		return nil, err
	}
	if err := p.canAddUp(o.know()); err != nil {
		return nil, err
	}
	p.printedFacts = o.Know == Usual
	a, err := p.audit(m, o.know())
	if err != nil || !a.blames(a.Derived) {
		return a, err
	}
	return a, p.forgive(m, a, o)
}

func (a *Audit) blames(list []Verdict) bool {
	for _, j := range list {
		if j.Earlier && !j.Stands {
			return true
		}
	}
	return false
}

// audit judges a problem as an attacker sees it.
func (p *problem) audit(m *exact.Meter, know Knowledge) (*Audit, error) {
	a := &Audit{Profile: p.profile.Name, Version: p.profile.Version, Know: know}
	start := m.Left()
	b, err := p.spans(m, know)
	a.Work = start - m.Left()
	switch {
	case errors.Is(err, ErrStopped):
		a.Stopped = true
	case errors.Is(err, exact.ErrInfeasible):
		return nil, &TableError{Cell: -1, Words: "no whole numbers can stand behind the hidden counts: a total is less " +
			"than its shown parts, or a zero is hidden where zeros are shown"}
	case err != nil:
		return nil, err
	}
	a.Stands = !a.Stopped
	p.report(a, b)
	return a, nil
}

// spans works out what the attacker can know of every quantity.
func (p *problem) spans(m *exact.Meter, know Knowledge) ([]span, error) {
	return p.spansOf(m, newBounder(p, know))
}

// spansOf is spans for a bounder that is made already.
func (p *problem) spansOf(m *exact.Meter, b *bounder) ([]span, error) {
	b.stands = b.know < K4 // who is inside is asked about the very ends
	spans, err := b.all(m)
	if err != nil {
		return spans, err
	}
	return spans, p.leastByZeros(m, spans)
}

// report fills an audit from what was worked out.
func (p *problem) report(a *Audit, b []span) {
	p.eachPlace(func(pl spot, id int) {
		if p.release.Tables[pl.table].Cells[pl.cell].Hidden {
			a.Cells = append(a.Cells, p.judge(id, pl, b[id]))
		}
	})
	for id := range p.q {
		q := &p.q[id]
		if q.state == hidden || !b[id].done && !a.Stopped {
			continue
		}
		if j := p.judge(id, spot{-1, -1}, b[id]); !j.Stands && b[id].done {
			if len(q.places) > 0 {
				j.Table, j.Cell = q.places[0].table, q.places[0].cell
			}
			a.Derived = append(a.Derived, j)
		}
	}
	for _, list := range [][]Verdict{a.Cells, a.Derived} {
		for _, j := range list {
			a.Stands = a.Stands && j.Stands
		}
	}
}

// eachPlace calls f for every cell of the release, in its order.
func (p *problem) eachPlace(f func(pl spot, id int)) {
	at := map[spot]int{}
	for id := range p.q {
		for _, pl := range p.q[id].places {
			at[pl] = id
		}
	}
	for t := range p.release.Tables {
		for c := range p.release.Tables[t].Cells {
			if id, ok := at[spot{t, c}]; ok {
				f(spot{t, c}, id)
			}
		}
	}
}

func (p *problem) judge(id int, pl spot, s span) Verdict {
	q := &p.q[id]
	j := Verdict{Table: pl.table, Cell: pl.cell, Label: q.label, Low: s.lo, High: s.hi, AtLeast: s.inner, key: q.key}
	j.Stands = s.done && q.stands(s.lo, s.hi)
	if pl.table >= 0 && q.state == shown {
		j.Stands = false // hidden here and printed elsewhere
	}
	j.Earlier = len(q.places) == 0 && q.prior == hidden
	return j
}

// stands is the rule of protection. It looks at nothing but what a reader can
// know, so that the judgement itself gives nothing away:
//
//   - a hidden count must be able to be as many whole numbers as the profile's
//     protection interval has; and when it can be small at all, it must be able to
//     be as small as anything that is hidden (for a total, as the number of its
//     parts that are not none).
//   - a count that is not printed, or only rounded, must not be known to be one of
//     a few small numbers.
func (q *quantity) stands(lo, hi int64) bool {
	wide := hi == unbounded || hi-lo >= q.values-1
	if q.state == hidden || q.prior == hidden && q.state == absent {
		return wide && (lo > q.threshold || lo <= max(q.floor, q.parts))
	}
	printed := q.state == shown && q.lo == q.hi
	before := q.prior == shown && lo <= q.priorLo && hi >= q.priorHi // nothing is learnt of it
	return wide || lo > q.small || hi < 1 || printed || before
}

// forgive takes back the blame for earlier counts that were given away already
// before this release.
func (p *problem) forgive(m *exact.Meter, a *Audit, o *Options) error {
	if o.Ledger == nil || a.Stopped {
		return nil
	}
	before, err := newProblem(&Release{}, &o.Profile, &Ledger{entries: related(p.release, o.Ledger)}, false)
	if err != nil {
		return err
	}
	before.printedFacts = p.printedFacts
	spans, err := before.spans(m, a.Know)
	if err != nil && !errors.Is(err, ErrStopped) {
		return fmt.Errorf("what was released before: %w", err)
	}
	if err != nil {
		a.Stopped, a.Stands = true, false
		return nil
	}
	kept := a.Derived[:0]
	for _, j := range a.Derived {
		if j.Earlier && before.was(j, spans) {
			continue
		}
		kept = append(kept, j)
	}
	a.Derived = kept
	a.Stands = len(kept) == 0
	for _, j := range a.Cells {
		a.Stands = a.Stands && j.Stands
	}
	return nil
}

// was says whether an earlier hidden count was known as closely before.
func (p *problem) was(j Verdict, spans []span) bool {
	id, ok := p.byKey[j.key]
	if !ok {
		return false
	}
	s := spans[id]
	return p.q[id].prior == hidden && s.done && !s.inner && s.lo >= j.Low && s.hi <= j.High
}
