package sites

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
)

// A face is all that the public sees in one state of the public store. It never
// changes, so that any number of requests read it without a lock; when something
// is published, a new face takes its place.
type face struct {
	profile   Profile
	closed    bool                  // somebody shut the site
	pages     []shownPage           // by title
	standard  []*shownPage          // those the law asks for that nobody has published words for
	byAddress map[string]*shownPage // by the address that links name it with
	shown     map[string]*shownPage // by where it stands
	base      ui.Base
	view      *publish.View // keeps the pages made of it
}

// shownPage is a published page with its address.
type shownPage struct {
	publishedPage
	Address string
}

// HTML is the page's body; it was made safe when it was published.
func (s *shownPage) HTML() template.HTML { return template.HTML(s.Body) }

func (s *shownPage) on(shelf string) bool {
	for _, x := range splitShelves(s.Shelves) {
		if x == shelf {
			return true
		}
	}
	return false
}

// face gives what the public sees now, as the public store has it at this moment.
func (r *Room) face(ctx context.Context) (*face, error) {
	v, err := r.Cache.View(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err() // nobody waits for the answer
	}
	if err != nil {
		return nil, err
	}
	f, err := publish.Fact(v, "sites.face", func() (f *face, err error) {
		err = r.Cache.Read(ctx, func(ctx context.Context) error {
			f, err = r.look(ctx, v)
			return err
		})
		if err == nil {
			r.last.Store(f)
		}
		return f, err
	})
	if err != nil {
		return nil, errors.Join(publish.Unavailable, err)
	}
	return f, nil
}

// Warm reads what the public pages are made of, and makes the home page, so that they can be
// shown though the public store ceases to answer before anybody asked for them.
func (r *Room) Warm(ctx context.Context) error {
	f, err := r.face(ctx)
	if err != nil {
		return err
	}
	_, err = f.view.Answer("/", func() (*publish.Answer, error) { return r.homeAnswer(ctx, f) })
	return err
}

// lastFace is the face of now or, when the public store does not answer, the last
// one known: only for what may be shown whatever was taken down, the frame of a
// page and whom to call.
func (r *Room) lastFace(ctx context.Context) (*face, error) {
	f, err := r.face(ctx)
	if last := r.last.Load(); err != nil && last != nil {
		return last, nil
	}
	return f, err
}

// look reads the face from the public store.
func (r *Room) look(ctx context.Context, v *publish.View) (f *face, err error) {
	f = &face{view: v, byAddress: map[string]*shownPage{}, shown: map[string]*shownPage{}}
	if f.profile, err = r.publishedProfile(ctx); err != nil {
		return nil, err
	}
	if f.closed, err = isShut(ctx, r.Public); err != nil {
		return nil, err
	}
	pages, err := publishedPages(ctx, r.Public)
	if err != nil {
		return nil, fmt.Errorf("read the published pages: %w", err)
	}
	f.pages = make([]shownPage, len(pages))
	for i, p := range pages {
		f.pages[i] = shownPage{publishedPage: p}
		f.show(&f.pages[i])
	}
	for _, p := range f.standardPages() {
		f.standard = append(f.standard, &p)
		f.show(&p)
	}
	f.rename()
	f.base = r.frame(f)
	return f, nil
}

// show puts a page at its address.
func (f *face) show(p *shownPage) {
	named := Address(p.Section, p.Slug)
	p.Address = PublicAddress(p.Section, p.Slug, p.words())
	if f.shown[p.Address] != nil {
		p.Address = named // two names that say nothing may be the same one
	}
	p.Body = fill(p.Body, f.profile)
	f.byAddress[named], f.shown[p.Address] = p, p
}

// rename makes links in the pages’ words, which name pages as editors do, lead straight to
// where the pages stand.
func (f *face) rename() {
	var pairs []string
	for named, p := range f.byAddress {
		if p.Address != named {
			for _, end := range []string{`"`, "#", "?"} {
				pairs = append(pairs, `href="`+named+end, `href="`+p.Address+end)
			}
		}
	}
	links := strings.NewReplacer(pairs...)
	for _, p := range f.byAddress {
		p.Body = links.Replace(p.Body)
	}
}

// at gives where the page stands that is named by an address; an address that names none
// as it is.
func (f *face) at(address string) string {
	if p := f.byAddress[address]; p != nil {
		return p.Address
	}
	return address
}

