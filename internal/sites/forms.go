package sites

import (
	"net/http"
	"strings"

	"kith/internal/kit/web"
	"kith/internal/register"
)

const (
	maxTitle    = 120
	maxSummary  = 200
	maxMarkdown = 60_000
)

// readWords reads the words of a page from its form. What the form does not show stays as
// it was.
func readWords(f *web.Form, was Words) Words {
	w := Words{
		Title:    oneLine(f.Text("title", "Enter the page's title", maxTitle)),
		Summary:  oneLine(f.Text("summary", "Enter a summary: the sentence people see in lists", maxSummary)),
		Markdown: f.Text("markdown", "Write what the page says", maxMarkdown),
		Quiet:    f.Yes("quiet"),
		Leaving:  was.Leaving,
	}
	if f.Value("leaving") != "" {
		w.Leaving = f.OneOf("leaving", "Choose when the page can be left quickly", ByPlace, Always, Never)
	}
	for _, s := range was.Shelves {
		if choiceText(Shelves(), s) == s { // a shelf that the form does not offer
			w.Shelves = append(w.Shelves, s)
		}
	}
	for _, s := range f.Values("shelves") {
		if choiceText(Shelves(), s) != s {
			w.Shelves = append(w.Shelves, s)
		}
	}
	return w
}

// readPage reads a page's form; was is the page as it is, whose owner may stay even
// if they have left.
func (r *Room) readPage(req *http.Request, f *web.Form, was Page) (PageDraft, error) {
	d := PageDraft{Slug: was.Slug, Words: readWords(f, was.Words), Note: f.Text("note", "", maxSummary),
		ReviewOn: f.Date("review_on", "")}
	owner, err := register.PickPerson(req.Context(), r.Work, web.PersonOf(req), f, "owner", "", was.OwnerID)
	d.OwnerID = owner.ID
	return d, err
}

// readNewPage reads the form of a new page, which says where the page belongs.
func (r *Room) readNewPage(req *http.Request, f *web.Form) (PageDraft, error) {
	d, err := r.readPage(req, f, Page{})
	d.Section = f.OneOf("section", "Choose where the page belongs", Hub, Front, About, Help, Legal)
	d.Slug = strings.ToLower(f.Text("slug", "Enter the last part of the page's address", 80))
	if d.Section != "" && d.Slug != "" {
		if wrong := CheckSlug(d.Section, d.Slug); wrong != "" {
			f.Add("slug", wrong)
		}
	}
	return d, err
}

// fillPage fills the form with a page as it is.
func fillPage(p Page) *web.Form {
	pairs := []string{"title", p.Title, "summary", p.Summary, "markdown", p.Markdown}
	for _, s := range p.Shelves {
		pairs = append(pairs, "shelves", s)
	}
	if p.Quiet {
		pairs = append(pairs, "quiet", "yes")
	}
	pairs = append(pairs, "leaving", p.leaving())
	f := web.NewForm(pairs...)
	f.Choose("owner", p.OwnerID, register.PersonWords(p.Owner, p.OwnerEmail))
	f.SetDate("review_on", p.ReviewOn)
	return f
}

// fillFrame is the form that publishes a profile: it has no fields, and says what
// was seen.
func fillFrame(profile string) *web.Form { return web.NewForm("profile", profile) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
