package partnership

import (
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type meetingFormPage struct {
	ui.FormPage
	Committee  Committee
	Attendance []Attendance
	States     []ui.Choice
	Save       string // the words of the button
	New        bool
	History    []audittrail.Entry
}

func (r *Room) newMeetingForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		c, err := committeeByID(req.Context(), r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "meeting-form", meetingFormPage{Committee: c, Save: "Continue", New: true,
			FormPage: ui.FormPage{Base: committeeBase(req, c, "Note a meeting"), Form: f, Cancel: committeeHref(c.ID)}})
	}
}

func (r *Room) newMeeting(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord()
	f.SetDate("held", r.Now.Today())
	return r.newMeetingForm(w, req)(http.StatusOK, f)
}

func (r *Room) addMeeting(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newMeetingForm(w, req), func(f *web.Form) (web.Done, error) {
		m := readMeeting(f, r.Now.Today())
		m.CommitteeID = req.PathValue("id")
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddMeeting(req.Context(), web.PersonOf(req), m)
		return web.Done{To: "/work/meetings/" + id + "/edit", Words: "The meeting is noted. Who was there?"}, err
	})
}

// editMeetingForm gives what shows the meeting of an address, and who could have
// been there.
func (r *Room) editMeetingForm(w http.ResponseWriter, req *http.Request) (func(int, *web.Form) error, Meeting,
	[]Attendance, error) {
	ctx := req.Context()
	m, err := meetingByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return nil, m, nil, err
	}
	there, err := attendanceOf(ctx, r.Work, m)
	if err != nil {
		return nil, m, nil, err
	}
	c, err := committeeByID(ctx, r.Work, m.CommitteeID)
	if err != nil {
		return nil, m, nil, err
	}
	history, err := r.history(req, "meeting", m.ID)
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "meeting-form", meetingFormPage{Committee: c, Attendance: there,
			States: attendanceChoices(), Save: "Save", History: history,
			FormPage: ui.FormPage{Base: committeeBase(req, c, "Meeting of "+m.HeldOn.Words()), Form: f,
				Cancel: committeeHref(c.ID)}})
	}, m, there, err
}

func (r *Room) editMeeting(w http.ResponseWriter, req *http.Request) error {
	show, m, there, err := r.editMeetingForm(w, req)
	if err != nil {
		return err
	}
	return show(http.StatusOK, fillMeeting(m, there))
}

func (r *Room) saveMeeting(w http.ResponseWriter, req *http.Request) error {
	show, was, there, err := r.editMeetingForm(w, req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		m, states := readMeeting(f, r.Now.Today()), readAttendance(f, there)
		m.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveMeeting(req.Context(), web.PersonOf(req), m, states, f.Seen())
		return web.Done{To: committeeHref(was.CommitteeID), Words: "The meeting is saved."}, err
	})
}
