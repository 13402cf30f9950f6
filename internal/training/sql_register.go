package training

import (
	"context"

	"kith/internal/kit/db"
)

// A mark is what a saving of a register made of a booking.
type mark struct {
	BookingID string
	Was, Made Status
}

func lastMarks(ctx context.Context, q db.Reader, sessionID string) ([]mark, error) {
	return db.All[mark](ctx, q, `
		SELECT booking_id, was, made FROM training_last_marks WHERE session_id = $1 ORDER BY booking_id`, sessionID)
}

func keepMark(ctx context.Context, q db.Q, sessionID string, m mark) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_last_marks (session_id, booking_id, was, made) VALUES ($1, $2, $3, $4)`,
		sessionID, m.BookingID, m.Was, m.Made)
	return err
}

func forgetMarks(ctx context.Context, q db.Q, sessionID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM training_last_marks WHERE session_id = $1`, sessionID)
	return err
}
