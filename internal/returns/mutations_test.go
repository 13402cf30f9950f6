package returns

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	diff "github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// A sample is a return as a system writes it: clean, so that whatever is found in a
// changed one was brought by the change.
type sample struct {
	kind string
	rows [][]string // the first are the names of its columns
	main string     // the measure that counts its rows, or those of them that are open
	is   *Result    // what it counts
}

// samples are a list of contacts, one of early help and the episodes of children looked
// after, each of 30 to 40 rows over a year.
func samples(t testing.TB) []*sample {
	contacts := &sample{kind: Contacts, main: contactsReceived, rows: [][]string{{"Contact ID", "Child ID",
		"Date of contact", "Date of birth", "Sex", "Ethnicity", "Source", "Outcome"}}}
	help := &sample{kind: EarlyHelp, main: helpStarted, rows: [][]string{{"Episode ID", "Child ID", "Start date",
		"End date", "Date of birth", "Sex", "Source", "Lead organisation"}}}
	episodes := &sample{kind: SSDA903, main: lookedAfter, rows: [][]string{{"CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE",
		"PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"}}}
	for i := range 36 {
		start := period.Year(2023).Span().From.AddDays(i*10 + 1)
		day := func(d period.Date) string { return d.Format("02/01/2006") }
		born := day(start.AddDays(-(i%15)*365 - 200))
		end, ceased := "", ""
		if i%3 == 0 {
			end, ceased = day(start.AddDays(14)), "E4A"
		}
		contacts.rows = append(contacts.rows, []string{fmt.Sprint("C", 100+i), fmt.Sprint("P", 500+i), day(start), born,
			[]string{"M", "F"}[i%2], "WBRI", []string{"Police", "School", "Health visitor"}[i%3],
			[]string{"Referral", "No further action"}[i%2]})
		help.rows = append(help.rows, []string{fmt.Sprint("H", 100+i), fmt.Sprint("P", 500+i), day(start), end, born,
			[]string{"M", "F"}[i%2], []string{"School", "Self"}[i%2], "Family hub"})
		episodes.rows = append(episodes.rows, []string{fmt.Sprint("B", 9000+i), day(start), "S", "C2", "N1", "U4", "PR1", end,
			ceased, "", "", "", ""})
	}
	list := []*sample{contacts, help, episodes}
	for _, s := range list {
		var err error
		if s.is, err = s.read(t.Context(), []byte(asCSV(s.rows, ",", "\n"))); err != nil {
			t.Fatalf("%s: %v", s.kind, err)
		}
		for rule, n := range s.is.ByRule {
			if rule != ruleMissingTable && rule != ruleMissingColumn {
				t.Errorf("the clean sample of %s has %d findings of %s: %v", s.kind, n, rule, s.is.Findings)
			}
		}
		if s.is.total(s.main) < 20 {
			t.Errorf("the clean sample of %s counts %d", s.kind, s.is.total(s.main))
		}
	}
	return list
}

// read reads a file of the sample's kind.
func (s *sample) read(ctx context.Context, content []byte) (*Result, error) {
	return Read(ctx, s.kind, intake.Source{Year: 2023, Authority: here, Files: []intake.File{
		{Name: "sent.csv", Content: bytes.NewReader(content), Size: int64(len(content))}}})
}

// total is the largest that a measure says in all of its spans together.
func (r *Result) total(measure string) (sum int64) {
	for _, m := range r.Measures {
		if m.ID == measure && m.Dimension == "" {
			sum += m.Numerator
		}
	}
	return sum
}

// asCSV writes rows with a separator and an end of line, quoting what needs it.
func asCSV(rows [][]string, separator, end string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(separator)
			}
			if strings.ContainsAny(cell, separator+"\"\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(end)
	}
	return b.String()
}

// A mutation changes the rows of a return, the first of which are its columns' names, as
// systems, spreadsheets and people do, and says what it did.
type mutation struct {
	name  string
	apply func(t *rapid.T, rows [][]string) [][]string
}

// some draws a few of n, at least one.
func some(t *rapid.T, n int, what string) []int {
	return rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, n, rapid.ID[int]).Draw(t, what)
}

// column draws one column, and cells of it are changed where change says so.
func column(t *rapid.T, rows [][]string, change func(cell string) string) [][]string {
	at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "column")
	for _, row := range rows[1:] {
		row[at] = change(row[at])
	}
	return rows
}

