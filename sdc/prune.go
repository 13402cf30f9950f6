package sdc

import (
	"cmp"
	"errors"
	"slices"

	"kith/sdc/internal/exact"
)

// A pruner shows again what need not be hidden. For every hidden count it keeps a
// certificate: two sets of possible counts at which it is small enough and great
// enough. Showing a secondary spoils only the certificates in which it moves.
type pruner struct {
	s *suppressor
	b *bounder
	// by quantity
	low, high []proof
	walk      *walker
	listed    []int // the hidden quantities, in the order of the parts
}

// A proof is a value that a count can have, with the quantities that must then be
// other than they are.
type proof struct {
	value int64
	moved bitset
}

// prune shows as many secondaries as it can, dearest first. It looks at single
// counts; what connected groups give away is for the audit that follows.
func (s *suppressor) prune() error {
	defer s.renew()
	s.apply()
	defer s.undo()
	pr := s.newPruner()
	for i := range pr.b.parts {
		pt := &pr.b.parts[i]
		pt.solver = pr.b.solverAt(pt, s.base)
		for _, v := range pt.hidden {
			id := pr.b.ids[pt.unknowns[v]]
			low, high, ok, err := pr.certify(s.m, pt, v)
			if err != nil {
				return err
			}
			if !ok {
				return nil // it does not stand as it is: nothing to prune yet
			}
			pr.low[id], pr.high[id] = low, high
			pr.listed = append(pr.listed, id)
		}
	}
	var list []int
	for _, id := range s.order {
		if s.secondary[id] {
			list = append(list, id)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Compare(s.p.q[b].cost+s.jitter[b], s.p.q[a].cost+s.jitter[a])
	})
	for _, id := range list {
		if err := pr.try(id); err != nil {
			return err
		}
	}
	return nil
}

func (s *suppressor) newPruner() *pruner {
	b := newBounder(s.p, s.know)
	return &pruner{s: s, b: b, low: make([]proof, len(s.p.q)), high: make([]proof, len(s.p.q)), walk: s.newWalker(b)}
}

// dearest is how much work one question of the search may take: what is dearer to
// find out is left hidden. Large problems ask many, and each of them costs more.
func (s *suppressor) dearest() int64 {
	if len(s.ids) > mixed {
		return 1_500_000
	}
	return 4_000_000
}

// try shows one secondary if every count still stands.
func (pr *pruner) try(id int) error {
	u := pr.b.index[id]
	if u < 0 {
		return nil
	}
	pt := pr.b.partOf(u)
	v := pt.local[u]
	lo, hi := pt.sys.Lo[v], pt.sys.Hi[v]
	x := pr.s.base[id]
	pt.solver.Limit(v, x, x)
	done := false
	if pr.walk != nil {
		pr.walk.fix(u)
		defer func() {
			if !done {
				pr.walk.free(u)
			}
		}()
	}
	type renewed struct {
		id        int
		low, high proof
	}
	var fresh []renewed
	for _, other := range pr.listed {
		if other == id || !pr.s.p.q[other].isHidden() || !pr.moves(other, id) {
			continue
		}
		w := pt.local[pr.b.index[other]]
		var low, high proof
		var ok bool
		err := pr.s.m.Within(pr.s.dearest(), func(m *exact.Meter) (err error) {
			low, high, ok, err = pr.certify(m, pt, w)
			return err
		})
		if errors.Is(err, exact.ErrInfeasible) || errors.Is(err, exact.ErrTooDear) {
			ok, err = false, nil
		}
		if err != nil {
			return err
		}
		if !ok {
			pt.solver.Limit(v, lo, hi)
			return nil
		}
		fresh = append(fresh, renewed{other, low, high})
	}
	pt.sys.Lo[v], pt.sys.Hi[v] = x, x
	done = true
	pr.s.secondary[id] = false
	pr.s.p.q[id].state = shown
	for _, f := range fresh {
		pr.low[f.id], pr.high[f.id] = f.low, f.high
	}
	return nil
}

// moves says whether a count's certificate needs another to move.
func (pr *pruner) moves(id, other int) bool {
	return pr.low[id].moved.has(other) || pr.high[id].moved.has(other)
}

// A bitset is a set of quantities.
type bitset []uint64

func (b bitset) has(i int) bool { return len(b) > 0 && b[i/64]>>(i%64)&1 == 1 }
func (b bitset) add(i int)      { b[i/64] |= 1 << (i % 64) }

// certify shows that hidden unknown v of a part stands, if it does.
func (pr *pruner) certify(m *exact.Meter, pt *part, v int) (low, high proof, ok bool, err error) {
	q := &pr.s.p.q[pr.b.ids[pt.unknowns[v]]]
	least, _ := q.target()
	if err := pr.walk.tell(m, pt, v, false, least); err != nil {
		return low, high, false, err
	}
	lo, at, err := pt.solver.Extreme(m, v, false, least)
	if err != nil {
		return low, high, false, err
	}
	if lo > least && lo <= q.threshold {
		return low, high, false, nil
	}
	low = pr.proof(pt, lo, at)
	want := lo + q.values - 1
	if err := pr.walk.tell(m, pt, v, true, want); err != nil {
		return low, high, false, err
	}
	hi, at, err := pt.solver.Extreme(m, v, true, want)
	if err != nil {
		return low, high, false, err
	}
	if hi < want {
		return low, high, false, nil
	}
	if at == nil { // without end: one point that is far enough will do
		pt.solver.Limit(v, max(want, pt.sys.Lo[v]), pt.sys.Hi[v])
		at, err = pt.solver.Feasible(m)
		pt.solver.Limit(v, pt.sys.Lo[v], pt.sys.Hi[v])
		if err != nil {
			return low, high, false, err
		}
	}
	return low, pr.proof(pt, hi, at), true, nil
}

// proof notes what moves between the counts as they are and a possible point.
func (pr *pruner) proof(pt *part, value int64, at []int64) proof {
	out := proof{value: value, moved: make(bitset, (len(pr.s.base)+63)/64)}
	for w, x := range at {
		if id := pr.b.ids[pt.unknowns[w]]; id >= 0 && x != pr.s.base[id] {
			out.moved.add(id)
		}
	}
	return out
}

// solverAt makes a part's solver, and tells it of a set of counts that is possible.
func (b *bounder) solverAt(pt *part, base []int64) exact.Solver {
	s := exact.NewSolver(&pt.sys)
	point := make([]int64, len(pt.unknowns))
	for v, u := range pt.unknowns {
		id := b.ids[u]
		if id < 0 {
			return s
		}
		point[v] = base[id]
	}
	s.Known(point)
	return s
}

// partOf finds the part of an unknown.
func (b *bounder) partOf(u int) *part {
	for i := range b.parts {
		if _, ok := b.parts[i].local[u]; ok {
			return &b.parts[i]
		}
	}
	return nil
}

// dropIdle shows again the secondaries of groups in which nothing is protected.
func (s *suppressor) dropIdle() {
	defer s.renew()
	s.apply()
	defer s.undo()
	b := newBounder(s.p, s.know)
	for i := range b.parts {
		pt := &b.parts[i]
		needed := slices.ContainsFunc(pt.hidden, func(v int) bool { return !s.secondary[b.ids[pt.unknowns[v]]] })
		if needed {
			continue
		}
		for _, v := range pt.hidden {
			id := b.ids[pt.unknowns[v]]
			s.secondary[id] = false
			s.p.q[id].state = shown
		}
	}
}
