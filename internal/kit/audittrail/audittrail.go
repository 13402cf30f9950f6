// Package audittrail keeps who did what and when, in the transaction in which
// they did it. Entries are only ever added.
//
// Entries are sealed in a chain once they are committed (chain.go), by which Verify finds
// what was changed or taken away.
//
// Tables: audit_trail, audit_chain, audit_end, audit_heads, in the work store.
package audittrail

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// A Trail is how a room notes what people do to its records.
type Trail struct {
	Now    clock.Clock
	NewID  func() string
	Search *search.Index // nil keeps nothing to be found
}

// Note adds that a person did something to one record: act is a verb in the past
// ("added"), subject what kind of record it is ("review"), detail what a reader
// needs more. What can be found of the record is brought up to date, so it is noted
// when everything is written.
func (t Trail) Note(ctx context.Context, q db.Q, by web.Person, act, subject, id, detail string, more ...More) error {
	e := Entry{ID: t.NewID(), At: db.At(t.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: subject, SubjectID: id, Detail: detail}
	for _, m := range more {
		m(&e)
	}
	if err := Note(ctx, q, e); err != nil {
		return err
	}
	if id == "" { // it is of no one record
		return t.Search.Changed(ctx, q, subject)
	}
	return t.Search.Changed(ctx, q, subject, id)
}

// Check compares what a person saw of a record with its form as it is kept now.
// When somebody changed it meanwhile it returns a *web.Changed that says who and
// when: by the record's last entry, or the last whose act begins with one of acts,
// for a trail that also tells of acts that change nothing of the form. The caller
// holds the record until its transaction ends.
func Check(ctx context.Context, q db.Reader, seen web.Seen, subject, id string, now *web.Form, acts ...string) error {
	err := seen.Check(now)
	var changed *web.Changed
	if !errors.As(err, &changed) {
		return err
	}
	entries, err := Of(ctx, q, subject, id)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if len(acts) == 0 || slices.ContainsFunc(acts, func(act string) bool { return strings.HasPrefix(e.Act, act) }) {
			changed.By, changed.ByID, changed.At = e.Person, e.PersonID, e.At.Time
			break
		}
	}
	return changed
}

// An Entry says that a person did something to something.
type Entry struct {
	ID        string
	At        db.Time
	PersonID  string // empty for the command line and the program itself
	Person    string // the name as it was then
	Act       string // a verb in the past: "booked", "withdrew"
	Subject   string // what kind of thing: "training session"
	SubjectID string
	Detail    string // what a reader needs more, in words; never anything confidential
	Reason    string // why, where somebody said so
	Changes   string // what was changed from what to what: see Changes
}

// Note adds an entry.
func Note(ctx context.Context, q db.Q, e Entry) error {
	if _, err := db.Exec(ctx, q, `
		INSERT INTO audit_trail (id, at, person_id, person, act, subject, subject_id, detail, reason, changes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.ID, e.At, e.PersonID, e.Person, e.Act, e.Subject, e.SubjectID, e.Detail, e.Reason, e.Changes); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `INSERT INTO audit_chain (entry_id) VALUES ($1)`, e.ID)
	return err
}

// What is noted of those who only look. It is in the trail, and in no record's history.
const (
	ActRead       = "read"
	ActDownloaded = "downloaded"
	ActRefused    = "was refused"
)

// Looked reports whether an act changes nothing.
func (e Entry) Looked() bool {
	return e.Act == ActRead || e.Act == ActDownloaded || e.Act == ActRefused
}

// Done lists the ids of the records of a kind that a person did something to since a time.
func Done(ctx context.Context, q db.Reader, personID, subject string, since time.Time) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT DISTINCT subject_id FROM audit_trail
		WHERE person_id = $1 AND subject = $2 AND at > $3 AND act NOT IN ('read', 'downloaded', 'was refused')`,
		personID, subject, db.At(since))
}

// Of lists what was done to one thing, newest first.
func Of(ctx context.Context, q db.Reader, subject, id string) ([]Entry, error) {
	return db.All[Entry](ctx, q, `
		SELECT id, at, person_id, person, act, subject, subject_id, detail, reason, changes
		FROM audit_trail WHERE subject = $1 AND subject_id = $2 AND act NOT IN ('read', 'downloaded', 'was refused')
		ORDER BY at DESC, id DESC`, subject, id)
}
