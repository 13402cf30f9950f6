package training

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// certificatePage is what somebody keeps to show that they came.
type certificatePage struct {
	ui.Base
	Booking Booking
	Session Session
	Course  Course
	From    string // whose certificate it is: the partnership's name
	Mine    string
}

// Certified reports whether there is a certificate: the person came, and stayed.
func (s Status) Certified() bool { return s == Attended || s == WalkIn }

func (r *Room) showCertificate(w http.ResponseWriter, req *http.Request) error {
	b, err := bookingByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	if !bookingRules.May(web.PersonOf(req), access.Change, b.of()) {
		return web.ErrNotFound
	}
	page := certificatePage{Base: base(req, "Certificate", "My training", root+"/mine"), Booking: b, Mine: root + "/mine"}
	return r.renderCertificate(w, req, page)
}

func (r *Room) showGuestCertificate(w http.ResponseWriter, req *http.Request) error {
	b, as, err := r.guestBooking(w, req)
	if err != nil || as == nil {
		return err
	}
	page := certificatePage{Base: web.Base(req, "Certificate"), Booking: b, Mine: GuestHome}
	page.NoIndex = true
	return r.renderCertificate(w, req, page)
}

func (r *Room) renderCertificate(w http.ResponseWriter, req *http.Request, page certificatePage) (err error) {
	if !page.Booking.Status.Certified() {
		return web.Conflict("There is no certificate", "A certificate is there once the register says that the person came.")
	}
	if page.Session, err = sessionByID(req.Context(), r.Work, page.Booking.SessionID); err != nil {
		return err
	}
	if page.Course, err = courseByID(req.Context(), r.Work, page.Session.CourseID); err != nil {
		return err
	}
	site, err := r.Site(req.Context(), r.Work)
	if err != nil {
		return err
	}
	page.From = site.Name
	return web.Render(w, http.StatusOK, r.pages, "certificate", page)
}
