-- Room identity: a list of joiners and leavers is done by a job, row by row, so that a node that
-- stops in the middle leaves the rest to another.
-- +goose Up
ALTER TABLE identity_staff_lists ADD COLUMN begun_by TEXT REFERENCES people (id); -- who confirmed it
ALTER TABLE identity_staff_lists ADD COLUMN how TEXT NOT NULL DEFAULT ''; -- what was confirmed, as JSON

-- The rows that were begun, until the list is done.
CREATE TABLE identity_staff_rows (
	list_id TEXT   NOT NULL REFERENCES identity_staff_lists (id) ON DELETE CASCADE,
	line    BIGINT NOT NULL,
	content TEXT   NOT NULL DEFAULT '', -- the row with what was done, as JSON; '' while it is being done
	PRIMARY KEY (list_id, line)
);
