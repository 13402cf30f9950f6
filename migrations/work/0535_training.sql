-- Room training: what earlier imports had brought for sessions that a later one answers for.
-- It comes back when the later one is withdrawn.
-- +goose Up
CREATE TABLE training_replaced (
	by_import      TEXT NOT NULL, -- the import that took the place
	session_id     TEXT NOT NULL REFERENCES training_sessions (id) ON DELETE CASCADE,
	was_import     TEXT NOT NULL, -- whose place it took
	ends_on        TEXT NOT NULL, -- the session as it was
	start_time     TEXT NOT NULL,
	end_time       TEXT NOT NULL,
	mode           TEXT NOT NULL,
	venue          TEXT NOT NULL,
	session_import TEXT NOT NULL, -- '' when it was made or changed here
	PRIMARY KEY (by_import, session_id)
);
CREATE INDEX training_replaced_of_session ON training_replaced (session_id);

CREATE TABLE training_replaced_bookings (
	by_import       TEXT      NOT NULL,
	id              TEXT      NOT NULL, -- of the booking, which it gets again
	session_id      TEXT      NOT NULL,
	person_id       TEXT      NOT NULL REFERENCES people (id),
	organisation_id TEXT      REFERENCES organisations (id),
	sector          TEXT      NOT NULL,
	status          TEXT      NOT NULL,
	booked_on       TEXT,
	import_id       TEXT      NOT NULL,
	created_at      TIMESTAMP NOT NULL,
	PRIMARY KEY (by_import, id),
	FOREIGN KEY (by_import, session_id) REFERENCES training_replaced (by_import, session_id) ON DELETE CASCADE
);
CREATE INDEX training_replaced_bookings_of_session ON training_replaced_bookings (by_import, session_id);

CREATE TABLE training_replaced_marks (
	by_import     TEXT NOT NULL,
	booking_id    TEXT NOT NULL, -- of a booking made here
	session_id    TEXT NOT NULL,
	status        TEXT NOT NULL, -- that the earlier import gave it
	marked_import TEXT NOT NULL,
	marked_before TEXT NOT NULL,
	PRIMARY KEY (by_import, booking_id),
	FOREIGN KEY (by_import, session_id) REFERENCES training_replaced (by_import, session_id) ON DELETE CASCADE
);

CREATE TABLE training_replaced_courses (
	by_import  TEXT NOT NULL,
	course_id  TEXT NOT NULL REFERENCES training_courses (id) ON DELETE CASCADE,
	was_import TEXT NOT NULL,
	kind       TEXT NOT NULL, -- of course, as the earlier import had it
	PRIMARY KEY (by_import, course_id)
);
