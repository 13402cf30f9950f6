package training

import (
	"context"
	"errors"

	"kith/internal/kit/db"
)

func putFeed(ctx context.Context, q db.Q, personID, hash string, now db.Time) error {
	if err := deleteFeed(ctx, q, personID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `INSERT INTO training_feeds (person_id, hash, created_at) VALUES ($1, $2, $3)`, personID,
		hash, now)
	return err
}

func deleteFeed(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM training_feeds WHERE person_id = $1`, personID)
	return err
}

// feedMade tells when the address of somebody's calendar was made; zero when there is none.
func feedMade(ctx context.Context, q db.Reader, personID string) (db.Time, error) {
	at, err := db.Get[db.Time](ctx, q, `SELECT created_at FROM training_feeds WHERE person_id = $1`, personID)
	if errors.Is(err, db.ErrNotFound) {
		return db.Time{}, nil
	}
	return at, err
}

// feedOwner finds whose calendar a secret is of; nobody's who is no longer active.
func feedOwner(ctx context.Context, q db.Reader, secret string) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT f.person_id FROM training_feeds f JOIN people p ON p.id = f.person_id
		WHERE f.hash = $1 AND p.active`, hashFeed(secret))
}

// A feedEvent is a booking that its owner's calendar shows.
type feedEvent struct {
	ID, CalendarID string
	Sequence       int64
	Session
}

// feedEvents lists the bookings of somebody that stand, for their calendar, from a day on.
func feedEvents(ctx context.Context, q db.Reader, personID string, from db.Date) ([]feedEvent, error) {
	return db.All[feedEvent](ctx, q, `
		SELECT b.id, b.calendar_id, b.sequence, `+sessionColumns+`
		FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE b.person_id = $1 AND b.status NOT IN ('cancelled', 'late-cancelled') AND s.same_as IS NULL
			AND s.ends_on >= $2 ORDER BY s.starts_on, s.start_time, b.id`, personID, from)
}
