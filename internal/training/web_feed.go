package training

import (
	"net/http"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// feedRoot is where such calendars are; the secret follows.
const feedRoot = "/training/calendar/"

// guestFeedRoot is where people without an account see to theirs; the person follows.
const guestFeedRoot = "/training/my-calendar/"

// feedBack is how many days a calendar keeps what is over.
const feedBack = 90

// downloadFeed gives a person's own sessions to whoever has their calendar's address.
func (r *Room) downloadFeed(w http.ResponseWriter, req *http.Request) error {
	secret, ok := strings.CutSuffix(req.PathValue("secret"), ".ics")
	if !ok {
		return web.ErrNotFound
	}
	ctx := req.Context()
	owner, err := feedOwner(ctx, r.Work, secret)
	if err != nil {
		return err
	}
	who, err := learnerByID(ctx, r.Work, owner)
	if err != nil {
		return err
	}
	list, err := feedEvents(ctx, r.Work, owner, r.Now.Today().AddDays(-feedBack))
	if err != nil {
		return err
	}
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return err
	}
	guest, err := r.isGuest(ctx, r.Work, who.Email)
	if err != nil {
		return err
	}
	var events []appointment
	for _, e := range list {
		b := Booking{ID: e.ID, CalendarID: e.CalendarID}
		events = append(events, appointment{ID: b.calendarID(), Sequence: max(0, e.Sequence-1), Session: e.Session,
			Link: linkFor(site, guest)(e.Session)})
	}
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return writeCalendar(w, "my-training.ics", calendar("My training", ics.MethodPublish, site, r.Now(), events...))
}

func writeCalendar(w http.ResponseWriter, name, file string) error {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="`+name+`"`)
	_, err := w.Write([]byte(file))
	return err
}

type feedPage struct {
	ui.Base
	At      string // where its buttons post to
	Whose   string // whose calendar it is, for guests who share an address
	Made    db.Time
	Address string // this once, when it has just been made
	Mine    string
}

func (r *Room) showFeed(w http.ResponseWriter, req *http.Request) error {
	return r.feedPage(w, req, base(req, "Your training in your own calendar", "My training", root+"/mine"),
		feedPage{At: root + "/mine/calendar", Mine: root + "/mine"}, web.PersonOf(req).ID)
}

func (r *Room) feedPage(w http.ResponseWriter, req *http.Request, b ui.Base, page feedPage,
	personID string,
) (err error) {
	page.Base = b
	if page.Made, err = feedMade(req.Context(), r.Work, personID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "feed", page)
}

func (r *Room) makeFeed(w http.ResponseWriter, req *http.Request) error {
	secret, err := r.MakeFeed(req.Context(), web.PersonOf(req))
	if err != nil {
		return err
	}
	return r.feedPage(w, req, base(req, "Your training in your own calendar", "My training", root+"/mine"),
		feedPage{At: root + "/mine/calendar", Mine: root + "/mine", Address: r.feedAddress(req, secret)},
		web.PersonOf(req).ID)
}

// feedAddress is the whole address of a calendar, or its path alone while the installation does
// not know its own.
func (r *Room) feedAddress(req *http.Request, secret string) string {
	path := feedRoot + secret + ".ics"
	if site, err := r.Site(req.Context(), r.Work); err == nil && site.Known() {
		return site.Link(path)
	}
	return path
}

func (r *Room) stopFeed(w http.ResponseWriter, req *http.Request) error {
	if err := r.StopFeed(req.Context(), web.PersonOf(req)); err != nil {
		return err
	}
	return web.SeeOther(w, req, root+"/mine/calendar", "The address works no more.")
}

// guestOf finds whom of those who share an address a form is about; nil where the answer is
// given already.
func (r *Room) guestOf(w http.ResponseWriter, req *http.Request) (*web.Person, error) {
	ids, err := r.guest(w, req)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	id := req.PathValue("person")
	if !slices.Contains(ids, id) {
		return nil, web.ErrNotFound
	}
	who, err := learnerByID(req.Context(), r.Work, id)
	if err != nil {
		return nil, err
	}
	as := guestPersonOf(who.ID, who.Name)
	return &as, nil
}

func guestFeedPage(as web.Person, address string) feedPage {
	return feedPage{At: guestFeedRoot + as.ID, Whose: as.Name, Mine: GuestHome, Address: address}
}

func (r *Room) guestFeedBase(w http.ResponseWriter, req *http.Request) ui.Base {
	b := web.Base(req, "Your training in your own calendar")
	b.Flash, b.NoIndex = web.TakeFlash(w, req), true
	return b
}

func (r *Room) showGuestFeed(w http.ResponseWriter, req *http.Request) error {
	as, err := r.guestOf(w, req)
	if err != nil || as == nil {
		return err
	}
	return r.feedPage(w, req, r.guestFeedBase(w, req), guestFeedPage(*as, ""), as.ID)
}

func (r *Room) makeGuestFeed(w http.ResponseWriter, req *http.Request) error {
	as, err := r.guestOf(w, req)
	if err != nil || as == nil {
		return err
	}
	secret, err := r.MakeFeed(req.Context(), *as)
	if err != nil {
		return err
	}
	return r.feedPage(w, req, r.guestFeedBase(w, req), guestFeedPage(*as, r.feedAddress(req, secret)), as.ID)
}

func (r *Room) stopGuestFeed(w http.ResponseWriter, req *http.Request) error {
	as, err := r.guestOf(w, req)
	if err != nil || as == nil {
		return err
	}
	if err := r.StopFeed(req.Context(), *as); err != nil {
		return err
	}
	return web.SeeOther(w, req, guestFeedRoot+as.ID, "The address works no more.")
}
