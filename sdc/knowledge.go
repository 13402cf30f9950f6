package sdc

import (
	"fmt"
	"math"
	"strings"

	"kith/sdc/internal/exact"
)

// Unlimited is the upper end of an interval that has none.
const Unlimited = math.MaxInt64

// unbounded is the same to the solver: no upper limit of a count.
const unbounded = exact.Unbounded

// ErrStopped is returned when the budget of work was used up or the context ended
// before an answer was certain. What was asked is then not shown safe.
var ErrStopped = exact.ErrStopped

// Knowledge is what a reader who wants to work out hidden counts knows besides
// the numbers that are printed.
type Knowledge int

// The attackers, each knowing all that the one before it knows.
const (
	// Usual is K2, or K3 when there is a ledger, who also sees the percentages and
	// other facts that a release prints.
	Usual Knowledge = iota
	// K0 knows that counts are whole numbers and never below 0.
	K0
	// K1 knows that zeros are shown, so that a hidden count is at least 1.
	K1
	// K2 knows the profile: the threshold, and that nothing is hidden without
	// need, so that a group of hidden counts that nothing connects to another
	// holds at least one small count.
	K2
	// K3 knows everything that was released before: the ledger.
	K3
	// K4 knows all about one small cell from inside: a child who is alone in it, or
	// the one agency that counted it. Each hidden cell that may hold a single child
	// is tried as the insider's, in turn.
	K4
	// K5 knows percentages, rates, averages and the lengths of bars: the facts of a
	// release.
	K5
)

// ParseKnowledge reads the name of an attacker: K0 to K5.
func ParseKnowledge(s string) (Knowledge, error) {
	for k := K0; k <= K5; k++ {
		if strings.EqualFold(s, k.String()) {
			return k, nil
		}
	}
	return Usual, fmt.Errorf("there is no attacker %q; they are K0, K1, K2, K3, K4 and K5", s)
}

// String gives the attacker's name: "K2".
func (k Knowledge) String() string {
	if k == Usual {
		return "usual"
	}
	return fmt.Sprintf("K%d", int(k-K0))
}

// Words says what the attacker knows, for people.
func (k Knowledge) Words() string {
	switch k {
	case K0:
		return "counts are whole numbers and never below 0"
	case K1:
		return "zeros are shown, so a hidden count is at least 1"
	case K3:
		return "the rule for hiding, and everything released before"
	case K4:
		return "the rule, everything released before, and the inside of one small cell"
	case K5:
		return "the rule, everything released before, one small cell from inside, and percentages, rates, averages and charts"
	}
	return "the rule for hiding: the threshold, and that nothing is hidden without need"
}
