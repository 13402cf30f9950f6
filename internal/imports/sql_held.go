package imports

import (
	"context"

	"kith/internal/kit/db"
)

// heldImports lists the imports that are loaded or wait to be, with how many each took the
// place of, the oldest first.
func heldImports(ctx context.Context, q db.Reader) ([]heldImport, error) {
	list, err := db.All[Import](ctx, q, `
		SELECT id, kind, year, authority, state, progress, problem, summary, rows_read, finding_count, reader, by_id,
			by_person, replaced_by, created_at, ended_at, months, provisional
		FROM imports_ledger WHERE state IN ('loaded', 'previewed') ORDER BY created_at, id`)
	if err != nil {
		return nil, err
	}
	took, err := db.All[struct {
		ID    string
		Count int
	}](ctx, q, `
		SELECT replaced_by, count(*) FROM imports_ledger WHERE state = 'replaced' GROUP BY replaced_by`)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, x := range took {
		counts[x.ID] = x.Count
	}
	var out []heldImport
	for _, im := range list {
		out = append(out, heldImport{im, counts[im.ID]})
	}
	return out, nil
}

// yearsOfMoves gives the years of imports that are of no one year and wait to be loaded, by
// id: those of which they would change a figure.
func yearsOfMoves(ctx context.Context, q db.Reader) (map[string][]string, error) {
	list, err := db.All[struct{ ImportID, Period string }](ctx, q, `
		SELECT DISTINCT m.import_id, m.period
		FROM imports_moves m JOIN imports_ledger i ON i.id = m.import_id
		WHERE i.year = '' AND i.state = 'previewed'`)
	out := map[string][]string{}
	for _, x := range list {
		out[x.ImportID] = append(out[x.ImportID], x.Period)
	}
	return out, err
}
