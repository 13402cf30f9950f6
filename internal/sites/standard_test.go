package sites

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/db"
)

// known is a profile of which everything is entered.
func known() Profile {
	day := db.Date{Year: 2024, Month: 5, Day: 1}
	return Profile{Name: "Anyshire Partnership", Site: "https://www.anyshire.example", Post: "1 High Street\nAnytown",
		Facts: Facts{Email: "office@anyshire.example", Telephone: "01632 960 001", Hours: "by day", Reply: "within 5 days",
			Controller: "Anyshire Council", Officer: "dpo@anyshire.example", Hosting: "Logs are kept for a week.",
			Compliance: "part", NotAccessible: []string{"Old <reports>", "Maps"}, PreparedOn: day, TestedOn: day,
			TestedBy: "us"}}
}

var inBraces = regexp.MustCompile(`\{[^}]*\}`)

// TestStandardPages: the pages that the law asks for have no gap, whatever is known, and every
// field in them is one that is known of.
func TestStandardPages(t *testing.T) {
	t.Parallel()
	noName := known()
	noName.Facts.Email, noName.Facts.Compliance, noName.Facts.NotAccessible = "", "full", nil
	for _, slug := range standardSlugs {
		d, ok := Standard(slug)
		if !ok || d.Title == "" || d.Summary == "" {
			t.Fatalf("%s: %+v", slug, d)
		}
		for what, p := range map[string]Profile{"nothing": {}, "everything": known(), "some": noName} {
			body := fill(string(Render(d.Markdown)), p)
			if gap := inBraces.FindString(body); gap != "" {
				t.Errorf("%s with %s known shows %s", slug, what, gap)
			}
			if regexp.MustCompile(`<h\d>[^<]*</h\d>\s*($|<h2)|<ul>\s*</ul>|:</p>\s*<[^u]`).MatchString(body) {
				t.Errorf("%s with %s known has a heading, a list or a sentence with nothing after it:\n%s", slug, what, body)
			}
			if what == "everything" {
				if lack := missing(d.Markdown, p); len(lack) > 0 {
					t.Errorf("%s lacks %v", slug, lack)
				}
			} else if what == "nothing" && len(missing(d.Markdown, p)) == 0 {
				t.Errorf("%s lacks nothing, with nothing known", slug)
			}
		}
	}
	for slug, want := range map[string][]string{
		"privacy": {"Anyshire Council decides", "Logs are kept for a week.", `<a href="mailto:dpo@anyshire.example">`},
		"accessibility": {"partially compliant", "<li>Old &lt;reports&gt;</li><li>Maps</li>", "prepared on 1 May 2024",
			`applies to <a href="https://www.anyshire.example">`, "(No. 2) Accessibility Regulations 2018"},
		"contact": {`<a href="tel:01632960001">01632 960 001</a>`, "1 High Street, Anytown", "We reply within 5 days."},
	} {
		d, _ := Standard(slug)
		body := fill(string(Render(d.Markdown)), known())
		for _, x := range want {
			if !strings.Contains(body, x) {
				t.Errorf("%s does not say %q:\n%s", slug, x, body)
			}
		}
	}
	if got := fill("<p>{not ours} and {name}</p>", known()); got != "<p>{not ours} and Anyshire Partnership</p>" {
		t.Errorf("other braces: %s", got)
	}
}

// TestPrivacyNamesEveryCookie reads which cookies the program sets from its source: the
// standard privacy page names each.
func TestPrivacyNamesEveryCookie(t *testing.T) {
	t.Parallel()
	d, _ := Standard("privacy")
	cookie := regexp.MustCompile(`"(kith_[a-z]+)"`)
	found := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.Contains(path, "testdata") {
			return err
		}
		text, err := os.ReadFile("../" + path)
		for _, m := range cookie.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(string(text), "ookie") {
				found++
				if !strings.Contains(d.Markdown, m[1]) {
					t.Errorf("%s sets %s, of which the privacy page does not speak", path, m[1])
				}
			}
		}
		return err
	})
	if err != nil || found < 6 {
		t.Errorf("%d cookies found: %v", found, err)
	}
}
