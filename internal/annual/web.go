package annual

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Routes are the room's pages in the workspace.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/report", Permission: access.ReportRead, Handle: r.showYears},
		{Pattern: "GET /work/report/new", Permission: access.ReportEdit, Handle: r.showBegin},
		{Pattern: "POST /work/report/new", Permission: access.ReportEdit, Handle: r.begin},
		{Pattern: "GET /work/report/{year}", Permission: access.ReportRead, Handle: r.showYear},
		{Pattern: "GET /work/report/{year}/title", Permission: access.ReportEdit, Handle: r.showTitle},
		{Pattern: "POST /work/report/{year}/title", Permission: access.ReportEdit, Handle: r.saveTitle},
		{Pattern: "GET /work/report/{year}/check", Permission: access.ReportRead, Handle: r.showCheck},
		{Pattern: "GET /work/report/{year}/draft/{path...}", Permission: access.ReportRead, Handle: r.showDraft},
		{Pattern: "GET /work/report/{year}/download", Permission: access.ReportRead, Handle: r.download},
		{Pattern: "GET /work/report/{year}/figures", Permission: access.ReportRead, Handle: r.showPicker},
		{Pattern: "GET /work/report/{year}/tiles", Permission: access.ReportEdit, Handle: r.showTiles},
		{Pattern: "POST /work/report/{year}/tiles", Permission: access.ReportEdit, Handle: r.postTiles},
		{Pattern: "GET /work/report/{year}/publish", Permission: access.ReportPublish, Handle: r.showPublish},
		{Pattern: "POST /work/report/{year}/publish", Permission: access.ReportPublish, Handle: r.publish},
		{Pattern: "GET /work/report/{year}/withdraw", Permission: access.ReportPublish, Handle: r.showWithdraw},
		{Pattern: "POST /work/report/{year}/withdraw", Permission: access.ReportPublish, Handle: r.withdraw},
		{Pattern: "GET /work/report/{year}/chapters/new", Permission: access.ReportEdit, Handle: r.showAdd},
		{Pattern: "POST /work/report/{year}/chapters/new", Permission: access.ReportEdit, Handle: r.add},
		{Pattern: "GET /work/report/{year}/chapters/{id}", Permission: access.ReportEdit, Handle: r.showEditor},
		{Pattern: "POST /work/report/{year}/chapters/{id}", Permission: access.ReportEdit, Handle: r.edit},
		{Pattern: "POST /work/report/{year}/chapters/{id}/move", Permission: access.ReportEdit, Handle: r.move},
		{Pattern: "GET /work/report/{year}/chapters/{id}/remove", Permission: access.ReportEdit, Handle: r.showRemove},
		{Pattern: "POST /work/report/{year}/chapters/{id}/remove", Permission: access.ReportEdit, Handle: r.remove},
		{Pattern: "POST /work/report/{year}/chapters/{id}/put-back", Permission: access.ReportEdit, Handle: r.putBack},
		{Pattern: "GET /work/report/{year}/chapters/{id}/versions", Permission: access.ReportEdit, Handle: r.showVersions},
		{Pattern: "GET /work/report/{year}/chapters/{id}/versions/{version}", Permission: access.ReportEdit, Handle: r.showVersion},
		{Pattern: "POST /work/report/{year}/chapters/{id}/versions/{version}", Permission: access.ReportEdit, Handle: r.restore},
	}
}

// Todos are what needs a person on their Home page.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.ReportEdit) {
		return nil, nil
	}
	all, err := reports(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("report to-dos: %w", err)
	}
	unsettled, err := r.Outbox.Unsettled(ctx, kindReport)
	if err != nil {
		return nil, fmt.Errorf("report to-dos: %w", err)
	}
	var out []web.Todo
	for _, rep := range all {
		href := "/work/report/" + rep.Year
		switch s := unsettled[rep.Year]; {
		case s.StillPublic() && s.Tries > 0:
			out = append(out, web.Todo{Title: rep.Title + " is still public and should not be", Words: s.Words() + ". " + s.Tried(), Href: href, Act: "See what to do", Late: true})
		case s.Waiting() && s.Tries > 0:
			out = append(out, web.Todo{Title: rep.Title + " could not be published", Words: s.Words() + ". " + s.Tried(), Href: href, Act: "See what to do", Late: true})
		case rep.State == Draft:
			out = append(out, web.Todo{Title: rep.Title, Words: "The report is a draft.", Href: href, Act: "Go on with it"})
		case rep.ChangedSince():
			out = append(out, web.Todo{Title: rep.Title, Words: "The text has changed since the report was published.", Href: href, Act: "Look at it"})
		}
	}
	return out, nil
}

