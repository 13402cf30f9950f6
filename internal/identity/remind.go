package identity

import (
	"context"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
)

// Reminders are what people are reminded of by themselves.
func (r *Room) Reminders() []remind.Kind {
	return []remind.Kind{
		{ID: "identity.requests", Title: "Requests that wait for a second person",
			Words: "Those who may agree, before the request ends unanswered.", Before: []int{7, 2},
			Officer: access.PeopleManage, Open: r.requestsDue},
		{ID: "identity.invitations", Title: "Invitations on paper that nobody has used",
			Words: "Whoever printed the invitation, before it ends.", Before: []int{2}, Officer: access.PeopleManage,
			Open: r.invitationsDue},
	}
}

// dueOn gives the day of an instant.
func dueOn(t db.Time) period.Date { return period.DateOf(lang.London(t.Time)) }

// requestsDue lists the requests that wait, for each who may agree to them.
func (r *Room) requestsDue(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	waiting, err := waitingRequests(ctx, q, db.At(r.Now()))
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []remind.Item
	for _, rq := range waiting {
		w, err := r.weigh(ctx, q, rq, all)
		if err != nil {
			return nil, err
		}
		if len(partners(w.may)) > 0 {
			continue // they are asked by a code, by whoever has telephoned them
		}
		may := slices.DeleteFunc(w.may, func(a account) bool { return a.Email == "" })
		for _, a := range may[:min(len(may), mostAsked)] {
			out = append(out, remind.Item{RecordID: rq.ID, Title: rq.Asker + " asks " + rq.What(), Due: dueOn(rq.Until),
				Since: dueOn(rq.AskedAt), PersonID: a.ID, Name: a.Name, Address: a.Email, Path: requestsRoot + "/" + rq.ID,
				Letter: func(m remind.Moment) (subject, text string) {
					return "A second person is still needed", rq.Asker + " asks " + rq.What() + ".\n\nWhy: " + rq.Reason +
						"\n\nNobody has answered yet. Without an answer it ends on " + m.Due.Words() + ", and nothing changes."
				}})
		}
	}
	return out, nil
}

// invitationsDue lists the invitations that wait, for whoever printed them.
func (r *Room) invitationsDue(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	type row struct {
		ID, PersonID, Person, Hands string
		MadeAt, Until               db.Time
		ByID, By, Email             string
	}
	all, err := db.All[row](ctx, q, `
		SELECT i.id, i.person_id, p.name, i.hands, i.made_at, i.until, m.id, m.name,
			CASE WHEN m.active THEN m.email ELSE '' END
		FROM identity_invitations i JOIN people p ON p.id = i.person_id JOIN people m ON m.id = i.made_by
		WHERE i.state = 'waiting' AND i.until > $1 ORDER BY i.until, i.id`, db.At(r.Now()))
	var out []remind.Item
	for _, x := range all {
		out = append(out, remind.Item{RecordID: x.ID, Title: "Invitation for " + x.Person, Due: dueOn(x.Until),
			Since: dueOn(x.MadeAt), PersonID: x.ByID, Name: x.By, Address: x.Email, Path: root + "/" + x.PersonID,
			Letter: func(m remind.Moment) (subject, text string) {
				return "Not used yet: the invitation for " + x.Person, "The invitation on paper for " + x.Person + ", which " +
					x.Hands + " hands over, has not been used. It ends on " + m.Due.Words() + ".\n\nAsk " + x.Hands +
					" whether it has arrived, or print a new one."
			}})
	}
	return out, err
}
