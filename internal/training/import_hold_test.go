package training

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// TestHeldIsTheSame: what waits for a person and is loaded then is what is loaded at once:
// the same sessions, and the same findings.
func TestHeldIsTheSame(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/import/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	tried := 0
	for _, file := range files {
		at, waited := newHouse(t, testkit.NewStores(t, db.SQLite).Work), newHouse(t, testkit.NewStores(t, db.SQLite).Work)
		want, err := at.imports.Load(t.Context(), "training-history", []string{file}, ledger.Options{})
		if err != nil {
			continue // it is refused either way
		}
		tried++
		rep, err := waited.imports.Load(t.Context(), "training-history", []string{file}, ledger.Options{DryRun: true})
		waited.ok(err)
		content, err := rep.Batch.Hold()
		waited.ok(err)
		plain, err := json.Marshal(rep.Batch)
		waited.ok(err)
		var got intake.Batch
		waited.ok(json.Unmarshal(plain, &got))
		waited.ok(waited.Kinds()[0].Resume(t.Context(), content, &got))
		waited.tx(func(q db.Q) error { return got.Store(t.Context(), q, "held") })
		waited.want(file, waited.dump(), at.dump())
		if d := cmp.Diff(want.Batch.Findings, got.Findings); d != "" {
			t.Errorf("%s: findings: %s", file, d)
		}
		if d := cmp.Diff(want.Batch.Summary, got.Summary); d != "" {
			t.Errorf("%s: summary: %s", file, d)
		}
		moves, err := got.Moves(t.Context(), waited.Work)
		waited.ok(err)
		for _, m := range moves {
			if m.Before != m.After {
				t.Errorf("%s: loaded again, %s of %s would go from %d to %d", file, m.Title, m.Period, m.Before, m.After)
			}
		}
	}
	if tried < 3 {
		t.Errorf("only %d files could be loaded", tried)
	}
}
