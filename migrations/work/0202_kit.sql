-- Which forms for new records were posted, so that a double click or a reload adds one
-- record. A row is of no use after a day, and is taken away then.
-- +goose Up
CREATE TABLE form_marks (
	mark       TEXT      NOT NULL PRIMARY KEY, -- of a form as one person posted it, and what it said
	claimed_at TIMESTAMP NOT NULL,
	led_to     TEXT      NOT NULL DEFAULT '',  -- the page of what it added; '' while that is being done
	said       TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX form_marks_old ON form_marks (claimed_at);
