-- Which key secrets in this database are sealed with (internal/kit/seal): a hash of it.
-- +goose Up
CREATE TABLE seal_mark (
	id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	mark TEXT   NOT NULL
);
