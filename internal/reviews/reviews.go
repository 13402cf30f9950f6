// Package reviews is the room that knows which reviews a partnership has done:
// local child safeguarding practice reviews, learning reviews, reviews somebody
// commissioned, rapid reviews, and the national ones it took part in.
//
// It keeps what was done and when, and nothing about any child: a review has a
// reference (a pseudonym, or the title as published), a kind, its themes, who
// commissioned it, where it can be read, and a date for each step taken. Case
// content has no field here to be written in; it belongs behind the wall of the
// reviews store.
//
// A review goes through steps: the authority becomes aware, the Panel is
// notified, a rapid review is held and sent, a review is decided on, begun,
// completed, published; or it is closed without one. Each step is a date, and
// the review's stage follows from the last step that has one, so the two can
// never disagree. Three of the steps have a limit in the statutory guidance,
// which an Edition holds with the day it took effect: the clocks.
//
// Tables: reviews_register, reviews_themes and reviews_editions, in the work
// store.
package reviews

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
)

// Deps is what the room needs from the rest of the house.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
}

// Room is the room of reviews.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("reviews: %w", err)
	}
	return &Room{Deps: d, pages: pages}, nil
}

// A Kind of review.
type Kind string

// The kinds.
const (
	Statutory    Kind = "statutory"
	Learning     Kind = "learning"
	Commissioned Kind = "commissioned"
	RapidReview  Kind = "rapid-review"
	National     Kind = "national"
)

// kinds lists the kinds in the order to show them.
var kinds = []Kind{Statutory, Learning, Commissioned, RapidReview, National}

// Words names the kind as the field does.
func (k Kind) Words() string {
	switch k {
	case Statutory:
		return "Local child safeguarding practice review"
	case Learning:
		return "Learning review"
	case Commissioned:
		return "Commissioned review"
	case RapidReview:
		return "Rapid review"
	case National:
		return "National review"
	}
	return string(k)
}

// incident reports whether reviews of the kind begin with an incident that the
// authority must notify, and so have statutory clocks.
func (k Kind) incident() bool { return k == Statutory || k == RapidReview }

// A Stage is how far a review has come.
type Stage string

// The stages.
const (
	Notification  Stage = "notified"
	InRapidReview Stage = "rapid-review"
	Decided       Stage = "commissioned"
	InProgress    Stage = "in-progress"
	Completed     Stage = "completed"
	Published     Stage = "published"
	Closed        Stage = "closed"
)

// stages lists the stages in the order reviews go through them.
var stages = []Stage{Notification, InRapidReview, Decided, InProgress, Completed, Published, Closed}

// Words names the stage.
func (s Stage) Words() string {
	switch s {
	case Notification:
		return "Notification"
	case InRapidReview:
		return "Rapid review"
	case Decided:
		return "Commissioned"
	case InProgress:
		return "In progress"
	case Completed:
		return "Completed"
	case Published:
		return "Published"
	case Closed:
		return "Closed without review"
	}
	return string(s)
}

// Tone is how the stage's tag looks.
func (s Stage) Tone() string {
	switch s {
	case Published, Completed:
		return "good"
	case Closed:
		return "quiet"
	}
	return "watch"
}

// Themes are what a review is about, in the words of the field.
type Themes []string

// themesApart stands between the themes of one review in a query's answer. No
// theme may hold it.
const themesApart = "|"

// Scan reads the themes of one row, joined by the query.
func (t *Themes) Scan(v any) error {
	var joined db.Opt
	if err := joined.Scan(v); err != nil {
		return fmt.Errorf("read themes: %w", err)
	}
	*t = nil
	if joined != "" {
		*t = strings.Split(string(joined), themesApart)
	}
	return nil
}

// A Review is one review, without case content. Its fields are in the order of
// the columns that queries select.
type Review struct {
	ID              string
	Reference       string // a pseudonym, or the title as published
	Kind            Kind
	Stage           Stage       // follows from the dates
	AwareOn         period.Date // the authority became aware of the incident
	NotifiedOn      period.Date // the Panel was notified
	RapidOn         period.Date // the rapid review was held
	RapidSentOn     period.Date // the rapid review was sent to the Panel
	DecidedOn       period.Date // the review was decided on, or commissioned
	StartedOn       period.Date
	CompletedOn     period.Date
	PublishedOn     period.Date
	ClosedOn        period.Date // closed without a review
	CommissionerID  db.Opt      // empty: the partnership itself
	PublicationHref string
	BriefingHref    string
	Commissioner    string // the name of CommissionerID; read only
	Themes          Themes
}

// CommissionedBy names who commissioned the review.
func (r Review) CommissionedBy() string {
	if r.Commissioner == "" {
		return "The partnership"
	}
	return r.Commissioner
}

// Began gives the day of the first step taken.
func (r Review) Began() period.Date {
	for _, s := range steps {
		if on := s.On(r); !on.IsZero() {
			return on
		}
	}
	return period.Date{}
}

