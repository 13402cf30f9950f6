package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// TestSavingWhatIsShownChangesNothing opens every form that changes a record and sends
// exactly what it shows: the trail then tells of no change. Before it, whoever owns
// something leaves and every organisation that is named somewhere ends, so that a form that
// does not show what it cannot offer any more would drop it.
func TestSavingWhatIsShownChangesNothing(t *testing.T) {
	a := open(t, Config{Dir: installed(t, demonstration(t)), Demo: true})
	w := worldOf(t, a)
	w.furnish(t)
	m := a.mux()
	boss := w.person["business-manager"]
	boss.Name, boss.Permissions, boss.Proved = "Ada", everything(), true
	m.Person = func(*http.Request) (web.Person, error) { return boss, nil }
	m.Confirm = nil
	for _, change := range []string{
		`UPDATE people SET active = FALSE WHERE id <> '` + boss.ID + `' AND id IN (SELECT owner_id FROM plan_actions
			UNION SELECT owner_id FROM plan_priorities UNION SELECT contact_id FROM audits_participants)`,
		`UPDATE organisations SET ended_on = '2024-03-31' WHERE id IN (SELECT organisation_id FROM plan_actions
			UNION SELECT commissioner_id FROM reviews_register UNION SELECT organisation_id FROM audits_agencies)`,
	} {
		if err := a.Work.Tx(t.Context(), func(q db.Q) error {
			_, err := db.Exec(t.Context(), q, change)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	told := func() map[string]string {
		list, err := db.All[struct{ ID, Act, Subject, Changes string }](t.Context(), a.Work,
			`SELECT id, act, subject, changes FROM audit_trail WHERE changes <> ''`)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, x := range list {
			out[x.ID] = x.Act + " the " + x.Subject + ": " + x.Changes
		}
		return out
	}
	before := told()
	tried := 0
	for _, rt := range m.Routes() {
		if !strings.HasPrefix(rt.Pattern, "GET ") || !strings.HasSuffix(rt.Pattern, "/edit") {
			continue
		}
		there, _ := w.asks(t, rt, "business-manager")
		for _, x := range there {
			page := httptest.NewRecorder()
			m.ServeHTTP(page, httptest.NewRequest(http.MethodGet, x.path(), nil))
			if page.Code != http.StatusOK {
				continue // one that cannot be changed as it stands
			}
			fields, ok := shownIn(t, page.Body.String())
			if !ok {
				t.Errorf("%s has no form", x.path())
				continue
			}
			r := httptest.NewRequest(http.MethodPost, x.path(), strings.NewReader(fields.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			saved := httptest.NewRecorder()
			m.ServeHTTP(saved, r)
			if saved.Code != http.StatusSeeOther {
				t.Errorf("%s refuses what it shows: %d: %s", x.path(), saved.Code, problemsIn(saved.Body.String()))
				continue
			}
			tried++
			now := told()
			for id, words := range now {
				if before[id] == "" {
					t.Errorf("%s, sent as it was shown, %s", x.path(), words)
				}
			}
			before = now
		}
	}
	if tried < 20 {
		t.Errorf("only %d forms were sent", tried)
	}
}

// problemsIn are the words of a page's error summary.
func problemsIn(page string) string {
	_, rest, _ := strings.Cut(page, "govuk-error-summary__list")
	list, _, _ := strings.Cut(rest, "</ul>")
	return list
}

// shownIn gives what a browser would send of the first form of a page that is posted to the
// page's own address.
func shownIn(t *testing.T, page string) (url.Values, bool) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var form *html.Node
	for n := range root.Descendants() {
		if n.Data == "form" && strings.EqualFold(attrOf(n, "method"), "post") && attrOf(n, "action") == "" && form == nil {
			form = n
		}
	}
	if form == nil {
		return nil, false
	}
	out := url.Values{}
	for n := range form.Descendants() {
		name := attrOf(n, "name")
		if n.Type != html.ElementNode || name == "" || has(n, "disabled") {
			continue
		}
		switch n.Data {
		case "input":
			kind := attrOf(n, "type")
			if (kind == "radio" || kind == "checkbox") && !has(n, "checked") || kind == "submit" || kind == "file" {
				continue
			}
			out.Add(name, attrOf(n, "value"))
		case "textarea":
			if n.FirstChild != nil {
				out.Add(name, n.FirstChild.Data)
			} else {
				out.Add(name, "")
			}
		case "select":
			var first, picked *html.Node
			for o := range n.Descendants() {
				if o.Data == "option" && first == nil {
					first = o
				}
				if o.Data == "option" && has(o, "selected") {
					picked = o
				}
			}
			if picked == nil {
				picked = first
			}
			if picked != nil {
				out.Add(name, attrOf(picked, "value"))
			}
		}
	}
	return out, true
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
