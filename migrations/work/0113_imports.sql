-- Room imports: the files of an import that another node may finish, in parts, for
-- as long as they are read.
-- +goose Up
CREATE TABLE imports_kept (
	import_id TEXT   NOT NULL REFERENCES imports_ledger (id) ON DELETE CASCADE,
	file      BIGINT NOT NULL, -- 1 is the first
	part      BIGINT NOT NULL,
	name      TEXT   NOT NULL,
	content   BYTEA  NOT NULL,
	PRIMARY KEY (import_id, file, part)
);
