package imports

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates
var templates embed.FS

// Routes mounts the pages on which people import files.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/imports", Permission: access.ImportsRead, Handle: r.listImports},
		{Pattern: "GET /work/imports/held", Permission: access.ImportsRead, Handle: r.showHeld},
		{Pattern: "GET /work/imports/new", Permission: access.ImportsManage, Handle: r.newImport},
		{Pattern: "POST /work/imports/new", Permission: access.ImportsManage, Handle: r.addImport},
		{Pattern: "GET /work/imports/sources", Permission: access.ImportsManage, Handle: r.listSources},
		{Pattern: "GET /work/imports/sources/{id}/delete", Permission: access.ImportsManage,
			Handle: r.confirmDeleteSource},
		{Pattern: "POST /work/imports/sources/{id}/delete", Permission: access.ImportsManage, Handle: r.deleteSource},
		{Pattern: "GET /work/imports/{id}", Permission: access.ImportsRead, Handle: r.showImport},
		{Pattern: "POST /work/imports/{id}/load", Permission: access.ImportsManage, Handle: r.loadImport},
		{Pattern: "POST /work/imports/{id}/cancel", Permission: access.ImportsManage, Handle: r.cancelImport},
		{Pattern: "GET /work/imports/{id}/withdraw", Permission: access.ImportsManage, Handle: r.confirmWithdrawImport},
		{Pattern: "POST /work/imports/{id}/withdraw", Permission: access.ImportsManage, Handle: r.withdrawImport,
			Confirm: web.Always},
	}
}

// states are the words and tones for an import's state.
var states = map[string][2]string{
	"running": {"quiet", "Reading"}, "previewed": {"watch", "Not loaded yet"}, "loading": {"quiet", "Loading"},
	"refused": {"bad", "Not loaded"}, "loaded": {"good", "Loaded"},
	"replaced": {"quiet", "Replaced"}, "withdrawn": {"quiet", "Withdrawn"},
	"cancelled": {"quiet", "Cancelled"}, "interrupted": {"bad", "Interrupted"},
}

var stateOrder = []string{"loaded", "previewed", "running", "loading", "refused", "replaced", "withdrawn",
	"cancelled", "interrupted"}

// Tone gives the tone of the import's state, for its tag.
func (im Import) Tone() string { return states[im.State][0] }

// StateWords gives the import's state in words.
func (im Import) StateWords() string { return states[im.State][1] }

// Sentences gives what the import brought, a sentence each.
func (im Import) Sentences() []string {
	if im.Summary == "" {
		return nil
	}
	return strings.Split(im.Summary, "\n")
}

// way begins the crumbs of a page: imports stand under Performance for those who
// may read figures.
func way(req *http.Request, pairs ...string) []string {
	out := append([]string{"Imports", "/work/imports"}, pairs...)
	if web.PersonOf(req).May(access.FiguresRead) {
		out = append([]string{"Performance", "/work/performance"}, out...)
	}
	return out
}

// A Brought is one of the sentences about what an import brought; the names in a
// long one are apart from it.
type Brought struct{ Text, Names string }

// longSentence is how long a sentence may be before its names stand apart.
const longSentence = 160

// Brought gives what the import brought, with long lists of names apart.
func (im Import) Brought() (out []Brought) {
	for _, s := range im.Sentences() {
		text, names, listed := strings.Cut(s, ": ")
		if len(s) <= longSentence || !listed {
			text, names = s, ""
		}
		out = append(out, Brought{text, names})
	}
	return out
}

type listPage struct {
	ui.Base
	List    ui.List
	Rows    []listRow
	Kinds   []ui.Choice
	States  []ui.Choice
	Years   []ui.Choice
	MayLoad bool
}

type listRow struct {
	Import
	KindTitle string
	Files     string
}

var listOrders = map[string]string{"created": "i.created_at", "kind": "i.kind", "year": "i.year", "rows": "i.rows_read",
	"findings": "i.finding_count"}

