package audits

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const roundsRoot = root + "/rounds"

func roundHref(id string) string { return roundsRoot + "/" + id }

type roundsPage struct {
	ui.Base
	List      ui.List
	Manage    bool
	Today     period.Date
	Standards []ui.Choice
	Rounds    []Round
}

func (r *Room) roundList(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(roundsRoot, req.URL.Query(), "-due", "title", "standard", "year", "asked", "submitted")
	list.One, list.Many = "round", "rounds"
	f := RoundFilter{Text: list.Value("q"), Standard: list.Value("standard"), Year: readYear(list.Value("year")),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := r.Rounds(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		var rows [][]string
		for _, v := range all {
			rows = append(rows, []string{v.Title, v.Standard.Words(), v.Year, v.OpenedOn.String(), v.DueOn.String(), v.ClosedOn.String(),
				strconv.FormatInt(v.Asked, 10), strconv.FormatInt(v.Submitted, 10)})
		}
		return web.CSV(w, "audit-rounds.csv", []string{"Title", "Standard", "Year", "Opened", "Due", "Closed", "Asked", "Submitted"}, rows)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "rounds", roundsPage{Base: web.Base(req, "Section 11 and 175 rounds"), List: list,
		Manage: web.PersonOf(req).May(manage), Today: r.Now.Today(), Standards: standardChoices(), Rounds: all})
}

type roundPage struct {
	ui.Base
	Round        Round
	Manage       bool
	Today        period.Date
	Rows         []ui.Row
	List         ui.List
	States       []ui.Choice
	Sectors      []ui.Choice
	Participants []Participant
	History      []audittrail.Entry
}

func (r *Room) showRound(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	v, err := r.Round(ctx, req.PathValue("id"))
	if err != nil {
		return err
	}
	list := ui.ReadList(roundHref(v.ID), req.URL.Query(), "organisation", "sector", "state", "submitted", "chased")
	list.One, list.Many = "organisation", "organisations"
	f := ParticipantFilter{Text: list.Value("q"), State: list.Value("state"), Sector: list.Value("sector"),
		Sort: list.Sort, Desc: list.Desc, Limit: list.Size, Offset: list.Offset()}
	if list.Value("format") == "csv" {
		f.Limit, f.Offset = everything, 0
	}
	all, total, err := r.Participants(ctx, v.ID, f)
	if err != nil {
		return err
	}
	if list.Value("format") == "csv" {
		return exportParticipants(w, all)
	}
	list.Total = total
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return err
	}
	page := roundPage{Base: web.Crumbs(web.Base(req, v.Title), "Section 11 and 175 rounds", roundsRoot, v.Title, ""), Round: v,
		Manage: web.PersonOf(req).May(manage), Today: r.Now.Today(), List: list, Sectors: sectors.All(), Participants: all,
		States: append([]ui.Choice{{Value: "missing", Text: "Not sent yet"}}, stateChoices()...),
		Rows: []ui.Row{{Key: "Standard", Value: v.Standard.Words()}, {Key: "Year", Value: v.Year}, {Key: "Opened", Value: v.OpenedOn.Words()},
			{Key: "Due", Value: v.DueOn.Words()}, {Key: "Returns", Value: lang.Sentence(v.Came())}}}
	if page.History, err = audittrail.Of(ctx, r.Work, roundSubject, v.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "round", page)
}

func exportParticipants(w http.ResponseWriter, all []Participant) error {
	var rows [][]string
	for _, p := range all {
		rows = append(rows, []string{p.Organisation, p.SectorWords, p.Contact, p.Email, p.State.Words(),
			p.AskedOn.String(), p.StartedOn.String(), p.SubmittedOn.String(), p.ModeratedOn.String(), strconv.FormatInt(p.Chased, 10)})
	}
	return web.CSV(w, "returns.csv", []string{"Organisation", "Sector", "Contact", "Email", "State", "Asked", "Started", "Submitted", "Moderated", "Times chased"}, rows)
}

