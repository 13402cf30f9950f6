// Package training is the room where people who work with children learn
// together.
//
// The partnership runs programmes (multi-agency, education, systemic practice
// …). A programme has courses; a course is run on dates, its sessions; a person
// has a booking on a session, and afterwards its status says what became of it:
// attended, left early, did not come. A session that is full has a waiting list,
// and a place that is given back is held for whoever has waited longest until they
// answer, or the time for it is over. The
// yearly conference is a session like any other that also has presentations and
// stalls.
//
// Three promises are kept by the database itself. No session is overbooked: a
// place is taken by one statement that changes nothing when none is left
// (takePlace). Nobody sits on two chairs: training_bookings_one_live. And a
// confirmation is queued in the transaction that books, so nobody is told of a
// place that they do not have.
//
// What happened before Kith comes in as a file, one row a booking
// (training-history). The room's figures count events, attendances and people.
//
// Tables: training_programmes, training_courses, training_sessions,
// training_bookings, training_waiting, training_feeds, training_last_marks,
// training_presentations, training_stalls,
// training_replaced and its bookings, marks and courses, in the work store.
package training

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/register"
)

// Errors a person can act on; web.go turns each into words.
var (
	ErrFull       = errors.New("no place is left on the session")
	ErrNotOpen    = errors.New("the session is not open for booking")
	ErrBooked     = errors.New("the person already has a place on the session")
	ErrWaiting    = errors.New("the person is already on the waiting list")
	ErrNoOffer    = errors.New("no place is held for the person any more")
	ErrNotFull    = errors.New("the session has places, so nobody need wait")
	ErrOver       = errors.New("the booking can no longer be changed")
	ErrNotYet     = errors.New("the session has not begun")
	ErrTooSmall   = errors.New("more people have places than the session would hold")
	ErrDelivered  = errors.New("people are marked as having attended the session")
	ErrConference = errors.New("only a conference has presentations and stalls")
)

// What there can be only one of.
var (
	ErrProgrammeTaken = &ui.Taken{Field: "title", Text: "There is already a programme of this name"}
	ErrCourseTaken    = &ui.Taken{Field: "title", Text: "The programme already has a course of this title"}
	ErrStallTaken     = &ui.Taken{Field: "stall", Text: "This organisation already has a stall"}
)

// kinds are the kinds of course. Only the first is a full training event; the
// others are counted when a figure is asked for them by kind.
var kinds = []ui.Choice{
	{Value: "course", Text: "Course", Hint: "A full training event: half a day or more"},
	{Value: "briefing", Text: "Briefing", Hint: "An hour or so on one topic, such as a Spotlight session"},
	{Value: "conference", Text: "Annual event", Hint: "Has presentations and stalls"},
	{Value: "e-learning", Text: "E-learning", Hint: "Done alone, by a date"},
	{Value: "other", Text: "Other"},
}

// modes are the ways in which a session is held.
var modes = ui.Choices("room", "In a room", "online", "Online")

// wordsOf finds the words of a choice; a value that is none stands for itself.
func wordsOf(choices []ui.Choice, value string) string {
	i := slices.IndexFunc(choices, func(c ui.Choice) bool { return c.Value == value })
	if i < 0 {
		return value
	}
	return choices[i].Text
}

// valuesOf gives the values of choices.
func valuesOf(choices []ui.Choice) []string {
	var out []string
	for _, c := range choices {
		out = append(out, c.Value)
	}
	return out
}

func kindWords(v string) string { return wordsOf(kinds, v) }

func modeWords(v string) string {
	if v == "" {
		return "Not recorded"
	}
	return wordsOf(modes, v)
}

// A Programme is a strand of training that is planned and reported together.
type Programme struct {
	ID    string // a word that files and reports use: "multi-agency"
	Title string
	About string
}

// ProgrammeTitle makes a title from a programme's id, for one that only a file
// has named.
func ProgrammeTitle(id string) string {
	if id == "multi-agency" {
		return "Multi-agency"
	}
	return lang.Sentence(strings.ReplaceAll(id, "-", " "))
}

// A Course is something that is taught, again and again.
type Course struct {
	ID          string
	ProgrammeID string
	Title       string
	Kind        string // one of kinds
	Length      string // in words: "Half a day"
	About       string
	Audience    string // who it is for
	Programme   string // the programme's title
	Sessions    int64  // how many sessions it has had and has ahead, cancelled ones not counted
}

// A Presentation is given at a conference.
type Presentation struct {
	ID           string
	SessionID    string
	Title        string
	Organisation string // who presents it
}

// A Stall is an organisation's place in a conference's market place.
type Stall struct {
	ID           string
	SessionID    string
	Organisation string
}

// An Outbox queues mail in the caller's transaction.
type Outbox interface {
	Queue(ctx context.Context, q db.Q, m mail.Message) error
}

// People adds the people whom a file names.
type People interface {
	// Ensure finds a person by address, or without one by name and organisation,
	// and adds who is not there. It says whether it added.
	Ensure(ctx context.Context, q db.Q, name, email, jobTitle, organisationID string) (id string, added bool, err error)
}

// Organisations adds the organisations that a file names.
type Organisations interface {
	// Ensure finds an organisation by its name, and adds one that is not there. It
	// says whether it added.
	Ensure(ctx context.Context, q db.Q, name, sector string) (id string, added bool, err error)
}

// Deps is what the room needs.
type Deps struct {
	Work          *db.DB
	Now           clock.Clock
	NewID         func() string
	Mail          Outbox
	People        People
	Organisations Organisations
	// Register has the sectors; without one the room makes its own.
	Register *register.Register
	// Notice is how many working days before a session a place can be given back
	// in time; 0 means usualNotice.
	Notice int
	// Site tells where the workspace is: mails link to it.
	Site mail.Sited
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
	// Guests lets people without an account in, by a code; nil lets nobody in.
	Guests Guests
}

// usualNotice is the commonest rule among partnerships.
const usualNotice = 3

// Room is the room. Its exported methods are what people do here.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(templates)
	if err != nil {
		return nil, err
	}
	if d.Notice == 0 {
		d.Notice = usualNotice
	}
	if d.Register == nil {
		d.Register = register.New(d.Work, d.Now)
	}
	return &Room{Deps: d, pages: pages}, nil
}
