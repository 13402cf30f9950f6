package plan

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// soonDays is how many days before it is due an action is brought to its owner.
const soonDays = 14

// Todos lists, for those who do actions, theirs that are late or due within 14 days, and what
// of theirs waits for an answer; and for those who look after them what their owners say and
// ask, with how many are late in all.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.PlanRead) {
		return nil, nil
	}
	today := r.Now.Today()
	mine, err := actionsFor(ctx, r.Work, p, today.AddDays(soonDays))
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, a := range mine {
		out = append(out, a.todo(p, today))
	}
	helped, err := helpedBy(ctx, r.Work, p, today.AddDays(soonDays))
	if err != nil {
		return nil, err
	}
	for _, a := range helped {
		if !actionRules.May(p, actionDo, a.of()) { // else it stands there as theirs
			t := a.todo(p, today)
			t.Words = "You help with it. " + t.Words
			out = append(out, t)
		}
	}
	deciding, err := r.deciderTodos(ctx, p)
	if err != nil {
		return nil, err
	}
	out = append(out, deciding...)
	if p.May(access.PlanManage) {
		asked, err := r.askedTodos(ctx, p)
		if err != nil {
			return nil, err
		}
		challenges, err := r.challengeTodos(ctx)
		return slices.Concat(out, asked, challenges), err
	}
	enquiries, err := r.enquiryTodos(ctx, p)
	return append(out, enquiries...), err
}

// todo is an action on the Home of whoever does it.
func (a Action) todo(p web.Person, today period.Date) web.Todo {
	t := web.Todo{Title: a.Title, Words: a.whence(p), Href: actionHref(a.ID), Act: "Open it", Due: a.DueOn,
		Late: a.Late(today)}
	switch {
	case a.Claimed():
		t.Words, t.Act, t.Others, t.Late = "You said that it is done. It waits to be agreed.", "See it", true, false
	case !a.AskedUntil.IsZero():
		t.Words = "You asked for longer, until " + a.AskedUntil.Words() + ", and nobody has answered yet."
	case a.Hindrance != "":
		t.Words = "You said what is in the way. Is it still?"
	default:
		t.Act = "Say how it stands"
	}
	return t
}

// askedTodos lists what the owners of actions say and ask, for whoever looks after actions.
func (r *Room) askedTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	today := r.Now.Today()
	var out []web.Todo
	for _, state := range []string{"claimed", "asked"} {
		list, _, err := r.Actions(ctx, ActionFilter{State: state, By: p, Sort: "due", Limit: ui.EveryRow})
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			t := web.Todo{Href: actionHref(a.ID), Due: today, Mark: wholeAction(a).Mark()}
			switch {
			case a.Claimed():
				t.Title, t.Words = "Done? "+a.Title, fmt.Sprintf("%s says so. %s", a.OwnedBy(), a.Impact)
				t.Post, t.Act = t.Href+"/agree", "Agree"
			case !a.AskedUntil.IsZero():
				t.Title = "Longer? " + a.Title
				t.Words = fmt.Sprintf("%s asks for until %s; it is due on %s.", a.OwnedBy(), a.AskedUntil.Words(), a.DueOn.Words())
				t.Post, t.Act = t.Href+"/grant", "Give longer"
			default:
				t.Title, t.Words = "In the way: "+a.Title, fmt.Sprintf("%s: %s", a.OwnedBy(), a.Hindrance)
				t.Act = "Help"
			}
			out = append(out, t)
		}
	}
	late, err := lateCount(ctx, r.Work, today)
	if err != nil {
		return nil, err
	}
	if late > 0 {
		out = append(out, web.Todo{Title: lang.Plural(late, "action is late", "actions are late"),
			Href: actionsRoot + "?state=late", Act: "See them", Others: true,
			Late: true})
	}
	open, err := openCount(ctx, r.Work, today)
	if err != nil || open == 0 {
		return out, err
	}
	return append(out, web.Todo{Title: lang.Plural(open, "action is", "actions are") + " under way",
		Href: actionsRoot + "?state=open", Act: "See them", Others: true}), nil
}

// Standing is how the actions of an organisation stand.
type Standing struct {
	Organisation string
	Open, Late   int
	Due, InTime  int // due in the last year and not dropped, and of them those done by the day
	Href         string
}

// Standing tells how the actions of the reader's own organisation stand, where they do actions
// for one; nil where there are none.
func (r *Room) Standing(ctx context.Context, p web.Person) (*Standing, error) {
	if !p.May(access.PlanRead) || p.May(access.PlanManage) || p.Organisation == "" {
		return nil, nil
	}
	today := r.Now.Today()
	s, err := standing(ctx, r.Work, p, today)
	if err != nil || s.Open+s.Due == 0 {
		return nil, db.Wrap(err, "how the actions of an organisation stand")
	}
	s.Organisation, s.Href = p.Organisation, actionsRoot
	return &s, nil
}

// Days are the days by which a person's own actions are due in a financial year, and the day a
// plan was agreed.
func (r *Room) Days(ctx context.Context, p web.Person, year string) ([]web.Day, error) {
	if !p.May(access.PlanRead) {
		return nil, nil
	}
	y, err := period.ParseYear(year)
	if err != nil {
		return nil, db.Wrap(err, "days of the plan in %s", year)
	}
	list, err := actionsFor(ctx, r.Work, p, y.Span().To)
	var out []web.Day
	for _, a := range list {
		out = append(out, web.Day{Row: "Your actions", Title: a.Title, Href: actionHref(a.ID), From: a.DueOn})
	}
	return out, db.Wrap(err, "days of the plan in %s", year)
}

// enquiryTodos lists what the scrutineer follows: their open lines of enquiry, and their
// challenges that the partners have not answered.
func (r *Room) enquiryTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.PlanScrutinise) {
		return nil, nil
	}
	today := r.Now.Today()
	list, err := enquiriesOf(ctx, r.Work, p)
	if err != nil {
		return nil, err
	}
	var out []web.Todo
	for _, e := range list {
		t := web.Todo{Title: e.Question, Words: "Your line of enquiry, with " + lang.Plural(int(e.Notes), "note", "notes") +
			".", Href: enquiryHref(e.ID), Act: "Go on", Due: e.DueOn, Late: !e.DueOn.IsZero() && e.DueOn.Before(today)}
		out = append(out, t)
	}
	waiting, _, err := r.Scrutinies(ctx, Filter{State: "waiting", Sort: "seen", Limit: ui.EveryRow})
	for _, s := range waiting {
		if scrutinyRules.May(p, access.Change, s.of()) {
			out = append(out, web.Todo{Title: "Your challenge: " + s.Subject, Words: "The partners have not answered yet.",
				Href: scrutinyHref(s.ID), Act: "See it", Others: true})
		}
	}
	return out, err
}

// challengeTodos lists the challenges that wait for the partners' answer.
func (r *Room) challengeTodos(ctx context.Context) ([]web.Todo, error) {
	waiting, _, err := r.Scrutinies(ctx, Filter{State: "waiting", Sort: "seen", Limit: ui.EveryRow})
	var out []web.Todo
	for _, s := range waiting {
		out = append(out, web.Todo{Title: "The scrutineer asks: " + s.Subject, Words: s.Challenge,
			Href: scrutinyHref(s.ID) + "/edit", Act: "Answer"})
	}
	return out, err
}
