package training

import (
	"context"

	"kith/internal/kit/db"
)

// A session that a later file names is the later file's. What the earlier one had brought for
// it stands in training_replaced, and comes back when the later import is withdrawn.

// A replacedSession is a session as it was before an import took the place of another.
type replacedSession struct {
	SessionID string
	WasImport string
}

// keepReplaced keeps what imports have brought for a session before byImport takes their
// place. Of a session that no import has said anything of, nothing is kept.
func keepReplaced(ctx context.Context, q db.Q, sessionID, byImport string) error {
	n, err := db.Exec(ctx, q, `
		INSERT INTO training_replaced (by_import, session_id, was_import, ends_on, start_time, end_time, mode, venue,
			session_import)
		SELECT $2, s.id, w.import_id, s.ends_on, s.start_time, s.end_time, s.mode, s.venue, s.import_id
		FROM training_sessions s JOIN (
			SELECT max(import_id) AS import_id FROM (
				SELECT import_id FROM training_bookings WHERE session_id = $1 AND import_id <> ''
				UNION ALL SELECT marked_import FROM training_bookings WHERE session_id = $1 AND marked_import <> '') x) w
			ON w.import_id IS NOT NULL
		WHERE s.id = $1`, sessionID, byImport)
	if err != nil || n == 0 {
		return err
	}
	if _, err := db.Exec(ctx, q, `
		INSERT INTO training_replaced_bookings (by_import, id, session_id, person_id, organisation_id, sector, status,
			booked_on, import_id, created_at)
		SELECT $2, id, session_id, person_id, organisation_id, sector, status, booked_on, import_id, created_at
		FROM training_bookings WHERE session_id = $1 AND import_id <> ''`, sessionID, byImport); err != nil {
		return err
	}
	_, err = db.Exec(ctx, q, `
		INSERT INTO training_replaced_marks (by_import, booking_id, session_id, status, marked_import, marked_before)
		SELECT $2, id, session_id, status, marked_import, marked_before
		FROM training_bookings WHERE session_id = $1 AND marked_import <> ''`, sessionID, byImport)
	return err
}

// keepReplacedCourse keeps the kind that an earlier import had for a course.
func keepReplacedCourse(ctx context.Context, q db.Q, c knownCourse, byImport string) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_replaced_courses (by_import, course_id, was_import, kind) VALUES ($1, $2, $3, $4)`,
		byImport, c.ID, c.ImportID, c.Kind)
	return err
}

// replacedBy lists the sessions for which an import took the place of others.
func replacedBy(ctx context.Context, q db.Reader, importID string) ([]replacedSession, error) {
	return db.All[replacedSession](ctx, q, `
		SELECT session_id, was_import FROM training_replaced WHERE by_import = $1 ORDER BY session_id`, importID)
}

// comesBack lists the imports of which something comes back when another is withdrawn.
func comesBack(ctx context.Context, q db.Reader, importID string) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT DISTINCT r.was_import FROM training_replaced r
		WHERE r.by_import = $1 AND NOT EXISTS (
			SELECT 1 FROM training_replaced later WHERE later.session_id = r.session_id AND later.was_import = $1)
		ORDER BY r.was_import`, importID)
}

// passOn gives what an import kept of a session to the import that took its own place, in the
// stead of what that kept of it. It reports whether there is one.
// Of a session that was merged into another, that is the next that answers for the one kept.
func passOn(ctx context.Context, q db.Q, sessionID, kept, importID string) (bool, error) {
	later, err := db.All[string](ctx, q, `
		SELECT by_import FROM training_replaced WHERE session_id = $1 AND was_import = $3
			OR $1 <> $2 AND session_id = $2 AND by_import > $3
		ORDER BY CASE session_id WHEN $1 THEN 0 ELSE 1 END, by_import`, sessionID, kept, importID)
	if err != nil || len(later) == 0 {
		return false, err
	}
	if _, err := db.Exec(ctx, q, `DELETE FROM training_replaced WHERE session_id = $1 AND by_import = $2`, sessionID,
		later[0]); err != nil {
		return false, err
	}
	if _, err := db.Exec(ctx, q, `
		INSERT INTO training_replaced (by_import, session_id, was_import, ends_on, start_time, end_time, mode, venue,
			session_import)
		SELECT $3, session_id, was_import, ends_on, start_time, end_time, mode, venue, session_import
		FROM training_replaced WHERE session_id = $1 AND by_import = $2`, sessionID, importID, later[0]); err != nil {
		return false, err
	}
	for _, table := range []string{"training_replaced_bookings", "training_replaced_marks"} {
		if _, err := db.Exec(ctx, q, `UPDATE `+table+` SET by_import = $3 WHERE session_id = $1 AND by_import = $2`,
			sessionID, importID, later[0]); err != nil {
			return false, err
		}
	}
	return true, nil
}

