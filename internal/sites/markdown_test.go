package sites_test

import (
	"strings"
	"testing"

	"kith/internal/sites"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, md, want string }{
		{"a script is taken out", "Hello <script>alert(1)</script>", "<p>Hello alert(1)</p>\n"},
		{"so is a script in a block of HTML", "<script>alert(1)</script>", "\n"},
		{"and an image, with what it would run", `<img src=x onerror=alert(1)> and ![a](https://example.com/a.png)`,
			"<p> and </p>\n"},
		{"a javascript: link loses its address", "[press](javascript:alert(1))", "<p>press</p>\n"},
		{"however it is written", "[press](JaVaScRiPt:alert(1)) [d](data:text/html,x)", "<p>press d</p>\n"},
		{"a link cannot break out of its attribute", `[x](/a"onmouseover="y)`,
			"<p><a href=\"/a%22onmouseover=%22y\">x</a></p>\n"},
		{"a link within the site stays", "[help](/help)", "<p><a href=\"/help\">help</a></p>\n"},
		{"so does a telephone number", "[999](tel:999)", "<p><a href=\"tel:999\">999</a></p>\n"},
		{"the title is the only h1", "# One\n\n## Two", "<h2>One</h2>\n<h2>Two</h2>\n"},
		{"headings do not skip a level", "## A\n\n#### B\n\n###### C", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n"},
		{"quotation marks curl", `It's "so"`, "<p>It’s “so”</p>\n"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(sites.Render(c.md)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestCheckLinks(t *testing.T) {
	t.Parallel()
	known := func(path string) bool { return path == "/help" }
	for _, c := range []struct{ md, wrong string }{
		{"[a](/help)", ""},
		{"[a](/help#night)", ""},
		{"[a](#night)", ""},
		{"[a](https://www.nspcc.org.uk/)", ""},
		{"[a](mailto:a@example.org)", ""},
		{"<https://www.nspcc.org.uk/>", ""},
		{"[a](/hubs/nothing)", "no published page"},
		{"[a](hubs/icon)", "begin with a slash"},
		{"[a](//example.com/x)", "Begin the address with https"},
		{"[a](javascript:alert)", "taken out"},
		{"[](/help)", "no words"},
		{"[a]()", "not an address"},
		{"[a](https:///x)", "no website"},
		{"[a](/%zz)", "not an address"},
	} {
		got := sites.CheckLinks(c.md, known)
		switch {
		case c.wrong == "" && len(got) > 0:
			t.Errorf("%s: %s", c.md, got[0].Why)
		case c.wrong != "" && (len(got) != 1 || !strings.Contains(got[0].Why, c.wrong)):
			t.Errorf("%s: got %v, want something about %q", c.md, got, c.wrong)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ section, slug, at, wrong string }{
		{sites.Hub, "early-help", "/hubs/early-help", ""},
		{sites.Front, "families", "/families", ""},
		{sites.Front, "puppies", "/puppies", "The front pages are"},
		{sites.About, "about", "/about", ""},
		{sites.About, "history", "/about/history", ""},
		{sites.About, "contact", "/contact", ""},
		{sites.Hub, "contact", "/hubs/contact", "belongs to"},
		{sites.Legal, "privacy", "/privacy", ""},
		{sites.Hub, "Early Help", "/hubs/Early Help", "small letters"},
		{sites.Hub, "a--b", "/hubs/a--b", "small letters"},
		{sites.Hub, "../work", "/hubs/../work", "small letters"},
	} {
		if got := sites.Address(c.section, c.slug); got != c.at {
			t.Errorf("%s %s is at %s, want %s", c.section, c.slug, got, c.at)
		}
		wrong := sites.CheckSlug(c.section, c.slug)
		if (c.wrong == "") != (wrong == "") || !strings.Contains(wrong, c.wrong) {
			t.Errorf("%s %s: %q, want %q", c.section, c.slug, wrong, c.wrong)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"# a\n\n[x](javascript:y)", "<b onclick=x>", "![a](b)", "- a\n  - b\n\n1. c",
		"[x](<java\nscript:a>)", "<a href='&#106;avascript:x'>y</a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, md string) {
		out := strings.ToLower(string(sites.Render(md)))
		for _, bad := range []string{"<script", "<img", "<iframe", "<style", `href="javascript:`, "<h1"} {
			if strings.Contains(out, bad) {
				t.Errorf("%q gives %q", md, out)
			}
		}
		sites.CheckLinks(md, func(string) bool { return false })
	})
}
