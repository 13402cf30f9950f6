package sdc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/sdc/internal/exact"
	"kith/sdc/internal/input"
)

// A Rounding is a release with every count rounded, or the reason why that could
// not be done.
type Rounding struct {
	// Safe is true only when the printed counts add up and the audit of what is
	// printed stands.
	Safe bool
	// Released is the release as it may be printed: every count a multiple of Base,
	// every total the sum of its parts. It has no tables when no rounding was found.
	// When Safe is false it must not be published.
	Released Release
	// Base is what every printed count is a multiple of.
	Base int64
	// Distance is what a reader is told of the rounding: a printed count is less
	// than this away from the true one. It is Base where that can be; then counts
	// that are multiples of Base are printed as they are. Else it is Base+1 (such
	// counts may also move, by Base), or 2·Base.
	Distance int64
	// Nearest says that no other rounding within Distance is nearer to the true
	// counts in sum. Where the budget did not suffice to show that, it is the best
	// that was found.
	Nearest bool
	// Audit is the attacker's view of Released; its Cells are all printed counts.
	Audit *Audit
	// Stopped says that the budget or the context ended the work early; the release
	// is then not Safe.
	Stopped bool
	// Words say how the counts are rounded, or why the release is not safe and what
	// would help. They tell nothing that is not printed.
	Words string
}

// Round rounds every count of a release to a multiple of base (2 to 100), so that
// all totals still are the sum of their parts, in every table and between linked
// ones. Of all such roundings it takes one that is nearest to the true counts in
// sum. The counts of r are true ones, and none may be Hidden.
//
// In one table of two dimensions there always is a rounding that moves each count
// by less than the base and leaves multiples of the base alone. In more dimensions
// and in linked tables there may be none; Distance then says how far counts moved.
//
// The result is Safe when AttackRounded finds that it stands. That judgement is of a
// reader who takes each printed number to be anywhere within the distance. Of one
// who knows besides that this is a nearest rounding, and tries which true counts
// would have led to it, it says nothing.
//
// It returns a *TableError error when the tables are none. A release that cannot be
// made safe by rounding is no error: the result then is not Safe and says why.
func Round(ctx context.Context, r Release, base int64, o Options) (*Rounding, error) {
	if err := o.Profile.Validate(); err != nil {
		return nil, err
	}
	if err := checkRounding(&r, base, base); err != nil {
		return nil, err
	}
	p, err := newProblem(&r, &o.Profile, nil, true)
	if err != nil {
		return nil, err
	}
	partly := p.partly
	if o.ledger() != nil { // see that it does not contradict what was released before
		all, err := newProblem(&r, &o.Profile, o.ledger(), true)
		if err != nil {
			return nil, err
		}
		partly = all.partly
	}
	x := &rounder{p: p, base: base, times: make([]int64, len(p.q))}
	if err := x.fits(); err != nil {
		return nil, err
	}
	m := o.meter(ctx)
	res := &Rounding{Base: base}
	if err := x.run(m, res); err != nil {
		return nil, err
	}
	if res.Words != "" {
		return res, nil
	}
	x.release(res, &r)
	return res, res.judge(m, &o, partly)
}

// The least and greatest base.
const (
	leastBase    = 2
	greatestBase = 100
)

// checkRounding refuses what cannot be rounded, or be a rounded release.
func checkRounding(r *Release, base, distance int64) error {
	if base < leastBase || base > greatestBase {
		return input.Refusal(fmt.Sprintf(
			"counts cannot be rounded to base %d here; use %d to %d, as a rule 3, 5 or 10", base, leastBase, greatestBase))
	}
	if distance < 1 || distance > 2*base {
		return input.Refusal(fmt.Sprintf("a distance of %d does not go with base %d; use 1 to %d", distance, base, 2*base))
	}
	for t := range r.Tables {
		table := &r.Tables[t]
		for c := range table.Cells {
			cell := &table.Cells[c]
			switch {
			case cell.Hidden:
				return tableError(table, c, "%s is hidden; a release is protected by hiding counts or by rounding them, "+
					"so give every count", table.Label(cell.Codes))
			case cell.Largest > 0 || cell.Contributors > 0:
				return tableError(table, c, "%s has contributions, and what a contributor knows of rounded counts is not "+
					"judged; hide counts instead, or leave the contributions out", table.Label(cell.Codes))
			}
		}
	}
	return nil
}

// A rounder looks for how many times the base each count is to be printed as.
type rounder struct {
	p          *problem // with true counts
	base       int64
	distance   int64
	times      []int64 // by quantity
	nearest    bool
	unfinished bool // at some distance the search was stopped
}

