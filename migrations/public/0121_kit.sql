-- How far publishing has come for each thing, so that nothing is published twice
-- or out of turn; and the number that every change to what the public sees
-- counts up.
-- +goose Up
CREATE TABLE publish_marks (
	kind       TEXT      NOT NULL,
	item_key   TEXT      NOT NULL,
	turn       BIGINT    NOT NULL, -- of the last decision that was carried out here
	version    BIGINT    NOT NULL, -- what is shown; 0 for nothing
	changed_at TIMESTAMP NOT NULL,
	PRIMARY KEY (kind, item_key)
);

CREATE TABLE publish_changes (
	id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	number BIGINT NOT NULL
);
INSERT INTO publish_changes (id, number) VALUES (1, 1);
