package remind

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// Setting gives when a kind reminds: as Settings have it, else as the kind begins.
func (r *Reminders) Setting(ctx context.Context, q db.Reader, k Kind) (Setting, error) {
	type row struct {
		Active        bool
		Before, After string
	}
	x, err := db.Get[row](ctx, q, `SELECT active, days_before, days_after FROM remind_kinds WHERE kind = $1`, k.ID)
	if errors.Is(err, db.ErrNotFound) {
		return Setting{Kind: k.ID, Active: true, Before: slices.Clone(k.Before), After: slices.Clone(k.After)}, nil
	}
	return Setting{Kind: k.ID, Active: x.Active, Before: numbers(x.Before), After: numbers(x.After)}, err
}

// Save keeps when a kind reminds, in the caller's transaction.
func Save(ctx context.Context, q db.Q, s Setting) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO remind_kinds (kind, active, days_before, days_after) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind) DO UPDATE SET active = excluded.active, days_before = excluded.days_before,
			days_after = excluded.days_after`,
		s.Kind, s.Active, words(s.Before), words(s.After))
	return db.Wrap(err, "keep when to remind of %s", s.Kind)
}

func numbers(text string) []int {
	var out []int
	for _, f := range strings.Fields(text) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func words(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, " ")
}

func hourBegun(ctx context.Context, q db.Reader, hour string) (bool, error) {
	n, err := db.Get[int](ctx, q, `SELECT count(*) FROM remind_hours WHERE hour = $1`, hour)
	return n > 0, err
}

// beginHour reports whether the caller is the first to begin an hour, and forgets those before.
func beginHour(ctx context.Context, q db.Q, hour string) (bool, error) {
	n, err := db.Exec(ctx, q, `INSERT INTO remind_hours (hour) VALUES ($1) ON CONFLICT (hour) DO NOTHING`, hour)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = db.Exec(ctx, q, `DELETE FROM remind_hours WHERE hour < $1`, hour)
	return true, err
}

// insertSent notes an occasion, and reports whether nobody had.
func insertSent(ctx context.Context, q db.Q, s Sent) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO remind_sent (kind, record_id, to_address, due_on, days, to_name, title, path, problem, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (kind, record_id, to_address, due_on, days) DO NOTHING`,
		s.Kind, s.RecordID, s.ToAddress, s.DueOn, s.Days, s.ToName, s.Title, s.Path, s.Problem, s.At)
	return n > 0, err
}

func keyOf(kind string, it Item, days int) string {
	return fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%d", kind, it.RecordID, it.Address, it.Due, days)
}

// seenTo gives the occasions of a kind that need nothing any more.
func seenTo(ctx context.Context, q db.Reader, kind string) (map[string]bool, error) {
	type row struct {
		RecordID, Address string
		Due               period.Date
		Days              int64
	}
	all, err := db.All[row](ctx, q, `SELECT record_id, to_address, due_on, days FROM remind_sent WHERE kind = $1`, kind)
	out := map[string]bool{}
	for _, x := range all {
		out[keyOf(kind, Item{RecordID: x.RecordID, Address: x.Address, Due: x.Due}, int(x.Days))] = true
	}
	return out, err
}

const sentColumns = `kind, record_id, to_address, due_on, days, to_name, title, path, problem, at FROM remind_sent`

// Of lists what was sent about one record, newest first.
func Of(ctx context.Context, q db.Reader, kind, recordID string) ([]Sent, error) {
	return db.All[Sent](ctx, q, `SELECT `+sentColumns+`
		WHERE kind = $1 AND record_id = $2 ORDER BY at DESC, to_address`, kind, recordID)
}

// A Filter says which reminders a list shows.
type Filter struct {
	Text, Kind    string // "" lets all through
	Lost          bool   // those alone that were not sent
	Limit, Offset int
}

// Find lists what was sent, newest first, and counts all that there is.
func Find(ctx context.Context, q db.Reader, f Filter) ([]Sent, int, error) {
	const where = ` WHERE ($1 = '' OR lower(title || ' ' || to_name || ' ' || to_address) LIKE $2 ESCAPE '\')
		AND ($3 = '' OR kind = $3) AND ($4 = 0 OR problem <> '')`
	lost := 0
	if f.Lost {
		lost = 1
	}
	args := []any{f.Text, db.LikeLower(f.Text), f.Kind, lost}
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM remind_sent`+where, args...)
	if err != nil {
		return nil, 0, err
	}
	page := db.Page(&args, f.Limit, f.Offset)
	list, err := db.All[Sent](ctx, q, `SELECT `+sentColumns+where+` ORDER BY at DESC, kind, record_id, to_address`+page,
		args...)
	return list, total, err
}
