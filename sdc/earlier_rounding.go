package sdc

import (
	"fmt"
	"slices"
)

// An EarlierRounding error says that counts cannot be hidden, or hidden ones judged, since
// some of the same population were released rounded before. A reader of both knows
// more than either tells, and the rule that every group of hidden counts holds a small
// one does not hold there: a count can be hidden for the sake of one that was only
// rounded before. It is not shown that hiding is safe then, so it is refused. To round
// the counts again is judged, and may be safe.
type EarlierRounding struct {
	// Release is the name of the earlier release.
	Release string
}

// Error says what to do.
func (e *EarlierRounding) Error() string {
	return fmt.Sprintf("counts of this population were released rounded before (%s), and to hide some of them now is "+
		"not shown to be safe; round this table too, or name its population if it counts something else", e.Release)
}

// roundedBefore refuses a release whose counts were released rounded.
func roundedBefore(r *Release, l *Ledger) error {
	isRounded := func(e Entry) bool { return e.Distance > 0 }
	if l == nil || !slices.ContainsFunc(l.entries, isRounded) {
		return nil
	}
	entries := related(r, l)
	if i := slices.IndexFunc(entries, isRounded); i >= 0 {
		return &EarlierRounding{Release: entries[i].Release}
	}
	return nil
}