func (r *Room) listImports(w http.ResponseWriter, req *http.Request) error {
	ctx, v := req.Context(), req.URL.Query()
	l := ui.ReadList("/work/imports", v, "-created", "kind", "year", "rows", "findings")
	l.One, l.Many = "import", "imports"
	kind, state, year, search := v.Get("kind"), v.Get("state"), v.Get("year"), v.Get("q")
	kinds := r.readable(web.PersonOf(req))
	var err error
	if l.Total, err = countImports(ctx, r.Work, kinds, kind, state, year, search); err != nil {
		return err
	}
	order := listOrders[l.Sort]
	if l.Desc {
		order += " DESC"
	}
	limit, offset := l.Window()
	ims, err := listImports(ctx, r.Work, kinds, kind, state, year, search, order+", i.id", limit, offset)
	if err != nil {
		return err
	}
	page := listPage{Base: web.Tabs(web.Base(req, "Imports"), web.PersonOf(req), r.Tabs),
		MayLoad: web.PersonOf(req).May(access.ImportsManage)}
	for _, im := range ims {
		files, err := filesOf(ctx, r.Work, im.ID)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, listRow{Import: im, KindTitle: r.title(page.Base, im.Kind), Files: shortNames(files)})
	}
	if l.Exporting("csv") {
		var rows [][]string
		for _, x := range page.Rows {
			rows = append(rows, []string{x.ID, x.KindTitle, x.Period(), x.Authority, x.StateWords(), fmt.Sprint(x.Rows),
				fmt.Sprint(x.Found), x.Files, x.By, x.CreatedAt.Format("2006-01-02 15:04")})
		}
		return web.CSV(w, "imports.csv", []string{"id", "kind", "period", "authority", "state", "rows", "findings", "files",
			"by", "at"}, rows)
	}
	for _, k := range r.Kinds() {
		if kinds != nil && !slices.Contains(kinds, k.ID) {
			continue
		}
		page.Kinds = append(page.Kinds, ui.Choice{Value: k.ID, Text: page.Put(k.Title)})
	}
	for _, s := range stateOrder {
		page.States = append(page.States, ui.Choice{Value: s, Text: states[s][1]})
	}
	years, err := importYears(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, y := range years {
		page.Years = append(page.Years, ui.Choice{Value: y, Text: y})
	}
	page.List = l
	return web.Render(w, http.StatusOK, r.pages, "list", page)
}

// title names a kind of file in the partnership's own words.
func (r *Room) title(b ui.Base, kind string) string {
	if k, ok := r.Kind(kind); ok {
		return b.Put(k.Title)
	}
	return kind
}

// shortNames lists the first files by name and counts the others.
func shortNames(files []intake.LoadedFile) string {
	if len(files) <= 2 {
		return fileNames(files)
	}
	return fmt.Sprintf("%s and %d more", files[0].Name, len(files)-1)
}

type showPage struct {
	ui.Base
	Import    Import
	KindTitle string
	Files     []intake.LoadedFile
	List      ui.List
	Findings  []intake.Finding
	Rules     []ui.Choice
	Kept      int // findings kept in full
	Moves     []movedRow
	Against   string // heading of the counts before: what is loaded, or an earlier year
	AgainHref string // sends the files again with what was chosen
	MayManage bool
	Running   bool // it is being read, or loaded
	History   []audittrail.Entry
}

func (r *Room) showImport(w http.ResponseWriter, req *http.Request) error {
	ctx, v := req.Context(), req.URL.Query()
	im, err := r.seen(req)
	if err != nil {
		return err
	}
	if im.State == "previewed" && v.Get("format") == "" {
		return r.showPreview(w, req, im, http.StatusOK, web.NewForm())
	}
	p := showPage{Import: im, KindTitle: r.title(web.Base(req, ""), im.Kind),
		Running:   im.State == "running" || im.State == "loading",
		MayManage: web.PersonOf(req).May(access.ImportsManage)}
	p.Base = web.Crumbs(web.Base(req, strings.TrimSuffix(p.KindTitle+", "+im.Period(), ", ")),
		way(req, p.KindTitle, "")...)
	if p.Files, err = filesOf(ctx, r.Work, im.ID); err != nil {
		return err
	}
	if p.History, err = audittrail.Of(ctx, r.Work, im.Kind, im.ID); err != nil {
		return err
	}
	moves, err := movesOf(ctx, r.Work, im.ID)
	if err != nil {
		return err
	}
	p.Moves, p.Against = movedRows(p.Base, moves, access.SeesSmallCounts(web.PersonOf(req)))
	if im.State == "refused" || im.State == "interrupted" || im.State == "cancelled" {
		p.AgainHref = againHref(im)
	}
	rules, err := rulesOf(ctx, r.Work, im.ID)
	if err != nil {
		return err
	}
	for _, x := range rules {
		p.Kept += int(x.Count)
		p.Rules = append(p.Rules, ui.Choice{Value: x.Rule, Text: fmt.Sprintf("%s (%d)", strings.ReplaceAll(x.Rule, "-", " "),
			x.Count)})
	}
	l := ui.ReadList("/work/imports/"+im.ID, v, "number")
	l.One, l.Many = "finding", "findings"
	if l.Total, err = countFindings(ctx, r.Work, im.ID, v.Get("rule")); err != nil {
		return err
	}
	limit, offset := l.Window()
	if p.Findings, err = findingsOf(ctx, r.Work, im.ID, v.Get("rule"), limit, offset); err != nil {
		return err
	}
	if l.Exporting("csv") {
		var rows [][]string
		for _, f := range p.Findings {
			rows = append(rows, []string{f.File, fmt.Sprint(f.Line), f.Field, f.Rule, f.Message})
		}
		return web.CSV(w, "findings.csv", []string{"file", "line", "field", "rule", "message"}, rows)
	}
	p.List = l
	return web.Render(w, http.StatusOK, r.pages, "show", p)
}

// A movedRow is a figure before and after an import, in words.
type movedRow struct {
	Title, Before, After, Period string
	Large                        bool
}

// countWords writes a count. Who may not see small ones is told only that it is one.
func countWords(n int64, small bool) string {
	if !small && n > 0 && n < figure.SmallBelow {
		return figure.FewerWords
	}
	return lang.Number(int(n))
}

