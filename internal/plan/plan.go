// Package plan is the room of what a partnership means to do, and of whether it
// did it.
//
// A business plan has a few priorities for a year. At the year's end each is
// judged: what was achieved, and what remains to do. Under them is one register
// of recommendations and actions for the whole partnership, wherever they come
// from: a review, an audit, scrutiny, a family, or a priority of the plan. A
// recommendation is what somebody said should change; its actions are what is
// done about it, each with an owner, a day by which it is due, the evidence that
// it was done and a note on what changed for children. This is where the golden
// thread begins. Scrutiny notes say what the independent scrutineer looked at,
// saw and challenged, and what the partners answered.
//
// Nothing here is about a child: a source is named by its reference, and case
// content has no field to be written in. It belongs behind the wall of the
// reviews store.
//
// The status of an action follows from its dates, so the two can never disagree.
//
// Tables: plan_years, plan_priorities, plan_recommendations, plan_actions and
// plan_scrutiny, in the work store.
package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/files"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Deps is what the room needs from the rest of the house.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
	Files *files.Store // what shows that actions were done
	Mail  *mail.Outbox
	Site  mail.Sited
	// People knows who can sign in, and what each may do.
	People People
	// Partners lists the statutory safeguarding partners, who decide on plans.
	Partners func(ctx context.Context, q db.Reader) ([]Partner, error)
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
}

// People knows who can sign in.
type People interface {
	// WhoMay lists the people with an account who hold a permission, each with what they
	// may do.
	WhoMay(ctx context.Context, q db.Reader, permission web.Permission) ([]web.Person, error)
}

// Room is the room of the plan.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return &Room{Deps: d, pages: pages}, nil
}

func (r *Room) trail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}

// A Plan is the business plan of one financial year. Its fields are in the order
// of the columns that queries select.
type Plan struct {
	Year     string // the financial year: 2024-25
	Title    string
	Summary  string
	AgreedOn period.Date // the partners agreed it; zero while it is a draft
	AskedOn  period.Date // the partners are asked to agree since; zero while nobody has asked
}

// Waits reports whether the plan waits for the safeguarding partners to agree.
func (p Plan) Waits() bool { return !p.AskedOn.IsZero() && p.AgreedOn.IsZero() }

// problems lists what is wrong with a plan as it is to be kept.
func (p Plan) problems() []ui.Problem {
	var out []ui.Problem
	if y, err := period.ParseYear(p.Year); err != nil || y.String() != p.Year {
		out = append(out, ui.Problem{Field: "year", Text: "Enter a financial year, such as 2024-25"})
	}
	if p.Title == "" {
		out = append(out, ui.Problem{Field: "title", Text: "Enter the plan's title"})
	}
	return out
}

// A Status says how a priority stands, or how it was judged at the year's end.
type Status string

// The statuses.
const (
	UnderWay    Status = "under-way"
	Achieved    Status = "achieved"
	Partly      Status = "partly"
	NotAchieved Status = "not"
)

// statuses lists the statuses in the order to show them.
var statuses = []Status{Achieved, Partly, NotAchieved, UnderWay}

// Words names the status.
func (s Status) Words() string {
	switch s {
	case UnderWay:
		return "Under way"
	case Achieved:
		return "Achieved"
	case Partly:
		return "Partly achieved"
	case NotAchieved:
		return "Not achieved"
	}
	return string(s)
}

// Tone is how the status's tag looks.
func (s Status) Tone() string {
	switch s {
	case Achieved:
		return "good"
	case Partly:
		return "watch"
	case NotAchieved:
		return "bad"
	}
	return "quiet"
}

// judged reports whether the status is a judgement at the year's end.
func (s Status) judged() bool { return s == Achieved || s == Partly || s == NotAchieved }

// A Priority is one priority of a year's plan. Its fields are in the order of the
// columns that queries select.
type Priority struct {
	ID       string
	Year     string
	Place    int64 // in the plan, from 1
	Title    string
	Outcome  string // what is wanted
	OwnerID  db.Opt
	Status   Status
	JudgedOn period.Date
	Achieved string // what was achieved
	Remains  string // what remains to do
	// OwnerEmail and Owner are read from identity. An address given to an action
	// of the room takes the place of OwnerID.
	OwnerEmail string
	Owner      string
	Actions    int64 // in the register, of those that the reader may read; read only
	Done       int64 // of them, those done; read only
}

// problems lists what is wrong with a priority as it is to be kept.
func (p Priority) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if p.Title == "" {
		add("title", "Enter the priority's title")
	}
	if p.Outcome == "" {
		add("outcome", "Enter what is wanted: what will be different for children")
	}
	if p.Place < 0 || p.Place > 99 {
		add("place", "Enter a place in the plan from 1 to 99")
	}
	switch {
	case p.Status == UnderWay:
	case !p.Status.judged():
		add("status", "Choose how the priority is judged")
	default:
		if p.JudgedOn.IsZero() || p.JudgedOn.After(today) {
			add("judged", "Enter when it was judged: a date up to today, "+today.Words())
		}
		if p.Achieved == "" && p.Status != NotAchieved {
			add("achieved", "Enter what was achieved")
		}
		if p.Remains == "" && p.Status != Achieved {
			add("remains", "Enter what remains to do")
		}
	}
	return out
}

// A SourceKind says what kind of lesson a recommendation or an action comes from.
type SourceKind string

// The kinds of source.
const (
	FromReview   SourceKind = "review"
	FromAudit    SourceKind = "audit"
	FromScrutiny SourceKind = "scrutiny"
	FromFamily   SourceKind = "family"
	FromPriority SourceKind = "priority"
)

// sourceKinds lists the kinds of source in the order to show them.
var sourceKinds = []SourceKind{FromReview, FromAudit, FromScrutiny, FromFamily, FromPriority}

// Words names the kind of source.
func (k SourceKind) Words() string {
	switch k {
	case FromReview:
		return "Review"
	case FromAudit:
		return "Audit"
	case FromScrutiny:
		return "Independent scrutiny"
	case FromFamily:
		return "Children and families"
	case FromPriority:
		return "Business plan priority"
	}
	return string(k)
}

// Errors of the room's actions that a person can do something about.
var (
	// ErrTaken is returned when there is a plan for the year.
	ErrTaken = &ui.Taken{Field: "year", Text: "There is already a plan for this year: choose another, or change that one"}
	// ErrMoved is returned for what cannot be done to a record any more.
	ErrMoved = errors.New("the record has changed meanwhile")
	// ErrUsed is returned when something with actions was to be deleted.
	ErrUsed = errors.New("actions belong to this record")
)

// checkSource finds what is wrong with where a lesson comes from.
func checkSource(k SourceKind, source string) []ui.Problem {
	var out []ui.Problem
	if !slices.Contains(sourceKinds, k) {
		out = append(out, ui.Problem{Field: "source_kind", Text: "Choose where it comes from"})
	}
	if source == "" && k != FromPriority {
		out = append(out, ui.Problem{Field: "source",
			Text: "Enter the name of where it comes from, such as the review's reference"})
	}
	return out
}
