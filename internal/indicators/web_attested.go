package indicators

import (
	"errors"
	"net/http"
	"strconv"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type attestedPage struct {
	ui.Base
	Beside    []ui.NavItem
	List      ui.List
	Rows      []attestedRow
	MayAttest bool
}

type attestedRow struct {
	Attested
	Shown string
	Tone  string
	State string
}

func (r *Room) listAttested(w http.ResponseWriter, req *http.Request) error {
	v := req.URL.Query()
	l := ui.ReadList("/work/performance/attested", v, "title")
	l.One, l.Many = "value", "values"
	all, err := allAttested(req.Context(), r.Work)
	if err != nil {
		return err
	}
	var rows []attestedRow
	for _, a := range all {
		row := attestedRow{Attested: a, Shown: text(a.Value()), Tone: "watch", State: "Provisional"}
		switch {
		case a.ReplacedBy != "":
			row.Tone, row.State = "quiet", "Replaced"
		case a.Final:
			row.Tone, row.State = "good", "Final"
		}
		rows = append(rows, row)
	}
	if v.Get("format") == "csv" {
		var out [][]string
		for _, x := range rows {
			out = append(out, []string{x.Figure, x.Title, x.From.String(), x.To.String(), x.Shown, x.Unit, x.Source, x.Owner, x.GivenOn.String(), x.State, x.Reason})
		}
		return web.CSV(w, "attested.csv", []string{"id", "figure", "from", "to", "value", "unit", "source", "owner", "given", "state", "reason"}, out)
	}
	l.Total = len(rows)
	from := min(l.Offset(), len(rows))
	rows = rows[from:min(from+l.Size, len(rows))]
	p := attestedPage{Beside: beside(req), List: l, Rows: rows, MayAttest: web.PersonOf(req).May("figures:attest")}
	p.Base = web.Base(req, "Attested figures")
	return web.Render(w, http.StatusOK, r.pages, "attested", p)
}

type attestPage struct {
	ui.Base
	Form        *web.Form
	Replaces    *Attested
	Shown       string
	Kinds       []ui.Choice
	Protections []ui.Choice
	Standings   []ui.Choice
}

func (r *Room) attestPage(req *http.Request, title string, f *web.Form) attestPage {
	return attestPage{
		Base: web.Crumbs(web.Base(req, title), "Performance", "/work/performance", "Attested figures", "/work/performance/attested", title, ""),
		Form: f,
		Kinds: []ui.Choice{{Value: "flow", Text: "A period", Hint: "What happened from one day to another"},
			{Value: "stock", Text: "A day", Hint: "How many there were on one day"}},
		Protections: []ui.Choice{{Value: "child", Text: "Children or families"}, {Value: "staff", Text: "People at work"}, {Value: "open", Text: "What the partnership did"}},
		Standings:   []ui.Choice{{Value: "provisional", Text: "Provisional", Hint: "It may still change"}, {Value: "final", Text: "Final"}},
	}
}

func (r *Room) showAttest(w http.ResponseWriter, req *http.Request) error {
	return web.Render(w, http.StatusOK, r.pages, "attest", r.attestPage(req, "Attest a figure", web.NewForm()))
}

func (r *Room) attest(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	a := readAttested(f)
	if f.OK() {
		_, err = r.Attest(req.Context(), a, web.PersonOf(req))
		if errors.Is(err, ErrHasValue) {
			f.Add("title", "“"+a.Title+"” already has a value for "+a.When()+". Open the list and replace that one")
		} else if err != nil {
			return err
		}
	}
	if !f.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "attest", r.attestPage(req, "Attest a figure", f))
	}
	return web.SeeOther(w, req, "/work/performance/attested", "“"+a.Title+"” is attested for "+a.When()+".")
}

func (r *Room) replacePage(req *http.Request, old Attested, f *web.Form) attestPage {
	p := r.attestPage(req, "Replace a value", f)
	p.Replaces, p.Shown = &old, text(old.Value())
	return p
}

func (r *Room) showReplace(w http.ResponseWriter, req *http.Request) error {
	old, err := attestedByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm("numerator", strconv.FormatInt(old.Numerator, 10), "source", old.Source, "owner", old.Owner)
	if old.Denominator > 0 {
		f.Set("denominator", strconv.FormatInt(old.Denominator, 10))
	}
	return web.Render(w, http.StatusOK, r.pages, "attest", r.replacePage(req, old, f))
}

func (r *Room) replace(w http.ResponseWriter, req *http.Request) error {
	old, err := attestedByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	better := readReplacement(f)
	if f.OK() {
		_, err := r.Replace(req.Context(), old.ID, better, web.PersonOf(req))
		if errors.Is(err, ErrReplaced) {
			return web.Conflict("Somebody replaced this value before you", "Open the list to see the value that stands now. What you entered was not kept.")
		} else if err != nil {
			return err
		}
		return web.SeeOther(w, req, "/work/performance/attested", "The value of “"+old.Title+"” is replaced; the old one can still be read.")
	}
	return web.Render(w, http.StatusUnprocessableEntity, r.pages, "attest", r.replacePage(req, old, f))
}
