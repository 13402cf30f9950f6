package partnership

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// listed writes a list of organisations to a file.
func listed(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// all writes the organisations there are, with their sectors.
func (w *world) all() string {
	w.t.Helper()
	list, err := allOrganisations(w.t.Context(), w.Work)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, o := range list {
		if o.Agency != "" || o.Statutory {
			w.t.Errorf("%s was decided about", o.Name)
		}
		out = append(out, o.Name+" "+o.Sector)
	}
	return strings.Join(out, ", ")
}

// What a list brings, what is found in it, and what stays as it was.
func TestImportOrganisations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, want string
		rules      string // of the findings; a refusal begins with “refused: ”
		said       intake.Matching
	}{
		"plain": {"Name,Type\nHarbour Nursery,Early years\nQuay Police,police\n", "Harbour Nursery early-years, " +
			"Quay Police police, St Mary's School education", "", intake.Matching{}},
		"a title, and other headings": {"Our agencies 2024,,\nAgency name,Agency type,Phone\nQuay Police,police,1\n",
			"Quay Police police, St Mary's School education", "unknown-column", intake.Matching{}},
		"there already, however it is written": {"Name,Type\nST MARY’S  SCHOOL,education\nQuay Police,police\n",
			"Quay Police police, St Mary's School education", "", intake.Matching{}},
		"there as another type": {"Name,Type\nSt Mary's School,police\nQuay Police,police\n",
			"Quay Police police, St Mary's School education", "organisation-sector", intake.Matching{}},
		"almost one that is there": {"Name,Type\nSt. Marys School,education\n", "St Mary's School education, " +
			"St. Marys School education", "alike", intake.Matching{}},
		"almost another of the list": {"Name,Type\nHarbour Nursery,early-years\nHarbour Nursry,early-years\n",
			"Harbour Nursery early-years, Harbour Nursry early-years, St Mary's School education", "alike", intake.Matching{}},
		"twice": {"Name,Type\nQuay Police,police\nQUAY POLICE,police\n", "Quay Police police, St Mary's School education",
			"duplicate-row", intake.Matching{}},
		"a total, and a name that is none": {"Name,Type\nQuay Police,police\nHall,other\nTBC,police\nTotal,2\n",
			"Hall other, Quay Police police, St Mary's School education", "name total", intake.Matching{}},
		"a type that is not known": {"Name,Type\nQuay Police,Wibble\n", "Quay Police other, St Mary's School education",
			"sector", intake.Matching{}},
		"a type by what was said": {"Title,Sort\nQuay Police,Bobbies\nOld,Gone\n",
			"Quay Police police, St Mary's School education", "left-out", intake.Matching{
				Columns: map[string]string{"name": "Title", "sector": "Sort"},
				Words:   map[string]map[string]string{"sector": {"bobbies": "police", "gone": intake.LeaveOut}}}},
		"one type for all": {"School\nHarbour School\n", "Harbour School education, St Mary's School education", "",
			intake.Matching{Columns: map[string]string{"name": "School"}, Whole: map[string]string{"sector": "education"}}},
		"no type": {"Name\nQuay Police\n", "", "refused: does not look like a list of organisations", intake.Matching{}},
		"numbers for names": {"Name,Type\n1,police\n2,police\n", "", "refused: none or too few name an organisation",
			intake.Matching{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, testkit.NewStores(t, db.SQLite))
			if _, err := w.AddOrganisation(t.Context(), w.by, Organisation{Name: "St Mary's School",
				Sector: "education"}); err != nil {
				t.Fatal(err)
			}
			in := ledger.New(t, w.Work, clock.Fixed(w.now), ids.New, w.Kinds()...)
			rep, err := in.Load(t.Context(), "organisations", []string{listed(t, c.text)}, ledger.Options{Matching: c.said})
			if why, refused := strings.CutPrefix(c.rules, "refused: "); refused {
				var f *intake.Fatal
				if !errors.As(err, &f) || !strings.Contains(f.Words, why) {
					t.Errorf("not refused: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, f := range rep.Batch.Findings {
				rules = append(rules, f.Rule)
			}
			if got := strings.Join(rules, " "); got != c.rules || w.all() != c.want {
				t.Errorf("%s with findings %q; want %s with %q", w.all(), got, c.want, c.rules)
			}
		})
	}
}

// Withdrawing a list takes away what nobody has looked at and nothing is recorded of.
func TestWithdrawOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.InUse = func(ctx context.Context, q db.Reader, id string) (bool, error) {
			n, err := db.Get[int](ctx, q, `SELECT count(*) FROM people WHERE organisation_id = $1`, id)
			return n > 0, err
		}
		in := ledger.New(t, w.Work, clock.Fixed(w.now), ids.New, w.Kinds()...)
		rep, err := in.Load(t.Context(), "organisations", []string{listed(t, "Name,Type\nHarbour School,education\n"+
			"Quay Police,police\nQuay Nursery,early-years\n")}, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		id := func(name string) string {
			o, err := organisationByName(t.Context(), w.Work, name)
			if err != nil {
				t.Fatal(err)
			}
			return o.ID
		}
		err = w.Work.Tx(t.Context(), func(q db.Q) error {
			_, err := db.Exec(t.Context(), q, `INSERT INTO people (id, name, folded, email, organisation_id, created_at)
				VALUES ('ann', 'Ann', 'ann', '', $1, $2)`, id("Harbour School"), db.At(w.now))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		looked := Organisation{ID: id("Quay Police"), Name: "Quay Police", Sector: "police"}
		if err := w.SaveOrganisation(t.Context(), w.by, looked, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Withdraw(t.Context(), rep.ImportID, w.by); err != nil {
			t.Fatal(err)
		}
		if got, want := w.all(), "Harbour School education, Quay Police police"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
