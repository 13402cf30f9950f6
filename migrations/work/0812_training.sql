-- Room training: somebody who was at a session for so short a time that it does not count as
-- having attended. The statuses stand in the table, so it is made anew with what it held.
-- +goose Up
CREATE TABLE training_bookings_next (
	id              TEXT      NOT NULL PRIMARY KEY,
	session_id      TEXT      NOT NULL REFERENCES training_sessions (id),
	person_id       TEXT      NOT NULL REFERENCES people (id),
	organisation_id TEXT      REFERENCES organisations (id), -- as it was when booked, like the sector
	sector          TEXT      NOT NULL,
	status          TEXT      NOT NULL CHECK (status IN ('booked', 'attended', 'walk-in', 'left-early', 'partly', 'no-show', 'late-cancelled', 'cancelled')),
	booked_on       TEXT,
	from_waiting    BOOLEAN   NOT NULL DEFAULT FALSE, -- the place came from the waiting list
	import_id       TEXT      NOT NULL DEFAULT '', -- the import that brought it; '' when booked here
	marked_import   TEXT      NOT NULL DEFAULT '', -- the import that set the status of a booking made here
	marked_before   TEXT      NOT NULL DEFAULT '', -- and the status it had before
	created_at      TIMESTAMP NOT NULL
);
INSERT INTO training_bookings_next (id, session_id, person_id, organisation_id, sector, status, booked_on, from_waiting,
	import_id, marked_import, marked_before, created_at)
SELECT id, session_id, person_id, organisation_id, sector, status, booked_on, from_waiting, import_id, marked_import,
	marked_before, created_at FROM training_bookings;
DROP TABLE training_bookings;
ALTER TABLE training_bookings_next RENAME TO training_bookings;
CREATE UNIQUE INDEX training_bookings_one_live ON training_bookings (session_id, person_id) WHERE status NOT IN ('cancelled', 'late-cancelled');
CREATE INDEX training_bookings_of_session ON training_bookings (session_id);
CREATE INDEX training_bookings_of_person ON training_bookings (person_id);
CREATE INDEX training_bookings_of_import ON training_bookings (import_id) WHERE import_id <> '';
CREATE INDEX training_bookings_open ON training_bookings (session_id) WHERE status = 'booked';
