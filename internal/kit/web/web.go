// Package web is how the rooms speak HTTP.
//
// A room gives its Routes: pattern, permission and handler on one line each. A
// handler returns an error, and one place (Mux) turns errors into pages: not
// found, refused, at fault. Who is signed in reaches a handler as a value, the
// Person; what they may do is decided before the handler runs, from the route's
// permission. Forms parse into values and a list of problems; lists keep their
// search, filters and paging in the address.
package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// A HandlerFunc answers a request, or returns what went wrong.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// A Permission is something that a person may do. The rooms' permissions are
// constants of one catalogue, which the program keeps above the kit.
type Permission string

// Permissions that need no role.
const (
	Anyone   Permission = "anyone"    // the public
	SignedIn Permission = "signed-in" // anybody with an account
)

// A Route is one address: who may use it, and what answers.
type Route struct {
	Pattern    string     // as net/http has it: "GET /work/training/{id}"
	Permission Permission // one of the catalogue, or Anyone or SignedIn
	Handle     HandlerFunc
	// Adds says that a post adds something each time, so that its form has to carry the
	// mark of its showing (see KeepOnce). An address that ends in /new need not say it.
	Adds bool
	// Many are the fields, of the form and the address, that may be given several times.
	// Every other is given once: of two values, which counts would be chance.
	Many []string
	// Confirm says when the address asks again who it is: see Mux.Confirm.
	Confirm Confirmation
	// Before answers in the place of Handle, or reports that it did not; nil never does.
	Before func(w http.ResponseWriter, r *http.Request) (answered bool, err error)
	// Early lets somebody use the address who has another page to see to first: see Person.First.
	Early bool
}

// adding reports whether a post to the route adds something each time.
func (rt Route) adding() bool {
	return rt.Adds || strings.HasPrefix(rt.Pattern, "POST ") && strings.HasSuffix(rt.Pattern, "/new")
}

// given refuses values that no form of ours sends: a field that may be given once and is
// given several times.
func (rt Route) given(values url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if len(values[name]) > 1 && !slices.Contains(rt.Many, name) {
			return BadRequest("Something is given twice that can be given once, so it is not clear which is meant. " +
				"Go back, open the page again, and choose or enter it there.")
		}
	}
	return nil
}

// A Confirmation says when an address asks whoever is signed in to show again that it is
// they, before it answers.
type Confirmation string

// When an address asks.
const (
	Never    Confirmation = ""
	Always   Confirmation = "always"
	OnExport Confirmation = "on export" // when the page is wanted as a file
)

// asks reports whether a request asks.
func (c Confirmation) asks(r *http.Request) bool {
	return c == Always || c == OnExport && r.URL.Query().Has("format")
}

// A Person is who is signed in, as rooms need to know them. The zero Person is
// the public.
type Person struct {
	ID             string
	Name           string
	Email          string
	Role           string // in words: "Business manager"
	OrganisationID string
	Organisation   string
	Permissions    map[Permission]bool
	// For are the organisations for which a permission counts, of those that reach no
	// further than an organisation: the person's own where it is not named here.
	For map[Permission][]string
	// Purpose is what the program itself acts for, when nobody asked; "" for a person.
	Purpose db.Purpose
	// First is the page that the person has to see to before they can use any other, such
	// as setting up a second factor that their role needs; "" for none.
	First string
	// Proved says that the person has shown a moment ago that it is they.
	Proved bool
}

// May reports whether the person has a permission.
func (p Person) May(permission Permission) bool {
	switch permission {
	case Anyone:
		return true
	case SignedIn:
		return p.ID != ""
	}
	return p.Permissions[permission]
}

// ActsFor lists the organisations for which the person holds a permission that reaches no
// further than an organisation.
func (p Person) ActsFor(permission Permission) []string {
	if !p.May(permission) {
		return nil
	}
	if list, given := p.For[permission]; given {
		return list
	}
	if p.OrganisationID == "" {
		return nil
	}
	return []string{p.OrganisationID}
}

