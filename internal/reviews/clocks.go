package reviews

import (
	"fmt"
	"slices"

	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// An Edition is one edition of the statutory guidance and the limits it sets,
// from the day it took effect until the next one did.
type Edition struct {
	ID                string
	Title             string
	EffectiveOn       period.Date
	NotifyDays        int64 // working days from becoming aware to the notification
	RapidReviewDays   int64 // working days from becoming aware to the rapid review
	PublicationMonths int64 // months from the decision to publication
}

// editionOn picks the edition in force on a day from editions, oldest first; the
// oldest answers for the time before it.
func editionOn(editions []Edition, on period.Date) Edition {
	var in Edition
	for i, e := range editions {
		if i == 0 || !e.EffectiveOn.After(on) {
			in = e
		}
	}
	return in
}

// A ClockState is how a statutory clock stands.
type ClockState string

// The states of a clock.
const (
	Running     ClockState = "Running"
	Late        ClockState = "Late"
	Met         ClockState = "In time"
	Missed      ClockState = "Out of time"
	NotRecorded ClockState = "Not recorded" // the review went on without the step's date
	Stopped     ClockState = "Stopped"      // closed without a review
)

// Tone is how the state's tag looks.
func (s ClockState) Tone() string {
	switch s {
	case Met:
		return "good"
	case Late, Missed:
		return "bad"
	case Running:
		return "watch"
	}
	return "quiet"
}

// A Clock is one statutory limit of one review.
type Clock struct {
	Title   string // "Notify the Panel"
	Limit   string // "5 working days from becoming aware"
	Due     period.Date
	DoneOn  period.Date
	State   ClockState
	Left    string // "2 working days left", while it runs or is late
	Edition string
}

// Open reports whether the clock still asks for something.
func (c Clock) Open() bool { return c.State == Running || c.State == Late }

// clocks gives the statutory clocks of a review as they stand today. Day 0 is
// the day the authority became aware.
func clocks(r Review, editions []Edition, today period.Date) []Clock {
	if !r.Kind.incident() || len(editions) == 0 {
		return nil
	}
	var out []Clock
	if !r.AwareOn.IsZero() {
		e := editionOn(editions, r.AwareOn)
		out = append(out,
			dayClock("Notify the Panel", e, e.NotifyDays, r, "notified", today),
			dayClock("Rapid review", e, e.RapidReviewDays, r, "rapid_sent", today))
	}
	if r.Kind == Statutory && !r.DecidedOn.IsZero() {
		e := editionOn(editions, r.DecidedOn)
		c := Clock{Title: "Publish the review", Edition: e.Title,
			Limit: lang.Plural(int(e.PublicationMonths), "month", "months") + " from the decision",
			Due:   r.DecidedOn.AddMonths(int(e.PublicationMonths))}
		out = append(out, c.standing(r, "published", today))
	}
	return out
}

// dayClock makes a limit of working days from becoming aware.
func dayClock(title string, e Edition, days int64, r Review, step string, today period.Date) Clock {
	c := Clock{Title: title, Edition: e.Title,
		Limit: lang.Plural(int(days), "working day", "working days") + " from becoming aware",
		Due:   period.AddWorkingDays(r.AwareOn, int(days))}
	return c.standing(r, step, today)
}

// standing says how the clock stands, given the step that stops it.
func (c Clock) standing(r Review, stepID string, today period.Date) Clock {
	step, _ := findStep(stepID)
	c.DoneOn = step.On(r)
	switch {
	case !c.DoneOn.IsZero() && c.DoneOn.After(c.Due):
		c.State = Missed
	case !c.DoneOn.IsZero():
		c.State = Met
	case !r.ClosedOn.IsZero():
		c.State = Stopped
	case r.passed(stepID):
		c.State = NotRecorded
	case today.After(c.Due):
		c.State, c.Left = Late, fmt.Sprintf("%s late", workingDays(period.WorkingDaysBetween(c.Due, today)))
	default:
		c.State, c.Left = Running, fmt.Sprintf("%s left", workingDays(period.WorkingDaysBetween(today, c.Due)))
	}
	return c
}

// passed reports whether the review has gone on to a step after this one. A
// rapid review that was held has passed the notification, but one that is only
// held still waits to be sent.
func (r Review) passed(stepID string) bool {
	place := slices.IndexFunc(steps, func(s Step) bool { return s.ID == stepID })
	return place < r.reached()
}

func workingDays(n int) string { return lang.Plural(n, "working day", "working days") }
