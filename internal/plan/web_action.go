package plan

import (
	"context"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// actionPage is one action: what is asked, how we will know, what shows it, is it done.
type actionPage struct {
	ui.Base
	Action   Action
	Standing Tag
	Line     string // whose, by when, from where
	Left     string // how long there is
	Manage   bool   // the reader looks after actions
	Does     bool   // it is the reader's to do
	Asks     bool   // the reader may ask others to help
	Helpers  []actionHelper
	CameBack map[string]string // from the addresses of its owner and its helpers, for those who may act on it
	May      bool              // the reader may say something
	Mark     string            // of the action as the reader sees it
	Claim    *web.Form
	Evidence *ui.FileList // nil for those who may not see it
	Said     []Said
	Thread   []Stop
	Nobody   string // where nobody who is to do it can open it: whose
	Invite   string // where somebody is invited; "" for a reader who may not
	History  []audittrail.Entry
}

// A Stop is one place on the way from what was learnt to what changed.
type Stop struct {
	Title, Words, Href string
	State              string // done, now or ahead
}

func (r *Room) showAction(w http.ResponseWriter, req *http.Request) error {
	ctx, by, today := req.Context(), web.PersonOf(req), r.Now.Today()
	a, err := r.actionFor(ctx, by, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := actionPage{Base: base(req, a.Title, "Actions", actionsRoot, short(a.Title), ""), Action: a,
		Standing: a.Standing(today), Line: a.line(by), Left: left(a, today), Manage: by.May(access.PlanManage),
		Does: actionRules.May(by, actionDo, a.of()), May: actionRules.May(by, access.Change, a.of(), saidField),
		Mark: wholeAction(a).Mark(), Claim: fillClaim(a), Thread: thread(a.as(by))}
	page.Asks = a.Status == Open && asksHelp(by, a)
	if page.Helpers, err = r.helpersShown(ctx, by, a); err != nil {
		return err
	}
	if page.Manage || page.Does {
		page.CameBack, err = register.CameBack(ctx, r.Work, append(a.helpers(), string(a.OwnerID))...)
		if err != nil {
			return err
		}
	}
	if page.Evidence, err = r.evidenceOf(ctx, by, a); err != nil {
		return err
	}
	if page.Said, err = r.saidTo(ctx, by, a); err != nil {
		return err
	}
	if page.Manage && a.Status == Open {
		if page.Nobody, err = r.nobody(ctx, a); err != nil {
			return err
		}
		if by.May(access.PeopleManage) {
			page.Invite = "/work/people/new?organisation=" + string(a.OrganisationID)
		}
	}
	if page.History, err = r.historyOf(ctx, actionRules.May(by, access.Read, a.of(), reviewField), actionSubject,
		a.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "action", page)
}

// An actionHelper is a helper on an action's page; Off is the address that takes them off, "" for
// readers who may not.
type actionHelper struct {
	Helper
	Off string
}

// helpersShown lists those who help with an action, for a reader.
func (r *Room) helpersShown(ctx context.Context, by web.Person, a Action) ([]actionHelper, error) {
	if a.Helpers == "" {
		return nil, nil
	}
	list, err := helpers(ctx, r.Work, a.ID)
	var out []actionHelper
	for _, h := range list {
		row := actionHelper{Helper: h}
		if asksHelp(by, a) || by.ID == h.ID {
			row.Off = actionHref(a.ID) + "/helpers/" + h.ID + "/remove"
		}
		out = append(out, row)
	}
	return out, err
}

// nobody names whose an action is when nobody of them can open it; "" when somebody can.
func (r *Room) nobody(ctx context.Context, a Action) (string, error) {
	list, err := r.doers(ctx, r.Work, a)
	switch {
	case err != nil || len(list) > 0:
		return "", err
	case a.Organisation != "":
		return "Nobody at " + a.Organisation + " can open this.", nil
	}
	return a.Owner + " cannot open this.", nil
}

// whence says where an action comes from, and whose it is where it is not the reader's own.
func (a Action) whence(by web.Person) string {
	out := "From " + inSentence(a.as(by).From()) + "."
	if a.Owner != "" && by.ID != string(a.OwnerID) {
		out += " " + a.Owner + " is to do it."
	}
	return out
}

// line says whose an action is, for a reader, by when, and where it comes from.
func (a Action) line(by web.Person) string {
	whose := a.OwnedBy()
	if by.ID != "" && by.ID == string(a.OwnerID) {
		whose = "Yours"
		if a.Organisation != "" {
			whose += ", for " + a.Organisation
		}
	}
	return whose + " · by " + a.DueOn.Words() + " · from " + inSentence(a.as(by).From())
}

// left says how long there is until an action is due, while it is open.
func left(a Action, today period.Date) string {
	switch n := today.DaysUntil(a.DueOn); {
	case a.Status != Open:
		return ""
	case n < 0:
		return lang.Plural(-n, "day", "days") + " late"
	case n == 0:
		return "today"
	case n > 90:
		return ""
	}
	n := period.WorkingDaysBetween(today, a.DueOn)
	return lang.Plural(n, "working day", "working days") + " left"
}

// thread is the way that an action is on. What is not there yet is said as such.
func thread(a Action) []Stop {
	var out []Stop
	if a.RecommendationID == "" && a.PriorityID == "" {
		out = append(out, Stop{Title: a.From(), State: "done"})
	}
	if a.RecommendationID != "" {
		out = append(out, Stop{Title: a.From(), State: "done"},
			Stop{Title: "Recommendation", Words: short(a.Recommendation), Href: recommendationHref(string(a.RecommendationID)),
				State: "done"})
	}
	if a.PriorityID != "" {
		out = append(out, Stop{Title: "Priority", Words: a.Priority, Href: priorityHref(string(a.PriorityID)),
			State: "done"})
	}
	this := Stop{Title: "This action", Words: "Due " + a.DueOn.Words(), State: "now"}
	end := Stop{Title: "What changed for children", Words: "Not known yet", State: "ahead"}
	switch {
	case a.Status == Dropped:
		this.Words, this.State = "Dropped on "+a.DroppedOn.Words(), "done"
		return append(out, this)
	case a.Status == Done:
		this.Words, this.State = "Done on "+a.DoneOn.Words(), "done"
		if a.Impact != "" {
			end.Words, end.State = a.Impact, "done"
		}
	}
	return append(out, this, end)
}
