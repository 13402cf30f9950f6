package exact

import (
	"math"
	"math/big"
	"math/bits"
)

// The columns of a tableau row: what is left for the basic unknown, its
// coefficient, and then the coefficients of the nonbasic unknowns.
const (
	colRest  = 0
	colBasic = 1
	colFirst = 2
)

// smallBits is the greatest length in bits of a number that a row keeps in
// int64; one bit less than there is, so that two may be added.
const smallBits = 62

// tidyBits is the length from which a row is searched for a common divisor.
const tidyBits = 24

// A tabRow is one equation of a tableau in whole numbers:
//
//	basic coefficient · basic unknown + Σ coefficient · (nonbasic − its value) = rest
//
// Its numbers are int64 as long as they fit, else big.
type tabRow struct {
	a    []int64
	z    []*big.Int // in place of a when it is not nil
	bits int        // no number in a is longer
	odd  bool       // no whole numbers satisfy the row, whatever the bounds
}

// A pivotRow is a row by which others are reduced: its own unknown has been moved
// into a column, and the coefficient of the one that is to become basic taken out.
type pivotRow struct {
	*tabRow
	p  int64
	pz *big.Int // in place of p when the row is big
	nz []int32  // the columns of a that are not zero
}

func abs64(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func bitLen(x int64) int { return bits.Len64(abs64(x)) }

func gcd64(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mulFits multiplies, and says whether the product is at most smallBits long.
func mulFits(a, b int64) (int64, bool) {
	const half = 1 << 30
	if a < half && a > -half && b < half && b > -half {
		return a * b, true
	}
	hi, lo := bits.Mul64(abs64(a), abs64(b))
	if hi != 0 || lo>>smallBits != 0 {
		return 0, false
	}
	return a * b, true
}

// sign is the sign of a column.
func (r *tabRow) sign(c int) int {
	if r.z != nil {
		return r.z[c].Sign()
	}
	switch x := r.a[c]; {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// at gives a column as a big number that must not be changed.
func (r *tabRow) at(c int) *big.Int {
	if r.z != nil {
		return r.z[c]
	}
	return big.NewInt(r.a[c])
}

// grow turns the row's numbers into big ones.
func (r *tabRow) grow() {
	if r.z != nil {
		return
	}
	r.z = make([]*big.Int, len(r.a))
	for i, x := range r.a {
		r.z[i] = big.NewInt(x)
	}
}

// shrink goes back to int64 when all numbers fit again.
func (r *tabRow) shrink() {
	if r.z == nil {
		return
	}
	n := 0
	for _, x := range r.z {
		n = max(n, x.BitLen())
	}
	if n > smallBits {
		return
	}
	for i, x := range r.z {
		r.a[i] = x.Int64()
	}
	r.z, r.bits = nil, n
}

func (r *tabRow) negate() {
	for _, x := range r.z {
		x.Neg(x)
	}
	if r.z == nil {
		for i, x := range r.a {
			r.a[i] = -x
		}
	}
}

// shift takes by times column c from the rest: the unknown of that column has
// moved by so much.
func (r *tabRow) shift(c int, by int64) {
	if r.z == nil {
		if r.a[c] == 0 {
			return
		}
		if d, ok := mulFits(r.a[c], by); ok {
			// Both are at most smallBits long, so the difference is right.
			if x := r.a[colRest] - d; bitLen(x) <= smallBits {
				r.a[colRest] = x
				r.bits = max(r.bits, bitLen(x))
				return
			}
		}
		r.grow()
	}
	d := new(big.Int).Mul(r.z[c], big.NewInt(by))
	r.z[colRest].Sub(r.z[colRest], d)
	r.tidy()
}

// tidy divides the row by what divides all of it. A divisor of all coefficients
// that does not divide the rest shows that no whole numbers satisfy the row.
func (r *tabRow) tidy() {
	if r.z != nil {
		r.tidyBig()
		r.shrink()
		return
	}
	all := uint64(0)
	for _, x := range r.a {
		all |= abs64(x)
	}
	r.bits = bits.Len64(all)
	r.divide(r.content())
}

// content is what divides every number of the row but the rest; 0 when all are 0.
func (r *tabRow) content() uint64 {
	var g divisor
	for _, x := range r.a[colBasic:] {
		if x == 0 || g.of > 0 && g.divides(abs64(x)) {
			continue
		}
		if g = divideBy(gcd64(abs64(x), g.of)); g.of == 1 {
			break // nearly always, and soon
		}
	}
	return g.of
}

// divide divides the row by its content, and by no more than what divides the rest.
func (r *tabRow) divide(g uint64) {
	if g <= 1 {
		return
	}
	rest := abs64(r.a[colRest])
	if rest%g != 0 {
		r.odd = true
		g = gcd64(g, rest)
	}
	if g == 1 {
		return
	}
	by := divideBy(g)
	for i, x := range r.a {
		r.a[i] = by.exact(x)
	}
	r.bits -= bits.Len64(g) - 1 // at least what the numbers have lost
}

// A divisor divides numbers of which it is a divisor without a division, which is many
// times slower than a product: an odd number has an inverse modulo 2⁶⁴.
type divisor struct {
	of, inverse, most uint64
	twos              uint
}

func divideBy(g uint64) divisor {
	d := divisor{of: g, twos: uint(bits.TrailingZeros64(g))}
	odd := g >> d.twos
	d.inverse = odd // right in its lowest 3 bits; each step doubles them
	for range 5 {
		d.inverse *= 2 - odd*d.inverse
	}
	d.most = math.MaxUint64 / odd
	return d
}

// divides says whether x is a multiple.
func (d *divisor) divides(x uint64) bool {
	return x&(1<<d.twos-1) == 0 && (x>>d.twos)*d.inverse <= d.most
}

// exact divides a multiple.
func (d *divisor) exact(x int64) int64 { return (x >> d.twos) * int64(d.inverse) }

func (r *tabRow) tidyBig() {
	g, one := new(big.Int), big.NewInt(1)
	for i, x := range r.z {
		if i == colRest || x.Sign() == 0 {
			continue
		}
		g.GCD(nil, nil, g, new(big.Int).Abs(x))
		if g.Cmp(one) == 0 {
			return
		}
	}
	if g.Sign() == 0 {
		return
	}
	rest := new(big.Int).Abs(r.z[colRest])
	if new(big.Int).Rem(rest, g).Sign() != 0 {
		r.odd = true
		g.GCD(nil, nil, g, rest)
	}
	for _, x := range r.z {
		x.Quo(x, g)
	}
}

// reduce takes the unknown of column c out of the row by means of the pivot row:
// row·p − q·pivot, where q is what the row has in c. It returns the work done.
func (r *tabRow) reduce(c int, by *pivotRow) int {
	if r.z == nil && by.z == nil {
		q := r.a[c]
		if q == 0 {
			return 0
		}
		if n := r.reduceSmall(c, q, by); n > 0 {
			return n
		}
	}
	if r.sign(c) == 0 {
		return 0
	}
	return r.reduceBig(c, by)
}

// reduceSmall is reduce in int64. It returns 0, having done nothing, when the
// numbers might become too long.
func (r *tabRow) reduceSmall(c int, q int64, by *pivotRow) int {
	p, ok := by.p, false
	for try := 0; try < 2 && !ok; try++ {
		if try > 0 {
			r.tidy()
			p, q = by.p, r.a[c]
		}
		if p != 1 {
			g := int64(gcd64(uint64(p), abs64(q)))
			p, q = p/g, q/g
		}
		ok = bitLen(p)+r.bits < smallBits && bitLen(q)+by.bits < smallBits
	}
	if !ok {
		return 0
	}
	r.a[c] = 0
	if p != 1 {
		r.combine(p, q, by)
		return 2 * len(r.a)
	}
	r.subtract(q, by)
	if r.bits > tidyBits {
		r.tidy()
		return len(by.nz) + len(r.a)
	}
	return len(by.nz) + 1
}

// combine is p times the row less q times the pivot row, in int64, which must
// suffice. What divides all of it is looked for when its numbers have become long, and when
// the row is the one by which others are reduced.
func (r *tabRow) combine(p, q int64, by *pivotRow) {
	a, o := r.a, by.a[:len(r.a)]
	all := uint64(0)
	for i := range a {
		x := a[i]*p - q*o[i]
		a[i] = x
		all |= uint64(x ^ x>>63)
	}
	if r.bits = bits.Len64(all + 1); r.bits > tidyBits {
		r.tidy()
	}
}

// subtract takes q times the pivot row away, in int64, which must suffice.
func (r *tabRow) subtract(q int64, by *pivotRow) {
	a, o := r.a, by.a
	all := uint64(0)
	switch q {
	case 1:
		for _, i := range by.nz {
			x := a[i] - o[i]
			a[i] = x
			all |= uint64(x ^ x>>63)
		}
	case -1:
		for _, i := range by.nz {
			x := a[i] + o[i]
			a[i] = x
			all |= uint64(x ^ x>>63)
		}
	default:
		for _, i := range by.nz {
			x := a[i] - q*o[i]
			a[i] = x
			all |= uint64(x ^ x>>63)
		}
	}
	// x ^ x>>63 is one less than the size of a negative x, hence the 1.
	r.bits = max(r.bits, bits.Len64(all+1))
}

func (r *tabRow) reduceBig(c int, by *pivotRow) int {
	r.grow()
	p := by.pz
	if p == nil {
		p = big.NewInt(by.p)
	}
	q := new(big.Int).Set(r.z[c])
	r.z[c].SetInt64(0)
	t := new(big.Int)
	work := 0
	for i, x := range r.z {
		x.Mul(x, p)
		if o := by.at(i); o.Sign() != 0 {
			x.Sub(x, t.Mul(q, o))
		}
		work += 2 + x.BitLen()/32
	}
	r.tidy()
	return 4 * work
}

// asPivot makes the row ready to reduce others by column c, whose coefficient
// must be positive. Until release is called the row is not an equation.
func (r *tabRow) asPivot(c int, nz []int32) *pivotRow {
	by := &pivotRow{tabRow: r}
	if r.z != nil {
		by.pz = r.z[c]
		r.z[c], r.z[colBasic] = r.z[colBasic], new(big.Int)
		return by
	}
	by.p = r.a[c]
	r.a[c], r.a[colBasic] = r.a[colBasic], 0
	by.nz = nz[:0]
	for i, x := range r.a {
		if x != 0 {
			by.nz = append(by.nz, int32(i))
		}
	}
	return by
}

// release makes the row an equation again, with its new basic unknown.
func (by *pivotRow) release() {
	if by.z != nil {
		by.z[colBasic] = by.pz
		return
	}
	by.a[colBasic] = by.p
}