var mutations = []mutation{
	{"words for nothing in some cells", func(t *rapid.T, rows [][]string) [][]string {
		word := rapid.SampledFrom([]string{"NULL", "null", "N/A", "n/a", "#N/A", "None", "-", ".", "--", "(blank)", "nil",
			"NaN", "<NA>", "?", "tbc", "#REF!", "#VALUE!"}).Draw(t, "word")
		at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "column")
		for _, row := range some(t, len(rows)-1, "rows") {
			rows[row+1][at] = word
		}
		return rows
	}},
	{"words for nothing in empty cells", func(t *rapid.T, rows [][]string) [][]string {
		word := rapid.SampledFrom([]string{"NULL", "N/A", "#N/A", "None", "-", "."}).Draw(t, "word")
		return column(t, rows, func(cell string) string { return cmp.Or(cell, word) })
	}},
	{"still open", func(t *rapid.T, rows [][]string) [][]string {
		end := rapid.SampledFrom([]string{"31/12/9999", "9999-12-31", "31/12/2999", "01/01/1900", "ongoing", "open",
			"current"}).Draw(t, "end")
		return column(t, rows, func(cell string) string { return cmp.Or(cell, end) })
	}},
	{"columns in another order", func(t *rapid.T, rows [][]string) [][]string {
		order := rapid.Permutation(indexes(len(rows[0]))).Draw(t, "order")
		for i, row := range rows {
			moved := make([]string, len(row))
			for to, from := range order {
				moved[to] = row[from]
			}
			rows[i] = moved
		}
		return rows
	}},
	{"rows in another order", func(t *rapid.T, rows [][]string) [][]string {
		order := rapid.Permutation(indexes(len(rows)-1)).Draw(t, "order")
		moved := [][]string{rows[0]}
		for _, from := range order {
			moved = append(moved, rows[from+1])
		}
		return moved
	}},
	{"rows twice", func(t *rapid.T, rows [][]string) [][]string {
		n := len(rows) - 1
		for _, row := range some(t, n, "rows") {
			rows = append(rows, slices.Clone(rows[row+1]))
		}
		return rows
	}},
	{"what cannot be seen", func(t *rapid.T, rows [][]string) [][]string {
		sign := rapid.SampledFrom([]string{"\u200b", "\u00a0", "\ufeff", "\u200e", "\u00ad", " ", "\t"}).Draw(t, "sign")
		for _, row := range rows {
			for i, cell := range row {
				if rapid.IntRange(0, 4).Draw(t, "here") == 0 {
					row[i] = sign + cell + sign
				}
			}
		}
		return rows
	}},
	{"other letters", func(t *rapid.T, rows [][]string) [][]string {
		change := rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower}).Draw(t, "case")
		for _, row := range rows {
			for i := range row {
				row[i] = change(row[i])
			}
		}
		return rows
	}},
	{"another form of date", func(t *rapid.T, rows [][]string) [][]string {
		form := rapid.SampledFrom([]string{"2006-01-02", "2 January 2006", "02-Jan-2006", "02.01.2006", "20060102",
			"2006-01-02 00:00:00", "2006-01-02T00:00:00Z", "01/02/2006", "02/01/06", "serial", "Monday, 2 January 2006",
			"2006/01/02"}).Draw(t, "form")
		return column(t, rows, func(cell string) string {
			on, err := time.Parse("02/01/2006", cell)
			switch {
			case err != nil:
				return cell
			case form == "serial":
				return fmt.Sprint(int(on.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24))
			}
			return on.Format(form)
		})
	}},
	{"numbers as a spreadsheet has them", func(t *rapid.T, rows [][]string) [][]string {
		form := rapid.SampledFrom([]string{"%s.0", "0%s", "%sE+11", "'%s", "=\"%s\"", "%s,000", "£%s"}).Draw(t, "form")
		return column(t, rows, func(cell string) string {
			number := strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
			if number == "" || strings.ContainsAny(cell, "/ ") {
				return cell
			}
			return fmt.Sprintf(form, number)
		})
	}},
	{"another column of that name", func(t *rapid.T, rows [][]string) [][]string {
		at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "column")
		for i, row := range rows {
			cell := "x"
			if i == 0 {
				cell = row[at]
			}
			rows[i] = append(row, cell)
		}
		return rows
	}},
	{"a column gone", func(t *rapid.T, rows [][]string) [][]string {
		at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "column")
		for i, row := range rows {
			rows[i] = slices.Delete(row, at, at+1)
		}
		return rows
	}},
	{"a word in a column", func(t *rapid.T, rows [][]string) [][]string {
		word := rapid.SampledFrom([]string{"see notes", "Q1", "2023", "12/2023", "99/99/9999", "cancelled"}).Draw(t, "word")
		at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "column")
		for _, row := range some(t, len(rows)-1, "rows") {
			rows[row+1][at] = word
		}
		return rows
	}},
}

