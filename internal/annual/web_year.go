package annual

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// shownHistory is how many acts on a report its page shows.
const shownHistory = 20

type yearPage struct {
	ui.Base
	Report       Report
	Chapters     chapterTable
	Sections     chapterTable
	Removed      []Chapter
	Tiles        int
	Publications []publication
	Holds        []hold // what keeps it from being published
	Warnings     int
	Written      int // chapters with something in them
	MayEdit      bool
	MayPublish   bool
	Publishers   string // who may publish, for those who may not
	Public       publish.State
	Unchecked    bool // the figures could not be computed
	Agreement    agreementBox
	// Contributions are what agencies were asked for, for those who write the report.
	Contributions []Contribution
	Today         period.Date
	CameBack      mail.Back          // from the addresses of those who are asked for something
	Overdue       string             // how many chapters are; "" for none
	History       []audittrail.Entry // for those who write or publish the report
}

// OnSite reports whether the public can see the report, or might.
func (p yearPage) OnSite() bool {
	return p.Report.State == Published || p.Public.Shown > 0 || !p.Public.Settled
}

// Ready reports whether nothing keeps the report from being published.
func (p yearPage) Ready() bool { return !p.Unchecked && len(p.Holds) == 0 }

// A chapterTable is the chapters of one part.
type chapterTable struct {
	Caption, One string
	Rows         []chapterRow
	MayEdit      bool
	List         ui.List // how the rows are sorted
	CameBack     mail.Back
}

// A chapterRow is a chapter in the list: how far it is, and what is wrong with it.
type chapterRow struct {
	Chapter
	extent
	N                int // its number in its part
	Errors, Warnings int
	Unchecked        bool
	First            *Problem // the first of its errors, or else of its warnings
	MayWrite         bool     // the reader may write it
	Late             bool
}

// State says in two words what was found in a chapter; "" for one without a text.
func (c chapterRow) State() string {
	switch {
	case c.Unchecked:
		return "Not checked"
	case c.Errors > 0:
		return lang.Plural(c.Errors, "error", "errors")
	case c.Empty():
		return ""
	case c.Warnings > 0:
		return "To look at"
	}
	return "No errors"
}

// Tone is the shape and colour of it.
func (c chapterRow) Tone() string {
	switch c.State() {
	case "No errors":
		return "good"
	case "To look at":
		return "watch"
	case "Not checked":
		return "quiet"
	}
	return "bad"
}

// Held says what is to be seen to first, in short, and how much there is besides.
func (c chapterRow) Held() string {
	if c.First == nil {
		return ""
	}
	words := c.First.Text
	if more := c.Errors + c.Warnings - 1; more > 0 {
		words += " And " + lang.Number(more) + " more."
	}
	return words
}

// FirstHref leads to the line of the first problem.
func (c chapterRow) FirstHref() string { return lineHref(chapterHref(c.Chapter), c.First.Line) }

// publishers says who may publish a report, for those who may not.
func publishers() string {
	var titles []string
	for _, role := range access.Roles() {
		if !role.Retired && slices.Contains(role.Permissions, access.ReportPublish) {
			titles = append(titles, strings.ToLower(role.Title))
		}
	}
	return "Publishing is a right of its own: the " + lang.Join(titles) +
		" has it, and whoever else was given it under Settings."
}

