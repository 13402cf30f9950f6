package sites

import (
	"strconv"
	"strings"

	"kith/internal/kit/web"
)

const (
	maxTitle    = 120
	maxSummary  = 200
	maxMarkdown = 60_000
)

// readWords reads the words of a page from its form.
func readWords(f *web.Form) Words {
	w := Words{
		Title:    oneLine(f.Text("title", "Enter the page's title", maxTitle)),
		Summary:  oneLine(f.Text("summary", "Enter a summary: the sentence people see in lists", maxSummary)),
		Markdown: f.Text("markdown", "Write what the page says", maxMarkdown),
		Quiet:    f.Yes("quiet"),
	}
	for _, s := range f.Values("shelves") {
		if choiceText(Shelves(), s) != s {
			w.Shelves = append(w.Shelves, s)
		}
	}
	return w
}

// readDraft reads a page's form; slug and section are read only for a new page.
func readDraft(f *web.Form, owners []owner) PageDraft {
	d := PageDraft{Words: readWords(f), Note: f.Text("note", "", maxSummary)}
	d.OwnerID = f.OneOf("owner", "", ownerIDs(owners)...)
	d.ReviewOn = f.Date("review_on", "")
	return d
}

// readNew reads the form of a new page.
func readNew(f *web.Form, owners []owner) PageDraft {
	d := readDraft(f, owners)
	d.Section = f.OneOf("section", "Choose where the page belongs", Hub, Front, About, Help, Legal)
	d.Slug = strings.ToLower(f.Text("slug", "Enter the last part of the page's address", 80))
	if d.Section != "" && d.Slug != "" {
		if wrong := CheckSlug(d.Section, d.Slug); wrong != "" {
			f.Add("slug", wrong)
		}
	}
	return d
}

// readVersion reads which version of a page a form was opened at.
func readVersion(f *web.Form) (int64, error) {
	n, err := strconv.ParseInt(f.Value("version"), 10, 64)
	if err != nil || n < 1 {
		return 0, web.BadRequest("The form does not say which version of the page it is about. Open the page again.")
	}
	return n, nil
}

// formOf fills a form with a page as it is.
func formOf(p Page) *web.Form {
	pairs := []string{
		"title", p.Title, "summary", p.Summary, "markdown", p.Markdown, "owner", p.OwnerID,
		"version", strconv.FormatInt(p.Version, 10), "slug", p.Slug, "section", p.Section,
	}
	for _, s := range p.Shelves {
		pairs = append(pairs, "shelves", s)
	}
	if p.Quiet {
		pairs = append(pairs, "quiet", "yes")
	}
	f := web.NewForm(pairs...)
	f.SetDate("review_on", p.ReviewOn)
	return f
}

func ownerIDs(owners []owner) []string {
	out := make([]string, len(owners))
	for i, o := range owners {
		out[i] = o.ID
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
