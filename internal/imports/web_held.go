package imports

import (
	"net/http"
	"net/url"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// heldPage shows what is loaded and what is missing, by kind, year and authority.
type heldPage struct {
	ui.Base
	Years                           []string
	Rows                            []heldRow
	Loaded, Beside, Waiting, Missed int
	MayLoad                         bool
}

// Empty reports whether nothing is there yet.
func (p heldPage) Empty() bool { return p.Loaded+p.Beside+p.Waiting == 0 }

// A heldRow is one kind of file, of one authority where files of it are of one.
type heldRow struct {
	Title, Authority string
	Cells            []heldCell
}

// A heldCell is one kind and year: what is there of it, and where to send what is not.
type heldCell struct {
	Year     string
	Items    []heldItem
	Missing  bool   // the year has ended and nothing whole is loaded of it, or waits
	Goes     bool   // the year goes on
	SendHref string // "" for who may not
}

// A heldItem is one import that is loaded, or waits to be.
type heldItem struct {
	Import
	Tone, Words string
	Replaced    int // imports whose place it took
	MayWithdraw bool
}

// How many years the page shows: at least, and at most.
const fewYears, mostYears = 3, 6

func (r *Room) showHeld(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	all, err := heldImports(ctx, r.Work)
	if err != nil {
		return err
	}
	years, err := yearsOfMoves(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, k := range r.kinds {
		if k.Years == nil {
			continue
		}
		more, err := k.Years(ctx, r.Work)
		if err != nil {
			return err
		}
		for id, list := range more {
			for _, y := range list {
				years[id] = append(years[id], y.String())
			}
		}
	}
	c, err := r.coverage(ctx, r.Work)
	if err != nil {
		return err
	}
	p := heldPage{Base: web.Tabs(web.Base(req, "What we hold"), web.PersonOf(req), r.Tabs),
		MayLoad: web.PersonOf(req).May(access.ImportsManage)}
	h := holdings{all: all, years: years, this: period.YearOf(r.Now.Today())}
	for _, y := range h.columns() {
		p.Years = append(p.Years, y.String())
	}
	kinds := r.readable(web.PersonOf(req))
	for _, k := range r.Kinds() {
		if k.CountedFrom != nil || k.Timeless || kinds != nil && !slices.Contains(kinds, k.ID) {
			continue // it counts as another kind, or in no year, or what comes of it is not for this reader
		}
		send := p.MayLoad && r.mayLoad(req, k.ID)
		for _, a := range authoritiesOf(k, c, all) {
			row := heldRow{Title: p.Put(k.Title)}
			if a.Code != "" && len(c.Choices()) != 1 {
				row.Authority = a.Name
			}
			for _, y := range h.columns() {
				cell := h.cell(k, a.Code, y, send)
				p.count(cell)
				row.Cells = append(row.Cells, cell)
			}
			p.Rows = append(p.Rows, row)
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "held", p)
}

func (p *heldPage) count(c heldCell) {
	for _, x := range c.Items {
		switch {
		case x.State != "loaded":
			p.Waiting++
		case x.Part().Beside():
			p.Beside++
		default:
			p.Loaded++
		}
	}
	if c.Missing {
		p.Missed++
	}
}

// authoritiesOf lists whose files of a kind are expected: those that the partnership covers,
// and any that something is loaded of; one without a code for files that are of none.
func authoritiesOf(k intake.Kind, c register.Coverage, all []heldImport) []register.Covered {
	if k.NoChildren {
		return []register.Covered{{}}
	}
	out := slices.Clone(c.Choices())
	for _, im := range all {
		if im.Kind == k.ID && !slices.ContainsFunc(out, func(a register.Covered) bool { return a.Code == im.Authority }) {
			out = append(out, register.Covered{Code: im.Authority, Name: c.Named(im.Authority)})
		}
	}
	if len(out) == 0 {
		out = append(out, register.Covered{})
	}
	return out
}

// holdings is what the cells are made of.
type holdings struct {
	all   []heldImport
	years map[string][]string // of imports whose files are of no one year, by id
	this  period.Year
}

// of reports whether an import is of a year.
func (h holdings) of(im heldImport, y period.Year) bool {
	if im.Year != "" {
		return im.Year == y.String()
	}
	return slices.Contains(h.years[im.ID], y.String())
}

// columns lists the years to show, up to the last that has ended, or this one where
// something of it is there.
func (h holdings) columns() []period.Year {
	first, last := h.this-fewYears, h.this-1
	for y := h.this - mostYears; y <= h.this; y++ {
		if slices.ContainsFunc(h.all, func(im heldImport) bool { return h.of(im, y) }) {
			first, last = min(first, y), max(last, y)
		}
	}
	var out []period.Year
	for y := max(first, last+1-mostYears); y <= last; y++ {
		out = append(out, y)
	}
	return out
}

// cell gathers what there is of one kind, authority and year, the whole year first.
func (h holdings) cell(k intake.Kind, authority string, y period.Year, send bool) heldCell {
	c := heldCell{Year: y.String(), Goes: y >= h.this, Missing: y < h.this}
	if send {
		v := url.Values{"kind": {k.ID}, "year": {c.Year}}
		if authority != "" {
			v.Set("authority", authority)
		}
		c.SendHref = "/work/imports/new?" + v.Encode()
	}
	for _, im := range h.all {
		if im.Kind != k.ID || im.Authority != authority || !h.of(im, y) {
			continue
		}
		x := heldItem{Import: im.Import, Replaced: im.Took, Tone: "good", Words: "Loaded",
			MayWithdraw: send && im.State == "loaded"}
		switch {
		case im.State == "previewed":
			x.Tone, x.Words, x.Replaced = "watch", "Not loaded yet", 0
			if !im.Part().Beside() {
				c.Missing = false // what is to be done is to look at it
			}
		case im.Part().Beside():
			x.Tone, x.Words = "quiet", im.Period()
		default:
			c.Missing = false
		}
		c.Items = append(c.Items, x)
	}
	slices.SortStableFunc(c.Items, func(a, b heldItem) int { return len(a.Months) - len(b.Months) })
	return c
}

// A heldImport is an import that is loaded, or waits, and how many it took the place of.
type heldImport struct {
	Import
	Took int
}
