package plan

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const enquiriesRoot = root + "/enquiries"

func enquiryHref(id string) string { return enquiriesRoot + "/" + id }

// enquiryRoutes are the addresses of lines of enquiry. Whose they are to change, scrutinyRules
// say.
func (r *Room) enquiryRoutes() []web.Route {
	const at = enquiriesRoot + "/{id}"
	return []web.Route{
		{Pattern: "GET " + enquiriesRoot + "/new", Permission: access.PlanRead, Handle: r.newEnquiry},
		{Pattern: "POST " + enquiriesRoot + "/new", Permission: access.PlanRead, Handle: r.addEnquiry},
		{Pattern: "GET " + at, Permission: access.PlanRead, Handle: r.showEnquiry},
		{Pattern: "GET " + at + "/edit", Permission: access.PlanRead, Handle: r.editEnquiry},
		{Pattern: "POST " + at + "/edit", Permission: access.PlanRead, Handle: r.saveEnquiry},
		{Pattern: "GET " + at + "/close", Permission: access.PlanRead, Handle: r.confirmCloseEnquiry},
		{Pattern: "POST " + at + "/close", Permission: access.PlanRead, Handle: r.closeEnquiry},
		{Pattern: "GET " + at + "/reopen", Permission: access.PlanRead, Handle: r.confirmReopenEnquiry},
		{Pattern: "POST " + at + "/reopen", Permission: access.PlanRead, Handle: r.reopenEnquiry},
		{Pattern: "GET " + at + "/delete", Permission: access.PlanRead, Handle: r.confirmDeleteEnquiry},
		{Pattern: "POST " + at + "/delete", Permission: access.PlanRead, Handle: r.deleteEnquiry},
	}
}

// mayScrutinise answers 404 to somebody who may write no scrutiny at all.
func mayScrutinise(req *http.Request) error {
	if !scrutinyRules.MayAny(web.PersonOf(req), access.Change) {
		return web.ErrNotFound
	}
	return nil
}

// ownEnquiry gives the line of enquiry of a request to somebody who may change it.
func (r *Room) ownEnquiry(req *http.Request) (Enquiry, error) {
	e, err := r.Enquiry(req.Context(), req.PathValue("id"))
	if err == nil && !scrutinyRules.May(web.PersonOf(req), access.Change, e.of()) {
		err = web.ErrNotFound
	}
	return e, err
}

type enquiryPage struct {
	ui.Base
	Enquiry Enquiry
	Change  bool
	Notes   []Scrutiny
	History []audittrail.Entry
}

func (r *Room) showEnquiry(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	e, err := r.Enquiry(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := enquiryPage{Base: base(req, e.Question, "Independent scrutiny", scrutinyRoot, short(e.Question), ""),
		Enquiry: e, Change: scrutinyRules.May(web.PersonOf(req), access.Change, e.of())}
	if page.Notes, _, err = r.Scrutinies(ctx, Filter{Enquiry: e.ID, Sort: "seen", Limit: ui.EveryRow}); err != nil {
		return err
	}
	if page.History, err = audittrail.Of(ctx, r.Work, enquirySubject, e.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "enquiry", page)
}

// enquiryForm gives what shows the form of a line of enquiry; cancel is the page before it.
func (r *Room) enquiryForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "enquiry-form", ui.FormPage{
			Base: base(req, title, "Independent scrutiny", scrutinyRoot, title, ""), Form: f, Cancel: cancel})
	}
}

func (r *Room) newEnquiry(w http.ResponseWriter, req *http.Request) error {
	if err := mayScrutinise(req); err != nil {
		return err
	}
	return r.enquiryForm(w, req, "Open a line of enquiry", scrutinyRoot)(http.StatusOK, web.NewRecord())
}

func (r *Room) addEnquiry(w http.ResponseWriter, req *http.Request) error {
	if err := mayScrutinise(req); err != nil {
		return err
	}
	show := r.enquiryForm(w, req, "Open a line of enquiry", scrutinyRoot)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		e := readEnquiry(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddEnquiry(req.Context(), web.PersonOf(req), e)
		return web.Done{To: enquiryHref(id), Words: "The line of enquiry is open."}, err
	})
}

