package training

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/names"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit/ledger"
)

// monday is when the tests are: Monday 25 March 2024, 10 in the morning. Easter
// follows, so that working days are not simply weekdays.
var monday = time.Date(2024, 3, 25, 10, 0, 0, 0, time.UTC)

// A house is the room on a store, with what stands beside it.
type house struct {
	*Room
	t       testing.TB
	outbox  *mail.Outbox
	imports *ledger.Room
	site    mail.Site
}

func newHouse(t testing.TB, work *db.DB) *house {
	t.Helper()
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("id%06d", n.Add(1)) }
	h := &house{t: t, site: mail.Site{Address: "https://kith.example"}}
	now := clock.Fixed(monday)
	h.outbox = &mail.Outbox{DB: work, Now: now, NewID: newID}
	h.imports = ledger.New(t, work, now, newID)
	room, err := New(Deps{Work: work, Now: now, NewID: newID, Mail: h.outbox, People: people{newID},
		Organisations: organisations{newID}, Site: func(context.Context, db.Reader) (mail.Site, error) {
			return h.site,
				nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	h.Room = room
	h.imports.Offer(room.Kinds()...)
	return h
}

// at moves the room's clock.
func (h *house) at(t time.Time) { h.Now = clock.Fixed(t) }

// people and organisations are the smallest rooms that add what files name.
type people struct{ newID func() string }

func (p people) Ensure(ctx context.Context, q db.Q, name, email, jobTitle, organisationID string) (string, bool,
	error) {
	id, err := db.Get[string](ctx, q, `
		SELECT id FROM people WHERE name_key = $2 AND (email = $1 AND email <> ''
			OR ($1 = '' AND COALESCE(organisation_id, '') = $3))`,
		email, names.Key(name), organisationID)
	if !errors.Is(err, db.ErrNotFound) {
		return id, false, err
	}
	id = p.newID()
	_, err = db.Exec(ctx, q, `
		INSERT INTO people (id, name, name_key, folded, email, job_title, organisation_id, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, name, names.Key(name), db.Fold(name+" "+email), email, jobTitle, db.Opt(organisationID), db.At(monday))
	return id, true, err
}

type organisations struct{ newID func() string }

func (o organisations) Ensure(ctx context.Context, q db.Q, name, sector string) (string, bool, error) {
	id, err := db.Get[string](ctx, q, `SELECT id FROM organisations WHERE name_key = $1`, names.Key(name))
	if !errors.Is(err, db.ErrNotFound) {
		return id, false, err
	}
	id = o.newID()
	_, err = db.Exec(ctx, q, `
		INSERT INTO organisations (id, name, name_key, folded, sector, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, name, names.Key(name), db.Fold(name), cmp.Or(sector, "other"), db.At(monday))
	return id, true, err
}

// Ensure1 is Ensure in a transaction of its own.
func (o organisations) Ensure1(h *house, name, sector string) (id string, err error) {
	err = h.Work.Tx(h.t.Context(), func(q db.Q) error {
		id, _, err = o.Ensure(h.t.Context(), q, name, sector)
		return err
	})
	return id, err
}

// officer is who may do everything here.
var officer = web.Person{ID: "officer", Name: "Olive Officer",
	Permissions: map[web.Permission]bool{access.TrainingRead: true, access.TrainingBook: true,
		access.TrainingManage: true}}

// person adds somebody of an organisation, "Name of Organisation (sector)" or only
// a name, and gives who they are when signed in.
func (h *house) person(name string) web.Person {
	h.t.Helper()
	name, org, _ := strings.Cut(name, " of ")
	org, sector, _ := strings.Cut(strings.TrimSuffix(org, ")"), " (")
	p := web.Person{Name: name, Email: strings.ToLower(name) + "@example.org", Organisation: org,
		Permissions: map[web.Permission]bool{access.TrainingRead: true, access.TrainingBook: true}}
	h.tx(func(q db.Q) (err error) {
		if org != "" {
			if p.OrganisationID, _, err = h.Organisations.Ensure(h.t.Context(), q, org, sector); err != nil {
				return err
			}
		}
		p.ID, _, err = h.People.Ensure(h.t.Context(), q, name, p.Email, "", p.OrganisationID)
		return err
	})
	return p
}

func (h *house) tx(f func(q db.Q) error) {
	h.t.Helper()
	h.ok(h.Work.Tx(h.t.Context(), f))
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// course adds a course of the kind to the multi-agency programme.
func (h *house) course(title, kind string) string {
	h.t.Helper()
	err := h.AddProgramme(h.t.Context(), officer, Programme{ID: "multi-agency", Title: "Multi-agency"})
	if err != nil && !errors.Is(err, ErrProgrammeTaken) {
		h.t.Fatal(err)
	}
	id, err := h.AddCourse(h.t.Context(), officer, Course{ProgrammeID: "multi-agency", Title: title, Kind: kind})
	h.ok(err)
	return id
}

// session adds an open session of a course of its own: 9.30 to 4 in Harbour Hall.
func (h *house) session(day string, capacity int64) string {
	h.t.Helper()
	return h.sessionOf(h.course("Working together "+h.NewID(), "course"), day, capacity)
}

func (h *house) sessionOf(courseID, day string, capacity int64) string {
	h.t.Helper()
	d := period.MustDate(day)
	id, err := h.AddSession(h.t.Context(), officer, Session{
		CourseID: courseID, StartsOn: d, EndsOn: d, StartTime: "09:30", EndTime: "16:00", Mode: "room", Venue: "Harbour Hall",
		Capacity: capacity, State: Open,
	})
	h.ok(err)
	return id
}

// book books for each person and gives the bookings' ids.
func (h *house) book(sessionID string, people ...web.Person) (ids []string) {
	h.t.Helper()
	for _, p := range people {
		id, err := h.Book(h.t.Context(), p, sessionID, p.ID)
		h.ok(err)
		ids = append(ids, id)
	}
	return ids
}

// register writes a session's bookings as text: "Ann attended, Bob booked".
func (h *house) register(sessionID string) string {
	h.t.Helper()
	bookings, err := bookingsOf(h.t.Context(), h.Work, sessionID)
	h.ok(err)
	var out []string
	for _, b := range bookings {
		out = append(out, b.Name+" "+string(b.Status))
	}
	return strings.Join(out, ", ")
}

// standing writes how a session stands: "open, 2 of 3, 1 waiting".
func (h *house) standing(sessionID string) string {
	h.t.Helper()
	s, err := sessionByID(h.t.Context(), h.Work, sessionID)
	h.ok(err)
	return fmt.Sprintf("%s, %d of %d, %d waiting", s.State, s.Taken, s.Capacity, s.Waiting)
}

// offers writes for whom places are held: "Bob until 27 March 2024 at 10am".
func (h *house) offers(sessionID string) string {
	h.t.Helper()
	list, err := waiters(h.t.Context(), h.Work, sessionID)
	h.ok(err)
	var out []string
	for _, w := range list {
		if w.Offered() {
			out = append(out, w.Name+" until "+lang.DateTime(w.AnswerBy.Time))
		}
	}
	return strings.Join(out, ", ")
}

// turn gives the id of a person's turn on a waiting list.
func (h *house) turn(sessionID string, p web.Person) string {
	h.t.Helper()
	id, err := db.Get[string](h.t.Context(), h.Work,
		`SELECT id FROM training_waiting WHERE session_id = $1 AND person_id = $2`, sessionID, p.ID)
	h.ok(err)
	return id
}

// take takes the place that is held for a person.
func (h *house) take(sessionID string, p web.Person) {
	h.t.Helper()
	_, err := h.Take(h.t.Context(), p, h.turn(sessionID, p))
	h.ok(err)
}

// e-mails writes the outbox as text, the oldest first: "Ann: Booked: …".
func (h *house) emails() []string {
	h.t.Helper()
	entries, err := h.outbox.Newest(h.t.Context(), 1000)
	h.ok(err)
	var out []string
	for i := range entries {
		e := entries[len(entries)-1-i]
		out = append(out, e.ToName+": "+e.Subject)
	}
	return out
}

func (h *house) want(what, got, want string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
	}
}

func (h *house) refused(what string, err, want error) {
	h.t.Helper()
	if !errors.Is(err, want) {
		h.t.Errorf("%s: got %v, want %v", what, err, want)
	}
}
