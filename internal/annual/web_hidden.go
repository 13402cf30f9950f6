package annual

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A hiddenPage says to whoever guards data what readers of a report will not see, and which
// small numbers they will.
type hiddenPage struct {
	ui.Base
	Report   Report
	Hidden   []release.HiddenCell
	Why      bool // the reader of the page may see which are small
	Refused  []release.Refusal
	Corrects bool
	Open     []openRow
}

// An openRow is a small number that readers will see.
type openRow struct {
	Title, When, Value, Why string
	Href                    string // where in the draft it was worked out
}

func (r *Room) showHidden(w http.ResponseWriter, req *http.Request) error {
	b, err := r.evaluate(req.Context(), req.PathValue("year"), false)
	if err != nil {
		return err
	}
	rel := b.ledger.release
	p := hiddenPage{Base: r.yearBase(req, b.text.report, "What readers will not see"), Report: b.text.report,
		Hidden: rel.Hidden, Why: access.SeesSmallCounts(web.PersonOf(req)), Refused: rel.Refusals, Corrects: rel.Corrects(),
		Open: b.openRows()}
	return web.Render(w, http.StatusOK, r.pages, "hidden", p)
}

// openRows lists the numbers from 1 to 5 that readers will see.
func (b *build) openRows() []openRow {
	var out []openRow
	seen := map[string]bool{}
	for _, e := range b.ledger.in() {
		for _, v := range e.values {
			n, ok := v.Count()
			key := release.Key(e.def.ID, figure.Ask{Period: e.ask.Period, At: e.ask.At, Where: v.Dims})
			if !ok || v.Ratio() || n < 1 || n >= figure.SmallBelow || seen[key] {
				continue
			}
			seen[key] = true
			one := &entry{def: e.def, ask: figure.Ask{Period: e.ask.Period, At: e.ask.At, Where: v.Dims}}
			out = append(out, openRow{Title: heading(one), When: lang.Sentence(when(e.ask)), Value: v.Shown(0),
				Why: openWords(e.def), Href: href(b.text.year.String()) + "/draft/figures/" + e.page})
		}
	}
	return out
}

// openWords say why a small number is not hidden.
func openWords(d *figure.Definition) string {
	if d.Protection == figure.Staff {
		return "It counts people at work, or what they came to, and no single setting."
	}
	return "It counts what the partnership did."
}