func (r *Room) publishedProfile(ctx context.Context) (Profile, error) {
	var p Profile
	text, err := setting(ctx, r.Public, "profile")
	if errors.Is(err, db.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("read the published profile: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read the published profile: %w", err)
	}
	return p, nil
}

// frame makes the frame of public pages.
func (r *Room) frame(f *face) ui.Base {
	b := ui.Base{Layout: ui.LayoutPublic, SiteName: f.name(), SiteClass: "site-partnership", Demo: r.Demo,
		FooterText: f.name()}
	if f.shut() { // a menu would lead to pages that say the same
		b.Layout, b.SiteName, b.FooterText = ui.LayoutPlain, f.profile.Name, f.profile.Name
		if r.SignIn != "" {
			b.Footer = []ui.NavItem{{Text: "Sign in", Href: r.SignIn}}
		}
		return b
	}
	b.Nav = []ui.NavItem{
		{Text: "Home", Href: "/"}, {Text: "For families", Href: "/families"},
		{Text: "For professionals", Href: "/professionals"},
		{Text: "Training", Href: "/training"}, {Text: "Learning", Href: "/learning"},
		{Text: "Yearly report", Href: "/report"}, {Text: "About us", Href: "/about"},
	}
	for _, l := range []ui.NavItem{
		{Text: "Accessibility", Href: "/accessibility"}, {Text: "Privacy: nobody is tracked", Href: "/privacy"},
		{Text: "Contact", Href: "/contact"},
	} {
		if f.byAddress[l.Href] != nil {
			b.Footer = append(b.Footer, l)
		}
	}
	if r.SignIn != "" {
		b.Footer = append(b.Footer, ui.NavItem{Text: "Sign in", Href: r.SignIn})
	}
	if day := f.profile.Day(); day.Phone != "" {
		night := f.profile.Night()
		b.Worried = &ui.Worried{Href: "/help", Emergency: "999", Name: day.Name, DayPhone: day.Phone, NightPhone: night.Phone}
		if night.Dial() == day.Dial() {
			b.Worried.NightPhone, b.Worried.Note = day.Phone, "day and night"
		}
	}
	return b
}

func (f *face) name() string {
	if f.profile.Name == "" {
		return "Safeguarding Children Partnership"
	}
	return f.profile.Name
}

// area is what the partnership calls its area in a sentence.
func (f *face) area() string {
	if f.profile.Area == "" {
		return "our area"
	}
	return f.profile.Area
}

// baseAt gives the frame for the page at an address, with its place in the
// navigation marked.
func (f *face) baseAt(path, title, description string) ui.Base {
	b := f.base
	b.Path, b.Title, b.Description = path, title, description
	b.Nav = make([]ui.NavItem, len(f.base.Nav))
	for i, n := range f.base.Nav {
		n.Current = n.Href == path || n.Href != "/" && strings.HasPrefix(path, n.Href+"/")
		b.Nav[i] = n
	}
	return b
}

// PublicBase gives the frame that a public page of any room stands in, from what
// is published. Where the public store cannot be read it is the last one known, or
// a frame without contacts.
func (r *Room) PublicBase(req *http.Request) ui.Base {
	f, err := r.lastFace(req.Context())
	if err != nil {
		f = &face{}
		f.base = r.frame(f)
	}
	return f.baseAt(req.URL.Path, "", "")
}

// serve answers with the page at an address, made once for each face, and counts
// the visit.
func (r *Room) serve(w http.ResponseWriter, req *http.Request, address string,
	render func(*face) (*publish.Answer, error)) error {
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	return r.answer(w, req, f, address, render)
}

func (r *Room) answer(w http.ResponseWriter, req *http.Request, f *face, address string,
	render func(*face) (*publish.Answer, error)) error {
	a, err := f.view.Answer(address, func() (*publish.Answer, error) { return render(f) })
	if err != nil {
		return err
	}
	r.CountVisit(req)
	return a.Send(w, req)
}

// page renders a template as an answer. One that is not kept leaves nothing for
// the next person at the screen.
func (r *Room) page(name string, data any, keep bool) (*publish.Answer, error) {
	var b bytes.Buffer
	if err := r.pages.Render(&b, name, data); err != nil {
		return nil, err
	}
	return publish.NewAnswer(b.Bytes(), "text/html; charset=utf-8", keep)
}
