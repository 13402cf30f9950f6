package sdc

import "kith/sdc/internal/exact"

// A span is what is worked out of one quantity.
type span struct {
	lo, hi int64
	done   bool // both ends are exact, or inner is set
	inner  bool // the count can be all of these, and perhaps more
}

// A bounder works out, for a reader with some knowledge, between which whole
// numbers every unknown count must lie.
type bounder struct {
	p     *problem
	know  Knowledge
	ids   []int // unknown → quantity, -1 for the slack of a fact
	index []int // quantity → unknown, -1 where the count is known
	sys   exact.System
	parts []part
	spans []span // by quantity
	// walk is set for a publisher who looks for what to hide. For him it is enough to know
	// that a count stands: its span is then as wide as it need be.
	walk *walker
	// patient are the quantities of which more work is to tell what could not be told.
	patient map[int]bool
	// stands says that the spans are for the rule of quantity.stands, which a count can
	// keep without that its ends are known.
	stands bool
	tables []*boxer // made when they are first needed
}

// A part is a set of unknowns that equations connect, apart from all others.
type part struct {
	unknowns []int // in the whole system
	local    map[int]int
	sys      exact.System
	hidden   []int // local numbers of the hidden counts
	// small are the local numbers of the counts for whose sake the part may be
	// hidden: the hidden ones, and those that are printed nowhere.
	small  []int
	solver exact.Solver
}

// newBounder makes the system of what the reader knows.
func newBounder(p *problem, know Knowledge) *bounder {
	return newBounderOf(p, know, func(q *quantity) (lo, hi int64) { return p.bounds(q, know) })
}

// newBounderOf makes the system from what the reader knows of each count.
func newBounderOf(p *problem, know Knowledge, bounds func(q *quantity) (lo, hi int64)) *bounder {
	b := &bounder{p: p, know: know, index: make([]int, len(p.q)), spans: make([]span, len(p.q))}
	for id := range p.q {
		lo, hi := bounds(&p.q[id])
		b.index[id] = -1
		b.spans[id] = span{lo: lo, hi: hi, done: lo == hi}
		if lo == hi {
			continue
		}
		b.index[id] = len(b.ids)
		b.unknown(id, lo, hi)
	}
	for _, e := range p.eqs {
		b.equation(e)
	}
	if know >= K5 || p.printedFacts {
		for _, f := range p.facts {
			b.fact(f)
		}
	}
	b.dropFree()
	b.split()
	return b
}

func (b *bounder) unknown(id int, lo, hi int64) {
	b.ids = append(b.ids, id)
	b.sys.Lo = append(b.sys.Lo, lo)
	b.sys.Hi = append(b.sys.Hi, hi)
}

// equation puts an equation in with what is known taken to the other side.
func (b *bounder) equation(e exact.Equation) {
	out := exact.Equation{RHS: e.RHS, Redundant: e.Redundant}
	for _, t := range e.Terms {
		if u := b.index[t.V]; u >= 0 {
			out.Terms = append(out.Terms, exact.Term{V: u, C: t.C})
		} else {
			out.RHS -= t.C * b.spans[t.V].lo
		}
	}
	if len(out.Terms) > 0 || out.RHS != 0 {
		b.sys.Eqs = append(b.sys.Eqs, out)
	}
}

// fact puts in that some counts add up to a number between two limits, as an
// equation with a slack.
func (b *bounder) fact(f boundFact) {
	slack := len(b.ids)
	b.unknown(-1, f.lo, f.hi)
	n := len(b.sys.Eqs)
	b.equation(exact.Equation{Terms: f.terms})
	if len(b.sys.Eqs) == n { // every count in it is known
		b.sys.Eqs = append(b.sys.Eqs, exact.Equation{})
	}
	e := &b.sys.Eqs[n]
	e.Terms = append(e.Terms, exact.Term{V: slack, C: -1})
}

// dropFree leaves out totals that nobody prints and that stand in one equation
// only: such an equation says no more than that a sum of counts is not negative.
func (b *bounder) dropFree() {
	where := make([]int, len(b.ids))
	for _, e := range b.sys.Eqs {
		for _, t := range e.Terms {
			where[t.V]++
		}
	}
	for changed := true; changed; {
		changed = false
		kept := b.sys.Eqs[:0]
		for _, e := range b.sys.Eqs {
			if !e.Redundant && b.saysNothing(e, where) {
				for _, t := range e.Terms {
					where[t.V]--
				}
				changed = true
				continue
			}
			kept = append(kept, e)
		}
		b.sys.Eqs = kept
	}
}

