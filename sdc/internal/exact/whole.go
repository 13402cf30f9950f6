package exact

import (
	"fmt"
	"math"
	"math/big"
)

// fraction picks the basic unknown on which to branch: one that is not whole, v
// itself first, else one of the shortest range; -1 when all are whole. Only
// unknowns of the system count.
func (t *Simplex) fraction(v int) int {
	best, least := -1, uint64(math.MaxUint64)
	for i := range t.rows {
		u := t.basic[i]
		if u == t.size() || t.rows[i].isWhole() {
			continue
		}
		if u == v {
			return u
		}
		if n := uint64(t.hi[u]) - uint64(t.lo[u]); best < 0 || n < least {
			best, least = u, n
		}
	}
	return best
}

func (r *tabRow) isWhole() bool {
	if r.z == nil {
		return r.a[colBasic] == 1 || r.a[colRest]%r.a[colBasic] == 0
	}
	return new(big.Int).Rem(r.z[colRest], r.z[colBasic]).Sign() == 0
}

// rounded is the value of an unknown, rounded down, or up.
func (t *Simplex) rounded(v int, up bool) (int64, error) {
	i := t.row[v]
	if i < 0 {
		return t.val[v], nil
	}
	r := &t.rows[i]
	if r.z == nil {
		q, rem := r.a[colRest]/r.a[colBasic], r.a[colRest]%r.a[colBasic]
		switch {
		case rem < 0 && !up:
			q--
		case rem > 0 && up:
			q++
		}
		return q, nil
	}
	q, rem := new(big.Int).DivMod(r.z[colRest], r.z[colBasic], new(big.Int))
	if up && rem.Sign() != 0 {
		q.Add(q, big.NewInt(1))
	}
	if q.BitLen() > smallBits {
		return 0, fmt.Errorf("%w: a number is too large", ErrStopped)
	}
	return q.Int64(), nil
}

// upperHalf says whether the fraction of a basic unknown is a half or more.
func (t *Simplex) upperHalf(v int) bool {
	r := &t.rows[t.row[v]]
	rest, d := r.at(colRest), r.at(colBasic)
	f := new(big.Int).Mod(rest, d)
	return f.Lsh(f, 1).Cmp(d) >= 0
}

// isOdd says that some equation has no whole-number solution, whatever the
// unknowns are that may still move.
func (t *Simplex) isOdd() bool {
	for i := range t.rows {
		r := &t.rows[i]
		if r.odd || !r.isWhole() && t.rowIsOdd(r) {
			return true
		}
	}
	return false
}

// rowIsOdd says that what divides all coefficients of unknowns that are not fixed
// does not divide the rest.
func (t *Simplex) rowIsOdd(r *tabRow) bool {
	if r.z != nil {
		return t.bigRowIsOdd(r)
	}
	g := divideBy(abs64(r.a[colBasic]))
	rest := abs64(r.a[colRest])
	for j, x := range r.a[colFirst : colFirst+len(t.slot)] {
		if x == 0 || g.divides(abs64(x)) {
			continue
		}
		if v := t.slot[j]; t.lo[v] < t.hi[v] {
			if g = divideBy(gcd64(abs64(x), g.of)); g.of == 1 || g.divides(rest) {
				return false
			}
		}
	}
	return !g.divides(rest)
}

func (t *Simplex) bigRowIsOdd(r *tabRow) bool {
	g, one := new(big.Int).Set(r.z[colBasic]), big.NewInt(1)
	for j, v := range t.slot {
		if x := r.z[colFirst+j]; x.Sign() != 0 && t.lo[v] < t.hi[v] {
			if g.GCD(nil, nil, g, new(big.Int).Abs(x)); g.Cmp(one) == 0 {
				return false
			}
		}
	}
	return new(big.Int).Rem(r.z[colRest], g).Sign() != 0
}
