package partnership

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type committeesPage struct {
	ui.Base
	List       ui.List
	Committees []listedCommittee
	Which      []ui.Choice
	MayManage  bool
}

func (r *Room) listCommittees(w http.ResponseWriter, req *http.Request) error {
	list := ui.ReadList(committeesRoot, req.URL.Query(), "order", "name", "met")
	page := committeesPage{Base: r.listBase(req, "{Committees}"),
		MayManage: web.PersonOf(req).May(access.PartnershipManage),
		Which:     ui.Choices("ended", "Ended", "all", "All, with those that ended")}
	list.One, list.Many = page.Term("committee"), page.Term("committees")
	f := committeeFilter{Search: list.Value("q"), Which: list.Value("which"), Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := listCommittees(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportCommittees(w, all)
	}
	list.Total = total
	page.List, page.Committees = list, all
	return web.Render(w, http.StatusOK, r.pages, "committees", page)
}

func exportCommittees(w http.ResponseWriter, all []listedCommittee) error {
	var rows [][]string
	for _, c := range all {
		rows = append(rows, []string{c.Name, c.Purpose, c.Meets, c.Chair, lang.Number(c.Members), c.LastMet.String(),
			c.EndedOn.String()})
	}
	return web.CSV(w, "committees.csv", []string{"name", "purpose", "meets", "chair", "members", "last_met", "ended_on"},
		rows)
}

type committeePage struct {
	ui.Base
	Committee Committee
	Members   []Member // of today
	Former    []Member
	Meetings  []heldMeeting
	History   []audittrail.Entry // for those who keep committees
	MayManage bool
}

// shownMeetings is how many meetings a committee's page shows.
const shownMeetings = 24

func (r *Room) showCommittee(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	c, err := committeeByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	members, err := membersOf(ctx, r.Work, c.ID)
	if err != nil {
		return err
	}
	page := committeePage{Base: base(req, c.Name, "{Committees}", committeesRoot, c.Name, ""), Committee: c,
		MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	for _, m := range members {
		if m.ToOn.IsZero() || !m.ToOn.Before(r.Now.Today()) && !c.Ended() {
			page.Members = append(page.Members, m)
		} else {
			page.Former = append(page.Former, m)
		}
	}
	if page.Meetings, err = meetingsOf(ctx, r.Work, c.ID, shownMeetings); err != nil {
		return err
	}
	if page.MayManage {
		if page.History, err = audittrail.Of(ctx, r.Work, "committee", c.ID); err != nil {
			return err
		}
		page.History = page.History[:min(20, len(page.History))]
	}
	return web.Render(w, http.StatusOK, r.pages, "committee", page)
}

func committeeHref(id string) string { return committeesRoot + "/" + id }

// committeeBase is the frame of a page about a committee, with the way to it.
func committeeBase(req *http.Request, c Committee, title string) ui.Base {
	return base(req, title, "{Committees}", committeesRoot, c.Name, committeeHref(c.ID), title, "")
}

func (r *Room) committeeForm(w http.ResponseWriter, req *http.Request, page formPage, title, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		page.FormPage = ui.FormPage{Base: base(req, title, "{Committees}", committeesRoot, title, ""), Form: f,
			Cancel: cancel}
		return web.Render(w, status, r.pages, "committee-form", page)
	}
}

func (r *Room) newCommittee(w http.ResponseWriter, req *http.Request) error {
	return r.committeeForm(w, req, formPage{Save: "Add {committee}"}, "Add a {committee}", committeesRoot)(http.StatusOK,
		web.NewRecord())
}

func (r *Room) addCommittee(w http.ResponseWriter, req *http.Request) error {
	show := r.committeeForm(w, req, formPage{Save: "Add {committee}"}, "Add a {committee}", committeesRoot)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		c := readCommittee(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddCommittee(req.Context(), web.PersonOf(req), c)
		return web.Done{To: committeeHref(id), Words: c.Name + " is added. Now say who sits on it."}, err
	})
}

func (r *Room) editCommittee(w http.ResponseWriter, req *http.Request) error {
	c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.committeeForm(w, req, formPage{Save: "Save"}, "Change a {committee}", committeeHref(c.ID))(http.StatusOK,
		fillCommittee(c))
}

func (r *Room) saveCommittee(w http.ResponseWriter, req *http.Request) error {
	if _, err := committeeByID(req.Context(), r.Work, req.PathValue("id")); err != nil {
		return err
	}
	href := committeeHref(req.PathValue("id"))
	return web.Submit(w, req, r.committeeForm(w, req, formPage{Save: "Save"}, "Change a {committee}", href),
		func(f *web.Form) (web.Done, error) {
			c := readCommittee(f)
			c.ID = req.PathValue("id")
			if !f.OK() {
				return web.Done{}, nil
			}
			return web.Done{To: href, Words: "Saved."}, r.SaveCommittee(req.Context(), web.PersonOf(req), c, f.Seen())
		})
}

func (r *Room) endCommitteeForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		if c.Ended() {
			return ErrEnded
		}
		return web.Render(w, status, r.pages, "end", endPage{Act: "End the {committee}",
			FormPage: ui.FormPage{Base: committeeBase(req, c, "End "+c.Name+"?"), Form: f, Cancel: committeeHref(c.ID)},
			Words:    []string{"The seats of everybody on it end the same day. Its meetings and who was there are kept."}})
	}
}

func (r *Room) confirmEndCommittee(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	f.SetDate("on", r.Now.Today())
	return r.endCommitteeForm(w, req)(http.StatusOK, f)
}

func (r *Room) endCommittee(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.endCommitteeForm(w, req), func(f *web.Form) (web.Done, error) {
		on := f.Date("on", "Enter the day it ended")
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.EndCommittee(req.Context(), web.PersonOf(req), id, on)
		return web.Done{To: committeeHref(id), Words: "The {committee} is ended."}, err
	})
}
