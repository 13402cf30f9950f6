package demo_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/app/demo"
	"kith/internal/kit/period"
)

// inbox writes the files once for all tests that only read them.
var inbox = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kith-demo-")
	if err != nil {
		return "", err
	}
	_, err = demo.WriteInbox(dir)
	return dir, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := inbox(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// rows reads a CSV file of the inbox, each row as column → cell.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir, err := inbox()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		out = append(out, row)
	}
	return out
}

// day reads a day as files have it; an empty or impossible one is zero.
func day(s string) period.Date {
	d, err := period.ParseAnyDate(s)
	if err != nil {
		return period.Date{}
	}
	return d
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// lookedAfter counts an SSDA903 by DfE's definition, from the raw rows.
func lookedAfter(episodes []map[string]string, at period.Date) map[string]bool {
	out := map[string]bool{}
	for _, e := range episodes {
		if e["LS"] == "V3" || e["LS"] == "V4" {
			continue
		}
		if end := day(e["DEC"]); !day(e["DECOM"]).After(at) && (end.IsZero() || end.After(at)) {
			out[e["CHILD"]] = true
		}
	}
	return out
}

func TestLookedAfter(t *testing.T) {
	t.Parallel()
	for year, want := range map[period.Year]int{2021: 812, 2022: 794, 2023: 777} {
		episodes := rows(t, "ssda903/"+year.String()+"/episodes.csv")
		got := lookedAfter(episodes, year.End())
		equal(t, "looked after at the end of "+year.String(), len(got), want)

		open, shortBreaks := map[string]int{}, 0
		headers := map[string]bool{}
		for _, h := range rows(t, "ssda903/"+year.String()+"/header.csv") {
			equal(t, "child twice in header: "+h["CHILD"], headers[h["CHILD"]], false)
			headers[h["CHILD"]] = true
			if got[h["CHILD"]] && day(h["DOB"]).AgeOn(year.End()) >= 18 {
				t.Errorf("%s is looked after at 18", h["CHILD"])
			}
		}
		for _, e := range episodes {
			if !headers[e["CHILD"]] {
				t.Errorf("%s is missing from the header", e["CHILD"])
			}
			if e["DEC"] == "" {
				open[e["CHILD"]]++
				if strings.HasPrefix(e["LS"], "V") && e["LS"] != "V2" {
					shortBreaks++
				}
			}
			if (e["DEC"] == "") != (e["REC"] == "") {
				t.Errorf("%s: end and reason do not go together: %v", year, e)
			}
			if end := day(e["DEC"]); !end.IsZero() && !end.After(day(e["DECOM"])) {
				t.Errorf("%s: an episode ends before it begins: %v", year, e)
			}
		}
		for id, n := range open {
			equal(t, "open episodes of "+id, n, 1)
		}
		if shortBreaks < 20 {
			t.Errorf("%s: %d short breaks are open; some must be, not to be counted", year, shortBreaks)
		}
	}
}

func TestOneChildLessLookedAfter(t *testing.T) {
	t.Parallel()
	episodes := rows(t, "ssda903/2023-24/episodes.csv")
	at := period.Year(2023).End()
	for gone := range lookedAfter(episodes, at) {
		var kept []map[string]string
		for _, e := range episodes {
			if e["CHILD"] != gone {
				kept = append(kept, e)
			}
		}
		equal(t, "looked after without "+gone, len(lookedAfter(kept, at)), 776)
		return
	}
}

// message is as much of the census as the tests count.
type message struct {
	Children []struct {
		ID      string `xml:"ChildIdentifiers>LAchildID"`
		Details []struct {
			Referral string `xml:"CINreferralDate"`
			Closed   string `xml:"CINclosureDate"`
			Reason   string `xml:"ReasonForClosure"`
			NFA      string `xml:"ReferralNFA"`
			S47      []struct {
				Start string `xml:"S47ActualStartDate"`
				ICPC  string `xml:"DateOfInitialCPC"`
			} `xml:"Section47"`
			Plans []struct {
				Start   string   `xml:"CPPstartDate"`
				End     string   `xml:"CPPendDate"`
				Reviews []string `xml:"Reviews>CPPreviewDate"`
			} `xml:"ChildProtectionPlans"`
		} `xml:"CINdetails"`
	} `xml:"Children>Child"`
}

func census(t *testing.T, year period.Year) message {
	t.Helper()
	dir, err := inbox()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "cin-census", year.String()+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	var m message
	if err := xml.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCensus(t *testing.T) {
	t.Parallel()
	for year, want := range map[period.Year]struct{ inNeed, onPlans, referrals int }{
		2021: {2644, 341, 4021}, 2022: {2731, 389, 4318}, 2023: {2819, 372, 4147},
	} {
		at, m := year.End(), census(t, year)
		var referrals, enquiries, conferences int
		inNeed, onPlans, twice := map[string]bool{}, map[string]bool{}, 0
		for _, c := range m.Children {
			if len(c.Details) > 1 {
				twice++
			}
			open := 0
			for _, k := range c.Details {
				if year.Span().Contains(day(k.Referral)) {
					referrals++
				}
				if closed := day(k.Closed); k.NFA == "false" && !day(k.Referral).After(at) &&
					(closed.IsZero() || closed.After(at)) {
					inNeed[c.ID] = true
					open++
				}
				for _, p := range k.Plans {
					if end := day(p.End); !day(p.Start).After(at) && (end.IsZero() || end.After(at)) {
						equal(t, "two open plans of "+c.ID, onPlans[c.ID], false)
						onPlans[c.ID] = true
						equal(t, "on a plan and in need: "+c.ID, k.NFA == "false" && k.Closed == "", true)
					}
				}
				for _, q := range k.S47 {
					if year.Span().Contains(day(q.Start)) {
						enquiries++
					}
					if year.Span().Contains(day(q.ICPC)) {
						conferences++
					}
				}
			}
			if open > 1 {
				t.Errorf("%s: %s is open twice", year, c.ID)
			}
		}
		equal(t, "in need at the end of "+year.String(), len(inNeed), want.inNeed)
		equal(t, "on plans at the end of "+year.String(), len(onPlans), want.onPlans)
		equal(t, "referrals in "+year.String(), referrals, want.referrals)
		t.Logf("%s: %d children, %d more than once, %d enquiries, %d conferences", year, len(m.Children), twice, enquiries,
			conferences)
		for id := range lookedAfter(rows(t, "ssda903/"+year.String()+"/episodes.csv"), at) {
			if !inNeed[id] {
				t.Errorf("%s: %s is looked after and not in need", year, id)
			}
		}
	}
}

// A child is the same in every year: what one census knows of a case and is past,
// the next one says too.
func TestYearsAgree(t *testing.T) {
	t.Parallel()
	open := map[string]string{}
	for _, c := range census(t, 2022).Children {
		for _, k := range c.Details {
			if k.Closed == "" && k.NFA == "false" {
				open[c.ID] = k.Referral
			}
		}
	}
	for _, c := range census(t, 2023).Children {
		for _, k := range c.Details {
			if open[c.ID] == k.Referral {
				delete(open, c.ID)
			}
		}
	}
	equal(t, "cases open in one census and missing from the next", len(open), 0)
	in2022, in2023 := rows(t, "ssda903/2022-23/episodes.csv"), rows(t, "ssda903/2023-24/episodes.csv")
	began := map[string]bool{}
	for _, e := range in2023 {
		began[e["CHILD"]+e["DECOM"]] = true
	}
	for _, e := range in2022 {
		if e["DEC"] == "" && !began[e["CHILD"]+e["DECOM"]] {
			t.Errorf("episode open in one return and missing from the next: %v", e)
		}
	}
}

func TestFrontDoor(t *testing.T) {
	t.Parallel()
	contacts := rows(t, "contacts-2023-24.csv")
	referred, ids := 0, map[string]bool{}
	for _, c := range contacts {
		equal(t, "contact twice: "+c["Contact ID"], ids[c["Contact ID"]], false)
		ids[c["Contact ID"]] = true
		if !period.Year(2023).Span().Contains(day(c["Date of Contact"])) {
			t.Errorf("contact outside the year: %v", c)
		}
		if c["Contact Outcome"] == "Referral" {
			referred++
		}
	}
	equal(t, "contacts", len(contacts), 24312)
	equal(t, "referred", referred*3, len(contacts))
	equal(t, "contacts of the year before", len(rows(t, "contacts-2022-23.csv")), 22986)
	for year, want := range map[period.Year]int{2021: 1902, 2022: 2118, 2023: 2687} {
		n := 0
		for _, r := range rows(t, "early-help-"+year.String()+".csv") {
			end := day(r["End Date"])
			if year.Span().Contains(day(r["Start Date"])) && (end.IsZero() || !end.Before(day(r["Start Date"]))) {
				n++
			}
		}
		equal(t, "early help in "+year.String(), n, want)
	}
	visits := 0
	for _, r := range rows(t, "visits-2023-24.csv") {
		n, err := strconv.Atoi(r["visits"])
		if err != nil || n <= 0 || !period.Year(2023).Span().Contains(day(r["date"])) {
			t.Errorf("visits: %v", r)
		}
		visits += n
	}
	equal(t, "visits", visits, 43000)
}

func TestNobodyIsReal(t *testing.T) {
	t.Parallel()
	emails := map[string]bool{}
	people := demo.People()
	if len(people) < 1500 {
		t.Errorf("only %d people", len(people))
	}
	for _, p := range people {
		if !strings.HasSuffix(p.Email, ".example") || emails[p.Email] || strings.Count(p.Email, "@") != 1 {
			t.Errorf("e-mail address %q", p.Email)
		}
		emails[p.Email] = true
	}
	names := map[string]bool{}
	for _, o := range demo.Organisations() {
		equal(t, "organisation twice: "+o.Name, names[o.Name], false)
		names[o.Name] = true
	}
	for _, h := range rows(t, "ssda903/2023-24/header.csv") {
		if !strings.HasPrefix(h["CHILD"], "DEMO") {
			t.Errorf("child %q", h["CHILD"])
		}
	}
}

// The same files come out whatever the clock, the time zone and the processors.
func TestSameBytes(t *testing.T) {
	first, err := inbox()
	if err != nil {
		t.Fatal(err)
	}
	here := time.Local
	time.Local = time.FixedZone("Elsewhere", 11*3600)
	procs := runtime.GOMAXPROCS(1)
	defer func() { time.Local = here; runtime.GOMAXPROCS(procs) }()
	second, began := t.TempDir(), time.Now()
	manifest, err := demo.WriteInbox(second)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	} else {
		t.Logf("it took %s", took)
	}
	n := 0
	for _, im := range manifest.Imports {
		for _, f := range im.Files {
			a, errA := os.ReadFile(filepath.Join(first, filepath.FromSlash(f)))
			b, errB := os.ReadFile(filepath.Join(second, filepath.FromSlash(f)))
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				t.Errorf("%s differs", f)
			}
			n++
		}
	}
	equal(t, "files", n, 3*10+3+2+3+1+3)
}
