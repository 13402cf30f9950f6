-- What every public site needs to know of itself; written only by publishing.
-- +goose Up
CREATE TABLE settings (
	name       TEXT      NOT NULL PRIMARY KEY,
	value      TEXT      NOT NULL,
	changed_at TIMESTAMP NOT NULL
);
