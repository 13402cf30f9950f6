package plan

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/web"
)

// mostReminded is how many people of an organisation are reminded of one action.
const mostReminded = 10

// Reminders are what people are reminded of by themselves.
func (r *Room) Reminders() []remind.Kind {
	return []remind.Kind{{ID: "plan.actions", Title: "Actions",
		Words: "Whoever is to do an action, until they say that it is done; weekly when it is late.",
		// Weekly for a quarter of a year: who has not answered by then is asked by somebody.
		Before: []int{14, 7, 1}, After: []int{1, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84},
		Officer: access.PlanManage, Open: r.actionsOpen}}
}

// actionsOpen lists the open actions, each for whom it waits. Where nobody of them can open it,
// whoever it was given to stands there, so that those who look after the plan are told.
func (r *Room) actionsOpen(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	all, err := db.All[Action](ctx, q, `SELECT `+actionColumns+`
		WHERE a.status = 'open' AND a.claimed_on IS NULL ORDER BY a.due_on, a.id`)
	if err != nil {
		return nil, db.Wrap(err, "list open actions")
	}
	given, err := givenOn(ctx, q)
	if err != nil {
		return nil, db.Wrap(err, "list when actions were given")
	}
	var out []remind.Item
	for _, a := range all {
		to, err := r.owners(ctx, q, a)
		if err != nil {
			return nil, err
		}
		if len(to) == 0 {
			name := a.Owner
			if name == "" {
				name = a.Organisation
			}
			to = []web.Person{{ID: string(a.OwnerID), Name: name, Email: a.OwnerEmail}}
		}
		for _, p := range to[:min(len(to), mostReminded)] {
			out = append(out, remind.Item{RecordID: a.ID, Title: a.Title, Due: a.DueOn, Since: given[a.ID],
				PersonID: p.ID, Name: p.Name, Address: p.Email, Path: actionHref(a.ID), FixPath: actionHref(a.ID),
				Letter: func(m remind.Moment) (subject, text string) { return reminder(a, m) }})
		}
	}
	return out, nil
}

// reminder is the letter about one action.
func reminder(a Action, m remind.Moment) (subject, text string) {
	subject = "Action due " + a.DueOn.Words() + ": " + short(a.Title)
	if m.Late() {
		subject = "Late action: " + short(a.Title)
	}
	text = fmt.Sprintf("This action is yours: %s\n\n%s", a.Title, m.Words())
	switch {
	case !a.AskedUntil.IsZero():
		text += "\n\nYou asked for longer, until " + a.AskedUntil.Words() + ". Nobody has answered yet."
	case a.Hindrance != "":
		text += "\n\nYou said what is in the way. If it still is, say so again there."
	default:
		text += "\n\nOn its page you say that it is done, ask for longer, say what is in the way or hand it to a colleague."
	}
	return subject, text
}

// givenOn says when each open action was added.
func givenOn(ctx context.Context, q db.Reader) (map[string]period.Date, error) {
	type row struct {
		ID string
		At db.Time
	}
	list, err := db.All[row](ctx, q, `SELECT id, created_at FROM plan_actions WHERE status = 'open'`)
	out := map[string]period.Date{}
	for _, x := range list {
		out[x.ID] = period.DateOf(x.At.Time)
	}
	return out, err
}
