package indicators

import (
	"context"

	"kith/internal/kit/db"
)

// columns are those of a Supplied, in its order.
const columns = `id, figure, title, counts, unit, counted, kind, from_date, to_date, numerator, denominator, source,
	owner, given_on, final, replaces, replaced_by, reason, by_id, by_person, created_at`

func insertSupplied(ctx context.Context, q db.Q, a Supplied) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO indicators_attested (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		a.ID, a.Figure, a.Title, a.Counts, a.Unit, a.Counted, a.Kind, a.From, a.To, a.Numerator, a.Denominator, a.Source,
		a.Owner, a.GivenOn, a.Final, a.Replaces, a.ReplacedBy, a.Reason, a.ByID, a.By, a.CreatedAt)
	return err
}

// markReplaced says which value stands in the place of one that nobody replaced.
func markReplaced(ctx context.Context, q db.Q, id, by string) error {
	return db.Must(ctx, q, `UPDATE indicators_attested SET replaced_by = $2 WHERE id = $1 AND replaced_by = ''`, id, by)
}

func suppliedByID(ctx context.Context, q db.Reader, id string) (Supplied, error) {
	return db.Get[Supplied](ctx, q, `SELECT `+columns+` FROM indicators_attested WHERE id = $1`, id)
}

// standing gives the value that stands where value id stood: itself, or the last
// that took its place.
func standing(ctx context.Context, q db.Reader, id string) (Supplied, error) {
	a, err := suppliedByID(ctx, q, id)
	for err == nil && a.ReplacedBy != "" {
		a, err = suppliedByID(ctx, q, a.ReplacedBy)
	}
	return a, err
}

// lockStanding gives the value that stands where value id stood, and holds it until
// the transaction ends.
func lockStanding(ctx context.Context, q db.Q, id string) (Supplied, error) {
	for {
		if err := db.Must(ctx, q, `UPDATE indicators_attested SET replaced_by = replaced_by WHERE id = $1`, id); err != nil {
			return Supplied{}, err
		}
		a, err := suppliedByID(ctx, q, id)
		if err != nil || a.ReplacedBy == "" {
			return a, err
		}
		id = a.ReplacedBy
	}
}

// allSupplied lists every value, replaced ones too, newest period first.
func allSupplied(ctx context.Context, q db.Reader) ([]Supplied, error) {
	return db.All[Supplied](ctx, q, `SELECT `+columns+` FROM indicators_attested
		ORDER BY figure, to_date DESC, created_at DESC`)
}

// standingValues lists the values of one figure that none has replaced, newest
// period first.
func standingValues(ctx context.Context, q db.Reader, figure string) ([]Supplied, error) {
	return db.All[Supplied](ctx, q, `SELECT `+columns+` FROM indicators_attested
		WHERE figure = $1 AND replaced_by = '' ORDER BY to_date DESC, created_at DESC`, figure)
}

// valuesOf lists every value of one figure, replaced ones too, newest period first.
func valuesOf(ctx context.Context, q db.Reader, figure string) ([]Supplied, error) {
	return db.All[Supplied](ctx, q, `SELECT `+columns+` FROM indicators_attested
		WHERE figure = $1 ORDER BY to_date DESC, created_at DESC`, figure)
}

// setCounted says of every value of a figure what it counts.
func setCounted(ctx context.Context, q db.Q, figure, counted string) error {
	_, err := db.Exec(ctx, q, `UPDATE indicators_attested SET counted = $2 WHERE figure = $1`, figure, counted)
	return err
}
