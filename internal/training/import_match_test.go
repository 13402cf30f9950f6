package training

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// drafted writes how a file would be read.
func (h *house) drafted(path string, said intake.Matching) (*intake.Draft, string) {
	h.t.Helper()
	d, err := h.match(h.t.Context(), []intake.File{{Name: filepath.Base(path), Path: path}}, said)
	h.ok(err)
	if d == nil {
		return nil, "nothing that could be bookings\n"
	}
	fields, err := h.fields(h.t.Context())
	h.ok(err)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, ask: %t\n", d.File, d.Rows, d.Ask)
	for _, c := range d.Columns {
		as := ""
		for field, header := range d.Matching.Columns {
			if header == c.Header {
				as = field
			}
		}
		fmt.Fprintf(&b, "%s (%s): %s\n", c.Header, as, strings.Join(c.Samples, "; "))
	}
	for _, f := range d.Matching.Missing(fields) {
		fmt.Fprintf(&b, "missing: %s\n", f.Name)
	}
	for _, w := range d.Words {
		fmt.Fprintf(&b, "%s %q, %d rows: %s\n", w.Field, w.Word, w.Rows, w.Value)
	}
	for _, row := range d.First {
		fmt.Fprintf(&b, "%s\n", strings.Join(row, " | "))
	}
	for _, s := range d.LeftOut {
		fmt.Fprintf(&b, "left out: %s\n", s)
	}
	return d, b.String()
}

// A booking system's own export is asked about, and read by what a person says of it.
func TestMatch(t *testing.T) {
	t.Parallel()
	const path = "testdata/match/bookings.csv"
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	_, first := h.drafted(path, intake.Matching{})
	said := intake.Matching{
		Columns: map[string]string{"course": "Course Title", "kind": "Type", "session_start": "Event Date",
			"start_time": "Start", "end_time": "Finish", "first_name": "Delegate First Name", "last_name": "Delegate Surname",
			"email": "Delegate Email", "organisation": "Delegate Organisation", "status": "Booking Outcome"},
		Whole: map[string]string{"programme": "Multi-agency", "sector": "education"},
		Words: map[string]map[string]string{"kind": {"half day course": "course"},
			"status": {"fully attended": "attended", "Waitlisted": intake.LeaveOut}},
	}
	d, second := h.drafted(path, said)
	var heads strings.Builder
	fmt.Fprintf(&heads, "headers: %s\n", strings.ReplaceAll(d.Headers(), "\n", ", "))
	// One sector said for people of several organisations is asked about.
	rep, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{Matching: said})
	if !errors.Is(err, ledger.ErrDoubts) || len(rep.Batch.Doubts) != 1 ||
		!strings.HasPrefix(rep.Batch.Doubts[0], "You said one sector, Education, for the whole file") {
		t.Fatalf("%v %q", err, rep.Batch.Doubts)
	}
	rep, err = h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{Matching: said,
		AcceptDoubts: true})
	h.ok(err)
	var loaded strings.Builder
	for _, f := range rep.Batch.Findings {
		fmt.Fprintf(&loaded, "line %d %s %s: %s\n", f.Line, f.Field, f.Rule, f.Message)
	}
	got := first + "\n" + second + heads.String() + "\n" + loaded.String() + "\n" + h.dump()
	golden := "testdata/match/bookings.golden"
	if *update {
		h.ok(os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	h.ok(err)
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
	h.want("attendances", h.attendances(2023), "2")
}

// One kind said for a file with several titles is asked about; for one title it is not.
func TestOneKindForAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ second, want string }{
		{"Neglect", "asked: 0"},
		{"Big Learn", "asked: 1"},
	} {
		h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
		path := filepath.Join(t.TempDir(), "bookings.csv")
		h.ok(os.WriteFile(path, []byte("Title,Date,Name,Status,Programme,Sector\n"+
			"Neglect,14/06/2023,Ann Ash,attended,Multi-agency,education\n"+
			c.second+",15/06/2023,Ben Beech,attended,Multi-agency,education\n"), 0o600))
		rep, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{Matching: intake.Matching{
			Columns: map[string]string{"course": "Title", "session_start": "Date", "person": "Name", "status": "Status",
				"programme": "Programme", "sector": "Sector"},
			Whole: map[string]string{"kind": "course"}}})
		if len(rep.Batch.Doubts) == 0 {
			h.ok(err)
		}
		asked := 0
		for _, d := range rep.Batch.Doubts {
			if strings.HasPrefix(d, "You said one kind, Course, for the whole file, and it has 2 titles") {
				asked++
			}
		}
		h.want(c.second, fmt.Sprintf("asked: %d", asked), c.want)
	}
}

// What is known is not asked about, and what is no table has nothing to match.
func TestMatchAsksOfFewOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	rows := func(n int, status string) (out []string) {
		for i := range n {
			out = append(out, row(fmt.Sprintf("P%d", i), "2023-06-14", status))
		}
		return out
	}
	for _, c := range []struct {
		name string
		text []string
		want string
	}{
		{"ours", rows(3, "attended"), "asked: false"},
		{"two words that are not known", append(rows(3, "attended"), rows(2, "maybe")...), "asked: false"},
		{"many words that are not known", append(rows(3, "attended"), rows(3, "maybe")...), "asked: true"},
	} {
		d, _ := h.drafted(write(t, c.text...), intake.Matching{})
		h.want(c.name, fmt.Sprintf("asked: %t", d.Ask), c.want)
	}
	own := filepath.Join(t.TempDir(), "own.csv") // no meeting's file, for it names the course
	h.ok(os.WriteFile(own, []byte("Course,Name,Join time,Leave time,Duration\nNeglect,Ann,09:00,10:00,1h\n"), 0o600))
	if d, _ := h.drafted(own, intake.Matching{}); d == nil || !d.Ask {
		t.Errorf("a list with durations is not asked about: %v", d)
	}
	for name, text := range map[string]string{"one column": "a\nb\n", "numbers": "1,2,3\n4,5,6\n", "no row": "a,b,c\n"} {
		path := filepath.Join(t.TempDir(), "x.csv")
		h.ok(os.WriteFile(path, []byte(text), 0o600))
		_, said := h.drafted(path, intake.Matching{})
		h.want(name, said, "nothing that could be bookings\n")
	}
}

// A matching is kept as JSON, and what is of another file does not change how one is read.
func TestMatchingOfAnotherFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	var said intake.Matching
	h.ok(json.Unmarshal([]byte(`{"columns": {"course": "Title of the event"}, "words": {"status": {"maybe": "attended"}}}`),
		&said))
	_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, row("Ann", "2023-06-14", "Maybe"))},
		ledger.Options{Matching: said})
	h.ok(err)
	h.want("attendances", h.attendances(2023), "1")
}
