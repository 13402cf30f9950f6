-- Room annual: the salt under which source files are named in public. A small file could be guessed from its bare hash.
-- +goose Up
CREATE TABLE annual_salt (
	one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1), -- there is one row at most
	salt TEXT   NOT NULL                              -- never published
);
