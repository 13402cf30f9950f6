package training

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A learner is a person as a booking needs to know them. The tables read here are
// identity's and partnership's, which write them.
type learner struct {
	ID             string
	Name           string
	Email          string
	JobTitle       string
	OrganisationID db.Opt
	Organisation   string
	Sector         string
}

const learnerColumns = `p.id, p.name, p.email, p.job_title, p.organisation_id, COALESCE(o.name, ''), COALESCE(o.sector, 'other')`

func learnerByID(ctx context.Context, q db.Reader, id string) (learner, error) {
	return db.Get[learner](ctx, q, `
		SELECT `+learnerColumns+`
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id WHERE p.id = $1 AND p.active`, id)
}

// bookableFor lists the people for whom somebody may book, themselves among them.
func bookableFor(ctx context.Context, q db.Reader, by web.Person) ([]learner, error) {
	var args []any
	return db.All[learner](ctx, q, `
		SELECT `+learnerColumns+`
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.active AND `+learnerRules.Where(&args, by, access.Change)+` ORDER BY p.folded, p.id LIMIT 1000`, args...)
}

// insertBooking writes a booking, and that its sector booked if it is the first.
func insertBooking(ctx context.Context, q db.Q, b Booking, now db.Time) error {
	tallied, err := db.Get[bool](ctx, q, `
		INSERT INTO training_bookings (id, session_id, person_id, organisation_id, sector, status, booked_on, from_waiting,
			created_at, sequence)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING EXISTS (SELECT 1 FROM training_sources WHERE session_id = $2 AND sector = $5 AND import_id = '')`,
		b.ID, b.SessionID, b.PersonID, b.OrganisationID, b.Sector, b.Status, b.BookedOn, b.FromWaiting, now,
		b.Sequence)
	if err != nil || tallied {
		return err
	}
	return tallyBooked(ctx, q, b)
}

const bookingColumns = `b.id, b.session_id, b.person_id, b.organisation_id, b.sector, b.status, b.booked_on,
	b.from_waiting, b.import_id, b.calendar_id, b.sequence,
	p.name, p.email, COALESCE(o.name, '')`

const bookingTables = `
		FROM training_bookings b JOIN people p ON p.id = b.person_id LEFT JOIN organisations o ON o.id = b.organisation_id`

func bookingByID(ctx context.Context, q db.Reader, id string) (Booking, error) {
	return db.Get[Booking](ctx, q, `SELECT `+bookingColumns+bookingTables+` WHERE b.id = $1`, id)
}

// bookingsOf lists a session's bookings by the person's name.
func bookingsOf(ctx context.Context, q db.Reader, sessionID string) ([]Booking, error) {
	return db.All[Booking](ctx, q, `SELECT `+bookingColumns+bookingTables+
		` WHERE b.session_id = $1 ORDER BY p.folded, b.id`, sessionID)
}

// bookingsShownTo lists those bookings of a session that a person may look through.
func bookingsShownTo(ctx context.Context, q db.Reader, by web.Person, sessionID string) ([]Booking, error) {
	args := []any{sessionID}
	return db.All[Booking](ctx, q, `SELECT `+bookingColumns+bookingTables+
		` WHERE b.session_id = $1 AND `+bookingRules.Where(&args, by, access.Read)+` ORDER BY p.folded, b.id`, args...)
}

// liveBooking finds the one booking of a person on a session that stands.
func liveBooking(ctx context.Context, q db.Reader, sessionID, personID string) (Booking, error) {
	return db.Get[Booking](ctx, q, `
		SELECT `+bookingColumns+bookingTables+`
		WHERE b.session_id = $1 AND b.person_id = $2 AND b.status NOT IN ('cancelled', 'late-cancelled')`, sessionID,
		personID)
}

// setStatus changes what stands in a booking, unless it is no longer what the
// person who changes it saw.
func setStatus(ctx context.Context, q db.Q, bookingID string, from, to Status) (bool, error) {
	n, err := db.Exec(ctx, q, `
		UPDATE training_bookings SET status = $3, marked_import = '', marked_before = '' WHERE id = $1 AND status = $2`,
		bookingID, from, to)
	return n == 1, err
}

// cancelAll cancels every booking of a session that still stands.
func cancelAll(ctx context.Context, q db.Q, sessionID string) error {
	_, err := db.Exec(ctx, q, `
		UPDATE training_bookings SET status = 'cancelled' WHERE session_id = $1 AND status = 'booked'`, sessionID)
	return err
}

// recount makes the places taken, those held for people who wait among them, and a capacity
// they would overrun, agree with the bookings: an import may bring more than a session was
// thought to hold. Places that are there no more are no longer held for anybody.
func recount(ctx context.Context, q db.Q, sessionID string) error {
	type places struct{ Booked, Held, Capacity int64 }
	p, err := db.Get[places](ctx, q, `
		SELECT (SELECT count(*) FROM training_bookings
				WHERE session_id = $1 AND status IN ('booked', 'attended', 'left-early', 'partly', 'no-show')),
			(SELECT count(*) FROM training_waiting WHERE session_id = $1 AND answer_by IS NOT NULL), capacity
		FROM training_sessions WHERE id = $1`, sessionID)
	if err != nil {
		return err
	}
	if over := min(p.Held, p.Booked+p.Held-p.Capacity); over > 0 {
		p.Held -= over
		if _, err := db.Exec(ctx, q, `
			UPDATE training_waiting SET answer_by = NULL WHERE id IN (SELECT id FROM training_waiting
				WHERE session_id = $1 AND answer_by IS NOT NULL ORDER BY joined_at DESC, id DESC LIMIT $2)`,
			sessionID, over); err != nil {
			return err
		}
	}
	taken := p.Booked + p.Held
	return db.Must(ctx, q, `
		UPDATE training_sessions SET taken = $2, capacity = CASE WHEN capacity > 0 AND capacity < $2 THEN $2 ELSE capacity END
		WHERE id = $1`, sessionID, taken)
}

// placesOf lists a person's bookings with their sessions, the newest first.
func placesOf(ctx context.Context, q db.Reader, personID string) ([]Place, error) {
	return db.All[Place](ctx, q, `
		SELECT b.id, b.status, s.id, s.starts_on, s.ends_on, s.start_time, s.end_time, s.mode, s.venue, s.state, c.title,
			c.kind
		FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE b.person_id = $1 AND s.same_as IS NULL ORDER BY s.starts_on DESC, s.start_time DESC, b.id`, personID)
}
