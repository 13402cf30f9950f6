package annual

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type editorPage struct {
	ui.FormPage
	Chapter   Chapter
	DraftPart string // where in the draft its part is
	Problems  []Problem
	Errors    int
	Warnings  int
	Sure      int // figures that can be put in together
	Preview   template.HTML
	Hidden    string
	Shown     bool // the preview, rather than the saved text, is on the page
	Found     []foundFigure
	More      string // how many more there are
	Query     string
	Unsaved   bool   // the form holds a text that was not saved
	Said      string // what a button did
	MayEdit   bool   // the reader may move it, take it out and give it to somebody
	Overdue   bool
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
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	return r.editor(w, req, rep, c, nil)(http.StatusOK, fillChapter(c))
}

// mostFound is how many figures the editor lists at a time.
const mostFound = 8

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
// figures that were looked for. said tells what a button did; nil says nothing.
func (r *Room) editor(w http.ResponseWriter, req *http.Request, rep Report, c Chapter, said *string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		then := c
		then.Markdown = clean(f.Value("markdown"))
		p := editorPage{FormPage: ui.FormPage{Base: r.yearBase(req, rep, c.Title), Form: f, Cancel: href(rep.Year)},
			Chapter: c, MayEdit: web.PersonOf(req).May(access.ReportEdit), Overdue: c.Overdue(r.Now.Today()),
			Shown: pressed(f) == "preview", Unsaved: then.Markdown != c.Markdown || f.ChangedWords() != ""}
		if c.Part == PartSummary {
			p.DraftPart = "summary.html"
		}
		if said != nil {
			p.Said = *said
		}
		var err error
		if pressed(f) == "find" {
			p.Query = f.Value("q")
			if p.Found, err = r.find(req.Context(), rep.Year, p.Query); err != nil {
				return err
			}
			if more := len(p.Found) - mostFound; more > 0 {
				p.Found, p.More = p.Found[:mostFound], lang.Plural(more, "more has", "more have")+" those words: add another word."
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
		p.Warnings, p.Sure, p.Hidden = len(p.Problems)-p.Errors, sureOffers(p.Problems), explained(p.Preview)
		return web.Render(w, status, r.pages, "editor", p)
	}
}

// preview writes a chapter as it would be published beside the others as they are.
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
	var all []*entry
	err = r.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		text, err := read(ctx, s.Work, c.Year)
		if err != nil {
			return err
		}
		for i := range text.chapters { // what is hidden here depends on what the others show
			if text.chapters[i].ID == c.ID {
				text.chapters[i] = c
			}
		}
		if w.ledger, err = r.protected(ctx, s, text, false); err != nil {
			return err
		}
		if h, err = w.text(ctx, c.Markdown); err != nil {
			return err
		}
		all, err = w.ledger.candidates(ctx, w)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("preview %s: %w", c.Slug, err)
	}
	w.problems = append(w.problems, typed(w.prose, all)...)
	slices.SortStableFunc(w.problems, byLine)
	return h, w.problems, nil
}

// putIn puts figures into the text of the editor's form, as the button pressed says: in the
// place of typed numbers, or at the end. It says what it did; nothing is saved by it.
func (r *Room) putIn(ctx context.Context, f *web.Form, c Chapter) (string, error) {
	text := clean(f.Value("markdown"))
	if what := f.Value("put"); what != "" {
		f.Set("markdown", text+"\n"+what+"\n")
		return "The figure stands at the end of the text. Move it where it belongs, then save.", nil
	}
	c.Markdown = text
	_, problems, err := r.preview(ctx, c)
	if err != nil {
		return "", err
	}
	text, n := take(text, problems, f.Value("take"))
	if n == 0 {
		return "The text has changed since the figure was offered, so nothing was put in. Look at the checks again.", nil
	}
	f.Set("markdown", text)
	return lang.Plural(n, "change has been made to the text.", "changes have been made to the text.") +
		" Save to keep it.", nil
}

// saveChapter saves the text, or shows it, or looks for figures, or puts them in, as the
// button pressed says; nothing that was typed is lost in any of them.
func (r *Room) saveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	said := ""
	return web.Submit(w, req, r.editor(w, req, rep, c, &said), func(f *web.Form) (web.Done, error) {
		if pressed(f) == "find" {
			return web.Done{}, web.ErrAgain
		}
		if f.Value("take") != "" || f.Value("put") != "" {
			if said, err = r.putIn(req.Context(), f, c); err == nil {
				err = web.ErrAgain
			}
			return web.Done{}, err
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
	Now               string // its value in the report's year
	Why               string // why there is none; "" when there is one
	When              string
	Directive         string
	Dimensions        string

	inTitle int // words looked for that its title has
}

// find looks for figures by words of their id, title or meaning; those with more of the
// words in their title come first.
func (r *Room) find(ctx context.Context, year, query string) (out []foundFigure, err error) {
	err = r.Figures.Snapshot(ctx, func(s *figure.Snapshot) error {
		out, err = findIn(ctx, s, year, query)
		return err
	})
	return out, err
}

func findIn(ctx context.Context, s *figure.Snapshot, year, query string) ([]foundFigure, error) {
	y, err := yearOf(year)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(db.Fold(query))
	w := &writer{year: y, ledger: newLedger(s, alone{s}, false)}
	all, err := s.All(ctx)
	if err != nil {
		return nil, err
	}
	var out []foundFigure
	for _, d := range all {
		text, title := db.Fold(d.ID+" "+d.Title+" "+d.Counts+" "+d.Unit), db.Fold(d.Title)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			continue
		}
		e, err := w.ledger.find(ctx, d, w.ownTime(d))
		if err != nil {
			return nil, err
		}
		f := foundFigure{ID: d.ID, Title: d.Title, Counts: d.Counts, When: when(e.ask), Directive: ask(e),
			Dimensions: cuts(d)}
		for _, word := range words {
			if strings.Contains(title, word) {
				f.inTitle++
			}
		}
		switch {
		case e.err != nil:
			f.Now, f.When, f.Why = "none", "", e.err.Error()
		case len(e.values) == 1 && e.one().Hidden() && !e.one().Ratio():
			f.Now = figure.FewerWords
		case len(e.values) == 1 && e.one().Hidden():
			f.Now = "not shown"
		case len(e.values) == 1:
			f.Now = e.one().Shown(0)
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b foundFigure) int { return b.inTitle - a.inTitle })
	return out, nil
}

// cuts names the dimensions by which a report may narrow a figure, as the partnership
// calls them, with the word to write where that is another.
func cuts(d *figure.Definition) string {
	var names []string
	for _, x := range release.Cuts(d) {
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
	all, err := r.find(req.Context(), rep.Year, list.Value("q"))
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		var rows [][]string
		for _, f := range all {
			rows = append(rows, []string{f.ID, f.Title, f.Counts, f.When, cmp.Or(f.Why, f.Now), f.Dimensions, f.Directive})
		}
		return web.CSV(w, "figures.csv", []string{"Id", "Title", "What it counts", "When", "Value", "Can be narrowed by",
			"To write"}, rows)
	}
	list.Total = len(all)
	all = all[min(list.Offset(), len(all)):]
	p := pickerPage{r.yearBase(req, rep, "Figures to use"), rep, list, all[:min(list.Size, len(all))]}
	return web.Render(w, http.StatusOK, r.pages, "picker", p)
}