// stateTag is how a report's state is shown.
func (r Report) stateTag() (tone, words string) {
	switch {
	case r.State == Draft:
		return "quiet", "Draft"
	case r.State == Withdrawn:
		return "bad", "Withdrawn"
	case r.ChangedSince():
		return "watch", "Published, changed since"
	}
	return "good", "Published"
}

// Tone is the tone of the report's state.
func (r Report) Tone() string { t, _ := r.stateTag(); return t }

// StateWords are the words of the report's state.
func (r Report) StateWords() string { _, w := r.stateTag(); return w }

type yearsPage struct {
	ui.Base
	List    ui.List
	Reports []Report
	States  []ui.Choice
	MayEdit bool
}

var stateChoices = ui.Choices(Draft, "Draft", Published, "Published", Withdrawn, "Withdrawn")

func (r *Room) showYears(w http.ResponseWriter, req *http.Request) error {
	all, err := reports(req.Context(), r.Work)
	if err != nil {
		return err
	}
	list := ui.ReadList(req.URL.Path, req.URL.Query(), "-year", "title", "state")
	list.One, list.Many = "report", "reports"
	all = slices.DeleteFunc(all, func(x Report) bool {
		q, state := db.Fold(list.Value("q")), list.Value("state")
		return q != "" && !strings.Contains(db.Fold(x.Title+" "+x.Year), q) || state != "" && x.State != state
	})
	sortReports(all, list)
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, x := range all {
			rows = append(rows, []string{x.Year, x.Title, x.StateWords(), fmt.Sprint(x.Version), lang.Date(x.PublishedAt)})
		}
		return web.CSV(w, "reports.csv", []string{"Year", "Title", "State", "Version", "Published"}, rows)
	}
	list.Total = len(all)
	all = all[min(list.Offset(), len(all)):]
	page := yearsPage{Base: web.Base(req, "Yearly reports"), List: list, Reports: all[:min(list.Size, len(all))], States: stateChoices, MayEdit: web.PersonOf(req).May(access.ReportEdit)}
	return web.Render(w, http.StatusOK, r.pages, "years", page)
}

type beginPage struct {
	ui.Base
	Form *web.Form
}

func (r *Room) showBegin(w http.ResponseWriter, req *http.Request) error {
	year := period.YearOf(r.Now.Today()) - 1
	form := web.NewForm("year", year.String(), "title", "Yearly report "+year.String())
	return r.renderBegin(w, req, http.StatusOK, form)
}

func (r *Room) renderBegin(w http.ResponseWriter, req *http.Request, status int, form *web.Form) error {
	page := beginPage{web.Crumbs(web.Base(req, "Begin a report"), "Yearly reports", "/work/report"), form}
	return web.Render(w, status, r.pages, "begin", page)
}

func (r *Room) begin(w http.ResponseWriter, req *http.Request) error {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	in := readBegin(form)
	if form.OK() {
		err := r.AddReport(req.Context(), web.PersonOf(req), in.Year, in.Title, in.Lead)
		if err == nil && form.Yes("outline") {
			err = r.addOutline(req.Context(), web.PersonOf(req), in.Year.String())
		}
		if err == nil {
			return web.SeeOther(w, req, "/work/report/"+in.Year.String(), "The report for "+in.Year.String()+" has been begun.")
		}
		if !errors.Is(err, ErrExists) {
			return err
		}
		form.Add("year", "There is already a report for "+in.Year.String())
	}
	return r.renderBegin(w, req, http.StatusUnprocessableEntity, form)
}

// outline is the chapters that the guidance and most reports have.
var outline = []string{"Introduction", "Journey of the child", "Early help", "Reviews", "Audits", "Training", "Priorities", "Structure and membership", "Scrutiny", "Communication"}

func (r *Room) addOutline(ctx context.Context, by web.Person, year string) error {
	for _, title := range outline {
		if _, err := r.AddChapter(ctx, by, year, PartReport, title, ""); err != nil {
			return err
		}
	}
	return nil
}

type yearPage struct {
	ui.Base
	Report       Report
	Chapters     []chapterRow
	Sections     []chapterRow
	Removed      []Chapter
	Tiles        int
	Publications []publication
	Errors       int
	Warnings     int
	MayEdit      bool
	MayPublish   bool
	Public       publish.State
	Unchecked    bool // the figures could not be computed
}

// OnSite reports whether the public can see the report, or might.
func (p yearPage) OnSite() bool {
	return p.Report.State == Published || p.Public.Shown > 0 || !p.Public.Settled
}

// A chapterRow is a chapter in the list, with what is wrong with it.
type chapterRow struct {
	Chapter
	Errors, Warnings int
	First, Last      bool
}

