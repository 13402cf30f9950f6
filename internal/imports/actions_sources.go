package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
)

// A Source is where files come from whose headers are not known: how they are read is said
// once, and offered again for the next file with the same headers.
type Source struct {
	ID, Kind  string
	Headers   string // SHA-256 of the set of headers
	Name      string // as the partnership calls it
	Matching  string // intake.Matching, as JSON
	By        string // who said it last
	CreatedAt db.Time
	UsedAt    db.Time
}

// sourceSubject is what the audit trail calls a source.
const sourceSubject = "source of files"

// said gives the matching of a source.
func (s Source) said() (m intake.Matching, err error) {
	if err = json.Unmarshal([]byte(s.Matching), &m); err != nil {
		err = fmt.Errorf("read the columns of the source %s: %w", s.ID, err)
	}
	return m, err
}

// headersOf is short for the headers of a file.
func headersOf(d *intake.Draft) string {
	sum := sha256.Sum256([]byte(d.Headers()))
	return hex.EncodeToString(sum[:])
}

// remembered gives what was said of files with the same headers; false when nothing was.
func (r *Room) remembered(ctx context.Context, kind string, d *intake.Draft) (Source, bool, error) {
	s, err := sourceByHeaders(ctx, r.Work, kind, headersOf(d))
	if errors.Is(err, db.ErrNotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// Remember keeps how files with the headers of a draft are read, under the name that the
// partnership has for where they come from.
func (r *Room) Remember(
	ctx context.Context, by web.Person, kind, name string, d *intake.Draft, m intake.Matching,
) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("remember the columns of %s: %w", kind, err)
	}
	now := db.At(r.Now())
	s := Source{ID: r.NewID(), Kind: kind, Headers: headersOf(d), Name: name, Matching: string(raw), By: by.Name,
		CreatedAt: now, UsedAt: now}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := putSource(ctx, q, s); err != nil {
			return err
		}
		if s, err = sourceByHeaders(ctx, q, kind, s.Headers); err != nil {
			return err
		}
		return r.noteSource(ctx, q, by, "said how to read", s)
	})
	return db.Wrap(err, "remember the columns of %s", kind)
}

// DeleteSource forgets how files of a source are read. What was loaded stays.
func (r *Room) DeleteSource(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		s, err := lockSource(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, sourceSubject, id, fillSource(s)); err != nil {
			return err
		}
		if err := dropSource(ctx, q, id); err != nil {
			return err
		}
		return r.noteSource(ctx, q, by, "forgot how to read", s)
	})
	return db.Wrap(err, "forget source %s", id)
}

func (r *Room) noteSource(ctx context.Context, q db.Q, by web.Person, act string, s Source) error {
	return audittrail.Note(ctx, q, audittrail.Entry{ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: sourceSubject, SubjectID: s.ID, Detail: s.Name})
}
