package indicators

import (
	"context"

	"kith/internal/kit/db"
)

func insertAttested(ctx context.Context, q db.Q, a Attested) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO indicators_attested (id, figure, title, counts, unit, protection, kind, from_date, to_date, numerator, denominator, source, owner, given_on, final, replaces, replaced_by, reason, by_id, by_person, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		a.ID, a.Figure, a.Title, a.Counts, a.Unit, a.Protection, a.Kind, a.From, a.To, a.Numerator, a.Denominator, a.Source, a.Owner, a.GivenOn, a.Final, a.Replaces, a.ReplacedBy, a.Reason, a.ByID, a.By, a.CreatedAt)
	return err
}

// markReplaced changes no row when the value was replaced before.
func markReplaced(ctx context.Context, q db.Q, id, by string) (int64, error) {
	return db.Exec(ctx, q, `UPDATE indicators_attested SET replaced_by = $2 WHERE id = $1 AND replaced_by = ''`, id, by)
}

func attestedByID(ctx context.Context, q db.Reader, id string) (Attested, error) {
	return db.Get[Attested](ctx, q, `
		SELECT id, figure, title, counts, unit, protection, kind, from_date, to_date, numerator, denominator, source, owner, given_on, final, replaces, replaced_by, reason, by_id, by_person, created_at
		FROM indicators_attested WHERE id = $1`, id)
}

// allAttested lists every value, replaced ones too, newest period first.
func allAttested(ctx context.Context, q db.Reader) ([]Attested, error) {
	return db.All[Attested](ctx, q, `
		SELECT id, figure, title, counts, unit, protection, kind, from_date, to_date, numerator, denominator, source, owner, given_on, final, replaces, replaced_by, reason, by_id, by_person, created_at
		FROM indicators_attested ORDER BY figure, to_date DESC, created_at DESC`)
}

// standingValues lists the values of one figure that none has replaced, newest
// period first.
func standingValues(ctx context.Context, q db.Reader, figure string) ([]Attested, error) {
	return db.All[Attested](ctx, q, `
		SELECT id, figure, title, counts, unit, protection, kind, from_date, to_date, numerator, denominator, source, owner, given_on, final, replaces, replaced_by, reason, by_id, by_person, created_at
		FROM indicators_attested WHERE figure = $1 AND replaced_by = '' ORDER BY to_date DESC, created_at DESC`, figure)
}
