package sdc

import (
	"context"
	"strings"
	"testing"
)

// TestUseful: the alternatives are really protected, and the sentence names the better ones.
func TestUseful(t *testing.T) {
	t.Parallel()
	table := benchTable(3, 6, 4, 2)
	bands := []string{"0-4", "5-9", "10-15", "16-17"}
	at := map[string]string{}
	for i := range table.Cells {
		if c := table.Cells[i].Codes; c[1] != Total {
			if at[c[1]] == "" {
				at[c[1]] = bands[len(at)]
			}
			c[1] = at[c[1]]
		}
	}
	table.Dimensions[0].Name, table.Dimensions[1].Name, table.Dimensions[2].Name = "ward", "age", "sex"
	r, o := Release{Tables: []Table{table}}, Options{Profile: dfe(t)}
	res, err := Protect(t.Context(), r, o)
	if err != nil || !res.Safe {
		t.Fatal(err)
	}
	var steps []int
	uses := Useful(t.Context(), r, o, res, func(done, all int) { steps = append(steps, done, all) })
	names := map[string]Use{}
	for _, u := range uses[1:] {
		if !u.Safe || u.Stopped {
			t.Errorf("%+v", u)
		}
		names[u.Name] = u
	}
	if len(names) != 5 || len(steps) != 10 || steps[9] != 5 {
		t.Errorf("%v in %v steps", names, steps)
	}
	after, err := Protect(t.Context(), withouts(&r)[2].release, o)
	if err != nil {
		t.Fatal(err)
	}
	if hidden, cells := after.hiddenCells(); names["without sex"].Hidden != hidden || names["without sex"].Cells != cells {
		t.Errorf("without sex: %+v, but protected %d of %d are hidden", names["without sex"], hidden, cells)
	}
	if n := names["with 2 bands of age"].Cells; n != 7*3*3 {
		t.Errorf("with 2 bands: %d counts", n)
	}
	line := UsefulLine(uses)
	if !strings.Contains(line, " % of counts hidden; ") || !strings.Contains(line, "with 2 bands of age ") {
		t.Errorf("the sentence is %q", line)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if uses := Useful(ended, r, o, res, nil); len(uses) != 1 || UsefulLine(uses) != "" {
		t.Errorf("when it is ended: %+v", uses)
	}
	if UsefulLine(nil) != "" || UsefulLine([]Use{{Safe: true, Cells: 100, Hidden: 24}, {Safe: true, Cells: 10}}) != "" {
		t.Error("little is hidden, and something is said")
	}
	few := []Use{{}, {Name: "without sex", Safe: true, Cells: 1000, Hidden: 1}}
	if got := UsefulLine(few); got != "not safe as it is; without sex 1 %" {
		t.Errorf("not safe: %q", got)
	}
}
