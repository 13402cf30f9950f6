package app

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kith/internal/kit/db"
)

// TestEveryLinkLeadsSomewhere follows the links of the whole program, from the
// public home and from the business manager's, on both engines.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			demonstrationOn(t, engine)
			v := newVisitor(t, years[engine].pages)
			walk(t, v, "/")
			v.signIn("business-manager")
			if n := walk(t, v, "/work"); n < 100 {
				t.Errorf("only %d pages of the workspace were reached", n)
			}
		})
	}
}

// alike are the parts in which addresses of the same shape differ: ids, dates,
// file names and what is asked for. Two pages of each shape are followed, and one
// of each way to ask for it.
var alike = regexp.MustCompile(`[^/?&=]*[.\d][^/?&=]*|=[^&]*`)

// walk follows links from an address, and says which page has one that leads
// nowhere. It returns how many pages it saw.
func walk(t *testing.T, v *visitor, start string) int {
	type link struct{ from, to string }
	shapes, seen, todo := map[string]int{}, map[string]bool{start: true}, []link{{"", start}}
	pages := 0
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		w := v.get(at.to)
		pages++
		if w.Code >= 400 {
			t.Errorf("%s leads to %s: %d", at.from, at.to, w.Code)
			continue
		}
		for name, n := range longSelects(w) {
			if kept, ok := leftLong[name]; !ok || !strings.HasPrefix(at.to, kept) {
				t.Errorf("%s has a list of %d choices, %s: let it be picked by typing (recordPicker)", at.to, n, name)
			}
		}
		for _, to := range links(at.to, w) {
			shape, enough := alike.ReplaceAllString(to, "*"), 2
			if strings.Contains(to, "?") {
				enough = 1
			}
			if seen[to] || shapes[shape] >= enough {
				continue
			}
			seen[to] = true
			shapes[shape]++
			todo = append(todo, link{at.to, to})
		}
	}
	t.Logf("%d pages from %s", pages, start)
	return pages
}

// mostChoices is how many choices a select may have: among more, one types.
const mostChoices = 40

// leftLong are the selects that may have more, by their name, with where they are.
var leftLong = map[string]string{
	// A guest is signed in to nothing and may look nothing up: their list can be searched in itself.
	"organisation": "/training/dates/",
}

// longSelects gives the selects of a page that have more choices than mostChoices.
func longSelects(w *httptest.ResponseRecorder) map[string]int {
	out, name := map[string]int{}, ""
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return out
	}
	tokens := html.NewTokenizer(bytes.NewReader(w.Body.Bytes()))
	for tokens.Next() != html.ErrorToken {
		switch token := tokens.Token(); {
		case token.Type == html.StartTagToken && token.Data == "select":
			for _, a := range token.Attr {
				if a.Key == "name" {
					name = a.Val
				}
			}
		case token.Type == html.StartTagToken && token.Data == "option":
			out[name]++
		}
	}
	maps.DeleteFunc(out, func(_ string, n int) bool { return n <= mostChoices })
	return out
}

// links gives where a page's links, or a redirect, lead within the program.
func links(at string, w *httptest.ResponseRecorder) []string {
	base, err := url.Parse(at)
	if err != nil {
		return nil
	}
	hrefs := []string{w.Header().Get("Location")}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code == http.StatusOK {
		tokens := html.NewTokenizer(w.Body)
		for tokens.Next() != html.ErrorToken {
			for _, a := range tokens.Token().Attr {
				if a.Key == "href" || a.Key == "src" {
					hrefs = append(hrefs, a.Val)
				}
			}
		}
	}
	var out []string
	for _, h := range hrefs {
		to, err := base.Parse(h)
		if err != nil || h == "" || to.Host != "" || to.Scheme != "" {
			continue
		}
		to.Fragment = ""
		out = append(out, to.String())
	}
	return out
}
