// Package ledger gives the tests of a room the ledger of imports, by which files
// come in. No room imports a room, so neither do its tests.
package ledger

import (
	"testing"

	"kith/internal/imports"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
)

// What a test says to the ledger, and what it is told.
type (
	Room    = imports.Room
	Options = imports.Options
	Report  = imports.Report
)

// What a test may be refused with.
var (
	ErrStrict    = imports.ErrStrict
	ErrChange    = imports.ErrChange
	ErrDoubts    = imports.ErrDoubts
	ErrNotLoaded = imports.ErrNotLoaded
)

// New makes the ledger on a store, which may be nil where files are only read.
func New(t testing.TB, work *db.DB, now clock.Clock, newID func() string, kinds ...intake.Kind) *Room {
	t.Helper()
	r, err := imports.New(imports.Deps{Work: work, Now: now, NewID: newID, Log: testkit.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	r.Offer(kinds...)
	return r
}
