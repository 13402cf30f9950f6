package training

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// guests are those who have shown a code in a test: whoever sends their address as a cookie.
type guests struct{}

func (guests) Guest(req *http.Request) (string, error) {
	c, err := req.Cookie("guest")
	if err != nil {
		return "", nil
	}
	return c.Value, nil
}

func (guests) Door() string { return "/door" }

func (guests) Sends(context.Context, db.Reader) (bool, error) { return false, nil }

func (guests) Hand(_ context.Context, _ db.Q, address string) (string, time.Time, error) {
	if address == "" {
		return "", time.Time{}, db.ErrNotFound
	}
	return "12345678", monday.Add(30 * time.Minute), nil
}

func (guests) At(ctx context.Context, q db.Reader, address string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT id FROM people WHERE email = $1 ORDER BY folded`, address)
}

// sending are guests where e-mail is sent.
type sending struct{ guests }

func (sending) Sends(context.Context, db.Reader) (bool, error) { return true, nil }

// Where no e-mail is sent, a code is printed for somebody without an account by whoever keeps the
// bookings; nobody else can, nor for an address that they may not see, nor twice with one page.
func TestCodesOnPaper(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.Guests = guests{}
		una := h.person("Una")
		id := h.book(h.sessionOf(h.course("Seeing the signs", "course"), "2024-05-07", 7), una)[0]
		b, who, err := h.codeFor(t.Context(), s.Work, officer, id)
		if err != nil {
			t.Fatal(err)
		}
		seen := web.SeenAs(fillCode(who).Mark())
		code, until, err := h.PrintCode(t.Context(), officer, id, seen)
		if err != nil || code != "12345678" || until.IsZero() {
			t.Errorf("%q until %v: %v", code, until, err)
		}
		acts, err := audittrail.Of(t.Context(), s.Work, sessionSubject, b.SessionID)
		if err != nil || len(acts) == 0 || acts[0].Act != "printed a code for" {
			t.Errorf("it is not noted: %+v %v", acts, err)
		}
		var changed *web.Changed
		if _, _, err := h.PrintCode(t.Context(), officer, id, web.SeenAs("else")); !errors.As(err, &changed) {
			t.Errorf("for an address that was not seen: %v", err)
		}
		for name, c := range map[string]struct {
			guests Guests
			by     web.Person
			want   error
		}{
			"e-mail is sent":            {sending{}, officer, errCodeMailed},
			"an account":                {accounts{}, officer, errCodeNobody},
			"nobody who keeps bookings": {guests{}, web.Person{ID: "x"}, db.ErrNotFound},
		} {
			h.Guests = c.guests
			if _, _, err := h.PrintCode(t.Context(), c.by, id, seen); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestGuestPages: who has no account sees their own bookings and gives places back, and
// nobody else's.
func TestGuestPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		h.Guests = guests{}
		una, vic := h.person("Una"), h.person("Vic")
		booked := h.book(h.sessionOf(h.course("Seeing the signs", "course"), "2024-05-07", 7), una, vic)
		mine, theirs := booked[0], booked[1]
		b := newBrowser(t, h)
		b.Handler = testkit.Mux(t, h.GuestRoutes()...)
		for _, path := range []string{"/training/mine", "/training/mine/" + mine + "/give-back",
			"/training/mine/none/give-back"} {
			b.Want("GET", path, nil, 303, "/door")
		}
		b.Want("POST", "/training/mine/"+mine+"/give-back", nil, 303, "/door")
		b.Cookies["guest"] = "nobody@x.example"
		b.Want("GET", "/training/mine", nil, 200, "Nothing is booked for anybody of this address")

		b.Cookies["guest"] = una.Email
		page := b.Want("GET", "/training/mine", nil, 200, "Seeing the signs")
		if strings.Contains(page, "Vic") {
			t.Error("another's booking is shown")
		}
		b.Want("GET", "/training/mine/"+theirs+"/give-back", nil, 404, "")
		b.Want("POST", "/training/mine/"+theirs+"/give-back", nil, 404, "")
		b.Want("GET", "/training/mine/"+mine+"/give-back", nil, 200, "nothing is held against Una")
		b.Want("POST", "/training/mine/"+mine+"/give-back", nil, 303, "/training/mine")
		b.Want("POST", "/training/mine/"+mine+"/give-back", nil, 409, "")
		b.Want("GET", "/training/mine", nil, 200, "Nothing is booked for anybody of this address")
		b.Want("GET", "/training/mine", nil, 200, "Find training")

		// Whoever is new books by the same code: with a name and an organisation.
		const fresh = "fresh@x.example"
		full := h.sessionOf(h.course("Full already", "course"), "2024-05-08", 1)
		h.book(full, vic)
		org, err := h.Organisations.(organisations).Ensure1(h, "Harbour Nursery", "early-years")
		h.ok(err)
		open := h.sessionOf(h.course("Open to all", "course"), "2024-05-09", 5)
		b.Cookies["guest"] = ""
		b.Want("GET", DatesHome, nil, 200, "Open to all")
		b.Want("GET", DatesHome+"?q=nothing", nil, 200, "No training matches")
		b.Want("GET", dateHref(open), nil, 200, "Get a code")
		b.Want("POST", dateHref(open)+"/book", testkit.Pairs("name", "Fred"), 303, GuestHome)
		b.Cookies["guest"] = fresh
		b.Want("GET", "/training/mine", nil, 200, "You came for Open to all")
		b.Want("GET", dateHref(open), nil, 200, "Your name")
		b.Want("POST", dateHref(open)+"/book", testkit.Pairs("person", "new"), 422,
			"Choose the organisation that you work for")
		b.Want("POST", dateHref(open)+"/book", testkit.Pairs("person", vic.ID), 404, "")
		b.Want("POST", dateHref(open)+"/book", testkit.Pairs("person", "new", "name", "Fred Fresh", "organisation", org), 303,
			GuestHome)
		page = b.Want("GET", "/training/mine", nil, 200, "Fred Fresh")
		if !strings.Contains(page, "Open to all") || strings.Contains(page, "You came for") {
			t.Error(page)
		}
		b.Want("GET", dateHref(full), nil, 200, "Somebody else who has this address")
		fred, err := db.Get[string](t.Context(), s.Work, `SELECT id FROM people WHERE email = $1`, fresh)
		h.ok(err)
		b.Want("POST", dateHref(open)+"/book", testkit.Pairs("person", fred), 409, "There is already a place")
		b.Want("POST", dateHref(full)+"/book", testkit.Pairs("person", fred), 303, GuestHome)
		b.Want("GET", "/training/mine", nil, 200, "You are on the waiting list: Full already.")

		// A place that becomes free is held for them, and taken by a button of their page.
		theirsToo, err := liveBooking(t.Context(), h.Work, full, vic.ID)
		h.ok(err)
		_, err = h.CancelBooking(t.Context(), officer, theirsToo.ID)
		h.ok(err)
		turn := h.turn(full, web.Person{ID: fred})
		b.Want("GET", "/training/mine", nil, 200, "A place is held for you: Full already.")
		b.Cookies["guest"] = una.Email
		b.Want("POST", guestTurnsRoot+turn+"/take", nil, 404, "")
		b.Cookies["guest"] = fresh
		b.Want("POST", guestTurnsRoot+turn+"/take", nil, 303, GuestHome)
		h.want("register", h.register(full), "Fred Fresh booked, Vic cancelled")
		known := func(address string) bool {
			ok, err := h.KnownGuest(t.Context(), s.Work, address)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !known(vic.Email) || !known("nobody@x.example") {
			t.Error("who has no account gets no code")
		}
		h.Guests = accounts{}
		if known(vic.Email) {
			t.Error("who has an account gets a code")
		}
	})
}

// accounts are guests of whom everybody has an account.
type accounts struct{ guests }

func (accounts) At(context.Context, db.Reader, string) ([]string, error) { return nil, nil }

// TestEmailsLeadWhereTheirReadersMayGo: who has no account is led to where none is needed.
func TestEmailsLeadWhereTheirReadersMayGo(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		session := h.sessionOf(h.course("Seeing the signs", "course"), "2024-05-07", 7)
		for _, c := range []struct {
			who       string
			guests    Guests
			leads, no string
		}{
			{"Una", guests{}, "https://kith.example/training/mine", "/work/"},
			{"Vic", accounts{}, "/work/training/sessions/" + session, "/training/mine"},
			{"Wyn", nil, "/work/training/sessions/" + session, "/training/mine"},
		} {
			h.Guests = c.guests
			h.book(session, h.person(c.who))
			emails, err := h.outbox.Newest(t.Context(), 1)
			h.ok(err)
			if body := emails[0].Body; !strings.Contains(body, c.leads) || strings.Contains(body, c.no) {
				t.Errorf("%s is led elsewhere:\n%s", c.who, body)
			}
			whole := strings.ReplaceAll(emails[0].Calendar, "\r\n ", "") // its lines are folded
			if !strings.Contains(whole, "URL:https://kith.example"+strings.TrimPrefix(c.leads, "https://kith.example")) ||
				strings.Contains(whole, c.no) {
				t.Errorf("the calendar of %s leads elsewhere:\n%s", c.who, whole)
			}
		}
	})
}
