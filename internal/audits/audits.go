// Package audits is the room that knows how a partnership checks its own work.
//
// There are two kinds of checking. In a multi-agency audit the agencies look
// together at a handful of cases on one theme and say what they learned. In a
// Section 11 or Section 175 round each organisation, or each school and college,
// assesses itself against a standard and sends its return, and the partnership
// asks, chases and moderates.
//
// The room keeps what was done and when, and nothing about any child: an audit
// has a theme, a method, who took part, how many cases were looked at and a
// sentence on what was found. Case content has no field here to be written in;
// it belongs behind the wall of the reviews store.
//
// Every step is a date, and the stage of an audit, as the state of a return,
// follows from the last step that has one, so the two can never disagree.
//
// Tables: audits_multi_agency, audits_agencies, audits_rounds and
// audits_participants, in the work store.
package audits

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A Mailer queues a message in the caller's transaction.
type Mailer interface {
	Queue(ctx context.Context, q db.Q, m mail.Message) error
}

// Deps is what the room needs from the rest of the house.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
	Mail  Mailer
	// Register has the sectors; without one the room makes its own.
	Register *register.Register
	Site     mail.Sited // where the workspace is, for links in mails
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
}

// Room is the room of audits.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("audits: %w", err)
	}
	if d.Register == nil {
		d.Register = register.New(d.Work, d.Now)
	}
	return &Room{Deps: d, pages: pages}, nil
}

// A Stage is how far a multi-agency audit has come.
type Stage string

// The stages.
const (
	Planned   Stage = "planned"
	UnderWay  Stage = "under-way"
	Completed Stage = "completed"
	Shared    Stage = "shared"
)

// stages lists the stages in the order audits go through them.
var stages = []Stage{Planned, UnderWay, Completed, Shared}

// Words names the stage.
func (s Stage) Words() string {
	switch s {
	case Planned:
		return "Planned"
	case UnderWay:
		return "Under way"
	case Completed:
		return "Completed"
	case Shared:
		return "Learning shared"
	}
	return string(s)
}

// Tone is how the stage's tag looks.
func (s Stage) Tone() string {
	switch s {
	case Completed, Shared:
		return "good"
	case UnderWay:
		return "watch"
	}
	return "quiet"
}

// IDs are the ids of the agencies that take part in an audit.
type IDs []string

// Scan reads the ids of one row, joined with | by the query.
func (ids *IDs) Scan(v any) error {
	var joined db.Opt
	if err := joined.Scan(v); err != nil {
		return fmt.Errorf("read ids: %w", err)
	}
	*ids = nil
	if joined != "" {
		*ids = strings.Split(string(joined), "|")
	}
	return nil
}

// An Audit is one multi-agency audit, without case content. Its fields are in
// the order of the columns that queries select.
type Audit struct {
	ID           string
	Title        string
	Theme        string
	Method       string
	Stage        Stage // follows from the dates
	Cases        int64 // how many cases were looked at; 0 when not said
	DueOn        period.Date
	StartedOn    period.Date
	CompletedOn  period.Date
	SharedOn     period.Date // the learning was shared
	Findings     string      // a sentence
	LearningHref string
	Agencies     IDs
}

// A Step is something that happens once in the life of an audit, on a day.
type Step struct {
	ID    string // also the name of its form field
	Words string // what happened
	stage Stage  // the stage that the step opens
	date  func(*Audit) *period.Date
}

// steps lists the steps in the order they are taken.
var steps = []Step{
	{"started", "Audit began", UnderWay, func(a *Audit) *period.Date { return &a.StartedOn }},
	{"completed", "Completed", Completed, func(a *Audit) *period.Date { return &a.CompletedOn }},
	{"shared", "Learning shared", Shared, func(a *Audit) *period.Date { return &a.SharedOn }},
}

// On gives the day the step was taken in an audit; zero when it was not.
func (s Step) On(a Audit) period.Date { return *s.date(&a) }

// reached gives the place in steps of the last step taken, or -1.
func (a Audit) reached() int {
	last := -1
	for i, s := range steps {
		if !s.On(a).IsZero() {
			last = i
		}
	}
	return last
}

// stage gives the stage that follows from the dates.
func (a Audit) stage() Stage {
	if i := a.reached(); i >= 0 {
		return steps[i].stage
	}
	return Planned
}

