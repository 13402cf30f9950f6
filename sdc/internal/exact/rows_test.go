package exact

import (
	"testing"

	"pgregory.net/rapid"
)

// TestDivisor: dividing by products is dividing.
func TestDivisor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.Uint64Range(1, 1<<32).Draw(t, "divisor")
		q := rapid.Int64Range(-1<<30, 1<<30).Draw(t, "quotient")
		more := rapid.Uint64Range(0, g-1).Draw(t, "remainder")
		d := divideBy(g)
		if x := int64(g) * q; d.exact(x) != q {
			t.Fatalf("%d / %d = %d", x, g, d.exact(x))
		}
		if x := g*abs64(q) + more; d.divides(x) != (more == 0) {
			t.Fatalf("%d divides %d: %v", g, x, d.divides(x))
		}
	})
}
