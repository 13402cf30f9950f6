package db

import "context"

// Target is target, for its table test.
var Target = target

// OnlyColumns reports whether an UPDATE sets only what is not counted.
func OnlyColumns(query string) bool {
	_, table := target(query)
	return onlyColumns(query, uncountedColumns[table])
}

// HiddenWrites lists what writes rows that no statement names.
func (d *DB) HiddenWrites(ctx context.Context) ([]string, error) {
	return All[string](ctx, d, d.engine.hiddenWritesQuery())
}

// Prepared is how many statements the store keeps prepared.
func Prepared(d *DB) int {
	n := 0
	for _, p := range []*statementCache{d.reading, d.writing} {
		p.mu.Lock()
		n += len(p.ready)
		p.mu.Unlock()
	}
	return n
}
