package annual

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const root = "/work/report"

func href(year string) string { return root + "/" + year }

// Routes are the room's pages in the workspace.
func (r *Room) Routes() []web.Route {
	return slices.Concat(r.agreementRoutes(), r.givenRoutes(), r.contributionRoutes(), []web.Route{
		{Pattern: "GET /work/report", Permission: access.ReportRead, Handle: r.listReports},
		{Pattern: "GET /work/report/new", Permission: access.ReportEdit, Handle: r.newReport},
		{Pattern: "POST /work/report/new", Permission: access.ReportEdit, Handle: r.addReport},
		{Pattern: "GET /work/report/{year}", Permission: access.ReportRead, Handle: r.showReport},
		{Pattern: "GET /work/report/{year}/edit", Permission: access.ReportEdit, Handle: r.editReport},
		{Pattern: "POST /work/report/{year}/edit", Permission: access.ReportEdit, Handle: r.saveReport},
		{Pattern: "GET /work/report/{year}/check", Permission: access.ReportRead, Handle: r.showCheck},
		{Pattern: "GET /work/report/{year}/hidden", Permission: access.ReportRead, Handle: r.showHidden},
		{Pattern: "GET /work/report/{year}/draft/{path...}", Permission: access.ReportRead, Handle: r.showDraft},
		{Pattern: "GET /work/report/{year}/download", Permission: access.ReportRead, Handle: r.downloadReport},
		{Pattern: "GET /work/report/{year}/figures", Permission: access.ReportRead, Handle: r.findFigures},
		{Pattern: "GET /work/report/{year}/tiles/edit", Permission: access.ReportEdit, Handle: r.editTiles},
		{Pattern: "POST /work/report/{year}/tiles/edit", Permission: access.ReportEdit, Handle: r.saveTiles},
		{Pattern: "GET /work/report/{year}/publish", Permission: access.ReportPublish, Handle: r.confirmPublishReport},
		{Pattern: "POST /work/report/{year}/publish", Permission: access.ReportPublish, Handle: r.publishReport,
			Confirm: web.Always},
		{Pattern: "GET /work/report/{year}/withdraw", Permission: access.ReportPublish, Handle: r.confirmWithdrawReport},
		{Pattern: "POST /work/report/{year}/withdraw", Permission: access.ReportPublish, Handle: r.withdrawReport,
			Confirm: web.Always},
		{Pattern: "GET /work/report/{year}/chapters/new", Permission: access.ReportEdit, Handle: r.newChapter},
		{Pattern: "POST /work/report/{year}/chapters/new", Permission: access.ReportEdit, Handle: r.addChapter},
		{Pattern: "GET /work/report/{year}/chapters/{id}/edit", Permission: access.ReportRead, Handle: r.editChapter},
		{Pattern: "POST /work/report/{year}/chapters/{id}/edit", Permission: access.ReportRead, Handle: r.saveChapter},
		{Pattern: "GET /work/report/{year}/chapters/{id}/move", Permission: access.ReportEdit, Handle: r.confirmMoveChapter},
		{Pattern: "POST /work/report/{year}/chapters/{id}/move", Permission: access.ReportEdit, Handle: r.moveChapter},
		{Pattern: "GET /work/report/{year}/chapters/{id}/remove", Permission: access.ReportEdit,
			Handle: r.confirmRemoveChapter},
		{Pattern: "POST /work/report/{year}/chapters/{id}/remove", Permission: access.ReportEdit, Handle: r.removeChapter},
		{Pattern: "POST /work/report/{year}/chapters/{id}/put-back", Permission: access.ReportEdit, Handle: r.putBackChapter},
		{Pattern: "GET /work/report/{year}/chapters/{id}/versions", Permission: access.ReportRead, Handle: r.listVersions},
		{Pattern: "GET /work/report/{year}/chapters/{id}/versions/{version}", Permission: access.ReportRead,
			Handle: r.showVersion},
		{Pattern: "POST /work/report/{year}/chapters/{id}/versions/{version}/restore", Permission: access.ReportRead,
			Handle: r.restoreVersion, Adds: true},
	})
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

func (r *Room) listReports(w http.ResponseWriter, req *http.Request) error {
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
	if list.Exporting("csv") {
		var rows [][]string
		for _, x := range all {
			rows = append(rows, []string{x.Year, x.Title, x.StateWords(), fmt.Sprint(x.Version), lang.Date(x.PublishedAt)})
		}
		return web.CSV(w, "reports.csv", []string{"Year", "Title", "State", "Version", "Published"}, rows)
	}
	list.Total = len(all)
	all = all[min(list.Offset(), len(all)):]
	page := yearsPage{Base: web.Base(req, "Yearly reports"), List: list, Reports: all[:min(list.Size, len(all))],
		States: stateChoices, MayEdit: web.PersonOf(req).May(access.ReportEdit)}
	return web.Render(w, http.StatusOK, r.pages, "years", page)
}

type beginPage struct{ ui.FormPage }

func (r *Room) beginForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		base := web.Crumbs(web.Base(req, "Begin a report"), "Yearly reports", root)
		return web.Render(w, status, r.pages, "begin", beginPage{ui.FormPage{Base: base, Form: f, Cancel: root}})
	}
}

