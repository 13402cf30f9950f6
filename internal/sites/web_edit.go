package sites

import (
	"html/template"
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type editPage struct {
	ui.FormPage
	New      bool
	Sections []ui.Choice
	Shelves  []ui.Choice
	Leavings []ui.Choice
	Summary  string
	Preview  bool // what is below the form was asked for
	Body     template.HTML
	Links    []Link
}

// pageForm shows a page's form, with the preview when that was asked for.
func (r *Room) pageForm(w http.ResponseWriter, req *http.Request, base ui.Base, isNew bool, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		p := editPage{FormPage: ui.FormPage{Base: base, Form: f, Cancel: cancel}, New: isNew, Sections: Sections(),
			Shelves: Shelves(), Leavings: leavings()}
		if f.Value("act") == "preview" {
			md := f.Value("markdown")
			p.Preview, p.Summary, p.Links = true, f.Value("summary"), r.brokenLinks(req.Context(), md)
			var profile Profile
			if r.Partnership != nil {
				var err error
				if profile, err = r.profile(req.Context()); err != nil {
					return err
				}
			}
			p.Body = template.HTML(fill(string(Render(md)), profile))
		}
		return web.Render(w, status, r.pages, "edit", p)
	}
}

func (r *Room) newPage(w http.ResponseWriter, req *http.Request) error {
	by, f := web.PersonOf(req), web.NewRecord("section", Hub, "leaving", ByPlace)
	f.Choose("owner", by.ID, register.PersonWords(by.Name, by.Email))
	if d, ok := Standard(req.URL.Query().Get("standard")); ok { // begins from the standard words
		f = web.NewRecord("section", d.Section, "slug", d.Slug, "title", d.Title, "summary", d.Summary, "markdown",
			d.Markdown, "leaving", ByPlace)
		f.Choose("owner", by.ID, register.PersonWords(by.Name, by.Email))
	}
	return r.pageForm(w, req, crumbs(req, "Add a page"), true, root)(http.StatusOK, f)
}

func (r *Room) addPage(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.pageForm(w, req, crumbs(req, "Add a page"), true, root),
		func(f *web.Form) (web.Done, error) {
			if f.Value("act") == "preview" { // finds no fault with what is not finished yet
				return web.Done{}, web.ErrAgain
			}
			d, err := r.readNewPage(req, f)
			if err != nil || !f.OK() {
				return web.Done{}, err
			}
			err = r.AddPage(req.Context(), web.PersonOf(req), d)
			return web.Done{To: href(d.Slug), Words: "The page is saved as a draft"}, err
		})
}

func (r *Room) editPage(w http.ResponseWriter, req *http.Request) error {
	p, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	return r.pageForm(w, req, crumbs(req, "Edit", p.Title, href(p.Slug)), false, href(p.Slug))(http.StatusOK, fillPage(p))
}

func (r *Room) savePage(w http.ResponseWriter, req *http.Request) error {
	was, err := pageBySlug(req.Context(), r.Work, req.PathValue("slug"))
	if err != nil {
		return err
	}
	show := r.pageForm(w, req, crumbs(req, "Edit", was.Title, href(was.Slug)), false, href(was.Slug))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		if f.Value("act") == "preview" {
			return web.Done{}, web.ErrAgain
		}
		d, err := r.readPage(req, f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SavePage(req.Context(), web.PersonOf(req), d, f.Seen())
		return web.Done{To: href(was.Slug), Words: "Saved. The site shows it once it is published."}, err
	})
}
