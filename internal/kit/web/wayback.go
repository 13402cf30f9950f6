package web

import (
	"net/http"
	"net/url"
	"strings"

	"kith/internal/kit/ui"
)

// wayBack finds the page that something which cannot be done is about. Addresses say
// it: /work/reviews/r1/delete is about /work/reviews/r1, and where a record has no page
// of its own, about the list it stands in. Where no address above is a page that the
// person may open, it is the page they came from.
func (m *Mux) wayBack(r *http.Request) ui.NavItem {
	p := PersonOf(r)
	for path := r.URL.Path; ; {
		at := strings.LastIndexByte(path, '/')
		if at <= 0 || !strings.Contains(path[1:at], "/") { // the start page has a link already
			break
		}
		path = path[:at]
		if rt, ok := m.opens(p, path); ok {
			return ui.NavItem{Text: m.wayWords(rt.Pattern), Href: path}
		}
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Path == r.URL.Path {
		return ui.NavItem{}
	}
	if _, ok := m.opens(p, from.Path); !ok {
		return ui.NavItem{}
	}
	from.Scheme, from.Host, from.User, from.Fragment = "", "", nil, ""
	return ui.NavItem{Text: "Go back to the page before", Href: from.String()}
}

// opens finds the route of a page that a person may open at a path.
func (m *Mux) opens(p Person, path string) (Route, bool) {
	_, pattern := m.mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	for _, rt := range m.routes {
		if rt.Pattern == pattern {
			return rt, p.May(rt.Permission)
		}
	}
	return Route{}, false
}

// wayWords says what kind of page a pattern is of: one whose last part differs from
// record to record is a record's, and one right above such a part is a list.
func (m *Mux) wayWords(pattern string) string {
	if strings.HasSuffix(pattern, "}") {
		return "Go back to the record"
	}
	_, path, _ := strings.Cut(pattern, " ")
	for _, rt := range m.routes {
		if _, other, _ := strings.Cut(rt.Pattern, " "); strings.HasPrefix(other, path+"/{") {
			return "Go back to the list"
		}
	}
	return "Go back to the page before"
}
