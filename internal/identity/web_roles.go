package identity

import (
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages give people their powers and take them away.

type rolesFormPage struct {
	ui.FormPage
	Roles   []ui.Choice
	Second  bool // some roles need a second person, and so a reason
	Waiting []Request
	Shared  bool
	Email   string
	// Roles that count for an organisation, to give one for another than the person's own.
	Reaching []ui.Choice
}

func (r *Room) rolesForm(w http.ResponseWriter, req *http.Request, p Person, held roles) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		ctx, me := req.Context(), web.PersonOf(req)
		waiting, err := waitingFor(ctx, r.Work, p.ID, db.At(r.Now()))
		if err != nil {
			return err
		}
		all, err := accounts(ctx, r.Work)
		if err != nil {
			return err
		}
		made, err := r.made(ctx, r.Work, me.ID)
		if err != nil {
			return err
		}
		known, err := readCatalogue(ctx, r.Work)
		if err != nil {
			return err
		}
		page := rolesFormPage{Waiting: waiting, Shared: p.Shared(), Email: p.Email,
			FormPage: ui.FormPage{Base: base(req, "Roles of "+p.Name, p.Name, href(p.ID), "Roles", ""), Form: f,
				Cancel: href(p.ID)}}
		var second []ui.Choice
		for _, g := range known.choosable(held) {
			c := ui.Choice{Value: g.String(), Text: titleFor(g.Role, known.organisations[g.For]), Hint: g.ComesTo}
			if g.Retired {
				c.Hint = "Retired: it allows nothing"
			}
			if g.OfOwnOrganisation() && g.For == "" {
				page.Reaching = append(page.Reaching, ui.Choice{Value: g.ID, Text: g.Title})
			}
			gives := added(held, roles{g}, string(p.OrganisationID))
			if len(access.Lacks(me, gives)) == 0 {
				page.Roles = append(page.Roles, c)
				continue
			}
			c.Hint += ". " + secondsInWords(seconds(me, p.ID, gives, string(p.OrganisationID), all, made))
			second = append(second, c)
		}
		if page.Second = len(second) > 0; page.Second && len(page.Roles) > 0 {
			second[0].Divider = "For these a second person has to agree"
		}
		page.Roles = append(page.Roles, second...)
		return web.Render(w, status, r.pages, "roles-form", page)
	}
}

// choosable are the roles that a person may be given for their own organisation, each
// followed by those that they have for others, and what they have of retired ones.
func (c catalogue) choosable(held roles) roles {
	var out roles
	for _, r := range append(access.Roles(), c.own...) {
		if !r.Retired {
			out = append(out, access.GivenRole{Role: r})
		}
		for _, g := range held {
			if g.ID == r.ID && (g.For != "" || r.Retired) {
				out = append(out, g)
			}
		}
	}
	return out
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
	return r.rolesForm(w, req, p, held)(http.StatusOK, fillRoles(held.ids()))
}

func (r *Room) saveRoles(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := rolesOf(req.Context(), r.Work, p.ID)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.rolesForm(w, req, p, held), func(f *web.Form) (web.Done, error) {
		known, err := readCatalogue(req.Context(), r.Work)
		if err != nil {
			return web.Done{}, err
		}
		chosen, err := readRoles(req.Context(), r.Work, web.PersonOf(req), f, known)
		reason := f.Text("reason", "", 300)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		waits, err := r.SaveRoles(req.Context(), web.PersonOf(req), p.ID, chosen, reason, f.Seen())
		words := "The roles of " + p.Name + " are saved. They hold from now on."
		if len(waits) > 0 {
			words = lang.Join(waits) + " waits until a second person agrees. The rest is saved."
		}
		return web.Done{To: href(p.ID), Words: words}, err
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
	all, err := r.holdings(req.Context(), r.Work, p.ID)
	if err != nil {
		return err
	}
	b := base(req, "Deactivate "+p.Name+"?", p.Name, href(p.ID), "Deactivate", "")
	return web.Confirm(w, req, fillPerson(p), b, "Deactivate", href(p.ID),
		who+" can no longer sign in"+signedOut+
			". Links to set a password stop working, and they can no longer be chosen anywhere.",
		"Their training record and everything they did are kept. You can activate them again.",
		handOver(web.PersonOf(req), all))
}

// handOver says what hangs on somebody who leaves.
func handOver(me web.Person, all []web.Holding) string {
	if len(all) == 0 {
		return "Nothing is in their hands that somebody else would have to take over."
	}
	shown, rest := shownHoldings(me, all)
	var words []string
	for _, h := range shown[:min(len(shown), namedHoldings)] {
		words = append(words, h.What+" “"+h.Title+"”")
	}
	if more := len(shown) - len(words); more > 0 {
		words = append(words, lang.Plural(more, "other", "others"))
	}
	if rest != "" {
		words = append(words, rest)
	}
	return "Hand over first what is theirs: " + strings.Join(words, "; ") + "."
}

// namedHoldings is how many things to hand over the question names.
const namedHoldings = 5

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

type activateFormPage struct {
	ui.FormPage
	Subject Person
	Second  string // who may agree, in words, where by may not alone
}

func (r *Room) activateForm(w http.ResponseWriter, req *http.Request, p Person) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		second, err := r.secondWords(req, p)
		if err != nil {
			return err
		}
		b := base(req, "Activate "+p.Name+"?", p.Name, href(p.ID), "Activate", "")
		return web.Render(w, status, r.pages, "activate-form", activateFormPage{Subject: p, Second: second,
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: href(p.ID)}})
	}
}

func (r *Room) confirmActivatePerson(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	if p.Active {
		return ErrActive
	}
	return r.activateForm(w, req, p)(http.StatusOK, web.NewForm())
}

func (r *Room) activatePerson(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.activateForm(w, req, p), func(f *web.Form) (web.Done, error) {
		reason := f.Text("reason", "", 300)
		if !f.OK() {
			return web.Done{}, nil
		}
		waits, err := r.ActivatePerson(req.Context(), web.PersonOf(req), p.ID, reason)
		words := "Activated. They can sign in again."
		if waits {
			words = "This waits until a second person agrees."
		}
		return web.Done{To: href(p.ID), Words: words}, err
	})
}

func (r *Room) sendLink(w http.ResponseWriter, req *http.Request) error {
	const words = "A link to set a password is on its way to them. It works once, within an hour."
	id := req.PathValue("id")
	return web.Press(w, req, func(*web.Form) (web.Done, error) {
		return web.Done{To: href(id), Words: words}, r.SendLink(req.Context(), web.PersonOf(req), id)
	})
}
