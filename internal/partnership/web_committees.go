package partnership

import (
	"errors"
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type committeesPage struct {
	ui.Base
	Section    []ui.NavItem
	List       ui.List
	Committees []listedCommittee
	Which      []ui.Choice
	MayManage  bool
}

func (r *Room) listCommittees(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list := ui.ReadList("/work/committees", req.URL.Query(), "order", "name", "met")
	list.One, list.Many = "committee", "committees"
	f := committeeFilter{Search: list.Value("q"), Which: list.Value("which")}
	if list.Value("format") == "csv" {
		return r.exportCommittees(w, req, f, order(list))
	}
	var err error
	if list.Total, err = countCommittees(ctx, r.Work, f); err != nil {
		return err
	}
	page := committeesPage{Base: web.Base(req, "Committees"), Section: section(req), List: list, Which: ui.Choices("ended", "Ended", "all", "All, with those that ended"), MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	if page.Committees, err = listCommittees(ctx, r.Work, f, order(list), list.Size, list.Offset()); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "committees", page)
}

func (r *Room) exportCommittees(w http.ResponseWriter, req *http.Request, f committeeFilter, by string) error {
	all, err := listCommittees(req.Context(), r.Work, f, by, exportLimit, 0)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, c := range all {
		rows = append(rows, []string{c.Name, c.Purpose, c.Meets, c.Chair, lang.Number(c.Members), c.LastMet.String(), c.EndedOn.String()})
	}
	return web.CSV(w, "committees.csv", []string{"name", "purpose", "meets", "chair", "members", "last_met", "ended_on"}, rows)
}

type committeePage struct {
	ui.Base
	Committee Committee
	Members   []Member // of today
	Former    []Member
	Meetings  []heldMeeting
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
	page := committeePage{Base: committeeFrame(req, c, c.Name), Committee: c, MayManage: web.PersonOf(req).May(access.PartnershipManage)}
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
	return web.Render(w, http.StatusOK, r.pages, "committee", page)
}

func committeeFrame(req *http.Request, c Committee, title string) ui.Base {
	if title == c.Name {
		return frame(req, title, "Committees", "/work/committees", c.Name, "")
	}
	return frame(req, title, "Committees", "/work/committees", c.Name, "/work/committees/"+c.ID, title, "")
}

func (r *Room) newCommittee(w http.ResponseWriter, req *http.Request) error {
	return r.renderCommitteeForm(w, req, http.StatusOK, "", web.NewForm())
}

func (r *Room) renderCommitteeForm(w http.ResponseWriter, req *http.Request, status int, id string, f *web.Form) error {
	page := formPage{Base: frame(req, "Add a committee", "Committees", "/work/committees", "Add", ""), Form: f, Save: "Add committee", Cancel: "/work/committees", New: true}
	if id != "" {
		page.Base = frame(req, "Change a committee", "Committees", "/work/committees", "Change", "")
		page.Save, page.Cancel, page.New = "Save", "/work/committees/"+id, false
	}
	return web.Render(w, status, r.pages, "committee-form", page)
}

func (r *Room) addCommittee(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	c := readCommittee(f)
	if !f.OK() {
		return r.renderCommitteeForm(w, req, http.StatusUnprocessableEntity, "", f)
	}
	id, err := r.AddCommittee(req.Context(), web.PersonOf(req), c)
	if errors.Is(err, ErrNameTaken) {
		f.Add("name", "There is a committee of this name")
		return r.renderCommitteeForm(w, req, http.StatusConflict, "", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/committees/"+id, c.Name+" is added. Now say who sits on it.")
}

func (r *Room) showEditCommittee(w http.ResponseWriter, req *http.Request) error {
	c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.renderCommitteeForm(w, req, http.StatusOK, c.ID, committeeForm(c))
}

func (r *Room) editCommittee(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	c := readCommittee(f)
	c.ID = req.PathValue("id")
	if !f.OK() {
		return r.renderCommitteeForm(w, req, http.StatusUnprocessableEntity, c.ID, f)
	}
	err = r.EditCommittee(req.Context(), web.PersonOf(req), c)
	if errors.Is(err, ErrNameTaken) {
		f.Add("name", "There is a committee of this name")
		return r.renderCommitteeForm(w, req, http.StatusConflict, c.ID, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/committees/"+c.ID, "Saved.")
}

func (r *Room) showEndCommittee(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	f.SetDate("on", r.Now.Today())
	return r.renderEndCommittee(w, req, http.StatusOK, f)
}

func (r *Room) renderEndCommittee(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "confirm", confirmPage{Base: committeeFrame(req, c, "End "+c.Name+"?"), Form: f,
		Words: []string{"The seats of everybody on it end the same day. Its meetings and who was there are kept."},
		Act:   "End the committee", Cancel: "/work/committees/" + c.ID, DateLabel: "When did it end?"})
}

func (r *Room) endCommittee(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	on := f.Date("on", "Enter the day it ended")
	if !f.OK() {
		return r.renderEndCommittee(w, req, http.StatusUnprocessableEntity, f)
	}
	id := req.PathValue("id")
	if err := r.EndCommittee(req.Context(), web.PersonOf(req), id, on); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/committees/"+id, "The committee is ended.")
}

type memberPage struct {
	ui.Base
	Committee  Committee
	Member     Member
	Form       ui.Form
	Search     ui.List
	Candidates []ui.Choice
	Searched   bool
	Roles      []ui.Choice
	New        bool
}

// shownCandidates is how many people a search for a member shows.
const shownCandidates = 20

func (r *Room) newMember(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm("role", "member")
	f.SetDate("from", r.Now.Today())
	return r.renderNewMember(w, req, http.StatusOK, f)
}

// renderNewMember asks for a person in two steps: a search, then a choice among
// those found, so that it works with any number of people and without scripts.
func (r *Room) renderNewMember(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	ctx := req.Context()
	c, err := committeeByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := memberPage{Base: committeeFrame(req, c, "Add a member"), Committee: c, Form: f, Search: ui.ReadList(req.URL.Path, req.URL.Query()), Roles: memberRoleChoices(), New: true}
	if q := req.URL.Query().Get("q"); q != "" {
		page.Searched = true
		found, err := candidates(ctx, r.Work, q, shownCandidates)
		if err != nil {
			return err
		}
		for _, p := range found {
			hint := p.JobTitle
			if p.Organisation != "" && hint != "" {
				hint += ", "
			}
			page.Candidates = append(page.Candidates, ui.Choice{Value: p.ID, Text: p.Name, Hint: hint + p.Organisation})
		}
	}
	return web.Render(w, status, r.pages, "member", page)
}

func (r *Room) addMember(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	m := readMember(f)
	m.CommitteeID, m.PersonID = req.PathValue("id"), f.Text("person", "Choose a person", 60)
	if !f.OK() {
		return r.renderNewMember(w, req, http.StatusUnprocessableEntity, f)
	}
	_, err = r.AddMember(req.Context(), web.PersonOf(req), m)
	if errors.Is(err, ErrMemberAlready) {
		f.Add("person", "This person already sits on the committee")
		return r.renderNewMember(w, req, http.StatusConflict, f)
	}
	if err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/committees/"+m.CommitteeID, "The member is added.")
}

func (r *Room) showMember(w http.ResponseWriter, req *http.Request) error {
	m, err := memberByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.renderMember(w, req, http.StatusOK, m, memberForm(m))
}

func (r *Room) renderMember(w http.ResponseWriter, req *http.Request, status int, m Member, f *web.Form) error {
	c, err := committeeByID(req.Context(), r.Work, m.CommitteeID)
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "member", memberPage{Base: committeeFrame(req, c, m.Person), Committee: c, Member: m, Form: f, Roles: memberRoleChoices()})
}

func (r *Room) editMember(w http.ResponseWriter, req *http.Request) error {
	old, err := memberByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	m := readMember(f)
	m.ID = old.ID
	if !f.OK() {
		return r.renderMember(w, req, http.StatusUnprocessableEntity, old, f)
	}
	err = r.EditMember(req.Context(), web.PersonOf(req), m)
	if errors.Is(err, ErrMemberAlready) {
		f.Add("to", "They have another seat on this committee that has not ended")
		return r.renderMember(w, req, http.StatusConflict, old, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/committees/"+old.CommitteeID, "Saved.")
}

type meetingPage struct {
	ui.Base
	Committee  Committee
	Form       ui.Form
	Attendance []Attendance
	States     []ui.Choice
	New        bool
}

func (r *Room) newMeeting(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	f.SetDate("held", r.Now.Today())
	return r.renderNewMeeting(w, req, http.StatusOK, f)
}

func (r *Room) renderNewMeeting(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "meeting", meetingPage{Base: committeeFrame(req, c, "Note a meeting"), Committee: c, Form: f, New: true})
}

func (r *Room) addMeeting(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	m := readMeeting(f, r.Now.Today())
	m.CommitteeID = req.PathValue("id")
	if !f.OK() {
		return r.renderNewMeeting(w, req, http.StatusUnprocessableEntity, f)
	}
	id, err := r.AddMeeting(req.Context(), web.PersonOf(req), m)
	if errors.Is(err, ErrMetAlready) {
		f.Add("held", "A meeting on this day is noted already")
		return r.renderNewMeeting(w, req, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/meetings/"+id, "The meeting is noted. Who was there?")
}

func (r *Room) showMeeting(w http.ResponseWriter, req *http.Request) error {
	m, err := meetingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	there, err := attendanceOf(req.Context(), r.Work, m)
	if err != nil {
		return err
	}
	return r.renderMeeting(w, req, http.StatusOK, m, there, meetingForm(m, there))
}

func (r *Room) renderMeeting(w http.ResponseWriter, req *http.Request, status int, m Meeting, there []Attendance, f *web.Form) error {
	c, err := committeeByID(req.Context(), r.Work, m.CommitteeID)
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "meeting", meetingPage{Base: committeeFrame(req, c, "Meeting of "+m.HeldOn.Words()), Committee: c, Form: f, Attendance: there, States: attendanceChoices()})
}

func (r *Room) noteMeeting(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	old, err := meetingByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	there, err := attendanceOf(ctx, r.Work, old)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	m, states := readMeeting(f, r.Now.Today()), readAttendance(f, there)
	m.ID = old.ID
	if !f.OK() {
		return r.renderMeeting(w, req, http.StatusUnprocessableEntity, old, there, f)
	}
	err = r.NoteMeeting(ctx, web.PersonOf(req), m, states)
	if errors.Is(err, ErrMetAlready) {
		f.Add("held", "Another meeting on this day is noted already")
		return r.renderMeeting(w, req, http.StatusConflict, old, there, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/committees/"+old.CommitteeID, "The meeting is saved.")
}
