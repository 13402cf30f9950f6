package sites

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// The public face is shut until it can say whose it is and whom to call about a child, and
// whenever somebody shuts it. While it is shut every public page answers 503 with a page
// that says so; the workspace, signing in, and bookings by a link in an e-mail stay open.

const (
	kindShut = "sites.shut" // that the site is shut on purpose; taken down, it is open
	shutKey  = "site"
	// retryAfter is when programs are told to come again, in seconds.
	retryAfter = "3600"
)

// A Lack is what the public site cannot be open without.
type Lack string

// What it lacks.
const (
	LacksName Lack = "the partnership’s name"
	LacksDoor Lack = "a number for the {front door} by day"
)

// door is the contact that is called about a child by day; without a number where there is
// none. Profiles that were published before contacts had a purpose have it first.
func (p Profile) door() Contact {
	said := slices.ContainsFunc(p.Contacts, func(c Contact) bool { return c.Purpose != "" })
	for _, c := range p.Contacts {
		everywhere := slices.ContainsFunc(national, func(n Contact) bool { return n.Dial() == c.Dial() })
		if c.Phone != "" && (said && c.Purpose == doorPurpose || !said && !c.Night && !everywhere) {
			return c
		}
	}
	return Contact{}
}

// doorPurpose is the purpose of the number that the site cannot be open without.
const doorPurpose = "front-door-day"

// Lacks lists what a profile has to say before the site can be open.
func (p Profile) Lacks() []Lack {
	var out []Lack
	if strings.TrimSpace(p.Name) == "" {
		out = append(out, LacksName)
	}
	if p.door().Phone == "" {
		out = append(out, LacksDoor)
	}
	return out
}

// A closing is that somebody shut the site.
type closing struct {
	Since  db.Time `json:"since"`
	By     string  `json:"by"`
	Reason string  `json:"reason"` // for colleagues; the public is not told
}

// closings shuts the site and opens it.
type closings struct{}

// Release shuts the site.
func (closings) Release(ctx context.Context, public db.Q, i publish.Item) error {
	return putSetting(ctx, public, "shut", i.DecidedAt.UTC().Format("2006-01-02T15:04:05Z"), i.DecidedAt)
}

// Withdraw opens it.
func (closings) Withdraw(ctx context.Context, public db.Q, _ publish.Item) error {
	return deleteSetting(ctx, public, "shut")
}

// Settled has nothing to note: the outbox knows.
func (closings) Settled(context.Context, db.Q, publish.Item) error { return nil }

// isShut reads whether somebody shut the site.
func isShut(ctx context.Context, q db.Reader) (bool, error) {
	_, err := setting(ctx, q, "shut")
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil, db.Wrap(err, "read whether the site is shut")
}

// shut reports whether the public is told that the site is not open.
func (f *face) shut() bool { return f.closed || len(f.profile.Lacks()) > 0 }

// fillShut is what a page shows of whether the site is shut on purpose.
func fillShut(s publish.State) *web.Form {
	if s.Known && !s.Gone {
		return web.NewForm("site", "shut")
	}
	return web.NewForm("site", "open")
}

// WhileOpen has routes answer that the site is not open while it is not.
func (r *Room) WhileOpen(routes ...web.Route) []web.Route {
	out := slices.Clone(routes)
	for i := range out {
		out[i].Before = func(w http.ResponseWriter, req *http.Request) (bool, error) {
			f, err := r.lastFace(req.Context())
			if err != nil || !f.shut() {
				return false, nil // without a face the page says itself that it cannot be shown
			}
			return true, r.sayShut(w, req, f)
		}
	}
	return out
}

// A shutPage says that the site is not open.
type shutPage struct {
	ui.Base
	Closed     bool // somebody shut it: it was open before
	Everywhere []Contact
}

// Title is what the page is called.
func (p shutPage) Heading() string {
	if p.Closed {
		return "This site is closed at the moment"
	}
	return "This site is not open yet"
}

// sayShut answers for any page of a site that is shut. What programs read gets words.
func (r *Room) sayShut(w http.ResponseWriter, req *http.Request, f *face) error {
	h := w.Header()
	h.Set("Retry-After", retryAfter)
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
	p := shutPage{Base: f.base, Closed: f.closed, Everywhere: national}
	if strings.Contains(req.URL.Path, ".") { // feed.xml, robots.txt, figures.json
		http.Error(w, p.Heading()+".", http.StatusServiceUnavailable)
		return nil
	}
	p.Title, p.NoIndex = p.Heading(), true
	return web.Render(w, http.StatusServiceUnavailable, r.pages, "shut", p)
}

// An openness is whether the public site is open, for those who look after it.
type openness struct {
	Shut    bool
	Closed  *closing // somebody shut it
	Lacks   []Lack   // what is not published and has to be
	Entered bool     // Settings have it all: it only has to be published
	State   publish.State
	Unknown bool // the public store does not answer
}

// Words say in a sentence why the site is shut.
func (s openness) Words() string {
	switch {
	case s.Closed != nil && s.Closed.Reason != "":
		return "Shut by " + s.Closed.By + " on " + lang.DateTime(s.Closed.Since.Time) + ": " + s.Closed.Reason
	case s.Closed != nil:
		return "Shut on purpose."
	}
	var lacks []string
	for _, l := range s.Lacks {
		lacks = append(lacks, string(l))
	}
	if s.Entered {
		return "It opens when " + lang.Join(lacks) + " " + lang.Noun(len(lacks), "is", "are") + " published. " +
			lang.Noun(len(lacks), "It is", "They are") + " in Settings already."
	}
	return "It opens once it has " + lang.Join(lacks) + "."
}

// Next is where what it lacks is entered or published, and what is done there.
func (s openness) Next() ui.NavItem {
	switch {
	case s.Closed != nil:
		return ui.NavItem{Text: "Open it again", Href: root + "/open"}
	case s.Entered:
		return ui.NavItem{Text: "Publish it", Href: root + "/frame"}
	case slices.Contains(s.Lacks, LacksName):
		return ui.NavItem{Text: "Enter the name", Href: "/work/settings"}
	}
	return ui.NavItem{Text: "Enter the number", Href: "/work/settings/contacts"}
}

// openness finds whether the public site is open.
func (r *Room) openness(ctx context.Context) (s openness, err error) {
	if s.State, err = r.Outbox.State(ctx, kindShut, shutKey); err != nil {
		return s, fmt.Errorf("read whether the site is shut: %w", err)
	}
	f, err := r.lastFace(ctx)
	if err != nil {
		s.Unknown = true
		return s, nil
	}
	s.Lacks, s.Shut = f.profile.Lacks(), f.shut()
	if f.closed {
		s.Closed = &closing{}
		if !s.State.Gone && s.State.Payload != "" {
			if err := json.Unmarshal([]byte(s.State.Payload), s.Closed); err != nil {
				return s, fmt.Errorf("read why the site is shut: %w", err)
			}
		}
	}
	if r.Partnership != nil && len(s.Lacks) > 0 {
		now, err := r.profile(ctx)
		if err != nil {
			return s, err
		}
		s.Entered = len(now.Lacks()) == 0
		if !s.Entered {
			s.Lacks = now.Lacks()
		}
	}
	return s, nil
}
