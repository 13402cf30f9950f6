package demo

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"

	"kith/internal/kit/period"
)

// seed is where everything begins. Another seed is another Tidewell, with the
// same figures.
const seed = 0x71DE3E11

// dice are a source of chance. Only PCG's raw numbers are used, whose sequence
// is promised for ever; how rand turns them into ranges is not.
type dice struct{ pcg *rand.PCG }

// diceFor gives the dice of one part of the world. Parts have dice of their own
// so that a change in one leaves the others as they were.
func diceFor(part string) *dice {
	h := fnv.New64a()
	h.Write([]byte(part))
	return &dice{rand.NewPCG(seed, h.Sum64())}
}

// below gives a number from 0 to n-1.
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between gives a number from lo to hi, both included.
func (d *dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true in perThousand cases of a thousand.
func (d *dice) chance(perThousand int) bool { return d.below(1000) < perThousand }

// day gives a day of the span, both ends included.
func (d *dice) day(from, to period.Date) period.Date {
	return from.AddDays(d.below(from.DaysUntil(to) + 1))
}

// workday gives a working day of the span, or its last day where it has none.
func (d *dice) workday(from, to period.Date) period.Date {
	for at := d.day(from, to); !at.After(to); at = at.AddDays(1) {
		if period.IsWorkingDay(at) {
			return at
		}
	}
	return to
}

// pick gives one of the items, each as likely as another.
func pick[T any](d *dice, items []T) T { return items[d.below(len(items))] }

// shuffle puts the items in an order of chance.
func shuffle[T any](d *dice, items []T) {
	for i := len(items) - 1; i > 0; i-- {
		j := d.below(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// A share is a thing and how often it comes up beside the others.
type share[T any] struct {
	of    int
	value T
}

// draw gives one of the shares' values, as often as its share says.
func draw[T any](d *dice, shares []share[T]) T {
	total := 0
	for _, s := range shares {
		total += s.of
	}
	n := d.below(total)
	for _, s := range shares {
		if n < s.of {
			return s.value
		}
		n -= s.of
	}
	panic("unreachable: shares add up to their total")
}
