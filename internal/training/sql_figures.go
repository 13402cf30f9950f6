package training

import (
	"context"

	"kith/internal/kit/db"
)

// figureWhere narrows sessions s and courses c to a cut: $1 to $6.
const figureWhere = ` s.starts_on >= $1 AND s.starts_on <= $2 AND ($3 = '' OR c.programme_id = $3) AND ($4 = '*' OR c.kind = $4)
	AND ($5 = '' OR s.mode = $5) AND ($6 = '' OR c.folded = $6)`

// peopleWhere narrows bookings b and their organisations o further: $7 to $9.
const peopleWhere = ` AND ($7 = '' OR b.sector = $7) AND ($8 = '' OR o.folded = $8) AND ($9 = '' OR substr(s.starts_on, 1, 7) = $9)`

const peopleFrom = `
	FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id JOIN training_courses c ON c.id = s.course_id
	LEFT JOIN organisations o ON o.id = b.organisation_id
	WHERE`

func (c cut) sessionArgs() []any {
	return []any{c.From, c.To, c.Programme, c.Kind, c.Mode, c.Title}
}

func (c cut) args() []any { return append(c.sessionArgs(), c.Sector, c.Organisation, c.Month) }

// tallies counts the bookings of a cut, one tally for each value of its By.
func tallies(ctx context.Context, q db.Reader, c cut) ([]tally, error) {
	return db.All[tally](ctx, q, `
		SELECT CASE $10 WHEN 'programme' THEN c.programme_id WHEN 'kind' THEN c.kind WHEN 'sector' THEN b.sector
				WHEN 'organisation' THEN COALESCE(o.name, '') WHEN 'course' THEN c.title WHEN 'conference' THEN c.title
				WHEN 'month' THEN substr(s.starts_on, 1, 7) ELSE '' END AS part,
			sum(CASE WHEN b.status IN ('attended', 'walk-in', 'left-early') THEN 1 ELSE 0 END),
			count(DISTINCT CASE WHEN b.status IN ('attended', 'walk-in', 'left-early') THEN b.person_id END),
			sum(CASE WHEN b.status IN ('attended', 'left-early') THEN 1 ELSE 0 END),
			sum(CASE WHEN b.status IN ('no-show', 'late-cancelled') THEN 1 ELSE 0 END),
			count(*)
		`+peopleFrom+figureWhere+peopleWhere+`
		GROUP BY 1 ORDER BY 1`, append(c.args(), c.By)...)
}

// importsRead lists the imports that the bookings of a cut came from.
func importsRead(ctx context.Context, q db.Reader, c cut) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT b.import_id`+peopleFrom+figureWhere+peopleWhere+` AND b.import_id <> ''
		UNION SELECT b.marked_import`+peopleFrom+figureWhere+peopleWhere+` AND b.marked_import <> ''
		ORDER BY 1`, c.args()...)
}

// countEvents counts the sessions of a cut that took place.
func countEvents(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'programme' THEN c.programme_id WHEN 'kind' THEN c.kind WHEN 'mode' THEN s.mode ELSE '' END AS part, count(*)
		FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND (s.state = 'delivered' OR EXISTS (
			SELECT 1 FROM training_bookings b WHERE b.session_id = s.id AND b.status IN ('attended', 'walk-in', 'left-early')))
		GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}

// countPresentations and countStalls count what conferences that were not called
// off had.
func countPresentations(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'conference' THEN c.title ELSE '' END AS part, count(*)
		FROM training_presentations x JOIN training_sessions s ON s.id = x.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND s.state <> 'cancelled' GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}

func countStalls(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'conference' THEN c.title ELSE '' END AS part, count(*)
		FROM training_stalls x JOIN training_sessions s ON s.id = x.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND s.state <> 'cancelled' GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}
