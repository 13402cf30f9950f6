package imports

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// previewPage shows what loading files would do, before anything has changed.
type previewPage struct {
	ui.Base
	Import    Import
	KindTitle string
	Form      *web.Form
	Files     []intake.LoadedFile
	Facts     []ui.Row
	Figures   int // figures that the files are counted for
	Bars      []figureBars
	Moves     []movedRow
	Against   string
	Large     int         // figures that move by more than a third
	Looks     string      // the months that the files look to be of; "" for the whole year
	Doubts    []string    // why the files may not be what they seem
	Periods   []ui.Choice // the answers to whether they are
	Beside    bool        // it is kept beside the year's figures
	Replaces  []Import
	ComesBack bool // what it replaces comes back when this is withdrawn
	Readings  []sheet.Reading
	Faults    []faultRow
	Kept      int // findings listed in full
	MayManage bool
	AgainHref string
}

// figureBars is a figure by year before, now and with the files, on the page's one scale.
type figureBars struct {
	Title string
	Large bool
	Bars  []bar
}

// A bar is one count: Width is of 1,000.
type bar struct {
	Label, Count, Note, Class string
	Width                     int
}

// A faultRow is all that is at fault in one way.
type faultRow struct {
	What    string
	Rows    int
	Lines   string // where the first of them stand
	Message string
}

// mostBars is how many figures are drawn; the others stand in the table.
const mostBars = 3

func (r *Room) showPreview(w http.ResponseWriter, req *http.Request, im Import, status int, f *web.Form) error {
	ctx := req.Context()
	p := previewPage{Import: im, KindTitle: r.title(web.Base(req, ""), im.Kind), Form: f,
		MayManage: web.PersonOf(req).May(access.ImportsManage) && r.mayLoad(req, im.Kind), AgainHref: againHref(im)}
	p.Base = web.Crumbs(web.Base(req, strings.TrimSuffix(p.KindTitle+", "+im.Period(), ", ")),
		way(req, p.KindTitle, "")...)
	var err error
	if p.Files, err = filesOf(ctx, r.Work, im.ID); err != nil {
		return err
	}
	batch, err := r.batchOf(ctx, im.ID)
	if err != nil {
		return err
	}
	p.Readings, p.Doubts, p.Beside = batch.Readings, batch.Doubts, im.Part().Beside()
	p.ask(r.looks(im, batch))
	rep, err := r.shown(ctx, im)
	if err != nil {
		return err
	}
	k, _ := r.Kind(im.Kind)
	p.Replaces, p.ComesBack = rep.was, k.Pack != nil
	p.Large, p.Figures = len(rep.LargeMoves()), len(rep.Moves)
	small := access.SeesSmallCounts(web.PersonOf(req))
	p.Moves, p.Against = movedRows(p.Base, rep.Moves, small)
	p.Bars = p.bars(rep, small)
	f.Set("seen", rep.Mark())
	c, err := r.coverage(ctx, r.Work)
	if err != nil {
		return err
	}
	p.Facts = p.facts(c.Named(im.Authority))
	if p.Faults, p.Kept, err = faults(ctx, r.Work, im.ID); err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "preview", p)
}

// batchOf gives what was read of an import that waits, but for its content.
func (r *Room) batchOf(ctx context.Context, id string) (*intake.Batch, error) {
	raw, err := previewBatch(ctx, r.Work, id)
	if err != nil {
		return nil, err
	}
	batch := &intake.Batch{}
	if err := json.Unmarshal(raw, batch); err != nil {
		return nil, fmt.Errorf("read what was kept of import %s: %w", id, err)
	}
	return batch, nil
}

// looks gives the months that an import that waits looks to be of.
func (r *Room) looks(im Import, batch *intake.Batch) period.Span {
	k, _ := r.Kind(im.Kind)
	return (&Report{Batch: batch, parts: k.Parts}).Looks(r.Now.Today())
}

