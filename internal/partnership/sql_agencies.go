package partnership

import (
	"context"

	"kith/internal/kit/db"
)

// unsaidWhere is true of an organisation o of which nobody has said whether it is a
// relevant agency. A statutory partner is named anyhow.
const unsaidWhere = ` o.agency = '' AND NOT o.statutory AND o.ended_on IS NULL`

// countUnsaid counts the organisations that wait for a decision.
func countUnsaid(ctx context.Context, q db.Reader) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM organisations o WHERE`+unsaidWhere)
}

// unsaid lists organisations that wait for a decision, by sector and name.
func unsaid(ctx context.Context, q db.Reader, limit int) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` WHERE`+unsaidWhere+`
		ORDER BY o.sector, o.folded, o.id LIMIT $1`, limit)
}

// sayAgency decides of an organisation, unless somebody has meanwhile.
func sayAgency(ctx context.Context, q db.Q, id string, as Agency) (bool, error) {
	n, err := db.Exec(ctx, q, `UPDATE organisations SET agency = $2, brought = FALSE WHERE id = $1 AND agency = ''`, id,
		string(as))
	return n == 1, err
}