// saysNothing says whether an equation only defines a count that stands nowhere
// else and is printed nowhere.
func (b *bounder) saysNothing(e exact.Equation, where []int) bool {
	for _, t := range e.Terms {
		id := b.ids[t.V]
		if id < 0 || where[t.V] != 1 || t.C != -1 || b.sys.Hi[t.V] != unbounded || b.sys.Lo[t.V] != 0 {
			continue
		}
		if q := &b.p.q[id]; q.state != absent || q.prior != absent || q.unprinted() {
			continue // its own span is asked for
		}
		least := -e.RHS
		for _, o := range e.Terms {
			if o.V == t.V {
				continue
			}
			if o.C < 0 {
				least = -1
				break
			}
			least += o.C * b.sys.Lo[o.V]
		}
		if least >= 0 {
			return true
		}
	}
	return false
}

// split finds the parts.
func (b *bounder) split() {
	up := make([]int, len(b.ids))
	for i := range up {
		up[i] = i
	}
	find := func(i int) int {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	for _, e := range b.sys.Eqs {
		for _, t := range e.Terms {
			up[find(t.V)] = find(e.Terms[0].V)
		}
	}
	number := map[int]int{}
	for u := range b.ids {
		root := find(u)
		n, ok := number[root]
		if !ok {
			n = len(b.parts)
			number[root] = n
			b.parts = append(b.parts, part{local: map[int]int{}})
		}
		pt := &b.parts[n]
		local := len(pt.unknowns)
		pt.local[u] = local
		pt.unknowns = append(pt.unknowns, u)
		pt.sys.Lo = append(pt.sys.Lo, b.sys.Lo[u])
		pt.sys.Hi = append(pt.sys.Hi, b.sys.Hi[u])
		if id := b.ids[u]; id >= 0 {
			if b.p.q[id].isHidden() {
				pt.hidden = append(pt.hidden, local)
			}
			if b.p.q[id].isHidden() || b.p.q[id].unprinted() {
				pt.small = append(pt.small, local)
			}
		}
	}
	for _, e := range b.sys.Eqs {
		if len(e.Terms) == 0 {
			b.parts = append(b.parts, part{sys: exact.System{Eqs: []exact.Equation{e}}})
			continue
		}
		pt := &b.parts[number[find(e.Terms[0].V)]]
		local := exact.Equation{RHS: e.RHS, Redundant: e.Redundant}
		for _, t := range e.Terms {
			local.Terms = append(local.Terms, exact.Term{V: pt.local[t.V], C: t.C})
		}
		pt.sys.Eqs = append(pt.sys.Eqs, local)
	}
}

// isHidden says whether a symbol stands for the count, now or earlier.
func (q *quantity) isHidden() bool {
	return q.state == hidden || q.prior == hidden && q.state != shown
}

// unprinted says whether a count is no sum of others that are printed, and so may
// itself need protection though it is printed nowhere.
func (q *quantity) unprinted() bool {
	return q.state == absent && q.prior == absent && q.totals == 0
}

// all works out every span.
func (b *bounder) all(m *exact.Meter) ([]span, error) {
	for i := range b.parts {
		if err := b.bound(m, &b.parts[i]); err != nil {
			return b.spans, err
		}
	}
	if b.know >= K4 {
		return b.spans, b.insiders(m)
	}
	return b.spans, nil
}

// bound works out the spans of one part.
func (b *bounder) bound(m *exact.Meter, pt *part) error {
	pt.solver = exact.NewSolver(&pt.sys)
	if b.walk != nil {
		pt.solver = b.solverAt(pt, b.walk.base)
	}
	s := &prober{part: pt, b: b, seenLo: make([]int64, len(pt.unknowns)), seenHi: make([]int64, len(pt.unknowns))}
	first, err := pt.solver.Feasible(m)
	if err != nil {
		return err
	}
	copy(s.seenLo, first)
	copy(s.seenHi, first)
	s.first = first
	if err := s.start(m); err != nil {
		return err
	}
	return s.ends(m)
}
