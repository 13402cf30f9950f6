package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// A stated figure is one that the reference report states, and so the
// demonstration year must come to.
type stated struct {
	id    string
	when  string // a period or, for a stock, a date
	where string // key=value key=value
	min   int64  // the numerator: exactly this, or between the two
	max   int64
	of    int64 // the denominator of a ratio; 0 when it is not fixed
	by    string
	cut   map[string]int64 // the values by a dimension; -1 is any number but 0
	items []string         // the names that a list gives
	// notInReport is for what supports a figure of the report and is not in it.
	notInReport bool
}

// reference is the whole of the reference report, in its order.
var reference = []stated{
	{id: "visits.total", when: "2023-24", min: 43_000},
	{id: "contacts.received", when: "2023-24", min: 24_001, max: 24_999},
	{id: "contacts.referred_percent", when: "2023-24", min: 7_900, max: 8_400},
	{id: "cpp.open", when: "2024-03-31", min: 372},
	{id: "cin.open", when: "2024-03-31", min: 2_819},
	{id: "cin.open.other", when: "2024-03-31", min: 2_819 - 777 - 372},
	{id: "cla.open", when: "2024-03-31", min: 777},
	{id: "cla.open", when: "2022-03-31", min: 778, max: 900},
	{id: "earlyhelp.started", when: "2022-23", min: 2_000, max: 2_300},
	{id: "earlyhelp.started", when: "2023-24", min: 2_500, max: 3_000},
	{id: "training.people", when: "2023-10-31", where: "programme=systemic-practice", min: 601, max: 700},
	{id: "training.events", when: "2023-24", where: "programme=multi-agency", min: 60},
	{id: "training.attendances", when: "2023-24", where: "programme=multi-agency", min: 956, by: "sector",
		cut: map[string]int64{
			"local-authority": 478, "health": -1, "education": -1, "early-years": -1, "police": -1, "criminal-justice": -1,
			"voluntary-community": -1}},
	{id: "training.events", when: "2023-24", where: "programme=education", min: 31},
	{id: "training.attendances", when: "2023-24", where: "programme=education", min: 493},
	{id: "training.sector_percent", when: "2023-24", where: "programme=multi-agency sector=local-authority", min: 478,
		of: 956},
	{id: "conference.attendees", when: "2023-24", min: 301, max: 400},
	{id: "conference.presentations", when: "2023-24", min: 18},
	{id: "conference.stalls", when: "2023-24", min: 32},
	{id: "reviews.published", when: "2023-24", where: "kind=statutory", min: 2},
	{id: "reviews.completed", when: "2023-24", where: "kind=learning", min: 2},
	{id: "reviews.completed", when: "2023-24", where: "kind=commissioned", min: 1},
	{id: "audits.multi_agency", when: "2023-24", min: 4, by: "theme", cut: map[string]int64{
		"Children aged 0 to 5 who are looked after": 1, "Parental substance misuse": 1, "Pre-birth arrangements": 1,
		"Child exploitation": 1}},
	{id: "audits.returns", when: "2023-24", min: 2, max: 1_000, by: "standard",
		cut: map[string]int64{"section-11": -1, "section-175": -1}},
	{id: "plan.priorities", when: "2024-25", min: 3, items: []string{"Embedding systemic practice",
		"Safeguarding with education", "Embedding change"}},
	{id: "plan.priorities_achieved", when: "2023-24", min: 1, max: 4, notInReport: true, by: "status",
		cut: map[string]int64{"achieved": -1, "partly": -1}},
}

// name tells the figure as one asks for it.
func (s stated) name() string { return strings.TrimSpace(s.id + " " + s.when + " " + s.where) }

func (s stated) dims() map[string]string {
	out := map[string]string{}
	for _, pair := range strings.Fields(s.where) {
		k, v, _ := strings.Cut(pair, "=")
		out[k] = v
	}
	return out
}

func (s stated) ask() figure.Ask {
	a := figure.Ask{Where: s.dims()}
	if at, err := period.ParseAnyDate(s.when); err == nil {
		a.At = at
		return a
	}
	a.Period, _ = period.Parse(s.when)
	return a
}

// bears reports whether a numerator is what is stated.
func (s stated) bears(n int64) bool { return n >= s.min && n <= max(s.min, s.max) }

