package search

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

func TestTextOf(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"<p>One</p><p>two&#39;s &amp; three</p>": "One two's & three",
		"":                                       "",
		"plain":                                  "plain",
		`<a href="/x">link</a>.`:                 "link .",
	} {
		if got := TextOf(body); got != want {
			t.Errorf("TextOf(%q) = %q, want %q", body, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	m := newMarker(unitsOf("dentist"))
	long := strings.Repeat("before words ", 20) + "the dentist’s chair " + strings.Repeat("after words ", 20)
	var text string
	for _, p := range m.excerpt(long) {
		text += p.Text
		if p.Hit != (p.Text == "dentist’s") {
			t.Errorf("%q: %v", p.Text, p.Hit)
		}
	}
	if !strings.HasPrefix(text, "…") || !strings.HasSuffix(text, "…") || len(text) > 200 {
		t.Errorf("%q", text)
	}
	if got := m.excerpt("nothing of it"); got != nil {
		t.Errorf("%v", got)
	}
	if got := m.excerpt(strings.Repeat("é", 300) + " dentist " + strings.Repeat("é", 300)); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// TestPage: a group page by page, a group that has nothing, and what is wrong.
func TestPage(t *testing.T) {
	t.Parallel()
	x, _ := newIndex(t, testkit.NewStores(t, db.SQLite).Work, note("a", "Apple", ""), note("b", "Apple pie", ""),
		Document{Kind: "plan", Record: "c", Permission: open, Href: "/c", Title: "Apple tree"})
	page := func(query string) (Page, int) {
		t.Helper()
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, status, err := x.Page(t.Context(), "/search", v, Question{May: everybody}, 1, strings.ToUpper)
		if err != nil {
			t.Fatal(err)
		}
		return p, status
	}
	p, _ := page("q=apple")
	if len(p.Shown()) != 2 || p.Heading() != "3 things about “apple”" || p.Shown()[1].Title != "PAPERS AND PAGES" ||
		len(p.Shown()[1].Hits) != 1 {
		t.Errorf("%+v", p)
	}
	p, _ = page("q=apple&in=papers&size=1&page=2")
	if len(p.Shown()) != 1 || len(p.Answer.Groups) != 2 || p.List.Total != 2 || len(p.Shown()[0].Hits) != 1 {
		t.Errorf("%+v", p)
	}
	p, _ = page("q=tree&in=papers&page=9")
	if p.In != "" || len(p.Shown()) != 1 || p.Shown()[0].Hits[0].Record != "c" {
		t.Errorf("a group with nothing: %+v", p)
	}
	p, status := page("q=" + strings.Repeat("x+", 20))
	if status != http.StatusBadRequest || p.Wrong == "" || p.Query != "" {
		t.Errorf("too much: %d %+v", status, p)
	}
	if p, _ := page(""); p.Heading() != "Search" || p.Answer.Asked {
		t.Errorf("nothing asked: %+v", p)
	}
}

// TestFollows: records that another has a part in change with it, and with nothing else.
func TestFollows(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := &records{[]Document{note("a", "Apple", ""), note("b", "Apple", ""),
			{Kind: "note", Record: "b", Item: "core", Permission: open, Href: "/b", Title: "Core"}}}
		source := r.source("note", Papers)
		source.Follows = map[string]func(context.Context, db.Reader, string) ([]string, error){
			"tree": func(_ context.Context, _ db.Reader, record string) ([]string, error) { return []string{record}, nil },
			"wood": nil}
		x := &Index{DB: s.Work}
		x.Offer(source)
		if err := x.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := range r.docs {
			r.docs[i].Title += " pear"
		}
		changed := func(kind string, records []string, want ...string) {
			t.Helper()
			if err := s.Work.Tx(t.Context(), func(q db.Q) error {
				return x.Changed(t.Context(), q, kind, records...)
			}); err != nil {
				t.Fatal(err)
			}
			got := items(ask(t, x, Question{Text: "pear"}))
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("after %s %v: %q, want %q", kind, records, got, want)
			}
		}
		changed("stone", []string{"a"})
		changed("tree", []string{"b"}, "b", "b")
		stale, err := x.Stale(t.Context())
		if err != nil || !slices.Equal(stale, []string{"note a "}) {
			t.Errorf("%q, %v", stale, err)
		}
		changed("wood", nil, "a", "b", "b")
	})
}
