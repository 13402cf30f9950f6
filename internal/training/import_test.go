package training

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

var update = flag.Bool("update", false, "write what the tests get into the golden files")

// Each file under testdata/import is loaded, and what is told and what is stored
// is compared with the golden file beside it.
func TestImportGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/import/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				h := newHouse(t, s.Work)
				golden := strings.TrimSuffix(file, ".csv") + ".golden"
				got := h.load(file)
				if *update {
					h.ok(os.WriteFile(golden, []byte(got), 0o600))
				}
				want, err := os.ReadFile(golden)
				h.ok(err)
				if d := cmp.Diff(string(want), got); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

// sure says that a file is right though it is of days that the tests' clock has ahead.
var sure = ledger.Options{AcceptDoubts: true}

// load imports a file and writes what came of it as text.
func (h *house) load(path string) string {
	h.t.Helper()
	var b strings.Builder
	rep, err := h.imports.Load(h.t.Context(), "training-history", []string{path}, ledger.Options{})
	var fatal *intake.Fatal
	if errors.As(err, &fatal) {
		fmt.Fprintf(&b, "refused: %s\n", fatal)
		return b.String()
	}
	h.ok(err)
	for _, s := range rep.Batch.Summary {
		fmt.Fprintln(&b, s)
	}
	for _, f := range rep.Batch.Findings {
		fmt.Fprintf(&b, "line %d %s %s: %s\n", f.Line, f.Field, f.Rule, f.Message)
	}
	b.WriteString("\n" + h.dump())
	return b.String()
}

// dump writes every session with its register.
func (h *house) dump() string {
	h.t.Helper()
	var b strings.Builder
	list, err := sessions(h.t.Context(), h.Work, sessionFilter{Limit: 1000})
	h.ok(err)
	for _, s := range list {
		fmt.Fprintf(&b, "%s / %s (%s): %s, %s, %s, %d taken\n", s.ProgrammeID, s.Course, s.Kind, s.When(), s.Where(), s.State,
			s.Taken)
		bookings, err := bookingsOf(h.t.Context(), h.Work, s.ID)
		h.ok(err)
		for _, x := range bookings {
			fmt.Fprintf(&b, "  %s <%s>, %s, %s: %s %s\n", x.Name, x.Email, x.Organisation, x.Sector, x.Status, x.BookedOn)
		}
	}
	return b.String()
}

// write makes a file of rows under the documented header.
func write(t testing.TB, rows ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history.csv")
	var names []string
	for _, c := range header {
		names = append(names, string(c))
	}
	text := strings.Join(names, ",") + "\n" + strings.Join(rows, "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// row is one row of a file: a person at Working together on a day.
func row(person, day, status string) string {
	return fmt.Sprintf("Working together,multi-agency,course,%s,%s,room,Harbour Hall,%s,%s@example.org,,Tidewell "+
		"Council,local-authority,%s,", day, day, person, strings.ToLower(person), status)
}

func (h *house) attendances(year period.Year) string {
	h.t.Helper()
	v, err := figure.NewRegistry(figure.Stores{Work: h.Work}, h.Figures()...).One(h.t.Context(), "training.attendances",
		figure.Ask{Period: year.Span()})
	h.ok(err)
	return fmt.Sprint(v.Numerator)
}

func TestImportTwice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		load := func(rows ...string) string {
			t.Helper()
			rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, rows...)}, ledger.Options{})
			h.ok(err)
			return rep.ImportID
		}
		first := load(row("Ann", "2022-06-14", "attended"), row("Bob", "2022-06-14", "attended"))
		second := load(row("Ann", "2023-06-14", "attended"), row("Bob", "2023-06-14", "no-show"),
			row("Cat", "2023-06-14", "attended"))
		h.want("two files for two years add up", h.attendances(2022)+" and "+h.attendances(2023), "2 and 2")

		third := load(row("Ann", "2023-06-14", "no-show"), row("Bob", "2023-06-14", "no-show"),
			row("Cat", "2023-06-14", "attended"))
		h.want("a corrected file corrects, and leaves the other year alone", h.attendances(2022)+" and "+h.attendances(2023),
			"2 and 1")

		_, err := h.imports.Withdraw(t.Context(), second, web.Person{})
		h.ok(err)
		h.want("withdrawing what was replaced takes nothing away", h.attendances(2023), "1")
		_, err = h.imports.Withdraw(t.Context(), third, web.Person{})
		h.ok(err)
		h.want("what is left", h.dump(),
			"multi-agency / Working together (course): Tue 14 June 2022, Harbour Hall, delivered, 2 taken\n"+
				"  Ann <ann@example.org>, Tidewell Council, local-authority: attended \n  Bob <bob@example.org>, Tidewell "+
				"Council, local-authority: attended \n")
		_, err = h.imports.Withdraw(t.Context(), first, web.Person{})
		h.ok(err)
		left, err := db.Get[int](t.Context(), h.Work, `
			SELECT (SELECT count(*) FROM training_courses) + (SELECT count(*) FROM training_programmes) + (SELECT count(*)
				FROM training_sessions)`)
		h.ok(err)
		h.want("rows left when all is withdrawn", fmt.Sprint(left), "0")
	})
}

