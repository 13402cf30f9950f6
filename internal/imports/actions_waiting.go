package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// Files that wait for a person to say which column is what are kept in the store, where a
// restart does not lose them and any node goes on, if they are of a kind without rows about
// children and are seen to be of it: all that it needs has a column, but for what may be
// given once for the whole file. Others wait in the process that received them.

// wait keeps files for the person under a token. They are its own to close.
func (r *Room) wait(ctx context.Context, token, person string, u *upload, known bool) error {
	if !known || u.size() > maxKept {
		return r.waiting.put(token, person, u, r.Now())
	}
	at := db.At(r.Now())
	err := r.Work.Tx(ctx, func(q db.Q) error {
		for i, f := range u.files {
			if err := keepWaiting(ctx, q, token, person, i+1, f, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep files that wait: %w", err)
	}
	return u.Close()
}

// awaited gives the files that wait under a token, once, whose they then are to close; nil
// when there are none, or they are another person's.
func (r *Room) awaited(ctx context.Context, token, person string) (*upload, error) {
	if u := r.waiting.take(token, person); u != nil {
		return u, nil
	}
	u := &upload{}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		names, err := waitingNames(ctx, q, token, person)
		if err != nil {
			return err
		}
		for i, name := range names {
			if err := u.add(r.Dir, name, waitingReader(ctx, q, token, i+1)); err != nil {
				return err
			}
		}
		return dropWaiting(ctx, q, token, person)
	})
	if err != nil || len(u.files) == 0 {
		return nil, errors.Join(db.Wrap(err, "take files that wait"), u.Close())
	}
	return u, nil
}

// seenToBe reports whether files are seen to be of a kind without rows about children.
func seenToBe(k intake.Kind, d *intake.Draft, fields []intake.Field) bool {
	return k.NoChildren && !slices.ContainsFunc(d.Matching.Missing(fields), func(x intake.Field) bool {
		return len(x.Whole) == 0
	})
}

func keepWaiting(ctx context.Context, q db.Q, token, person string, number int, f intake.File, at db.Time) error {
	return eachPart(f, func(part int, content []byte) error {
		_, err := db.Exec(ctx, q, `
			INSERT INTO imports_waiting (token, person_id, file, part, name, content, received_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, token, person, number, part, f.Name, content, at)
		return err
	})
}

func waitingNames(ctx context.Context, q db.Reader, token, person string) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT name FROM imports_waiting WHERE token = $1 AND person_id = $2 AND part = 1 ORDER BY file`, token, person)
}

func waitingReader(ctx context.Context, q db.Reader, token string, number int) io.Reader {
	return &partReader{part: func(n int) (keptPart, error) {
		return db.Get[keptPart](ctx, q, `
			SELECT content FROM imports_waiting WHERE token = $1 AND file = $2 AND part = $3`, token, number, n)
	}}
}

func dropWaiting(ctx context.Context, q db.Q, token, person string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_waiting WHERE token = $1 AND person_id = $2`, token, person)
	return err
}

func dropWaitingBefore(ctx context.Context, q db.Q, at db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_waiting WHERE received_at < $1`, at)
	return err
}
