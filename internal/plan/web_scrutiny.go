package plan

import (
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const scrutinyRoot = root + "/scrutiny"

func scrutinyHref(id string) string { return scrutinyRoot + "/" + id }

type scrutiniesPage struct {
	ui.Base
	List      ui.List
	Change    bool // the reader may write scrutiny
	States    []ui.Choice
	Enquiries []Enquiry
	Notes     []Scrutiny
}

func (r *Room) listScrutinies(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(scrutinyRoot, req.URL.Query(), "-seen", "subject", "method")
	list.One, list.Many = "scrutiny note", "scrutiny notes"
	f := Filter{Text: list.Value("q"), State: list.Value("state"), Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Scrutinies(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		var rows [][]string
		for _, s := range all {
			rows = append(rows, []string{s.Subject, s.SeenOn.String(), s.Scrutineer, s.Method, s.Seen, s.Challenge, s.Response,
				s.RespondedOn.String()})
		}
		return web.CSV(w, "scrutiny.csv", []string{"Looked at", "Date", "Scrutineer", "Method", "What was seen", "Challenge",
			"Answer", "Answered"}, rows)
	}
	list.Total = total
	lines, err := r.Enquiries(req.Context())
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "scrutinies", scrutiniesPage{
		Base: base(req, "Independent scrutiny"), List: list, Enquiries: lines,
		Change: scrutinyRules.MayAny(web.PersonOf(req), access.Change),
		States: ui.Choices("waiting", "Awaiting an answer"), Notes: all})
}

type scrutinyPage struct {
	ui.Base
	Scrutiny Scrutiny
	Change   bool
	Act      string
	Rows     []ui.Row
	History  []audittrail.Entry
}

func (r *Room) showScrutiny(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	page := scrutinyPage{Base: base(req, s.Subject, "Independent scrutiny", scrutinyRoot, s.Subject, ""), Scrutiny: s,
		Change: scrutinyRules.May(web.PersonOf(req), access.Change, s.of()), Act: "Change",
		Rows: []ui.Row{{Key: "Date", Value: s.SeenOn.Words()}, {Key: "Scrutineer", Value: s.Scrutineer},
			{Key: "Method", Value: s.Method}}}
	if s.EnquiryID != "" {
		page.Rows = append([]ui.Row{{Key: "Line of enquiry", Value: s.Enquiry, Href: enquiryHref(string(s.EnquiryID)),
			Act: "Open", About: "the line of enquiry"}}, page.Rows...)
	}
	if web.PersonOf(req).May(access.PlanManage) {
		page.Act = "Change or answer"
	}
	if !s.RespondedOn.IsZero() {
		page.Rows = append(page.Rows, ui.Row{Key: "Answered", Value: s.RespondedOn.Words()})
	}
	if page.History, err = audittrail.Of(req.Context(), r.Work, scrutinySubject, s.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "scrutiny", page)
}

// scrutinyFormPage asks for the partners' answer only those who write it.
type scrutinyFormPage struct {
	ui.FormPage
	Manage    bool
	Enquiries []ui.Choice
}

// scrutinyForm gives what shows the form of a note; cancel is the page before it.
func (r *Room) scrutinyForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		lines, err := r.Enquiries(req.Context())
		if err != nil {
			return err
		}
		lines = slices.DeleteFunc(lines, func(e Enquiry) bool {
			return !e.ClosedOn.IsZero() && e.ID != f.Value("enquiry")
		})
		return web.Render(w, status, r.pages, "scrutiny-form", scrutinyFormPage{FormPage: ui.FormPage{
			Base: base(req, title, "Independent scrutiny", scrutinyRoot, title, ""), Form: f, Cancel: cancel},
			Manage:    web.PersonOf(req).May(access.PlanManage),
			Enquiries: ui.ChoicesOf(lines, func(e Enquiry) (string, string) { return e.ID, short(e.Question) })})
	}
}

// ownScrutiny gives the note of a request to somebody who may change it.
func (r *Room) ownScrutiny(req *http.Request) (Scrutiny, error) {
	s, err := r.Scrutiny(req.Context(), req.PathValue("id"))
	if err == nil && !scrutinyRules.May(web.PersonOf(req), access.Change, s.of()) {
		err = web.ErrNotFound
	}
	return s, err
}

// newScrutiny begins with the line of enquiry that the address names, and with who looked when
// the scrutineer writes it.
func (r *Room) newScrutiny(w http.ResponseWriter, req *http.Request) error {
	if err := mayScrutinise(req); err != nil {
		return err
	}
	f := web.NewRecord("enquiry", req.URL.Query().Get("enquiry"))
	if by := web.PersonOf(req); by.May(access.PlanScrutinise) {
		f.Set("scrutineer", by.Name)
	}
	return r.scrutinyForm(w, req, "Add a scrutiny note", scrutinyRoot)(http.StatusOK, f)
}

func (r *Room) addScrutiny(w http.ResponseWriter, req *http.Request) error {
	if err := mayScrutinise(req); err != nil {
		return err
	}
	show := r.scrutinyForm(w, req, "Add a scrutiny note", scrutinyRoot)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		s := readScrutiny(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddScrutiny(req.Context(), web.PersonOf(req), s)
		return web.Done{To: scrutinyHref(id), Words: "The note was added."}, err
	})
}

func (r *Room) editScrutiny(w http.ResponseWriter, req *http.Request) error {
	s, err := r.ownScrutiny(req)
	if err != nil {
		return err
	}
	return r.scrutinyForm(w, req, "Change the note", scrutinyHref(s.ID))(http.StatusOK, fillScrutiny(s))
}

func (r *Room) saveScrutiny(w http.ResponseWriter, req *http.Request) error {
	was, err := r.ownScrutiny(req)
	if err != nil {
		return err
	}
	show := r.scrutinyForm(w, req, "Change the note", scrutinyHref(was.ID))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		s := readScrutiny(f)
		s.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveScrutiny(req.Context(), web.PersonOf(req), s, f.Seen())
		return web.Done{To: scrutinyHref(s.ID), Words: "The changes were saved."}, err
	})
}

func (r *Room) confirmDeleteScrutiny(w http.ResponseWriter, req *http.Request) error {
	s, err := r.ownScrutiny(req)
	if err != nil {
		return err
	}
	return confirm(w, req, fillScrutiny(s), scrutinyHref(s.ID), "Delete this note?", "Delete the note", s.Subject,
		"What was seen, the challenge and the answer will be deleted. This cannot be undone.")
}

func (r *Room) deleteScrutiny(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteScrutiny, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteScrutiny(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: scrutinyRoot, Words: "The note was deleted."}, err
	})
}
