package partnership

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type areasPage struct {
	ui.Base
	Section   []ui.NavItem
	List      ui.List
	Areas     []Area
	Kinds     []ui.Choice
	Which     []ui.Choice
	MayManage bool
}

func (r *Room) listAreas(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list := ui.ReadList("/work/areas", req.URL.Query(), "kind", "name", "code")
	list.One, list.Many = "area", "areas"
	f := areaFilter{Search: list.Value("q"), Kind: list.Value("kind"), Which: list.Value("which")}
	if list.Value("format") == "csv" {
		return r.exportAreas(w, req, f, order(list))
	}
	var err error
	if list.Total, err = countAreas(ctx, r.Work, f); err != nil {
		return err
	}
	page := areasPage{Base: web.Base(req, "Authorities and areas"), Section: section(req), List: list, Kinds: areaKindChoices(), Which: ui.Choices("ended", "Ended", "all", "All, with those that ended"), MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	if page.Areas, err = listAreas(ctx, r.Work, f, order(list), list.Size, list.Offset()); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "areas", page)
}

func (r *Room) exportAreas(w http.ResponseWriter, req *http.Request, f areaFilter, by string) error {
	all, err := listAreas(req.Context(), r.Work, f, by, exportLimit, 0)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, a := range all {
		rows = append(rows, []string{a.Code, a.Name, a.Kind, string(a.ParentCode), yes(a.Covered), a.FromOn.String(), a.EndedOn.String()})
	}
	return web.CSV(w, "areas.csv", []string{"code", "name", "kind", "parent_code", "covered", "from_on", "ended_on"}, rows)
}

type areaPage struct {
	formPage
	Changes []areaChange
}

func (r *Room) newArea(w http.ResponseWriter, req *http.Request) error {
	return r.renderArea(w, req, http.StatusOK, "", web.NewForm("kind", "authority"))
}

func (r *Room) renderArea(w http.ResponseWriter, req *http.Request, status int, code string, f *web.Form) error {
	within, err := parents(req.Context(), r.Work)
	if err != nil {
		return err
	}
	page := areaPage{formPage: formPage{Base: frame(req, "Add an area", "Authorities and areas", "/work/areas", "Add", ""), Form: f, Save: "Add area", Cancel: "/work/areas",
		Kinds: areaKindChoices(), Within: areaChoices(within), New: true}}
	if code != "" {
		page.Base = frame(req, "Change an area", "Authorities and areas", "/work/areas", "Change", "")
		page.Save, page.New = "Save", false
		if page.Changes, err = changesOf(req.Context(), r.Work, code); err != nil {
			return err
		}
	}
	return web.Render(w, status, r.pages, "area-form", page)
}

// readAreaForm reads the form of an area.
func (r *Room) readAreaForm(w http.ResponseWriter, req *http.Request, code string) (*web.Form, Area, []string, error) {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return nil, Area{}, nil, err
	}
	if code != "" {
		f.Set("code", code) // a code is never changed: another code is another area
	}
	within, err := parents(req.Context(), r.Work)
	if err != nil {
		return nil, Area{}, nil, err
	}
	a, successors := readArea(f, areaChoices(within))
	return f, a, successors, nil
}

func (r *Room) addArea(w http.ResponseWriter, req *http.Request) error {
	f, a, _, err := r.readAreaForm(w, req, "")
	if err != nil {
		return err
	}
	if !f.OK() {
		return r.renderArea(w, req, http.StatusUnprocessableEntity, "", f)
	}
	err = r.AddArea(req.Context(), web.PersonOf(req), a)
	if errors.Is(err, ErrNameTaken) {
		f.Add("code", "There is, or was, an area with this code")
		return r.renderArea(w, req, http.StatusConflict, "", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/areas", a.Name+" is added.")
}

func (r *Room) showArea(w http.ResponseWriter, req *http.Request) error {
	a, err := areaByCode(req.Context(), r.Work, req.PathValue("code"))
	if err != nil {
		return err
	}
	changes, err := changesOf(req.Context(), r.Work, a.Code)
	if err != nil {
		return err
	}
	var after []string
	for _, c := range changes {
		if c.FromCode == a.Code {
			after = append(after, c.ToCode)
		}
	}
	return r.renderArea(w, req, http.StatusOK, a.Code, areaForm(a, strings.Join(after, ", ")))
}

func (r *Room) editArea(w http.ResponseWriter, req *http.Request) error {
	code := req.PathValue("code")
	f, a, successors, err := r.readAreaForm(w, req, code)
	if err != nil {
		return err
	}
	if !f.OK() {
		return r.renderArea(w, req, http.StatusUnprocessableEntity, code, f)
	}
	err = r.EditArea(req.Context(), web.PersonOf(req), a, successors)
	if db.IsForeign(err) {
		f.Add("successors", "Add the areas that took its place first")
		return r.renderArea(w, req, http.StatusConflict, code, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/areas", "Saved.")
}
