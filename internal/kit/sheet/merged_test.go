package sheet

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What merged cells say is read where it is meant, noted, or refused; a title over
// the table is neither.
func TestMerged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		rows   [][]any
		merged string
		want   string
		fixes  string // how each begins
	}{
		{"a title", [][]any{{"Contacts"}, {"date", "source"}, {"a", "b"}}, "A1:B1", "1|Contacts\n2|date|source\n3|a|b\n", ""},
		{"a tall title", [][]any{{2024}, {}, {"date", "source"}}, "A1:B2", "1|2024\n3|date|source\n", ""},
		{"a text over rows", [][]any{{"site", "visits"}, {"Main", 5}, {nil, 6}, {"b", 7}}, "A2:A3",
			"1|site|visits\n2|Main|5\n3|Main|6\n4|b|7\n", "the cells A2:A3 are merged, and what they say was read in each"},
		{"the last column", [][]any{{"visits", "site"}, {5, "Main"}, {6}}, "B2:B3",
			"1|visits|site\n2|5|Main\n3|6|Main\n", "the cells B2:B3 are merged, and what they say was read in each"},
		{"a header over columns", [][]any{{"site", "visits", nil}, {"Main", 5, 6}}, "B1:C1", "1|site|visits\n2|Main|5|6\n",
			"the cells B1:C1 are merged, and what they say was read in the first"},
		{"a number over rows", [][]any{{"site", "visits"}, {"a", 5}, {"b"}}, "B2:B3",
			"1|site|visits\n2|a|5\nerror: line 3: the cells B2:B3 are merged into one that holds a number",
			"the cells B2:B3"},
		{"nothing in them", [][]any{{"site", "visits"}, {nil, 5}, {nil, 6}}, "A2:A3", "1|site|visits\n2||5\n3||6\n", ""},
	} {
		path := filepath.Join(t.TempDir(), "t.xlsx")
		book := excelize.NewFile()
		// The table is in the second sheet, whose part is not the first.
		if _, err := book.NewSheet("Visits"); err != nil {
			t.Fatal(err)
		}
		for i, row := range c.rows {
			at, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := book.SetSheetRow("Visits", at, &row); err != nil {
				t.Fatal(err)
			}
		}
		from, to, _ := strings.Cut(c.merged, ":")
		if err := book.MergeCell("Visits", from, to); err != nil {
			t.Fatal(err)
		}
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		file, err := Open(Path(path), Usual)
		if err != nil {
			t.Fatal(err)
		}
		table, err := file.Table("Visits")
		if err != nil {
			t.Fatal(err)
		}
		got := dump(t, table)
		if got != c.want && !(strings.Contains(c.want, "error") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
		said := ""
		for _, f := range table.Fixes() {
			said += f.Words
		}
		if !strings.HasPrefix(said, c.fixes) || (said == "") != (c.fixes == "") {
			t.Errorf("%s: %q, want %q", c.name, said, c.fixes)
		}
		table.Close()
		file.Close()
	}
}