// restoreSession brings back what was kept of a session. A person who has been booked on it
// here meanwhile keeps that booking; of two people who were merged meanwhile one comes back.
func restoreSession(ctx context.Context, q db.Q, sessionID, importID string) error {
	for _, statement := range []string{`
		INSERT INTO training_bookings (id, session_id, person_id, organisation_id, sector, status, booked_on, import_id,
			created_at)
		SELECT r.id, r.session_id, r.person_id, r.organisation_id, r.sector, r.status, r.booked_on, r.import_id, r.created_at
		FROM training_replaced_bookings r
		WHERE r.session_id = $1 AND r.by_import = $2 AND NOT EXISTS (
			SELECT 1 FROM training_bookings b
			WHERE b.session_id = r.session_id AND b.person_id = r.person_id
				AND b.status NOT IN ('cancelled', 'late-cancelled')) AND NOT EXISTS (
			SELECT 1 FROM training_replaced_bookings o
			WHERE o.by_import = r.by_import AND o.session_id = r.session_id AND o.person_id = r.person_id AND o.id < r.id
				AND o.status NOT IN ('cancelled', 'late-cancelled') AND r.status NOT IN ('cancelled', 'late-cancelled'))`, `
		UPDATE training_bookings SET
			status = (SELECT m.status FROM training_replaced_marks m
				WHERE m.by_import = $2 AND m.booking_id = training_bookings.id),
			marked_import = (SELECT m.marked_import FROM training_replaced_marks m
				WHERE m.by_import = $2 AND m.booking_id = training_bookings.id),
			marked_before = (SELECT m.marked_before FROM training_replaced_marks m
				WHERE m.by_import = $2 AND m.booking_id = training_bookings.id)
		WHERE session_id = $1 AND marked_import = '' AND EXISTS (
			SELECT 1 FROM training_replaced_marks m
			WHERE m.by_import = $2 AND m.booking_id = training_bookings.id AND m.marked_before = training_bookings.status)`, `
		UPDATE training_sessions SET
			ends_on = (SELECT r.ends_on FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1),
			start_time = (SELECT r.start_time FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1),
			end_time = (SELECT r.end_time FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1),
			mode = (SELECT r.mode FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1),
			venue = (SELECT r.venue FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1),
			import_id = (SELECT r.session_import FROM training_replaced r WHERE r.by_import = $2 AND r.session_id = $1)
		WHERE id = $1 AND import_id = $2`,
	} {
		if _, err := db.Exec(ctx, q, statement, sessionID, importID); err != nil {
			return err
		}
	}
	return nil
}

// restoreCourses brings back the kinds that courses had before an import, where no later one
// has changed them again; a later one then keeps what this one had kept.
func restoreCourses(ctx context.Context, q db.Q, importID string) error {
	if _, err := db.Exec(ctx, q, `
		UPDATE training_courses SET
			kind = (SELECT r.kind FROM training_replaced_courses r
				WHERE r.by_import = $1 AND r.course_id = training_courses.id),
			import_id = (SELECT r.was_import FROM training_replaced_courses r
				WHERE r.by_import = $1 AND r.course_id = training_courses.id)
		WHERE import_id = $1 AND EXISTS (
			SELECT 1 FROM training_replaced_courses r WHERE r.by_import = $1 AND r.course_id = training_courses.id)`,
		importID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `DELETE FROM training_replaced_courses WHERE by_import = $1 OR was_import = $1`, importID)
	return err
}

// forgetReplaced takes away what is kept by an import, and what is kept of it.
//
// A session may have had bookings of several imports, when two were merged: then what was of
// the others is still kept, as the latest of them had it.
func forgetReplaced(ctx context.Context, q db.Q, importID string) error {
	for _, statement := range []string{
		`DELETE FROM training_replaced_bookings WHERE import_id = $1`,
		`DELETE FROM training_replaced_marks WHERE marked_import = $1`,
		`UPDATE training_replaced SET was_import = (
			SELECT max(b.import_id) FROM training_replaced_bookings b
			WHERE b.by_import = training_replaced.by_import AND b.session_id = training_replaced.session_id)
		WHERE was_import = $1 AND EXISTS (
			SELECT 1 FROM training_replaced_bookings b
			WHERE b.by_import = training_replaced.by_import AND b.session_id = training_replaced.session_id)`,
	} {
		if _, err := db.Exec(ctx, q, statement, importID); err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, q, `DELETE FROM training_replaced WHERE by_import = $1 OR was_import = $1`, importID)
	return err
}