func TestTheYearComesToTheReferenceOnBothEngines(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			a := demonstrationOn(t, engine)
			for _, want := range reference {
				t.Run(want.name(), func(t *testing.T) { want.check(t, a.Figures) })
			}
			t.Run("a third of contacts became a referral", func(t *testing.T) {
				if v := one(t, a.Figures, "contacts.referred_percent", "2023-24"); v.Number() < 33 || v.Number() > 34 {
					t.Errorf("%v %%", v.Number())
				}
			})
		})
	}
}

func (s stated) check(t *testing.T, figures *figure.Registry) {
	v, err := figures.One(t.Context(), s.id, s.ask())
	if err != nil {
		t.Fatal(err)
	}
	if !s.bears(v.Numerator) {
		t.Errorf("it is %d, and should be %d to %d", v.Numerator, s.min, max(s.min, s.max))
	}
	if s.of > 0 && (v.Denominator == nil || *v.Denominator != s.of) {
		t.Errorf("it is of %v, and should be of %d", v.Denominator, s.of)
	}
	if s.items != nil && !slices.Equal(v.Items, s.items) {
		t.Errorf("it lists %q", v.Items)
	}
	if s.by == "" {
		return
	}
	ask := s.ask()
	ask.By = s.by
	values, err := figures.Compute(t.Context(), s.id, ask)
	if err != nil {
		t.Fatal(err)
	}
	sum, cut := int64(0), map[string]int64{}
	for _, x := range values {
		cut[x.Dims[s.by]] = x.Numerator
		sum += x.Numerator
	}
	if s.id != "plan.priorities_achieved" && sum != v.Numerator { // that one's total is of the achieved alone
		t.Errorf("by %s it adds up to %d, and is %d", s.by, sum, v.Numerator)
	}
	for value, n := range s.cut {
		if got := cut[value]; got != n && !(n < 0 && got > 0) {
			t.Errorf("%s=%s is %d", s.by, value, got)
		}
	}
}

func one(t testing.TB, figures *figure.Registry, id, when string) figure.Value {
	t.Helper()
	v, err := figures.One(t.Context(), id, stated{when: when}.ask())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// An importID is random, and so is the salt under which files are named (fileName); everything
// else in a report is the same wherever and whenever it is built.
var (
	importID = regexp.MustCompile(`\b0[0-9a-z]{25}\b`)
	fileName = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
)

func TestTheReportIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	built := map[db.Engine]map[string]string{}
	for engine := range years {
		b, err := demonstrationOn(t, engine).Annual.Build(t.Context(), "2023-24")
		if err != nil || len(b.Problems) > 0 {
			t.Fatalf("%s: %v %v", engine, err, b.Problems)
		}
		built[engine] = map[string]string{}
		for _, f := range b.Files {
			body := importID.ReplaceAllString(string(f.Body), "IMPORT")
			built[engine][f.Path] = fileName.ReplaceAllString(body, "FILE")
		}
	}
	sameFiles(t, built[db.SQLite], built[db.Postgres])
}

func TestTheReportIsBuiltTheSameEverywhere(t *testing.T) {
	t.Parallel()
	dir, out := demonstration(t).Dir, t.TempDir()
	var built []map[string]string
	for i, env := range [][]string{{"TZ=UTC", "GOMAXPROCS=1"}, {"TZ=Asia/Tokyo", "GOMAXPROCS=4", "LANG=de_DE.UTF-8"}} {
		to := filepath.Join(out, strconv.Itoa(i))
		if said, err := kith(t, env, "report", "build", "2023-24", "--dir", dir, "--out", to).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		built = append(built, tree(t, to))
	}
	sameFiles(t, built[0], built[1])
	reportStatesTheReference(t, built[0])
}

