package partnership

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const areasTitle = "Authorities and areas"

type areasPage struct {
	ui.Base
	List      ui.List
	Areas     []Area
	Kinds     []ui.Choice
	Which     []ui.Choice
	MayManage bool
}

func (r *Room) listAreas(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(areasRoot, req.URL.Query(), "kind", "name", "code")
	list.One, list.Many = "area", "areas"
	f := areaFilter{Search: list.Value("q"), Kind: list.Value("kind"), Which: list.Value("which"), Sort: list.Sort,
		Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := listAreas(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportAreas(w, all)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "areas", areasPage{Base: r.listBase(req, areasTitle), List: list,
		Areas: all,
		Kinds: areaKindChoices(), Which: ui.Choices("ended", "Ended", "all", "All, with those that ended"),
		MayManage: web.PersonOf(req).May(access.PartnershipManage)})
}

func exportAreas(w http.ResponseWriter, all []Area) error {
	var rows [][]string
	for _, a := range all {
		rows = append(rows, []string{a.Code, a.Name, a.Kind, string(a.ParentCode), yes(a.Covered), a.FromOn.String(),
			a.EndedOn.String()})
	}
	return web.CSV(w, "areas.csv", []string{"code", "name", "kind", "parent_code", "covered", "from_on", "ended_on"}, rows)
}

type areaFormPage struct {
	formPage
	Changes []areaChange
}

// areaForm gives what shows the form of an area that lies within one of some.
func (r *Room) areaForm(w http.ResponseWriter, req *http.Request, page areaFormPage, title string,
	within []ui.Choice) func(int, *web.Form) error {
	return func(status int, f *web.Form) (err error) {
		if page.History, err = r.history(req, "area", req.PathValue("code")); err != nil {
			return err
		}
		page.FormPage = ui.FormPage{Base: base(req, title, areasTitle, areasRoot, title, ""), Form: f, Cancel: areasRoot}
		page.Kinds, page.Within = areaKindChoices(), within
		return web.Render(w, status, r.pages, "area-form", page)
	}
}

// newAreaForm is areaForm for one that is to be added, with what it can lie within.
func (r *Room) newAreaForm(w http.ResponseWriter, req *http.Request) (show func(int, *web.Form) error,
	within []ui.Choice, err error) {
	list, err := parents(req.Context(), r.Work)
	within = areaChoices(list)
	return r.areaForm(w, req, areaFormPage{formPage: formPage{Save: "Add area", New: true}}, "Add an area", within),
		within, err
}

func (r *Room) newArea(w http.ResponseWriter, req *http.Request) error {
	show, _, err := r.newAreaForm(w, req)
	if err != nil {
		return err
	}
	return show(http.StatusOK, web.NewRecord("kind", "authority"))
}

func (r *Room) addArea(w http.ResponseWriter, req *http.Request) error {
	show, within, err := r.newAreaForm(w, req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		a, err := readNewArea(req.Context(), f, within)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		return web.Done{To: areasRoot, Words: a.Name + " is added."}, r.AddArea(req.Context(), web.PersonOf(req), a)
	})
}

// editAreaForm is areaForm for the area of an address, filled with what is kept.
func (r *Room) editAreaForm(w http.ResponseWriter, req *http.Request) (show func(int, *web.Form) error,
	filled *web.Form, within []ui.Choice, err error) {
	a, err := areaByCode(req.Context(), r.Work, req.PathValue("code"))
	if err != nil {
		return nil, nil, nil, err
	}
	changes, err := changesOf(req.Context(), r.Work, a.Code)
	if err != nil {
		return nil, nil, nil, err
	}
	list, err := parents(req.Context(), r.Work)
	within = areaChoices(list)
	page := areaFormPage{formPage: formPage{Save: "Save"}, Changes: changes}
	return r.areaForm(w, req, page, "Change an area", within), fillArea(a, changes), within, err
}

func (r *Room) editArea(w http.ResponseWriter, req *http.Request) error {
	show, filled, _, err := r.editAreaForm(w, req)
	if err != nil {
		return err
	}
	return show(http.StatusOK, filled)
}

func (r *Room) saveArea(w http.ResponseWriter, req *http.Request) error {
	show, filled, within, err := r.editAreaForm(w, req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		f.Set("code", filled.Value("code")) // a code is never changed: another code is another area
		a, successors := readArea(f, within)
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: areasRoot, Words: "Saved."}, r.SaveArea(req.Context(), web.PersonOf(req), a, successors, f.Seen())
	})
}