// movedRows writes figures before and after, and the heading of those before.
func movedRows(p ui.Base, moves []intake.Move, small bool) (rows []movedRow, against string) {
	for _, m := range moves {
		row := movedRow{p.Put(m.Title), countWords(m.Before, small), countWords(m.After, small), m.Period, m.Large()}
		switch {
		case m.Against == "":
			row.Before = "–"
		case m.Replaces(), m.Beside == 1:
			against = "Before, " + m.Against
		default:
			against = "In " + m.Against
		}
		rows = append(rows, row)
	}
	return rows, cmp.Or(against, "Before")
}

// againHref opens the form with what was chosen for an import that was not loaded.
func againHref(im Import) string {
	v := url.Values{"kind": {im.Kind}}
	for name, value := range map[string]string{"year": im.Year, "authority": im.Authority} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if y, err := period.ParseYear(im.Year); err == nil {
		if part := partValue(im.Part().Span, y); part != "" {
			v.Set("part", part)
		}
	}
	if im.Provisional == 1 {
		v.Set("provisional", "yes")
	}
	return "/work/imports/new?" + v.Encode()
}

func (r *Room) cancelImport(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	im, err := r.seen(req)
	if err != nil {
		return err
	}
	if !r.mayLoad(req, im.Kind) {
		return db.ErrNotFound
	}
	ended, err := r.End(req.Context(), id, web.PersonOf(req))
	if err != nil {
		return err
	}
	if !ended {
		return web.Conflict("This import cannot be cancelled",
			"It has already ended. Open it to see what came of it; a loaded import can be withdrawn.")
	}
	if im.State == "previewed" {
		return web.SeeOther(w, req, "/work/imports/"+id, "The file is left. Nothing has changed.")
	}
	return web.SeeOther(w, req, "/work/imports/"+id, "The import is being cancelled. Nothing of it will be loaded.")
}

// seen gives the import of an address to who may see what came of it.
func (r *Room) seen(req *http.Request) (Import, error) {
	im, err := importByID(req.Context(), r.Work, req.PathValue("id"))
	if err == nil && !r.may(web.PersonOf(req), access.Read, im.Kind) {
		err = db.ErrNotFound
	}
	return im, err
}

// readable lists the kinds of which a person may see what came; nil where it is all of them.
func (r *Room) readable(p web.Person) []string {
	ids, all := []string{}, true
	for _, k := range r.Kinds() {
		if r.may(p, access.Read, k.ID) {
			ids = append(ids, k.ID)
		} else {
			all = false
		}
	}
	if all {
		return nil
	}
	return ids
}

// mayLoad reports whether who asks may load files of a kind, and so end what
// comes of them.
func (r *Room) mayLoad(req *http.Request, kind string) bool {
	return r.maySend(web.PersonOf(req), kind)
}

// maySend reports whether a person has the permission that a kind of file takes.
func (r *Room) maySend(p web.Person, kind string) bool {
	return r.may(p, loadDo, kind)
}

type withdrawPage struct {
	ui.Base
	Import    Import
	KindTitle string
	Files     []intake.LoadedFile
	Earlier   []Import // what comes back
}

func (r *Room) confirmWithdrawImport(w http.ResponseWriter, req *http.Request) error {
	im, err := r.seen(req)
	if err != nil {
		return err
	}
	if im.State != "loaded" {
		return notLoaded(im)
	}
	k, _ := r.Kind(im.Kind)
	p := withdrawPage{Import: im, KindTitle: r.title(web.Base(req, ""), im.Kind)}
	p.Base = web.Crumbs(web.Base(req, "Withdraw this import?"), way(req, p.KindTitle, "/work/imports/"+im.ID, "Withdraw",
		"")...)
	if p.Files, err = filesOf(req.Context(), r.Work, im.ID); err != nil {
		return err
	}
	if p.Earlier, err = comesBack(req.Context(), r.Work, k, im.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "withdraw", p)
}

func notLoaded(im Import) error {
	return web.Conflict("This import is not loaded", fmt.Sprintf("Its state is “%s”, so there is nothing to withdraw.",
		im.StateWords()))
}

func (r *Room) withdrawImport(w http.ResponseWriter, req *http.Request) error {
	im, err := r.seen(req)
	if err != nil {
		return err
	}
	if !r.mayLoad(req, im.Kind) {
		return db.ErrNotFound
	}
	if im.State != "loaded" {
		return notLoaded(im)
	}
	back, err := r.Withdraw(req.Context(), im.ID, web.PersonOf(req))
	if errors.Is(err, ErrNotLoaded) { // somebody else was quicker
		if im, err = importByID(req.Context(), r.Work, im.ID); err == nil {
			err = notLoaded(im)
		}
	}
	if err != nil {
		return err
	}
	said := "The import is withdrawn, with the records it brought."
	if len(back) > 0 {
		said += " What it had taken the place of is loaded again."
	}
	return web.SeeOther(w, req, "/work/imports/"+im.ID, said)
}
