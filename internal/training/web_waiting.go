package training

import (
	"context"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A waitRow is a turn on a waiting list as its owner's pages show it: what is asked of them,
// with buttons, comes first.
type waitRow struct {
	Wait
	At string // where the buttons post to
}

// AnswerWords says until when a held place is theirs.
func (w waitRow) AnswerWords() string { return lang.DateTime(w.AnswerBy.Time) }

// turnsRoot is where turns on waiting lists are answered, by people with an account and by
// guests.
const (
	turnsRoot      = root + "/waiting/"
	guestTurnsRoot = "/training/waiting/"
)

func (r *Room) waitRows(ctx context.Context, personID, at string) (out []waitRow, err error) {
	list, err := waitingOf(ctx, r.Work, personID)
	for _, w := range list {
		if r.Now().Before(w.Begins()) {
			out = append(out, waitRow{w, at + w.ID})
		}
	}
	slices.SortStableFunc(out, func(a, b waitRow) int { return b.urgency() - a.urgency() })
	return out, err
}

// urgency is higher the more a turn needs an answer.
func (w waitRow) urgency() int { return 2*one(w.Offered()) + one(w.Asked()) }

// turnActs are what somebody can do about a turn on a waiting list, with what is said of it
// when it is done.
var turnActs = []struct {
	verb, done string
	act        func(*Room, context.Context, web.Person, string) (string, error)
}{
	{"take", "The place is taken.", (*Room).Take},
	{"leave", "That is off the waiting list.", (*Room).Leave},
	{"keep", "The turn on the waiting list is kept.", (*Room).KeepTurn},
}

func (r *Room) takeTurn(w http.ResponseWriter, req *http.Request) error {
	return r.onTurnPage(w, req, 0)
}
func (r *Room) leaveTurn(w http.ResponseWriter, req *http.Request) error {
	return r.onTurnPage(w, req, 1)
}
func (r *Room) keepTurn(w http.ResponseWriter, req *http.Request) error {
	return r.onTurnPage(w, req, 2)
}

func (r *Room) onTurnPage(w http.ResponseWriter, req *http.Request, which int) error {
	a := turnActs[which]
	sessionID, err := a.act(r, req.Context(), web.PersonOf(req), req.PathValue("id"))
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(sessionID), a.done)
}

// guestTurns are the same for people without an account.
func (r *Room) guestTurn(which int) web.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) error {
		ids, err := r.guest(w, req)
		if err != nil || len(ids) == 0 {
			return err
		}
		turn, err := waiterByID(req.Context(), r.Work, req.PathValue("id"))
		if err == nil && !slices.Contains(ids, turn.PersonID) {
			err = web.ErrNotFound
		}
		if err != nil {
			return err
		}
		a := turnActs[which]
		if _, err = a.act(r, req.Context(), guestPersonOf(turn.PersonID, turn.Name), turn.ID); err != nil {
			return conflict(err)
		}
		return web.SeeOther(w, req, GuestHome, a.done+" An e-mail says so.")
	}
}

// guestPersonOf is somebody without an account, who acts for themselves alone.
func guestPersonOf(id, name string) web.Person {
	return web.Person{ID: id, Name: name, Permissions: map[web.Permission]bool{access.TrainingBook: true}}
}

func (r *Room) confirmEndWaiting(w http.ResponseWriter, req *http.Request) error {
	s, err := sessionByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	waiting, err := waiters(req.Context(), r.Work, s.ID)
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, Waiter.Offered)
	told := 0
	for _, x := range waiting {
		told += one(x.Email != "")
	}
	if len(waiting) == 0 {
		return web.Conflict("Nobody waits", "There is nobody on the waiting list of this session.")
	}
	return web.Confirm(w, req, nil, base(req, "End the waiting list?", s.way()...), "End the waiting list",
		sessionHref(s.ID), s.Course+", "+s.When()+".",
		lang.Plural(len(waiting), "person waits", "people wait")+" for a place, and every turn is lost. "+
			lang.Plural(told, "person is", "people are")+" told by e-mail that no place has become free.")
}

func (r *Room) endWaiting(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	told, err := r.EndWaiting(req.Context(), web.PersonOf(req), id)
	if err != nil {
		return conflict(err)
	}
	return web.SeeOther(w, req, sessionHref(id), "The waiting list is ended, and "+
		lang.Plural(told, "person is", "people are")+" told.")
}

// waitingTodos are what a person's turns on waiting lists ask of them.
func (r *Room) waitingTodos(ctx context.Context, p web.Person) (out []web.Todo, err error) {
	rows, err := r.waitRows(ctx, p.ID, turnsRoot)
	for _, w := range rows {
		t := web.Todo{Href: sessionHref(w.Session.ID), Act: "Answer"}
		switch {
		case w.Offered():
			t.Title = "A place is held for you: " + w.Course
			t.Words = w.When() + ". Answer by " + w.AnswerWords() + ", or it goes to the next person who waits."
			t.Due = period.DateOf(lang.London(w.AnswerBy.Time))
		case w.Asked():
			t.Title = "Does the change suit you? " + w.Course
			t.Words = "You wait for a place, and it is now on " + w.When() + ", " + w.Where() + "."
		default:
			continue
		}
		out = append(out, t)
	}
	return out, err
}

// closedTodo tells whoever runs training of sessions whose booking has closed while people
// wait.
func (r *Room) closedTodo(ctx context.Context) ([]web.Todo, error) {
	list, err := sessions(ctx, r.Work, sessionFilter{Ahead: r.Now(), State: Closed, Limit: ui.EveryRow})
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, s := range list {
		if s.Waiting > 0 && r.Now().Before(s.Begins()) {
			out = append(out, web.Todo{Title: "People wait for a closed session: " + s.Course,
				Words: s.When() + ". " + lang.Plural(int(s.Waiting), "person keeps a turn", "people keep their turns") +
					" until places are added or the list is ended.",
				Href: sessionHref(s.ID), Act: "See who waits", Due: s.StartsOn})
		}
	}
	return out, nil
}
