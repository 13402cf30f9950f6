// Package merge is how rooms offer what it takes to make one record of two that are
// of the same thing, and to make two of them again.
//
// The room that keeps a kind of record offers a Kind: which records there are, what a
// person compares two of them by, and how one is set aside. Every room whose rows point
// at records of a kind offers its Refs. Moves points those rows at the record that is
// kept and remembers each cell that it changed; Undo puts back what is still as the
// merge left it. Table and column names are the rooms' own words, never a person's.
package merge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A Kind is a kind of record of which two may be one, offered by the room that keeps it.
type Kind struct {
	ID      string // person, organisation, course
	Subject string // what the audit trail calls it
	// Candidates lists the records that may turn out to be the same as another.
	Candidates func(ctx context.Context, q db.Reader) ([]Candidate, error)
	// Pairs lists the records of which two may be one, where names do not tell; nil puts
	// Candidates beside each other by their names.
	Pairs func(ctx context.Context, q db.Reader) ([]Pair, error)
	// Record gives one record, or db.ErrNotFound.
	Record func(ctx context.Context, q db.Reader, id string) (Record, error)
	// Lock holds a record until the transaction ends.
	Lock func(ctx context.Context, q db.Q, id string) error
	// Refuses says why a person may not merge one record into another, or nil; may be nil
	// itself where everybody who merges may.
	Refuses func(by web.Person, from, to string) error
	// Retire sets a record aside, of which another is kept, and says whether it was
	// active until then. Revive takes that back.
	Retire func(ctx context.Context, q db.Q, from, to string) (wasLive bool, err error)
	Revive func(ctx context.Context, q db.Q, id string, live bool) error
}

// A Candidate is a record that may turn out to be the same as another.
type Candidate struct {
	ID, Name, Email  string
	Group, GroupName string // within which near names count: a person's organisation, a course's programme
}

// A Pair is two records that may be one, and why in words.
type Pair struct {
	A, B Candidate
	Why  string
}

// A Record is what a person compares two records by.
type Record struct {
	ID, Name, Href string
	Merged         bool // another record is kept in its place already
	Facts          []Fact
}

// A Fact is one thing that is known of a record.
type Fact struct{ Key, Value string }

// An Offer is what one room keeps that points at records of a kind.
type Offer struct {
	Kind string
	Refs []Ref
	// Blocks says what has to be settled by hand before from can be merged into to, in
	// sentences; nil when nothing ever has.
	Blocks func(ctx context.Context, q db.Reader, from, to string) ([]string, error)
	// Refuses says, in sentences, why somebody in particular may not merge from into to; or, where
	// moved is not nil, why they may not take back what moved, from from to to. May be nil.
	Refuses func(ctx context.Context, q db.Reader, by web.Person, from, to string, moved []Change) ([]string, error)
	// Tells says what a person has to know before from is merged into to, in sentences; may be
	// nil.
	Tells func(ctx context.Context, q db.Reader, from, to string) ([]string, error)
	// Before does what has to be done before the rows are pointed at to; may be nil.
	Before func(ctx context.Context, m *Moves, from, to string) error
	// Settle makes what is worked out from the rows right, after a merge and after it
	// was taken back; may be nil.
	Settle func(ctx context.Context, q db.Q, changes []Change) error
}

// A Ref is a column of ids of a kind.
type Ref struct {
	Table, Column string
	Key           []string // the columns that find a row, without Column itself
	One, Many     string   // what a row is to a person; "" for what is worked out from others, and not moved
	// Twice is the condition, on from ($1), to ($2) and a row x of from, under which to has
	// such a row already: then the row is taken away. It may only be said of rows that have
	// no more than Key and Column, so that all of a row is remembered.
	Twice string
	// Stays is the condition, on from ($1), to ($2) and a row x of from, under which a row stays
	// where it is, since to has the same: with from it is set aside, and is there again when the
	// merge is taken back.
	Stays string
}

// A Held is how many rows of a kind hang on a record.
type Held struct {
	N         int
	One, Many string
}

