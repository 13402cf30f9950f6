package training

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Jobs gives what does the room's jobs: none, since its mails are queued in the
// transaction that they tell of and sent by the outbox's own job.
func (r *Room) Jobs() map[string]jobs.Handler { return nil }

// A notice says what is to be told about a session.
type notice struct {
	Subject string // of the mail, before the course's title: "Your place on"
	Words   string // the first sentence
	After   string // what follows the when and where
	Keep    bool   // the person has the place, and how to give it back is said
	Gone    bool   // the person no longer has the place, though others may
}

var (
	confirmed = notice{Subject: "Booked:", Words: "Your place is booked.", Keep: true}
	// fromWaiting goes to somebody who may no longer expect it.
	fromWaiting = notice{Subject: "You have a place:",
		Words: "A place has become free, and as you have waited longest it is now yours.", Keep: true}
	changed = notice{Subject: "Changed:",
		Words: "The time or the place of this session has changed. You still have your place.", Keep: true}
	noLonger = notice{Subject: "Cancelled:", Words: "Your place has been given back, and somebody else can have it.",
		Gone: true}
	lateGiven = notice{Subject: "Cancelled late:", Words: "Your place has been given back.", Gone: true,
		After: "It was too late for others to plan for it, so it is recorded as a late cancellation."}
)

// givenBack is the e-mail about a booking that was cancelled.
func givenBack(as Status) notice {
	if as == LateCancelled {
		return lateGiven
	}
	return noLonger
}

// calledOff is the e-mail about a session that will not take place.
func calledOff(reason string) notice {
	return notice{Subject: "Called off:", Words: "This session will not take place.", After: reason}
}

// tell queues an e-mail to one person about a session, with the session as a
// calendar file. Somebody without an address is not told.
func (r *Room) tell(ctx context.Context, q db.Q, name, email string, s Session, news notice) error {
	if email == "" {
		return nil
	}
	if news.Gone {
		s.State = CalledOff // in their calendar
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	guest := false
	if r.Guests != nil {
		ids, err := r.Guests.At(ctx, q, email)
		if err != nil {
			return err
		}
		guest = len(ids) > 0
	}
	return r.Mail.Queue(ctx, q, mail.Message{
		ToAddress: email, ToName: name,
		Subject:  news.Subject + " " + oneLine(s.Course) + ", " + s.StartsOn.Format("2 January 2006"),
		Body:     r.body(site, name, s, news, guest),
		Calendar: calendar("", r.Now(), linkFor(site, guest), s),
	})
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
		fmt.Fprintf(&b, "\nIf you cannot come, give the place back by %s, so that somebody else can have it.\n",
			lang.Date(s.CancelBy(r.Notice)))
	}
	if link := site.Link(GuestHome); link != "" && guest {
		fmt.Fprintf(&b, "\nYour bookings, for which you need no account: %s\n", link)
	} else if link := site.Link(sessionHref(s.ID)); link != "" {
		fmt.Fprintf(&b, "\n%s\n", link)
	} else {
		b.WriteString("\nTo see it, sign in to the workspace and open Training.\n")
	}
	return b.String()
}

// tellBooked queues an e-mail to everybody who has a place on a session, and says
// how many that is.
func (r *Room) tellBooked(ctx context.Context, q db.Q, sessionID string, news notice) (int, error) {
	s, err := sessionByID(ctx, q, sessionID)
	if err != nil {
		return 0, err
	}
	bookings, err := bookingsOf(ctx, q, sessionID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, b := range bookings {
		if b.Status != Booked || b.Email == "" {
			continue
		}
		if err := r.tell(ctx, q, b.Name, b.Email, s, news); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// tellAll queues an e-mail to everybody who has a place on a session or waits for
// one, and says how many that is.
func (r *Room) tellAll(ctx context.Context, q db.Q, sessionID string, news notice) (int, error) {
	n, err := r.tellBooked(ctx, q, sessionID, news)
	if err != nil {
		return n, err
	}
	s, err := sessionByID(ctx, q, sessionID)
	if err != nil {
		return n, err
	}
	waiting, err := waiters(ctx, q, sessionID)
	if err != nil {
		return n, err
	}
	for _, w := range waiting {
		if w.Email == "" {
			continue
		}
		if err := r.tell(ctx, q, w.Name, w.Email, s, news); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// grace is how many days after a session its register may wait.
const grace = 7

// Todos gives what needs a person now: sessions that few have booked, registers
// not marked, and their own next training.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var out []web.Todo
	if p.May(access.TrainingManage) {
		few, err := r.fewTodo(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for sessions with few bookings: %w", err)
		}
		registers, err := r.registersTodo(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for registers to mark: %w", err)
		}
		out = append(append(out, few...), registers...)
	}
	if p.May(access.TrainingBook) && p.ID != "" {
		next, err := r.nextTodo(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("look for the next booking: %w", err)
		}
		out = append(out, next...)
	}
	return out, nil
}

func (r *Room) fewTodo(ctx context.Context) ([]web.Todo, error) {
	today := r.Now.Today()
	list, err := sessions(ctx, r.Work, sessionFilter{From: today.AddDays(1), To: today.AddDays(soon), Places: "few",
		Limit: ui.EveryRow})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	s := list[0]
	if len(list) == 1 {
		return []web.Todo{{Title: "Few have booked: " + s.Course, Words: fmt.Sprintf("%d of %d places, %s.", s.Taken,
			s.Capacity, s.When()), Href: sessionHref(s.ID), Act: "See the session", Due: s.StartsOn}}, nil
	}
	return []web.Todo{{
		Title: fmt.Sprintf("Few have booked: %s in the next two weeks", lang.Plural(len(list), "session", "sessions")),
		Words: fmt.Sprintf("Less than a third of their places are booked. The first is %s with %d of %d, on %s.", s.Course,
			s.Taken, s.Capacity, lang.Date(s.StartsOn)),
		Href: root + "?when=30&places=few", Act: "See which", Due: s.StartsOn,
	}}, nil
}

func (r *Room) registersTodo(ctx context.Context) ([]web.Todo, error) {
	list, err := unmarked(ctx, r.Work, r.Now.Today().AddDays(-grace))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	s := list[0]
	t := web.Todo{Title: "Register to mark: " + s.Course,
		Words: s.When() + ". Until it is marked, nobody counts as having come.", Href: registerHref(s.ID), Act: "Mark it",
		Late: true}
	if len(list) > 1 {
		t.Title = lang.Plural(len(list), "register", "registers") + " to mark"
		t.Words = fmt.Sprintf("The oldest is %s on %s. Until they are marked, nobody counts as having come.", s.Course,
			lang.Date(s.StartsOn))
		t.Act = "Mark the oldest"
	}
	return []web.Todo{t}, nil
}

func (r *Room) nextTodo(ctx context.Context, p web.Person) ([]web.Todo, error) {
	list, err := placesOf(ctx, r.Work, p.ID)
	if err != nil {
		return nil, err
	}
	for i := range list { // the newest is first, and the next of those ahead is wanted
		x := list[len(list)-1-i]
		if s := x.Session(); x.Status == Booked && r.Now().Before(s.Ends()) {
			return []web.Todo{{Title: "Your next training: " + s.Course, Words: s.When() + ", " + s.Where() + ".",
				Href: sessionHref(s.ID), Act: "See the session", Due: s.StartsOn}}, nil
		}
	}
	return nil, nil
}
