-- Room imports: what a replaced import had brought, kept until it comes back or the
-- import that took its place is replaced itself and cannot be withdrawn any more.
-- +goose Up
CREATE TABLE imports_aside (
	import_id TEXT  NOT NULL PRIMARY KEY REFERENCES imports_ledger (id) ON DELETE CASCADE,
	content   BYTEA NOT NULL -- as the room that reads the kind packed it: counts, and no row about a child
);
