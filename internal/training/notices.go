package training

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
)

// A notice says what is to be told about a session.
type notice struct {
	Subject string // of the mail, before the course's title: "Your place on"
	Words   string // the first sentence
	After   string // what follows the when and where
	Ask     string // what the link leads to, where the person is asked something: "Answer here"
	Keep    bool   // the person has the place, and how to give it back is said
	As      standing
}

var (
	confirmed = notice{Subject: "Booked:", Words: "Your place is booked.", Keep: true, As: held}
	changed   = notice{Subject: "Changed:", As: held, Keep: true,
		Words: "The time or the place of this session has changed. You still have your place."}
	renamed = notice{Subject: "New name:", Words: "This course has a new name. You still have your place.", Keep: true,
		As: held}
	noLonger = notice{Subject: "Cancelled:", Words: "Your place has been given back, and somebody else can have it.",
		As: gone}
	lateGiven = notice{Subject: "Cancelled late:", Words: "Your place has been given back.", As: gone,
		After: "It was too late for others to plan for it, so it is recorded as a late cancellation."}
	closedToWaiters = notice{Subject: "Booking has closed:",
		Words: "Booking for this session has closed while you wait for a place. You keep your turn: a place that becomes " +
			"free is still offered to you."}
	askedWaiter = notice{Subject: "Does this still suit you?", Ask: "Keep your turn, or give it up",
		Words: "The time or the place of this session has changed while you wait for a place.",
		After: "Please say whether it still suits you. Until you do, you keep your turn."}
	declined = notice{Subject: "Not taken:", As: gone,
		Words: "You do not take the place that was held for you. It goes to the next person who waits."}
	lapsed = notice{Subject: "No longer held:", As: gone,
		Words: "A place was held for you, and no answer came in time. It goes to the next person who waits.",
		After: "You are no longer on the waiting list. If you still want to come, you can join it again."}
	tookOff   = notice{Subject: "Waiting list:", Words: "You are no longer on the waiting list of this session."}
	listEnded = notice{Subject: "No place:", Words: "No place has become free on this session, and its waiting list has " +
		"ended. We are sorry.", After: "Other dates stand in the programme."}
)

// bookedBy is the e-mail about a place that somebody else has booked.
func bookedBy(name string) notice {
	n := confirmed
	n.Words = name + " has booked a place for you."
	return n
}

// givenBack is the e-mail about a booking that was cancelled.
func givenBack(as Status) notice {
	if as == LateCancelled {
		return lateGiven
	}
	return noLonger
}

// calledOff is the e-mail about a session that will not take place.
func calledOff(reason string) notice {
	return notice{Subject: "Called off:", Words: "This session will not take place.", After: reason, As: gone}
}

// joinedAs is the e-mail about a turn on a waiting list; at is its number.
func joinedAs(at int) notice {
	return notice{Subject: "On the waiting list:", Words: fmt.Sprintf("You are on the waiting list, as number %d.", at),
		After: "A place that becomes free is offered by e-mail to whoever has waited longest. " +
			"You need do nothing until then."}
}

// offer is the e-mail about a place that is held for somebody until they answer.
func offer(words string, by db.Time) notice {
	return notice{Subject: "A place for you?", As: offered, Ask: "Take the place, or leave it",
		Words: words + " It is held for you until " + lang.DateTime(by.Time) + ".",
		After: "Please say by then whether you take it. If no answer comes, it goes to the next person who waits."}
}

// freed are the words of an offer of a place that has become free.
const freed = "A place has become free, and you have waited longest."

// An addressee is whom an e-mail about a session goes to, with what their calendar knows.
type addressee struct {
	Name, Email string
	CalendarID  string
	Sequence    int64
}

// tellBooking tells whoever has a booking, and counts what their calendar was told.
func (r *Room) tellBooking(ctx context.Context, q db.Q, b Booking, s Session, news notice) error {
	if b.Email == "" {
		return nil
	}
	next, err := countTold(ctx, q, "training_bookings", b.ID)
	if err != nil {
		return err
	}
	return r.tell(ctx, q, addressee{b.Name, b.Email, b.calendarID(), next}, s, news)
}

// tellWaiter tells whoever waits. Their calendar is told only of a place that was held for them.
func (r *Room) tellWaiter(ctx context.Context, q db.Q, w Waiter, s Session, news notice) error {
	if w.Email == "" {
		return nil
	}
	next := w.Sequence
	if news.As == gone && !w.Offered() {
		news.As = nowhere
	}
	if news.As != nowhere {
		var err error
		if next, err = countTold(ctx, q, "training_waiting", w.ID); err != nil {
			return err
		}
	}
	return r.tell(ctx, q, addressee{w.Name, w.Email, w.ID, next}, s, news)
}

