package training

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"path/filepath"

	"kith/internal/kit/intake"
	"kith/internal/kit/web"
)

// The largest meeting's file: thousands of people.
const maxMeeting = 5 << 20

// matchRegister sets a meeting's file beside the register and shows the marks that follow
// from it. Nothing is kept of it, and no mark until the officer saves the register.
func (r *Room) matchRegister(w http.ResponseWriter, req *http.Request) error {
	s, err := r.registered(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return conflict(err)
	}
	var file intake.File
	f, err := web.ReadUpload(w, req, maxMeeting, 1, func(name string, in io.Reader) error {
		raw, err := io.ReadAll(in)
		file = intake.File{Name: filepath.Base(name), Content: bytes.NewReader(raw), Size: int64(len(raw))}
		return err
	})
	if err != nil {
		return err
	}
	limit := bar{whole: f.Int("least", "Enter how many minutes count as having attended", 1, 24*60),
		counted: f.Int("counted", "Enter how many minutes count although they left early", 1, 24*60)}
	if f.OK() && limit.counted > limit.whole {
		f.Add("counted", "Enter no more minutes than count as having attended")
	}
	var came presentList
	if file.Content == nil {
		f.Add("meeting", "Choose the meeting’s file")
	} else {
		came, err = readMeeting(file, s)
		var why *intake.Fatal
		if errors.As(err, &why) {
			f.Add("meeting", why.Error())
		} else if err != nil {
			return err
		}
	}
	if !f.OK() {
		return r.renderRegister(w, req, http.StatusUnprocessableEntity, registerForms{meeting: f})
	}
	bookings, err := bookingsOf(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	marks := fillRegister(bookings)
	marks.Set("seen", marks.Mark()) // what is chosen below was not there before
	met := meet(came.came, bookings)
	met.notes = append(came.Notes(), limit.shortWords(s, &met, bookings)...)
	for id, p := range met.of {
		if marks.Value(markField(id)) != "" {
			marks.Set(markField(id), string(limit.mark(p.Minutes())))
		}
	}
	return r.renderRegister(w, req, http.StatusOK, registerForms{marks: marks, meeting: f, met: &met})
}
