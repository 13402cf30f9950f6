package db

import (
	"context"
	"slices"
)

// Schema lists every column ("table.column not null") and every named index of
// the store, sorted: the same on both engines, which a test holds.
func (d *DB) Schema(ctx context.Context) ([]string, error) {
	cols, err := All[string](ctx, d, d.engine.columnsQuery())
	if err != nil {
		return nil, err
	}
	idx, err := All[string](ctx, d, d.engine.indexesQuery())
	if err != nil {
		return nil, err
	}
	for _, n := range idx {
		cols = append(cols, "index "+n)
	}
	slices.Sort(cols)
	return cols, nil
}

// Exec1 runs one statement outside a transaction, which a few acts of
// administration (CREATE DATABASE, VACUUM) must be. What writes rows is run in one
// all the same, since its change has to be counted.
func (d *DB) Exec1(ctx context.Context, statement string) error {
	if _, table := target(statement); table != "" {
		return d.Tx(ctx, func(q Q) error {
			_, err := q.ExecContext(ctx, statement)
			return err
		})
	}
	_, err := d.write.ExecContext(ctx, statement)
	return err
}
