// Package duplicates is the room of records that may be one: two people, two
// organisations or two courses whose names are so much alike that somebody should look, and
// two sessions of a course on one day with mostly the same people.
//
// Files and people write one name in many ways. What is certain the program settles by
// itself (kit/names); what is only likely it lists here, side by side with what hangs on
// each, and a person says: the same, and which of the two to keep, or not the same,
// which is remembered and not asked again. A merge moves every row that points at the
// record that goes, in all rooms, and remembers each, so that it can be taken back. The
// record that goes stays too, set aside: a file that names it finds the one that was
// kept.
//
// The room knows neither people nor organisations nor training. Rooms offer their kinds
// of record and what points at them (kit/merge), and the program hands them over.
//
// Tables: duplicates_apart, duplicates_merges, duplicates_changes, all in the work store.
package duplicates

import (
	"embed"
	"errors"
	"fmt"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/merge"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Errors a person can act on.
var (
	ErrMerged = web.Conflict("One of them is merged already",
		"Somebody merged one of these two before you. Go back to the list and look again.")
	ErrUndone = web.Conflict("It is taken back already", "Somebody took this merge back before you.")
	ErrLater  = web.Conflict("A later merge stands in the way",
		"What was kept has been merged into another record since. Take that merge back first.")
)

// A Merge is one that was made.
type Merge struct {
	ID               string
	Kind             string
	FromID, ToID     string
	FromName, ToName string
	WasLive          bool // what was merged away was active until then
	By               string
	MergedAt         db.Time
	UndoneAt         db.Time
}

// Undone reports whether the merge was taken back.
func (m Merge) Undone() bool { return !m.UndoneAt.IsZero() }

// Deps is what the room needs.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
	// Kinds are the kinds of record there are, and Offers what points at them.
	Kinds  []merge.Kind
	Offers []merge.Offer
}

// Room is the room of records that may be one.
type Room struct {
	Deps
	pages                          *ui.Set
	people, organisations, courses *desk
	sessions                       *desk
	tally                          tally
}

//go:embed templates/*.html
var files embed.FS

// New opens the room.
func New(d Deps) (*Room, error) {
	if d.Work == nil || d.Now == nil || d.NewID == nil {
		return nil, errors.New("open duplicates: Work, Now and NewID are needed")
	}
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("open duplicates: %w", err)
	}
	r := &Room{Deps: d, pages: pages}
	r.people = &desk{r, "person", "person", "people", root + "/people"}
	r.organisations = &desk{r, "organisation", "organisation", "organisations", root + "/organisations"}
	r.courses = &desk{r, "course", "course", "courses", root + "/courses"}
	r.sessions = &desk{r, "session", "session", "sessions", root + "/sessions"}
	return r, nil
}

// desks are the pages of all kinds of record, as tabs has them.
func (r *Room) desks() []*desk { return []*desk{r.people, r.organisations, r.courses, r.sessions} }

// kind finds a kind of record.
func (r *Room) kind(id string) (merge.Kind, error) {
	for _, k := range r.Kinds {
		if k.ID == id {
			return k, nil
		}
	}
	return merge.Kind{}, fmt.Errorf("no room offers records of the kind %q", id)
}

// offers are what points at records of a kind.
func (r *Room) offers(kind string) []merge.Offer {
	var out []merge.Offer
	for _, o := range r.Offers {
		if o.Kind == kind {
			out = append(out, o)
		}
	}
	return out
}
