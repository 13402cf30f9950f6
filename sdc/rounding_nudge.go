package sdc

import (
	"fmt"

	"kith/sdc/internal/exact"
)

// A nudger looks for a rounding where the exact search would take too long: from
// all lowest counts rounded to the nearest, with whatever totals they then have,
// it moves one lowest count after the other up or down by one base, together with
// the totals above it, until every count is within its limits. It takes the move
// that helps most, or harms least, and does not take it back for a while. What it
// finds adds up; that it is the nearest is not known.
type nudger struct {
	x     *rounder
	q     []quantity // limits of the numbers of times
	n     []int64
	moves []nudge
	out   int64 // how far all counts together are outside their limits
}

// A nudge is a lowest count, and all counts that rise by one base when it does.
type nudge struct {
	lowest int
	rise   []int
	barred [2]int // until which step it may not go up, or down
}

// nudge fills x.times, or returns an error that wraps ErrStopped.
func (x *rounder) nudge(m *exact.Meter) error {
	p := x.scaled()
	u := &nudger{x: x, q: p.q}
	if !u.start(p) {
		return fmt.Errorf("%w: these tables cannot be rounded one count at a time", ErrStopped)
	}
	best, least := []int64(nil), int64(0)
	last := 200 + 50*len(u.moves)
	for step := 1; step <= last; step++ {
		if u.out == 0 {
			if sum := u.away(); best == nil || sum < least {
				best, least = append(best[:0], u.n...), sum
				last = min(last, step+len(u.moves)) // a while longer, for a nearer one
			}
		}
		work, ok := u.step(step)
		if err := m.Spend(work); err != nil && best == nil {
			return err
		} else if err != nil || !ok {
			break
		}
	}
	if best == nil {
		return fmt.Errorf("%w: no rounding was found", ErrStopped)
	}
	copy(x.times, best)
	x.nearest = false
	return nil
}

// start rounds the lowest counts and adds up. It says whether that can be done:
// in linked tables a total may be cut in two ways, and then it cannot.
func (u *nudger) start(p *problem) bool {
	at, total := make([][]int, len(p.q)), make([]bool, len(p.q))
	for i, e := range p.eqs {
		if e.RHS != 0 {
			return false
		}
		for _, t := range e.Terms {
			if t.C != 1 && t.C != -1 {
				return false
			}
			at[t.V] = append(at[t.V], i)
			total[t.V] = total[t.V] || t.C < 0
		}
	}
	u.n = make([]int64, len(p.q))
	for v := range p.q {
		if total[v] {
			continue
		}
		rise, ok := riseWith(p, at, v)
		if !ok {
			return false
		}
		u.n[v] = u.nearestTimes(v)
		for _, w := range rise[1:] {
			u.n[w] += u.n[v]
		}
		if p.q[v].lo < p.q[v].hi {
			u.moves = append(u.moves, nudge{lowest: v, rise: rise})
		}
	}
	for v := range u.n {
		u.out += u.outside(v, u.n[v])
	}
	return true
}

// riseWith is a lowest count and every total that rises when it does, which must
// be as many as it takes for each equation to hold.
func riseWith(p *problem, at [][]int, v int) (rise []int, ok bool) {
	rise = []int{v}
	risen, gap := map[int]bool{v: true}, map[int]int64{}
	for k := 0; k < len(rise); k++ {
		for _, i := range at[rise[k]] {
			for _, t := range p.eqs[i].Terms {
				if t.V == rise[k] {
					gap[i] += t.C
				}
				if t.C < 0 && !risen[t.V] {
					risen[t.V] = true
					rise = append(rise, t.V)
				}
			}
		}
	}
	for _, g := range gap {
		if g != 0 {
			return nil, false
		}
	}
	return rise, true
}

// nearestTimes is the number of times within the limits that is nearest to the
// true count.
func (u *nudger) nearestTimes(v int) int64 {
	q := &u.q[v]
	if len(q.places) == 0 {
		return q.lo
	}
	n := q.truth / u.x.base
	if 2*(q.truth%u.x.base) > u.x.base {
		n++
	}
	return min(max(n, q.lo), q.hi)
}

// outside is how far n times the base is outside the limits of a count.
func (u *nudger) outside(v int, n int64) int64 {
	q := &u.q[v]
	if q.state == shown {
		return max(0, q.lo-n, n-q.hi)
	}
	return max(0, -n)
}

// from is how far a printed count is from the true one.
func (u *nudger) from(v int, n int64) int64 {
	q := &u.q[v]
	if len(q.places) == 0 {
		return 0
	}
	return max(n*u.x.base-q.truth, q.truth-n*u.x.base)
}

// away is how far all counts together are from the true ones.
func (u *nudger) away() (sum int64) {
	for v := range u.n {
		sum += u.from(v, u.n[v])
	}
	return sum
}

// step makes the best move there is. Coming within the limits counts for more than
// coming near.
func (u *nudger) step(step int) (work int, ok bool) {
	bestMove, bestDir := -1, int64(0)
	var bestGain, bestOut int64
	for k := range u.moves {
		mv := &u.moves[k]
		for side, dir := range []int64{1, -1} {
			to := u.n[mv.lowest] + dir
			if mv.barred[side] > step || to < u.q[mv.lowest].lo || to > u.q[mv.lowest].hi {
				continue
			}
			var out, near int64
			for _, v := range mv.rise {
				out += u.outside(v, u.n[v]) - u.outside(v, u.n[v]+dir)
				near += u.from(v, u.n[v]) - u.from(v, u.n[v]+dir)
			}
			work += 8 * len(mv.rise)
			if gain := 2*u.x.base*out + near; bestMove < 0 || gain > bestGain {
				bestMove, bestDir, bestGain, bestOut = k, dir, gain, out
			}
		}
	}
	if bestMove < 0 {
		return work + 1, false
	}
	mv := &u.moves[bestMove]
	for _, v := range mv.rise {
		u.n[v] += bestDir
	}
	u.out -= bestOut
	// Not back for a while, which is not always equally long, lest it go in circles.
	back := 0
	if bestDir > 0 {
		back = 1
	}
	mv.barred[back] = step + 6 + int(mix(uint64(step))%10)
	return work + 1, true
}
