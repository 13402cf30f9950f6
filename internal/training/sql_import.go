package training

import (
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// What an import needs to know of the rows that are there before it.
type (
	knownCourse  struct{ ID, ProgrammeID, Key, Kind, ImportID, SameAs string }
	knownSector  struct{ ID, Key, Sector string }
	knownSession struct {
		ID        string
		CourseID  string
		StartsOn  db.Date
		StartTime string
		State     State
		ImportID  string
		SameAs    string
		fresh     bool // the import itself has just added it
	}
	madeHere struct {
		ID       string
		PersonID string
		Status   Status
	}
)

func knownCourses(ctx context.Context, q db.Reader) ([]knownCourse, error) {
	return db.All[knownCourse](ctx, q, `SELECT id, programme_id, title_key, kind, import_id, COALESCE(same_as, '') FROM training_courses`)
}

func knownSectors(ctx context.Context, q db.Reader) ([]knownSector, error) {
	return db.All[knownSector](ctx, q, `SELECT id, name_key, sector FROM organisations`)
}

func knownSessions(ctx context.Context, q db.Reader) ([]knownSession, error) {
	return db.All[knownSession](ctx, q, `
		SELECT id, course_id, starts_on, start_time, state, import_id, COALESCE(same_as, '') FROM training_sessions
		ORDER BY starts_on, start_time, id`)
}

// An attendance is how many came to a session: in all, and by bookings made here.
type attendance struct {
	SessionID, CourseID string
	StartsOn            db.Date
	Kind                string
	Came, CameHere      int64
}

// attendancesNow counts who came to each session.
func attendancesNow(ctx context.Context, q db.Reader) ([]attendance, error) {
	return db.All[attendance](ctx, q, `
		SELECT s.id, s.course_id, s.starts_on, c.kind,
			sum(CASE WHEN `+came+` THEN 1 ELSE 0 END),
			sum(CASE WHEN b.import_id = '' AND `+came+` THEN 1 ELSE 0 END)
		FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id
			JOIN training_courses c ON c.id = s.course_id
		WHERE s.same_as IS NULL
		GROUP BY s.id, s.course_id, s.starts_on, c.kind ORDER BY s.starts_on, s.id`)
}

// yearsOfImports gives the years in which sessions were that imports have bookings or marks of.
func yearsOfImports(ctx context.Context, q db.Reader) (map[string][]period.Year, error) {
	days, err := db.All[struct {
		ImportID string
		StartsOn db.Date
	}](ctx, q, `
		SELECT DISTINCT x.import_id, s.starts_on
		FROM training_sources x JOIN training_sessions s ON s.id = x.session_id
		WHERE x.import_id <> '' ORDER BY x.import_id, s.starts_on`)
	out := map[string][]period.Year{}
	for _, d := range days {
		if y := period.YearOf(d.StartsOn); !slices.Contains(out[d.ImportID], y) {
			out[d.ImportID] = append(out[d.ImportID], y)
		}
	}
	return out, err
}

// takeOverCourse and takeOverSession make what an earlier import added the later
// one's, with the later one's word for it.
func takeOverCourse(ctx context.Context, q db.Q, id, kind, importID string) error {
	return db.Must(ctx, q, `UPDATE training_courses SET kind = $2, import_id = $3 WHERE id = $1`, id, kind, importID)
}

func takeOverSession(ctx context.Context, q db.Q, s Session, importID string) error {
	return db.Must(ctx, q, `
		UPDATE training_sessions SET ends_on = $2, start_time = $3, end_time = $4, mode = $5, venue = $6, import_id = $7
			WHERE id = $1`,
		s.ID, s.EndsOn, s.StartTime, s.EndTime, s.Mode, s.Venue, importID)
}

// forgetImported takes away what imports have said of one session.
func forgetImported(ctx context.Context, q db.Q, sessionID string) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM training_bookings WHERE session_id = $1 AND import_id <> ''`,
		sessionID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		UPDATE training_bookings SET status = `+statusBefore+`, marked_import = '', marked_before = ''
		WHERE session_id = $1 AND marked_import <> ''`, sessionID)
	return err
}

