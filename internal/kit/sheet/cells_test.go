package sheet

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestReadDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, day, time string }{
		{"14-Jun-23", "2023-06-14", ""}, {"14 Sept 2023", "2023-09-14", ""}, {"14th June 2023", "2023-06-14", ""},
		{"Wed 14 Jun 2023", "2023-06-14", ""}, {"Wednesday, 14 June 2023", "2023-06-14", ""},
		{"1/6/2023 09:30", "2023-06-01", "09:30"}, {"14/6/2023 9:30:00 AM", "2023-06-14", "09:30"},
		{"14/06/23", "2023-06-14", ""}, {"14/06/49", "2049-06-14", ""}, {"14/06/50", "1950-06-14", ""},
		{"20230614", "2023-06-14", ""}, {"14062023", "2023-06-14", ""}, {"45091", "2023-06-14", ""},
		{"45091.5625", "2023-06-14", "13:30"}, {"45091.0", "2023-06-14", ""},
		{"14 june 2023", "2023-06-14", ""}, {"14 JUN 2023", "2023-06-14", ""},
		{"2023-06-14 00:00:00.000", "2023-06-14", ""}, {"June 14 2023", "2023-06-14", ""},
		{"June 14, 2023 9.30am", "2023-06-14", "09:30"}, {"14/Jun/2023", "2023-06-14", ""}, {"2023-6-1", "2023-06-01", ""},
		{"14 June 2023 1330", "2023-06-14", "13:30"}, {"14/06/2023 midday", "2023-06-14", "12:00"},
		{"14/06/2023 at 2pm", "2023-06-14", "14:00"}, {"14/06/2023, 9:30 pm", "2023-06-14", "21:30"},
		// In England's clock: an hour on in summer, which may be the next day.
		{"2023-06-14T09:30:00Z", "2023-06-14", "10:30"}, {"2023-01-14T09:30:00Z", "2023-01-14", "09:30"},
		{"2023-06-13T23:00:00Z", "2023-06-14", ""}, {"2023-06-14T00:00:00Z", "2023-06-14", ""},
		{"2023-06-14T23:30:00.000+00:00", "2023-06-15", "00:30"}, {"2023-06-14T09:30:00+01:00", "2023-06-14", "09:30"},
		{"2023-06-14T20:30-0500", "2023-06-15", "02:30"},
		{"Thu 14 Jun 2023", "", ""}, {"06/14/2023", "", ""}, {"29/02/2023", "", ""}, {"14/06", "", ""}, {"June 2023", "", ""},
		{"14/06/2023 25:00", "", ""}, {"14 Juno 2023", "", ""}, {"12345", "1933-10-18", ""}, {"1234", "", ""},
		{"99999999", "", ""},
		{"2023", "", ""}, {"soon", "", ""}, {strings.Repeat("1", 100), "", ""},
	} {
		m, err := ReadDate(c.in)
		if m.Date.String() != c.day || m.Time != c.time || (err == nil) != (c.day != "") {
			t.Errorf("%q: %s %s, %v", c.in, m.Date, m.Time, err)
		}
	}
}

func TestReadTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"09:30": "09:30", "9.30am": "09:30", "9:30 pm": "21:30", "9:30 p.m.": "21:30", "0930": "09:30", "0930hrs": "09:30",
		"9am": "09:00", "midday": "12:00", "Noon": "12:00", "12 noon": "12:00", "midnight": "00:00", "12:15am": "00:15",
		"12:15 PM": "12:15", "13:30pm": "13:30", "09:30:00": "09:30", "0.395833333": "09:30", "0.75": "18:00",
		"13am": "", "24:00": "", "9:60": "", "morning": "", "930": "", "": "", "9": "",
	} {
		if got, err := ReadTime(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// A column of times is read in all their forms; what stands for no time is none.
func TestCellsTime(t *testing.T) {
	t.Parallel()
	c := NewCells()
	for in, want := range map[string]string{
		"09:30": "09:30", "1.30 pm": "13:30", "0.5625": "13:30", "30/12/1899 09:30": "09:30", "14/06/2023 2pm": "14:00",
		"": "", "0": "", "N/A": "", "midnight": "", "00:00:00": "",
		"after lunch": "wrong", "14/06/2023": "wrong", "9": "wrong", "9:30-12:00": "wrong",
	} {
		got, err := c.Time("start", in, 2)
		if err != nil {
			got = "wrong"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if r := c.Remarks(); len(r) != 1 || r[0].Rule != "empty-word" {
		t.Errorf("a word for nothing is not remarked on: %v", r)
	}
}

func TestReadBool(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Y": "yes", "Yes": "yes", "TRUE": "yes", "true": "yes", "1": "yes", "x": "yes", "X": "yes", "✓": "yes", "tick": "yes",
		"-1": "yes", "-1.0": "yes", "-2": "",
		"N": "no", "no": "no", "FALSE": "no", "0": "no", "No.": "no", "": "", "maybe": "", "2": "", "NFA": "", "-": "",
	} {
		yes, known := ReadBool(in)
		got := map[bool]string{true: "yes", false: "no"}[yes]
		if !known {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A workbook has a kind of cell for yes and no.
func TestReadBoolOfWorkbook(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.xlsx")
	book := excelize.NewFile()
	_ = book.SetSheetRow("Sheet1", "A1", &[]any{true, false})
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	file, err := Open(Path(path), Usual)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := file.Table("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	row, err := table.Next()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if yes, known := ReadBool(row.Cell(i)); yes != want || !known {
			t.Errorf("%q: %t, %t", row.Cell(i), yes, known)
		}
	}
}

func TestReadAge(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"5": 5, "7.0": 7, "5.9": 5, "5 years": 5, "5 yrs": 5, "5y 3m": 5, "5y": 5, "5 years, 3 months": 5, "5 years old": 5,
		"10 years and 2 months": 10, "18 months": 1, "6 weeks": 0, "60 weeks": 1, "10 days": 0, "Under 1": 0, "<1": 0,
		"under 1 year": 0, "0": 0,
		"five": -1, "": -1, "-1": -1, "121": -1, "5-9": -1, "NaN": -1, "200 months": -1, "5 stone": -1,
	} {
		got, err := ReadAge(in)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, refused string }{
		{"A1 1001 1001.0", "a1 1001 1001", ""},
		{"000777 000777 12E4 778.5", "000777 000777 12e4 778.5", ""},
		{"1.23456789012E11", "123456789012", ""},
		{"0 00", "0", "line 2"}, {"000777 777", "000777", "line 2"}, {"777 A1 0777", "777 a1", "line 3"},
		{"1,001 01001", "1001", "line 2"}, {"0777 '777", "0777", "line 2"},
		{"1.23457E+11", "", "line 1"}, {"1E+11", "", "line 1"},
		{"12345678901234567890 012345678901234567890", "12345678901234567890", "line 2"},
	} {
		i := NewIdentifiers()
		var got []string
		refused := ""
		for n, cell := range strings.Fields(c.in) {
			id, err := i.Read("CHILD", cell, int64(n+1))
			if err != nil {
				if !errors.Is(err, ErrCells) {
					t.Errorf("%s: %v", c.in, err)
				}
				refused, _, _ = strings.Cut(err.Error(), ":")
				break
			}
			got = append(got, id)
		}
		if strings.Join(got, " ") != c.want || refused != c.refused {
			t.Errorf("%s: %v, refused at %q", c.in, got, refused)
		}
	}
}

// One record written in several ways is one; what differs in more than the way it is
// written stays apart.
func TestIdentifierKeys(t *testing.T) {
	t.Parallel()
	for want, cells := range map[string]string{
		"c230001": "C230001|c230001|'C230001|’C230001|`C230001|´C230001|" +
			"C 230001|C\u00a0230001|Ｃ２３０００１|C23\u200b0001",
		"c-1":     "C-1|C–1|C—1|C‑1|c−1|C - 1|'c-1",
		"1001":    "1001|1,001|1001.0|1,001.0|'1001|10 01|１００１|1 001|１，００１",
		"1234567": "1,234,567|1234567|1.234567E+6",
		"1,01":    "1,01", "0,001": "0,001", "a1,001": "A1,001", "12,3456": "12,3456", "o'neil1": "O’Neil1",
		"": "|'| ", "c.1": "C.1", "c/1": "C/1", "c_1": "C_1",
	} {
		for cell := range strings.SplitSeq(cells, "|") {
			if got, err := ReadIdentifier("CHILD", cell, 2); err != nil || got != want {
				t.Errorf("%q: %q, %v, want %q", cell, got, err, want)
			}
		}
	}
}

// Each form of cell is told once for the column, with how many there are.
func TestCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, cells, dates string
		remarks            string // rule and what the words begin with, a line each
		unsound            bool
	}{
		{"words for nothing", "NULL|#N/A|n/a|None|nil|-|–|.|14/06/2023", "||||||||2023-06-14", "empty-word 8 cells say",
			false},
		{"what people say", "not known|Unknown|TBC|to be confirmed|?|??|Not recorded", "||||||",
			"unknown-word 7 cells say “unknown”", false},
		{"words for nothing of programs", `n.a.|N.A|\N|<NA>|nan`, "||||", "empty-word 5 cells say", false},
		{"letters of full width", "１４／０６／２０２３", "2023-06-14", "", false},
		{"another order here and there", "14/06/2023|15/06/2023|06/14/2023|06/15/2023|06/16/2023|17/06/2023|18/06/2023|" +
			"19/06/2023", "2023-06-14|2023-06-15|?|?|?|2023-06-17|2023-06-18|2023-06-19", "", true},
		{"the end of time", "31/12/9999|9999-12-31|31/12/2099|01/01/1900|2958465|0|30/06/2099",
			"||||||2099-06-30", "no-date 6 cells have", false},
		{"the end of time of others", "31/12/4712|00/00/0000|0000-00-00 00:00:00|00/01/1900|00000000|06/06/2079|2262-04-11|" +
			"31/12/2199 23:59|1753-01-01|0/0/00|31/12/2400", "||||||||||", "no-date 11 cells have", false},
		{"words in a start", "open|ongoing|00/13/2023", "?|?|?", "", false},
		{"one", "01-Jan-1900", "", "no-date 1 cell has a date that stands for “none”, such as 31/12/9999 or 01/01/1900, and was",
			false},
		{"two digits", "14/06/23|14-Jun-22", "2023-06-14|2022-06-14", "short-year 2 dates have", false},
		{"numbers", "45091", "2023-06-14", "number-date 1 date is", false},
		{"month first", "04/07/2023|04/13/2023|5/31/2023 10:00", "2023-07-04|?|?", "", true},
		{"both orders", "04/07/2023|04/13/2023|31/05/2023", "2023-07-04|?|2023-05-31", "", true},
		{"both orders, and nothing unsure", "04/13/2023|31/05/2023", "?|2023-05-31", "", false},
		{"one slip", "04/07/2023|04/13/2023" + strings.Repeat("|31/05/2023", 20),
			"2023-07-04|?" + strings.Repeat("|2023-05-31", 20), "", false},
		{"day first by the time", "04/13/2023|31/05/2023 10:00|30/5/2023", "?|2023-05-31|2023-05-30", "", false},
		{"no month at all", "14/14/2023|00/13/2023", "?|?", "", false},
		{"cannot be told", "04/07/2023", "2023-07-04", "", false},
	} {
		cells := NewCells()
		var got []string
		for n, cell := range strings.Split(c.cells, "|") {
			m, err := cells.Date("DEC", Clean(cell), int64(n+2))
			if err != nil {
				got = append(got, "?")
				continue
			}
			got = append(got, m.Date.String())
		}
		if s := strings.Join(got, "|"); s != c.dates {
			t.Errorf("%s: %s, want %s", c.name, s, c.dates)
		}
		if cells.Text("LS", "", 2) != "" || cells.Text("LS", "C2", 2) != "C2" {
			t.Errorf("%s: what a cell says is changed", c.name)
		}
		told := ""
		for _, r := range cells.Remarks() {
			if r.Column != "DEC" || r.Line != 2 {
				t.Errorf("%s: %+v", c.name, r)
			}
			told += r.Rule + " " + r.Words
		}
		if !strings.HasPrefix(told, c.remarks) || (told == "") != (c.remarks == "") {
			t.Errorf("%s: %q", c.name, told)
		}
		if err := cells.Sound(); (err != nil) != c.unsound || err != nil && !errors.Is(err, ErrCells) {
			t.Errorf("%s: sound: %v", c.name, err)
		}
	}
}

// What has not ended is read as open in the place of an end, in words and in dates, and
// told once; what may mean something else is no date.
func TestEnd(t *testing.T) {
	t.Parallel()
	cells := NewCells()
	for n, cell := range []string{"open", "Ongoing", "on-going", "Current", "Still open", "OPEN-ENDED", "(ongoing)",
		"Not applicable", "N/a.", "to date", "", "NULL", "31/12/9999"} {
		if m, err := cells.End("DEC", cell, int64(n+2)); err != nil || !m.Date.IsZero() {
			t.Errorf("%q: %s %v", cell, m.Date, err)
		}
	}
	told := ""
	for _, r := range cells.Remarks() {
		told += fmt.Sprintf("%d %s %.12s|", r.Line, r.Rule, r.Words)
	}
	if told != "13 empty-word 1 cell says |14 no-date 1 cell has a|2 open-word 10 cells say|" {
		t.Error(told)
	}
	for _, cell := range []string{"closed", "not known", "yes", "ended", "opened 01/04/2023", "tbc", "?", "Unknown"} {
		if _, err := cells.End("DEC", cell, 2); err == nil {
			t.Errorf("%q is read", cell)
		}
	}
	if m, err := cells.End("DEC", "14/06/2023", 2); err != nil || m.Date.String() != "2023-06-14" {
		t.Errorf("%s %v", m.Date, err)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", " a\t": "a", "\u00a0a\u00a0b\u202fc": "a b c", "\ufeffa": "a", "a\ufeffb": "ab",
		"Date of contact\u200b": "Date of contact",
		"Ａ１－（２）":                "A1-(2)", "～": "~",
		"\u200e03/\u200e04/\u200e2023": "03/04/2023", "so\u00adft": "soft", "\u202aé\u202c": "é", "\u200b": "",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What stands where the number of a record or a child belongs is told from a word for all the
// others, and from the name of a period.
func TestSummaries(t *testing.T) {
	t.Parallel()
	for cells, want := range map[string]string{
		"Total|Grand total|TOTAL:|122 contacts|1,204 rows|rows: 240|Contacts (122)|Number of contacts|No. of children: 3|" +
			"April total|April 2023 subtotal|Police sub-total|Average|Mean|Count|sum": "summary",
		"April|Apr-23|April 2023|Sept 2023|Q1|Q1 2023-24|Quarter 2|Week 12|2023-24|2023/24|04/2023|2023-04|January": "period",
		"C100|P5|12|DEMO-17|04/20235|Marchmont|2023|Q12345|A1 2|Totality|Augustine|April Smith|May B|13/2023|||" +
			"Meaning|100 High Street|O'Neill|Summers": "",
	} {
		for cell := range strings.SplitSeq(cells, "|") {
			got := ""
			switch {
			case IsSummary(cell):
				got = "summary"
			case IsPeriod(cell):
				got = "period"
			}
			if got != want {
				t.Errorf("%q: %q, want %q", cell, got, want)
			}
		}
	}
}