func (r *Room) newReport(w http.ResponseWriter, req *http.Request) error {
	year := period.YearOf(r.Now.Today()) - 1
	return r.beginForm(w, req)(http.StatusOK,
		web.NewRecord("year", year.String(), "title", "Yearly report "+year.String()))
}

func (r *Room) addReport(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.beginForm(w, req), func(f *web.Form) (web.Done, error) {
		in := readBegin(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		year := in.Year.String()
		err := r.AddReport(req.Context(), web.PersonOf(req), in.Year, in.Title, in.Lead)
		if err == nil && f.Yes("outline") {
			err = r.addOutline(req.Context(), web.PersonOf(req), year)
		}
		return web.Done{To: href(year), Words: "The report for " + year + " has been begun."}, err
	})
}

// outline is the chapters that the guidance and most reports have.
var outline = []string{"Introduction", "Journey of the child", "Early help", "Reviews", "Audits", "Training",
	"Priorities", "Structure and membership", "Scrutiny", "Communication"}

func (r *Room) addOutline(ctx context.Context, by web.Person, year string) error {
	for _, title := range outline {
		if _, err := r.AddChapter(ctx, by, year, PartReport, title, ""); err != nil {
			return err
		}
	}
	return nil
}

// yearBase is the frame of a page below a year.
func (r *Room) yearBase(req *http.Request, rep Report, title string) ui.Base {
	return web.Crumbs(web.Base(req, title), "Yearly reports", root, rep.Year, href(rep.Year))
}

// asked finds the report that an address names.
func (r *Room) asked(req *http.Request) (Report, error) {
	year, err := yearOf(req.PathValue("year"))
	if err != nil {
		return Report{}, err
	}
	return report(req.Context(), r.Work, year.String())
}

// A reportFormPage is a page with a form of one report.
type reportFormPage struct {
	ui.FormPage
	Report Report
}

// reportForm shows the form that a template has of a report.
func (r *Room) reportForm(w http.ResponseWriter, req *http.Request, rep Report, name, title string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		page := ui.FormPage{Base: r.yearBase(req, rep, title), Form: f, Cancel: href(rep.Year)}
		return web.Render(w, status, r.pages, name, reportFormPage{page, rep})
	}
}

func (r *Room) editReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return r.reportForm(w, req, rep, "title", "Title of the report")(http.StatusOK, fillReport(rep))
}

func (r *Room) saveReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.reportForm(w, req, rep, "title", "Title of the report"),
		func(f *web.Form) (web.Done, error) {
			title, lead := readTitle(f)
			if !f.OK() {
				return web.Done{}, nil
			}
			err := r.SaveReport(req.Context(), web.PersonOf(req), rep.Year, title, lead, f.Seen())
			return web.Done{To: href(rep.Year), Words: "The title has been saved."}, err
		})
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
	p := checkPage{Base: r.yearBase(req, text.report, "Check the whole report"), Report: text.report,
		Figures: b.figuresPage().Figures}
	for _, x := range b.problems {
		row := problemRow{Problem: x}
		if c, ok := text.chapter(x.Part, x.Chapter); ok {
			row.Href = lineHref(chapterHref(c), x.Line)
		}
		if x.Severity == Error {
			p.Errors++
		}
		p.Problems = append(p.Problems, row)
	}
	return web.Render(w, http.StatusOK, r.pages, "check", p)
}

// downloadReport answers with the built report as one file.
func (r *Room) downloadReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	b, err := r.Build(req.Context(), rep.Year)
	if err != nil {
		return err
	}
	if Failing(b.Problems) {
		return web.Conflict("The report cannot be built yet", "Fix what Check the whole report lists as errors first.")
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
