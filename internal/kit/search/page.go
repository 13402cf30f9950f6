package search

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// A Page is what a page of a search shows. The template "found" writes it, with the
// Base of the page round it.
type Page struct {
	At     string // the page's address: "/search"
	Query  string
	In     string // the one group that is shown, page by page; "" for the first of each
	Answer Answer // of all groups, with the hits of those that are shown
	Wrong  string // why nothing was looked for
	List   ui.List
}

// Page reads a search from its address, q with the group in "in", and answers it: first
// things of each group, or one group page by page. put writes the installation's words
// into the titles of groups. The status is that of the page.
func (x *Index) Page(ctx context.Context, at string, v url.Values, ask Question, first int,
	put func(string) string) (p Page, status int, err error) {
	p = Page{At: at, Query: strings.TrimSpace(v.Get("q")), In: v.Get("in"), List: ui.ReadList(at, v)}
	p.List.One, p.List.Many = "thing", "things"
	ask.Text, ask.Limit, ask.Offset = p.Query, first, 0
	if p.In != "" {
		ask.Limit, ask.Offset = p.List.Window()
	}
	ask.Hits = p.In
	p.Answer, err = x.Ask(ctx, ask)
	if errors.Is(err, ErrTooMuch) {
		p.Query, p.Wrong = "", "That is too much to look for at once. Use up to 12 words, and up to 200 characters."
		return p, http.StatusBadRequest, nil
	}
	if err == nil && p.In != "" && !slices.ContainsFunc(p.Answer.Groups, func(g Found) bool { return g.ID == p.In }) {
		v = url.Values{"q": {p.Query}} // the group has nothing of it, or is none: show what there is
		return x.Page(ctx, at, v, ask, first, put)
	}
	for i, g := range p.Answer.Groups {
		p.Answer.Groups[i].Title = put(g.Title)
		if g.ID == p.In {
			p.List.Total = g.Count
		}
	}
	return p, http.StatusOK, err
}

// Heading says how much was found.
func (p Page) Heading() string {
	what := " about “" + p.Query + "”"
	switch {
	case p.Query == "":
		return "Search"
	case p.Answer.Total == 0:
		return "Nothing" + what
	case p.Answer.More:
		return "More than " + lang.Plural(p.Answer.Total, "thing", "things") + what
	}
	return lang.Plural(p.Answer.Total, "thing", "things") + what
}

// Shown are the groups whose things are shown.
func (p Page) Shown() []Found {
	var out []Found
	for _, g := range p.Answer.Groups {
		if len(g.Hits) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// AllHref is where everything is that was found.
func (p Page) AllHref() string { return p.At + "?" + url.Values{"q": {p.Query}}.Encode() }

// NearHref is where the nearest words lead.
func (p Page) NearHref() string { return p.At + "?" + url.Values{"q": {p.Answer.Near}}.Encode() }

// InHref is where all of a group is.
func (p Page) InHref(group string) string {
	return p.At + "?" + url.Values{"q": {p.Query}, "in": {group}}.Encode()
}