func (r *Room) showYear(w http.ResponseWriter, req *http.Request) error {
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
	p := yearPage{Base: web.Crumbs(web.Base(req, text.report.Title), "Yearly reports", "/work/report"), Report: text.report, Tiles: len(text.tiles)}
	p.MayEdit, p.MayPublish = web.PersonOf(req).May(access.ReportEdit), web.PersonOf(req).May(access.ReportPublish)
	for _, c := range text.chapters {
		row := chapterRow{Chapter: c}
		for _, x := range b.problems {
			if x.Part == c.Part && x.Chapter == c.Slug {
				row.count(x)
			}
		}
		p.Errors, p.Warnings = p.Errors+row.Errors, p.Warnings+row.Warnings
		if c.Part == PartReport {
			p.Chapters = append(p.Chapters, row)
			continue
		}
		p.Sections = append(p.Sections, row)
	}
	for _, rows := range [][]chapterRow{p.Chapters, p.Sections} {
		if len(rows) > 0 {
			rows[0].First, rows[len(rows)-1].Last = true, true
		}
	}
	if p.Publications, err = publications(ctx, r.Work, text.report.Year); err != nil {
		return err
	}
	p.Public, p.Unchecked = public, unchecked
	if p.Removed, err = removed(ctx, r.Work, text.report.Year); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "year", p)
}

func (c *chapterRow) count(p Problem) {
	if p.Severity == Error {
		c.Errors++
		return
	}
	c.Warnings++
}

// yearBase is the frame of a page below a year.
func (r *Room) yearBase(req *http.Request, rep Report, title string) ui.Base {
	return web.Crumbs(web.Base(req, title), "Yearly reports", "/work/report", rep.Year, "/work/report/"+rep.Year)
}

// asked finds the report that an address names.
func (r *Room) asked(req *http.Request) (Report, error) {
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return Report{}, err
	}
	return report(req.Context(), r.Work, year.String())
}

type titlePage struct {
	ui.Base
	Report Report
	Form   *web.Form
}

func (r *Room) showTitle(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form := web.NewForm("title", rep.Title, "lead", rep.Lead)
	return web.Render(w, http.StatusOK, r.pages, "title", titlePage{r.yearBase(req, rep, "Title of the report"), rep, form})
}

func (r *Room) saveTitle(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	title, lead := readTitle(form)
	if !form.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "title", titlePage{r.yearBase(req, rep, "Title of the report"), rep, form})
	}
	if err := r.RenameReport(req.Context(), web.PersonOf(req), rep.Year, title, lead); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The title has been saved.")
}

type checkPage struct {
	ui.Base
	Report   Report
	Problems []problemRow
	Errors   int
	Figures  []figureRow
}

// A problemRow is a problem with the way to its line.
type problemRow struct {
	Problem
	Href string
}

func (r *Room) showCheck(w http.ResponseWriter, req *http.Request) error {
	b, err := r.evaluate(req.Context(), req.PathValue("year"), false)
	if err != nil {
		return err
	}
	text := b.text
	p := checkPage{Base: r.yearBase(req, text.report, "Check the whole report"), Report: text.report, Figures: b.figuresPage().Figures}
	for _, x := range b.problems {
		row := problemRow{Problem: x}
		if i := slices.IndexFunc(text.chapters, func(c Chapter) bool { return c.Part == x.Part && c.Slug == x.Chapter }); i >= 0 {
			row.Href = "/work/report/" + text.report.Year + "/chapters/" + text.chapters[i].ID
		}
		if x.Severity == Error {
			p.Errors++
		}
		p.Problems = append(p.Problems, row)
	}
	return web.Render(w, http.StatusOK, r.pages, "check", p)
}

// download answers with the built report as one file.
func (r *Room) download(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	b, err := r.Build(req.Context(), rep.Year)
	if err != nil {
		return err
	}
	if Failing(b.Problems) {
		return web.Conflict("The report cannot be built yet", "Mend what Check the whole report lists as errors first.")
	}
	if b, err = r.Folder(b); err != nil {
		return err
	}
	body, err := Zip(b)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="report-%s.zip"`, rep.Year))
	_, err = w.Write(body)
	return err
}

// Zip puts the files of a built report into one, the same to the byte each time.
func Zip(b Built) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range b.Files {
		// Without a time of its own, a file has the oldest that the format knows.
		w, err := z.CreateHeader(&zip.FileHeader{Name: "report-" + b.Year + "/" + f.Path, Method: zip.Deflate})
		if err != nil {
			return nil, fmt.Errorf("zip %s: %w", f.Path, err)
		}
		if _, err := w.Write(f.Body); err != nil {
			return nil, fmt.Errorf("zip %s: %w", f.Path, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("zip report %s: %w", b.Year, err)
	}
	return out.Bytes(), nil
}
