-- Files that wait for a person to say which column is what, where they are seen to be of a
-- kind without rows about children: any node may go on with them, for a day.

-- +goose Up
CREATE TABLE imports_waiting (
	token       TEXT      NOT NULL, -- what the form carries
	person_id   TEXT      NOT NULL, -- who sent them, and alone may go on
	file        BIGINT    NOT NULL, -- 1 is the first
	part        BIGINT    NOT NULL,
	name        TEXT      NOT NULL,
	content     BYTEA     NOT NULL,
	received_at TIMESTAMP NOT NULL,
	PRIMARY KEY (token, file, part)
);
CREATE INDEX imports_waiting_by_time ON imports_waiting (received_at);
