package audits

import (
	"fmt"
	"net/http"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const roundsRoot = root + "/rounds"

func roundHref(id string) string { return roundsRoot + "/" + id }

// roundBase is the frame of a page about a round, with the way to it.
func roundBase(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{roundsTitle, roundsRoot}, way...)...)
}

type roundsPage struct {
	ui.Base
	List      ui.List
	Manage    bool
	Today     period.Date
	Standards []ui.Choice
	Rounds    []Round
}

func (r *Room) listRounds(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(roundsRoot, req.URL.Query(), "-due", "title", "standard", "year", "asked", "submitted")
	list.One, list.Many = "self-assessment", "self-assessments"
	f := RoundFilter{Text: list.Value("q"), Standard: list.Value("standard"), Year: readYear(list.Value("year")),
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Rounds(req.Context(), f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportRounds(w, all)
	}
	list.Total = total
	return web.Render(w, http.StatusOK, r.pages, "rounds", roundsPage{Base: listBase(req, roundsTitle), List: list,
		Manage: web.PersonOf(req).May(access.AuditsManage), Today: r.Now.Today(), Standards: standardChoices(), Rounds: all})
}

func exportRounds(w http.ResponseWriter, all []Round) error {
	var rows [][]string
	for _, v := range all {
		rows = append(rows, []string{v.Title, v.Standard.Words(), v.Year, v.OpenedOn.String(), v.DueOn.String(),
			v.ClosedOn.String(),
			strconv.FormatInt(v.Asked, 10), strconv.FormatInt(v.Submitted, 10)})
	}
	header := []string{"Title", "Standard", "Year", "Opened", "Due", "Closed", "Asked", "Submitted"}
	return web.CSV(w, "audit-rounds.csv", header, rows)
}

type roundPage struct {
	ui.Base
	Round        Round
	Manage       bool
	Today        period.Date
	Line         string // the standard, the year, from when and until when: "Section 11, 2026-27"
	Came         string // how many answers came, of how many
	List         ui.List
	States       []ui.Choice
	Sectors      []ui.Choice
	Participants []Participant
	CameBack     mail.Back // from the addresses of contacts
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
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := r.Participants(ctx, web.PersonOf(req), v.ID, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportParticipants(w, all)
	}
	list.Total = total
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return err
	}
	page := roundPage{Base: roundBase(req, v.Title, v.Title, ""), Round: v,
		Manage: web.PersonOf(req).May(access.AuditsManage), Today: r.Now.Today(),
		List: list, Sectors: sectors.All(), Participants: all,
		States: append([]ui.Choice{{Value: "missing", Text: "Not sent yet"}}, ui.WordChoices(states)...),
		Line:   fmt.Sprintf("%s, %s · opened %s · due %s", v.Standard.Words(), v.Year, v.OpenedOn.Words(), v.DueOn.Words()),
		Came:   lang.Sentence(v.Came())}
	var addresses []string
	for _, p := range all {
		addresses = append(addresses, p.Email)
	}
	if page.CameBack, err = mail.ReturnedOf(ctx, r.Work, addresses...); err != nil {
		return err
	}
	if page.History, err = audittrail.Of(ctx, r.Work, roundSubject, v.ID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "round", page)
}

func exportParticipants(w http.ResponseWriter, all []Participant) error {
	var rows [][]string
	for _, p := range all {
		rows = append(rows, []string{p.Organisation, p.SectorWords, p.Contact, p.Email, p.State.Words(),
			p.AskedOn.String(), p.StartedOn.String(), p.SubmittedOn.String(), p.ModeratedOn.String(),
			strconv.FormatInt(p.Chased, 10)})
	}
	header := []string{"Organisation", "Sector", "Contact", "E-mail", "State", "Asked", "Started", "Submitted",
		"Moderated", "Times chased"}
	return web.CSV(w, "returns.csv", header, rows)
}

type roundFormPage struct {
	ui.FormPage
	Standards []ui.Choice
}

