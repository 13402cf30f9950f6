package training

import (
	"context"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
)

// sessionColumns are a Session's, in the order of its fields. s is the session,
// c its course.
const sessionColumns = `s.id, s.course_id, s.starts_on, s.ends_on, s.start_time, s.end_time, s.mode, s.venue,
	s.capacity, s.taken, s.state, s.sequence, s.moved_on, c.title, c.kind, c.programme_id,
	(SELECT count(*) FROM training_waiting w WHERE w.session_id = s.id) AS waiting`

// sessionReturned is the same for an UPDATE, which has no JOIN.
const sessionReturned = `id, course_id, starts_on, ends_on, start_time, end_time, mode, venue, capacity, taken, state,
	sequence, moved_on,
	(SELECT c.title FROM training_courses c WHERE c.id = training_sessions.course_id),
	(SELECT c.kind FROM training_courses c WHERE c.id = training_sessions.course_id),
	(SELECT c.programme_id FROM training_courses c WHERE c.id = training_sessions.course_id),
	(SELECT count(*) FROM training_waiting w WHERE w.session_id = training_sessions.id)`

// sessionByID reads a session that is not merged into another.
func sessionByID(ctx context.Context, q db.Reader, id string) (Session, error) {
	return db.Get[Session](ctx, q, `
		SELECT `+sessionColumns+` FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE s.id = $1 AND s.same_as IS NULL`, id)
}

// takePlace is the whole of the rule that nobody books a place that is not there:
// no row changes when none is left, or when the session is not open or has begun,
// and then it returns db.ErrNotFound. day and at are the present, by the clock in
// England. It gives the session as it is with the place taken. Whoever has waited may take one
// although booking has closed meanwhile.
func takePlace(ctx context.Context, q db.Q, sessionID string, day db.Date, at string, waited bool) (Session, error) {
	return db.Get[Session](ctx, q, `
		UPDATE training_sessions SET taken = taken + 1
		WHERE id = $1 AND taken < capacity AND (state = 'open' OR state = 'closed' AND $4) AND same_as IS NULL
			AND (starts_on > $2 OR starts_on = $2 AND start_time > $3)
		RETURNING `+sessionReturned, sessionID, day, at, waited)
}

func freePlace(ctx context.Context, q db.Q, sessionID string) error {
	return db.Must(ctx, q, `UPDATE training_sessions SET taken = taken - 1 WHERE id = $1`, sessionID)
}

// lockSession keeps others from changing a session until the transaction ends.
// Without it somebody could join the waiting list in the moment in which a place
// becomes free, and wait beside it. Whatever changes both a session and its
// bookings takes the session first, so that no two can wait for each other.
func lockSession(ctx context.Context, q db.Q, sessionID string) error {
	return db.Must(ctx, q, `UPDATE training_sessions SET taken = taken WHERE id = $1 AND same_as IS NULL`, sessionID)
}

func insertSession(ctx context.Context, q db.Q, s Session, importID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_sessions (id, course_id, starts_on, ends_on, start_time, end_time, mode, venue, capacity, state,
			import_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, s.CourseID, s.StartsOn, s.EndsOn, s.StartTime, s.EndTime, s.Mode, s.Venue, s.Capacity, s.State, importID, now)
	return err
}

// updateSession does not touch the places taken, which only takePlace, freePlace
// and recount do. Like updateCourse it makes the session the partnership's own.
func updateSession(ctx context.Context, q db.Q, s Session) error {
	return db.Must(ctx, q, `
		UPDATE training_sessions SET starts_on = $2, ends_on = $3, start_time = $4, end_time = $5, mode = $6, venue = $7,
			capacity = $8, state = $9, sequence = $10, moved_on = $11, import_id = ''
		WHERE id = $1`, s.ID, s.StartsOn, s.EndsOn, s.StartTime, s.EndTime, s.Mode, s.Venue, s.Capacity, s.State, s.Sequence,
		s.MovedOn)
}

func setState(ctx context.Context, q db.Q, sessionID string, state State) error {
	return db.Must(ctx, q, `UPDATE training_sessions SET state = $2 WHERE id = $1`, sessionID, state)
}

