package training

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the places that a person has on sessions to come, for giving back or
// handing over when they leave.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	type place struct {
		Session, Course string
		On              db.Date
	}
	places, err := db.All[place](ctx, q, `
		SELECT s.id, c.title, s.starts_on
		FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE b.person_id = $1 AND b.status = 'booked' AND s.state = 'open' AND s.starts_on >= $2
		ORDER BY s.starts_on, s.id`, personID, r.Now.Today())
	var out []web.Holding
	for _, p := range places {
		out = append(out, web.Holding{What: "Training booking", Title: p.Course + ", " + p.On.Words(),
			Href: sessionHref(p.Session), May: access.TrainingRead})
	}
	return out, db.Wrap(err, "list the bookings of %s", personID)
}
