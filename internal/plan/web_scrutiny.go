package plan

import (
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const scrutinyRoot = root + "/scrutiny"

func scrutinyHref(id string) string { return scrutinyRoot + "/" + id }

type scrutiniesPage struct {
	ui.Base
	List   ui.List
	Manage bool
	States []ui.Choice
	Notes  []Scrutiny
}

func (r *Room) scrutinyList(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(scrutinyRoot, req.URL.Query(), "-seen", "subject", "method")
	list.One, list.Many = "note", "notes"
	f := Filter{Text: list.Value("q"), State: list.Value("state"), Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := r.Scrutinies(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, s := range all {
			rows = append(rows, []string{s.Subject, s.SeenOn.String(), s.Scrutineer, s.Method, s.Seen, s.Challenge, s.Response, s.RespondedOn.String()})
		}
		return web.CSV(w, "scrutiny.csv", []string{"Looked at", "Date", "Scrutineer", "Method", "What was seen", "Challenge", "Answer", "Answered"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "scrutinies", scrutiniesPage{Base: web.Base(req, "Independent scrutiny"), List: list,
		Manage: web.PersonOf(req).May(manage), States: ui.Choices("waiting", "Awaiting an answer"), Notes: all})
}

type scrutinyPage struct {
	ui.Base
	Scrutiny Scrutiny
	Manage   bool
	Rows     []ui.Row
	History  []audittrail.Entry
}

func (r *Room) showScrutiny(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := scrutinyPage{Base: web.Crumbs(web.Base(req, s.Subject), "Independent scrutiny", scrutinyRoot, s.Subject, ""), Scrutiny: s,
		Manage: web.PersonOf(req).May(manage),
		Rows: []ui.Row{{Key: "Date", Value: s.SeenOn.Words()}, {Key: "Scrutineer", Value: s.Scrutineer}, {Key: "Method", Value: s.Method},
			{Key: "What was seen", Value: s.Seen}, {Key: "Challenge", Value: s.Challenge}, {Key: "The partners’ answer", Value: s.Response}}}
	if !s.RespondedOn.IsZero() {
		page.Rows = append(page.Rows, ui.Row{Key: "Answered", Value: s.RespondedOn.Words()})
	}
	if page.History, err = audittrail.Of(req.Context(), r.Work, scrutinySubject, s.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "scrutiny", page)
}

func (r *Room) scrutinyForm(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) error {
	page := formPage{Base: web.Crumbs(web.Base(req, title), "Independent scrutiny", scrutinyRoot, title, ""), Form: f, Cancel: scrutinyRoot}
	if id != "" {
		page.Cancel = scrutinyHref(id)
	}
	return web.Render(w, status, r.pages, "scrutiny-form", page)
}

func (r *Room) newScrutinyForm(w http.ResponseWriter, req *http.Request) error {
	return r.scrutinyForm(w, req, http.StatusOK, "", "Add a scrutiny note", web.NewForm())
}

func (r *Room) addScrutiny(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	s := readScrutiny(f)
	if !f.OK() {
		return r.scrutinyForm(w, req, http.StatusUnprocessableEntity, "", "Add a scrutiny note", f)
	}
	id, err := r.AddScrutiny(req.Context(), web.PersonOf(req), s)
	if status := refused(f, err); status != 0 {
		return r.scrutinyForm(w, req, status, "", "Add a scrutiny note", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, scrutinyHref(id), "The note was added.")
}

func (r *Room) editScrutinyForm(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.scrutinyForm(w, req, http.StatusOK, s.ID, "Change the note", scrutinyForm(s))
}

func (r *Room) editScrutiny(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	s := readScrutiny(f)
	s.ID = was.ID
	if !f.OK() {
		return r.scrutinyForm(w, req, http.StatusUnprocessableEntity, s.ID, "Change the note", f)
	}
	err = r.ChangeScrutiny(req.Context(), web.PersonOf(req), s)
	if status := refused(f, err); status != 0 {
		return r.scrutinyForm(w, req, status, s.ID, "Change the note", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, scrutinyHref(s.ID), "The changes were saved.")
}

func (r *Room) deleteScrutinyForm(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.confirm(w, req, scrutinyHref(s.ID), "Delete this note?", "Delete the note", s.Subject,
		"What was seen, the challenge and the answer will be deleted. This cannot be undone.")
}

func (r *Room) deleteScrutiny(w http.ResponseWriter, req *http.Request) error {
	if err := r.DeleteScrutiny(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, scrutinyRoot, "The note was deleted.")
}
