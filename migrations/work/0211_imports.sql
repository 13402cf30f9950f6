-- Room imports: what an import would do, or did, to figures, beside what was loaded.
-- +goose Up
CREATE TABLE imports_moves (
	import_id TEXT   NOT NULL REFERENCES imports_ledger (id) ON DELETE CASCADE,
	number    BIGINT NOT NULL,
	title     TEXT   NOT NULL,
	period    TEXT   NOT NULL,
	against   TEXT   NOT NULL, -- the year of before_count: the same, or the year before it
	before_count BIGINT NOT NULL,
	after_count  BIGINT NOT NULL,
	PRIMARY KEY (import_id, number)
);
