package returns

import (
	"context"

	"kith/internal/kit/db"
)

// A load is a return that answers for its year.
type load struct {
	ImportID  string
	Year      string
	Authority string
	Rows      int64
}

// loadsFrom lists the loads that were counted elsewhere from a file, by its SHA-256.
func loadsFrom(ctx context.Context, q db.Reader, sha256 string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT import_id FROM returns_sources WHERE sha256 = $1 ORDER BY import_id`, sha256)
}

// forget takes away all that an import stored.
func forget(ctx context.Context, q db.Q, importID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM returns_loads WHERE import_id = $1`, importID)
	return err
}

// loadsOf lists the returns of a kind, oldest year first.
func loadsOf(ctx context.Context, q db.Reader, kind, authority string) ([]load, error) {
	return db.All[load](ctx, q, `
		SELECT import_id, year, authority, rows_read FROM returns_loads
		WHERE kind = $1 AND ($2 = '' OR authority = $2) ORDER BY year, authority`, kind, authority)
}

// A total is a measure's number in all: of a flow's month, or of a stock's day.
type total struct {
	Measure   string
	To        db.Date
	Numerator int64
}

// totalsOf lists the numbers in all of the return that answers for a year.
func totalsOf(ctx context.Context, q db.Reader, kind, year, authority string) ([]total, error) {
	return db.All[total](ctx, q, `
		SELECT m.measure, m.to_date, m.numerator
		FROM returns_measures m JOIN returns_loads l ON l.import_id = m.import_id
		WHERE l.kind = $1 AND l.year = $2 AND l.authority = $3 AND m.dimension = '' ORDER BY m.measure, m.to_date`,
		kind, year, authority)
}

// loadedAuthorities lists the authorities whose returns of a kind are loaded.
func loadedAuthorities(ctx context.Context, q db.Reader, kind string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT authority FROM returns_loads WHERE kind = $1 ORDER BY authority`, kind)
}

// A count is a stored measure, with whose it is.
type count struct {
	ImportID    string
	Authority   string
	From, To    db.Date
	Value       string
	Numerator   int64
	Denominator int64
}

// counts lists a measure's numbers within a span of days, in all (dimension "")
// or by the values of one cut.
func counts(ctx context.Context, q db.Reader, measure string, from, to db.Date, dimension, authority string) ([]count,
	error) {
	return db.All[count](ctx, q, `
		SELECT m.import_id, l.authority, m.from_date, m.to_date, m.value, m.numerator, m.denominator
		FROM returns_measures m JOIN returns_loads l ON l.import_id = m.import_id
		WHERE m.measure = $1 AND m.from_date >= $2 AND m.to_date <= $3 AND m.dimension = $4 AND ($5 = '' OR l.authority = $5)
		ORDER BY m.from_date, l.authority, m.value`, measure, from, to, dimension, authority)
}

// heldDates lists the days on which a stock is held.
func heldDates(ctx context.Context, q db.Reader, measure, dimension, authority string) ([]db.Date, error) {
	return db.All[db.Date](ctx, q, `
		SELECT DISTINCT m.to_date FROM returns_measures m JOIN returns_loads l ON l.import_id = m.import_id
		WHERE m.measure = $1 AND m.dimension = $2 AND ($3 = '' OR l.authority = $3) ORDER BY m.to_date`, measure, dimension,
		authority)
}

// sourcesOf lists the files that an import's measures were counted from elsewhere.
func sourcesOf(ctx context.Context, q db.Reader, importID string) ([]countedFile, error) {
	return db.All[countedFile](ctx, q, `
		SELECT s.import_id, l.kind, s.name, s.sha256, s.rows_read
		FROM returns_sources s JOIN returns_loads l ON l.import_id = s.import_id
		WHERE s.import_id = $1 ORDER BY s.name`, importID)
}

// filesOf gives what was noted of an import's files, by name.
func filesOf(ctx context.Context, q db.Reader, importID string) (map[string]countedFile, error) {
	list, err := db.All[countedFile](ctx, q, `
		SELECT import_id, kind, name, '' AS sha256, rows_read FROM returns_files WHERE import_id = $1`, importID)
	out := map[string]countedFile{}
	for _, f := range list {
		out[f.File] = f
	}
	return out, err
}