// Next lists the steps that may be taken now: those after the last one taken,
// and the learning is shared only of what is completed.
func (a Audit) Next() []Step {
	var next []Step
	for i, s := range steps {
		if i > a.reached() && (s.ID != "shared" || !a.CompletedOn.IsZero()) {
			next = append(next, s)
		}
	}
	return next
}

// Ended reports whether the audit is completed.
func (a Audit) Ended() bool { return a.Stage == Completed || a.Stage == Shared }

// Late reports whether the audit should have been completed before today.
func (a Audit) Late(today period.Date) bool {
	return !a.Ended() && !a.DueOn.IsZero() && a.DueOn.Before(today)
}

// problems lists what is wrong with an audit as it is to be kept.
func (a Audit) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if a.Title == "" {
		add("title", "Enter the audit's title")
	}
	if a.Theme == "" {
		add("theme", "Enter the audit's theme")
	}
	if a.Cases < 0 {
		add("cases", "Enter how many cases were looked at, or leave it empty")
	}
	if !a.SharedOn.IsZero() && a.CompletedOn.IsZero() {
		add("completed", "Enter when it was completed, as its learning has been shared")
	}
	if !a.SharedOn.IsZero() && a.Findings == "" {
		add("findings", "Enter what was found, in a sentence, as the learning has been shared")
	}
	return append(out, a.dateProblems(today)...)
}

// dateProblems finds steps dated in the future or before an earlier step.
func (a Audit) dateProblems(today period.Date) []ui.Problem {
	var out []ui.Problem
	var before Step
	for _, s := range steps {
		on := s.On(a)
		switch {
		case on.IsZero():
			continue
		case on.After(today):
			out = append(out, ui.Problem{Field: s.ID,
				Text: fmt.Sprintf("“%s” is a step already taken: enter a date up to today, %s", s.Words, today.Words())})
		case before.ID != "" && on.Before(before.On(a)):
			out = append(out, ui.Problem{Field: s.ID, Text: fmt.Sprintf("“%s” cannot be before “%s” on %s", s.Words,
				before.Words, before.On(a).Words())})
		}
		before = s
	}
	return out
}

// Errors of the room's actions that a person can do something about.
var (
	// ErrTaken is returned when the standard and year have a round of that title.
	ErrTaken = &ui.Taken{Field: "title",
		Text: "There is already a self-assessment of this standard and year with this title: choose another, or change " +
			"that one"}
	// ErrMoved is returned for a step that cannot be taken, because the audit has
	// gone on meanwhile.
	ErrMoved = web.Conflict("That step can no longer be recorded",
		"The audit has gone on meanwhile. Open it again to see where it stands.")
	// ErrOpen is returned when an audit that was not completed was to be reopened.
	ErrOpen = web.Conflict("This audit is open", "It has not been completed.")
	// ErrCompleted is returned when a completed audit was to be deleted.
	ErrCompleted = web.Conflict("A completed audit cannot be deleted",
		"It is part of the yearly report. If it was marked as completed by mistake, reopen it first.")
	// ErrClosed is returned for what cannot be done in a round that was closed.
	ErrClosed = web.Conflict("This self-assessment is closed",
		"Answers are no longer taken. Open the self-assessment again if that is wrong.")
	// ErrNotClosed is returned when a round that takes returns was to be reopened.
	ErrNotClosed = web.Conflict("This self-assessment is open", "Somebody may have opened it again before you.")
	// ErrReturned is returned when an organisation that has sent its return was to
	// be taken out of a round.
	ErrReturned = web.Conflict("This answer has come",
		"An organisation that has sent its answer stays in the self-assessment. Mark the answer as not submitted first, "+
			"if that is wrong.")
	// ErrReturns is returned when a round with returns was to be deleted.
	ErrReturns = web.Conflict("A self-assessment with answers cannot be deleted",
		"Answers have come, and they count in the yearly report. Close the self-assessment instead.")
	// ErrAnswered is returned to an organisation that was there before.
	ErrAnswered = web.Conflict("Your answer was submitted before",
		"Ask the partnership's quality officer if that is wrong.")
	// ErrBegun is returned to an organisation whose return was started before.
	ErrBegun = web.Conflict("Your answer was started before",
		"Somebody of your organisation marked it so. Open it again to go on.")
	// ErrTooLate is returned to an organisation that answers when a round is closed.
	ErrTooLate = web.Conflict("This self-assessment is closed",
		"Answers are no longer taken. Ask the partnership's quality officer.")
)
