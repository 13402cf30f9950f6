package imports

import (
	"context"

	"kith/internal/kit/db"
)

// Any reports whether any file was loaded.
func (r *Room) Any(ctx context.Context) (bool, error) {
	n, err := db.Get[int](ctx, r.Work, `SELECT count(*) FROM imports_ledger WHERE state = 'loaded'`)
	return n > 0, db.Wrap(err, "whether a file was loaded")
}
