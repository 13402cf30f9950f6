package figure_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// counted makes a figure of a query, and a number of times that it was computed.
func counted(id, query string) (figure.Definition, *atomic.Int64) {
	var times atomic.Int64
	d := settingsFigure(id)
	d.Compute = func(ctx context.Context, s *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
		times.Add(1)
		if a.Period == period.Year(2000).Span() {
			if _, err := db.Get[int](ctx, s.Work, query); err != nil {
				return nil, err
			}
			return nil, &figure.NotHeld{Words: "never"}
		}
		n, err := db.Get[int64](ctx, s.Work, query)
		return []figure.Value{figure.Of(n)}, err
	}
	return d, &times
}

func addOrganisation(t testing.TB, d *db.DB, id string) {
	t.Helper()
	if err := d.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `
			INSERT INTO organisations (id, name, folded, sector, created_at) VALUES ($1, $1, $1, 'health', $2)`, id,
			db.At(time.Unix(0, 0)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestComputedOnce: a figure is computed again when, and only when, a table that it
// read was written, by this process or another, or when the day it asked for ended.
func TestComputedOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, now := t.Context(), time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
		orgs, orgTimes := counted("t.orgs", `SELECT count(*) FROM organisations`)
		people, peopleTimes := counted("t.people", `SELECT count(*) FROM people`)
		jobs, jobTimes := counted("t.jobs", `SELECT count(*) FROM jobs`)
		daily, dayTimes := counted("t.daily", `SELECT count(*) FROM people`)
		compute := daily.Compute
		daily.Compute = func(ctx context.Context, s *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
			s.Today()
			return compute(ctx, s, a)
		}
		both, bothTimes := counted("t.both", "")
		both.Compute = func(ctx context.Context, s *figure.Snapshot, a figure.Ask) ([]figure.Value, error) {
			bothTimes.Add(1)
			x, err := s.One(ctx, "t.orgs", a)
			if err != nil {
				return nil, err
			}
			y, err := s.One(ctx, "t.people", a)
			return []figure.Value{figure.Of(x.Numerator + y.Numerator)}, err
		}
		r := figure.NewRegistry(figure.Stores{Work: s.Work, Public: s.Public, Now: func() time.Time { return now }}, orgs,
			people, jobs, daily, both)
		ask := func(want string) {
			t.Helper()
			got := ""
			for _, id := range []string{"t.orgs", "t.people", "t.jobs", "t.daily", "t.both"} {
				v, err := r.One(ctx, id, year)
				if err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprint(v.Numerator, " ")
			}
			got += fmt.Sprint("in ", orgTimes.Load(), peopleTimes.Load(), jobTimes.Load(), dayTimes.Load(), bothTimes.Load())
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		ask("0 0 0 0 0 in 1 1 1 1 1")
		ask("0 0 0 0 0 in 1 1 2 1 1") // nobody counts the changes of jobs, so nothing of them is kept
		addSetting(t, s.Work, "a")
		ask("0 0 0 0 0 in 1 1 3 1 1")
		addOrganisation(t, s.Work, "a")
		ask("1 0 0 0 1 in 2 1 4 1 2")
		now = now.AddDate(0, 0, 1)
		ask("1 0 0 0 1 in 2 1 5 2 2")
		other, err := db.Open(ctx, s.Work.Name())
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		addOrganisation(t, other, "b")
		ask("2 0 0 0 2 in 3 1 6 2 3")

		none := figure.Ask{Period: period.Year(2000).Span()}
		for range 3 {
			if _, err := r.Compute(ctx, "t.people", none); err == nil {
				t.Error("it is not held")
			}
		}
		if n := peopleTimes.Load(); n != 2 {
			t.Errorf("what is not held was looked for %d times", n-1)
		}
	})
}

// TestOldSnapshot: an answer of a later time is not given to a snapshot of an
// earlier one, nor the other way round.
func TestOldSnapshot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx := t.Context()
		d, _ := counted("t.orgs", `SELECT count(*) FROM organisations`)
		r := figure.NewRegistry(figure.Stores{Work: s.Work, Public: s.Public}, d)
		want := func(s *figure.Snapshot, n int64) {
			t.Helper()
			if v, err := s.One(ctx, "t.orgs", year); err != nil || v.Numerator != n {
				t.Errorf("%d, want %d, %v", v.Numerator, n, err)
			}
		}
		err := r.Snapshot(ctx, func(early *figure.Snapshot) error {
			addOrganisation(t, s.Work, "a")
			return r.Snapshot(ctx, func(late *figure.Snapshot) error {
				for range 2 {
					want(late, 1)
					want(early, 0)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestComputedOnceForAll: those who ask at the same time wait for one computation.
func TestComputedOnceForAll(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		d, times := counted("t.orgs", `SELECT count(*) FROM organisations`)
		r := figure.NewRegistry(figure.Stores{Work: s.Work, Now: clock.System}, d)
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				if _, err := r.One(t.Context(), "t.orgs", year); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := times.Load(); n != 1 {
			t.Errorf("computed %d times", n)
		}
	})
}

// TestMemoryIsBounded: what is asked for once is forgotten in time.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	d, times := counted("t.orgs", `SELECT count(*) FROM organisations`)
	d.Dimensions = []figure.Dimension{{ID: "x"}}
	s := testkit.NewStores(t, db.SQLite)
	r := figure.NewRegistry(figure.Stores{Work: s.Work}, d)
	err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		for i := range 60_000 {
			if _, err := s.One(t.Context(), "t.orgs",
				figure.Ask{Period: year.Period, Where: map[string]string{"x": fmt.Sprint(i)}}); err != nil {
				return err
			}
		}
		before := times.Load()
		for _, x := range []string{"59999", "0"} {
			if _, err := s.One(t.Context(), "t.orgs",
				figure.Ask{Period: year.Period, Where: map[string]string{"x": x}}); err != nil {
				return err
			}
		}
		if n := times.Load() - before; n != 1 {
			t.Errorf("of the newest and the oldest ask %d were computed again", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
