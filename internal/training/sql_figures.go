package training

import (
	"context"
	"slices"
	"strings"

	"kith/internal/kit/db"
)

// figureWhere narrows sessions s and courses c to a cut: $1 to $6.
const figureWhere = ` s.same_as IS NULL AND s.starts_on >= $1 AND s.starts_on <= $2 AND ($3 = '' OR c.programme_id = $3)
	AND ($4 = '*' OR c.kind = $4)
	AND ($5 = '' OR s.mode = $5) AND ($6 = '' OR c.title_key = $6)`

// sectorWhere narrows tallies, attendances or sources x of those sessions further:
// $7 and $8.
const sectorWhere = ` AND ($7 = '' OR x.sector = $7) AND ($8 = '' OR substr(s.starts_on, 1, 7) = $8)`

// bookingWhere does so with bookings x and their organisations o: $9 too.
const bookingWhere = sectorWhere + ` AND ($9 = '' OR o.name_key = $9)`

const joined = ` x JOIN training_sessions s ON s.id = x.session_id JOIN training_courses c ON c.id = s.course_id `

const bookingsFrom = ` FROM training_bookings` + joined +
	`LEFT JOIN organisations o ON o.id = x.organisation_id WHERE` + figureWhere + bookingWhere

// part is the value of what a cut divides by: $9 or $10.
const part = ` WHEN 'programme' THEN c.programme_id WHEN 'kind' THEN c.kind WHEN 'sector' THEN x.sector
	WHEN 'course' THEN c.title WHEN 'month' THEN substr(s.starts_on, 1, 7) ELSE '' END AS part`

func (c cut) sessionArgs() []any {
	return []any{c.From, c.To, c.Programme, c.Kind, c.Mode, c.Title}
}

func (c cut) sectorArgs() []any { return append(c.sessionArgs(), c.Sector, c.Month) }

func (c cut) bookingArgs() []any { return append(c.sectorArgs(), c.Organisation) }

// parted is what the queries below divide by. A conference is a course as they see it.
func (c cut) parted() string {
	if c.By == "conference" {
		return "course"
	}
	return c.By
}

// byOrganisation says that a cut needs the bookings themselves.
func (c cut) byOrganisation() bool { return c.Organisation != "" || c.By == "organisation" }

// outcomes adds up what the sessions of a cut came to, one outcome for each value of
// its By that anybody booked from.
func outcomes(ctx context.Context, q db.Reader, c cut) ([]outcome, error) {
	if c.byOrganisation() {
		return db.All[outcome](ctx, q, `
			SELECT CASE $10 WHEN 'organisation' THEN COALESCE(o.name, '')`+part+`,
				sum(CASE WHEN x.status IN ('attended', 'walk-in', 'left-early') THEN 1 ELSE 0 END),
				sum(CASE WHEN x.status IN ('attended', 'left-early', 'partly') THEN 1 ELSE 0 END),
				sum(CASE WHEN x.status IN ('no-show', 'late-cancelled') THEN 1 ELSE 0 END)
			`+bookingsFrom+` GROUP BY 1 ORDER BY 1`, append(c.bookingArgs(), c.parted())...)
	}
	list, err := db.All[outcome](ctx, q, `
		SELECT CASE $9`+part+`, CAST(sum(x.came) AS BIGINT), CAST(sum(x.used) AS BIGINT), CAST(sum(x.wasted) AS BIGINT)
		FROM training_tallies`+joined+`WHERE`+figureWhere+sectorWhere+` GROUP BY 1 ORDER BY 1`,
		append(c.sectorArgs(), c.parted())...)
	if err != nil || c.By == "" {
		return list, err
	}
	booked, err := db.All[string](ctx, q, `
		SELECT DISTINCT CASE $9`+part+` FROM training_sources`+joined+`WHERE`+figureWhere+sectorWhere+` AND x.import_id = ''`,
		append(c.sectorArgs(), c.parted())...)
	for _, name := range booked {
		if !slices.ContainsFunc(list, func(o outcome) bool { return o.Cut == name }) {
			list = append(list, outcome{Cut: name})
		}
	}
	slices.SortFunc(list, func(a, b outcome) int { return strings.Compare(a.Cut, b.Cut) })
	return list, err
}

