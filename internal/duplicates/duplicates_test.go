package duplicates

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/merge"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var now = time.Date(2024, 4, 10, 12, 0, 0, 0, time.UTC)

// newRoom opens the room with one kind of record, organisations, and people who point at
// them: the smallest rooms that can offer something.
func newRoom(t *testing.T, s testkit.Stores) *Room {
	t.Helper()
	r, err := New(Deps{Work: s.Work, Now: clock.Fixed(now), NewID: ids.New, Kinds: []merge.Kind{{
		ID: "organisation", Subject: "organisation",
		Candidates: func(ctx context.Context, q db.Reader) ([]merge.Candidate, error) {
			return db.All[merge.Candidate](ctx, q, `
				SELECT id, name, '', '', sector FROM organisations WHERE same_as IS NULL ORDER BY id`)
		},
		Record: func(ctx context.Context, q db.Reader, id string) (merge.Record, error) {
			type row struct{ ID, Name, Sector, Same string }
			o, err := db.Get[row](ctx, q, `SELECT id, name, sector, COALESCE(same_as, '') FROM organisations WHERE id = $1`, id)
			return merge.Record{ID: o.ID, Name: o.Name, Href: "/o/" + o.ID, Merged: o.Same != "",
				Facts: []merge.Fact{{Key: "Sector", Value: o.Sector}}}, err
		},
		Lock: func(ctx context.Context, q db.Q, id string) error {
			return db.Must(ctx, q, `UPDATE organisations SET name = name WHERE id = $1`, id)
		},
		Retire: func(ctx context.Context, q db.Q, from, to string) (bool, error) {
			return true, db.Must(ctx, q, `UPDATE organisations SET same_as = $2 WHERE id = $1 AND same_as IS NULL`, from, to)
		},
		Revive: func(ctx context.Context, q db.Q, id string, _ bool) error {
			return db.Must(ctx, q, `UPDATE organisations SET same_as = NULL WHERE id = $1`, id)
		},
	}}, Offers: []merge.Offer{
		{Kind: "organisation", Refs: []merge.Ref{
			{Table: "people", Column: "organisation_id", Key: []string{"id"}, One: "person", Many: "people"},
			{Table: "audits_agencies", Column: "organisation_id", Key: []string{"audit_id"}, One: "audit", Many: "audits",
				Twice: `EXISTS (SELECT 1 FROM audits_agencies k WHERE k.audit_id = x.audit_id AND k.organisation_id = $2)`},
		}},
		{Kind: "person"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Work.Tx(t.Context(), func(q db.Q) error {
		for _, name := range []string{"St Mary's School", "St. Mary's School", "Quay Nursery", "Quay Nursry"} {
			if _, err := db.Exec(t.Context(), q, `
				INSERT INTO organisations (id, name, name_key, folded, sector, created_at) VALUES ($1, $2, $3, $3, 'education', $4)`,
				strings.ToLower(strings.ReplaceAll(name, " ", "-")), name, names.Key(name), db.At(now)); err != nil {
				return err
			}
		}
		for id, at := range map[string]string{"ann": kept, "bob": gone, "cat": gone} {
			if _, err := db.Exec(t.Context(), q, `
				INSERT INTO people (id, name, folded, email, organisation_id, created_at) VALUES ($1, $1, $1, '', $2, $3)`, id, at,
				db.At(now)); err != nil {
				return err
			}
		}
		for audit, agencies := range map[string][]string{"a1": {kept, gone}, "a2": {gone}} {
			if _, err := db.Exec(t.Context(), q, `
				INSERT INTO audits_multi_agency (id, title, folded, theme, theme_folded, stage, due_on, created_at)
				VALUES ($1, $1, $1, '', '', 'planned', '2024-05-01', $2)`, audit, db.At(now)); err != nil {
				return err
			}
			for _, id := range agencies {
				if _, err := db.Exec(t.Context(), q, `INSERT INTO audits_agencies (audit_id, organisation_id) VALUES ($1, $2)`,
					audit, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const kept, gone = "st-mary's-school", "st.-mary's-school"

var people = map[string]web.Person{
	"manager": {ID: "m", Name: "Maren Manager", Permissions: map[web.Permission]bool{access.PartnershipManage: true,
		access.TrainingManage: true}},
}

func TestPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		testkit.Scripts(t, people, map[string]string{"KEPT": kept, "GONE": gone}, r.Routes()...)
	})
}

// hangs says what hangs on an organisation.
func hangs(t *testing.T, r *Room, id string) string {
	t.Helper()
	k, err := r.kind("organisation")
	if err != nil {
		t.Fatal(err)
	}
	side, err := r.side(t.Context(), r.Work, k, id)
	if err != nil {
		t.Fatal(err)
	}
	return side.Words()
}

func TestMergeAndUndo(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx, by := newRoom(t, s), t.Context(), people["manager"]
		want := func(what, id, words string) {
			t.Helper()
			if got := hangs(t, r, id); got != words {
				t.Errorf("%s: %s hang on %s; want %s", what, got, id, words)
			}
		}
		m, err := r.Merge(ctx, by, "organisation", gone, kept, web.Unwatched)
		if err != nil {
			t.Fatal(err)
		}
		want("merged", kept, "3 people and 2 audits")
		want("merged", gone, "nothing")

		// What somebody moved elsewhere since is theirs, and is not put back.
		err = s.Work.Tx(ctx, func(q db.Q) error {
			return db.Must(ctx, q, `UPDATE people SET organisation_id = 'quay-nursery' WHERE id = 'cat'`)
		})
		if err != nil {
			t.Fatal(err)
		}
		_, back, of, err := r.Undo(ctx, by, "organisation", m.ID)
		if err != nil || back != 3 || of != 4 {
			t.Error(back, of, err)
		}
		want("taken back", kept, "1 person and 1 audit")
		want("taken back", gone, "1 person and 2 audits")

		// A merge on top of another is taken back first.
		first, err := r.Merge(ctx, by, "organisation", "quay-nursry", "quay-nursery", web.Unwatched)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Merge(ctx, by, "organisation", "quay-nursery", kept, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := r.Undo(ctx, by, "organisation", first.ID); !errors.Is(err, ErrLater) {
			t.Error("a merge under another was taken back:", err)
		}
		for what, err := range map[string]error{
			"nobody":        mergeErr(r.Merge(ctx, by, "organisation", "nobody", kept, web.Unwatched)),
			"another kind":  mergeErr(r.Merge(ctx, by, "person", "ann", "bob", web.Unwatched)),
			"apart, nobody": r.Apart(ctx, by, "organisation", "nobody", kept),
		} {
			if err == nil {
				t.Errorf("%s was merged", what)
			}
		}
	})
}

// Who may not merge two, or take a merge back, is told why by the room that refuses, and
// nothing is done.
func TestRoomsRefuse(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx, by := newRoom(t, s), t.Context(), people["manager"]
		refuse, took := false, false
		r.Offers = append(r.Offers, merge.Offer{Kind: "organisation", Refuses: func(_ context.Context, _ db.Reader,
			who web.Person, from, to string, moved []merge.Change) ([]string, error) {
			if took = moved != nil; who.ID != by.ID || took != (from == kept) || took && len(moved) == 0 {
				t.Errorf("asked of %s, %s into %s, %d moved", who.ID, from, to, len(moved))
			}
			if refuse {
				return []string{"Ann would do more."}, nil
			}
			return nil, nil
		}})
		refuse = true
		if _, err := r.Merge(ctx, by, "organisation", gone, kept, web.Unwatched); err == nil ||
			!strings.Contains(err.Error(), "Ann would do more.") {
			t.Error("it was merged:", err)
		}
		refuse = false
		m, err := r.Merge(ctx, by, "organisation", gone, kept, web.Unwatched)
		if err != nil {
			t.Fatal(err)
		}
		refuse = true
		if _, _, _, err := r.Undo(ctx, by, "organisation", m.ID); err == nil ||
			!strings.Contains(err.Error(), "Ann would do more.") {
			t.Error("it was taken back:", err)
		}
		refuse = false
		if _, back, _, err := r.Undo(ctx, by, "organisation", m.ID); err != nil || back == 0 || !took {
			t.Error(back, took, err)
		}
	})
}

func mergeErr(_ Merge, err error) error { return err }

// Who was shown less than hangs on the two now is told, and nothing is merged.
func TestMergeComparesWhatWasSeen(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx, by := newRoom(t, s), t.Context(), people["manager"]
		k, err := r.kind("organisation")
		if err != nil {
			t.Fatal(err)
		}
		a, b, err := r.open(ctx, s.Work, k, gone, kept)
		if err != nil {
			t.Fatal(err)
		}
		saw := web.NewForm("seen", fillPair(a, b).Mark()).Seen()
		move := func(to string) {
			t.Helper()
			err := s.Work.Tx(ctx, func(q db.Q) error {
				return db.Must(ctx, q, `UPDATE people SET organisation_id = $1 WHERE id = 'ann'`, to)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		move(gone)
		var changed *web.Changed
		if _, err := r.Merge(ctx, by, "organisation", gone, kept, saw); !errors.As(err, &changed) {
			t.Error("what was not seen was merged:", err)
		}
		move(kept)
		if _, err := r.Merge(ctx, by, "organisation", gone, kept, saw); err != nil {
			t.Error(err)
		}
	})
}

// Two who merge the same two at once: one does, and the other is told.
func TestTwoMergeAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, way := range [][2]string{{gone, kept}, {kept, gone}} {
			wg.Go(func() {
				_, errs[i] = r.Merge(t.Context(), people["manager"], "organisation", way[0], way[1], web.Unwatched)
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), ErrMerged) {
			t.Error(errs)
		}
	})
}

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "Possible duplicates", SiteName: "Tidewell", Layout: ui.LayoutWork}
	side := Side{Record: merge.Record{ID: "a", Name: "Ann", Href: "/a"},
		Held: []merge.Held{{N: 1, One: "seat", Many: "seats"}}}
	made := map[string]any{
		"pairs": pairsPage{Base: base, List: ui.ReadList("/x", nil), One: "person", Many: "people",
			Pairs:  []pairRow{{Pair{A: merge.Candidate{Name: "Ann", Email: "a@x", GroupName: "H"}, Why: "The same name"}, "/p"}},
			Merges: []mergeRow{{Merge{FromName: "Ann", ToName: "Anne", By: "Maren", MergedAt: db.At(now)}, "/u"}}},
		"pair": pairPage{Base: base, One: "person", Root: "/x", Post: "/x/apart", Rows: compare(side, side),
			A: sidePage{Side: side, Keep: "/k"}, B: sidePage{Side: side, Blocks: []string{"Both sit."}}},
	}
	for name, page := range made {
		uitest.Page(t, pages, name, page)
	}
	if len(made) != len(pages.Names()) {
		t.Errorf("a template is not tested: %v", pages.Names())
	}
}

// Home counts the pairs for whoever may say which are the same; what they say counts at
// once, and what came in otherwise within a minute.
func TestTodos(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		at := now
		r.Now = func() time.Time { return at }
		add := func(id, name string) {
			t.Helper()
			err := s.Work.Tx(t.Context(), func(q db.Q) error {
				_, err := db.Exec(t.Context(), q, `
					INSERT INTO organisations (id, name, name_key, folded, sector, created_at) VALUES ($1, $2, $3, $4, 'other', $5)`,
					id, name, names.Key(name), db.Fold(name), db.At(at))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		says := func(want string, may web.Permission) {
			t.Helper()
			list, err := r.Todos(t.Context(), web.Person{ID: "olive", Permissions: map[web.Permission]bool{may: true}})
			if err != nil {
				t.Fatal(err)
			}
			got := "nothing"
			if len(list) > 0 {
				got = list[0].Title + ": " + list[0].Words + " " + list[0].Href
			}
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		const one = "Possible duplicates: 1 pair: 1 pair of organisations looks alike. While one is kept as two, it is " +
			"counted twice. /work/duplicates/organisations"
		there, err := r.Pairs(t.Context(), "organisation")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range there {
			if err := r.Apart(t.Context(), web.Person{ID: "olive"}, "organisation", p.A.ID, p.B.ID); err != nil {
				t.Fatal(err)
			}
		}
		says("nothing", access.PartnershipManage)
		add("1", "Harbour N.H.S. Trust")
		add("2", "Harbour NHS Trust")
		says("nothing", access.PartnershipManage) // counted a moment ago
		at = at.Add(countedFor)
		says(one, access.PartnershipManage)
		says("nothing", access.TrainingManage)
		if err := r.Apart(t.Context(), web.Person{ID: "olive"}, "organisation", "1", "2"); err != nil {
			t.Fatal(err)
		}
		says("nothing", access.PartnershipManage)
	})
}
