-- Room returns: which return each file of an import is of, for an import of two: the
-- looked-after children's files that were given with a census are not the census's.
-- +goose Up
CREATE TABLE returns_files (
	import_id TEXT   NOT NULL REFERENCES returns_loads (import_id) ON DELETE CASCADE,
	name      TEXT   NOT NULL,
	kind      TEXT   NOT NULL, -- of the return; only files that something is counted from
	rows_read BIGINT NOT NULL,
	PRIMARY KEY (import_id, name)
);