// ask asks whether files that look to be of some months are of the whole year.
func (p *previewPage) ask(months period.Span) {
	if months.IsZero() {
		return
	}
	p.Looks = intake.Part{Span: months}.Words("")
	p.Periods = []ui.Choice{
		{Value: "part", Text: "No, it is " + p.Looks, Hint: "It is kept beside the year, and no figure of " + p.Import.Year +
			" changes"},
		{Value: "whole", Text: "Yes, it is the whole of " + p.Import.Year, Hint: "Figures of the year are counted from it"},
	}
}

// A shownReport is what a page shows of what loading would do.
type shownReport struct {
	Report
	was []Import // whose place it would take
}

// shown reads what the page of an import that waits says that loading would do.
func (r *Room) shown(ctx context.Context, im Import) (*shownReport, error) {
	s := &shownReport{}
	var err error
	if s.Moves, err = movesOf(ctx, r.Work, im.ID); err != nil {
		return nil, err
	}
	if k, _ := r.Kind(im.Kind); !k.Replaces {
		return s, nil
	}
	if s.was, err = currentImports(ctx, r.Work, key{im.Kind, im.Year, im.Authority, im.Months}); err != nil {
		return nil, err
	}
	for _, x := range s.was {
		s.Replaced = append(s.Replaced, x.ID)
	}
	return s, nil
}

// facts says what the files were taken as, each with the way to take them otherwise.
func (p *previewPage) facts(authority string) []ui.Row {
	change := ""
	if p.MayManage {
		change = p.AgainHref
	}
	rows := []ui.Row{{Key: "Files", Value: shortNames(p.Files)},
		{Key: "Counts as", Value: p.KindTitle, Href: change, About: "what the files count as"}}
	if p.Import.Year != "" {
		rows = append(rows, ui.Row{Key: "Period", Value: p.Import.Period(), Href: change, About: "the period"})
	}
	if p.Import.Authority != "" {
		rows = append(rows, ui.Row{Key: "Authority", Value: authority, Href: change, About: "the authority"})
	}
	return rows
}

