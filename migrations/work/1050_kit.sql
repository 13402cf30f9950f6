-- What was ever released about children, as readers know it: a line for each publication, which
-- holds the hash of the line before. Nothing that is hidden is in it. Lines are only added.
-- +goose Up
CREATE TABLE release_ledger (
	seq         BIGINT    NOT NULL PRIMARY KEY,
	subject     TEXT      NOT NULL, -- what published it, such as "yearly report 2023-24"
	version     BIGINT    NOT NULL, -- of that; 0 for what was published before there was a ledger
	corrects    BOOLEAN   NOT NULL DEFAULT FALSE, -- a number that was printed before is another one
	line        TEXT      NOT NULL,
	released_at TIMESTAMP NOT NULL,
	released_by TEXT      NOT NULL
);
