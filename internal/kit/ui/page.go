package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kith/internal/kit/lang"
)

// The layouts a page may stand in.
const (
	LayoutPlain  = ""       // signing in, errors: a name and the page
	LayoutWork   = "work"   // the workspace: navigation at the side
	LayoutPublic = "public" // the public sites: header, content, deep footer
)

// Base is what every page has besides its own matter. A page struct embeds it,
// so that a template says {{.Title}}.
type Base struct {
	Title       string     // the page's name, for the browser's tab; the page writes its own h1
	Description string     // one sentence for search engines
	Terms       lang.Terms // the installation's words for what areas call differently
	Layout      string     // LayoutPlain, LayoutWork or LayoutPublic
	Path        string     // address of this page, without host

	SiteName  string // in the header and after the title
	SiteClass string // names the site's colours: site-partnership, site-young
	HomeHref  string // where the name in the header leads; "/" when empty
	Demo      bool   // everything here is made up, and every page says so

	Nav    []NavItem // main navigation
	Tabs   []NavItem // the pages beside this one in its part of the workspace, under the heading
	Crumbs []NavItem // where this page stands
	Back   NavItem   // or one step back
	Person *Who      // who is signed in

	SearchHref string // where the field in the bar looks; no field when empty
	Searched   string // what was looked for, on the page that says what was found

	Flash   *Flash   // what just happened, shown once
	Worried *Worried // "Worried about a child?" on public pages
	Leave   *Leave   // the way out of a page that somebody may be hurt for reading

	TabTitle string // in the browser's tab in place of Title and SiteName, where those would betray

	Footer      []NavItem
	FooterText  string
	PrintFooter string // at the foot of printed paper

	AssetsAt string // where the assets lie beside a page that is kept as a file: "../assets/"; "" on the web

	FullWidth bool // public pages: the page places its own wraps, for heroes and bands
	NoIndex   bool // search engines are asked to stay away
}

// NavItem is a link in a navigation.
type NavItem struct {
	Text    string
	Href    string
	Current bool
	Count   string // beside the words: "8 of 10" on a tab, how much waits for the person in a room
	Begins  bool   // in the workspace's navigation: a new group begins with it
	Key     string // in the workspace's navigation: the letter that, after g, leads there
}

// Who is the person signed in.
type Who struct {
	Name        string
	Role        string // what they are here: "Business manager"
	AccountHref string // their own account
	SignOutHref string // posted to
}

// Initials are the first letters of the first and the last of the person's names.
func (w Who) Initials() string {
	names := strings.Fields(w.Name)
	if len(names) > 1 {
		names = []string{names[0], names[len(names)-1]}
	}
	out := ""
	for _, n := range names {
		r, _ := utf8.DecodeRuneInString(n)
		out += strings.ToUpper(string(r))
	}
	return out
}

// What a flash tells.
const (
	FlashDone    = "done"    // it worked
	FlashNote    = "note"    // something to know
	FlashProblem = "problem" // it did not work
)

// Flash is a message about what the person just did.
type Flash struct {
	Kind     string
	Text     string
	Href     string
	LinkText string
	// Undo is the address of the act that takes it back by one press, which the line then offers;
	// UndoMark is the mark of the record as it was left, which the act compares.
	Undo, UndoMark string
}

// Worried is whom to call about a child, on every public page.
type Worried struct {
	Href       string // the page that says more
	Emergency  string // 999
	Name       string // the area's front door
	DayPhone   string
	NightPhone string // "" or the same as DayPhone when one number answers always
	Note       string // when it answers: "day and night"
}

// Leave is the way out of a page that somebody may be hurt for reading: a link that works
// without a script, and with one leaves nothing for the browser's Back.
type Leave struct {
	Href  string // a neutral website
	Words string // what it opens: "the weather"
}

// Term gives the installation's word for a standard one: {{.Term "front door"}}.
func (b Base) Term(standard string) string { return b.Terms.Word(standard) }

// Put writes the installation's words into a text of the program that has them
// marked, such as a figure's title.
func (b Base) Put(text string) string { return b.Terms.Put(text) }

// Rooms are the groups of the workspace's navigation.
func (b Base) Rooms() [][]NavItem {
	var out [][]NavItem
	for i, x := range b.Nav {
		if i == 0 || x.Begins {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], x)
	}
	return out
}

// Room is the name of the part of the workspace that the page is in; "" for none.
func (b Base) Room() string {
	for _, x := range b.Nav {
		if x.Current {
			return x.Text
		}
	}
	return ""
}

// WayHere are the pages that lead to this one. In the workspace they begin with the room,
// and the page itself, whose name is its heading, is not among them.
func (b Base) WayHere() []NavItem {
	if b.Layout != LayoutWork {
		return b.Crumbs
	}
	var out []NavItem
	add := func(x NavItem) {
		there := slices.ContainsFunc(out, func(y NavItem) bool { return y.Href == x.Href })
		if x.Href != "" && x.Href != b.Path && !there {
			out = append(out, NavItem{Text: x.Text, Href: x.Href})
		}
	}
	for _, x := range b.Nav {
		if x.Current {
			add(x)
		}
	}
	for _, x := range b.Crumbs {
		add(x)
	}
	return out
}

// Asset is the address of an asset as this page links to it; "" when there is none.
func (b Base) Asset(name string) string {
	at := Assets().Path(name)
	if b.AssetsAt == "" || at == "" {
		return at
	}
	return b.AssetsAt + name
}

// InFolder gives the frame for a page that is kept as a file and opened without a
// site round it: its links lead to the site at root, such as
// "https://tidewell.example", and its assets lie at assets.
func (b Base) InFolder(root, assets string) Base {
	b.AssetsAt = assets
	b.HomeHref = root + b.Home()
	b.Nav, b.Crumbs, b.Footer = leadTo(root, b.Nav), leadTo(root, b.Crumbs), leadTo(root, b.Footer)
	if b.Worried != nil {
		w := *b.Worried
		w.Href = root + w.Href
		b.Worried = &w
	}
	b.Person, b.Flash, b.Back = nil, nil, NavItem{}
	return b
}

func leadTo(root string, items []NavItem) []NavItem {
	out := slices.Clone(items)
	for i := range out {
		if strings.HasPrefix(out[i].Href, "/") {
			out[i].Href = root + out[i].Href
		}
	}
	return out
}

// PutChoices is Put for choices that the program offers.
func (b Base) PutChoices(all []Choice) []Choice {
	out := slices.Clone(all)
	for i := range out {
		out[i].Text, out[i].Hint = b.Put(out[i].Text), b.Put(out[i].Hint)
	}
	return out
}

// Home is where the name in the header leads.
func (b Base) Home() string {
	if b.HomeHref == "" {
		return "/"
	}
	return b.HomeHref
}

// TitleText is the text of the title element.
func (b Base) TitleText() string {
	switch {
	case b.TabTitle != "":
		return b.TabTitle
	case b.Title == "":
		return b.SiteName
	case b.SiteName == "" || b.Title == b.SiteName:
		return b.Title
	}
	return b.Title + " – " + b.SiteName
}

// BodyClass names the layout for the stylesheet.
func (b Base) BodyClass() string {
	if b.Layout == LayoutPlain {
		return "layout-plain"
	}
	return "layout-" + b.Layout
}

// Site is the class that sets the colours.
func (b Base) Site() string {
	if b.SiteClass == "" {
		return "site-partnership"
	}
	return b.SiteClass
}

// Bottom says whether the footer has anything to show.
func (b Base) Bottom() bool { return len(b.Footer) > 0 || b.FooterText != "" }
