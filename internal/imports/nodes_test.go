package imports_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
)

// slow is a kind of file of words that a node does not come to the end of: it tells
// began, and then ended once its context has. The same file is read at once by the
// kind of another node, of which began is nil.
func slow(noChildren bool, began, ended chan struct{}) intake.Kind {
	k := words()
	read := k.Read
	k.ID, k.NoChildren = "slow", noChildren
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		if began == nil {
			return read(ctx, src)
		}
		src.Recognise()
		began <- struct{}{}
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	}
	return k
}

// later is a clock by which every lease has ended.
func later() time.Time { return time.Now().Add(time.Hour) }

// begun uploads a file of a slow kind to a node and returns once it is being read.
func begun(t *testing.T, s testkit.Stores, noChildren bool) (first *node, at string, ended chan struct{}) {
	t.Helper()
	began, ended := make(chan struct{}), make(chan struct{})
	first = room(t, s, slow(noChildren, began, ended))
	at = upload(t, first.pages, strings.Repeat(strings.Repeat("word", 300)+" ", 600), "kind", "slow", "year",
		"2023-24").Header().Get("Location")
	<-began
	return first, at, ended
}

type outcome struct {
	State, Problem string
	Rows           int
}

// came tells what came of the one import, and fails when files or jobs are left.
func came(t *testing.T, s testkit.Stores, nodes ...*node) outcome {
	t.Helper()
	got, err := db.Get[outcome](t.Context(), s.Work, `SELECT state, problem, rows_read FROM imports_ledger`)
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, `SELECT (SELECT count(*) FROM imports_kept) + (SELECT count(*) FROM jobs)`); n != 0 {
		t.Errorf("%d parts of files and jobs are left", n)
	}
	for _, n := range nodes {
		n.left(t)
	}
	return got
}

// TestADeadNode: another node takes over what a node was reading that is not heard
// of any more, and the first, should it live, stops.
func TestADeadNode(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for noChildren, want := range map[bool]outcome{
			false: {"interrupted", "The system stopped while it was reading this file, and nothing was loaded. Send the file " +
				"again.", 0},
			true: {"previewed", "", 600},
		} {
			s := testkit.NewStores(t, s.Work.Engine())
			first, _, ended := begun(t, s, noChildren)
			second := nodeAt(t, s, clock.Clock(later), slow(noChildren, nil, nil))
			second.jobs.Lease = time.Hour // it reads longer than the first one's lease
			if n, err := second.jobs.RunDue(t.Context()); err != nil || n != 1 {
				t.Fatalf("it took %d jobs: %v", n, err)
			}
			<-ended
			first.jobs.Wait()
			if got := came(t, s, first, second); got != want {
				t.Errorf("%+v", got)
			}
		}
	})
}

// TestANodeThatStops: a node that is told to stop gives back what another can
// finish, and gives up what no other can.
func TestANodeThatStops(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		for noChildren, want := range map[bool]string{false: "interrupted", true: "previewed"} {
			s := testkit.NewStores(t, s.Work.Engine())
			first, _, _ := begun(t, s, noChildren)
			first.jobs.Stop()
			second := room(t, s, slow(noChildren, nil, nil))
			if _, err := second.jobs.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := came(t, s, first, second); got.State != want {
				t.Errorf("%+v, want %s", got, want)
			}
		}
	})
}

// TestCancelledElsewhere: who cancels need not be asking the node that reads.
func TestCancelledElsewhere(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		first, at, ended := begun(t, s, true)
		second := room(t, s, slow(true, nil, nil))
		if w := post(t, second.pages, at+"/cancel"); w.Code != 303 {
			t.Fatal(w.Code, w.Body)
		}
		<-ended
		first.jobs.Wait()
		if got := came(t, s, first, second); got.State != "cancelled" {
			t.Errorf("%+v", got)
		}
	})
}
