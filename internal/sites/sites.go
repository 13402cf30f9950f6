// Package sites is the public face of the partnership, and the desk where its
// pages are written.
//
// An editor writes a page in Markdown. Every saved version is kept and can be
// brought back; two people who write at once are both shown. Publishing a page is
// one act, and the only way from the workspace to the public: it is decided in the
// workspace and released to the public store by kit/publish, which turns the
// Markdown of the version into safe HTML. The frame of every public page (the
// name, whom to call when worried about a child) and the structure of the
// partnership are copied by publishing too. The public pages are made from the public store alone, so that they can be
// served from a machine where nothing confidential is.
//
// Public pages are rendered once and kept as bytes for as long as nothing is
// published or taken down on any node.
//
// The room also counts visits, without cookies and without keeping anything of
// the visitor: see visits.go for what a visit is.
//
// Tables: sites_pages, sites_versions and sites_visit_totals in the work store;
// sites_published, sites_settings and sites_visits in the public store.
package sites

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/publish"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
)

// The states of a page. A published page may have newer words that are not
// published yet: Page.Waiting says so.
const (
	Draft     = "draft"
	Published = "published"
)

// The sections of the site. A page's section and slug make its address.
const (
	Hub   = "hub"   // about one subject
	Front = "front" // where a kind of reader begins: families, training …
	About = "about" // the partnership itself
	Help  = "help"  // getting help
	Legal = "legal" // accessibility, privacy
)

// Sections lists the sections in the order an editor meets them.
func Sections() []ui.Choice {
	return ui.Choices(Hub, "Topic page", Front, "Front page", About, "About us", Help, "Getting help", Legal,
		"Accessibility and privacy")
}

// SectionWords gives the words for a section.
func SectionWords(section string) string { return choiceText(Sections(), section) }

// Shelves lists the front pages that can list a topic page.
func Shelves() []ui.Choice {
	return ui.Choices("families", "For families", "young-people", "For young people", "professionals", "For professionals",
		"learning", "Learning", "about", "About us")
}

func choiceText(choices []ui.Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Text
		}
	}
	return value
}

// The named errors of the room.
var (
	// ErrChanged: the version that was to be published is no longer the newest.
	ErrChanged = errors.New("the page has been changed by somebody else")
	// ErrTaken: there is a page with this address.
	ErrTaken = &ui.Taken{Field: "slug", Text: "There is already a page with this address; choose another"}
	// ErrNothingToPublish: the words on the site are already these.
	ErrNothingToPublish = errors.New("this version is already on the site")
	// ErrMayNotPublish: whoever asks may not publish pages, nor take them down.
	ErrMayNotPublish = errors.New("they may not publish this page")
	// ErrNotPublished: the page is not on the site.
	ErrNotPublished = errors.New("the page is not on the site")
)

// Words are what a version of a page says.
type Words struct {
	Title    string
	Summary  string
	Markdown string
	Shelves  []string
	Quiet    bool   // in the quietest colours, without the site's name
	Leaving  string // whether it has “Leave this page”: see Risky
}

// A Page is one page as the workspace has it.
type Page struct {
	Slug, Section string
	Words
	State                     string
	Version, PublishedVersion int64
	OwnerID                   string
	Owner, OwnerEmail         string // who looks after the page
	ReviewOn                  db.Date
	UpdatedAt                 db.Time
	UpdatedBy                 string
	PublishedAt               db.Time
}

// Address gives the address by which links name the page.
func (p Page) Address() string { return Address(p.Section, p.Slug) }

// PublicAddress gives where the page is on the public site, to which Address leads.
func (p Page) PublicAddress() string { return PublicAddress(p.Section, p.Slug, p.Words) }

// Waiting reports whether the page has words that are not on the site.
func (p Page) Waiting() bool { return p.PublishedVersion != p.Version }

// Due reports whether the page's review has come by a day.
func (p Page) Due(day db.Date) bool { return !p.ReviewOn.IsZero() && !p.ReviewOn.After(day) }

// A Version is one saved version of a page.
type Version struct {
	Slug    string
	Version int64
	Words
	Note    string
	SavedAt db.Time
	SavedBy string
}