type roundFormPage struct {
	ui.Base
	Form      ui.Form
	Cancel    string
	Standards []ui.Choice
}

func (r *Room) roundForm(w http.ResponseWriter, req *http.Request, status int, id, title string, f *web.Form) error {
	page := roundFormPage{Base: web.Crumbs(web.Base(req, title), "Section 11 and 175 rounds", roundsRoot, title, ""),
		Form: f, Cancel: roundsRoot, Standards: standardChoices()}
	if id != "" {
		page.Cancel = roundHref(id)
	}
	return web.Render(w, status, r.pages, "round-form", page)
}

func (r *Room) newRoundForm(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm("year", period.YearOf(r.Now.Today()).String())
	f.SetDate("opened", r.Now.Today())
	return r.roundForm(w, req, http.StatusOK, "", "Add a round", f)
}

func (r *Room) addRound(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readRound(f)
	if !f.OK() {
		return r.roundForm(w, req, http.StatusUnprocessableEntity, "", "Add a round", f)
	}
	id, err := r.AddRound(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.roundForm(w, req, status, "", "Add a round", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(id)+"/ask", "The round was added. Now say whom to ask.")
}

func (r *Room) editRoundForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.roundForm(w, req, http.StatusOK, v.ID, "Change "+v.Title, roundForm(v))
}

func (r *Room) editRound(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	v := readRound(f)
	v.ID = was.ID
	if !f.OK() {
		return r.roundForm(w, req, http.StatusUnprocessableEntity, v.ID, "Change "+was.Title, f)
	}
	err = r.ChangeRound(req.Context(), web.PersonOf(req), v)
	if status := refused(f, err); status != 0 {
		return r.roundForm(w, req, status, v.ID, "Change "+was.Title, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(v.ID), "The changes were saved.")
}

func (r *Room) confirmRound(w http.ResponseWriter, req *http.Request, v Round, title, act string, words ...string) error {
	return web.Render(w, http.StatusOK, r.pages, "confirm", confirmPage{
		Base:  web.Crumbs(web.Base(req, title), "Section 11 and 175 rounds", roundsRoot, v.Title, roundHref(v.ID), act, ""),
		Words: words, Act: act, Cancel: roundHref(v.ID)})
}

// closeForm asks whether to close an open round, or to open a closed one again.
func (r *Room) closeForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Closed() {
		return r.confirmRound(w, req, v, "Open "+v.Title+" again?", "Open the round again", "Returns can then be sent and marked again.")
	}
	return r.confirmRound(w, req, v, "Close "+v.Title+"?", "Close the round",
		fmt.Sprintf("Returns can then no longer be sent or marked. %s not come.", lang.Plural(int(v.Missing()), "return has", "returns have")))
}

func (r *Room) close(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	on, done := r.Now.Today(), "The round was closed."
	if v.Closed() {
		on, done = period.Date{}, "The round is open again."
	}
	if err := r.CloseRound(req.Context(), web.PersonOf(req), v.ID, on); err != nil {
		return err
	}
	return web.SeeOther(w, req, roundHref(v.ID), done)
}

func (r *Room) deleteRoundForm(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Submitted > 0 {
		return hasReturns()
	}
	return r.confirmRound(w, req, v, "Delete "+v.Title+"?", "Delete the round",
		fmt.Sprintf("The round and its list of %s will be deleted. This cannot be undone.", lang.Plural(int(v.Asked), "organisation", "organisations")))
}

func (r *Room) deleteRound(w http.ResponseWriter, req *http.Request) error {
	err := r.DeleteRound(req.Context(), web.PersonOf(req), req.PathValue("id"))
	if errors.Is(err, ErrReturned) {
		return hasReturns()
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, roundsRoot, "The round was deleted.")
}

func hasReturns() error {
	return web.Conflict("A round with returns cannot be deleted", "Returns have come, and they count in the yearly report. Close the round instead.")
}
