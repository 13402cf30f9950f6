package partnership

import (
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type memberFormPage struct {
	ui.FormPage
	Committee  Committee
	Member     Member
	Search     ui.List
	Candidates []ui.Choice
	Searched   bool
	Roles      []ui.Choice
	Save       string // the words of the button
	New        bool
}

// shownCandidates is how many people a search for a member shows.
const shownCandidates = 20

// newMemberForm asks for a person in two steps: a search, then a choice among
// those found, so that it works with any number of people and without scripts.
func (r *Room) newMemberForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		ctx := req.Context()
		c, err := committeeByID(ctx, r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		page := memberFormPage{FormPage: ui.FormPage{Base: committeeBase(req, c, "Add a member"), Form: f,
			Cancel: committeeHref(c.ID)}, Committee: c,
			Search: ui.ReadList(req.URL.Path, req.URL.Query()), Roles: memberRoleChoices(), Save: "Add member", New: true}
		if q := page.Search.Value("q"); q != "" {
			found, err := candidates(ctx, r.Work, q, shownCandidates)
			if err != nil {
				return err
			}
			page.Searched = true
			page.Candidates = candidateChoices(found)
		}
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
		m.CommitteeID, m.PersonID = req.PathValue("id"), f.Text("person", "Choose a person", 60)
		if !f.OK() {
			return web.Done{}, nil
		}
		_, err := r.AddMember(req.Context(), web.PersonOf(req), m)
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
