package annual

import (
	"context"
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
	ui.FormPage
	Chapter  Chapter
	Problems []Problem
	Errors   int
	Preview  template.HTML
	Shown    bool // the preview, rather than the saved text, is on the page
	Found    []foundFigure
	Query    string
	Unsaved  bool // the form holds a text that was not saved
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

func (r *Room) editChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return r.editor(w, req, rep, c)(http.StatusOK, fillChapter(c))
}

// pressed says which button of the editor was pressed: save, preview or find.
func pressed(f *web.Form) string {
	act := f.Value("act")
	if act != "enter" { // the key was pressed in a field: nothing is saved by it
		return act
	}
	if f.Value("q") != "" {
		return "find"
	}
	return "preview"
}

// editor shows the text of the form as it would be, with its problems, and the
// figures that were looked for.
func (r *Room) editor(w http.ResponseWriter, req *http.Request, rep Report, c Chapter) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		then := c
		then.Markdown = clean(f.Value("markdown"))
		p := editorPage{FormPage: ui.FormPage{Base: r.yearBase(req, rep, c.Title), Form: f, Cancel: href(rep.Year)},
			Chapter: c,
			Shown:   pressed(f) == "preview", Unsaved: then.Markdown != c.Markdown || f.ChangedWords() != ""}
		var err error
		if pressed(f) == "find" {
			p.Query = f.Value("q")
			if p.Found, err = r.find(req.Context(), rep.Year, p.Query, 8); err != nil {
				return err
			}
		}
		if p.Preview, p.Problems, err = r.preview(req.Context(), then); err != nil {
			return err
		}
		for _, x := range p.Problems {
			if x.Severity == Error {
				p.Errors++
			}
		}
		return web.Render(w, status, r.pages, "editor", p)
	}
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
	w := &writer{year: year, blocks: blocks, place: place{c.Part, c.Slug, c.Title}, anchors: map[string]int{},
		fixes: chapterHref(c)}
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

// saveChapter saves the text, or shows it, or looks for figures, as the button
// pressed says; nothing that was typed is lost in any of them.
func (r *Room) saveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.editor(w, req, rep, c), func(f *web.Form) (web.Done, error) {
		if pressed(f) == "find" {
			return web.Done{}, web.ErrAgain
		}
		title, markdown := readText(f)
		switch {
		case !f.OK():
			return web.Done{}, nil
		case pressed(f) == "preview":
			return web.Done{}, web.ErrAgain
		}
		err := r.SaveChapter(req.Context(), web.PersonOf(req), c.ID, title, markdown, f.Seen())
		return web.Done{To: chapterHref(c), Words: "The chapter has been saved."}, err
	})
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
		f := foundFigure{ID: d.ID, Title: d.Title, Counts: d.Counts, When: when(e.ask), Directive: ask(e),
			Dimensions: cuts(d)}
		switch {
		case e.err != nil:
			f.Now, f.When = strings.TrimSuffix(e.err.Error(), "."), ""
		case len(e.values) == 1 && hidden(e.one()):
			f.Now = e.one().SmallWords()
		case len(e.values) == 1:
			f.Now = shown(e.one(), 0)
		}
		out = append(out, f)
	}
	return out, nil
}

// cuts names the dimensions by which a report may narrow a figure, as the partnership
// calls them, with the word to write where that is another.
func cuts(d *figure.Definition) string {
	var names []string
	for _, x := range d.Dimensions {
		if !x.Public || d.Protection == figure.Child {
			continue
		}
		name := x.ID
		if x.Title != "" && !strings.EqualFold(x.Title, x.ID) {
			name = strings.ToLower(x.Title[:1]) + x.Title[1:] + " (written " + x.ID + ")"
		}
		names = append(names, name)
	}
	return lang.Join(names)
}

type pickerPage struct {
	ui.Base
	Report  Report
	List    ui.List
	Figures []foundFigure
}

func (r *Room) findFigures(w http.ResponseWriter, req *http.Request) error {
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
	if list.Exporting("csv") {
		var rows [][]string
		for _, f := range all {
			rows = append(rows, []string{f.ID, f.Title, f.Counts, f.When, f.Now, f.Dimensions, f.Directive})
		}
		return web.CSV(w, "figures.csv", []string{"Id", "Title", "What it counts", "When", "Value", "Can be narrowed by",
			"To write"}, rows)
	}
	list.Total = len(all)
	all = all[min(list.Offset(), len(all)):]
	p := pickerPage{r.yearBase(req, rep, "Figures to use"), rep, list, all[:min(list.Size, len(all))]}
	return web.Render(w, http.StatusOK, r.pages, "picker", p)
}