// Held counts what hangs on a record.
func (o Offer) Held(ctx context.Context, q db.Reader, id string) ([]Held, error) {
	var out []Held
	for _, r := range o.Refs {
		if r.One == "" {
			continue
		}
		n, err := db.Get[int](ctx, q, fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s = $1`, r.Table, r.Column), id)
		if err != nil {
			return nil, err
		}
		out = append(out, Held{n, r.One, r.Many})
	}
	return out, nil
}

// A Change is a cell that a merge changed. Without a column it is a row that was taken
// away, of which Key is all.
type Change struct {
	Table    string
	Key      []string // names and values in turn
	Column   string
	Was, Now string
}

// Of gives a value of the key.
func (c Change) Of(name string) string {
	for i := 0; i+1 < len(c.Key); i += 2 {
		if c.Key[i] == name {
			return c.Key[i+1]
		}
	}
	return ""
}

// Moves changes rows and remembers how they were.
type Moves struct {
	Q       db.Q
	Changes []Change
}

// Move does what an offer has to do.
func (m *Moves) Move(ctx context.Context, o Offer, from, to string) error {
	if o.Before != nil {
		if err := o.Before(ctx, m, from, to); err != nil {
			return err
		}
	}
	for _, r := range o.Refs {
		if r.One == "" {
			continue
		}
		if err := m.point(ctx, r, from, to); err != nil {
			return fmt.Errorf("move %s.%s: %w", r.Table, r.Column, err)
		}
	}
	return nil
}

// point makes every row of from one of to.
func (m *Moves) point(ctx context.Context, r Ref, from, to string) error {
	if r.Twice != "" {
		taken, err := m.keys(ctx, r, ` AND `+r.Twice, from, to)
		if err != nil {
			return err
		}
		for _, key := range taken {
			key = append(key, r.Column, from)
			if err := deleteRow(ctx, m.Q, r.Table, key); err != nil {
				return err
			}
			m.Changes = append(m.Changes, Change{Table: r.Table, Key: key})
		}
	}
	if r.Stays != "" {
		return m.pointSome(ctx, r, from, to)
	}
	keys, err := m.keys(ctx, r, "", from)
	if err != nil {
		return err
	}
	for _, key := range keys {
		m.Changes = append(m.Changes, Change{Table: r.Table, Key: key, Column: r.Column, Was: from, Now: to})
	}
	_, err = db.Exec(ctx, m.Q, fmt.Sprintf(`UPDATE %s SET %[2]s = $2 WHERE %[2]s = $1`, r.Table, r.Column), from, to)
	return err
}

// pointSome makes the rows of from that do not stay ones of to.
func (m *Moves) pointSome(ctx context.Context, r Ref, from, to string) error {
	keys, err := m.keys(ctx, r, ` AND NOT (`+r.Stays+`)`, from, to)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := m.Set(ctx, Change{Table: r.Table, Key: key, Column: r.Column, Was: from, Now: to}); err != nil {
			return err
		}
	}
	return nil
}

// keys reads the keys of the rows of from: names and values in turn.
func (m *Moves) keys(ctx context.Context, r Ref, more string, args ...any) ([][]string, error) {
	rows, err := m.Q.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM %s x WHERE x.%s = $1%s ORDER BY 1`,
		"x."+strings.Join(r.Key, ", x."), r.Table, r.Column, more), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		key, to := make([]string, 2*len(r.Key)), make([]any, len(r.Key))
		for i, name := range r.Key {
			key[2*i], to[i] = name, &key[2*i+1]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, rows.Err()
}

// Set changes one cell of a row that has a value, and remembers it.
func (m *Moves) Set(ctx context.Context, c Change) error {
	if n, err := set(ctx, m.Q, c, c.Was, c.Now); err != nil || n == 0 {
		return fmt.Errorf("set %s.%s: %w", c.Table, c.Column, orNotFound(err))
	}
	m.Changes = append(m.Changes, c)
	return nil
}

func orNotFound(err error) error {
	if err == nil {
		return db.ErrNotFound
	}
	return err
}

// Undo puts back what changes changed, the last first: each cell that still is as the
// merge left it, and each row that was taken away. It says how many could be.
func Undo(ctx context.Context, q db.Q, changes []Change) (back int, err error) {
	for _, c := range slices.Backward(changes) {
		var n int64
		if c.Column == "" {
			n, err = insertRow(ctx, q, c.Table, c.Key)
		} else {
			n, err = set(ctx, q, c, c.Now, c.Was)
		}
		if err != nil {
			return back, fmt.Errorf("put back %s: %w", c.Table, err)
		}
		back += int(n)
	}
	return back, nil
}

// set gives a cell another value, if it has the one that it should have.
func set(ctx context.Context, q db.Q, c Change, was, now string) (int64, error) {
	where, args := condition(c.Key, 3)
	return db.Exec(ctx, q, fmt.Sprintf(`UPDATE %s SET %[2]s = $2 WHERE %[2]s = $1 AND %[3]s`, c.Table, c.Column, where),
		append([]any{was, now}, args...)...)
}

func deleteRow(ctx context.Context, q db.Q, table string, key []string) error {
	where, args := condition(key, 1)
	return db.Must(ctx, q, fmt.Sprintf(`DELETE FROM %s WHERE %s`, table, where), args...)
}

func insertRow(ctx context.Context, q db.Q, table string, key []string) (int64, error) {
	var names, marks []string
	var args []any
	for i := 0; i+1 < len(key); i += 2 {
		names, args = append(names, key[i]), append(args, key[i+1])
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	return db.Exec(ctx, q, fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING`, table,
		strings.Join(names, ", "), strings.Join(marks, ", ")), args...)
}

// condition finds a row by its key; its arguments begin with $first.
func condition(key []string, first int) (string, []any) {
	var parts []string
	var args []any
	for i := 0; i+1 < len(key); i += 2 {
		parts = append(parts, fmt.Sprintf("%s = $%d", key[i], first+len(args)))
		args = append(args, key[i+1])
	}
	return strings.Join(parts, " AND "), args
}
