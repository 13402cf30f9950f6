package sdc

import (
	"slices"
	"testing"
)

// TestJudgesAreRight tries the outside judges, and the form in which they are
// asked, against counting all possibilities of tiny systems.
func TestJudgesAreRight(t *testing.T) {
	var asks []judgeAsk
	var want []judgeSpan
	var linear []bool
	for k := 0; len(want) < 150; k++ {
		m := makeRelease(k)
		r := m.hideNaively()
		m.showNeedless(&r)
		for _, know := range []Knowledge{K0, K1, K2} {
			model := judgeRead(&r, &m.profile, know)
			for v, h := range model.hidden {
				if !h || model.known[v] {
					continue
				}
				if span, ok := countAll(&model.judgeProgram, v, 5_000); ok {
					asks = append(asks, judgeAsk{&model.judgeProgram, v})
					want = append(want, span)
					linear = append(linear, m.network() && know != K2)
				}
			}
		}
	}
	whole, exact, rational := judgeAll(t, judgeWhole, asks), judgeAll(t, judgeExact, asks), judgeAll(t, judgeLinear, asks)
	for i, w := range want {
		if whole[i] != w {
			t.Errorf("cbc: ask %d is %v, counted %v", i, whole[i], w)
		}
		if exact[i] != rational[i] {
			t.Errorf("glpsol: ask %d is %v when exact from the start, and %v when exact at the end", i, exact[i], rational[i])
		}
		if linear[i] && exact[i] != w || !w.open && (exact[i].low > w.low || exact[i].high < w.high) {
			t.Errorf("glpsol: ask %d is %v, counted %v", i, exact[i], w)
		}
	}
}

// TestJudgesSayImpossible sees that a system without a solution is told from one
// with, also beside others in one batch, and that an open end is.
func TestJudgesSayImpossible(t *testing.T) {
	sum := func(total int64) *judgeProgram {
		return &judgeProgram{low: []int64{1, 1}, high: []int64{9, 9},
			rows: []judgeRow{{vars: []int{0, 1}, coefs: []int64{1, 1}, low: total, high: total}}}
	}
	odd := &judgeProgram{low: []int64{0, 0}, high: []int64{9, 9},
		rows: []judgeRow{{vars: []int{0, 1}, coefs: []int64{2, 2}, low: 5, high: 5}}}
	open := &judgeProgram{low: []int64{0, 2}, high: []int64{judgeCap, judgeCap},
		rows: []judgeRow{{vars: []int{0, 1}, coefs: []int64{1, -1}, low: 3, high: 3}}}
	asks := []judgeAsk{{sum(5), 0}, {sum(40), 0}, {sum(6), 1}, {odd, 0}, {open, 0}}
	whole := []string{"1..4", "impossible", "1..5", "impossible", "5.."}
	rational := []string{"1..4", "impossible", "1..5", "0..2.5", "5.."}
	for i, s := range judgeAll(t, judgeWhole, asks) {
		if s.String() != whole[i] {
			t.Errorf("cbc: ask %d is %v, want %s", i, s, whole[i])
		}
	}
	for i, s := range judgeAll(t, judgeLinear, asks) {
		if s.String() != rational[i] {
			t.Errorf("glpsol: ask %d is %v, want %s", i, s, rational[i])
		}
	}
}

// countAll tries all whole-number points of the part that v is tied to; not ok
// when they are more than a limit.
func countAll(p *judgeProgram, v int, limit int) (judgeSpan, bool) {
	part, v := judgePart(p, v)
	span := judgeSpan{none: true}
	x := make([]int64, len(part.low))
	tries := 0
	var try func(at int) bool
	try = func(at int) bool {
		if tries++; tries > limit {
			return false
		}
		if !mayFit(part, x, at) {
			return true
		}
		if at == len(x) {
			if !smallEnough(part.any, x) {
				return true
			}
			value := float64(x[v])
			if span.none {
				span = judgeSpan{low: value, high: value}
			}
			span.low, span.high = min(span.low, value), max(span.high, value)
			return true
		}
		for x[at] = part.low[at]; x[at] <= part.high[at]; x[at]++ {
			if !try(at + 1) {
				return false
			}
		}
		return true
	}
	ok := try(0)
	return span, ok
}

// smallEnough says whether a point keeps all choices.
func smallEnough(choices []judgeAny, x []int64) bool {
	for _, a := range choices {
		if !slices.ContainsFunc(a.vars, func(v int) bool { return x[v] <= a.limit }) {
			return false
		}
	}
	return true
}

// mayFit says whether the rows can still hold, the first unknowns being set.
func mayFit(p *judgeProgram, x []int64, set int) bool {
	for _, r := range p.rows {
		low, high := int64(0), int64(0)
		for i, v := range r.vars {
			a, b := p.low[v], p.high[v]
			if v < set {
				a, b = x[v], x[v]
			}
			if r.coefs[i] < 0 {
				a, b = b, a
			}
			low += r.coefs[i] * a
			high += r.coefs[i] * b
		}
		if high < r.low || r.high != judgeOpen && low > r.high {
			return false
		}
	}
	return true
}
