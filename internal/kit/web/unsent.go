package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/kit/ui"
)

// A session may end while somebody writes, and what they then send finds nobody signed in.
// It is not thrown away: the answer is a page that has it, shows it, and sends it again once
// they have signed in, in another window. Nothing of it is kept here; a page that is shut is
// gone. Each form has this by itself, with what its page had seen and its mark.

// unsentPage is what somebody wrote and could not send.
type unsentPage struct {
	ui.Base
	SignIn string
	Action string
	Fields []unsentField
	Wrote  []string
}

type unsentField struct{ Name, Value string }

// unsent answers a form that somebody wrote in and sent when they were signed in no more.
// It reports false for one with nothing written in it, or with a secret, which is never
// written back.
func (m *Mux) unsent(w http.ResponseWriter, r *http.Request) (bool, error) {
	wrote := entered(w, r)
	if len(wrote) == 0 && filled(r.PostForm) < 2 { // a button, or one choice
		return false, nil
	}
	p := unsentPage{Base: Base(r, "You were signed out before this was saved"), Action: r.URL.RequestURI(), Wrote: wrote,
		SignIn: m.SignIn + "?next=" + url.QueryEscape(r.URL.Path)}
	p.NoIndex = true
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if secret(name) {
			return false, nil
		}
		for _, v := range r.PostForm[name] {
			p.Fields = append(p.Fields, unsentField{name, v})
		}
	}
	return true, Render(w, http.StatusUnauthorized, m.pages, "unsent", p)
}

// filled counts the fields of a form with something in them.
func filled(form url.Values) (n int) {
	for name, values := range form {
		if !isMark(name) && strings.Join(values, "") != "" {
			n++
		}
	}
	return n
}

// isMark reports whether a field is one of ours and holds nothing that a person entered.
func isMark(name string) bool { return name == seenField || name == onceField || name == writerField }

// secret reports whether a field may hold what must not be shown again.
func secret(name string) bool {
	return name == "code" || strings.Contains(name, "password") || strings.Contains(name, "secret")
}
