package annual

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type editorPage struct {
	ui.Base
	Report   Report
	Chapter  Chapter
	Form     *web.Form
	Problems []Problem
	Errors   int
	Preview  template.HTML
	Shown    bool // the preview, rather than the saved text, is on the page
	Found    []foundFigure
	Query    string
	Theirs   *Version // what somebody else saved meanwhile
}

// Unsaved reports whether the form holds a text that was not saved.
func (p editorPage) Unsaved() bool {
	return clean(p.Form.Value("markdown")) != p.Chapter.Markdown || p.Theirs != nil
}

// openChapter finds the report and the chapter that an address names.
func (r *Room) openChapter(req *http.Request) (Report, Chapter, error) {
	rep, err := r.asked(req)
	if err != nil {
		return rep, Chapter{}, err
	}
	c, err := chapter(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && c.Year != rep.Year {
		err = db.ErrNotFound
	}
	return rep, c, err
}

func (r *Room) showEditor(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form := web.NewForm("title", c.Title, "markdown", c.Markdown, "version", fmt.Sprint(c.Version))
	return r.renderEditor(w, req, http.StatusOK, editorPage{Report: rep, Chapter: c, Form: form})
}

// renderEditor shows the text of the form as it would be, with its problems.
func (r *Room) renderEditor(w http.ResponseWriter, req *http.Request, status int, p editorPage) error {
	c := p.Chapter
	c.Markdown = clean(p.Form.Value("markdown"))
	preview, problems, err := r.preview(req.Context(), c)
	if err != nil {
		return err
	}
	p.Preview, p.Problems = preview, problems
	for _, x := range problems {
		if x.Severity == Error {
			p.Errors++
		}
	}
	p.Base = r.yearBase(req, p.Report, c.Title)
	return web.Render(w, status, r.pages, "editor", p)
}

// preview writes a chapter without asking for the figures of the others.
func (r *Room) preview(ctx context.Context, c Chapter) (template.HTML, []Problem, error) {
	year, err := yearOf(c.Year)
	if err != nil {
		return "", nil, err
	}
	blocks, err := blockTemplates()
	if err != nil {
		return "", nil, err
	}
	w := &writer{year: year, blocks: blocks, place: place{c.Part, c.Slug, c.Title}, anchors: map[string]int{}}
	var h template.HTML
	err = r.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		w.ledger = newLedger(s, false)
		h, err = w.text(ctx, c.Markdown)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("preview %s: %w", c.Slug, err)
	}
	w.problems = append(w.problems, typed(w.prose, w.ledger)...)
	slices.SortStableFunc(w.problems, byLine)
	return h, w.problems, nil
}

// edit saves the text, or shows it, or looks for figures, as the button pressed
// says; nothing that was typed is lost in any of them.
func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	in := readText(form)
	p := editorPage{Report: rep, Chapter: c, Form: form}
	act := form.Value("act")
	if act == "enter" { // the key was pressed in a field: nothing is saved by it
		act = "preview"
		if form.Value("q") != "" {
			act = "find"
		}
	}
	switch {
	case act == "find":
		p.Query = form.Value("q")
		if p.Found, err = r.find(req.Context(), rep.Year, p.Query, 8); err != nil {
			return err
		}
		return r.renderEditor(w, req, http.StatusOK, p)
	case !form.OK():
		return r.renderEditor(w, req, http.StatusUnprocessableEntity, p)
	case act == "preview":
		p.Shown = true
		return r.renderEditor(w, req, http.StatusOK, p)
	}
	_, err = r.SaveChapter(req.Context(), web.PersonOf(req), c.ID, in.Version, in.Title, in.Markdown)
	if errors.Is(err, ErrStale) {
		return r.conflict(w, req, p)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year+"/chapters/"+c.ID, "The chapter has been saved.")
}

// conflict shows both texts. Saving again is then over the one that is shown.
func (r *Room) conflict(w http.ResponseWriter, req *http.Request, p editorPage) error {
	c, err := chapter(req.Context(), r.Work, p.Chapter.ID)
	if err != nil {
		return err
	}
	p.Chapter = c
	p.Theirs = &Version{Version: c.Version, Title: c.Title, Markdown: c.Markdown, SavedAt: c.ChangedAt, SavedBy: c.ChangedBy}
	p.Form.Set("version", fmt.Sprint(c.Version))
	return r.renderEditor(w, req, http.StatusConflict, p)
}

// A foundFigure is a figure that an author looks for: what it is now, and what
// to write.
type foundFigure struct {
	ID, Title, Counts string
	Now               string // its value in the report's year, or why there is none
	When              string
	Directive         string
	Dimensions        string
}

// find looks for figures by words of their id, title or meaning.
func (r *Room) find(ctx context.Context, year, query string, most int) (out []foundFigure, err error) {
	err = r.Figures.Snapshot(ctx, func(s *figure.Snapshot) error {
		out, err = findIn(ctx, s, year, query, most)
		return err
	})
	return out, err
}

func findIn(ctx context.Context, s *figure.Snapshot, year, query string, most int) ([]foundFigure, error) {
	y, err := yearOf(year)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(db.Fold(query))
	w := &writer{year: y, ledger: newLedger(s, false)}
	all, err := s.All(ctx)
	if err != nil {
		return nil, err
	}
	var out []foundFigure
	for _, d := range all {
		text := db.Fold(d.ID + " " + d.Title + " " + d.Counts)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			continue
		}
		if len(out) == most {
			break
		}
		e, err := w.ledger.find(ctx, d, w.ownTime(d))
		if err != nil {
			return nil, err
		}
		f := foundFigure{ID: d.ID, Title: d.Title, Counts: d.Counts, When: when(e.ask), Directive: ask(e), Dimensions: cuts(d)}
		switch {
		case e.err != nil:
			f.Now, f.When = strings.TrimSuffix(e.err.Error(), "."), ""
		case len(e.values) == 1:
			f.Now = shown(e.one(), 0)
		}
		out = append(out, f)
	}
	return out, nil
}

// cuts names the dimensions by which a report may narrow a figure.
func cuts(d *figure.Definition) string {
	var ids []string
	for _, x := range d.Dimensions {
		if x.Public && d.Protection != figure.Child {
			ids = append(ids, x.ID)
		}
	}
	return lang.Join(ids)
}

type pickerPage struct {
	ui.Base
	Report  Report
	List    ui.List
	Figures []foundFigure
}

func (r *Room) showPicker(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	list := ui.ReadList(req.URL.Path, req.URL.Query())
	list.One, list.Many = "figure", "figures"
	all, err := r.find(req.Context(), rep.Year, list.Value("q"), math.MaxInt)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, f := range all {
			rows = append(rows, []string{f.ID, f.Title, f.Counts, f.When, f.Now, f.Dimensions, f.Directive})
		}
		return web.CSV(w, "figures.csv", []string{"Id", "Title", "What it counts", "When", "Value", "Can be narrowed by", "To write"}, rows)
	}
	list.Total = len(all)
	all = all[min(list.Offset(), len(all)):]
	p := pickerPage{r.yearBase(req, rep, "Figures to use"), rep, list, all[:min(list.Size, len(all))]}
	return web.Render(w, http.StatusOK, r.pages, "picker", p)
}