// fixed are the pages that stand at the top of the site and not in a section's
// folder, because the rest of the program links to them.
var fixed = map[string]string{
	"about": About, "help": Help, "contact": About, "families": Front, "professionals": Front,
	"training": Front, "learning": Front, "accessibility": Legal, "privacy": Legal,
}

var folders = map[string]string{Hub: "/hubs/", Front: "/", About: "/about/", Help: "/help/", Legal: "/legal/"}

// Address gives the address by which links name a page; where it stands is its
// PublicAddress.
func Address(section, slug string) string {
	if fixed[slug] == section {
		return "/" + slug
	}
	return folders[section] + slug
}

// CheckSlug says what is wrong with a page's slug in a section, or "".
func CheckSlug(section, slug string) string {
	switch {
	case len(slug) > 80 || slug == "" || lang.Slug(slug) != slug:
		return "Use small letters, digits and single hyphens, such as early-help"
	case fixed[slug] != "" && fixed[slug] != section:
		return fmt.Sprintf("The address %q belongs to the section %q", slug, SectionWords(fixed[slug]))
	case section == Front && fixed[slug] == "":
		return "The front pages are families, professionals, training and learning"
	}
	return ""
}

// A Contact is one way to reach the partnership's front door.
type Contact struct {
	Name  string `json:"name"`  // "Tidewell front door"
	Phone string `json:"phone"` // as it is dialled
	When  string `json:"when"`  // when it answers
	Who   string `json:"who"`   // who answers
	Night bool   `json:"night"` // it answers at night and weekends
	// Purpose is what it is for, as Settings call it: "front-door-day".
	Purpose string `json:"purpose,omitempty"`
}

// Dial is the number as a link to call it has it.
func (c Contact) Dial() string { return strings.ReplaceAll(c.Phone, " ", "") }

// Words says when a contact answers, and who.
func (c Contact) Words() string {
	switch {
	case c.When == "" || c.Who == "":
		return c.When + c.Who
	}
	return strings.TrimSuffix(c.When, ".") + ". " + c.Who
}

// A Body is a committee of the partnership.
type Body struct {
	Name    string   `json:"name"`
	Does    string   `json:"does"` // what it is for, a sentence
	Chair   string   `json:"chair"`
	Members []string `json:"members"` // the organisations on it, in words
}

// An Agency is a relevant agency with its sector in words.
type Agency struct {
	Name   string `json:"name"`
	Sector string `json:"sector"`
}

// A Profile is what the partnership tells the public of itself.
type Profile struct {
	Name      string    `json:"name"` // "Tidewell Safeguarding Children Partnership"
	Area      string    `json:"area"` // "Tidewell"
	Contacts  []Contact `json:"contacts"`
	CheckedOn db.Date   `json:"checked_on"` // when somebody last made sure of the contacts
	Statutory []string  `json:"statutory"`  // the statutory safeguarding partners
	Agencies  []Agency  `json:"agencies"`
	Bodies    []Body    `json:"bodies"`
	Email     string    `json:"email"`
	Post      string    `json:"post,omitempty"` // the office's address for post, several lines
	Facts     Facts     `json:"facts,omitzero"`
	Site      string    `json:"site,omitempty"` // where the site is, such as https://www.example.org
}

// text writes a profile as the public store keeps it.
func (p Profile) text() (string, error) {
	text, err := json.Marshal(p)
	return string(text), db.Wrap(err, "write the partnership's profile")
}

// Day gives the contact for the day.
func (p Profile) Day() Contact { return p.door() }

// Night gives the contact for nights and weekends, where there is one.
func (p Profile) Night() Contact {
	i := slices.IndexFunc(p.Contacts, func(c Contact) bool { return c.Night })
	if i < 0 {
		return Contact{}
	}
	return p.Contacts[i]
}

