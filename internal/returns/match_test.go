package returns

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// drafted writes how a file would be read as a list.
func drafted(t *testing.T, kind, path string, said intake.Matching) (*intake.Draft, string) {
	t.Helper()
	d, err := matchList(kind, []intake.File{{Name: filepath.Base(path), Path: path}}, said)
	if err != nil {
		t.Fatal(err)
	}
	if d == nil {
		return nil, "nothing that could be one\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, ask: %t\n", d.Rows, d.Ask)
	for _, c := range d.Columns {
		as := ""
		for field, header := range d.Matching.Columns {
			if header == c.Header {
				as = field
			}
		}
		fmt.Fprintf(&b, "%s (%s): %s\n", c.Header, as, strings.Join(c.Samples, "; "))
	}
	for _, f := range d.Matching.Missing(lists[kind].fields()) {
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

// otherSystem is what is said of testdata/match/contacts.csv, which is of a system of another
// council: other headers and words, columns that are not read, and a title above them.
var otherSystem = intake.Matching{
	Columns: map[string]string{"contact_date": "Logged", "outcome": "Disposal", "source": "Raised By",
		"record_id": "Enquiry No", "date_of_birth": "Subject D.O.B."},
	Words: map[string]map[string]string{
		"outcome": {"to statutory team": "referral", "Locality hub": "early-help", "Filed": "no-further-action"},
		"source":  {"Constabulary": "police"},
	},
}

// A list with the headers and words of another council's system is asked about, and then
// counted by what a person says of it; nothing is shown that tells who a child is.
func TestMatchLists(t *testing.T) {
	t.Parallel()
	const path = "testdata/match/contacts.csv"
	_, first := drafted(t, Contacts, path, intake.Matching{})
	_, second := drafted(t, Contacts, path, otherSystem)
	got := first + "\n" + second
	for _, private := range []string{"Wren", "Rowan", "DEMO", "Flat"} {
		if strings.Contains(got, private) {
			t.Errorf("%q is shown", private)
		}
	}
	const golden = "testdata/match/contacts.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		o := ledger.Options{Year: 2023, Authority: here, By: ann}
		if _, err := h.in.Load(t.Context(), Contacts, []string{path}, o); err == nil {
			t.Fatal("it was loaded although no column of it is known")
		}
		o.Matching = otherSystem
		rep, err := h.in.Load(t.Context(), Contacts, []string{path}, o)
		if err != nil {
			t.Fatal(err)
		}
		for question, want := range map[string]string{
			"contacts.received over 2023-24":                                 "12",
			"contacts.received over 2023-24 where source=police":             "4",
			"contacts.referred_percent over 2023-24":                         "4/12",
			"contacts.received over 2023-24 where outcome=early-help":        "4",
			"contacts.received over 2023-24 where age_band=10-15":            "4",
			"contacts.referred_percent over 2023-24 where source=police":     "2/4",
			"contacts.received over 2023-24 where outcome=no-further-action": "4",
		} {
			if got := h.ask(question); got != want {
				t.Errorf("%s: %s, want %s", question, got, want)
			}
		}
		extra := 0
		for _, f := range rep.Batch.Findings {
			if f.Rule == ruleExtraColumn {
				extra++
			}
		}
		if extra != 2 || rep.Batch.Rows != 13 {
			t.Errorf("%d columns are said not to be read, of %d rows: %v", extra, rep.Batch.Rows, rep.Batch.Findings)
		}
	})
}

// Rows with a word that is to be left out are not counted, and it is said once for the word.
func TestMatchListLeavesOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite))
	said := otherSystem
	said.Words = map[string]map[string]string{"outcome": {"to statutory team": "referral", "LOCALITY HUB": intake.LeaveOut,
		"Filed": "no-further-action"}, "source": {"Constabulary": "police"}}
	const path = "testdata/match/contacts.csv"
	d, _ := drafted(t, Contacts, path, said)
	for _, row := range d.First {
		if row[2] == "Early help" {
			t.Errorf("shown: %v", row)
		}
	}
	rep, err := h.in.Load(t.Context(), Contacts, []string{path},
		ledger.Options{Year: 2023, Authority: here, By: ann, Matching: said})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.ask("contacts.received over 2023-24"); got != "8" {
		t.Errorf("%s contacts", got)
	}
	left := 0
	for _, f := range rep.Batch.Findings {
		if f.Rule == ruleLeftOut {
			left++
		}
	}
	if left != 1 {
		t.Errorf("said %d times: %v", left, rep.Batch.Findings)
	}
}

