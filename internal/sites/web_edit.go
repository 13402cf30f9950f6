package sites

import (
	"errors"
	"html/template"
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type editPage struct {
	ui.Base
	New      bool
	Form     *web.Form
	Sections []ui.Choice
	Shelves  []ui.Choice
	Owners   []ui.Choice
	Previews bool // the words below the form are what was asked to preview
	Body     template.HTML
	Links    []Link
	Conflict bool   // somebody else saved meanwhile
	Newest   string // where what they saved can be read
}

// editor shows a page's form, with the preview when one was asked for.
func (r *Room) editor(w http.ResponseWriter, req *http.Request, status int, p editPage, people []owner) error {
	p.Sections, p.Shelves = Sections(), Shelves()
	for _, o := range people {
		p.Owners = append(p.Owners, ui.Choice{Value: o.ID, Text: o.Name})
	}
	if p.Previews {
		md := p.Form.Value("markdown")
		p.Body = Render(md)
		p.Links = r.brokenLinks(req.Context(), md)
	}
	return web.Render(w, status, r.pages, "edit", p)
}

func (r *Room) showNew(w http.ResponseWriter, req *http.Request) error {
	people, err := owners(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.editor(w, req, http.StatusOK, editPage{Base: crumbs(req, "Add a page"), New: true, Form: web.NewForm("section", Hub, "owner", web.PersonOf(req).ID)}, people)
}

func (r *Room) create(w http.ResponseWriter, req *http.Request) error {
	form, people, err := r.readEdit(w, req)
	if err != nil {
		return err
	}
	page := editPage{Base: crumbs(req, "Add a page"), New: true, Form: form}
	d := readNew(form, people)
	if form.Value("act") == "preview" {
		page.Form, page.Previews = unchecked(form), true
		return r.editor(w, req, http.StatusOK, page, people)
	}
	if !form.OK() {
		return r.editor(w, req, http.StatusUnprocessableEntity, page, people)
	}
	err = r.Create(req.Context(), web.PersonOf(req), d)
	if errors.Is(err, ErrSlugTaken) {
		form.Add("slug", "There is already a page with this address; choose another")
		return r.editor(w, req, http.StatusConflict, page, people)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/sites/pages/"+d.Slug, "The page is saved as a draft")
}

func (r *Room) showEdit(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	people, err := owners(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.editor(w, req, http.StatusOK, editPage{Base: crumbs(req, "Edit", p.Title, "/work/sites/pages/"+p.Slug), Form: formOf(p)}, people)
}

func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	slug := req.PathValue("slug")
	p, err := pageBySlug(req.Context(), r.Work, slug)
	if err != nil {
		return err
	}
	form, people, err := r.readEdit(w, req)
	if err != nil {
		return err
	}
	version, err := readVersion(form)
	if err != nil {
		return err
	}
	page := editPage{Base: crumbs(req, "Edit", p.Title, "/work/sites/pages/"+slug), Form: form}
	d := readDraft(form, people)
	d.Slug = slug
	if form.Value("act") == "preview" {
		page.Form, page.Previews = unchecked(form), true
		return r.editor(w, req, http.StatusOK, page, people)
	}
	if !form.OK() {
		return r.editor(w, req, http.StatusUnprocessableEntity, page, people)
	}
	err = r.Save(req.Context(), web.PersonOf(req), d, version)
	if errors.Is(err, ErrChanged) {
		page.Conflict, page.Newest = true, "/work/sites/pages/"+slug
		return r.editor(w, req, http.StatusConflict, page, people)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/sites/pages/"+slug, "Saved. The site shows it once it is published.")
}

func (r *Room) readEdit(w http.ResponseWriter, req *http.Request) (*web.Form, []owner, error) {
	form, err := web.ReadForm(w, req)
	if err != nil {
		return nil, nil, err
	}
	people, err := owners(req.Context(), r.Work)
	return form, people, err
}

// unchecked is a form without its problems: a preview finds no fault with what is
// not finished yet.
func unchecked(f *web.Form) *web.Form {
	pairs := []string{}
	for _, name := range []string{"title", "summary", "markdown", "shelves", "quiet", "owner", "review_on-day", "review_on-month", "review_on-year", "version", "slug", "section", "note"} {
		for _, v := range f.Values(name) {
			pairs = append(pairs, name, v)
		}
	}
	return web.NewForm(pairs...)
}
