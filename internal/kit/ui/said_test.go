package ui

import (
	"strings"
	"testing"
)

// What was done is said under the heading and its tabs, wherever a page has them.
func TestWhereItIsSaid(t *testing.T) {
	t.Parallel()
	const words = `<p class="said">Saved.</p>`
	for name, c := range map[string]struct{ main, want string }{
		"a heading": {"<h1>A</h1>\n<p>x</p>", "<h1>A</h1>" + words + "\n<p>x</p>"},
		"a head with acts": {`<div class="page-head"><div><h1>A</h1></div><div>b</div></div><p>x</p>`,
			`<div class="page-head"><div><h1>A</h1></div><div>b</div></div>` + words + `<p>x</p>`},
		"tabs": {"<h1>A</h1>\n<nav class=\"subnav\"><ul></ul></nav>\n<p>x</p>",
			"<h1>A</h1>\n<nav class=\"subnav\"><ul></ul></nav>" + words + "\n<p>x</p>"},
		"another nav further down": {"<h1>A</h1><p>x</p><nav class=\"subnav\"></nav>",
			"<h1>A</h1>" + words + "<p>x</p><nav class=\"subnav\"></nav>"},
		"a head further down": {`<h1>A</h1><div class="page-head"><h2>B</h2></div>`,
			`<h1>A</h1>` + words + `<div class="page-head"><h2>B</h2></div>`},
		"no heading": {"<p>x</p>", words + "<p>x</p>"},
	} {
		before, after := `<h1>not this</h1><main id="content">`, `</main>`
		if got := string(putSaid([]byte(before+c.main+after), words)); got != before+c.want+after {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := string(putSaid([]byte("<p>no main</p>"), words)); got != "<p>no main</p>" {
		t.Errorf("a page without main: %s", got)
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	b := Base{Layout: LayoutWork, Flash: &Flash{Kind: FlashDone, Text: "Saved.", Href: "/undo", LinkText: "Undo"}}
	html, err := b.said()
	for _, want := range []string{`role="status"`, "Saved.", `<a href="/undo">Undo</a>`, "<svg"} {
		if err != nil || !strings.Contains(string(html), want) {
			t.Errorf("lacks %s: %s %v", want, html, err)
		}
	}
	b.Flash = &Flash{Kind: FlashDone, Text: "It is closed.", Undo: "/x/reopen", UndoMark: "a~1"}
	html, err = b.said()
	for _, want := range []string{`role="status"`, `<form method="post" action="/x/reopen"`, `name="seen" value="a~1"`,
		`>Undo<span class="govuk-visually-hidden"> what was just done</span></button>`} {
		if err != nil || !strings.Contains(string(html), want) {
			t.Errorf("lacks %s: %s %v", want, html, err)
		}
	}
	b.Flash.Kind, b.Flash.Undo = FlashProblem, ""
	if html, _ := b.said(); !strings.Contains(string(html), `role="alert"`) {
		t.Errorf("a problem is not an alert: %s", html)
	}
	b.Layout = LayoutPublic
	if html, _ := b.said(); html != "" {
		t.Errorf("said on a public page too: %s", html)
	}
}

// The way here begins with the room and leaves the page itself out; other pages keep theirs.
func TestWayHere(t *testing.T) {
	t.Parallel()
	b := Base{Layout: LayoutWork, Path: "/work/audits/a/edit",
		Nav: []NavItem{{Text: "Home", Href: "/work"},
			{Text: "Audits", Href: "/work/audits", Current: true, Begins: true}},
		Crumbs: []NavItem{{Text: "Audits", Href: "/work/audits"}, {Text: "Neglect", Href: "/work/audits/a"},
			{Text: "Change"}}}
	words := func() string {
		var out []string
		for _, x := range b.WayHere() {
			out = append(out, x.Text)
		}
		return strings.Join(out, " ")
	}
	if got := words(); got != "Audits Neglect" {
		t.Error(got)
	}
	if b.Path = "/work/audits"; words() != "Neglect" {
		t.Error(words())
	}
	if b.Room() != "Audits" || len(b.Rooms()) != 2 {
		t.Error(b.Room(), b.Rooms())
	}
	if b.Layout = LayoutPublic; words() != "Audits Neglect Change" {
		t.Error(words())
	}
	for name, want := range map[string]string{"Maren Holloway": "MH", "Örn": "Ö", "Ann van der Berg": "AB", "": ""} {
		if got := (Who{Name: name}).Initials(); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
