package training

import (
	"context"

	"kith/internal/kit/db"
)

// learnersWhere lists people by a condition, with WHERE, of one argument.
func learnersWhere(ctx context.Context, q db.Reader, where, arg string) ([]learner, error) {
	return db.All[learner](ctx, q, `
		SELECT `+learnerColumns+`
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		`+where+` ORDER BY p.folded, p.id LIMIT 100`, arg)
}

// learnersAt lists active people who have an address.
func learnersAt(ctx context.Context, q db.Reader, address string) ([]learner, error) {
	return learnersWhere(ctx, q, `WHERE p.active AND p.email = $1`, address)
}

// standsOn says whether a person is booked on a session or waiting for it; "" for neither.
func standsOn(ctx context.Context, q db.Reader, sessionID, personID string) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT CASE WHEN EXISTS (SELECT 1 FROM training_bookings WHERE session_id = $1 AND person_id = $2
				AND status NOT IN ('cancelled', 'late-cancelled')) THEN 'booked'
			WHEN EXISTS (SELECT 1 FROM training_waiting WHERE session_id = $1 AND person_id = $2) THEN 'waiting'
			ELSE '' END`, sessionID, personID)
}
