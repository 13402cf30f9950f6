package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/partnership"
)

// TestAuditCommands: what was done is sealed, checked, and found when somebody changed
// it; the head that was printed finds what the folder itself no longer can.
func TestAuditCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := open(t, Config{Dir: dir, Face: FaceWork})
	boss := web.Person{ID: "ada", Name: "Ada", Permissions: everything()}
	for _, name := range []string{"North", "South", "West"} {
		if _, err := a.Partnership.AddCommittee(t.Context(), boss, partnership.Committee{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	run := func(want int, args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if got := Main(append([]string{"audit"}, append(args, "--dir", dir)...), strings.NewReader(""), &out,
			&errs); got != want {
			t.Errorf("kith audit %v: status %d, not %d: %s%s", args, got, want, &out, &errs)
		}
		return out.String() + errs.String()
	}
	says := func(text, words string) {
		t.Helper()
		if !strings.Contains(text, words) {
			t.Errorf("%q does not say %q", text, words)
		}
	}
	says(run(exitDone, "verify"), "3 newer acts are not sealed yet")
	head := run(exitDone, "seal")
	says(head, "kith audit trail\n3\n")
	says(run(exitDone, "verify"), "3 acts are sealed, until")
	elsewhere := filepath.Join(t.TempDir(), "heads")
	if err := os.WriteFile(elsewhere, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	says(run(exitDone, "verify", "--heads", elsewhere), "None was changed")
	says(run(exitUsage, "verify", "--heads", elsewhere+"x"), "--heads")

	ann, err := a.Identity.AddUser(t.Context(), "Ann Other", "ann@x.example", "practitioner", "harbour lantern oats")
	if err != nil {
		t.Fatal(err)
	}
	run(exitNo, "erase", "--person", "nobody", "--reason", "x")
	says(run(exitDone, "erase", "--person", ann, "--reason", "asked for it"), "are gone")
	if n, err := db.Get[int](t.Context(), a.Work, `SELECT count(*) FROM audit_trail WHERE detail LIKE '%Ann%'`); err != nil ||
		n != 0 {
		t.Errorf("%d entries name her, %v", n, err)
	}
	says(run(exitDone, "verify"), "5 acts are sealed")

	// Somebody with the whole folder takes everything after the first act away.
	err = a.Work.Tx(t.Context(), func(q db.Q) error {
		for _, query := range []string{
			`DELETE FROM audit_trail WHERE id IN (SELECT entry_id FROM audit_chain WHERE n > 1)`,
			`DELETE FROM audit_chain WHERE n > 1`,
			`UPDATE audit_end SET n = 1, hash = (SELECT hash FROM audit_chain WHERE n = 1)`,
			`DELETE FROM audit_heads`,
		} {
			if _, err := db.Exec(t.Context(), q, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	says(run(exitNo, "verify"), "the last were taken away")
	if err := os.Remove(filepath.Join(dir, "audit", "heads")); err != nil {
		t.Fatal(err)
	}
	run(exitDone, "verify") // which is why heads are kept elsewhere
	says(run(exitNo, "verify", "--heads", elsewhere), "There were 3 acts")
}
