package audits

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type askPage struct {
	ui.Base
	Form    ui.Form
	Round   Round
	Sectors []ui.Choice
	Cancel  string
}

func (r *Room) askPage(w http.ResponseWriter, req *http.Request, status int, v Round, f *web.Form) error {
	if v.Closed() {
		return roundIsClosed()
	}
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "ask", askPage{
		Base: web.Crumbs(web.Base(req, "Ask organisations"), "Section 11 and 175 rounds", roundsRoot, v.Title, roundHref(v.ID), "Ask organisations", ""),
		Form: f, Round: v, Sectors: sectors.All(), Cancel: roundHref(v.ID)})
}

func (r *Room) askForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f := web.NewForm()
	if v.Standard == Section175 {
		f.Set("sectors", "education")
	}
	f.SetDate("on", earlier(v.OpenedOn, r.Now.Today()))
	return r.askPage(w, req, http.StatusOK, v, f)
}

func earlier(a, b period.Date) period.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func (r *Room) ask(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	v, err := r.Round(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	on := f.Date("on", "Enter when they were asked")
	if on.After(r.Now.Today()) {
		f.Add("on", "Enter a date up to today, "+r.Now.Today().Words())
	}
	whom, err := r.readOrganisations(ctx, f, "organisations")
	if err != nil {
		return err
	}
	bySector, err := r.InSectors(ctx, f.Values("sectors"))
	if err != nil {
		return err
	}
	if whom = append(whom, bySector...); len(whom) == 0 {
		f.Add("sectors", "Choose a sector, or name organisations below")
	}
	if !f.OK() {
		return r.askPage(w, req, http.StatusUnprocessableEntity, v, f)
	}
	n, err := r.Ask(ctx, web.PersonOf(req), v.ID, whom, on)
	if errors.Is(err, ErrClosed) {
		return roundIsClosed()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(v.ID), "Asked "+lang.Plural(n, "organisation", "organisations")+" that had not been asked before.")
}

func roundIsClosed() error {
	return web.Conflict("This round is closed", "Returns are no longer taken. Open the round again if that is wrong.")
}

type chasePage struct {
	ui.Base
	Round  Round
	Chase  Chase
	Act    string
	Cancel string
}

func (r *Room) chaseForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Closed() {
		return roundIsClosed()
	}
	c, err := r.Missing(req.Context(), v.ID)
	if err != nil {
		return err
	}
	act := "Nobody to chase now"
	if n := len(c.Reachable); n > 0 {
		act = "Chase " + lang.Plural(n, "organisation", "organisations")
	}
	return web.Render(w, http.StatusOK, r.pages, "chase", chasePage{
		Base:  web.Crumbs(web.Base(req, act), "Section 11 and 175 rounds", roundsRoot, v.Title, roundHref(v.ID), "Chase", ""),
		Round: v, Chase: c, Act: act, Cancel: roundHref(v.ID) + "?state=missing"})
}

func (r *Room) chase(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	n, err := r.Chase(req.Context(), web.PersonOf(req), id)
	if errors.Is(err, ErrClosed) {
		return roundIsClosed()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(id)+"?state=missing", lang.Plural(n, "mail was", "mails were")+" queued, one for each organisation.")
}

