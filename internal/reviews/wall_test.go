package reviews

import (
	"errors"
	"sync"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// rowsGiven tells how many rows of the register and of themes a reader is given.
func rowsGiven(t *testing.T, q db.Reader) [2]int {
	t.Helper()
	var out [2]int
	for i, table := range []string{"reviews_register", "reviews_themes"} {
		n, err := db.Get[int](t.Context(), q, `SELECT count(*) FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = n
	}
	return out
}

// TestTheWall: on PostgreSQL a query that does not say who asks sees no row, whatever it is;
// who may not read sees none, who may sees all, and the next who has the connection sees none.
// The tests' role owns the tables and is no superuser.
func TestTheWall(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.Postgres)
	r := newRoom(t, s)
	id := add(t, r, Review{Reference: "Rowan", Kind: Statutory, AwareOn: today, Themes: Themes{"Neglect"}})
	if why, err := s.Work.Unwalled(t.Context()); err != nil || why != "" {
		t.Fatalf("the role of the tests %s, %v: nothing would be tested", why, err)
	}
	seen := func(who db.Asker) (n [2]int) {
		t.Helper()
		if err := s.Work.As(who).Read(t.Context(), func(q db.Reader) error { n = rowsGiven(t, q); return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	none, all := [2]int{}, [2]int{1, 1}
	reader := web.Person{ID: "p", Permissions: map[web.Permission]bool{access.ReviewsRead: true}}
	other := web.Person{ID: "o", Permissions: map[web.Permission]bool{access.PlanManage: true, access.ReviewsRead: false}}
	for _, c := range []struct {
		who  db.Asker
		want [2]int
	}{
		{reader, all}, {other, none}, {web.Person{}, none}, {lead, all}, {db.ForFigures, all}, {db.ForSearch, all},
		{db.ForUpkeep, all}, {db.Purpose("reading"), none},
	} {
		if got := seen(c.who); got != c.want {
			t.Errorf("%v is given %v rows, not %v", c.who.Grants(), got, c.want)
		}
		// Nothing is left behind on the connections of the pool, of which all are used at once.
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if got := rowsGiven(t, s.Work); got != none {
					t.Errorf("after %v, somebody who says nothing is given %v rows", c.who.Grants(), got)
				}
			})
		}
		wg.Wait()
	}
	// The policies say of each permission and purpose what the rules of the room say.
	var askers []web.Person
	for _, p := range access.Permissions() {
		askers = append(askers, web.Person{ID: string(p), Permissions: map[web.Permission]bool{p: true}})
	}
	for _, purpose := range []db.Purpose{db.ForFigures, db.ForSearch, db.ForUpkeep, "reading"} {
		askers = append(askers, web.Program(purpose))
	}
	for _, who := range askers {
		reads := reviewRules.May(who, access.Read, access.Object{}) || reviewRules.May(who, access.Change, access.Object{})
		if got := seen(who); (got == all) != reads || got != all && got != none {
			t.Errorf("%v is given %v rows, and may read by the rules: %t", who.Grants(), got, reads)
		}
		changed := false
		err := s.Work.As(who).Tx(t.Context(), func(q db.Q) error {
			n, err := db.Exec(t.Context(), q, `UPDATE reviews_register SET stage = stage`)
			changed = n == 1
			return err
		})
		if may := reviewRules.May(who, access.Change, access.Object{}); err != nil || changed != may {
			t.Errorf("%v changes a row: %t, and may by the rules: %t, %v", who.Grants(), changed, may, err)
		}
	}
	// Within one transaction another asker is one for as long as it is said.
	err := s.Work.As(other).Tx(t.Context(), func(q db.Q) error {
		if err := db.ReadAs(t.Context(), q, db.ForUpkeep, func(q db.Reader) error {
			if got := rowsGiven(t, q); got != all {
				t.Errorf("within a transaction %v rows are given", got)
			}
			return nil
		}); err != nil {
			return err
		}
		if got := rowsGiven(t, q); got != none {
			t.Errorf("%v rows are given after that", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Who may not write changes no row, deletes none and adds none.
	for who, may := range map[string]web.Person{"a reader": reader, "another": other, "nobody": {}} {
		err := s.Work.As(may).Tx(t.Context(), func(q db.Q) error { return deleteReview(t.Context(), q, id) })
		if !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s deletes a review: %v", who, err)
		}
		err = s.Work.As(may).Tx(t.Context(), func(q db.Q) error {
			return insertReview(t.Context(), q, Review{ID: "x" + may.ID, Reference: "X " + who, Kind: Statutory,
				Stage: Notification, AwareOn: today}, r.Now())
		})
		if err == nil {
			t.Errorf("%s adds a review past the wall", who)
		}
		v := Review{Reference: "Y " + who, Kind: Statutory, AwareOn: today}
		if _, err := r.AddReview(t.Context(), may, v); err == nil {
			t.Errorf("%s adds a review", who)
		}
	}
	err = s.Work.Snapshot(t.Context(), func(q db.Reader) error {
		if got := rowsGiven(t, q); got != none {
			t.Errorf("a snapshot of nobody is given %v rows", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := seen(lead); got != all {
		t.Errorf("at the end %v rows are left", got)
	}
}

// TestWhoMayRead: on both engines the room gives a review to who may read it, and to nobody
// else.
func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		id := add(t, r, Review{Reference: "Rowan", Kind: Statutory, AwareOn: today, Themes: Themes{"Neglect"}})
		other := web.Person{ID: "o", Permissions: map[web.Permission]bool{access.PlanManage: true}}
		if _, err := r.Review(t.Context(), other, id); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("one review: %v", err)
		}
		if list, n, err := r.Reviews(t.Context(), other, Filter{Limit: 10}); err != nil || n != 0 || len(list) != 0 {
			t.Errorf("the list: %v %d %v", list, n, err)
		}
		if err := r.DeleteReview(t.Context(), other, id, web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("deleted by somebody who may not: %v", err)
		}
		if v, err := r.Review(t.Context(), lead, id); err != nil || v.Reference != "Rowan" {
			t.Errorf("%+v %v", v, err)
		}
	})
}

// BenchmarkReview reads one review as somebody, on each engine; and again and again after
// having said once who asks, which is the query alone.
func BenchmarkReview(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		s := testkit.NewStores(b, engine)
		r := newRoom(b, s)
		id := add(b, r, Review{Reference: "Rowan", Kind: Statutory, AwareOn: today})
		b.Run(string(engine)+"/as somebody", func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Review(b.Context(), lead, id); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(engine)+"/the query alone", func(b *testing.B) {
			err := s.Work.As(lead).Read(b.Context(), func(q db.Reader) (err error) {
				for b.Loop() && err == nil {
					_, err = review(b.Context(), q, lead, id)
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
