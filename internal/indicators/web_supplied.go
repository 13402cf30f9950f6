package indicators

import (
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/figure"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const suppliedRoot = root + "/supplied"

type suppliedPage struct {
	ui.Base
	List      ui.List
	Rows      []suppliedRow
	MaySupply bool
	Unsaid    []Supplied // a value of each figure of which nobody has said what it counts
}

type suppliedRow struct {
	Supplied
	Shown string
	Tone  string
	State string
}

func (r *Room) listSupplied(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(suppliedRoot, req.URL.Query(), "title")
	list.One, list.Many = "value", "values"
	all, err := allSupplied(req.Context(), r.Work)
	if err != nil {
		return err
	}
	var rows []suppliedRow
	for _, a := range all {
		row := suppliedRow{Supplied: a, Shown: shown(a, access.SeesSmallCounts(web.PersonOf(req))), Tone: "watch",
			State: "Provisional"}
		switch {
		case a.ReplacedBy != "":
			row.Tone, row.State = "quiet", "Replaced"
		case a.Final:
			row.Tone, row.State = "good", "Final"
		}
		rows = append(rows, row)
	}
	if list.Exporting("csv") {
		return exportSupplied(w, rows)
	}
	var unsaid []Supplied
	for _, a := range all {
		if a.Counted == "" && a.ReplacedBy == "" &&
			!slices.ContainsFunc(unsaid, func(x Supplied) bool { return x.Figure == a.Figure }) {
			unsaid = append(unsaid, a)
		}
	}
	list.Total = len(rows)
	limit, from := list.Window()
	from = min(from, len(rows))
	person := web.PersonOf(req)
	return web.Render(w, http.StatusOK, r.pages, "supplied", suppliedPage{
		Base: web.Tabs(web.Base(req, "Supplied figures"), person, r.Tabs), List: list,
		Rows: rows[from:min(from+limit, len(rows))], MaySupply: person.May(supply), Unsaid: unsaid})
}

// shown writes a supplied value, for who may see counts of very few children or not.
func shown(a Supplied, small bool) string {
	v := a.Value()
	v.Definition = &figure.Definition{Protection: a.Protection()}
	if !small && v.Small() {
		return v.SmallWords()
	}
	return text(v)
}

func exportSupplied(w http.ResponseWriter, rows []suppliedRow) error {
	var out [][]string
	for _, x := range rows {
		out = append(out, []string{x.Figure, x.Title, x.From.String(), x.To.String(), x.Shown, x.Unit, x.CountedWords(),
			x.Source, x.Owner, x.GivenOn.String(), x.State, x.Reason})
	}
	header := []string{"id", "figure", "from", "to", "value", "unit", "counts", "source", "owner", "given", "state",
		"reason"}
	return web.CSV(w, "supplied.csv", header, out)
}

type suppliedFormPage struct {
	ui.FormPage
	Replaces  *Supplied
	Shown     string
	Kinds     []ui.Choice
	Counted   []ui.Choice
	AskSure   bool
	Standings []ui.Choice
}

// suppliedForm gives what shows the form of a value; with the id of one that it
// replaces, or "".
func (r *Room) suppliedForm(w http.ResponseWriter, req *http.Request, title, replaces string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		p := suppliedFormPage{
			FormPage: ui.FormPage{Base: base(req, title, "Supplied figures", suppliedRoot, title, ""), Form: f,
				Cancel: suppliedRoot},
			Kinds: []ui.Choice{{Value: "flow", Text: "A period", Hint: "What happened from one day to another"},
				{Value: "stock", Text: "A day", Hint: "How many there were on one day"}},
			Counted: countedChoices(), AskSure: sureAsked(f),
			Standings: []ui.Choice{{Value: "provisional", Text: "Provisional", Hint: "It may still change"},
				{Value: "final", Text: "Final"}},
		}
		if replaces != "" {
			old, err := standing(req.Context(), r.Work, replaces)
			if err != nil {
				return err
			}
			p.Replaces, p.Shown = &old, shown(old, access.SeesSmallCounts(web.PersonOf(req)))
		}
		return web.Render(w, status, r.pages, "supplied-form", p)
	}
}

func (r *Room) newSupplied(w http.ResponseWriter, req *http.Request) error {
	return r.suppliedForm(w, req, "Add a supplied figure", "")(http.StatusOK, web.NewRecord())
}

func (r *Room) addSupplied(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.suppliedForm(w, req, "Add a supplied figure", ""), func(f *web.Form) (web.Done, error) {
		a := readSupplied(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.AddSupplied(req.Context(), web.PersonOf(req), a)
		return web.Done{To: suppliedRoot, Words: "“" + a.Title + "” is added for " + a.When() + "."}, err
	})
}

const replaceTitle = "Replace a value"

func (r *Room) confirmReplaceSupplied(w http.ResponseWriter, req *http.Request) error {
	old, err := standing(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.suppliedForm(w, req, replaceTitle, old.ID)(http.StatusOK, fillReplacement(old))
}

func (r *Room) replaceSupplied(w http.ResponseWriter, req *http.Request) error {
	old, err := suppliedByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.suppliedForm(w, req, replaceTitle, old.ID), func(f *web.Form) (web.Done, error) {
		better := readReplacement(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.ReplaceSupplied(req.Context(), web.PersonOf(req), old.ID, better, f.Seen())
		return web.Done{To: suppliedRoot, Words: "The value of “" + old.Title +
			"” is replaced; the old one can still be read."}, err
	})
}

type classifyPage struct {
	ui.FormPage
	Value   Supplied
	Counted []ui.Choice
	AskSure bool
}

const classifyTitle = "Say what it counts"

func (r *Room) classifyForm(w http.ResponseWriter, req *http.Request, a Supplied) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "classify", classifyPage{
			FormPage: ui.FormPage{Base: base(req, classifyTitle, "Supplied figures", suppliedRoot, classifyTitle, ""),
				Form: f, Cancel: suppliedRoot},
			Value: a, Counted: countedChoices(), AskSure: sureAsked(f)})
	}
}

func (r *Room) confirmClassifySupplied(w http.ResponseWriter, req *http.Request) error {
	a, err := standing(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.classifyForm(w, req, a)(http.StatusOK, fillCounted(a))
}

func (r *Room) classifySupplied(w http.ResponseWriter, req *http.Request) error {
	a, err := standing(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.classifyForm(w, req, a), func(f *web.Form) (web.Done, error) {
		counted, reason := readClassification(f, a)
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: suppliedRoot, Words: "“" + a.Title + "” is protected as “" + countedOf(counted).text + "”."},
			r.ClassifySupplied(req.Context(), web.PersonOf(req), a.ID, counted, reason, f.Seen())
	})
}
