package identity

import (
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages give people their powers and take them away.

type rolesFormPage struct {
	ui.FormPage
	Roles []ui.Choice
}

func (r *Room) rolesForm(w http.ResponseWriter, req *http.Request, p Person) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		choices := roleChoices()
		for i, c := range choices {
			choices[i].Disabled = !mayGovern(web.PersonOf(req).Permissions, []string{c.Value})
		}
		b := base(req, "Roles of "+p.Name, p.Name, href(p.ID), "Roles", "")
		return web.Render(w, status, r.pages, "roles-form", rolesFormPage{
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: href(p.ID)}, Roles: choices})
	}
}

func (r *Room) editRoles(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := rolesOf(req.Context(), r.Work, p.ID)
	if err != nil {
		return err
	}
	return r.rolesForm(w, req, p)(http.StatusOK, fillRoles(held))
}

func (r *Room) saveRoles(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.rolesForm(w, req, p), func(f *web.Form) (web.Done, error) {
		chosen := readRoles(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveRoles(req.Context(), web.PersonOf(req), p.ID, chosen, f.Seen())
		return web.Done{To: href(p.ID), Words: "The roles of " + p.Name + " are saved. They hold from now on."}, err
	})
}

func (r *Room) confirmDeactivatePerson(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	sessions, err := sessionsOf(req.Context(), r.Work, p.ID, db.At(r.Now()), db.At(r.Now().Add(-sessionIdle)))
	if err != nil {
		return err
	}
	who, signedOut := p.Name, ""
	if p.Organisation != "" {
		who += " of " + p.Organisation
	}
	if n := len(sessions); n > 0 {
		signedOut = ", and is signed out of " + lang.Plural(n, "place", "places") + " at once"
	}
	b := base(req, "Deactivate "+p.Name+"?", p.Name, href(p.ID), "Deactivate", "")
	return web.Confirm(w, req, fillPerson(p), b, "Deactivate", href(p.ID),
		who+" can no longer sign in"+signedOut+
			". Links to set a password stop working, and they can no longer be chosen anywhere.",
		"Their training record and everything they did are kept. You can activate them again.")
}

// do answers a button of a person's page: act does it, and words say that it is done.
func (r *Room) do(w http.ResponseWriter, req *http.Request, words string,
	act func(by web.Person, id string) error) error {
	id := req.PathValue("id")
	if err := act(web.PersonOf(req), id); err != nil {
		return err
	}
	return web.SeeOther(w, req, href(id), words)
}

func (r *Room) deactivatePerson(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmDeactivatePerson, func(seen web.Seen) (web.Done, error) {
		err := r.DeactivatePerson(req.Context(), web.PersonOf(req), id, seen)
		return web.Done{To: href(id), Words: "Deactivated. They can no longer sign in."}, err
	})
}

func (r *Room) activatePerson(w http.ResponseWriter, req *http.Request) error {
	return r.do(w, req, "Activated. They can sign in again.", func(by web.Person, id string) error {
		return r.ActivatePerson(req.Context(), by, id)
	})
}

func (r *Room) sendLink(w http.ResponseWriter, req *http.Request) error {
	const words = "A link to set a password is on its way to them. It works once, within an hour."
	return r.do(w, req, words, func(by web.Person, id string) error {
		return r.SendLink(req.Context(), by, id)
	})
}

func (r *Room) signOutPerson(w http.ResponseWriter, req *http.Request) error {
	return r.do(w, req, "They are signed out everywhere.", func(by web.Person, id string) error {
		return r.SignOutEverywhere(req.Context(), by, id, "")
	})
}