// A file that names a session made here updates its bookings, and doubles none.
func TestImportMeetsBookings(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat, dan := h.person("Ann"), h.person("Bob"), h.person("Cat"), h.person("Dan")
		id := h.sessionOf(h.course("Working together", "course"), "2024-04-09", 3)
		h.book(id, ann, bob, cat)
		h.ok(h.Wait(t.Context(), dan, id, dan.ID))
		rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t,
			row("Ann", "2024-04-09", "attended"), row("Bob", "2024-04-09", "cancelled"), row("Cat", "2024-04-09", "booked"),
			row("Zoe", "2024-04-09", "walk-in"))}, sure)
		h.ok(err)
		h.want("register", h.register(id), "Ann attended, Bob cancelled, Cat booked, Zoe walk-in")
		h.want("standing", h.standing(id), "delivered, 2 of 3, 1 waiting")

		_, err = h.imports.Withdraw(t.Context(), rep.ImportID, web.Person{})
		h.ok(err)
		h.want("withdrawn", h.register(id), "Ann booked, Bob booked, Cat booked")
		h.want("standing", h.standing(id), "closed, 3 of 3, 1 waiting")
	})
}

// A file may name sectors by the words that people gave them, and new ones; a
// column of something else makes no sectors.
func TestImportSectors(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.ok(s.Work.Tx(t.Context(), func(q db.Q) error {
			_, err := register.AddSector(t.Context(), q, "Faith", []string{"church"})
			return err
		}))
		of := func(person, sector string) string {
			return strings.Replace(row(person, "2023-06-14", "attended"), ",Tidewell Council,local-authority,", ",,"+sector+",",
				1)
		}
		rows := []string{of("Ann", "CHURCH"), of("Bob", "Sport"), of("Cat", "sport"), of("Dan", strings.Repeat("x", 61))}
		for i := range 12 {
			rows = append(rows, of("P"+fmt.Sprint(i), "Person "+fmt.Sprint(i)))
		}
		_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, rows...)}, ledger.Options{})
		h.ok(err)
		got, err := figure.NewRegistry(figure.Stores{Work: h.Work}, h.Figures()...).Compute(t.Context(),
			"training.attendances", figure.Ask{Period: period.Year(2023).Span(), By: "sector"})
		h.ok(err)
		var cuts []string
		for _, v := range got {
			if id := v.Dims["sector"]; !strings.HasPrefix(id, "person-") {
				cuts = append(cuts, fmt.Sprintf("%s %s %d", id, v.Definition.Dimensions[1].Words(id), v.Numerator))
			}
		}
		// Dan, and three of the twelve, are past what one file adds.
		h.want("by sector", strings.Join(cuts, ", "), "faith Faith 1, sport Sport 2, other Other 4")
		h.want("cuts", fmt.Sprint(len(got)), "12")
	})
}