// A column that a list does not have is asked about. Who says that the outcome is not in it
// has the contacts counted, and a finding; the date cannot be done without.
func TestMatchListLacks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite))
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	path := write("Logged,Raised By,Child No\n03/04/2023,School,1\n04/05/2023,School,2\n")
	load := func(said intake.Matching) (*ledger.Report, error) {
		return h.in.Load(t.Context(), Contacts, []string{path}, ledger.Options{Year: 2023, Authority: here, By: ann,
			Matching: said})
	}
	if d, _ := drafted(t, Contacts, path, intake.Matching{}); d == nil || !d.Ask {
		t.Fatal("it is not asked about")
	}
	said := intake.Matching{Columns: map[string]string{"contact_date": "Logged", "source": "Raised By"}}
	if _, err := load(said); err == nil {
		t.Error("it was loaded without a word of the outcome")
	}
	said.Whole = map[string]string{"contact_date": "03/04/2023", "outcome": noOutcome}
	if _, err := load(intake.Matching{Columns: map[string]string{"source": "Raised By"}, Whole: said.Whole}); err == nil {
		t.Error("it was loaded without a date")
	}
	rep, err := load(said)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.ask("contacts.received over 2023-24"); got != "2" {
		t.Errorf("%s contacts", got)
	}
	if !slices.ContainsFunc(rep.Batch.Findings, func(f intake.Finding) bool {
		return f.Rule == ruleMissingColumn && strings.Contains(f.Message, "does not say the outcome")
	}) {
		t.Errorf("%+v", rep.Batch.Findings)
	}
	// A column that was chosen and stands twice is no answer.
	path = write("Logged,Logged,Decision\n03/04/2023,05/04/2023,NFA\n")
	_, err = load(intake.Matching{Columns: map[string]string{"contact_date": "Logged", "outcome": "Decision"}})
	if err == nil || !strings.Contains(err.Error(), "two columns are called Logged") {
		t.Error(err)
	}
}

// Early help is matched in the same way, and a list that is known is not asked about; nor is
// the file of another kind, which is refused by its name.
func TestMatchAsksOfFewLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, path string
		want       string
	}{
		{Contacts, "testdata/year/contacts.csv", "ask: false"},
		{EarlyHelp, "testdata/year/early-help.csv", "ask: false"},
		{EarlyHelp, "testdata/match/early-help.csv", "missing: start_date"},
		{Contacts, "testdata/year/episodes.csv", "nothing that could be one"},
		{EarlyHelp, "testdata/match/contacts-ofsted.csv", "nothing that could be one"},
	} {
		if _, got := drafted(t, c.kind, c.path, intake.Matching{}); !strings.Contains(got, c.want) {
			t.Errorf("%s of %s: no %q in\n%s", c.path, c.kind, c.want, got)
		}
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s)
		said := intake.Matching{
			Columns: map[string]string{"start_date": "Case opened on", "source": "Who asked", "sex": "M/F", "child_id": "PID"},
			Words:   map[string]map[string]string{"sex": {"Girl": "female", "Boy": "male"}},
		}
		_, err := h.in.Load(t.Context(), EarlyHelp, []string{"testdata/match/early-help.csv"},
			ledger.Options{Year: 2023, Authority: here, By: ann, Matching: said})
		if err != nil {
			t.Fatal(err)
		}
		if got := h.ask("earlyhelp.started over 2023-24 by sex"); got != "female 3, male 3" {
			t.Error(got)
		}
	})
}