// run tries one distance after the other.
func (x *rounder) run(m *exact.Meter, res *Rounding) error {
	for _, e := range x.p.eqs {
		if e.RHS%x.base != 0 {
			res.Words = fmt.Sprintf("An identity between the counts has the sum %d, which multiples of %d cannot add up to; "+
				"leave the identity out, or hide small counts instead of rounding.", e.RHS, x.base)
			return nil
		}
	}
	for _, x.distance = range []int64{x.base, x.base + 1, 2 * x.base} {
		err := x.within(m)
		switch {
		case err == nil:
			res.Distance, res.Nearest = x.distance, x.nearest
			return nil
		case errors.Is(err, ErrStopped):
			x.unfinished = true
		case !errors.Is(err, exact.ErrInfeasible):
			return err
		}
		if m.Left() <= 0 || m.Cancelled() {
			break
		}
	}
	res.Stopped = x.unfinished
	res.Words = fmt.Sprintf("There is no rounding to multiples of %d that moves every count by less than %d and keeps "+
		"all sums; take another base, or hide small counts instead.", x.base, 2*x.base)
	if res.Stopped {
		res.Words = fmt.Sprintf("The work was stopped before a rounding to multiples of %d was found that keeps all sums; "+
			"give it a greater budget, or fewer tables at once.", x.base)
	}
	return nil
}

// fits refuses counts that are too large to be worked with.
func (x *rounder) fits() error {
	for i := range x.p.q {
		if q := &x.p.q[i]; q.known && q.truth >= exact.Largest {
			return x.p.at(q, "the count for %s is too large to be rounded here", q.label)
		}
	}
	most := func(v int) int64 { return x.p.q[v].truth/x.base + 3 }
	for _, e := range x.p.eqs {
		if !exact.SumFits(e.Terms, most) {
			return fmt.Errorf("the counts that must add up are too large to be rounded: %w", exact.ErrTooLarge)
		}
	}
	return nil
}

// limits are the least and greatest number of times the base that a count may be
// printed as.
func (x *rounder) limits(truth int64) (lo, hi int64) {
	if truth >= x.distance {
		lo = (truth-x.distance)/x.base + 1
	}
	return lo, (truth + x.distance - 1) / x.base
}

// scaled is the problem of the numbers of times: the same equations, with the
// limits that the distance sets. A count that no table prints may be anything, but
// what printed categories leave out must stay something, so that a reader is not
// led to think that they leave out nobody.
func (x *rounder) scaled() *problem {
	out := *x.p
	out.q = slices.Clone(x.p.q)
	out.eqs = slices.Clone(x.p.eqs)
	for i := range out.q {
		q := &out.q[i]
		switch {
		case len(q.places) > 0:
			q.state = shown
			q.lo, q.hi = x.limits(q.truth)
		case q.known && q.truth > 0 && strings.Contains(q.key, otherCode):
			q.state, q.lo, q.hi = shown, 1, unbounded
		default:
			q.state = absent
		}
	}
	for i := range out.eqs {
		out.eqs[i].RHS /= x.base
	}
	return &out
}

// within finds the numbers of times within the distance. exact.ErrInfeasible when there
// are none. It takes up to a few seconds to find the nearest; then any that is
// near will do, and where that is hard to find too, it takes longer.
func (x *rounder) within(m *exact.Meter) error {
	err := m.Share(32, x.search)
	if errors.Is(err, ErrStopped) && !m.Cancelled() {
		err = m.Share(16, x.nudge)
	}
	if errors.Is(err, ErrStopped) && !m.Cancelled() {
		err = m.Share(8, x.search)
	}
	return err
}

// search finds the nearest numbers of times.
func (x *rounder) search(m *exact.Meter) error {
	b := newBounder(x.scaled(), K0)
	for id, u := range b.index {
		if u < 0 {
			x.times[id] = b.spans[id].lo
		}
	}
	x.nearest = true
	for i := range b.parts {
		pt := &b.parts[i]
		if len(pt.unknowns) == 0 {
			return exact.ErrInfeasible // counts that must stay as they are do not add up
		}
		if err := x.solve(m, b, pt); err != nil {
			return err
		}
	}
	return nil
}

// A segment is a stretch over which the distance from the true count changes
// evenly: by cost for each base that the printed count rises.
type segment struct{ length, cost int64 }