// A sessionFilter narrows and orders a list of sessions.
type sessionFilter struct {
	Search, Programme string
	Places            string    // left, full or few; "" for any
	From, To          db.Date   // first and last day to begin on
	Ahead, Over       time.Time // those not over at a moment, and those that are; zero for either
	CourseID          string
	State             State
	Sort              string
	Desc              bool
	Limit, Offset     int
}

// everDay is after every session, where a filter has no last day.
var everDay = db.Date{Year: 9999, Month: 12, Day: 31}

func (f sessionFilter) last() db.Date {
	if f.To.IsZero() {
		return everDay
	}
	return f.To
}

func (f sessionFilter) first() db.Date {
	if f.From.IsZero() {
		return db.Date{Year: 1, Month: 1, Day: 1}
	}
	return f.From
}

// clocked writes a moment as sessionsEnd does, by the clock in England; "" for none.
func clocked(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(clock.London).Format("2006-01-02T15:04")
}

// sessionsEnd is when a session is over, to be compared with clocked: the end of its last day
// where no time is known.
const sessionsEnd = `s.ends_on || 'T' || CASE WHEN s.end_time = '' THEN '24:00' ELSE s.end_time END`

const sessionsWhere = `
		FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE s.same_as IS NULL AND s.starts_on >= $1 AND s.starts_on <= $2
			AND ($3 = '%%' OR c.folded LIKE $3 ESCAPE '\') AND ($4 = '' OR c.programme_id = $4)
			AND ($5 = '' OR $5 = 'left' AND s.state = 'open' AND s.taken < s.capacity
				OR $5 = 'full' AND s.state = 'open' AND s.taken >= s.capacity
				OR $5 = 'few' AND s.state = 'open' AND 3 * s.taken < s.capacity)
			AND ($6 = '' OR s.course_id = $6) AND ($7 = '' OR s.state = $7)
			AND ($8 = '' OR ` + sessionsEnd + ` > $8) AND ($9 = '' OR ` + sessionsEnd + ` <= $9)`

// sessionSorts are the orders a list of sessions may have.
var sessionSorts = map[string]string{"starts": "s.starts_on || s.start_time", "title": "c.folded", "taken": "s.taken"}

func sessions(ctx context.Context, q db.Reader, f sessionFilter) ([]Session, error) {
	return db.All[Session](ctx, q, `SELECT `+sessionColumns+sessionsWhere+
		db.Order(sessionSorts, f.Sort, "starts", f.Desc, "s.starts_on, s.start_time, c.folded, s.id")+` LIMIT $10 OFFSET $11`,
		f.first(), f.last(), db.Like(f.Search), f.Programme, f.Places, f.CourseID, f.State, clocked(f.Ahead),
		clocked(f.Over), f.Limit, f.Offset)
}

func countSessions(ctx context.Context, q db.Reader, f sessionFilter) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*)`+sessionsWhere,
		f.first(), f.last(), db.Like(f.Search), f.Programme, f.Places, f.CourseID, f.State, clocked(f.Ahead),
		clocked(f.Over))
}

// unmarked lists the sessions that ended before a day and whose register nobody
// has marked.
func unmarked(ctx context.Context, q db.Reader, before db.Date) ([]Session, error) {
	return db.All[Session](ctx, q, `
		SELECT `+sessionColumns+` FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE s.same_as IS NULL AND s.ends_on < $1 AND s.state IN ('open', 'closed')
			AND s.id IN (SELECT b.session_id FROM training_bookings b WHERE b.status = 'booked')
		ORDER BY s.starts_on, s.start_time, s.id`, before)
}

func sessionOn(ctx context.Context, q db.Reader, course string, day db.Date) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT s.id FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE c.title_key = $1 AND s.starts_on = $2 AND s.same_as IS NULL ORDER BY s.start_time,
			s.id LIMIT 1`, names.Key(course), day)
}

// sessionsAmong reads the sessions with some ids; all when ids is nil.
func sessionsAmong(ctx context.Context, q db.Reader, ids []string) ([]Session, error) {
	var args []any
	return db.All[Session](ctx, q, `SELECT `+sessionColumns+` FROM training_sessions s
		JOIN training_courses c ON c.id = s.course_id WHERE s.same_as IS NULL AND `+
		db.Among(&args, "s.id", ids), args...)
}

func sessionsOfCourse(ctx context.Context, q db.Reader, courseID string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT id FROM training_sessions WHERE course_id = $1 AND same_as IS NULL`, courseID)
}