// What the file says otherwise than Kith is told, and what each counts for.
func TestImportDiffers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	h.course("Working together", "briefing")
	_, err := h.Organisations.(organisations).Ensure1(h, "Tidewell Council", "health")
	h.ok(err)
	rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, row("Ann", "2023-06-14", "attended"))},
		ledger.Options{})
	h.ok(err)
	var got []string
	for _, f := range rep.Batch.Findings {
		got = append(got, f.Rule+": "+f.Message)
	}
	want := []string{
		"course-differs: Working together is a course here and a briefing in Kith, which counts. Change the course if the " +
			"file is right.",
		"organisation-sector: Tidewell Council is in Local authority here and in Health in Kith; each booking is counted " +
			"under the sector of its own row.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// The same rows give the same in a workbook, whose dates are numbers.
func TestImportWorkbook(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	rows := [][]any{
		{"Course", "Programme", "Kind", "Session start", "Person", "E-mail", "Sector", "Status"},
		{"Neglect", "multi-agency", "course", time.Date(2023, 7, 3, 9, 30, 0, 0, time.UTC), "Ann", "ann@example.org",
			"health", "attended"},
		{"Neglect", "multi-agency", "course", time.Date(2023, 7, 4, 0, 0, 0, 0, time.UTC), "Ann", "ann@example.org", "health",
			"attended"},
	}
	for i, r := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "history.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	got := h.load(path)
	_, got, _ = strings.Cut(got, "\n\n")
	h.want("sessions", got, "multi-agency / Neglect (course): Mon 3 July 2023, 9.30am, Not recorded, delivered, 1 "+
		"taken\n  Ann <ann@example.org>, , health: attended \n"+
		"multi-agency / Neglect (course): Tue 4 July 2023, Not recorded, delivered, 1 taken\n  Ann <ann@example.org>, , "+
		"health: attended \n")
}

// Rows that a filter hides are not counted in silence: many are asked about.
func TestImportHiddenRows(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	h.ok(book.SetSheetRow("Sheet1", "A1", &[]string{"course", "programme", "kind", "date", "person", "sector", "status"}))
	for i := range 4 {
		row := []string{"Neglect", "multi-agency", "course", "03/07/2023", "Ann Ash " + strconv.Itoa(i), "health", "attended"}
		h.ok(book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &row))
		h.ok(book.SetRowVisible("Sheet1", i+2, i == 0))
	}
	path := filepath.Join(t.TempDir(), "filtered.xlsx")
	h.ok(book.SaveAs(path))
	_, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{})
	if !errors.Is(err, sheet.ErrHidden) ||
		!strings.HasPrefix(err.Error(), "filtered.xlsx, line 3: 3 of the 4 rows are hidden") {
		t.Fatalf("not asked about: %v", err)
	}
	rep, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{HiddenRows: true})
	h.ok(err)
	found := slices.ContainsFunc(rep.Batch.Findings, func(f intake.Finding) bool {
		return f.Line == 3 && strings.HasPrefix(f.Message, "3 rows are hidden in the workbook")
	})
	h.want("said", fmt.Sprint(found), "true")
	h.want("attendances", h.attendances(2023), "4")
}

// The partnership's own figure of a year: 956 rows that count, among others that
// do not.
func TestImportManyRows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	path := write(t, manyRows(3000)...)
	if _, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{}); err != nil {
		t.Fatal(err)
	}
	h.want("attendances", h.attendances(2023), "2400")
}

// manyRows makes rows of which four in five are attendances in 2023-24.
func manyRows(n int) (rows []string) {
	day := period.MustDate("2023-04-03")
	for i := range n {
		status := "attended"
		if i%5 == 4 {
			status = "no-show"
		}
		person := i % 4000
		rows = append(rows, fmt.Sprintf(
			"Course %d,multi-agency,course,%s,,room,Harbour Hall,Person %d,p%d@example.org,Role,Organisation "+
				"%d,health,%s,2023-03-01",
			i/50%40, day.AddDays(i/50%350), person, person, person%200, status))
	}
	return rows
}

// Whatever is in a file, reading it ends in rows that can be kept, or in a refusal
// that says why.
func FuzzHistory(f *testing.F) {
	for _, name := range []string{"plain", "synonyms", "faults", "empty", "missing", "other", "times-start-end"} {
		b, err := os.ReadFile(filepath.Join("testdata", "import", name+".csv"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("course,programme,kind,session_start,person,sector,status\n\"a\x00b\",m,course,1/1/2023 " +
		"9.30am,\xff,health,attended\n"))
	f.Add([]byte("sep=;\ncourse;programme;kind;start;name;sector;status\r\nx;y;course;45000.5;n;la;y"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "fuzz.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		files := []intake.File{{Name: "fuzz.csv", Path: path}}
		if d, err := (&Room{}).match(context.Background(), files, intake.Matching{}); err == nil && d != nil &&
			len(d.Columns) == 0 {
			t.Fatalf("drafted from nothing: %+v", d)
		}
		h, err := (&Room{}).readHistory(context.Background(), intake.Source{Files: files, Progress: func(string) {}})
		if err != nil {
			var fatal *intake.Fatal
			if !errors.As(err, &fatal) || fatal.Words == "" {
				t.Fatalf("not a refusal that says why: %v", err)
			}
			return
		}
		if len(h.bookings) == 0 {
			t.Fatal("neither refused nor anything kept")
		}
		for _, rec := range slices.Concat(h.courses.records, h.sessions.records, h.people.records, h.organisations.records) {
			kept := strings.Join([]string{rec.programme, rec.course, rec.name, rec.email, rec.jobTitle, rec.organisation,
				rec.venue, rec.startTime}, "")
			if rec.course == "" || rec.name == "" || rec.start.IsZero() || rec.end.Before(rec.start) || rec.programme == "" ||
				lang.Slug(rec.programme) != rec.programme || bytes.ContainsRune([]byte(kept), 0) {
				t.Fatalf("kept %+v", rec)
			}
		}
	})
}
