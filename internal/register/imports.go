package register

import (
	"context"
	"sort"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
)

// Inputs gives the files of imports, for the values computed from them. The room
// imports writes what is read here.
func Inputs(ctx context.Context, q db.Reader, importIDs []string) ([]figure.Input, error) {
	var out []figure.Input
	for _, id := range importIDs {
		in, err := db.All[figure.Input](ctx, q, `
			SELECT i.id, i.kind, f.name, f.sha256 FROM imports_ledger i JOIN imports_files f ON f.import_id = i.id
			WHERE i.id = $1 ORDER BY f.name`, id)
		if err != nil {
			return nil, err
		}
		out = append(out, in...)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].File+out[i].SHA256+out[i].Import < out[j].File+out[j].SHA256+out[j].Import
	})
	return out, nil
}

// LatestYear gives the newest financial year that a loaded import is of as a whole, such as
// "2023-24"; "" when there is none.
func LatestYear(ctx context.Context, q db.Reader) (string, error) {
	year, err := db.Get[db.Opt](ctx, q, `
		SELECT max(year) FROM imports_ledger
		WHERE state = 'loaded' AND year <> '' AND months = '' AND provisional = 0`)
	return string(year), err
}