// statusBefore is the status that a booking had before an import marked it, unless
// the person has since been booked again: then the mark stays.
const statusBefore = `CASE WHEN EXISTS (
		SELECT 1 FROM training_bookings other
		WHERE other.session_id = training_bookings.session_id AND other.person_id = training_bookings.person_id
			AND other.id <> training_bookings.id AND other.status NOT IN ('cancelled', 'late-cancelled'))
	THEN status ELSE marked_before END`

func bookingsMadeHere(ctx context.Context, q db.Reader, sessionID string) ([]madeHere, error) {
	return db.All[madeHere](ctx, q, `
		SELECT id, person_id, status FROM training_bookings
		WHERE session_id = $1 AND import_id = '' AND status NOT IN ('cancelled', 'late-cancelled')`, sessionID)
}

// markHere gives a booking made here the status that a file has for it. That it is
// booked is no news of a booking.
func markHere(ctx context.Context, q db.Q, b madeHere, to Status, importID string) error {
	if to == Booked || to == b.Status {
		return nil
	}
	return db.Must(ctx, q, `
		UPDATE training_bookings SET marked_before = status, status = $2, marked_import = $3 WHERE id = $1`, b.ID, to,
		importID)
}

func insertImported(ctx context.Context, q db.Q, rows [][]any) error {
	return db.Insert(ctx, q, `
		INSERT INTO training_bookings (id, session_id, person_id, organisation_id, sector, status, booked_on, import_id,
			created_at)`, rows, "")
}

// restate makes a session delivered that somebody came to, and takes that back
// from one that nobody did.
func restate(ctx context.Context, q db.Q, sessionID string) error {
	_, err := db.Exec(ctx, q, `
		UPDATE training_sessions SET state = CASE WHEN EXISTS (
				SELECT 1 FROM training_bookings b
				WHERE b.session_id = training_sessions.id AND b.status IN ('attended', 'walk-in', 'left-early'))
			THEN 'delivered' WHEN state = 'delivered' THEN 'closed' ELSE state END
		WHERE id = $1`, sessionID)
	return err
}

func sessionsOfImport(ctx context.Context, q db.Reader, importID string) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT DISTINCT session_id FROM training_bookings WHERE import_id = $1 OR marked_import = $1 ORDER BY session_id`,
		importID)
}

// deleteImported takes away the bookings of an import, and its marks.
func deleteImported(ctx context.Context, q db.Q, importID string) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM training_bookings WHERE import_id = $1`, importID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		UPDATE training_bookings SET status = `+statusBefore+`, marked_import = '', marked_before = ''
		WHERE marked_import = $1`, importID)
	return err
}

// deleteEmptied takes away what imports made and nothing is left in. What a person
// has made or changed here is not an import's any more, and stays.
func deleteEmptied(ctx context.Context, q db.Q) error {
	if _, err := db.Exec(ctx, q, `
		DELETE FROM training_sessions WHERE import_id <> '' AND same_as IS NULL
			AND NOT EXISTS (SELECT 1 FROM training_sessions m WHERE m.same_as = training_sessions.id)
			AND NOT EXISTS (SELECT 1 FROM training_bookings b WHERE b.session_id = training_sessions.id)
			AND NOT EXISTS (SELECT 1 FROM training_waiting w WHERE w.session_id = training_sessions.id)
			AND NOT EXISTS (SELECT 1 FROM training_presentations p WHERE p.session_id = training_sessions.id)
			AND NOT EXISTS (SELECT 1 FROM training_stalls st WHERE st.session_id = training_sessions.id)`); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, q, `
		DELETE FROM training_courses WHERE import_id <> '' AND same_as IS NULL
			AND NOT EXISTS (SELECT 1 FROM training_courses m WHERE m.same_as = training_courses.id)
			AND NOT EXISTS (SELECT 1 FROM training_sessions s WHERE s.course_id = training_courses.id)`); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		DELETE FROM training_programmes WHERE import_id <> ''
			AND NOT EXISTS (SELECT 1 FROM training_courses c WHERE c.programme_id = training_programmes.id)`)
	return err
}
