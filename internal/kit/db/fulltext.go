package db

import (
	"context"
	"fmt"
	"strings"
)

// A full-text index is a table with the columns rowid and one of stems: words made
// ready in Go, of a to z and 0 to 9 only, so that both engines find the same. Its
// migrations are for one engine each; how it is asked is here and in dialect.go. What
// is written into it is the stems with spaces between, on both.

// A Match says which rows of a full-text index are wanted. Its zero value is no
// question, and must not be asked.
type Match struct {
	stem string
	of   []Match
	any  bool
}

// Stem matches what has one stem. It panics on anything else, which is a fault of the
// program: a question is never put together from what a person typed.
func Stem(stem string) Match {
	for _, r := range stem {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			panic(fmt.Sprintf("%q is no stem", stem))
		}
	}
	return Match{stem: stem}
}

// AllOf matches what every one of the parts matches.
func AllOf(parts ...Match) Match { return Match{of: parts} }

// AnyOf matches what at least one of the parts matches.
func AnyOf(parts ...Match) Match { return Match{of: parts, any: true} }

// On writes the question as the engine of a store reads it.
func (m Match) On(r Reader) string { return m.text(engineOf(r)) }

func (m Match) text(e Engine) string {
	quote, and, or := e.matchSigns()
	if m.stem != "" {
		return quote + m.stem + quote
	}
	sign := and
	if m.any {
		sign = or
	}
	parts := make([]string, len(m.of))
	for i, p := range m.of {
		parts[i] = p.text(e)
	}
	return "(" + strings.Join(parts, sign) + ")"
}

// StemsHave writes the condition that a row of a full-text index matches the question
// in argument n.
func StemsHave(r Reader, table, column string, n int) string {
	return engineOf(r).stemsHave(table, column, n)
}

// LatestRow writes the order of rows of a full-text index, the largest rowid first.
func LatestRow(r Reader) string { return engineOf(r).latestRow() }

// ReadFullText makes a snapshot ready to read full-text indexes quickly.
func ReadFullText(ctx context.Context, r Reader) error {
	_, err := All[string](ctx, r, engineOf(r).fullTextFirst())
	return err
}

// HoldTable keeps other transactions from writing a table until this one ends: for
// making anew what others change a row at a time.
func HoldTable(ctx context.Context, q Q, table string) error {
	_, err := q.ExecContext(ctx, engineOf(q).holdTable(table))
	return err
}

// engineOf tells which engine a Reader is of.
func engineOf(r Reader) Engine {
	switch r := r.(type) {
	case *DB:
		return r.engine
	case *counting:
		return r.d.engine
	case *snapshot:
		return r.d.engine
	case *Watch:
		return r.s.d.engine
	}
	panic(fmt.Sprintf("%T is no Reader of a store", r))
}
