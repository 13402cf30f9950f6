package plan

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// readPlan reads the form of a plan; what is wrong with the plan as a whole is
// for the action to say, as for the other forms.
func readPlan(f *web.Form) Plan {
	return Plan{
		Year:     readYear(f.Text("year", "", 20)),
		Title:    f.Text("title", "", 200),
		Summary:  f.Text("summary", "", 3000),
		AgreedOn: f.Date("agreed", ""),
	}
}

// readYear writes a financial year as it is kept, however it was entered.
func readYear(s string) string {
	if y, err := period.ParseYear(s); err == nil {
		return y.String()
	}
	return s
}

func fillPlan(p Plan) *web.Form {
	f := web.NewForm("title", p.Title, "summary", p.Summary)
	f.SetDate("agreed", p.AgreedOn)
	return f
}

// readPriority reads the form of a priority that was, or is new.
func (r *Room) readPriority(req *http.Request, f *web.Form, was Priority) (Priority, error) {
	p := Priority{ID: was.ID, Year: was.Year, Title: f.Text("title", "", 200), Outcome: f.Text("outcome", "", 2000)}
	owner, err := r.readOwner(req, f, was.OwnerID)
	p.OwnerID, p.Place = owner, int64(f.Int("place", "", 1, 99))
	return p, err
}

// readOwner reads who owns something; was is who owned it, who may have left.
func (r *Room) readOwner(req *http.Request, f *web.Form, was db.Opt) (db.Opt, error) {
	p, err := register.PickPerson(req.Context(), r.Work, web.PersonOf(req), f, "owner", "", string(was))
	return db.Opt(p.ID), err
}

func fillPriority(p Priority) *web.Form {
	f := web.NewForm("title", p.Title, "outcome", p.Outcome, "place", strconv.FormatInt(p.Place, 10))
	f.Choose("owner", string(p.OwnerID), register.PersonWords(p.Owner, p.OwnerEmail))
	return f
}

func readJudgement(f *web.Form) Judgement {
	return Judgement{
		As:       Status(f.Text("status", "Choose how the priority is judged", 20)),
		On:       f.Date("judged", ""),
		Achieved: f.Text("achieved", "", 3000),
		Remains:  f.Text("remains", "", 3000),
	}
}

func fillJudgement(p Priority) *web.Form {
	f := web.NewForm("status", string(p.Status), "achieved", p.Achieved, "remains", p.Remains)
	f.SetDate("judged", p.JudgedOn)
	return f
}

// readAction reads the form of an action that was, or is new.
func (r *Room) readAction(req *http.Request, f *web.Form, was Action) (Action, error) {
	a := Action{
		ID:         was.ID,
		Title:      f.Text("title", "", 500),
		Detail:     f.Text("detail", "", 3000),
		Measure:    f.Text("measure", "", 1000),
		SourceKind: SourceKind(f.Value("source_kind")),
		Source:     f.Text("source", "", 200),
	}
	recommendation, err := f.Pick(req.Context(), "recommendation", "", r.recommendationsFor())
	if err != nil {
		return a, err
	}
	priority, err := f.Pick(req.Context(), "priority", "", r.prioritiesFor())
	if err != nil {
		return a, err
	}
	a.RecommendationID, a.PriorityID = db.Opt(recommendation), db.Opt(priority)
	o, err := register.PickOrganisation(req.Context(), r.Work, web.PersonOf(req), f, "organisation", "",
		string(was.OrganisationID))
	if err != nil {
		return a, err
	}
	owner, err := r.readOwner(req, f, was.OwnerID)
	a.OrganisationID, a.OwnerID, a.DueOn = db.Opt(o.ID), owner, f.Date("due", "")
	return a, err
}

func fillAction(a Action) *web.Form {
	f := web.NewForm("title", a.Title, "detail", a.Detail, "measure", a.Measure,
		"source_kind", string(a.SourceKind), "source", a.Source)
	f.Choose("recommendation", string(a.RecommendationID), short(a.Recommendation))
	f.Choose("priority", string(a.PriorityID), a.Priority)
	f.Choose("organisation", string(a.OrganisationID), a.Organisation)
	f.Choose("owner", string(a.OwnerID), register.PersonWords(a.Owner, a.OwnerEmail))
	f.SetDate("due", a.DueOn)
	return f
}

// fillEnd fills the form that marks an action as done, or drops it.
func fillEnd(a Action) *web.Form {
	f := web.NewForm("evidence", a.Evidence, "impact", a.Impact)
	f.SetDate("on", cmp.Or(a.DoneOn, a.DroppedOn, a.ClaimedOn))
	return f
}

// wholePriority is all that a person sees of a priority: itself, and how it was judged.
func wholePriority(p Priority) *web.Form { return fillPriority(p).With(fillJudgement(p)) }

// wholeAction is all that a person sees of an action: itself, how it ended, and what its owner
// says of it.
func wholeAction(a Action) *web.Form {
	f := web.NewForm("hindrance", a.Hindrance)
	f.SetDate("said_done", a.ClaimedOn)
	f.SetDate("until", a.AskedUntil)
	return fillAction(a).With(fillEnd(a)).With(f)
}

func readRecommendation(f *web.Form) Recommendation {
	return Recommendation{
		Words:      f.Text("words", "", 2000),
		SourceKind: SourceKind(f.Value("source_kind")),
		Source:     f.Text("source", "", 200),
		MadeOn:     f.Date("made", ""),
		Response:   f.Text("response", "", 2000),
	}
}

func fillRecommendation(v Recommendation) *web.Form {
	f := web.NewForm("words", v.Words, "source_kind", string(v.SourceKind), "source", v.Source, "response", v.Response)
	f.SetDate("made", v.MadeOn)
	return f
}

func readScrutiny(f *web.Form) Scrutiny {
	return Scrutiny{
		Subject:     f.Text("subject", "", 200),
		Scrutineer:  f.Text("scrutineer", "", 120),
		Method:      f.Text("method", "", 200),
		SeenOn:      f.Date("seen_on", ""),
		Seen:        f.Text("observed", "", 5000),
		Challenge:   f.Text("challenge", "", 5000),
		Response:    f.Text("response", "", 5000),
		RespondedOn: f.Date("responded", ""),
		EnquiryID:   db.Opt(f.Text("enquiry", "", 40)),
	}
}

func fillScrutiny(s Scrutiny) *web.Form {
	f := web.NewForm("subject", s.Subject, "scrutineer", s.Scrutineer, "method", s.Method,
		"observed", s.Seen, "challenge", s.Challenge, "response", s.Response, "enquiry", string(s.EnquiryID))
	f.SetDate("seen_on", s.SeenOn)
	f.SetDate("responded", s.RespondedOn)
	return f
}

func stateChoices() []ui.Choice {
	return ui.Choices("open", "Open", "late", "Overdue", "soon", "Due within 14 days",
		"claimed", "Said to be done", "asked", "Their owner asks for something", "done", "Done", "dropped",
		"Dropped")
}

// short cuts words to what fits a line, after a whole word where there is one.
func short(words string) string {
	const most = 80
	r := []rune(words)
	if len(r) <= most {
		return words
	}
	cut := string(r[:most-1])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = strings.TrimRight(cut[:at], " ,;:")
	}
	return cut + "…"
}
