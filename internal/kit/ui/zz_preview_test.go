package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestZZPreview(t *testing.T) {
	dir := os.Getenv("UIPREV")
	if dir == "" {
		return
	}
	for _, n := range Assets().Names() {
		b, _ := Assets().Read(n)
		for _, p := range []string{"/assets/" + n, Assets().Path(n)} {
			f := filepath.Join(dir, p)
			os.MkdirAll(filepath.Dir(f), 0o755)
			os.WriteFile(f, b, 0o644)
		}
	}
	set, err := NewSet(os.DirFS("/tmp/uisrc"))
	if err != nil {
		t.Fatal(err)
	}
	nav := func(current string, names ...string) (out []NavItem) {
		for _, n := range names {
			out = append(out, NavItem{Text: n, Href: "#", Current: n == current})
		}
		return
	}
	worried := &Worried{Href: "#", Emergency: "999", Name: "Tidewell front door", DayPhone: "01632 960 100", Note: "day and night"}
	pub := Base{SiteName: "Tidewell Safeguarding Children Partnership", Layout: LayoutPublic, Demo: true, Worried: worried,
		Nav:    nav("Home", "Home", "For families", "For professionals", "Training", "Learning", "Yearly report", "About us"),
		Footer: []NavItem{{Text: "Accessibility", Href: "#"}, {Text: "Privacy: no cookies, nobody tracked", Href: "#"}, {Text: "Contact", Href: "#"}}}
	work := Base{SiteName: "Tidewell", Layout: LayoutWork, Demo: true, Person: &Who{Name: "Rowan Example", Role: "Business manager", SignOutHref: "/out"},
		Nav: nav("Home", "Home", "Performance", "Training", "Audits", "Reviews", "Plan", "Sites", "Directory", "Report", "People", "Settings")}
	type page struct {
		Base
		List               List
		Form               Form
		Rows               []Row
		Chart, Line, Picto Chart
	}
	chartA := BarChart{ID: "cla", Title: "Children looked after on 31 March", Labels: []string{"2022", "2023", "2024"}, Series: []Series{{Name: "Children", Values: Numbers(822, 801, 777)}}, Highlight: "2024", Horizontal: true}
	line := LineChart{ID: "line", Title: "Contacts by quarter", Labels: []string{"Q1", "Q2", "Q3", "Q4"}, Series: []Series{{Name: "Police", Values: Numbers(1200, 1350, 1190, 1500)}, {Name: "Schools", Values: Numbers(900, 700, 1100, 1150)}, {Name: "Health", Values: []float64{400, Gap(), 620, 600}}}}
	picto := Pictogram{ID: "hundred", Title: "If Tidewell had 100 children", Groups: []PictogramGroup{{Name: "live in the most deprived tenth of neighbourhoods", Count: 26}}}
	for _, b := range []Base{work, pub, {SiteName: "Tidewell", Demo: true}} {
		f, _ := os.Create(filepath.Join(dir, "guide"+b.Layout+".html"))
		b.Path = "/style-guide"
		b.Flash = &Flash{Kind: FlashDone, Text: "The session was saved.", Href: "#", LinkText: "See it"}
		b.Crumbs = []NavItem{{Text: "Home", Href: "#"}, {Text: "Style guide"}}
		if err := StyleGuide(f, b); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	for _, n := range set.Names() {
		p := page{Base: pub, Chart: chartA, Line: line, Picto: picto}
		if strings.HasPrefix(n, "work") {
			p.Base = work
			p.List = ReadList("/x", nil, "title", "booked")
			p.List.Total = 112
		}
		if n == "index" {
			p.FullWidth = true
			p.SiteClass = os.Getenv("SITE")
		}
		p.Title = n
		f, _ := os.Create(filepath.Join(dir, n+".html"))
		if err := set.Render(f, n, p); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
