-- Room training: the marks that the last saving of a register changed, so that it can be undone.
-- +goose Up
CREATE TABLE training_last_marks (
	session_id TEXT NOT NULL REFERENCES training_sessions (id) ON DELETE CASCADE,
	booking_id TEXT NOT NULL, -- a booking of the session
	was        TEXT NOT NULL, -- the status before
	made       TEXT NOT NULL, -- and after
	PRIMARY KEY (session_id, booking_id)
);