type participantPage struct {
	ui.Base
	Form        ui.Form
	Round       Round
	Participant Participant
	States      []ui.Choice
	Cancel      string
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

func (r *Room) participantPage(w http.ResponseWriter, req *http.Request, status int, v Round, p Participant, f *web.Form) error {
	return web.Render(w, status, r.pages, "participant", participantPage{
		Base: web.Crumbs(web.Base(req, p.Organisation), "Section 11 and 175 rounds", roundsRoot, v.Title, roundHref(v.ID), p.Organisation, ""),
		Form: f, Round: v, Participant: p, States: stateChoices(), Cancel: roundHref(v.ID)})
}

func (r *Room) participantForm(w http.ResponseWriter, req *http.Request) error {
	v, p, err := r.participantOf(req)
	if err != nil {
		return err
	}
	f := web.NewForm("state", string(p.State), "contact", p.Email)
	f.SetDate("on", r.Now.Today())
	return r.participantPage(w, req, http.StatusOK, v, p, f)
}

// participant keeps what an officer notes of one organisation: its contact, and
// how far its return has come when that has changed.
func (r *Room) participant(w http.ResponseWriter, req *http.Request) error {
	v, p, err := r.participantOf(req)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	email := f.Email("contact", "")
	state := State(f.OneOf("state", "Choose how far the return has come", "asked", "started", "submitted", "moderated"))
	var on period.Date
	if state != p.State {
		on = f.Date("on", "Enter the date")
	}
	if !f.OK() {
		return r.participantPage(w, req, http.StatusUnprocessableEntity, v, p, f)
	}
	err = r.update(req.Context(), web.PersonOf(req), p, email, state, on)
	if errors.Is(err, ErrClosed) {
		return roundIsClosed()
	}
	if status := refused(f, err); status != 0 {
		return r.participantPage(w, req, status, v, p, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(v.ID), "The changes to "+p.Organisation+" were saved.")
}

// update keeps what has changed of a participant: its state, its contact.
func (r *Room) update(ctx context.Context, by web.Person, p Participant, email string, state State, on period.Date) error {
	if state != p.State {
		if err := r.Mark(ctx, by, p.RoundID, p.OrganisationID, state, on); err != nil {
			return err
		}
	}
	if db.Fold(email) == db.Fold(p.Email) {
		return nil
	}
	return r.SetContact(ctx, by, p.RoundID, p.OrganisationID, email)
}

func (r *Room) removeForm(w http.ResponseWriter, req *http.Request) error {
	v, p, err := r.participantOf(req)
	if err != nil {
		return err
	}
	if p.Sent() {
		return hasReturned()
	}
	return r.confirmRound(w, req, v, "Take "+p.Organisation+" out of the round?", "Take it out of the round",
		fmt.Sprintf("%s will no longer be asked for its return, and no longer counts as missing.", p.Organisation))
}

func (r *Room) remove(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	err := r.Remove(req.Context(), web.PersonOf(req), id, req.PathValue("org"))
	switch {
	case errors.Is(err, ErrReturned):
		return hasReturned()
	case errors.Is(err, ErrClosed):
		return roundIsClosed()
	case err != nil:
		return err
	}
	return web.SeeOther(w, req, roundHref(id), "The organisation was taken out of the round.")
}

func hasReturned() error {
	return web.Conflict("This return has come", "An organisation that has sent its return stays in the round. Mark the return as not submitted first, if that is wrong.")
}

type answerPage struct {
	ui.Base
	Round       Round
	Participant Participant
	Today       period.Date
}

// answerForm shows an organisation's own return. A round that did not ask it is
// not there for it.
func (r *Room) answerForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := participant(req.Context(), r.Work, v.ID, web.PersonOf(req).OrganisationID)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "answer", answerPage{
		Base: web.Base(req, v.Standard.Words()+" return"), Round: v, Participant: p, Today: r.Now.Today()})
}

func (r *Room) answer(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	id, to, done := req.PathValue("id"), Started, "Your return is marked as started."
	if f.Value("act") == "submit" {
		to, done = Submitted, "Thank you. Your return is marked as submitted."
	}
	err = r.Answer(req.Context(), web.PersonOf(req), id, to)
	switch {
	case errors.Is(err, ErrClosed):
		return web.Conflict("This round is closed", "Returns are no longer taken. Ask the partnership's quality officer.")
	case errors.Is(err, ErrMoved):
		return web.Conflict("Your return was submitted before", "Ask the partnership's quality officer if that is wrong.")
	case err != nil:
		return err
	}
	return web.SeeOther(w, req, roundHref(id)+"/answer", done)
}
