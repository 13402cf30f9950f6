package release_test

import (
	"errors"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/release"
	"kith/internal/testkit"
)

var noon = db.At(time.Date(2024, 9, 1, 12, 0, 0, 0, time.UTC))

// keep publishes asks, and gives what readers see and the ledger after it.
func keep(t *testing.T, s testkit.Stores, w world, version int64, asks ...string) (map[string]string,
	*release.Release) {
	t.Helper()
	got, rel := published(t, w, ledgerOf(t, s), asks...)
	if len(rel.Refusals) > 0 {
		t.Fatalf("version %d is refused: %s %s", version, rel.Refusals[0].Words(), rel.Refusals[0].FixWords())
	}
	if err := s.Work.Tx(t.Context(), func(q db.Q) error {
		return rel.Keep(t.Context(), q, release.By{Subject: "report", Version: version, At: noon, Person: "Ann"})
	}); err != nil {
		t.Fatal(err)
	}
	return got, rel
}

func ledgerOf(t *testing.T, s testkit.Stores) *release.Ledger {
	t.Helper()
	l, err := release.ReadLedger(t.Context(), s.Work)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func seen(t *testing.T, got map[string]string, ask, want string) {
	t.Helper()
	if got[ask] != want {
		t.Errorf("%s: %s, want %s", ask, got[ask], want)
	}
}

// TestKept: what is printed once is printed the same again, what is new is judged with it, and
// a line is added only for what is new.
func TestKept(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := world{}.put("plans", onDay, 100, "age", "0", 3, "age", "1", 30, "age", "2", 27, "age", "3", 40,
			"harm", "neglect", 60, "harm", "physical", 40)
		lines := func(want int64) {
			t.Helper()
			if n, err := db.Get[int64](t.Context(), s.Work, `SELECT count(*) FROM release_ledger`); err != nil || n != want {
				t.Errorf("%d lines, want %d, %v", n, want, err)
			}
		}
		got, _ := keep(t, s, w, 1, "plans by age")
		seen(t, got, "plans by age", "[c] 30 [c] 40")
		lines(1)
		_, rel := keep(t, s, w, 2, "plans by age", "plans")
		if rel.Corrects() {
			t.Error("nothing was corrected")
		}
		lines(1)
		got, _ = keep(t, s, w, 3, "plans by harm", "plans by age")
		seen(t, got, "plans by age", "[c] 30 [c] 40")
		seen(t, got, "plans by harm", "60 40")
		lines(2)

		// Two people publish at once: the second has to look again.
		old := ledgerOf(t, s)
		_, first := published(t, world{}.put("care", onDay, 50), old, "care")
		_, second := published(t, world{}.put("care", onDay, 50), old, "care")
		for i, rel := range []*release.Release{first, second} {
			err := s.Work.Tx(t.Context(), func(q db.Q) error {
				return rel.Keep(t.Context(), q, release.By{Subject: "report", At: noon})
			})
			if i == 0 && err != nil || i == 1 && !errors.Is(err, release.ErrMoved) {
				t.Errorf("release %d: %v", i, err)
			}
		}
		if err := s.Work.Tx(t.Context(), func(q db.Q) error {
			_, err := db.Exec(t.Context(), q, `DELETE FROM release_ledger WHERE seq = 2`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := release.ReadLedger(t.Context(), s.Work); err == nil {
			t.Error("a line that was taken out is not missed")
		}
	})
}

// TestCorrected: a correction is an edition of its own, and its difference from what was
// printed before gives nobody away.
func TestCorrected(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	was := world{}.put("plans", onDay, 100, "age", "0", 3, "age", "1", 30, "age", "2", 27, "age", "3", 40)
	keep(t, s, was, 1, "plans by age")
	// One more child of another age: 0 and 2 stay the two that are hidden.
	now := world{}.put("plans", onDay, 101, "age", "0", 3, "age", "1", 30, "age", "2", 27, "age", "3", 41)
	got, rel := keep(t, s, now, 2, "plans by age")
	if !rel.Corrects() {
		t.Error("it is a correction")
	}
	seen(t, got, "plans by age", "[c] 30 [c] 41")

	// Two small parts, where a correction of another would now leave one of them alone: what
	// was hidden is taken not to have changed.
	s = testkit.NewStores(t, db.SQLite)
	keep(t, s, world{}.put("plans", onDay, 100, "age", "0", 3, "age", "1", 4, "age", "2", 53, "age", "3", 40), 1,
		"plans by age")
	got, rel = published(t, world{}.put("plans", onDay, 102, "age", "0", 3, "age", "1", 6, "age", "2", 53, "age", "3", 40),
		ledgerOf(t, s), "plans by age")
	if len(rel.Refusals) == 0 && got["plans by age"] == "[c] 6 53 40" {
		t.Error("what was 7 together less 4 is 3")
	}
}

// TestPublishedBefore: what a reader has from an earlier publication counts: the year, less the
// eleven months that come now, is March.
func TestPublishedBefore(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	const months = "2023-04-01..2024-02-29"
	w := world{}.put("contacts", "2023-24", 42).put("contacts", months, 40)
	got, _ := published(t, w, release.Empty(), "contacts in "+months)
	seen(t, got, "contacts in "+months, "40")
	got, _ = keep(t, s, w, 1, "contacts")
	seen(t, got, "contacts", "42")
	got, _ = keep(t, s, w, 2, "contacts in "+months)
	seen(t, got, "contacts in "+months, "[c]")
}

// TestCountedOtherwise: what was printed before and cannot stand beside what is printed now,
// since the records were changed, keeps nobody from publishing.
func TestCountedOtherwise(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	const half = "2023-04-01..2023-09-30"
	w := world{}.put("contacts", half, 400, "outcome", "advice", 300, "outcome", "referral", 100)
	keep(t, s, w, 1, "contacts in "+half, "contacts by outcome in "+half)
	w = world{}.put("contacts", "2023-24", 390, "outcome", "advice", 386, "outcome", "help", 1, "outcome", "referral", 3)
	got, _ := keep(t, s, w, 2, "contacts by outcome")
	seen(t, got, "contacts by outcome", "[c] [c] [c]")
}
