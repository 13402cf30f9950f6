package audittrail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kith/internal/kit/db"
)

// A Filter says which entries are asked for, and which page of them.
type Filter struct {
	// Search are words in who did what; Standard is the same search with the program's own
	// words for what this place calls something else, since that is how entries are kept.
	Search, Standard string
	Person           string // id of who did it
	Subject          string // the kind of thing
	Record           string // its id
	Kind             string // one of the kinds below; "" for all
	From, Until      time.Time
	// Without are the kinds of thing that are not there for whoever asks: neither listed
	// nor counted nor found by their words.
	Without       []string
	Limit, Offset int
}

// Kinds of entry, as a filter names them.
const (
	KindChanges  = "changes"
	KindLooked   = "looked"
	KindRefusals = "refusals"
)

// where is shared by the list and its count: only what is asked for stands in it.
func (f Filter) where() (string, []any) {
	var conditions []string
	var args []any
	add := func(asked bool, condition string, values ...any) {
		if !asked {
			return
		}
		marks := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = len(args)
		}
		conditions = append(conditions, fmt.Sprintf(condition, marks...))
	}
	add(f.Search != "", `(lower(person || ' ' || act || ' ' || subject || ' ' || detail || ' ' || reason)
		LIKE $%d ESCAPE '\' OR lower(act || ' ' || subject) LIKE $%d ESCAPE '\')`, db.LikeLower(f.Search), db.LikeLower(f.Standard))
	add(f.Person != "", `person_id = $%d`, f.Person)
	add(f.Subject != "", `subject = $%d`, f.Subject)
	add(f.Record != "", `subject_id = $%d`, f.Record)
	add(f.Kind == KindChanges, `act NOT IN ($%d, $%d, $%d)`, ActRead, ActDownloaded, ActRefused)
	add(f.Kind == KindLooked, `act IN ($%d, $%d)`, ActRead, ActDownloaded)
	add(f.Kind == KindRefusals, `act = $%d`, ActRefused)
	add(!f.From.IsZero(), `at >= $%d`, db.At(f.From))
	add(!f.Until.IsZero(), `at < $%d`, db.At(f.Until))
	for _, subject := range f.Without {
		add(true, `subject <> $%d`, subject)
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// Find lists a page of entries, newest first.
func Find(ctx context.Context, q db.Reader, f Filter) ([]Entry, error) {
	where, args := f.where()
	args = append(args, f.Limit, f.Offset)
	return db.All[Entry](ctx, q, `
		SELECT id, at, person_id, person, act, subject, subject_id, detail, reason, changes FROM audit_trail`+where+
		fmt.Sprintf(` ORDER BY at DESC, id DESC LIMIT $%d OFFSET $%d`, len(args)-1, len(args)), args...)
}

// Count counts the entries that a filter lets through.
func Count(ctx context.Context, q db.Reader, f Filter) (int, error) {
	where, args := f.where()
	return db.Get[int](ctx, q, `SELECT count(*) FROM audit_trail`+where, args...)
}

// Subjects lists the kinds of thing that there are entries of, by going from one to the
// next in the index and not through every entry.
func Subjects(ctx context.Context, q db.Reader) ([]string, error) {
	var out []string
	for after := ""; ; {
		next, err := db.Get[db.Opt](ctx, q, `SELECT min(subject) FROM audit_trail WHERE subject > $1`, after)
		if err != nil || next == "" {
			return out, err
		}
		after = string(next)
		out = append(out, after)
	}
}

// Sealed says how many entries are sealed, and when the end was last signed; zero when
// that was never.
func Sealed(ctx context.Context, q db.Reader) (n int64, at time.Time, err error) {
	signed, err := NewestHead(ctx, q)
	if errors.Is(err, db.ErrNotFound) {
		return 0, time.Time{}, nil
	} else if err != nil {
		return 0, time.Time{}, err
	}
	h, err := readHead(signed)
	if err != nil {
		return 0, time.Time{}, nil // it is for Verify to say what is wrong with it
	}
	return h.N, h.At, nil
}
