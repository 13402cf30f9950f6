package annual

import (
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// TestOthers: a figure's page leads to the same figure at other times, though each
// ask has a definition of its own, with the installation's words written in.
func TestOthers(t *testing.T) {
	t.Parallel()
	l := newLedger(nil, nil, true)
	add := func(page, id string, year period.Year, by string) *entry {
		e := &entry{page: page, def: &figure.Definition{ID: id}, ask: figure.Ask{Period: year.Span(), By: by},
			uses: []place{{Slug: "one"}}}
		l.byPage[page] = e
		return e
	}
	now := add("c", "cla.open", 2023, "")
	last := add("b", "cla.open", 2022, "")
	add("cut", "cla.open", 2022, "sex")
	add("other", "cpp.open", 2022, "")
	if got := l.others(now); len(got) != 1 || got[0] != last {
		t.Errorf("it leads to %d other times, want the year before alone", len(got))
	}
}