// Grants implements db.Asker: what the person may do, or what the program acts for.
func (p Person) Grants() []string {
	if p.Purpose != "" {
		return p.Purpose.Grants()
	}
	var out []string
	for permission, held := range p.Permissions {
		if held {
			out = append(out, string(permission))
		}
	}
	slices.Sort(out)
	return out
}

// Program is the program itself, which acts for a purpose.
func Program(purpose db.Purpose) Person { return Person{Name: "Kith", Purpose: purpose} }

// An exchange is what is known of one request besides the request itself.
type exchange struct {
	id     string
	person Person
	base   func() ui.Base // made only if a page is
	terms  func() lang.Terms
	once   Once   // nil remembers nothing
	pick   Picker // nil finds nothing
	route  Route
	secure func() bool // nil where the connection says it
	// undo asks the page of an act what it compares; nil outside a Mux.
	undo func(address string) (mark string, ok bool)
}

// termsOf gives the installation's words, for texts that are put together where no
// page is at hand.
func termsOf(r *http.Request) lang.Terms {
	if x := exchangeOf(r); x.terms != nil {
		return x.terms()
	}
	return nil
}

type exchangeKey struct{}

// noExchange stands in where a handler is called outside a Mux.
var noExchange = &exchange{}

func exchangeOf(r *http.Request) *exchange {
	if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return noExchange
}

// PersonOf gives who made the request; the zero Person for the public.
func PersonOf(r *http.Request) Person { return exchangeOf(r).person }

// Base gives the frame for a page of this request, with its title. Titles, crumbs,
// tabs, problems, refusals and what is said when something is done may have terms
// marked, as lang.Terms says: the kit writes the installation's words in.
func Base(r *http.Request, title string) ui.Base {
	var b ui.Base
	if x := exchangeOf(r); x.base != nil {
		b = x.base()
	}
	b.Title = b.Put(title)
	b.Path = r.URL.Path
	return b
}

// Crumbs gives b with breadcrumbs of pairs of text and address; the last may
// have the address "".
func Crumbs(b ui.Base, pairs ...string) ui.Base {
	b.Crumbs = nil
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Crumbs = append(b.Crumbs, ui.NavItem{Text: b.Put(pairs[i]), Href: pairs[i+1]})
	}
	return b
}

// A Tab is a page that stands beside others in one part of the workspace.
type Tab struct {
	Text       string // with terms marked, as lang.Terms says
	Href       string
	Permission Permission
}

// Tabs gives b with the tabs that the person may go to; the one whose address is
// the page's, or the longest that the page's begins with, is the current one. The
// page writes them under its heading by {{subnav "Training" .Tabs}}.
func Tabs(b ui.Base, p Person, tabs []Tab) ui.Base {
	b.Tabs = nil
	current := -1
	for _, t := range tabs {
		if !p.May(t.Permission) {
			continue
		}
		if at, longest := len(b.Tabs), current; b.Path == t.Href || strings.HasPrefix(b.Path, t.Href+"/") {
			if longest < 0 || len(t.Href) > len(b.Tabs[longest].Href) {
				current = at
			}
		}
		b.Tabs = append(b.Tabs, ui.NavItem{Text: b.Put(t.Text), Href: t.Href})
	}
	if current >= 0 {
		b.Tabs[current].Current = true
	}
	return b
}

// RequestID gives the number of the request, which a page about a fault shows and
// the log has.
func RequestID(r *http.Request) string { return exchangeOf(r).id }

// A Refusal is an answer of "no" that the person is to understand.
type Refusal struct {
	Status int
	Title  string
	Words  string
}

func (e *Refusal) Error() string { return e.Title + ": " + e.Words }

// ErrNotFound is returned for an address with nothing behind it, and for what the
// person should not know exists. db.ErrNotFound means the same.
var ErrNotFound = errors.New("no such page")

// Conflict refuses what can no longer be done, with words that say what can.
func Conflict(title, words string) error {
	return &Refusal{Status: http.StatusConflict, Title: title, Words: words}
}

// BadRequest refuses a request that no page of ours makes.
func BadRequest(words string) error {
	return &Refusal{Status: http.StatusBadRequest, Title: "That address or form was not understood", Words: words}
}
