package training

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/names"
)

// Programmes and courses.

func programmes(ctx context.Context, q db.Reader) ([]Programme, error) {
	return db.All[Programme](ctx, q, `SELECT id, title, about FROM training_programmes ORDER BY folded, id`)
}

func insertProgramme(ctx context.Context, q db.Q, p Programme, importID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_programmes (id, title, folded, about, import_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.Title, db.Fold(p.Title), p.About, importID, now)
	return err
}

// courseColumns are a Course's, in the order of its fields.
const courseColumns = `c.id, c.programme_id, c.title, c.kind, c.length, c.about, c.audience, p.title,
	(SELECT count(*) FROM training_sessions s WHERE s.course_id = c.id AND s.state <> 'cancelled'
		AND s.same_as IS NULL) AS sessions`

const courseTables = ` FROM training_courses c JOIN training_programmes p ON p.id = c.programme_id`

func courseByID(ctx context.Context, q db.Reader, id string) (Course, error) {
	return db.Get[Course](ctx, q, `SELECT `+courseColumns+courseTables+` WHERE c.id = $1`, id)
}

// lockCourse reads a course to be changed in this transaction. The update that
// changes nothing holds the row until the transaction ends.
func lockCourse(ctx context.Context, q db.Q, id string) (Course, error) {
	if err := db.Must(ctx, q, `UPDATE training_courses SET title = title WHERE id = $1`, id); err != nil {
		return Course{}, err
	}
	return courseByID(ctx, q, id)
}

// A courseFilter narrows and orders a list of courses.
type courseFilter struct {
	Search, Programme, Kind string
	Sort                    string
	Desc                    bool
	Limit, Offset           int
}

// coursesWhere is the condition of a courseFilter, on its arguments $1 to $3.
const coursesWhere = courseTables + `
	WHERE c.same_as IS NULL AND ($1 = '%%' OR c.folded LIKE $1 ESCAPE '\') AND ($2 = '' OR c.programme_id = $2) AND ($3 = '' OR c.kind = $3)`

// courseSorts are the orders a list of courses may have.
var courseSorts = map[string]string{"title": "c.folded", "programme": "p.folded", "kind": "c.kind"}

func courses(ctx context.Context, q db.Reader, f courseFilter) ([]Course, error) {
	return db.All[Course](ctx, q, `SELECT `+courseColumns+coursesWhere+
		db.Order(courseSorts, f.Sort, "title", f.Desc, "c.folded, c.id")+` LIMIT $4 OFFSET $5`,
		db.Like(f.Search), f.Programme, f.Kind, f.Limit, f.Offset)
}

func countCourses(ctx context.Context, q db.Reader, f courseFilter) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*)`+coursesWhere, db.Like(f.Search), f.Programme, f.Kind)
}

func insertCourse(ctx context.Context, q db.Q, c Course, importID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_courses (id, programme_id, title, title_key, folded, kind, length, about, audience, import_id,
			created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, c.ProgrammeID, c.Title, names.Key(c.Title), db.Fold(c.Title), c.Kind, c.Length, c.About, c.Audience, importID,
		now)
	return err
}

// updateCourse also makes the course the partnership's own: withdrawing the import
// that first named it no longer takes it away.
func updateCourse(ctx context.Context, q db.Q, c Course) error {
	return db.Must(ctx, q, `
		UPDATE training_courses SET programme_id = $2, title = $3, title_key = $4, folded = $5, kind = $6, length = $7,
			about = $8, audience = $9, import_id = ''
		WHERE id = $1`, c.ID, c.ProgrammeID, c.Title, names.Key(c.Title), db.Fold(c.Title), c.Kind, c.Length, c.About,
		c.Audience)
}

// Conference presentations and stalls.

func presentations(ctx context.Context, q db.Reader, sessionID string) ([]Presentation, error) {
	return db.All[Presentation](ctx, q, `
		SELECT id, session_id, title, organisation FROM training_presentations WHERE session_id = $1 ORDER BY created_at, id`,
		sessionID)
}

func insertPresentation(ctx context.Context, q db.Q, p Presentation, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_presentations (id, session_id, title, organisation, created_at) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.SessionID, p.Title, p.Organisation, now)
	return err
}

func deletePresentation(ctx context.Context, q db.Q, sessionID, id string) error {
	return db.Must(ctx, q, `DELETE FROM training_presentations WHERE session_id = $1 AND id = $2`, sessionID, id)
}

func stalls(ctx context.Context, q db.Reader, sessionID string) ([]Stall, error) {
	return db.All[Stall](ctx, q, `
		SELECT id, session_id, organisation FROM training_stalls WHERE session_id = $1 ORDER BY folded, id`, sessionID)
}

func insertStall(ctx context.Context, q db.Q, s Stall, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_stalls (id, session_id, organisation, folded, created_at) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, s.SessionID, s.Organisation, db.Fold(s.Organisation), now)
	return err
}

func deleteStall(ctx context.Context, q db.Q, sessionID, id string) error {
	return db.Must(ctx, q, `DELETE FROM training_stalls WHERE session_id = $1 AND id = $2`, sessionID, id)
}

// coursesAmong reads the courses with some ids, without those merged into another; all
// when ids is nil.
func coursesAmong(ctx context.Context, q db.Reader, ids []string) ([]Course, error) {
	var args []any
	return db.All[Course](ctx, q, `SELECT `+courseColumns+courseTables+` WHERE c.same_as IS NULL AND `+
		db.Among(&args, "c.id", ids), args...)
}