// countPeople counts the different people who came to the sessions of a cut.
func countPeople(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $9`+part+`, count(DISTINCT x.person_id)
		FROM training_attended`+joined+`WHERE`+figureWhere+sectorWhere+` GROUP BY 1 ORDER BY 1`,
		append(c.sectorArgs(), c.parted())...)
}

// countBookings counts the bookings of a cut, whatever became of them. The whole of
// a cut by sessions is counted in an index, without the bookings' rows.
func countBookings(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	if c.By == "" && c.Sector == "" && c.Organisation == "" {
		return db.All[counting](ctx, q, `
			SELECT '', count(*) FROM training_bookings`+joined+`
			WHERE`+figureWhere+` AND ($7 = '' OR substr(s.starts_on, 1, 7) = $7)`, append(c.sessionArgs(), c.Month)...)
	}
	return db.All[counting](ctx, q, `
		SELECT CASE $10 WHEN 'organisation' THEN COALESCE(o.name, '')`+part+`, count(*)`+bookingsFrom+
		` GROUP BY 1 ORDER BY 1`, append(c.bookingArgs(), c.parted())...)
}

// importsRead lists the imports that the bookings of a cut came from.
func importsRead(ctx context.Context, q db.Reader, c cut) ([]string, error) {
	if c.Organisation != "" {
		return db.All[string](ctx, q, `
			SELECT x.import_id`+bookingsFrom+` AND x.import_id <> ''
			UNION SELECT x.marked_import`+bookingsFrom+` AND x.marked_import <> ''
			ORDER BY 1`, c.bookingArgs()...)
	}
	return db.All[string](ctx, q, `
		SELECT DISTINCT x.import_id FROM training_sources`+joined+`WHERE`+figureWhere+sectorWhere+
		` AND x.import_id <> '' ORDER BY 1`, c.sectorArgs()...)
}

// countEvents counts the sessions of a cut that took place.
func countEvents(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'programme' THEN c.programme_id WHEN 'kind' THEN c.kind WHEN 'mode' THEN s.mode
			ELSE '' END AS part, count(*)
		FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND (s.state = 'delivered' OR EXISTS (
			SELECT 1 FROM training_attended x WHERE x.session_id = s.id))
		GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}

// countPresentations and countStalls count what conferences that were not called
// off had.
func countPresentations(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'conference' THEN c.title ELSE '' END AS part, count(*)
		FROM training_presentations x JOIN training_sessions s ON s.id = x.session_id
			JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND s.state <> 'cancelled' GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}

func countStalls(ctx context.Context, q db.Reader, c cut) ([]counting, error) {
	return db.All[counting](ctx, q, `
		SELECT CASE $7 WHEN 'conference' THEN c.title ELSE '' END AS part, count(*)
		FROM training_stalls x JOIN training_sessions s ON s.id = x.session_id JOIN training_courses c ON c.id = s.course_id
		WHERE`+figureWhere+` AND s.state <> 'cancelled' GROUP BY 1 ORDER BY 1`, append(c.sessionArgs(), c.By)...)
}

// What the figures' dimensions have.

func programmeIDs(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT id FROM training_programmes ORDER BY title`)
}

func courseTitles(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT title FROM training_courses WHERE same_as IS NULL ORDER BY title`)
}

func conferenceTitles(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT title FROM training_courses
		WHERE kind = 'conference' AND same_as IS NULL ORDER BY title`)
}

// organisationNames lists every organisation: one that never booked has 0.
func organisationNames(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT name FROM organisations WHERE same_as IS NULL ORDER BY folded`)
}
