package sites

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// A face is all that the public sees at one publication number, and the pages
// made of it so far. It never changes, so that any number of requests read it
// without a lock; when the number moves, a new face takes its place.
type face struct {
	number    int64
	profile   Profile
	pages     []shown // by title
	byAddress map[string]*shown
	base      ui.Base
	answers   sync.Map // address → *answer
}

// shown is a published page with its address.
type shown struct {
	published
	Address string
	Text    string // folded words, for finding
}

// HTML is the page's body; it was made safe when it was published.
func (s *shown) HTML() template.HTML { return template.HTML(s.Body) }

func (s *shown) on(shelf string) bool {
	for _, x := range splitShelves(s.Shelves) {
		if x == shelf {
			return true
		}
	}
	return false
}

// lookEvery is how long a node trusts its face before it looks at the number
// again: a page published on another node shows here within it.
const lookEvery = time.Second

// faceKeeper holds the newest face of a node.
type faceKeeper struct {
	newest atomic.Pointer[face]
	looked atomic.Int64 // when the number was last looked at, in nanoseconds
	mu     sync.Mutex   // held by the one request that looks
}

// stale makes the next request look.
func (k *faceKeeper) stale() { k.looked.Store(0) }

// face gives what the public sees now. When the store cannot be read the newest
// face known is shown: whom to call about a child matters more than the newest
// words.
func (r *Room) face(ctx context.Context) (*face, error) {
	k := &r.faces
	f := k.newest.Load()
	now := r.Now().UnixNano()
	if f != nil && now-k.looked.Load() < int64(lookEvery) {
		return f, nil
	}
	if f == nil {
		k.mu.Lock()
	} else if !k.mu.TryLock() {
		return f, nil // somebody is looking
	}
	defer k.mu.Unlock()
	if newer := k.newest.Load(); newer != f {
		return newer, nil
	}
	// Noted before the number is read: what is published from here on sets it
	// back, and the next request looks again.
	k.looked.Store(now)
	fresh, err := r.look(ctx, f)
	if err != nil {
		if f == nil {
			k.stale()
			return nil, err
		}
		return f, nil
	}
	k.newest.Store(fresh)
	return fresh, nil
}

// look gives old again if nothing was published since, or a new face.
func (r *Room) look(ctx context.Context, old *face) (*face, error) {
	n, err := publication(ctx, r.Public)
	if err != nil {
		return nil, fmt.Errorf("read the publication number: %w", err)
	}
	if old != nil && old.number == n {
		return old, nil
	}
	f := &face{number: n, byAddress: map[string]*shown{}}
	if f.profile, err = r.publishedProfile(ctx); err != nil {
		return nil, err
	}
	pages, err := publishedPages(ctx, r.Public)
	if err != nil {
		return nil, fmt.Errorf("read the published pages: %w", err)
	}
	f.pages = make([]shown, len(pages))
	for i, p := range pages {
		f.pages[i] = shown{published: p, Address: Address(p.Section, p.Slug), Text: db.Fold(plain(p.Body))}
		f.byAddress[f.pages[i].Address] = &f.pages[i]
	}
	f.base = r.frame(f)
	return f, nil
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
	b := ui.Base{Layout: ui.LayoutPublic, SiteName: f.name(), SiteClass: "site-partnership", Demo: r.Demo, FooterText: f.name()}
	b.Nav = []ui.NavItem{
		{Text: "Home", Href: "/"}, {Text: "For families", Href: "/families"}, {Text: "For professionals", Href: "/professionals"},
		{Text: "Training", Href: "/training"}, {Text: "Learning", Href: "/learning"}, {Text: "Yearly report", Href: "/report"}, {Text: "About us", Href: "/about"},
	}
	for _, l := range []ui.NavItem{
		{Text: "Accessibility", Href: "/accessibility"}, {Text: "Privacy: no cookies, nobody tracked", Href: "/privacy"}, {Text: "Contact", Href: "/contact"},
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
// is published. Where the public store cannot be read it is a frame without
// contacts.
func (r *Room) PublicBase(req *http.Request) ui.Base {
	f, err := r.face(req.Context())
	if err != nil {
		f = &face{}
		f.base = r.frame(f)
	}
	return f.baseAt(req.URL.Path, "", "")
}

// An answer is a page as bytes, plain and zipped, with its headers made once.
type answer struct {
	plain, zipped form
	keep, media   []string
}

// form is one way to send the same page.
type form struct {
	body                  []byte
	length, tag, encoding []string
}

// vary says that the page may be sent in more than one form.
var vary = []string{"Accept-Encoding"}

// newAnswer makes an answer that browsers may keep for a minute and then ask
// after; one that is not kept leaves nothing for the next person at the screen.
func newAnswer(body []byte, media string, keep bool) (*answer, error) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write(body)
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("zip a page: %w", err)
	}
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:12])
	a := &answer{
		plain:  form{body, []string{strconv.Itoa(len(body))}, []string{`"` + tag + `"`}, nil},
		zipped: form{zipped.Bytes(), []string{strconv.Itoa(zipped.Len())}, []string{`"` + tag + `-gzip"`}, []string{"gzip"}},
		media:  []string{media}, keep: []string{"public, max-age=60"},
	}
	if !keep {
		a.keep = []string{"no-store"}
	}
	return a, nil
}

// write sends the answer, or says that the browser has it already.
func (a *answer) write(w http.ResponseWriter, req *http.Request) error {
	f := &a.plain
	if strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
		f = &a.zipped
	}
	h := w.Header()
	h["Cache-Control"], h["Etag"], h["Vary"] = a.keep, f.tag, vary
	if match := req.Header.Get("If-None-Match"); match != "" && strings.Contains(match, f.tag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h["Content-Type"], h["Content-Length"] = a.media, f.length
	if f.encoding != nil {
		h["Content-Encoding"] = f.encoding
	}
	// An error here is a browser that has gone away.
	_, _ = w.Write(f.body)
	return nil
}

// serve answers with the page at an address, made once for each face, and counts
// the visit.
func (r *Room) serve(w http.ResponseWriter, req *http.Request, address string, render func(*face) (*answer, error)) error {
	f, err := r.face(req.Context())
	if err != nil {
		return err
	}
	kept, ok := f.answers.Load(address)
	if !ok {
		a, err := render(f)
		if err != nil {
			return err
		}
		kept, _ = f.answers.LoadOrStore(address, a)
	}
	r.CountVisit(req)
	return kept.(*answer).write(w, req)
}

// page renders a template as an answer.
func (r *Room) page(name string, data any, keep bool) (*answer, error) {
	var b strings.Builder
	if err := r.pages.Render(&b, name, data); err != nil {
		return nil, err
	}
	return newAnswer([]byte(b.String()), "text/html; charset=utf-8", keep)
}
