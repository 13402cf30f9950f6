package annual

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// The longest a title, and a sentence under it, may be.
const (
	maxTitle = 120
	maxLead  = 300
	maxTiles = 60
)

type beginForm struct {
	Year        period.Year
	Title, Lead string
}

func readBegin(f *web.Form) beginForm {
	var in beginForm
	text := f.Text("year", "Enter the financial year, such as 2023-24", 9)
	if text != "" {
		year, err := period.ParseYear(text)
		if err != nil {
			f.Add("year", "Enter a financial year, such as 2023-24")
		}
		in.Year = year
	}
	in.Title, in.Lead = readTitle(f)
	return in
}

func readTitle(f *web.Form) (title, lead string) {
	return f.Text("title", "Enter the report's title", maxTitle), f.Text("lead", "", maxLead)
}

type chapterForm struct{ Part, Title string }

func readChapter(f *web.Form) chapterForm {
	in := chapterForm{
		Title: f.Text("title", "Enter the chapter's title", maxTitle),
		Part:  f.OneOf("part", "Choose where it belongs", PartReport, PartSummary),
	}
	if in.Title != "" && Slug(in.Title) == "" {
		f.Add("title", "Use letters in the chapter's title")
	}
	return in
}

// readText reads the form of a chapter.
func readText(f *web.Form) (title, markdown string) {
	title, markdown = f.Text("title", "Enter the chapter's title", maxTitle), clean(f.Value("markdown"))
	switch {
	case len(markdown) > MaxMarkdown:
		f.Add("markdown", fmt.Sprintf("Make it two chapters: a text can be %d thousand characters long", MaxMarkdown/1000))
	case strings.Contains(f.Value("markdown"), "\x00") || strings.ToValidUTF8(markdown, "") != markdown:
		f.Add("markdown", "The text has characters that cannot be kept; type them again")
	}
	return title, markdown
}

func fillReport(rep Report) *web.Form { return web.NewForm("title", rep.Title, "lead", rep.Lead) }

func fillChapter(c Chapter) *web.Form { return web.NewForm("title", c.Title, "markdown", c.Markdown) }

func fillTiles(list []Tile) *web.Form { return web.NewForm("tiles", writeTiles(list)) }

// beginning stands for the beginning of a part, where a chapter can be moved to.
const beginning = "first"

// fillMove is the form that moves a chapter, of the chapters of its part in order: it says
// behind which the chapter stands.
func fillMove(c Chapter, part []Chapter) *web.Form {
	behind, order := beginning, make([]string, len(part))
	for i, x := range part {
		order[i] = x.ID
		if x.ID == c.ID && i > 0 {
			behind = part[i-1].ID
		}
	}
	return web.NewForm("after", behind, "order", strings.Join(order, " "))
}

// fillPublish is the form that publishes a report: it says which texts were seen, which version
// was the last, and who had not agreed; why it is published all the same is asked for.
func fillPublish(rep Report, last int64, missing []string) *web.Form {
	return web.NewForm("changed", rep.ChangedAt.UTC().Format(time.RFC3339Nano), "last", fmt.Sprint(last),
		"not_agreed", strings.Join(missing, "; "))
}

// readProposal reads whom to ask for each partner, by when, with which words.
func (r *Room) readProposal(ctx context.Context, by web.Person, f *web.Form,
	partners []register.Organisation) (proposal, error) {
	var p proposal
	for i, o := range partners {
		who, err := register.PickPerson(ctx, r.Work, by, f, signerField(i), "Choose who agrees the report for "+o.Name, "")
		if err != nil {
			return p, err
		}
		if who.ID != "" {
			p.Signers = append(p.Signers, Signer{PersonID: who.ID, OrganisationID: o.ID, Name: who.Name})
		}
	}
	also, err := register.PickPerson(ctx, r.Work, by, f, alsoField, "", "")
	if err != nil {
		return p, err
	}
	if also.ID != "" {
		sign, err := r.signing(ctx, partners)
		if err != nil {
			return p, err
		}
		n := len(p.Signers)
		for i, o := range partners {
			same := func(s Signer) bool { return s.PersonID == also.ID && s.OrganisationID == o.ID }
			if among(sign[i], also.ID) >= 0 && !slices.ContainsFunc(p.Signers, same) {
				p.Signers = append(p.Signers, Signer{PersonID: also.ID, OrganisationID: o.ID, Name: also.Name})
			}
		}
		if len(p.Signers) == n {
			f.Add(alsoField, also.Name+" signs for none of the partners, or is chosen above already")
		}
	}
	p.DueOn = f.Date("due", "Enter the day by which you want their answers")
	p.Words = f.Text("words", "", maxWordsAsked)
	return p, nil
}

// alsoField names the field for somebody more who signs.
const alsoField = "also"

// maxWordsAsked is the longest that what is said to somebody who is asked may be.
const maxWordsAsked = 3000

// readTiles reads one tile a line, "title | address".
func readTiles(f *web.Form) []Tile {
	var out []Tile
	for i, line := range strings.Split(f.Text("tiles", "", 20_000), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		title, href, ok := strings.Cut(line, "|")
		t := Tile{strings.TrimSpace(title), strings.TrimSpace(href)}
		switch {
		case !ok || t.Title == "" || t.Href == "":
			f.Add("tiles", fmt.Sprintf("Line %d: write the title, then | and the address", i+1))
		case !safeHref(t.Href):
			f.Add("tiles", fmt.Sprintf("Line %d: the address must begin with / or https://", i+1))
		case len(t.Title) > maxTitle:
			f.Add("tiles", fmt.Sprintf("Line %d: use a shorter title", i+1))
		}
		out = append(out, t)
	}
	if len(out) > maxTiles {
		f.Add("tiles", fmt.Sprintf("Use %d tiles or fewer", maxTiles))
	}
	return out
}

// safeHref admits an address of the public site, or of another over https.
func safeHref(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, "\\\r\n\t") {
		return false
	}
	if u.Scheme == "" {
		return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//")
	}
	return u.Scheme == "https" && u.Host != ""
}

// writeTiles writes tiles as readTiles reads them.
func writeTiles(list []Tile) string {
	var b strings.Builder
	for _, t := range list {
		fmt.Fprintf(&b, "%s | %s\n", t.Title, t.Href)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func sortReports(all []Report, list ui.List) {
	slices.SortStableFunc(all, func(a, b Report) int {
		c := 0
		switch list.Sort {
		case "title":
			c = strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
		case "state":
			c = strings.Compare(a.State, b.State)
		}
		c = cmp.Or(c, strings.Compare(a.Year, b.Year))
		if list.Desc {
			return -c
		}
		return c
	})
}
