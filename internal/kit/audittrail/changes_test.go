package audittrail

import (
	"slices"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestChanges: an entry tells what was changed from what to what, and why.
func TestChanges(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		was := web.NewForm("name", "Ann", "job_title", "Nurse", "email", "")
		now := web.NewForm("name", "Ann Ash", "job_title", "", "email", "ann@x.example")
		w.tx(func(q db.Q) error {
			by := web.Person{ID: "a", Name: "Ada"}
			if err := w.trail.Note(t.Context(), q, by, "saved", "person", "p", "Ann", Between(was, was)); err != nil {
				return err
			}
			return w.trail.Note(t.Context(), q, by, "changed", "person", "p", "Ann", Between(was, now), Because("married"))
		})
		list, err := Of(t.Context(), s.Work, "person", "p")
		w.ok(err)
		want := []string{"E-mail address: ann@x.example; it was empty", "Job title: taken out; it was Nurse",
			"Name: Ann Ash; it was Ann", "Why: married"}
		if got := list[0].Told(); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		want = []string{"E-mail address: ann@x.example; it was empty", "Job title: taken out; it was Nurse", "Name: changed",
			"Why: married"}
		if got := list[0].Withheld("Name").Told(); !slices.Equal(got, want) {
			t.Errorf("to who may not read the name: %q", got)
		}
		if got := list[1].Withheld("Name").Told(); got != nil {
			t.Errorf("nothing was changed, and nothing is withheld: %q", got)
		}
		if got := list[1].Told(); got != nil {
			t.Errorf("nothing was changed: %q", got)
		}
		w.seal(2)
		w.good(2, 0)
		if got := (Entry{Changes: "not JSON"}).Told(); got != nil {
			t.Errorf("%q", got)
		}
	})
}
