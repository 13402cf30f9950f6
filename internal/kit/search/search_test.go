package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

const open, walled web.Permission = "tests:open", "tests:walled"

// records are what a test's source offers.
type records struct {
	docs []Document
}

func (r *records) source(kind string, g Group) Source {
	return Source{Kind: kind, Group: g, Permissions: []web.Permission{open, walled}, Scoped: true,
		Read: func(_ context.Context, _ db.Reader, records []string) ([]Document, error) {
			var out []Document
			for _, d := range r.docs {
				if d.Kind == kind && (records == nil || slices.Contains(records, d.Record)) {
					out = append(out, d)
				}
			}
			return out, nil
		}}
}

// newIndex gives an index of documents of the kinds "note" and "plan".
func newIndex(t testing.TB, d *db.DB, docs ...Document) (*Index, *records) {
	t.Helper()
	r := &records{docs}
	x := &Index{DB: d}
	x.Offer(r.source("note", Papers), r.source("plan", Plan))
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x, r
}

// note is a document that all may find.
func note(item, title, body string) Document {
	return Document{Kind: "note", Record: item, Permission: open, Href: "/" + item, Title: title, Body: body}
}

func everybody(p web.Permission) bool { return p == open }

func ask(t testing.TB, x *Index, q Question) Answer {
	t.Helper()
	if q.May == nil {
		q.May = everybody
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	a, err := x.Ask(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// items lists what was found, group by group.
func items(a Answer) []string {
	var out []string
	for _, g := range a.Groups {
		for _, h := range g.Hits {
			out = append(out, h.Record)
		}
	}
	return out
}

func TestAsk(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		later := note("later", "Neglect: signs", "")
		later.Day = period.MustDate("2026-02-01")
		earlier := note("earlier", "Neglect: tools", "")
		earlier.Day = period.MustDate("2025-02-01")
		inBody := note("body", "Board minutes", "The lay member asked how neglected teeth are seen by dentists.")
		inBody.Day = period.MustDate("2026-05-01")
		x, _ := newIndex(t, s.Work, earlier, later, inBody,
			note("kids", "Children’s café, Łódź and Zoë", ""), note("obrien", "Sean O'Brien", ""),
			note("abuse", "Domestic abuse", ""), note("door", "The front door", ""), note("welsh", "Дитина ضيف", ""),
			note("hyphen", "Self-harm at 11–18", "s.175 ann@tidewell.example"))
		for question, want := range map[string][]string{
			"neglect":               {"later", "earlier", "body"}, // title first, then the latest
			"NEGLECTING  signs":     {"later"},
			"children's":            {"kids"},
			"childrens":             {"kids"},
			"children’s cafe":       {"kids"},
			"kid":                   {"kids"},
			"child":                 {"kids"},
			"lodz zoe":              {"kids"},
			"o’brien":               {"obrien"},
			"OBrien":                {"obrien"},
			"domestic violence":     {"abuse"},
			"the domestic abuse":    {"abuse"},
			"front door":            {"door"},
			"дитина":                {"welsh"},
			"ضيف":                   {"welsh"},
			"self harm":             {"hyphen"},
			"ann@tidewell.example":  {"hyphen"},
			"s175":                  nil,
			"neglect dentist":       {"body"},
			"the":                   nil,
			"neglect AND signs":     {"later"},
			`neglect" OR "abuse`:    nil,
			"neglect' | 'abuse":     nil,
			"nothing here":          nil,
			"harm -self *:&|!()<->": {"hyphen"},
			"title:neglect":         nil,
			"":                      nil,
		} {
			if got := items(ask(t, x, Question{Text: question})); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", question, got, want)
			}
		}
		a := ask(t, x, Question{Text: "mash", Same: [][]string{{"front door", "MASH"}}})
		if got := items(a); !slices.Equal(got, []string{"door"}) {
			t.Errorf("the installation's own word finds %q", got)
		}
		a = ask(t, x, Question{Text: "dentist"})
		want := []Hit{{Record: "body", Href: "/body", Title: []Part{{"Board minutes", false}}, Day: inBody.Day,
			Excerpt: []Part{{"The lay member asked how neglected teeth are seen by ", false}, {"dentists", true},
				{".", false}}}}
		if d := cmp.Diff(want, a.Groups[0].Hits); d != "" {
			t.Error(d)
		}
	})
}