// national are those who answer everywhere in England; their own sites, childline.org.uk,
// nspcc.org.uk and gov.uk/contact-police, have the numbers, and Home asks each partnership to call
// its own. Where it has the same number among its contacts, its words are shown.
var national = []Contact{
	{Name: "Childline, if you are under 19", Phone: "0800 1111",
		Who: "Free, day and night. The call does not show on a phone bill."},
	{Name: "NSPCC, if you are an adult", Phone: "0808 800 5000",
		Who: "Advice about a child. You need not give your name."},
	{Name: "Police, when it is not an emergency", Phone: "101", Who: "Day and night."},
}

// sides sets the area's own contacts apart from those who answer everywhere.
func (p Profile) sides() (own, everywhere []Contact) {
	everywhere = slices.Clone(national)
	for _, c := range p.Contacts {
		i := slices.IndexFunc(everywhere, func(n Contact) bool { return n.Dial() == c.Dial() })
		if i < 0 {
			own = append(own, c)
			continue
		}
		everywhere[i] = c
	}
	return own, everywhere
}

// Partnership tells what may be published of the partnership; the room
// partnership does.
type Partnership interface {
	PublicProfile(ctx context.Context) (Profile, error)
}

// A Headline is one figure of the newest published report.
type Headline struct {
	Figure  string // its id
	Value   string // as it is read: "956", "1 in 3"
	Raw     string // as a machine reads it: "956"
	Meaning string // "attendances at 60 multi-agency training events"
	Note    string // "2023-24, half from the council"
	Href    string // how this was worked out
}

// Report gives the headlines of the newest published yearly report, from the
// public store; none when there is no report.
type Report interface {
	Headlines(ctx context.Context) ([]Headline, error)
}

// Deps are what the room needs.
type Deps struct {
	Work, Public *db.DB // Work is nil where only the public face is served
	Now          clock.Clock
	NewID        func() string
	Outbox       *publish.Outbox // nil where only the public face is served
	Cache        *publish.Cache  // what the public is sent; all rooms share one
	Partnership  Partnership     // nil: there is no frame to publish
	Report       Report          // nil: home has no year in figures
	// Elsewhere reports whether another room answers an address of the public
	// site; nil knows the yearly report and sign-in.
	Elsewhere func(path string) bool
	// LinkedFrom lists the pages of other rooms that the public can read and that link
	// to an address: each in a sentence, with where it is. nil when there are none.
	LinkedFrom func(ctx context.Context, address string) ([]ui.NavItem, error)
	// Demo says on every public page that all of it is made up.
	Demo bool
	// PublicURL is the public site's own address, such as
	// https://tidewell.example; "" takes it from each request.
	PublicURL func() string
	// SignIn is where people who work with children sign in, for the footer; "" when
	// this process does not serve the workspace.
	SignIn string
	// Programme is where the public training programme is; "" sends to sign-in.
	Programme string
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
	// PublicSearch is what the public can find; nil has the room find its own pages.
	PublicSearch *search.Index
}

// Room is the public sites and their desk.
type Room struct {
	Deps
	pages  *ui.Set
	visits counter
	last   atomic.Pointer[face] // the newest face this process has seen
}

// New makes the room.
func New(d Deps) (*Room, error) {
	if d.Public == nil || d.Now == nil || d.NewID == nil || d.Cache == nil || d.Work != nil && d.Outbox == nil {
		return nil, errors.New("sites: needs the public store and its cache, a clock and identifiers, and an outbox to " +
			"publish")
	}
	set, err := ui.NewSet(templates)
	if err != nil {
		return nil, fmt.Errorf("sites: %w", err)
	}
	r := &Room{Deps: d, pages: set}
	if r.PublicSearch == nil {
		r.PublicSearch = &search.Index{DB: d.Public}
		r.PublicSearch.Offer(r.PublicSearchable()...)
	}
	r.visits.counts = map[dayOfSite]int64{}
	if d.Outbox != nil {
		d.Outbox.Handle(kindPage, pages{r})
		d.Outbox.Handle(kindFrame, frames{})
		d.Outbox.Handle(kindShut, closings{})
	}
	return r, nil
}

func joinShelves(s []string) string { return strings.Join(s, " ") }

func splitShelves(s string) []string { return strings.Fields(s) }