// tell queues an e-mail to one person about a session, with the session as a
// calendar file where the notice is one for the calendar. Somebody without an address is
// not told.
func (r *Room) tell(ctx context.Context, q db.Q, to addressee, s Session, news notice) error {
	if to.Email == "" {
		return nil
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	guest, err := r.isGuest(ctx, q, to.Email)
	if err != nil {
		return err
	}
	m := mail.Message{ToAddress: to.Email, ToName: to.Name,
		Subject: news.Subject + " " + oneLine(s.Course) + ", " + s.StartsOn.Format("2 January 2006"),
		Body:    r.body(site, to.Name, s, news, guest)}
	if news.As != nowhere {
		a := appointment{ID: to.CalendarID, Sequence: to.Sequence, Standing: news.As, Session: s, Name: to.Name,
			Address: to.Email, Link: linkFor(site, guest)(s)}
		m.Calendar = calendar("", a.method(), site, r.Now(), a)
	}
	return r.Mail.Queue(ctx, q, m)
}

// isGuest reports whether the people of an address have no account.
func (r *Room) isGuest(ctx context.Context, q db.Reader, address string) (bool, error) {
	if r.Guests == nil || address == "" {
		return false, nil
	}
	ids, err := r.Guests.At(ctx, q, address)
	return len(ids) > 0, err
}

// linkFor gives where a session is for somebody: a guest has no account, and is led to where
// none is needed.
func linkFor(site mail.Site, guest bool) func(Session) string {
	return func(s Session) string {
		if guest {
			return site.Link(GuestHome)
		}
		return site.Link(sessionHref(s.ID))
	}
}

// body is the text of an e-mail about a session. A guest has no account, and is led to where
// none is needed.
func (r *Room) body(site mail.Site, name string, s Session, news notice, guest bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Dear %s,\n\n%s\n\n%s\n%s\n%s\n", name, news.Words, s.Course, s.When(), s.Where())
	if news.After != "" {
		fmt.Fprintf(&b, "\n%s\n", news.After)
	}
	if news.Keep {
		fmt.Fprintf(&b, "\n%s\n", s.giveBackWords(r.Now.Today(), r.Notice))
	}
	link := linkFor(site, guest)(s)
	switch {
	case link == "":
		b.WriteString("\nTo see it, sign in to the workspace and open Training.\n")
	case news.Ask != "" && guest:
		fmt.Fprintf(&b, "\n%s, for which you need no account: %s\n", news.Ask, link)
	case news.Ask != "":
		fmt.Fprintf(&b, "\n%s: %s\n", news.Ask, link)
	case guest:
		fmt.Fprintf(&b, "\nYour bookings, for which you need no account: %s\n", link)
	default:
		fmt.Fprintf(&b, "\n%s\n", link)
	}
	return b.String()
}

// giveBackWords says until when a place can be given back in time; a day that has passed is
// no use to anybody.
func (s Session) giveBackWords(today db.Date, notice int) string {
	if by := s.CancelBy(notice); !today.After(by) {
		return "If you cannot come, give the place back by " + lang.Date(by) + ", so that somebody else can have it."
	}
	return "If you cannot come, give the place back as soon as you know, so that somebody else can have it."
}

// Told is how many people a change was told to.
type Told struct {
	Places  int // who have a place
	Waiting int // who wait for one
}

// tellBooked queues an e-mail to everybody who has a place on a session, and says
// how many that is.
func (r *Room) tellBooked(ctx context.Context, q db.Q, s Session, news notice) (n int, err error) {
	bookings, err := bookingsOf(ctx, q, s.ID)
	if err != nil {
		return 0, err
	}
	for _, b := range bookings {
		if b.Status != Booked || b.Email == "" {
			continue
		}
		if err := r.tellBooking(ctx, q, b, s, news); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// tellWaiting queues an e-mail to everybody who waits for a place on a session: what news
// says for each. It says how many that is.
func (r *Room) tellWaiting(ctx context.Context, q db.Q, s Session, news func(Waiter) notice) (n int, err error) {
	waiting, err := waiters(ctx, q, s.ID)
	if err != nil {
		return 0, err
	}
	for _, w := range waiting {
		if w.Email == "" {
			continue
		}
		if err := r.tellWaiter(ctx, q, w, s, news(w)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// always is the same notice for everybody who waits.
func always(n notice) func(Waiter) notice { return func(Waiter) notice { return n } }