func (r *Room) roundForm(w http.ResponseWriter, req *http.Request, title, cancel string) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "round-form", roundFormPage{
			FormPage:  ui.FormPage{Base: roundBase(req, title, title, ""), Form: f, Cancel: cancel},
			Standards: standardChoices()})
	}
}

func (r *Room) newRound(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord("year", period.YearOf(r.Now.Today()).String())
	f.SetDate("opened", r.Now.Today())
	return r.roundForm(w, req, "Add a self-assessment", roundsRoot)(http.StatusOK, f)
}

func (r *Room) addRound(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.roundForm(w, req, "Add a self-assessment", roundsRoot),
		func(f *web.Form) (web.Done, error) {
			v := readRound(f)
			if !f.OK() {
				return web.Done{}, nil
			}
			id, err := r.AddRound(req.Context(), web.PersonOf(req), v)
			return web.Done{To: roundHref(id) + "/ask", Words: "The self-assessment was added. Now say whom to ask."}, err
		})
}

func (r *Room) editRound(w http.ResponseWriter, req *http.Request) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.roundForm(w, req, "Change "+v.Title, roundHref(v.ID))(http.StatusOK, fillRound(v))
}

func (r *Room) saveRound(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.roundForm(w, req, "Change "+was.Title, roundHref(was.ID)),
		func(f *web.Form) (web.Done, error) {
			v := readRound(f)
			v.ID = was.ID
			if !f.OK() {
				return web.Done{}, nil
			}
			err := r.SaveRound(req.Context(), web.PersonOf(req), v, f.Seen())
			return web.Done{To: roundHref(v.ID), Words: "The changes were saved."}, err
		})
}

// confirmRound asks before something is done to the round of an address, unless
// cannot says why it cannot be done; words say what will happen.
func (r *Room) confirmRound(w http.ResponseWriter, req *http.Request, title, act string, cannot func(Round) error,
	words func(Round) string) error {
	v, err := r.Round(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	if err := cannot(v); err != nil {
		return err
	}
	b := roundBase(req, fmt.Sprintf(title, v.Title), v.Title, roundHref(v.ID), act, "")
	return web.Confirm(w, req, fillWholeRound(v), b, act, roundHref(v.ID), words(v))
}

func (r *Room) confirmCloseRound(w http.ResponseWriter, req *http.Request) error {
	return r.confirmRound(w, req, "Close %s?", "Close the self-assessment", Round.mustBeOpen, func(v Round) string {
		return fmt.Sprintf("Answers can then no longer be sent or marked. %s not come.",
			lang.Plural(int(v.Missing()), "answer has", "answers have"))
	})
}

func (r *Room) closeRound(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmCloseRound, func(seen web.Seen) (web.Done, error) {
		err := r.CloseRound(req.Context(), web.PersonOf(req), id, r.Now.Today(), seen)
		return web.Done{To: roundHref(id), Words: "The self-assessment was closed.", Undo: roundHref(id) + "/reopen"}, err
	})
}

func (r *Room) confirmReopenRound(w http.ResponseWriter, req *http.Request) error {
	return r.confirmRound(w, req, "Open %s again?", "Open the self-assessment again", Round.mustBeClosed,
		func(Round) string {
			return "Answers can then be sent and marked again."
		})
}

func (r *Room) reopenRound(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Confirmed(w, req, r.confirmReopenRound, func(seen web.Seen) (web.Done, error) {
		err := r.ReopenRound(req.Context(), web.PersonOf(req), id, seen)
		return web.Done{To: roundHref(id), Words: "The self-assessment is open again."}, err
	})
}

func (r *Room) confirmDeleteRound(w http.ResponseWriter, req *http.Request) error {
	return r.confirmRound(w, req, "Delete %s?", "Delete the self-assessment", Round.mustHaveNoReturns,
		func(v Round) string {
			return fmt.Sprintf("The self-assessment and its list of %s will be deleted. This cannot be undone.",
				lang.Plural(int(v.Asked), "organisation", "organisations"))
		})
}

func (r *Room) deleteRound(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteRound, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteRound(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: roundsRoot, Words: "The self-assessment was deleted."}, err
	})
}