func TestNear(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		hidden := note("hidden", "Kaleidoscope", "")
		hidden.Permission = walled
		gone := note("gone", "Neglegt", "")
		x, r := newIndex(t, s.Work, note("a", "Safeguarding and neglect", "neglect training"), hidden, gone)
		r.docs = r.docs[:2]
		err := s.Work.Tx(t.Context(), func(q db.Q) error { return x.Changed(t.Context(), q, "note", "gone") })
		if err != nil {
			t.Fatal(err)
		}
		for question, want := range map[string]string{
			"neglct":               "neglect",
			"neglext":              "neglect",
			"Nelgect of":           "neglect of",
			"egnlect":              "",
			"neglect":              "",
			"neglct safegaurding":  "neglect safeguarding",
			"training neglect cat": "",
			"kaleidoscpe":          "", // nobody is told a word of what they may not see
			"negl":                 "",
			"xyz":                  "",
		} {
			if got := ask(t, x, Question{Text: question}).Near; got != want {
				t.Errorf("for %q it offers %q, want %q", question, got, want)
			}
		}
		all := func(web.Permission) bool { return true }
		if got := ask(t, x, Question{Text: "kaleidoscpe", May: all}).Near; got != "kaleidoscope" {
			t.Errorf("somebody who may see it is offered %q", got)
		}
	})
}

// TestWhoFinds: what somebody may not see is neither found nor counted, and a scope
// opens what is in it and nothing else.
func TestWhoFinds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		docs := []Document{note("open", "Neglect", "")}
		for i, scope := range []string{"", "case:1", "case:2"} {
			d := note(fmt.Sprintf("walled%d", i), "Neglect", "")
			d.Permission, d.Scope = walled, scope
			docs = append(docs, d)
		}
		x, _ := newIndex(t, s.Work, docs...)
		for _, c := range []struct {
			held   []web.Permission
			scopes []string
			want   []string
		}{
			{nil, nil, nil},
			{nil, []string{"case:1"}, nil},
			{[]web.Permission{open}, nil, []string{"open"}},
			{[]web.Permission{open}, []string{"case:1"}, []string{"open"}},
			{[]web.Permission{walled}, nil, []string{"walled0"}},
			{[]web.Permission{walled}, []string{"case:2"}, []string{"walled0", "walled2"}},
			{[]web.Permission{open, walled}, []string{"case:1", "case:2"}, []string{"open", "walled0", "walled1", "walled2"}},
		} {
			a := ask(t, x, Question{Text: "neglect", Scopes: always(c.scopes...),
				May: func(p web.Permission) bool { return slices.Contains(c.held, p) }})
			got := items(a)
			slices.Sort(got)
			if !slices.Equal(got, c.want) || a.Total != len(c.want) {
				t.Errorf("%v with %v finds %v and counts %d, want %v", c.held, c.scopes, got, a.Total, c.want)
			}
		}
	})
}