// bars draws the figures that matter most: those that move much, then the largest.
func (p *previewPage) bars(rep *shownReport, small bool) []figureBars {
	moves := slices.Clone(rep.Moves)
	slices.SortStableFunc(moves, func(a, b intake.Move) int {
		if a.Large() != b.Large() {
			return cmp.Compare(boolRank(b.Large()), boolRank(a.Large()))
		}
		return cmp.Compare(max(b.Before, b.After), max(a.Before, a.After))
	})
	moves = moves[:min(mostBars, len(moves))]
	var most int64 = 1
	for _, m := range moves {
		most = max(most, m.Before, m.After, m.EarlierCount)
	}
	width := func(n int64) int {
		if !small && n > 0 {
			n = max(n, figure.SmallBelow)
		}
		return int(n * 1000 / most)
	}
	loaded := "loaded now"
	if len(rep.was) > 0 {
		loaded = "loaded " + lang.ShortDate(rep.was[len(rep.was)-1].EndedAt.In(clock.London))
	}
	var out []figureBars
	for _, m := range moves {
		f := figureBars{Title: p.Put(m.Title), Large: m.Large()}
		if m.Earlier != "" {
			f.Bars = append(f.Bars, bar{m.Earlier, countWords(m.EarlierCount, small), "the year before", "before",
				width(m.EarlierCount)})
		}
		switch {
		case m.Replaces():
			f.Bars = append(f.Bars, bar{m.Against + " now", countWords(m.Before, small), loaded, "now", width(m.Before)})
		case m.Beside == 1:
			f.Bars = append(f.Bars, bar{m.Against, countWords(m.Before, small), "kept beside the year", "now", width(m.Before)})
		case m.Beside == 2:
			f.Bars = append(f.Bars, bar{lang.Sentence(m.Against), countWords(m.Before, small), loaded, "now", width(m.Before)})
		case m.Against != "":
			f.Bars = append(f.Bars, bar{m.Against, countWords(m.Before, small), "the year before", "before", width(m.Before)})
		}
		f.Bars = append(f.Bars, bar{m.Period + " with this file", countWords(m.After, small), apart(m, small), "after",
			width(m.After)})
		out = append(out, f)
	}
	return out
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// apart says how far a figure would be from what it is compared with.
func apart(m intake.Move, small bool) string {
	n := m.After - m.Before
	switch {
	case m.Against == "":
		return "nothing to compare it with"
	case n == 0:
		return "no change"
	case !small && (m.Before < figure.SmallBelow || m.After < figure.SmallBelow):
		return ""
	case n > 0:
		return lang.Number(int(n)) + " more"
	}
	return lang.Number(int(-n)) + " fewer"
}

// linesShown is how many lines are named of what is at fault in one way.
const linesShown = 3

// faults gathers the findings of an import by what is wrong, the most frequent first.
func faults(ctx context.Context, q db.Reader, id string) ([]faultRow, int, error) {
	rules, err := rulesOf(ctx, q, id)
	if err != nil {
		return nil, 0, err
	}
	var out []faultRow
	kept := 0
	for _, x := range rules {
		kept += int(x.Count)
		first, err := findingsOf(ctx, q, id, x.Rule, linesShown, 0)
		if err != nil {
			return nil, 0, err
		}
		row := faultRow{What: lang.Sentence(strings.ReplaceAll(x.Rule, "-", " ")), Rows: int(x.Count),
			Message: first[0].Message}
		var lines []string
		for _, f := range first {
			if line := lang.Number(int(f.Line)); f.Line > 0 && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
		if more := int(x.Count) - len(first); more > 0 && len(lines) > 0 {
			lines = append(lines, lang.Number(more)+" more")
		}
		row.Lines = lang.Join(lines)
		out = append(out, row)
	}
	return out, kept, nil
}

// loadImport loads what was read, as a person has looked at it.
func (r *Room) loadImport(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	im, err := r.seen(req)
	if err != nil {
		return err
	}
	if !r.mayLoad(req, im.Kind) {
		return db.ErrNotFound
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if im.State != "previewed" {
		return notWaiting(im)
	}
	batch, err := r.batchOf(ctx, im.ID)
	if err != nil {
		return err
	}
	if months := r.looks(im, batch); !months.IsZero() {
		switch f.Value("period") {
		case "part":
			if err := r.TakeAs(ctx, im.ID, months); err != nil {
				return err
			}
			return web.SeeOther(w, req, "/work/imports/"+im.ID, "It is now taken as "+
				(intake.Part{Span: months}).Words("")+". Nothing is loaded yet.")
		case "whole":
		default:
			f.Add("period", "Say whether it is the whole year")
			return r.showPreview(w, req, im, http.StatusUnprocessableEntity, f)
		}
	}
	rep, err := r.shown(ctx, im)
	if err != nil {
		return err
	}
	if n := len(rep.LargeMoves()); n > 0 && !f.Yes("accept") {
		f.Add("accept", "Tick that this is right, or leave the file: "+
			lang.Plural(n, "figure moves", "figures move")+" by more than a third")
		return r.showPreview(w, req, im, http.StatusUnprocessableEntity, f)
	}
	if len(batch.Doubts) > 0 && !f.Yes("sure") {
		f.Add("sure", "Say that the file is right as it is, or leave it")
		return r.showPreview(w, req, im, http.StatusUnprocessableEntity, f)
	}
	err = r.Confirm(ctx, im.ID, Options{Seen: f.Value("seen"), AcceptChange: f.Yes("accept"), AcceptDoubts: f.Yes("sure"),
		WholeYear: f.Value("period") == "whole", By: web.PersonOf(req)})
	if errors.Is(err, db.ErrNotFound) { // somebody else was quicker
		if im, err = importByID(ctx, r.Work, im.ID); err == nil {
			err = notWaiting(im)
		}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, req, "/work/imports/"+im.ID, http.StatusSeeOther)
	return nil
}

func notWaiting(im Import) error {
	return web.Conflict("This import does not wait to be loaded", fmt.Sprintf("Its state is “%s”. Open it to see "+
		"what came of it.", im.StateWords()))
}
