package app

import (
	"cmp"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kith/internal/kit/web"
)

// verbs says of every address that is posted to whether it adds something each time, by
// its last part. One that does needs the mark of its form (web.KeepOnce), or the same form
// sent twice adds twice.
var verbs = map[string]bool{
	"new": true, "replace": true, "book": true, "wait": true, "ask": true, "restore": true, "invite": true,
	"send-link": true, // an e-mail

	"comment": true, // words at a record
	// What an owner says of an action, and what they are answered.
	"claim": false, "take-back": false, "extend": false, "hinder": false, "clear": false, "hand": false, "return": false,
	"grant": false, "refuse": false, "propose": false, "question": false, "request-change": false,
	"give":      false, // it is given once
	"use":       false, // and put into its chapter once
	"ask-again": false, // only those who answered to an earlier text

	// These change a record that is there, and compare what was seen of it.
	"edit": false, "step": false, "judge": false, "finish": false, "drop": false, "reopen": false, "delete": false,
	"close": false, "move": false, "remove": false, "put-back": false, "end": false, "activate": false,
	"retire": false, "classify": false,
	"deactivate": false, "up": false, "down": false, "check": false, "merge": false, "apart": false, "undo": false,
	"erase": false, "answer": false, "questions": false, "decide": false, "cancel": false,
	"settings": false, "agree": false, "ask-second": false, "decline": false, "give-back": false, "reset-factors": false,
	// What is public is so once, and an import is loaded once.
	"apply": false, "discard": false, // a list is done once
	"shut": false, "open": false, // the site is shut once
	"publish": false, "unpublish": false, "withdraw": false, "load": false,
	"match": false, // only shows marks
	"take":  false, "keep": false, "stop": false,
	"make":  false, // in the place of the one before
	"chase": false, // at most once a day
	// At the door.
	"sign-in": false, "sign-out": false, "forgotten": false, "{secret}": false, "change-password": false,
	"sign-out-everywhere": false, "second": false, "passkey": false, "begin": false, "confirm": false, "{purpose}": false,
	"enter": false, "join": false, "leave": false, "{id}": false, "directory": false,
	"send":      false, // the newest code is the only one that works
	"send-code": false,
	"code":      false, // likewise, on paper
	"test":      true,  // an e-mail
	"again":     false, // only while it has not gone out
	"try":       false,
	"make-key":  false, // while none waits
	"use-key":   false,
	"renew":     false, // and the newest recovery codes
}

// TestWhatAdds: every address that is posted to says whether it adds something.
func TestWhatAdds(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Demo: true})
	for _, rt := range a.mux().Routes() {
		if !strings.HasPrefix(rt.Pattern, "POST ") {
			continue
		}
		last := rt.Pattern[strings.LastIndex(rt.Pattern, "/")+1:]
		adds, said := verbs[last]
		switch {
		case !said:
			t.Errorf("%s: say in verbs whether it adds something each time it is posted", rt.Pattern)
		case adds != (rt.Adds || last == "new"):
			t.Errorf("%s: verbs says that it adds: %v, and its route says otherwise", rt.Pattern, adds)
		}
	}
}

// postedForm is a form of a page that is posted: where to, and how often each field of it
// may be sent.
type postedForm struct {
	to     string
	fields map[string]int
}

// formsOf reads the forms of a page that are posted. at is the page's address.
func formsOf(t *testing.T, at, page string) []postedForm {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []postedForm
	var walk func(n *html.Node, in *postedForm)
	walk = func(n *html.Node, in *postedForm) {
		if n.Type == html.ElementNode {
			attr := map[string]string{}
			for _, a := range n.Attr {
				attr[a.Key] = a.Val
			}
			switch name := attr["name"]; {
			case n.Data == "form" && strings.EqualFold(attr["method"], "post"):
				path, _, _ := strings.Cut(cmp.Or(attr["action"], at), "?")
				in = &postedForm{path, map[string]int{}}
				defer func() { out = append(out, *in) }()
			case in == nil || name == "":
			case n.Data == "input" && attr["type"] == "radio":
				in.fields[name] = max(1, in.fields[name])
			case n.Data == "input" && attr["type"] != "file" && attr["type"] != "submit",
				n.Data == "select", n.Data == "textarea":
				in.fields[name]++
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(root, nil)
	return out
}

// TestForms: every form on every page that is posted carries the mark of its showing where
// it adds something, and gives no field twice that its route does not let be given twice.
func TestForms(t *testing.T) {
	a := open(t, Config{Dir: installed(t, demonstration(t)), Demo: true})
	w := worldOf(t, a)
	w.furnish(t)
	m := a.mux()
	boss := w.person["business-manager"]
	boss.Name, boss.Permissions = "Ada", everything()
	m.Person = func(*http.Request) (web.Person, error) { return boss, nil }
	byPattern := map[string]web.Route{}
	for _, rt := range m.Routes() {
		byPattern[rt.Pattern] = rt
	}
	mux := http.NewServeMux()
	for pattern := range byPattern {
		mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	}
	seen := map[string]bool{}
	for _, rt := range m.Routes() {
		if !strings.HasPrefix(rt.Pattern, "GET ") {
			continue
		}
		there, _ := w.asks(t, rt, "business-manager")
		for _, x := range there {
			rec := httptest.NewRecorder()
			m.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, x.path(), nil))
			if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
				continue
			}
			for _, f := range formsOf(t, x.path(), rec.Body.String()) {
				_, pattern := mux.Handler(httptest.NewRequest(http.MethodPost, f.to, nil))
				to, ok := byPattern[pattern]
				if !ok {
					t.Errorf("%s has a form to %s, where nothing answers", x.path(), f.to)
					continue
				}
				seen[pattern] = true
				if (to.Adds || strings.HasSuffix(pattern, "/new")) && f.fields["once"] != 1 {
					t.Errorf("%s: the form to %s has no mark of its showing: end it with formFoot, or onceMark", x.path(),
						pattern)
				}
				for _, name := range slices.Sorted(maps.Keys(f.fields)) {
					if f.fields[name] > 1 && !slices.Contains(to.Many, name) {
						t.Errorf("%s: the form to %s may give %s twice: its route has to say so, in Many", x.path(), pattern,
							name)
					}
				}
			}
		}
	}
	for _, rt := range m.Routes() {
		if rt.Adds && !seen[rt.Pattern] {
			t.Logf("no form to %s was seen", rt.Pattern)
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d forms were looked at", len(seen))
	}
}
