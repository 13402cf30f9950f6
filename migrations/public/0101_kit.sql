-- How often each table was changed, spread over rows and added up: see internal/kit/db.
-- +goose Up
CREATE TABLE db_changes (
	name TEXT   NOT NULL, -- a table; '' for the schema
	slot BIGINT NOT NULL,
	n    BIGINT NOT NULL DEFAULT 1,
	PRIMARY KEY (name, slot)
);
