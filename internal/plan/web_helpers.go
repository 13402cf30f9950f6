package plan

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Helpers of an action stand beside its owner: they read it, say how it goes and add files. It
// stays its owner's to do.

func (r *Room) helperRoutes() []web.Route {
	const at = actionsRoot + "/{id}/helpers"
	return []web.Route{
		{Pattern: "GET " + at + "/new", Permission: access.PlanRead, Handle: r.newHelper},
		{Pattern: "POST " + at + "/new", Permission: access.PlanRead, Handle: r.addHelper},
		{Pattern: "GET " + at + "/{person}/remove", Permission: access.PlanRead, Handle: r.confirmRemoveHelper},
		{Pattern: "POST " + at + "/{person}/remove", Permission: access.PlanRead, Handle: r.removeHelper},
	}
}

// helperPage asks who is to help.
type helperPage struct {
	ui.FormPage
	Action Action
	Picker string // the kind of the picker
}

func (r *Room) helperForm(w http.ResponseWriter, req *http.Request, a Action) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		const title = "Ask somebody to help"
		return web.Render(w, status, r.pages, "helper", helperPage{FormPage: ui.FormPage{Form: f, Cancel: actionHref(a.ID),
			Base: base(req, title, "Actions", actionsRoot, short(a.Title), actionHref(a.ID), title, "")}, Action: a,
			Picker: ui.PickHelpers + ":" + a.ID})
	}
}

func (r *Room) newHelper(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo, access.Change)
	if err != nil {
		return err
	}
	if a.Status != Open {
		return errNotOpen
	}
	return r.helperForm(w, req, a)(http.StatusOK, web.NewRecord())
}

func (r *Room) addHelper(w http.ResponseWriter, req *http.Request) error {
	a, err := r.mine(req, actionDo, access.Change)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.helperForm(w, req, a), func(f *web.Form) (web.Done, error) {
		by := web.PersonOf(req)
		person, err := f.Pick(req.Context(), "person", "Choose who is to help", r.helpersFor(by, a))
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.AddHelper(req.Context(), by, a.ID, person)
		return web.Done{To: actionHref(a.ID), Words: "They help now, and are told by e-mail."},
			words(err, ErrMoved, errNotOpen)
	})
}

func (r *Room) confirmRemoveHelper(w http.ResponseWriter, req *http.Request) error {
	by := web.PersonOf(req)
	a, err := r.actionFor(req.Context(), by, req.PathValue("id"))
	if err != nil {
		return err
	}
	h, err := helperAt(req.Context(), r.Work, by, a, req.PathValue("person"))
	if err != nil {
		return err
	}
	return confirm(w, req, wholeAction(a), actionHref(a.ID), "Take "+h.Name+" off those who help?", "Take off", a.Title,
		"What they said and the files that they added stay.")
}

func (r *Room) removeHelper(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmRemoveHelper, func(seen web.Seen) (web.Done, error) {
		by, id, person := web.PersonOf(req), req.PathValue("id"), req.PathValue("person")
		done := web.Done{To: actionHref(id), Words: "They help no more."}
		if helperRules.May(by, access.Change, access.Object{PersonID: person}) {
			done.To = "/work" // the action may not be theirs to open any more
		}
		return done, r.RemoveHelper(req.Context(), by, id, person, seen)
	})
}
