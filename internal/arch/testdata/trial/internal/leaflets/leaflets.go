// Package leaflets is the room that knows which leaflets the partnership lends and
// hands out, whom each is for, how many are left, and who makes sure that what it
// says is still true.
//
// A leaflet has a date by which its owner reads it again. One that is no longer given
// out is retired: it stays on record and no longer counts as in stock. How many there
// are is kept as a count by day, so that the stock can be told by any date, and the
// number shown is always the newest count.
//
// Tables: leaflets_register and leaflets_counts, in the work store.
package leaflets

import (
	"errors"
	"fmt"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// Deps is what the room needs from the rest of the house.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
}

// Room is the room of leaflets.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("leaflets: %w", err)
	}
	return &Room{Deps: d, pages: pages}, nil
}

// A State is how a leaflet stands on a day. It follows from its dates.
type State string

// The states.
const (
	InUse   State = "in-use"
	Due     State = "due"
	Retired State = "retired"
)

// states lists the states in the order to show them.
var states = []State{InUse, Due, Retired}

// Words names the state.
func (s State) Words() string {
	switch s {
	case InUse:
		return "In use"
	case Due:
		return "Review due"
	case Retired:
		return "Retired"
	}
	return string(s)
}

// Tone is how the state's tag looks.
func (s State) Tone() string {
	switch s {
	case InUse:
		return "good"
	case Due:
		return "watch"
	}
	return "quiet"
}

// A Leaflet is one leaflet. Its fields are in the order of the columns that queries
// select.
type Leaflet struct {
	ID         string
	Title      string
	Audience   string // whom it is for, in the partnership's words
	ReviewOn   period.Date
	OwnerID    string
	RetiredOn  period.Date // zero while it is in use
	InStock    int64       // the newest count
	Owner      string      // the name of OwnerID; read only
	OwnerEmail string      // read only
}

// State gives how the leaflet stands on a day.
func (l Leaflet) State(today period.Date) State {
	switch {
	case l.Retired():
		return Retired
	case !l.ReviewOn.After(today):
		return Due
	}
	return InUse
}

// Retired reports whether the leaflet is no longer given out.
func (l Leaflet) Retired() bool { return !l.RetiredOn.IsZero() }

// problems lists what is wrong with a leaflet as it is to be kept.
func (l Leaflet) problems() []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if l.Title == "" {
		add("title", "Enter the leaflet’s title")
	}
	if l.Audience == "" {
		add("audience", "Enter whom it is for, such as parents of babies")
	}
	if l.InStock < 0 {
		add("stock", "Enter how many are in stock, 0 or more")
	}
	if l.ReviewOn.IsZero() {
		add("review", "Enter the date by which it is to be read again")
	}
	if l.OwnerID == "" {
		add("owner", "Enter who makes sure that it stays true")
	}
	return out
}

// Errors of the room's actions that a person can do something about.
var (
	// ErrTaken is returned when another leaflet has the title.
	ErrTaken = &ui.Taken{Field: "title",
		Text: "There is already a leaflet with this title: choose another, or change that one"}
	// ErrRetired is returned when a leaflet was to be retired that already is.
	ErrRetired = errors.New("the leaflet is already retired")
)
