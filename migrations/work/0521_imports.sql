-- Room imports: how files of one sender are read whose headers are not known: in which
-- columns they have what, as a person said it. It holds headers and words such as those
-- for a status, and no row of a file.
-- +goose Up
CREATE TABLE imports_sources (
	id         TEXT      NOT NULL PRIMARY KEY,
	kind       TEXT      NOT NULL, -- of file
	headers    TEXT      NOT NULL, -- SHA-256 of the set of headers
	name       TEXT      NOT NULL, -- what the partnership calls where the files come from
	matching   TEXT      NOT NULL, -- intake.Matching, as JSON
	by_person  TEXT      NOT NULL, -- who said it last, by their name as it was then
	created_at TIMESTAMP NOT NULL,
	used_at    TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX imports_sources_headers ON imports_sources (kind, headers);
