package sdc

import (
	"cmp"
	"slices"
)

// canonical puts the quantities in an order that does not depend on how rows are
// sorted or what codes are called: counts that differ in anything a table shows
// of them (their size, their cost, their neighbours in each sum) come in a fixed
// order; only true twins keep the order in which they were read.
func (p *problem) canonical() []int {
	colour, sizes := make([]uint64, len(p.q)), make([]int64, len(p.q))
	for i := range p.q {
		q := &p.q[i]
		size, lo, hi := q.truth, q.lo, q.hi
		if p.blind {
			size, lo, hi = q.blindSize(), 0, 0
		}
		sizes[i] = size
		h := mix(uint64(size) + 7)
		for _, x := range []int64{int64(q.state), int64(q.prior), lo, hi, q.cost, int64(q.totals), int64(q.top),
			int64(q.dims), q.floor} {
			h = mix(h ^ uint64(x))
		}
		if q.keep {
			h = mix(h + 1)
		}
		colour[i] = h
	}
	next := make([]uint64, len(p.q))
	for range 4 {
		copy(next, colour)
		for _, e := range p.eqs {
			sum := mix(uint64(e.RHS))
			for _, t := range e.Terms {
				sum += mix(colour[t.V] ^ uint64(t.C)<<1)
			}
			for _, t := range e.Terms {
				next[t.V] += mix(sum ^ mix(uint64(t.C)))
			}
		}
		for i := range colour {
			colour[i] = mix(next[i])
		}
	}
	order := make([]int, len(p.q))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(sizes[a], sizes[b]), cmp.Compare(colour[a], colour[b]))
	})
	return order
}

// blindSize is all that a blind choice sees of a count: its size where it stands on
// the margin of its table, which is seldom hidden; else whether it is none, small or
// more.
func (q *quantity) blindSize() int64 {
	switch {
	case q.truth == 0:
		return 0
	case q.top >= q.dims-1:
		return q.truth
	case q.truth <= q.threshold:
		return 1
	}
	return 2
}

// mix spreads the bits of a number (the finaliser of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