// segments are the stretches between the limits of a count: down to the multiple
// below, on to the one above, and further up. Each costs more than the one before
// it, so that the cheapest way takes them in this order.
func (x *rounder) segments(q *quantity, lo, hi int64) []segment {
	if len(q.places) == 0 {
		if hi != unbounded {
			hi -= lo
		}
		return []segment{{hi, 0}}
	}
	below, rest := q.truth/x.base, q.truth%x.base
	var out []segment
	if lo < below {
		out = append(out, segment{below - lo, -x.base})
	}
	if max(lo, below) == below && below < hi {
		out = append(out, segment{1, x.base - 2*rest})
	}
	if below+1 < hi {
		out = append(out, segment{hi - below - 1, x.base})
	}
	return out
}

// unfold gives the system of a part in segments: each unknown is its lower limit
// and what is taken of its segments.
func (x *rounder) unfold(b *bounder, pt *part) (sys *exact.System, cost []int64, owner []int) {
	sys = &exact.System{}
	first := make([]int, len(pt.unknowns)+1)
	for v, u := range pt.unknowns {
		for _, s := range x.segments(&x.p.q[b.ids[u]], pt.sys.Lo[v], pt.sys.Hi[v]) {
			sys.Lo, sys.Hi = append(sys.Lo, 0), append(sys.Hi, s.length)
			cost, owner = append(cost, s.cost), append(owner, v)
		}
		first[v+1] = len(cost)
	}
	for _, e := range pt.sys.Eqs {
		if e.Redundant {
			continue
		}
		out := exact.Equation{RHS: e.RHS}
		for _, t := range e.Terms {
			out.RHS -= t.C * pt.sys.Lo[t.V]
			for s := first[t.V]; s < first[t.V+1]; s++ {
				out.Terms = append(out.Terms, exact.Term{V: s, C: t.C})
			}
		}
		sys.Eqs = append(sys.Eqs, out)
	}
	return sys, cost, owner
}

// solve finds the numbers of times of one part of the problem.
func (x *rounder) solve(m *exact.Meter, b *bounder, pt *part) error {
	sys, cost, owner := x.unfold(b, pt)
	point, nearest, err := exact.LeastSum(m, sys, cost)
	if err != nil {
		return err
	}
	x.nearest = x.nearest && nearest
	for v, u := range pt.unknowns {
		x.times[b.ids[u]] = pt.sys.Lo[v]
	}
	for s, v := range owner {
		x.times[b.ids[pt.unknowns[v]]] += point[s]
	}
	return nil
}

// release makes the tables as they are printed.
func (x *rounder) release(res *Rounding, r *Release) {
	out := Release{Name: r.Name, Identities: r.Identities, Facts: r.Facts}
	for _, table := range r.Tables {
		cells := make([]Cell, len(table.Cells))
		for c := range cells {
			cells[c] = Cell{Codes: slices.Clone(table.Cells[c].Codes), Keep: table.Cells[c].Keep}
		}
		table.Cells = cells
		out.Tables = append(out.Tables, table)
	}
	x.p.eachPlace(func(pl spot, id int) {
		out.Tables[pl.table].Cells[pl.cell].Count = x.times[id] * x.base
	})
	res.Released = out
}

// judge sees that what is to be printed adds up, and attacks it as somebody who knows
// which tables leave categories out.
func (res *Rounding) judge(m *exact.Meter, o *Options, partly map[tableDim]bool) error {
	plain := o.Profile
	plain.Base = 0
	if _, err := newProblem(&res.Released, &plain, nil, true); err != nil {
		return fmt.Errorf("the rounded counts do not add up: %w", err)
	}
	var err error
	knows := func(at tableDim, _ coverage) bool { return partly[at] }
	res.Audit, err = attackRounded(m, &res.Released, res.Base, res.Distance, o, knows)
	if err != nil {
		return err
	}
	res.Stopped = res.Audit.Stopped
	res.Safe = res.Audit.Stands
	res.Words = res.words(&o.Profile)
	return nil
}

// words says what readers may be told, or what is wrong.
func (res *Rounding) words(profile *Profile) string {
	if res.Stopped {
		return "The work was stopped before the rounded counts were shown safe; give it a greater budget, or fewer tables " +
			"at once."
	}
	if res.Safe {
		return fmt.Sprintf("Every count is rounded to a multiple of %d and is less than %d away from the true one. Totals "+
			"are the sums of the printed counts.", res.Base, res.Distance)
	}
	words := "The rounded counts do not stand."
	for _, list := range [][]Verdict{res.Audit.Cells, res.Audit.Derived} {
		for _, j := range list {
			if !j.Stands {
				return words + fmt.Sprintf(" For one, %s can only be %s, where profile %q asks for %d numbers at least; take a "+
					"greater base, or hide small counts instead.", j.Label, interval(j.Low, j.High), profile.Name, profile.Values)
			}
		}
	}
	return words
}
