package audits

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type askPage struct {
	ui.FormPage
	Round   Round
	Sectors []ui.Choice
}

func (r *Room) askForm(w http.ResponseWriter, req *http.Request, v Round) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if err := v.mustBeOpen(); err != nil {
			return err
		}
		sectors, err := r.Register.Sectors(req.Context())
		if err != nil {
			return err
		}
		const title = "Ask organisations"
		return web.Render(w, status, r.pages, "ask", askPage{Round: v, Sectors: sectors.All(),
			FormPage: ui.FormPage{Base: roundBase(req, title, v.Title, roundHref(v.ID), title, ""), Form: f,
				Cancel: roundHref(v.ID)}})
	}
}

func (r *Room) confirmAskRound(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm()
	if v.Standard == Section175 {
		f.Set("sectors", "education")
	}
	f.SetDate("on", earlier(v.OpenedOn, r.Now.Today()))
	return r.askForm(w, req, v)(http.StatusOK, f)
}

func earlier(a, b period.Date) period.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func (r *Room) askRound(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.askForm(w, req, v), func(f *web.Form) (web.Done, error) {
		whom, on, err := r.readAsked(req.Context(), web.PersonOf(req), f)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		n, err := r.AskRound(req.Context(), web.PersonOf(req), v.ID, whom, on)
		words := "Asked " + lang.Plural(n, "organisation", "organisations") + " that had not been asked before."
		return web.Done{To: roundHref(v.ID), Words: words}, err
	})
}

type chasePage struct {
	ui.FormPage
	Round Round
	Chase Chase
	Act   string
}

func (r *Room) confirmChaseRound(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if err := v.mustBeOpen(); err != nil {
		return err
	}
	c, err := r.Missing(req.Context(), v.ID)
	if err != nil {
		return err
	}
	act := "Nobody to chase now"
	if n := len(c.Reachable); n > 0 {
		act = "Chase " + lang.Plural(n, "organisation", "organisations")
	}
	return web.Render(w, http.StatusOK, r.pages, "chase", chasePage{Round: v, Chase: c, Act: act,
		FormPage: ui.FormPage{Base: roundBase(req, act, v.Title, roundHref(v.ID), "Chase", ""), Cancel: roundHref(v.ID) +
			"?state=missing"}})
}

func (r *Room) chaseRound(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	n, err := r.ChaseRound(req.Context(), web.PersonOf(req), id)
	if err != nil {
		return err
	}
	words := lang.Plural(n, "mail was", "mails were") + " queued, one for each organisation."
	return web.SeeOther(w, req, roundHref(id)+"?state=missing", words)
}

type participantFormPage struct {
	ui.FormPage
	Round       Round
	Participant Participant
	States      []ui.Choice
	Reminders   []remind.Sent // sent by themselves, or not, the newest first
	CameBack    string        // that mail to the contact came back; "" where it did not
	RemoveHref  string        // to take it out of the round; "" when it cannot be
}

// participantOf reads the round and the organisation of an address.
func (r *Room) participantOf(req *http.Request) (Round, Participant, error) {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return v, Participant{}, err
	}
	p, err := participant(req.Context(), r.Work, v.ID, req.PathValue("org"))
	return v, p, err
}

func (r *Room) participantForm(w http.ResponseWriter, req *http.Request, v Round, p Participant) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		page := participantFormPage{Round: v, Participant: p, States: ui.WordChoices(states), FormPage: ui.FormPage{Form: f,
			Base: roundBase(req, p.Organisation, v.Title, roundHref(v.ID), p.Organisation, ""), Cancel: roundHref(v.ID)}}
		var err error
		if page.Reminders, err = remind.Of(req.Context(), r.Work, answersKind, recordOf(v.ID, p.OrganisationID)); err != nil {
			return err
		}
		back, err := mail.ReturnedOf(req.Context(), r.Work, p.Email)
		if err != nil {
			return err
		}
		page.CameBack = back.Of(p.Email)
		if !p.Sent() {
			page.RemoveHref = roundHref(v.ID) + "/organisations/" + p.OrganisationID + "/remove"
		}
		return web.Render(w, status, r.pages, "participant-form", page)
	}
}

func (r *Room) editParticipant(w http.ResponseWriter, req *http.Request) error {
	v, p, err := r.participantOf(req)
	if err != nil {
		return err
	}
	f := fillParticipant(p)
	f.OfferDate("on", r.Now.Today())
	return r.participantForm(w, req, v, p)(http.StatusOK, f)
}

