package training

import (
	"errors"
	"net/http"
	"time"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Where no e-mail is sent, whoever keeps the bookings prints the code by which somebody without
// an account sees theirs, and hands it over.

// Why no code is printed.
var (
	errCodeMailed = web.Conflict("Codes are sent by e-mail here",
		"Whoever has a booking asks for a code themselves, and it comes to their address.")
	errCodeNobody = web.Conflict("No code can be printed for this booking",
		"The person has an account, and signs in with it; or has no e-mail address, which a code belongs to.")
)

func (r *Room) confirmCodeBooking(w http.ResponseWriter, req *http.Request) error {
	b, who, err := r.codeFor(req.Context(), r.Work, web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return err
	}
	s, err := sessionByID(req.Context(), r.Work, b.SessionID)
	if err != nil {
		return err
	}
	return web.Confirm(w, req, fillCode(who), base(req, "Print a code for "+who.Name+"?", s.way()...), "Print the code",
		sessionHref(s.ID), "No e-mail is sent here. With the code whoever has the address "+who.Email+
			" sees their training bookings and gives places back, without an account.",
		"It works for half an hour and is shown once: print it with the person beside you, and see that it is they. One "+
			"that was printed before works no more. That you printed it is noted.")
}

// codePage is the sheet that is handed over.
type codePage struct {
	ui.Base
	Who     learner
	Code    string // in two groups of four
	Address string // where it is entered
	Until   time.Time
	Hands   string // who hands it over
	Done    string // where to go on
}

// codeBooking answers with the sheet, which is shown this once.
func (r *Room) codeBooking(w http.ResponseWriter, req *http.Request) error {
	by := web.PersonOf(req)
	b, who, err := r.codeFor(req.Context(), r.Work, by, req.PathValue("id"))
	if err != nil {
		return err
	}
	var code string
	var until time.Time
	err = web.Confirmed(w, req, r.confirmCodeBooking, func(seen web.Seen) (_ web.Done, err error) {
		if code, until, err = r.PrintCode(req.Context(), by, b.ID, seen); err == nil {
			err = web.ErrAgain // it is answered by the sheet
		}
		return web.Done{}, err
	})
	if !errors.Is(err, web.ErrAgain) {
		return err
	}
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "code-sheet", codePage{Base: base(req, "Your code"), Who: who,
		Code: code[:4] + " " + code[4:], Address: site.Link(r.Guests.Door()), Until: until, Hands: by.Name,
		Done: sessionHref(b.SessionID)})
}
