package db

import "context"

// Target is target, for its table test.
var Target = target

// HiddenWrites lists what writes rows that no statement names.
func (d *DB) HiddenWrites(ctx context.Context) ([]string, error) {
	return All[string](ctx, d, d.engine.hiddenWritesQuery())
}