// TestRefusesWhatIsNotOffered: a source cannot show what it has not said who may see.
func TestRefusesWhatIsNotOffered(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	for name, d := range map[string]Document{
		"a permission": {Kind: "note", Record: "1", Permission: "tests:other", Href: "/1"},
		"no address":   {Kind: "note", Record: "1", Permission: open},
		"a scope":      {Kind: "note", Record: "1", Permission: open, Href: "/1", Scope: "case:1"},
		"no id":        {Kind: "note", Permission: open, Href: "/1"},
	} {
		x := &Index{DB: s.Work}
		r := &records{[]Document{d}}
		source := r.source("note", Papers)
		source.Scoped = false
		x.Offer(source)
		if err := x.Refresh(t.Context()); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		x, r := newIndex(t, s.Work, note("a", "Apple", ""), note("b", "Banana", ""))
		change := func(records []string, docs ...Document) {
			t.Helper()
			r.docs = docs
			err := s.Work.Tx(t.Context(), func(q db.Q) error { return x.Changed(t.Context(), q, "note", records...) })
			if err != nil {
				t.Fatal(err)
			}
		}
		finds := func(question string, want ...string) {
			t.Helper()
			if got := items(ask(t, x, Question{Text: question})); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", question, got, want)
			}
		}
		finds("apple", "a")
		moved := note("a", "Avocado", "pear")
		moved.Day = period.MustDate("2026-01-01")
		change([]string{"a"}, moved, note("b", "Banana", ""))
		finds("apple")
		finds("pear", "a")
		change([]string{"b"}, moved)
		finds("banana")
		finds("avocado", "a")
		change(nil, note("c", "Cherry", ""))
		finds("avocado")
		finds("cherry", "c")
		// What is not decided after all is not found.
		nothing := errors.New("not after all")
		r.docs = append(r.docs, note("d", "Date", ""))
		if err := s.Work.Tx(t.Context(), func(q db.Q) error {
			return errors.Join(x.Changed(t.Context(), q, "note", "d"), nothing)
		}); !errors.Is(err, nothing) {
			t.Fatal(err)
		}
		finds("date")
		if err := x.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		finds("date", "d")
		finds("cherry", "c")
		// Nothing is left of what is gone.
		for table, want := range map[string]int{"search_documents": 2, "search_words": 2, "search_vocabulary": 2} {
			if n, err := db.Get[int](t.Context(), s.Work, `SELECT count(*) FROM `+table); err != nil || n != want {
				t.Errorf("%s has %d rows, want %d (%v)", table, n, want, err)
			}
		}
	})
}

// TestRefresh: an installation gets what its program offers, once; what the program
// itself says is looked at each time.
func TestRefresh(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r := &records{[]Document{note("a", "Apple", "")}}
	open := func(version int, fixed bool) *Index {
		x, source := &Index{DB: s.Work}, r.source("note", Papers)
		source.Version, source.Fixed = version, fixed
		x.Offer(source)
		if err := x.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		return x
	}
	count := func(x *Index) int { return ask(t, x, Question{Text: "apple"}).Total }
	if n := count(open(1, false)); n != 1 {
		t.Errorf("a new source has %d", n)
	}
	r.docs = append(r.docs, note("b", "Apple", ""))
	if n := count(open(1, false)); n != 1 {
		t.Errorf("the same version was made again: %d", n)
	}
	if n := count(open(2, false)); n != 2 {
		t.Errorf("the next version was not made: %d", n)
	}
	if n := count(open(2, true)); n != 2 {
		t.Errorf("fixed documents: %d", n)
	}
	r.docs = r.docs[:1]
	if n := count(open(2, true)); n != 1 {
		t.Errorf("fixed documents that changed: %d", n)
	}
}

// TestPages: pages follow on each other without gap or double, across the border of
// what has the words in its title.
func TestPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		var docs []Document
		for i := range 23 {
			d := note(fmt.Sprint(i), "Note", "neglect")
			if i%3 == 0 {
				d.Title = "Neglect"
			}
			d.Day = period.MustDate("2026-01-01").AddDays(i % 5)
			docs = append(docs, d)
		}
		x, _ := newIndex(t, s.Work, docs...)
		whole := items(ask(t, x, Question{Text: "neglect"}))
		if len(whole) != 23 {
			t.Fatal(whole)
		}
		for _, size := range []int{1, 4, 8, 10} {
			var got []string
			for offset := 0; offset < 30; offset += size {
				got = append(got, items(ask(t, x, Question{Text: "neglect", Hits: "papers", Limit: size, Offset: offset}))...)
			}
			if !slices.Equal(got, whole) {
				t.Errorf("in pages of %d: %v, want %v", size, got, whole)
			}
		}
	})
}