func (r *Room) editEnquiry(w http.ResponseWriter, req *http.Request) error {
	e, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	return r.enquiryForm(w, req, "Change the line of enquiry", enquiryHref(e.ID))(http.StatusOK, fillEnquiry(e))
}

func (r *Room) saveEnquiry(w http.ResponseWriter, req *http.Request) error {
	was, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	show := r.enquiryForm(w, req, "Change the line of enquiry", enquiryHref(was.ID))
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		e := readEnquiry(f)
		e.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveEnquiry(req.Context(), web.PersonOf(req), e, f.Seen())
		return web.Done{To: enquiryHref(e.ID), Words: "The changes were saved."}, err
	})
}

// verdictPage judges a line of enquiry.
type verdictPage struct {
	ui.FormPage
	Enquiry  Enquiry
	Verdicts []ui.Choice
}

func (r *Room) verdictForm(w http.ResponseWriter, req *http.Request, e Enquiry) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if !e.ClosedOn.IsZero() && f.ChangedWords() == "" {
			return errJudged
		}
		return web.Render(w, status, r.pages, "verdict", verdictPage{Enquiry: e, Verdicts: ui.WordChoices(verdicts),
			FormPage: ui.FormPage{Base: base(req, "Judge it", "Independent scrutiny", scrutinyRoot, short(e.Question),
				enquiryHref(e.ID), "Judge it", ""), Form: f, Cancel: enquiryHref(e.ID)}})
	}
}

func (r *Room) confirmCloseEnquiry(w http.ResponseWriter, req *http.Request) error {
	e, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	f := fillVerdict(e)
	f.OfferDate("on", r.Now.Today())
	return r.verdictForm(w, req, e)(http.StatusOK, f)
}

func (r *Room) closeEnquiry(w http.ResponseWriter, req *http.Request) error {
	e, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.verdictForm(w, req, e), func(f *web.Form) (web.Done, error) {
		on, as := f.Date("on", ""), Verdict(f.Text("judgement", "Choose how it is judged", 20))
		conclusion := f.Text("conclusion", "", 5000)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.CloseEnquiry(req.Context(), web.PersonOf(req), e.ID, on, as, conclusion, f.Seen())
		done := web.Done{To: enquiryHref(e.ID), Words: "The judgement was recorded.", Undo: enquiryHref(e.ID) + "/reopen"}
		return done, words(err, ErrMoved, errJudged)
	})
}

func (r *Room) confirmReopenEnquiry(w http.ResponseWriter, req *http.Request) error {
	e, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	if e.ClosedOn.IsZero() {
		return errMoved
	}
	return confirm(w, req, fillVerdict(e), enquiryHref(e.ID), "Take the judgement back?", "Take it back", e.Question,
		"The line of enquiry is open again. What you wrote stays, to be corrected.")
}

func (r *Room) reopenEnquiry(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmReopenEnquiry, func(seen web.Seen) (web.Done, error) {
		id := req.PathValue("id")
		err := r.ReopenEnquiry(req.Context(), web.PersonOf(req), id, seen)
		return web.Done{To: enquiryHref(id), Words: "The line of enquiry is open again."}, words(err, ErrMoved, errMoved)
	})
}

func (r *Room) confirmDeleteEnquiry(w http.ResponseWriter, req *http.Request) error {
	e, err := r.ownEnquiry(req)
	if err != nil {
		return err
	}
	if e.Notes > 0 {
		return errEnquiryUsed
	}
	return confirm(w, req, fillEnquiry(e), enquiryHref(e.ID), "Delete this line of enquiry?", "Delete it", e.Question,
		"This cannot be undone. Delete it only when it was opened by mistake.")
}

func (r *Room) deleteEnquiry(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteEnquiry, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteEnquiry(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: scrutinyRoot, Words: "The line of enquiry was deleted."}, words(err, ErrUsed, errEnquiryUsed)
	})
}

var (
	errJudged = web.Conflict("This line of enquiry is judged",
		"Take the judgement back first, if it is to be another.")
	errEnquiryUsed = web.Conflict("A line of enquiry with notes cannot be deleted",
		"Move its notes to another, or judge it.")
)
