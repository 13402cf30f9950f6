package annual

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"path"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type publishPage struct {
	ui.Base
	Report   Report
	Next     int64
	Pages    int
	Figures  int
	Errors   int
	Warnings int
	Form     *web.Form
}

func (r *Room) showPublish(w http.ResponseWriter, req *http.Request) error {
	b, err := r.evaluate(req.Context(), req.PathValue("year"), false)
	if err != nil {
		return err
	}
	text := b.text
	p := publishPage{Base: r.yearBase(req, text.report, "Publish the report"), Report: text.report, Next: text.report.Version + 1}
	p.Pages, p.Figures = len(text.chapters), len(b.values())
	for _, x := range b.problems {
		if x.Severity == Error {
			p.Errors++
			continue
		}
		p.Warnings++
	}
	return web.Render(w, http.StatusOK, r.pages, "publish", p)
}

func (r *Room) publish(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	version, _, err := r.Publish(req.Context(), web.PersonOf(req), rep.Year)
	if errors.Is(err, ErrProblems) {
		return web.Conflict("The report cannot be published yet", "Mend what Check the whole report lists as errors first.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, fmt.Sprintf("Version %d of the report is on the public site.", version))
}

func (r *Room) showWithdraw(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	if rep.State != Published {
		return notOnSite
	}
	return web.Render(w, http.StatusOK, r.pages, "withdraw", titlePage{r.yearBase(req, rep, "Withdraw the report"), rep, nil})
}

var notOnSite = web.Conflict("The report is not on the public site", "There is nothing to withdraw.")

func (r *Room) withdraw(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	why := form.Text("why", "Say why the report is withdrawn; the public site shows it", maxLead)
	if !form.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "withdraw", titlePage{r.yearBase(req, rep, "Withdraw the report"), rep, form})
	}
	err = r.Withdraw(req.Context(), web.PersonOf(req), rep.Year, why)
	if errors.Is(err, ErrUnpublished) {
		return notOnSite
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The report has been withdrawn from the public site.")
}

type draftPage struct {
	ui.Base
	Content template.HTML
}

// showDraft shows the report as it would be built now, in the workspace's frame.
func (r *Room) showDraft(w http.ResponseWriter, req *http.Request) error {
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
	name := fileName(req.PathValue("path"))
	for _, f := range b.Files {
		if f.Path != name {
			continue
		}
		if path.Ext(name) != ".html" {
			return send(w, f.ContentType, f.Body)
		}
		p := draftPage{r.yearBase(req, rep, f.Title), r.content(string(f.Body))}
		return web.Render(w, http.StatusOK, r.pages, "draft", p)
	}
	return db.ErrNotFound
}

// fileName finds the file that an address of a report means: "" is the index,
// and a page may be named without its ending.
func fileName(at string) string {
	switch {
	case at == "" || strings.HasSuffix(at, "/"):
		return at + "index.html"
	case path.Ext(at) == ".html" || path.Ext(at) == ".json" || path.Ext(at) == ".csv":
		return at
	}
	return at + ".html"
}

// content takes the report's own out of a built page. Addresses that lead to
// the public site lead to wherever it is now.
func (r *Room) content(page string) template.HTML {
	_, page, _ = strings.Cut(page, contentBegins)
	page, _, _ = strings.Cut(page, contentEnds)
	if r.PublicURL != "" {
		page = strings.ReplaceAll(page, `href="`+html.EscapeString(r.PublicURL)+`/`, `href="/`)
	}
	return template.HTML(page)
}

func send(w http.ResponseWriter, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	_, err := w.Write(body)
	if err != nil {
		return fmt.Errorf("send file: %w", err)
	}
	return nil
}
