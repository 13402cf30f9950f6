package training

import (
	"context"

	"kith/internal/kit/db"
)

func insertWaiter(ctx context.Context, q db.Q, id, sessionID, personID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_waiting (id, session_id, person_id, joined_at) VALUES ($1, $2, $3, $4)`, id, sessionID, personID,
		now)
	return err
}

func deleteWaiter(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM training_waiting WHERE id = $1`, id)
}

func deleteWaiters(ctx context.Context, q db.Q, sessionID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM training_waiting WHERE session_id = $1`, sessionID)
	return err
}

const waiterSelect = `
		SELECT w.id, w.session_id, w.person_id, w.joined_at, w.answer_by, w.asked_at, w.sequence, p.name, p.email,
			p.organisation_id
		FROM training_waiting w JOIN people p ON p.id = w.person_id`

// waiters lists who waits, whoever has waited longest first.
func waiters(ctx context.Context, q db.Reader, sessionID string) ([]Waiter, error) {
	return db.All[Waiter](ctx, q, waiterSelect+` WHERE w.session_id = $1 AND p.active ORDER BY w.joined_at, w.id`,
		sessionID)
}

func waiterByID(ctx context.Context, q db.Reader, id string) (Waiter, error) {
	return db.Get[Waiter](ctx, q, waiterSelect+` WHERE w.id = $1`, id)
}

// offeredPast lists those who were to answer by now and have not.
func offeredPast(ctx context.Context, q db.Reader, now db.Time) ([]Waiter, error) {
	return db.All[Waiter](ctx, q, waiterSelect+` WHERE w.answer_by IS NOT NULL AND w.answer_by <= $1
		ORDER BY w.answer_by, w.id`, now)
}

// setOffer holds a place for whoever waits, until a time.
func setOffer(ctx context.Context, q db.Q, id string, by db.Time) error {
	return db.Must(ctx, q, `UPDATE training_waiting SET answer_by = $2, asked_at = NULL WHERE id = $1`, id, by)
}

// setAsked notes when somebody was asked whether a change suits, and by a zero time that they
// have said that it does.
func setAsked(ctx context.Context, q db.Q, id string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE training_waiting SET asked_at = $2 WHERE id = $1`, id, at)
}

// waitingOf lists the sessions that a person waits for.
func waitingOf(ctx context.Context, q db.Reader, personID string) ([]Wait, error) {
	return db.All[Wait](ctx, q, `
		SELECT mine.id, mine.answer_by, mine.asked_at, `+sessionColumns+`
		FROM training_waiting mine JOIN training_sessions s ON s.id = mine.session_id
			JOIN training_courses c ON c.id = s.course_id
		WHERE mine.person_id = $1 AND s.same_as IS NULL ORDER BY s.starts_on, s.start_time, s.id`, personID)
}

// countTold counts what a calendar is told of a row, and gives the number that the file has.
func countTold(ctx context.Context, q db.Q, table, id string) (int64, error) {
	return db.Get[int64](ctx, q, `UPDATE `+table+` SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence - 1`, id)
}
