package register_test

import (
	"errors"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/register"
	"kith/internal/testkit"
)

func TestSaveTerms(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		save := func(terms lang.Terms) error {
			return s.Work.Tx(t.Context(), func(q db.Q) error { return register.SaveTerms(t.Context(), q, terms) })
		}
		said := func(text string) string {
			terms, err := register.ReadTerms(t.Context(), s.Work)
			if err != nil {
				t.Fatal(err)
			}
			return terms.Put(text)
		}
		const text = "the {front door}, a {committee}, {Committees}"
		if err := save(lang.Terms{"front door": "the  MASH", "committee": "subgroup",
			"committees": "subgroups"}); err != nil {
			t.Fatal(err)
		}
		if got := said(text); got != "the MASH, a subgroup, Subgroups" {
			t.Error(got)
		}
		for name, terms := range map[string]lang.Terms{
			"one form of two": {"committee": "board"},
			"marks":           {"front door": "{MASH}"},
		} {
			var invalid *ui.Invalid
			if err := save(terms); !errors.As(err, &invalid) || len(invalid.Problems) != 1 {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := said(text); got != "the MASH, a subgroup, Subgroups" {
			t.Errorf("what was refused changed something: %s", got)
		}
		if err := save(lang.Terms{"front door": "front door"}); err != nil {
			t.Fatal(err)
		}
		if got := said(text); got != "the front door, a committee, Committees" {
			t.Error(got)
		}
	})
}
