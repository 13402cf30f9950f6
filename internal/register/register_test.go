package register

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// act does something in a transaction.
func act(t *testing.T, s testkit.Stores, f func(ctx context.Context, q db.Q) error) error {
	t.Helper()
	return s.Work.Tx(t.Context(), func(q db.Q) error { return f(t.Context(), q) })
}

func ids(t *testing.T, s testkit.Stores) string {
	t.Helper()
	list, err := ReadSectors(t.Context(), s.Work)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list.IDs(), " ")
}

const standardIDs = "local-authority health education early-years police criminal-justice voluntary-community " +
	"housing fire-rescue other"

// What a reader of files knows without a database is what every database begins
// with.
func TestStandard(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		list, err := ReadSectors(t.Context(), s.Work)
		if err != nil || !slices.Equal(list, Standard()) {
			t.Fatalf("%+v %v", list, err)
		}
	})
	var none *Register
	if got, err := none.Sectors(t.Context()); err != nil || strings.Join(got.IDs(), " ") != standardIDs {
		t.Fatal(got, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	list := Standard()
	for in, want := range map[string]string{
		"health": "health", "NHS": "health", " Early  Years ": "early-years", "Voluntary & Community": "voluntary-community",
		"VCFSE": "voluntary-community", "voluntary and community": "voluntary-community",
		"Children’s Services": "local-authority",
		"Fire":                "fire-rescue", "fire & rescue": "fire-rescue", "Faith": "", "": "", "…": "",
	} {
		if got, ok := list.Find(in); got.ID != want || ok != (want != "") {
			t.Errorf("%q is read as %q", in, got.ID)
		}
	}
	if list.Title("health") != "Health" || list.Title("faith") != "faith" || list.Place("health") != 1 ||
		list.Place("faith") != len(list) {
		t.Error("titles and places")
	}
	list[1].EndedOn = db.Date{Year: 2024, Month: 3, Day: 31}
	if len(list.Choices()) != 9 || len(list.Choices("health")) != 10 || len(list.All()) != 10 {
		t.Error("choices")
	}
}

// TestAlsoCalled: what people typed is shown as they typed it and found however a file
// writes it, and so is what was kept folded, with commas, before.
func TestAlsoCalled(t *testing.T) {
	t.Parallel()
	for kept, want := range map[string][]string{
		joined([]string{" Schools &  colleges ", "schools, colleges", "", "SEND hub"}): {"Schools & colleges", "SEND hub"},
		joined(nil):              nil,
		"third-sector,vcs":       {"third sector", "vcs"},
		"Health visitors, all\n": {"Health visitors, all"},
	} {
		s := Sector{ID: "x", Title: "X", Words: kept}
		if got := s.AlsoCalled(); !slices.Equal(got, want) {
			t.Errorf("%q is shown as %q", kept, got)
		}
		for _, w := range want {
			if _, found := (Sectors{s}).Find(strings.ToUpper(w)); !found {
				t.Errorf("%q is not found", w)
			}
		}
	}
}

func TestSectors(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		add := func(title string, words ...string) error {
			return act(t, s, func(ctx context.Context, q db.Q) error {
				_, err := AddSector(ctx, q, title, words)
				return err
			})
		}
		if err := add("Faith", "Church", "mosque", "church"); err != nil {
			t.Fatal(err)
		}
		for _, taken := range [][]string{{"faith"}, {"MOSQUE"}, {"Places of worship", "faith"}, {"nhs"}, {"…"}} {
			if err := add(taken[0], taken[1:]...); !errors.Is(err, ErrTaken) {
				t.Errorf("%q: %v", taken, err)
			}
		}
		if got, want := ids(t, s), strings.Replace(standardIDs, "other", "faith other", 1); got != want {
			t.Errorf("%s", got)
		}
		move := func(id string, by int) error {
			return act(t, s, func(ctx context.Context, q db.Q) error { return MoveSector(ctx, q, id, by) })
		}
		if err := errors.Join(move("faith", -1), move("local-authority", -1), move("other", 1),
			move("faith", -1)); err != nil {
			t.Fatal(err)
		}
		if got := ids(t, s); !strings.HasSuffix(got, "voluntary-community faith housing fire-rescue other") {
			t.Errorf("%s", got)
		}
		if err := move("moon", 1); !errors.Is(err, db.ErrNotFound) {
			t.Error(err)
		}

		// A file's word for one that is there finds it; what is not there is added.
		ensure := func(text string) (id string, added bool) {
			if err := act(t, s, func(ctx context.Context, q db.Q) (err error) {
				id, added, err = EnsureSector(ctx, q, text)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return id, added
		}
		for text, want := range map[string]string{"Mosque": "faith", "Schools": "education", "?": Other} {
			if id, added := ensure(text); id != want || added {
				t.Errorf("%q: %s %v", text, id, added)
			}
		}
		if id, added := ensure("secure  settings"); id != "secure-settings" || !added {
			t.Error(id, added)
		}
		if id, added := ensure("Secure settings"); id != "secure-settings" || added {
			t.Error(id, added)
		}

		if err := act(t, s, func(ctx context.Context, q db.Q) error {
			return errors.Join(EditSector(ctx, q, "faith", "Faith groups", []string{"Temple"}),
				EndSector(ctx, q, "housing", db.Date{Year: 2024, Month: 3, Day: 31}), RemoveSector(ctx, q, "secure-settings"))
		}); err != nil {
			t.Fatal(err)
		}
		list, err := ReadSectors(t.Context(), s.Work)
		faith, _ := list.Find("temple")
		housing, _ := list.Get("housing")
		_, gone := list.Get("secure-settings")
		if _, old := list.Find("church"); err != nil || faith.Title != "Faith groups" || old || !housing.Ended() || gone {
			t.Errorf("%+v %v", list, err)
		}
		for _, f := range []func(context.Context, db.Q) error{
			func(ctx context.Context, q db.Q) error {
				return EndSector(ctx, q, Other, db.Date{Year: 2024, Month: 1, Day: 1})
			},
			func(ctx context.Context, q db.Q) error { return RemoveSector(ctx, q, Other) },
		} {
			if err := act(t, s, f); !errors.Is(err, ErrFixed) {
				t.Error("the sector of everything else can be taken away:", err)
			}
		}
		if err := act(t, s, func(ctx context.Context, q db.Q) error {
			return EditSector(ctx, q, "health", "Police",
				nil)
		}); !errors.Is(err, ErrTaken) {
			t.Error(err)
		}
	})
}

func TestTitles(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := New(s.Work, clock.Fixed(time.Unix(0, 0)))
		if r.SectorTitle("health") != "Health" || r.SectorTitle("moon") != "moon" {
			t.Fatal("titles")
		}
		if err := act(t, s, func(ctx context.Context, q db.Q) error {
			return EditSector(ctx, q, "health", "NHS bodies",
				nil)
		}); err != nil {
			t.Fatal(err)
		}
		r.Forget()
		if got := r.SectorTitle("health"); got != "NHS bodies" {
			t.Fatal(got)
		}
	})
}

func TestPeopleAndOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		if err := act(t, s, func(ctx context.Context, q db.Q) error {
			for _, o := range [][]any{{"a", "Zoo", nil}, {"b", "Board", "2024-03-31"}, {"c", "council", nil}} {
				if _, err := db.Exec(ctx, q, `
					INSERT INTO organisations (id, name, folded, sector, ended_on, created_at) VALUES ($1, $2, $3, 'other', $4, $5)`,
					o[0], o[1], db.Fold(o[1].(string)), o[2], db.At(time.Unix(0, 0))); err != nil {
					return err
				}
			}
			for id, active := range map[string]bool{"ann": true, "bob": false} {
				if _, err := db.Exec(ctx, q, `
					INSERT INTO people (id, name, folded, email, job_title, active, created_at) VALUES ($1, $1, $1, $2, '', $3, $4)`,
					id, id+"@tidewell.example", active, db.At(time.Unix(0, 0))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for want, keep := range map[string][]string{"council Zoo": nil, "Board council Zoo": {"b"}} {
			list, err := Organisations(t.Context(), s.Work, keep...)
			var got []string
			for _, c := range list {
				got = append(got, c.Text)
			}
			if err != nil || strings.Join(got, " ") != want {
				t.Error(got, err)
			}
		}
		if p, err := PersonByEmail(t.Context(), s.Work, "Ann@Tidewell.example"); err != nil || p.ID != "ann" ||
			p.Name != "ann" {
			t.Error(p, err)
		}
		if _, err := PersonByEmail(t.Context(), s.Work, "bob@tidewell.example"); !errors.Is(err, db.ErrNotFound) {
			t.Error("somebody who has left is found by address:", err)
		}
		if name, err := PersonName(t.Context(), s.Work, "bob"); err != nil || name != "bob" {
			t.Error(name, err)
		}
	})
}
