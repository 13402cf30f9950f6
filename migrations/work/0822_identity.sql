-- Room identity: files of people who join and leave, until they are confirmed, and what was done by each.
-- +goose Up
CREATE TABLE identity_staff_lists (
	id      TEXT      NOT NULL PRIMARY KEY,
	file    TEXT      NOT NULL, -- its name
	content TEXT      NOT NULL, -- its rows, and what was done by each, as JSON
	made_by TEXT      NOT NULL REFERENCES people (id),
	made_at TIMESTAMP NOT NULL,
	done_by TEXT      REFERENCES people (id),
	done_at TIMESTAMP
);
CREATE INDEX identity_staff_lists_latest ON identity_staff_lists (made_at);
