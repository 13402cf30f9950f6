-- Room training: a place that is offered to whoever waits, until when they may answer, and
-- what the calendars of people were told.
-- +goose Up
ALTER TABLE training_waiting ADD COLUMN answer_by TIMESTAMP; -- a place is held for them until then; NULL when none is
ALTER TABLE training_waiting ADD COLUMN asked_at TIMESTAMP; -- when they were asked whether a change suits; NULL when they answered
ALTER TABLE training_waiting ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0; -- that the next calendar file sent to them has
CREATE INDEX training_waiting_offered ON training_waiting (answer_by) WHERE answer_by IS NOT NULL;

ALTER TABLE training_bookings ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0; -- as training_waiting has it
ALTER TABLE training_bookings ADD COLUMN calendar_id TEXT NOT NULL DEFAULT ''; -- what calendars know it by; '' for its own id
ALTER TABLE training_sessions ADD COLUMN moved_on TEXT; -- the last day on which its time or place was changed

-- Until now calendars knew a booking by its session.
UPDATE training_bookings SET calendar_id = session_id,
	sequence = 1 + (SELECT s.sequence FROM training_sessions s WHERE s.id = training_bookings.session_id)
WHERE status = 'booked';

-- The secret address of a person's own calendar. Only its hash is kept.
CREATE TABLE training_feeds (
	person_id  TEXT      NOT NULL PRIMARY KEY REFERENCES people (id),
	hash       TEXT      NOT NULL,
	created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX training_feeds_by_hash ON training_feeds (hash);
