package training

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/remind"
)

// remindAhead is how many days ahead bookings are looked at: the longest that anybody would want
// to be reminded before.
const remindAhead = 60

// Reminders are what people are reminded of here.
func (r *Room) Reminders() []remind.Kind {
	return []remind.Kind{{ID: "training.session", Title: "A training session that is near",
		Words:   "Whoever has a place is told when and where, and how to give it back.",
		Before:  []int{1},
		Officer: access.TrainingManage,
		Open:    r.placesAhead,
	}}
}

// A placeAhead is a booking on a session that is near.
type placeAhead struct {
	BookingID string
	PersonID  string
	BookedOn  db.Date
	Name      string
	Email     string
	Session
}

// placesAhead lists the places on sessions that are near.
func (r *Room) placesAhead(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	today := r.Now.Today()
	list, err := db.All[placeAhead](ctx, q, `
		SELECT b.id, b.person_id, b.booked_on, p.name, p.email, `+sessionColumns+`
		FROM training_bookings b JOIN people p ON p.id = b.person_id JOIN training_sessions s ON s.id = b.session_id
			JOIN training_courses c ON c.id = s.course_id
		WHERE b.status = 'booked' AND s.same_as IS NULL AND s.state IN ('open', 'closed') AND s.starts_on >= $1
			AND s.starts_on <= $2 AND p.active ORDER BY s.starts_on, b.id`, today, today.AddDays(remindAhead))
	if err != nil {
		return nil, db.Wrap(err, "list places on sessions that are near")
	}
	guests := map[string]bool{}
	var out []remind.Item
	for _, x := range list {
		guest, asked := guests[x.Email]
		if !asked {
			if guest, err = r.isGuest(ctx, q, x.Email); err != nil {
				return nil, db.Wrap(err, "look for who has no account")
			}
			guests[x.Email] = guest
		}
		item := remind.Item{RecordID: x.BookingID, Title: x.Course + ", " + x.StartsOn.Words(), Due: x.StartsOn,
			Since: x.BookedOn, PersonID: x.PersonID, Name: x.Name, Address: x.Email, Path: sessionHref(x.Session.ID),
			FixPath: sessionHref(x.Session.ID)}
		if guest {
			item.PersonID, item.Path, item.Public = "", GuestHome, true
		}
		s := x.Session
		item.Letter = func(m remind.Moment) (subject, text string) { return r.nearWords(s, m) }
		out = append(out, item)
	}
	return out, nil
}

// nearWords are the words of the reminder of a session.
func (r *Room) nearWords(s Session, m remind.Moment) (subject, text string) {
	when := "in " + lang.Plural(m.Today.DaysUntil(s.StartsOn), "day", "days")
	switch m.Today.DaysUntil(s.StartsOn) {
	case 0:
		when = "today"
	case 1:
		when = "tomorrow"
	}
	return lang.Sentence(when) + ": " + oneLine(s.Course), "Your training is " + when + ".\n\n" + s.Course + "\n" +
		s.When() + "\n" + s.Where() + "\n\n" + s.giveBackWords(m.Today, r.Notice)
}