// reportStatesTheReference checks that every figure of the reference is in the
// report: in figures.json with its value, and on its pages as a live figure.
func reportStatesTheReference(t *testing.T, files map[string]string) {
	t.Helper()
	var figures []struct {
		ID, Period, At string
		Dims           map[string]string
		Value          *float64
		Numerator      int64
	}
	if err := json.Unmarshal([]byte(files["figures.json"]), &figures); err != nil {
		t.Fatal(err)
	}
	pages := files["index.html"] + files["summary.html"]
	for _, want := range reference {
		if want.notInReport {
			continue
		}
		found := false
		for _, f := range figures {
			if f.ID == want.id && f.Period+f.At == want.when && maps.Equal(f.Dims, want.dims()) {
				found = true
				mark := fmt.Sprintf(`value="%s" data-figure="%s"`, strconv.FormatFloat(*f.Value, 'f', -1, 64), f.ID)
				if !want.bears(f.Numerator) || !strings.Contains(pages, mark) {
					t.Errorf("%s: the report has %v, and on its pages: %v", want.name(), f.Numerator, strings.Contains(pages, mark))
				}
			}
		}
		if !found {
			t.Errorf("%s is not in the report's figures.json", want.name())
		}
	}
	cuts, hidden := map[string]bool{}, 0
	for _, f := range figures {
		if slices.Contains([]string{"contacts", "cpp", "cin", "cla", "earlyhelp"}, strings.Split(f.ID, ".")[0]) {
			for dim := range f.Dims {
				cuts[f.ID+" by "+dim] = true
			}
			if f.Value == nil {
				hidden++
			} else if f.Numerator > 0 && f.Numerator < figure.SmallBelow {
				t.Errorf("%s is about children, and of %v %d are published", f.ID, f.Dims, f.Numerator)
			}
		}
	}
	if got, want := slices.Sorted(maps.Keys(cuts)), []string{"cla.open by placement", "contacts.received by outcome",
		"contacts.received by source", "cpp.open by age_band", "cpp.open by category"}; !slices.Equal(got, want) {
		t.Errorf("children are published by %q, want %q", got, want)
	}
	if words := "[c] stands in the place of"; hidden == 0 || strings.Count(files["index.html"], words) != 1 {
		t.Errorf("%d numbers are hidden, and the report says so %d times", hidden, strings.Count(files["index.html"], words))
	}
	if n := strings.Count(files["summary.html"], `class="tile__link"`); n != 27 {
		t.Errorf("the summary has %d tiles, and the leaflet 27", n)
	}
	for _, words := range []string{"one third", "over 24,000", "has fallen since 2022"} {
		if !strings.Contains(files["summary.html"], ">"+words+"</data>") {
			t.Errorf("the summary does not say %q of a figure", words)
		}
	}
}

// One row fewer in a file, imported where there is nothing else, is one fewer in
// the figure.
func TestOneRowOutIsOneFewer(t *testing.T) {
	t.Parallel()
	inbox := filepath.Join(demonstration(t).Dir, "inbox")
	for _, c := range []struct {
		name, kind, path string
		year             period.Year
		authority        string
		without          func(t *testing.T, dir string)
		figure           stated
	}{
		{"an attendance", "training-history", "training-history.csv", 0, "", withoutAnAttendance,
			stated{id: "training.attendances", when: "2023-24", where: "programme=multi-agency", min: 955}},
		{"a looked-after child", "ssda903", "ssda903/2023-24", 2023, "E08000015", withoutAChild,
			stated{id: "cla.open", when: "2024-03-31", min: 776}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from, to := filepath.Join(inbox, c.path), filepath.Join(t.TempDir(), filepath.Base(c.path))
			copyTo(t, from, to)
			c.without(t, to)
			a := open(t, Config{Dir: t.TempDir()})
			if _, err := a.Imports.Load(t.Context(), c.kind, []string{to},
				imports.Options{Year: c.year, Authority: c.authority, Cover: true}); err != nil {
				t.Fatal(err)
			}
			c.figure.check(t, a.Figures)
		})
	}
}

// copyTo copies a file or a folder.
func copyTo(t testing.TB, from, to string) {
	t.Helper()
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// rewrite keeps the rows of a CSV file that keep wants.
func rewrite(t testing.TB, path string, keep func(row []string) bool) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	f.Close()
	if err != nil {
		t.Fatal(err)
	}
	kept := [][]string{rows[0]}
	for _, r := range rows[1:] {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.WriteAll(kept)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// withoutAnAttendance takes out the first attendance of the programme in the year.
func withoutAnAttendance(t *testing.T, path string) {
	out := false
	rewrite(t, path, func(row []string) bool {
		programme, start, status := row[1], row[3], row[12]
		if !out && programme == "multi-agency" && start >= "2023-06" && start < "2024-03" && status == "attended" {
			out = true
			return false
		}
		return true
	})
	if !out {
		t.Fatal("there is no attendance to take out")
	}
}

// withoutAChild takes a child whose episode is open at the end of the year out of
// every table.
func withoutAChild(t *testing.T, dir string) {
	child := ""
	rewrite(t, filepath.Join(dir, "episodes.csv"), func(row []string) bool {
		if child == "" && row[7] == "" && row[3] != "V3" && row[3] != "V4" { // no end; no short break
			child = row[0]
		}
		return row[0] != child
	})
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || child == "" {
		t.Fatal(child, err)
	}
	for _, f := range files {
		rewrite(t, f, func(row []string) bool { return row[0] != child })
	}
}
