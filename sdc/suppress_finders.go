package sdc

import "kith/sdc/internal/exact"

// mixed is the size up to which linear programming is tried for every move.
const mixed = 220

// fixed says whether a count can be nothing else for the reader, whatever is
// hidden: none, where zeros are shown, or printed exactly before.
func (s *suppressor) fixed(id int) bool {
	q := &s.p.q[id]
	before := q.prior == shown && s.know >= K3 && q.priorLo == q.priorHi
	return before || s.base[id] == 0 && q.state == shown
}

// finders picks the methods for the search: shortest paths in a network, else boxes
// in each table; in a small problem linear programming as well, which often finds
// better.
func (s *suppressor) finders(sys *exact.System) []exact.Mover {
	if f, ok := exact.NewPaths(sys); ok {
		return []exact.Mover{f}
	}
	box := s.boxes(sys)
	if len(s.ids) > mixed {
		return []exact.Mover{box}
	}
	return []exact.Mover{exact.NewMixture(sys), box}
}

// boxes prepares the tables for the search by boxes.
func (s *suppressor) boxes(sys *exact.System) *boxes {
	return &boxes{sys: sys, tables: s.p.boxers(s.index, len(s.ids))}
}

// boxers prepares each table for a search by boxes over unknowns that index gives by
// quantity: those that no other table has, and no identity ties.
func (p *problem) boxers(of []int, unknowns int) []*boxer {
	uses := make([]int, len(p.q))
	for _, f := range p.grids {
		for _, id := range f.ids {
			if id >= 0 {
				uses[id]++
			}
		}
	}
	for _, e := range p.ties {
		for _, t := range e.Terms {
			uses[t.V] = 2
		}
	}
	var out []*boxer
	for i := range p.grids {
		f := &p.grids[i]
		index, some := make([]int, len(f.ids)), false
		for at, id := range f.ids {
			index[at] = -1
			if id >= 0 && uses[id] == 1 {
				index[at] = of[id]
				some = some || of[id] >= 0
			}
		}
		if !some {
			continue // nothing of it can move
		}
		if f.ways == nil {
			f.ways = f.g.allWays()
		}
		out = append(out, newBoxer(f.g, f.ways, index, unknowns))
	}
	return out
}
