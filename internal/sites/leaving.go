package sites

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"kith/internal/kit/ui"
)

// A page that somebody may be hurt for reading can be left quickly: it has “Leave this page”
// in sight, a title that says nothing, and is not kept by the browser.

// When a page can be left quickly.
const (
	ByPlace = "place" // where pages for families and young people, and about getting help, are
	Always  = "yes"
	Never   = "no" // but a quiet page always can
)

// leavings are the choices of an editor.
func leavings() []ui.Choice {
	return []ui.Choice{
		{Value: ByPlace, Text: "As its place says",
			Hint: "Pages for families and young people, and about getting help, can be left quickly. Others cannot."},
		{Value: Always, Text: "Always"},
		{Value: Never, Text: "Never",
			Hint: "Only where nobody could be hurt for reading it. A quiet page can always be left."},
	}
}

// leaving is when the page can be left quickly, by its place where nobody said otherwise.
func (w Words) leaving() string {
	if w.Leaving == "" {
		return ByPlace
	}
	return w.Leaving
}

// riskyShelves are the front pages whose readers may be watched.
var riskyShelves = []string{"families", youngPeople}

// Risky reports whether somebody may be hurt for reading a page, so that it can be left
// quickly. Where nobody said otherwise it goes by where the page is: a page too many has a
// button that nobody presses, a page too few has none when it is needed.
func Risky(section, slug string, w Words) bool {
	switch {
	case w.Quiet || w.Leaving == Always:
		return true
	case w.Leaving == Never:
		return false
	}
	return section == Help || slices.Contains(riskyShelves, slug) ||
		slices.ContainsFunc(w.Shelves, func(s string) bool { return slices.Contains(riskyShelves, s) })
}

// risky reports whether a published page can be left quickly.
func (s *shownPage) risky() bool {
	return Risky(s.Section, s.Slug, s.words())
}

// words are what of a page's words says whether it can be left quickly.
func (p publishedPage) words() Words {
	return Words{Quiet: p.Quiet, Leaving: p.Leaving, Shelves: splitShelves(p.Shelves)}
}

// PublicAddress gives where a page stands on the public site. It is the address that an
// editor chose, but for a page to leave quickly in a section’s folder: that would name its
// subject in the browser’s history, so its last part says nothing instead. It follows from
// the name, and so stays the same for as long as the page can be left quickly.
func PublicAddress(section, slug string, w Words) string {
	if fixed[slug] == section || section == Front || !Risky(section, slug, w) {
		return Address(section, slug)
	}
	return folders[section] + neutral(slug)
}

// neutral makes of a page’s name one that says nothing: six letters and digits.
func neutral(slug string) string {
	sum := sha256.Sum256([]byte(slug))
	return "s-" + strings.ToLower(base32.HexEncoding.EncodeToString(sum[:])[:6])
}

// Where leaving leads while nobody has chosen: a website that says nothing of where
// somebody was.
const (
	leaveTo    = "https://www.bbc.co.uk/weather"
	leaveWords = "the weather"
)

// riskyTitle is what a browser's tab and history call every page to leave quickly.
const riskyTitle = "Support and advice"

// toLeave makes the frame of a page that can be left quickly: neither its tab nor the
// browser's history says what it is about or whose it is.
func (f *face) toLeave(b ui.Base) ui.Base {
	b.Leave = &ui.Leave{}
	b.Leave.Words, b.Leave.Href = f.profile.Facts.toLeave()
	b.TabTitle = riskyTitle
	return b
}

// quiet makes the frame of the quietest pages: no name, no band, no menu. Home is in the
// footer.
func quiet(b ui.Base) ui.Base {
	b.SiteName, b.Nav, b.Crumbs, b.Worried = "", nil, nil, nil
	b.Footer = append([]ui.NavItem{{Text: "Home", Href: "/"}}, b.Footer...)
	return b
}