// saveParticipant keeps what an officer notes of one organisation: its contact,
// and how far its return has come when that has changed.
func (r *Room) saveParticipant(w http.ResponseWriter, req *http.Request) error {
	v, was, err := r.participantOf(req)
	if err != nil {
		return err
	}
	me := web.PersonOf(req)
	return web.Submit(w, req, r.participantForm(w, req, v, was), func(f *web.Form) (web.Done, error) {
		p, on, err := r.readParticipant(req.Context(), me, f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.SaveParticipant(req.Context(), me, p, on, f.Seen())
		return web.Done{To: roundHref(v.ID), Words: "The changes to " + p.Organisation + " were saved."}, err
	})
}

func (r *Room) confirmRemoveParticipant(w http.ResponseWriter, req *http.Request) error {
	v, p, err := r.participantOf(req)
	if err != nil {
		return err
	}
	if p.Sent() {
		return ErrReturned
	}
	const act = "Take it out of the self-assessment"
	b := roundBase(req, "Take "+p.Organisation+" out of the self-assessment?", v.Title, roundHref(v.ID), act, "")
	return web.Confirm(w, req, fillParticipant(p), b, act, roundHref(v.ID),
		fmt.Sprintf("%s will no longer be asked for its answer, and no longer counts as missing.", p.Organisation))
}

func (r *Room) removeParticipant(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmRemoveParticipant, func(seen web.Seen) (web.Done, error) {
		err := r.RemoveParticipant(req.Context(), web.PersonOf(req), id, req.PathValue("org"), seen)
		return web.Done{To: roundHref(id), Words: "The organisation was taken out of the self-assessment."}, err
	})
}

// answerHref is where an organisation's answer is.
func answerHref(p Participant) string {
	return roundHref(p.RoundID) + "/answer?" + url.Values{"organisation": {p.OrganisationID}}.Encode()
}

type answerPage struct {
	ui.Base
	Round       Round
	Participant Participant
	Others      []Participant // other organisations of the round for which the person answers
}

// Facts say by when, who answers and how far it has come.
func (p answerPage) Facts() []ui.Row {
	who := p.Participant.Contact
	if who == "" {
		who = "Nobody is named yet"
	}
	rows := []ui.Row{{Key: "By when", Value: p.Round.DueOn.Words()}, {Key: "Who answers", Value: who},
		{Key: "Asked on", Value: p.Participant.AskedOn.Words()}}
	if p.Participant.Sent() {
		rows = append(rows, ui.Row{Key: "Submitted", Value: p.Participant.SubmittedOn.Words()})
	}
	return rows
}

// Href is where the answer of another organisation is.
func (answerPage) Href(p Participant) string { return answerHref(p) }

type answersPage struct {
	ui.Base
	Round   Round
	Answers []Participant
}

// Href is where an organisation's answer is.
func (answersPage) Href(p Participant) string { return answerHref(p) }

// answerOf parts the organisations of a round for which a person answers into the one that is
// chosen, or the only one, and the others; db.ErrNotFound where there is none. With several
// and none chosen all are among the others.
func (r *Room) answerOf(req *http.Request, chosen string) (Participant, []Participant, error) {
	mine, err := answersOf(req.Context(), r.Work, web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return Participant{}, nil, err
	}
	if chosen == "" && len(mine) > 1 {
		return Participant{}, mine, nil
	}
	i := slices.IndexFunc(mine, func(p Participant) bool { return chosen == "" || p.OrganisationID == chosen })
	if i < 0 {
		return Participant{}, nil, db.ErrNotFound
	}
	return mine[i], slices.Delete(slices.Clone(mine), i, i+1), nil
}

// confirmAnswerRound shows an organisation's own return; who answers for several chooses
// one first. A round that asked none of them is not there.
func (r *Room) confirmAnswerRound(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	p, others, err := r.answerOf(req, req.URL.Query().Get("organisation"))
	if err != nil {
		return err
	}
	b := web.Base(req, v.Standard.Words()+" return")
	if p.OrganisationID == "" {
		return web.Render(w, http.StatusOK, r.pages, "answers", answersPage{Base: b, Round: v, Answers: others})
	}
	return web.Render(w, http.StatusOK, r.pages, "answer", answerPage{Base: b, Round: v, Participant: p, Others: others})
}

func (r *Room) answerRound(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	id, to, done := req.PathValue("id"), Started, "Your answer is marked as started."
	if f.Value("act") == "submit" {
		to, done = Submitted, "Thank you. Your answer is marked as submitted."
	}
	p, _, err := r.answerOf(req, f.Value("organisation"))
	if err != nil {
		return err
	}
	if err := r.AnswerRound(req.Context(), web.PersonOf(req), id, p.OrganisationID, to); err != nil {
		return err
	}
	return web.SeeOther(w, req, answerHref(p), done)
}
