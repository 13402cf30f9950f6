package sites

import (
	"context"
	"encoding/json"
	"fmt"

	"kith/internal/kit/db"
)

// totalRow is an imported total.
type totalRow struct {
	ImportID string
	Month    db.Date
	Site     string
	Visits   int64
}

func insertTotals(ctx context.Context, q db.Q, importID string, totals []totalRow) error {
	var rows [][]any
	for _, t := range totals {
		rows = append(rows, []any{importID, t.Month, t.Site, t.Visits})
	}
	return db.Insert(ctx, q, `INSERT INTO sites_visit_totals (import_id, month, site, visits)`, rows, "")
}

// packTotals gives what an import of visits stored, and unpackTotals stores it again.
func packTotals(ctx context.Context, q db.Reader, importID string) ([]byte, error) {
	list, err := db.All[totalRow](ctx, q, `
		SELECT import_id, month, site, visits FROM sites_visit_totals WHERE import_id = $1 ORDER BY month, site`, importID)
	if err != nil {
		return nil, err
	}
	return json.Marshal(list)
}

func unpackTotals(ctx context.Context, q db.Q, importID string, content []byte) error {
	list, err := openTotals(content)
	if err != nil {
		return err
	}
	return insertTotals(ctx, q, importID, list)
}

// openTotals reads totals that were kept aside, or wait to be loaded.
func openTotals(content []byte) (list []totalRow, err error) {
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("read what was kept of visits: %w", err)
	}
	return list, nil
}

func deleteTotals(ctx context.Context, q db.Q, importID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM sites_visit_totals WHERE import_id = $1`, importID)
	return err
}

func importedTotals(ctx context.Context, q db.Reader, from, to db.Date) ([]totalRow, error) {
	return db.All[totalRow](ctx, q, `
		SELECT import_id, month, site, visits FROM sites_visit_totals WHERE month >= $1 AND month <= $2 ORDER BY month, site,
			import_id`, from, to)
}
