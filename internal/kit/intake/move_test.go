package intake

import "testing"

func TestLarge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after int64
		want          bool
	}{
		{2687, 198, true}, // the file that was cut short
		{2118, 2687, false},
		{300, 400, false}, {300, 401, true}, {300, 200, false}, {300, 199, true},
		{3, 19, false}, {3, 20, true}, {19, 0, false}, {20, 0, true}, {0, 20, true}, {0, 0, false},
		{30, 15, true}, {30, 20, false},
	} {
		if got := (Move{Against: "2023-24", Before: c.before, After: c.after}).Large(); got != c.want {
			t.Errorf("from %d to %d: %t", c.before, c.after, got)
		}
	}
	for _, m := range []Move{{Period: "2023-24", Against: "2023-24", Before: 30, After: 300, Adds: 1},
		{Period: "2023-24", Against: "2022-23", Before: 300, After: 30, Adds: 1}, {Before: 0, After: 300}} {
		if m.Large() {
			t.Errorf("it is asked about %+v", m)
		}
	}
	if m := (Move{Period: "2023-24", Against: "2023-24", Before: 300, After: 30, Adds: 1}); !m.Large() {
		t.Errorf("it is not asked about %+v", m)
	}
}
