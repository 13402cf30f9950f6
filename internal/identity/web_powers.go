package identity

import (
	"errors"
	"net/http"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages give people their powers and take them away.

type rolesPage struct {
	ui.Base
	Subject Person
	Form    ui.Form
	Roles   []ui.Choice
}

func (r *Room) showRoles(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := rolesOf(req.Context(), r.Work, p.ID)
	if err != nil {
		return err
	}
	f := web.NewForm()
	for _, id := range held {
		f = web.NewForm(append(pairs(f.Values("roles")), "roles", id)...)
	}
	return r.renderRoles(w, req, http.StatusOK, p, f)
}

func pairs(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, "roles", v)
	}
	return out
}

func (r *Room) setRoles(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	chosen := slices.DeleteFunc(slices.Clone(f.Values("roles")), func(s string) bool { return s == "" })
	err = r.SetRoles(req.Context(), web.PersonOf(req), p.ID, chosen)
	switch {
	case errors.Is(err, ErrYourself):
		f.Add("roles", "You cannot take your own way to manage people away; ask another administrator")
		return r.renderRoles(w, req, http.StatusConflict, p, f)
	case errors.Is(err, ErrUnknownRole):
		f.Add("roles", "Choose among the roles listed")
		return r.renderRoles(w, req, http.StatusUnprocessableEntity, p, f)
	case err != nil:
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+p.ID, "The roles of "+p.Name+" are saved. They hold from now on.")
}

func (r *Room) renderRoles(w http.ResponseWriter, req *http.Request, status int, p Person, f *web.Form) error {
	me := web.PersonOf(req)
	choices := roleChoices()
	for i, c := range choices {
		choices[i].Disabled = !mayGovern(me.Permissions, []string{c.Value})
	}
	return web.Render(w, status, r.pages, "roles", rolesPage{Base: peopleCrumbs(web.Base(req, "Roles of "+p.Name), p.Name, "/work/people/"+p.ID, "Roles", ""), Subject: p, Form: f, Roles: choices})
}

type confirmPage struct {
	ui.Base
	Subject  Person
	Sessions int
}

func (r *Room) showDeactivate(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	sessions, err := sessionsOf(req.Context(), r.Work, p.ID, db.At(r.Now()), db.At(r.Now().Add(-sessionIdle)))
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "deactivate", confirmPage{
		Base: peopleCrumbs(web.Base(req, "Deactivate "+p.Name+"?"), p.Name, "/work/people/"+p.ID, "Deactivate", ""), Subject: p, Sessions: len(sessions)})
}

func (r *Room) deactivate(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.Deactivate(req.Context(), web.PersonOf(req), id); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+id, "Deactivated. They can no longer sign in.")
}

func (r *Room) activate(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.Activate(req.Context(), web.PersonOf(req), id); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+id, "Activated. They can sign in again.")
}

func (r *Room) sendPersonLink(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.SendLink(req.Context(), web.PersonOf(req), id); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+id, "A link to set a password is on its way to them. It works once, within a day.")
}

func (r *Room) signPersonOut(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.SignOutEverywhere(req.Context(), web.PersonOf(req), id, ""); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+id, "They are signed out everywhere.")
}

// inWords turns what a person can act on into a refusal they can read; other
// errors stay as they are.
func inWords(err error) error {
	switch {
	case errors.Is(err, ErrBeyond):
		return &web.Refusal{Status: http.StatusForbidden, Title: "You cannot change this account", Words: "This person’s role may do more than yours. Ask somebody who may manage the settings."}
	case errors.Is(err, ErrYourself):
		return web.Conflict("You cannot deactivate yourself", "Ask another administrator, so that somebody can always manage people.")
	case errors.Is(err, ErrNoEmail):
		return web.Conflict("There is no email address to send to", "Add the person’s email address first.")
	case errors.Is(err, ErrNotActive):
		return web.Conflict("This person is deactivated", "Activate them first.")
	}
	return err
}
