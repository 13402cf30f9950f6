package partnership

import (
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type memberFormPage struct {
	ui.FormPage
	Committee Committee
	Member    Member
	Roles     []ui.Choice
	Save      string // the words of the button
	New       bool
}

// newMemberForm gives what asks for somebody to sit on a committee.
func (r *Room) newMemberForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		page := memberFormPage{FormPage: ui.FormPage{Base: committeeBase(req, c, "Add a member"), Form: f,
			Cancel: committeeHref(c.ID)}, Committee: c,
			Roles: memberRoleChoices(), Save: "Add member", New: true}
		return web.Render(w, status, r.pages, "member-form", page)
	}
}

func (r *Room) newMember(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord("role", "member")
	f.SetDate("from", r.Now.Today())
	return r.newMemberForm(w, req)(http.StatusOK, f)
}

func (r *Room) addMember(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newMemberForm(w, req), func(f *web.Form) (web.Done, error) {
		m := readMember(f)
		p, err := register.PickPerson(req.Context(), r.Work, web.PersonOf(req), f, "person", "Say who it is", "")
		m.CommitteeID, m.PersonID = req.PathValue("id"), p.ID
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		_, err = r.AddMember(req.Context(), web.PersonOf(req), m)
		return web.Done{To: committeeHref(m.CommitteeID), Words: "The member is added."}, err
	})
}

func (r *Room) memberForm(w http.ResponseWriter, req *http.Request, m Member) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		c := Committee{ID: m.CommitteeID, Name: m.Committee}
		return web.Render(w, status, r.pages, "member-form",
			memberFormPage{Committee: c, Member: m, Roles: memberRoleChoices(), Save: "Save",
				FormPage: ui.FormPage{Base: committeeBase(req, c, m.Person), Form: f, Cancel: committeeHref(c.ID)}})
	}
}

func (r *Room) editMember(w http.ResponseWriter, req *http.Request) error {
	m, err := memberByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.memberForm(w, req, m)(http.StatusOK, fillMember(m))
}

func (r *Room) saveMember(w http.ResponseWriter, req *http.Request) error {
	was, err := memberByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.memberForm(w, req, was), func(f *web.Form) (web.Done, error) {
		m := readMember(f)
		m.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveMember(req.Context(), web.PersonOf(req), m, f.Seen())
		return web.Done{To: committeeHref(was.CommitteeID), Words: "Saved."}, err
	})
}
