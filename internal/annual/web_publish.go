package annual

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type publishPage struct {
	ui.FormPage
	Report   Report
	Next     int64
	Pages    int
	Figures  int
	Holds    []hold
	Warnings int
	Hidden   int
	MayEdit  bool
	Agreed   []string // who agreed the text as it is, in words
	Missing  []string // who has not
}

// publishForm shows the page that publishes a report, with a form that was sent from it; nil for
// one that is opened.
func (r *Room) publishForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		b, err := r.evaluate(req.Context(), req.PathValue("year"), false)
		if err != nil {
			return err
		}
		rep, by := b.text.report, web.PersonOf(req)
		p := publishPage{Report: rep, Pages: len(b.text.chapters), Figures: len(b.values()), Holds: b.holds(),
			MayEdit: by.May(access.ReportEdit)}
		p.Base, p.Cancel = r.yearBase(req, rep, "Publish the report"), href(rep.Year)
		p.Hidden = len(b.ledger.release.Hidden)
		last, err := lastPublication(req.Context(), r.Work, rep.Year)
		if err != nil {
			return err
		}
		a, err := r.agreement(req.Context(), r.Work, rep.Year, b.reading())
		if err != nil {
			return err
		}
		p.Agreed, p.Missing, p.Next = a.Agreed(), a.Missing(), last+1
		if p.Form = f; f == nil {
			p.Form = fillPublish(rep, last, p.Missing)
		}
		for _, x := range b.problems {
			if x.Severity == Warning {
				p.Warnings++
			}
		}
		return web.Render(w, status, r.pages, "publish", p)
	}
}

func (r *Room) confirmPublishReport(w http.ResponseWriter, req *http.Request) error {
	return r.publishForm(w, req)(http.StatusOK, nil)
}

func (r *Room) publishReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	public, err := r.Outbox.State(req.Context(), kindReport, rep.Year)
	if err != nil {
		return err
	}
	if !public.Asked {
		return cannotBuild
	}
	return web.Submit(w, req, r.publishForm(w, req), func(f *web.Form) (web.Done, error) {
		why := f.Text("why", "", maxLead)
		if !f.OK() {
			return web.Done{}, nil
		}
		version, _, err := r.PublishReport(req.Context(), web.PersonOf(req), rep.Year, why, f.Seen())
		done := web.Done{To: href(rep.Year), Words: fmt.Sprintf("Version %d of the report is on the public site.", version)}
		switch {
		case errors.Is(err, ErrProblems):
			err = web.Conflict("The report cannot be published yet",
				"Fix what Check the whole report lists as errors first.")
		case errors.Is(err, ErrUnfinished):
			err = web.Conflict("The report cannot be published yet",
				"A chapter has no text, or there is none. Write it or take it out first.")
		case errors.Is(err, publish.ErrWaiting): // the page says so
			done.Words, err = "", nil
		case errors.Is(err, publish.ErrBeingTaken):
			err = web.Conflict("The report is still being withdrawn",
				"It can be published again once the public site no longer has it.")
		case errors.Is(err, ErrStale):
			err = web.Conflict("Somebody else published the report at the same moment",
				"Look at what is on the public site before you publish again.")
		}
		return done, err
	})
}

func (r *Room) confirmWithdrawReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	public, err := r.Outbox.State(req.Context(), kindReport, rep.Year)
	if err != nil {
		return err
	}
	if rep.State != Published && public.Settled && public.Shown == 0 {
		return notOnSite
	}
	return r.reportForm(w, req, rep, "withdraw", "Withdraw the report")(http.StatusOK, nil)
}

// cannotBuild answers while the public store does not: some figures are in it.
var cannotBuild = &web.Refusal{Status: http.StatusServiceUnavailable,
	Title: "The report cannot be published at the moment",
	Words: "The public site’s database does not answer. Nothing was published. Try again in a minute."}

// stillPublic answers when the workspace could not even write down that a report is
// to be withdrawn.
var stillPublic = &web.Refusal{Status: http.StatusServiceUnavailable, Title: "The report is still public",
	Words: "It could not be withdrawn, and nothing will try again by itself: the workspace’s records did not answer. " +
		"Go back and try again. " +
		"If somebody is in danger because of what it says, ask whoever runs the server to stop the public site now."}

var notOnSite = web.Conflict("The report is not on the public site", "There is nothing to withdraw.")

func (r *Room) withdrawReport(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.reportForm(w, req, rep, "withdraw", "Withdraw the report"),
		func(f *web.Form) (web.Done, error) {
			why := f.Text("why", "Say why the report is withdrawn; the public site shows it", maxLead)
			if !f.OK() {
				return web.Done{}, nil
			}
			done := web.Done{To: href(rep.Year)}
			err := r.WithdrawReport(req.Context(), web.PersonOf(req), rep.Year, why)
			switch {
			case errors.Is(err, ErrUnpublished):
				return done, notOnSite
			case errors.Is(err, publish.ErrWaiting): // the page says so, in red
				return done, nil
			case err != nil:
				return done, errors.Join(stillPublic, err)
			}
			done.Words = "The report has been withdrawn from the public site."
			return done, nil
		})
}

// A draftPage is a page of the draft, with what keeps the report from being published.
type draftPage struct {
	framedPage
	Report Report
	Faults []faultRow
	Ask    *askBox // for those who are asked to agree it
}

// A faultRow is an error of the draft, with the way to its place and to its line.
type faultRow struct {
	Problem
	Place string
	Fix   string // "" for who may not write the chapter
}

// faults lists the errors of a build, by their places in the draft.
func (b *build) faults(by web.Person) []faultRow {
	var out []faultRow
	for _, p := range b.problems {
		if p.Severity != Error {
			continue
		}
		row := faultRow{Problem: p, Place: href(b.text.report.Year) + "/draft/"}
		if p.Part == PartSummary {
			row.Place += "summary.html"
		}
		row.Place += "#" + cmp.Or(p.Anchor, p.Chapter)
		if c, ok := b.text.chapter(p.Part, p.Chapter); ok && chapterRules.May(by, access.Change, c.of()) {
			row.Fix = lineHref(chapterHref(c), p.Line)
		}
		out = append(out, row)
	}
	return out
}

// showDraft shows the report as it would be built now, in the workspace's frame. What is
// wrong stands in its place, so that the rest can be read.
func (r *Room) showDraft(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	b, err := r.evaluate(req.Context(), rep.Year, true)
	if err != nil {
		return fmt.Errorf("draft of report %s: %w", rep.Year, err)
	}
	files, err := b.files()
	if err != nil {
		return fmt.Errorf("draft of report %s: %w", rep.Year, err)
	}
	name := fileName(req.PathValue("path"))
	i := slices.IndexFunc(files, func(f File) bool { return f.Path == name })
	if i < 0 {
		return db.ErrNotFound
	}
	f := files[i]
	if path.Ext(name) != ".html" {
		return send(w, f.ContentType, f.Body)
	}
	p := draftPage{framedPage: framed(r.yearBase(req, rep, f.Title), f, ""), Report: rep}
	if !isFigure(name) {
		p.Faults = b.faults(web.PersonOf(req))
		if p.Ask, err = r.askBoxOf(req.Context(), web.PersonOf(req), rep, b.reading()); err != nil {
			return err
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "draft", p)
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

func send(w http.ResponseWriter, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	_, err := w.Write(body)
	if err != nil {
		return fmt.Errorf("send file: %w", err)
	}
	return nil
}
