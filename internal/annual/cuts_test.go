package annual

import (
	"testing"

	"kith/internal/kit/figure"
)

// TestCuts: what a figure can be narrowed by is said in the partnership's words, with
// the word to write where that is another.
func TestCuts(t *testing.T) {
	t.Parallel()
	d := &figure.Definition{Dimensions: []figure.Dimension{
		{ID: "committee", Title: "Subgroup", Public: true}, {ID: "kind", Title: "Kind", Public: true},
		{ID: "theme", Public: true}, {ID: "ward", Title: "Ward"},
	}}
	if got, want := cuts(d), "subgroup (written committee), kind and theme"; got != want {
		t.Errorf("%q, and should be %q", got, want)
	}
	d.Protection = figure.Child
	if got := cuts(d); got != "" {
		t.Errorf("a figure about children can be narrowed by %q", got)
	}
}
