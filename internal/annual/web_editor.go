package annual

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
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
	w := &writer{year: year, ledger: newLedger(r.Figures), blocks: blocks, place: place{c.Part, c.Slug, c.Title}, anchors: map[string]bool{}}
	h, err := w.text(ctx, c.Markdown)
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
	switch act := form.Value("act"); {
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
func (r *Room) find(ctx context.Context, year, query string, most int) ([]foundFigure, error) {
	y, err := yearOf(year)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(db.Fold(query))
	w := &writer{year: y, ledger: newLedger(r.Figures)}
	var out []foundFigure
	for _, d := range r.Figures.All() {
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
			f.Now = e.err.Error()
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
	all, err := r.find(req.Context(), rep.Year, list.Value("q"), len(r.Figures.All()))
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

type addPage struct {
	ui.Base
	Report Report
	Form   *web.Form
	Parts  []ui.Choice
}

var partChoices = ui.Choices(PartReport, "The report", PartSummary, "The summary on two pages")

func (r *Room) showAdd(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form := web.NewForm("part", cmp.Or(req.URL.Query().Get("part"), PartReport))
	return web.Render(w, http.StatusOK, r.pages, "add", addPage{r.yearBase(req, rep, "Add a chapter"), rep, form, partChoices})
}

func (r *Room) add(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	in := readChapter(form)
	if form.OK() {
		id, err := r.AddChapter(req.Context(), web.PersonOf(req), rep.Year, in.Part, in.Title, "")
		if err == nil {
			return web.SeeOther(w, req, "/work/report/"+rep.Year+"/chapters/"+id, "The chapter has been added.")
		}
		if !errors.Is(err, ErrExists) {
			return err
		}
		form.Add("title", "There is already a chapter of that title")
	}
	return web.Render(w, http.StatusUnprocessableEntity, r.pages, "add", addPage{r.yearBase(req, rep, "Add a chapter"), rep, form, partChoices})
}

func (r *Room) move(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if err := r.MoveChapter(req.Context(), web.PersonOf(req), c.ID, form.Value("act") == "up"); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year+"#"+c.Part, "“"+c.Title+"” has been moved.")
}

type chapterPage struct {
	ui.Base
	Report   Report
	Chapter  Chapter
	Versions []Version
	Version  *Version
	Preview  template.HTML
}

func (r *Room) showRemove(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "remove", chapterPage{Base: r.yearBase(req, rep, "Take out “"+c.Title+"”"), Report: rep, Chapter: c})
}

func (r *Room) remove(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = r.RemoveChapter(req.Context(), web.PersonOf(req), c.ID, int64(form.Int("version", "", 0, 1<<30)))
	if errors.Is(err, ErrStale) {
		return web.Conflict("The chapter has changed", "Somebody has saved it since you opened this page. Look at it again before you take it out.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "“"+c.Title+"” has been taken out. It can be put back.")
}

func (r *Room) putBack(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	err = r.PutBackChapter(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrExists) {
		return web.Conflict("There is another chapter of that title", "Take that one out first, then put this one back.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The chapter has been put back.")
}

func (r *Room) showVersions(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	all, err := versions(req.Context(), r.Work, c.ID)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "versions", chapterPage{Base: r.chapterBase(req, rep, c, "Earlier texts of “"+c.Title+"”"), Report: rep, Chapter: c, Versions: all})
}

// chapterBase is the frame of a page below a chapter.
func (r *Room) chapterBase(req *http.Request, rep Report, c Chapter, title string) ui.Base {
	at := "/work/report/" + rep.Year
	return web.Crumbs(web.Base(req, title), "Yearly reports", "/work/report", rep.Year, at, c.Title, at+"/chapters/"+c.ID)
}

func (r *Room) showVersion(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	v, err := r.versionAsked(req, c)
	if err != nil {
		return err
	}
	then := c
	then.Markdown = v.Markdown
	preview, _, err := r.preview(req.Context(), then)
	if err != nil {
		return err
	}
	p := chapterPage{Base: r.chapterBase(req, rep, c, fmt.Sprintf("Version %d of “%s”", v.Version, c.Title)), Report: rep, Chapter: c, Version: &v, Preview: preview}
	return web.Render(w, http.StatusOK, r.pages, "version", p)
}

func (r *Room) versionAsked(req *http.Request, c Chapter) (Version, error) {
	n, err := strconv.ParseInt(req.PathValue("version"), 10, 64)
	if err != nil {
		return Version{}, db.ErrNotFound
	}
	return version(req.Context(), r.Work, c.ID, n)
}

func (r *Room) restore(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	v, err := r.versionAsked(req, c)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = r.RestoreVersion(req.Context(), web.PersonOf(req), c.ID, v.Version, int64(form.Int("over", "", 0, 1<<30)))
	if errors.Is(err, ErrStale) {
		return web.Conflict("The chapter has changed", "Somebody has saved it since you opened this page. Look at its texts again before you restore one.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year+"/chapters/"+c.ID, fmt.Sprintf("Version %d has been restored.", v.Version))
}

type tilesPage struct {
	ui.Base
	Report Report
	Form   *web.Form
	Theirs string // what somebody else saved meanwhile
}

func (r *Room) showTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	list, err := tiles(req.Context(), r.Work, rep.Year)
	if err != nil {
		return err
	}
	form := web.NewForm("tiles", writeTiles(list), "version", fmt.Sprint(rep.TilesVersion))
	return web.Render(w, http.StatusOK, r.pages, "tiles", tilesPage{Base: r.yearBase(req, rep, "Tiles of the summary"), Report: rep, Form: form})
}

func (r *Room) postTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	list := readTiles(form)
	p := tilesPage{Base: r.yearBase(req, rep, "Tiles of the summary"), Report: rep, Form: form}
	if !form.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "tiles", p)
	}
	err = r.SaveTiles(req.Context(), web.PersonOf(req), rep.Year, int64(form.Int("version", "", 0, 1<<30)), list)
	if errors.Is(err, ErrStale) {
		now, err := tiles(req.Context(), r.Work, rep.Year)
		if err != nil {
			return err
		}
		p.Theirs = writeTiles(now)
		form.Set("version", fmt.Sprint(rep.TilesVersion))
		return web.Render(w, http.StatusConflict, r.pages, "tiles", p)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The tiles have been saved.")
}