func (r *Room) showReport(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	public, err := r.Outbox.State(ctx, kindReport, req.PathValue("year"))
	if err != nil {
		return err
	}
	b, err := r.evaluate(ctx, req.PathValue("year"), false)
	unchecked := err != nil && !public.Asked
	if unchecked { // some figures are in the public store; what is public is told even when it does not answer
		b = &build{}
		b.text, err = read(ctx, r.Work, req.PathValue("year"))
	}
	if err != nil {
		return err
	}
	text := b.text
	p := yearPage{Base: web.Crumbs(web.Base(req, text.report.Title), "Yearly reports", root), Report: text.report,
		Tiles: len(text.tiles), Publishers: publishers(), Public: public, Unchecked: unchecked}
	p.MayEdit, p.MayPublish = web.PersonOf(req).May(access.ReportEdit), web.PersonOf(req).May(access.ReportPublish)
	p.Chapters = chapterTable{Caption: "Chapters of the report", One: "Chapter", MayEdit: p.MayEdit}
	p.Sections = chapterTable{Caption: "Sections of the summary", One: "Section", MayEdit: p.MayEdit}
	today := r.Now.Today()
	p.Overdue = overdueWords(text.chapters, today)
	for _, c := range text.chapters {
		part := &p.Chapters
		if c.Part == PartSummary {
			part = &p.Sections
		}
		row := b.row(c, len(part.Rows)+1, unchecked)
		row.MayWrite, row.Late = chapterRules.May(web.PersonOf(req), access.Change, c.of()), c.Overdue(today)
		part.Rows = append(part.Rows, row)
		p.Warnings += row.Warnings
	}
	for _, c := range p.Chapters.Rows {
		if !c.Empty() {
			p.Written++
		}
	}
	list := ui.ReadList(req.URL.Path, req.URL.Query(), "place", "title", "owner", "due", "stage")
	for _, part := range []*chapterTable{&p.Chapters, &p.Sections} {
		part.List = list
		sortChapters(part.Rows, list)
	}
	if !unchecked {
		p.Holds = b.holds()
	}
	var now reading
	if !unchecked {
		now = b.reading()
	}
	agreement, err := r.agreement(ctx, r.Work, text.report.Year, now)
	if err != nil {
		return err
	}
	if p.Today = today; p.MayEdit {
		if p.Contributions, err = contributions(ctx, r.Work, text.report.Year); err != nil {
			return err
		}
	}
	if p.CameBack, err = r.cameBack(ctx, text.chapters, p.Contributions, agreement); err != nil {
		return err
	}
	p.Agreement = boxOf(web.PersonOf(req), text.report, agreement)
	p.Agreement.CameBack, p.Chapters.CameBack, p.Sections.CameBack = p.CameBack, p.CameBack, p.CameBack
	if p.Publications, err = publications(ctx, r.Work, text.report.Year); err != nil {
		return err
	}
	if p.Removed, err = removed(ctx, r.Work, text.report.Year); err != nil {
		return err
	}
	if p.MayEdit || p.MayPublish {
		if p.History, err = audittrail.Of(ctx, r.Work, subject, text.report.Year); err != nil {
			return err
		}
		p.History = p.History[:min(len(p.History), shownHistory)]
	}
	return web.Render(w, http.StatusOK, r.pages, "year", p)
}

// cameBack says of whom that is asked for something mail came back.
func (r *Room) cameBack(ctx context.Context, owned []Chapter, asked []Contribution, a Agreement) (mail.Back, error) {
	var addresses []string
	for _, c := range owned {
		addresses = append(addresses, c.OwnerEmail)
	}
	for _, c := range asked {
		addresses = append(addresses, c.Email)
	}
	for _, s := range a.Signers {
		addresses = append(addresses, s.Email)
	}
	return mail.ReturnedOf(ctx, r.Work, addresses...)
}

// row is a chapter in the list of a report.
func (b *build) row(c Chapter, n int, unchecked bool) chapterRow {
	row := chapterRow{Chapter: c, N: n, Unchecked: unchecked}
	if unchecked {
		return row
	}
	row.extent = b.extent(c)
	row.Errors, row.Warnings = b.errorsIn(c)
	i := slices.IndexFunc(b.problems, func(p Problem) bool {
		return p.Part == c.Part && p.Chapter == c.Slug && (p.Severity == Error || row.Errors == 0)
	})
	if i >= 0 {
		row.First = &b.problems[i]
	}
	return row
}

// Extent says how much a chapter has in it.
func (c chapterRow) Extent() string {
	return fmt.Sprintf("%s, %s", lang.Plural(c.Words, "word", "words"), lang.Plural(c.Figures, "figure", "figures"))
}