// frames change what stands around the rows, or how long they are; they come last.
var frames = []mutation{
	{"nothing", func(_ *rapid.T, rows [][]string) [][]string { return rows }},
	{"the names of the columns again", func(t *rapid.T, rows [][]string) [][]string {
		at := rapid.IntRange(1, len(rows)).Draw(t, "at")
		return slices.Insert(rows, at, slices.Clone(rows[0]))
	}},
	{"a total", func(t *rapid.T, rows [][]string) [][]string {
		total := make([]string, len(rows[0]))
		total[rapid.IntRange(0, len(total)-1).Draw(t, "words at")] = rapid.SampledFrom([]string{"Total", "Grand total",
			"All", "TOTAL:", "Count"}).Draw(t, "words")
		total[rapid.IntRange(0, len(total)-1).Draw(t, "number at")] = fmt.Sprint(len(rows) - 1)
		return append(rows, total)
	}},
	{"empty rows and words below", func(t *rapid.T, rows [][]string) [][]string {
		return append(rows, make([]string, len(rows[0])), []string{"Exported on 2 April 2024"})
	}},
	{"words above", func(t *rapid.T, rows [][]string) [][]string {
		above := [][]string{{"Tidewell: export of all cases"}}
		if rapid.Bool().Draw(t, "and a gap") {
			above = append(above, []string{""})
		}
		return append(above, rows...)
	}},
	{"cells moved by one", func(t *rapid.T, rows [][]string) [][]string {
		for _, row := range some(t, len(rows)-1, "rows") {
			at := rapid.IntRange(0, len(rows[0])-1).Draw(t, "at")
			moved := slices.Insert(slices.Clone(rows[row+1]), at, "")
			rows[row+1] = moved
		}
		return rows
	}},
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// encodings write a text as files have it.
var encodings = []struct {
	name string
	of   func(text string) []byte
}{
	{"UTF-8", func(text string) []byte { return []byte(text) }},
	{"UTF-8 with a mark", func(text string) []byte { return append([]byte("\ufeff"), text...) }},
	{"UTF-16, least first", func(text string) []byte { return inUTF16(binary.LittleEndian, text) }},
	{"UTF-16, greatest first", func(text string) []byte { return inUTF16(binary.BigEndian, text) }},
	{"Windows", func(text string) []byte {
		out, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil { // a sign that it does not have
			return []byte(text)
		}
		return []byte(out)
	}},
}

func inUTF16(order binary.AppendByteOrder, text string) []byte {
	out := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// TestMutations: whatever ordinary damage comes to a return, a figure never changes
// without a finding, and no file is loaded unasked many of whose rows went uncounted. A hundred
// thousand of them are tried at night (make mutations-nightly).
func TestMutations(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		t.Run(s.kind, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, s.damaged)
		})
	}
}

// damaged reads the sample with damage done to it, and holds what it counts then against
// what it is.
func (s *sample) damaged(t *rapid.T) {
	var rows [][]string
	for _, row := range s.rows {
		rows = append(rows, slices.Clone(row))
	}
	var did []string
	change := func(m mutation) {
		rows = m.apply(t, rows)
		did = append(did, m.name)
	}
	for range rapid.IntRange(0, 2).Draw(t, "mutations") {
		change(mutations[rapid.IntRange(0, len(mutations)-1).Draw(t, "mutation")])
	}
	change(frames[rapid.IntRange(0, len(frames)-1).Draw(t, "frame")])
	encoding := encodings[rapid.IntRange(0, len(encodings)-1).Draw(t, "encoding")]
	did = append(did, encoding.name)
	text := asCSV(rows, rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "separator"),
		rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end of line"))
	got, err := s.read(context.Background(), encoding.of(text))
	if err != nil {
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) {
			t.Fatalf("%v: not refused in words: %v", did, err)
		}
		return
	}
	if table(got.Measures) != table(s.is.Measures) && got.Found <= s.is.Found {
		t.Fatalf("%s, %v: figures changed without a finding\n%s\n%s", s.kind, did, text,
			diff.Diff(table(s.is.Measures), table(got.Measures)))
	}
	// A tenth of the rows may be left out without being asked about; those of early in the year
	// count for more.
	if len(got.Doubts) == 0 && got.total(s.main)*5 < s.is.total(s.main)*3 {
		t.Fatalf("%s, %v: loaded, and counts %d where the file has %d\n%s", s.kind, did, got.total(s.main),
			s.is.total(s.main), text)
	}
}