// A Step is something that happens once in the life of a review, on a day.
type Step struct {
	ID    string // also the name of its form field
	Words string // what happened: "Notified the Panel"
	stage Stage  // the stage that the step opens
	date  func(*Review) *period.Date
}

// steps lists the steps in the order they are taken.
var steps = []Step{
	{"aware", "Authority became aware", Notification, func(r *Review) *period.Date { return &r.AwareOn }},
	{"notified", "Panel notified", Notification, func(r *Review) *period.Date { return &r.NotifiedOn }},
	{"rapid", "Rapid review held", InRapidReview, func(r *Review) *period.Date { return &r.RapidOn }},
	{"rapid_sent", "Rapid review sent to the Panel", InRapidReview,
		func(r *Review) *period.Date { return &r.RapidSentOn }},
	{"decided", "Decided to review", Decided, func(r *Review) *period.Date { return &r.DecidedOn }},
	{"started", "Review began", InProgress, func(r *Review) *period.Date { return &r.StartedOn }},
	{"completed", "Completed", Completed, func(r *Review) *period.Date { return &r.CompletedOn }},
	{"published", "Published", Published, func(r *Review) *period.Date { return &r.PublishedOn }},
	{"closed", "Closed without review", Closed, func(r *Review) *period.Date { return &r.ClosedOn }},
}

// On gives the day the step was taken in a review; zero when it was not.
func (s Step) On(r Review) period.Date { return *s.date(&r) }

// findStep finds a step by its id.
func findStep(id string) (Step, bool) {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return steps[i], true
}

// reached gives the place in steps of the last step taken, or -1.
func (r Review) reached() int {
	last := -1
	for i, s := range steps {
		if !s.On(r).IsZero() {
			last = i
		}
	}
	return last
}

// stage gives the stage that follows from the dates.
func (r Review) stage() Stage {
	if i := r.reached(); i >= 0 {
		return steps[i].stage
	}
	return Notification
}

// Next lists the steps that may be taken now: those after the last one taken.
// Steps may be passed over, except that what is published was completed; what
// was completed is no longer closed without a review, and what ended has ended.
func (r Review) Next() []Step {
	at := r.reached()
	var next []Step
	for i, s := range steps {
		switch {
		case i <= at, r.Stage == Published, r.Stage == Closed:
		case s.ID == "published" && r.CompletedOn.IsZero():
		case s.ID == "closed" && !r.CompletedOn.IsZero():
		case i < 4 && !r.Kind.incident(): // no incident, no notification
		default:
			next = append(next, s)
		}
	}
	return next
}

// problems lists what is wrong with a review as it is to be kept.
func (r Review) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if r.Reference == "" {
		add("reference", "Enter the review's reference: a pseudonym, or its title as published")
	}
	if !slices.Contains(kinds, r.Kind) {
		add("kind", "Choose what kind of review it is")
	}
	for _, t := range r.Themes {
		if strings.Contains(t, themesApart) {
			add("themes", "Write each theme on its own line, without the sign "+themesApart)
			break
		}
	}
	if r.reached() < 0 {
		add("aware", "Enter the date of at least one step")
	}
	if !r.PublishedOn.IsZero() && r.CompletedOn.IsZero() {
		add("completed", "Enter when it was completed, as it has been published")
	}
	if !r.ClosedOn.IsZero() && (!r.CompletedOn.IsZero() || !r.PublishedOn.IsZero()) {
		add("closed", "A review that was completed was not closed without a review: take one of the dates away")
	}
	return append(out, r.dateProblems(today)...)
}

// dateProblems finds steps dated in the future or before an earlier step.
func (r Review) dateProblems(today period.Date) []ui.Problem {
	var out []ui.Problem
	var before Step
	for _, s := range steps {
		on := s.On(r)
		switch {
		case on.IsZero():
			continue
		case on.After(today):
			out = append(out, ui.Problem{Field: s.ID,
				Text: fmt.Sprintf("“%s” is a step already taken: enter a date up to today, %s", s.Words, today.Words())})
		case before.ID != "" && on.Before(before.On(r)):
			out = append(out, ui.Problem{Field: s.ID, Text: fmt.Sprintf("“%s” cannot be before “%s” on %s", s.Words,
				before.Words, before.On(r).Words())})
		}
		before = s
	}
	return out
}

// Errors of the room's actions that a person can do something about.
var (
	// ErrTaken is returned when another review has the reference.
	ErrTaken = &ui.Taken{Field: "reference",
		Text: "There is already a review with this reference: choose another, or change that one"}
	// ErrMoved is returned for a step that cannot be taken, because the review
	// has gone on or ended meanwhile.
	ErrMoved = errors.New("the review is no longer at that stage")
	// ErrPublished is returned when a published review was to be deleted.
	ErrPublished = errors.New("a published review is part of the yearly report")
)
