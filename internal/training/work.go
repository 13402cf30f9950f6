package training

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Jobs gives what does the room's jobs: none, since its mails are queued in the
// transaction that they tell of and sent by the outbox's own job.
func (r *Room) Jobs() map[string]jobs.Handler { return nil }

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
		closed, err := r.closedTodo(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for closed sessions that people wait for: %w", err)
		}
		today, err := r.todayTodos(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for sessions of today: %w", err)
		}
		out = slices.Concat(out, today, few, closed, registers)
	}
	if p.May(access.TrainingBook) && p.ID != "" {
		waiting, err := r.waitingTodos(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("look for places held: %w", err)
		}
		out = append(out, waiting...)
		next, err := r.nextTodo(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("look for the next booking: %w", err)
		}
		out = append(out, next...)
	}
	return out, nil
}

// todayTodos gives the sessions of today, until their registers are marked or the day is over.
func (r *Room) todayTodos(ctx context.Context) (out []web.Todo, err error) {
	today := r.Now.Today()
	list, err := sessions(ctx, r.Work, sessionFilter{To: today, Ahead: today.Time(), Limit: ui.EveryRow})
	for _, s := range list {
		if s.EndsOn.Before(today) || s.Taken == 0 || s.State != Open && s.State != Closed {
			continue
		}
		out = append(out, web.Todo{Title: "Today: " + s.Course, Words: s.When() + ", " + s.Where() + ". " +
			lang.Plural(int(s.Taken), "place is taken.", "places are taken."), Href: registerHref(s.ID),
			Act: "Open the register", Due: today})
	}
	return out, err
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
