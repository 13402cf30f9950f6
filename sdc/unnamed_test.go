package sdc

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// tableOfRows makes a table of lines such as "North Girls 3"; * is a hidden count. Dimensions
// are named a, b, c.
func tableOfRows(t *testing.T, parents map[string]string, rows ...string) *Table {
	t.Helper()
	out := &Table{}
	for _, row := range rows {
		f := strings.Fields(row)
		if out.Dimensions == nil {
			for d := range f[:len(f)-1] {
				out.Dimensions = append(out.Dimensions, Dimension{Name: string(rune('a' + d))})
			}
			out.Dimensions[0].Parent = parents
		}
		c := Cell{Hidden: f[len(f)-1] == "*"}
		for _, code := range f[:len(f)-1] {
			c.Codes = append(c.Codes, strings.ReplaceAll(code, "_", " "))
		}
		if !c.Hidden {
			n, err := strconv.ParseInt(f[len(f)-1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			c.Count = n
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

func TestUnnamedTotals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		parents map[string]string
		rows    string
		want    string
	}{
		{"a total by its sum and name", nil, "North 30|South 3|East 40|All 73", "a All 73"},
		{"a total by its sum alone", nil, "North 30|South 3|East 40|Tidewell 73", "a Tidewell 73"},
		{"in two dimensions", nil, "x Girls 3|x Boys 9|x All 12|y Girls 8|y Boys 7|y All 15|All Girls 11|All Boys 16|All All 27",
			"a All 27, b All 27"},
		{"no total", nil, "North 30|South 3|East 40", ""},
		{"named Total", nil, "North 30|South 3|East 40|Total 73", ""},
		{"small and in one line, perhaps by chance", nil, "x 2|y 3|z 5", "a z 5"},
		{"small, in one line, and named", nil, "x 2|y 3|all 5", "a all 5"},
		{"small, in two lines", nil, "p x 1|p y 2|p z 3|q x 2|q y 2|q z 4", "b z 4"},
		{"in one line of two only", nil, "p x 10|p y 20|p z 30|q x 20|q y 20|q z 41", ""},
		{"two that are equal", nil, "Girls 30|Boys 30", ""},
		{"two that are equal in two lines", nil, "p Girls 30|p Boys 30|q Girls 9|q Boys 9", "b Girls 30, b Boys 30"},
		{"two that are equal and small", nil, "p Girls 3|p Boys 3|q Girls 2|q Boys 2", ""},
		{"left empty", nil, "Girls 3|Boys 4", ""},
		{"two that are equal in every of many lines", nil, "p x 9|p y 9|q x 7|q y 7|r x 3|r y 3|s x 4|s y 4", "b x 9, b y 9"},
		{"zeros", nil, "x 0|y 0|z 0", ""},
		{"one with zeros beside", nil, "x 30|y 30|z 0", ""},
		{"all of one", nil, "Girls 30|All 30", "a All 30"},
		{"Total counts it as a category", nil, "x 30|y 12|z 42|Total 84", ""},
		{"Total beside another total", nil, "x 30|y 12|All 42|Total 42", "a All 42"},
		{"named, and not the sum", nil, "x 30|y 12|Grand_total 43", "a Grand total 0 differs"},
		{"a word of it, and not the sum", nil, "x 30|y 12|All_boys 43", ""},
		{"parts that are hidden", nil, "x 30|y *|All 42", "a All 0"},
		{"parts that are hidden and no name", nil, "x 30|y *|z 42", ""},
		{"parts that exceed it", nil, "x 50|y *|All_of_z 42", ""},
		{"hidden itself", nil, "x 50|y 20|All *", ""},
		{"hidden in one line", nil, "p x 50|p y 20|p All *|q x 5|q y 20|q All 25", "b All 25"},
		{"with parts", map[string]string{"n/1": "n", "n/2": "n"}, "n/1 10|n/2 20|n 30|s 10|Tidewell 40", "a Tidewell 40"},
		{"parts without their whole", map[string]string{"n/1": "n", "n/2": "n"}, "n/1 10|n/2 20|s 10|Tidewell 40",
			"a Tidewell 40"},
		{"a whole is known", map[string]string{"x": "All", "y": "All"}, "x 10|y 20|All 30", ""},
		{"in circles", map[string]string{"x": "y", "y": "x"}, "x 10|y 20|z 30", ""},
		{"alone", nil, "All 30", ""},
		{"not in every line", nil, "p x 10|p y 20|p z 30|q x 5|q y 6", "b z 30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, u := range UnnamedTotals(tableOfRows(t, c.parents, strings.Split(c.rows, "|")...)) {
				said := fmt.Sprintf("%s %s %d", u.Dimension, u.Code, u.Count)
				if u.Differs {
					said += " differs"
				}
				got = append(got, said)
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

func TestTotalWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]naming{
		"All": exactly, "ALL": exactly, "Both": exactly, "Both sexes": exactly, "Grand Total": exactly, "Totals": exactly,
		"Total (all areas)": exactly, "All ages": exactly, "All children": exactly, "Overall": exactly,
		"All Saints": maybe, "Any other background": maybe, "Children in care": maybe,
		"North": not, "Allerton": not, "5-9": not, "": maybe, "Totalley": not,
	} {
		if got := totalWords(code); got != want {
			t.Errorf("%q: %d, want %d", code, got, want)
		}
	}
}