// TestTooMuch counts allocations, so nothing else runs meanwhile.
func TestTooMuch(t *testing.T) {
	x, _ := newIndex(t, testkit.NewStores(t, db.SQLite).Work, note("a", "Apple", ""))
	for name, text := range map[string]string{
		"a megabyte":  strings.Repeat("a", 1<<20),
		"5,000 words": strings.Repeat("neglect ", 5000),
		"13 words":    "b c d e f g h i j k l m n",
		"201 letters": strings.Repeat("é", 201),
	} {
		start := time.Now()
		allocated := testing.AllocsPerRun(1, func() {
			if _, err := x.Ask(t.Context(), Question{Text: text, May: everybody}); !errors.Is(err, ErrTooMuch) {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took := time.Since(start); took > time.Second || allocated > 10_000 {
			t.Errorf("%s: refused after %v and %.0f allocations", name, took, allocated)
		}
	}
	for name, text := range map[string]string{
		"12 words":    "b c d e f g h i j k l m",
		"200 letters": strings.Repeat("é", 200),
	} {
		if _, err := x.Ask(t.Context(), Question{Text: text, May: everybody}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEnginesAgree: any documents, any question, any page: both engines give the same
// list and the same counts.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	var indexes []*Index
	r := &records{}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		x := &Index{DB: testkit.NewStores(t, engine).Work}
		x.Offer(r.source("note", Papers), r.source("plan", Plan))
		indexes = append(indexes, x)
	}
	vocabulary := rapid.SampledFrom([]string{"neglect", "Neglected", "child", "children’s", "kid", "café", "the", "of",
		"self-harm", "s11", "Łódź", "O'Brien", "дитина", "front", "door", "front door", "domestic violence", "abuse",
		"negelct",
		"\u00ad", "ﬁ", "½", "'", "ß", "İ", "'; --", "x0041", "\x00"[:0], "Zoe\u0308", "2025–26"})
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(vocabulary, 0, 5).Draw(t, "words"), " ")
	})
	document := rapid.Custom(func(t *rapid.T) Document {
		return Document{Kind: rapid.SampledFrom([]string{"note", "plan"}).Draw(t, "kind"),
			Permission: rapid.SampledFrom([]web.Permission{open, walled}).Draw(t, "permission"),
			Scope:      rapid.SampledFrom([]string{"", "case:1"}).Draw(t, "scope"), Href: "/", Title: text.Draw(t, "title"),
			Details: text.Draw(t, "details"), Body: text.Draw(t, "body"),
			Day: firstDay.AddDays(rapid.IntRange(-1, 3).Draw(t, "day"))}
	})
	rapid.Check(t, func(rt *rapid.T) {
		r.docs = rapid.SliceOfN(document, 0, 12).Draw(rt, "documents")
		for i := range r.docs {
			r.docs[i].Record = fmt.Sprint(i)
		}
		for _, x := range indexes {
			if err := x.Rebuild(t.Context()); err != nil {
				rt.Fatal(err)
			}
		}
		for range 5 {
			q := Question{Text: text.Draw(rt, "question"), Limit: rapid.IntRange(1, 5).Draw(rt, "limit"),
				Offset: rapid.IntRange(0, 4).Draw(rt, "offset"), Scopes: always("case:1")}
			may := rapid.SampledFrom([]web.Permission{open, walled}).Draw(rt, "may")
			q.May = func(p web.Permission) bool { return p == may }
			var answers []Answer
			for _, x := range indexes {
				a, err := x.Ask(t.Context(), q)
				if err != nil {
					rt.Fatal(err)
				}
				answers = append(answers, a)
			}
			if d := cmp.Diff(answers[0], answers[1]); d != "" {
				rt.Fatalf("%q: SQLite and PostgreSQL differ:\n%s", q.Text, d)
			}
			for _, d := range r.docs {
				if d.Permission == may {
					continue
				}
				for _, item := range items(answers[0]) {
					if item == d.Record {
						rt.Fatalf("%q finds %q, which needs %s", q.Text, d.Record, d.Permission)
					}
				}
			}
		}
	})
}

// always gives scopes that come with whatever permission.
func always(scopes ...string) func(web.Permission) []string {
	return func(web.Permission) []string { return scopes }
}
