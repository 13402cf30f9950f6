// Package clock tells the time, as a value that tests can hold still.
package clock

import (
	"time"
	_ "time/tzdata" // a small server image may have no zone files of its own

	"kith/internal/kit/period"
)

// A Clock tells the time now, in UTC and to the microsecond (as both databases
// keep it).
type Clock func() time.Time

// System is the machine's clock.
func System() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Fixed gives a clock that stands still at t.
func Fixed(t time.Time) Clock {
	t = t.UTC().Truncate(time.Microsecond)
	return func() time.Time { return t }
}

// London is the time zone people in England live in; dates and times on pages
// are in it.
var London = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("clock: the embedded time zones have no Europe/London: " + err.Error())
	}
	return l
}()

// Today gives the day it is in England.
func (c Clock) Today() period.Date { return period.DateOf(c().In(London)) }
