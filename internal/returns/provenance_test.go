package returns

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// Each file stands under its own return, and only with the figures counted from it.
func TestFilesOfEachReturn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		alone := filepath.Join(t.TempDir(), "uasc.csv")
		if err := os.WriteFile(alone, []byte("CHILD,SEX,DOB,DUC\nDEMO1,1,01/02/2010,\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		h.load(CINCensus, here, append(year("census.xml", "header.csv", "episodes.csv"), alone)...)
		for _, noted := range []bool{true, false} {
			for id, want := range map[string]string{
				"cin.open":       "cin-census census.xml",
				"cpp.open":       "cin-census census.xml",
				"cin.open.other": "cin-census census.xml, ssda903 episodes.csv, ssda903 header.csv",
			} {
				values, err := h.values(id + " at 2024-03-31")
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, in := range values[0].Inputs {
					if noted || in.File != "uasc.csv" { // which of the tables were only checked was not noted
						got = append(got, in.Kind+" "+in.File)
					}
				}
				if got := strings.Join(got, ", "); got != want {
					t.Errorf("%s, noted %t, came from %s; want %s", id, noted, got, want)
				}
			}
			// an import of a version that did not note it
			err := s.Work.Tx(t.Context(), func(q db.Q) error {
				_, err := db.Exec(t.Context(), q, `DELETE FROM returns_files`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
