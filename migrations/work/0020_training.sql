-- Room training: what is taught, when, to whom, and who came.
-- +goose Up
CREATE TABLE training_programmes (
	id         TEXT      NOT NULL PRIMARY KEY, -- a word that files and reports use: multi-agency
	title      TEXT      NOT NULL,
	folded     TEXT      NOT NULL,
	about      TEXT      NOT NULL DEFAULT '',
	import_id  TEXT      NOT NULL DEFAULT '', -- the import that it was first met in; '' when made here
	created_at TIMESTAMP NOT NULL
);

CREATE TABLE training_courses (
	id           TEXT      NOT NULL PRIMARY KEY,
	programme_id TEXT      NOT NULL REFERENCES training_programmes (id),
	title        TEXT      NOT NULL,
	folded       TEXT      NOT NULL,
	kind         TEXT      NOT NULL CHECK (kind IN ('course', 'briefing', 'conference', 'e-learning', 'other')),
	length       TEXT      NOT NULL DEFAULT '', -- in words: "Half a day"
	about        TEXT      NOT NULL DEFAULT '',
	audience     TEXT      NOT NULL DEFAULT '',
	import_id    TEXT      NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX training_courses_one_title ON training_courses (programme_id, folded);

CREATE TABLE training_sessions (
	id         TEXT      NOT NULL PRIMARY KEY,
	course_id  TEXT      NOT NULL REFERENCES training_courses (id),
	starts_on  TEXT      NOT NULL,
	ends_on    TEXT      NOT NULL,
	start_time TEXT      NOT NULL DEFAULT '', -- 09:30 by the clock in England; '' when not known
	end_time   TEXT      NOT NULL DEFAULT '',
	mode       TEXT      NOT NULL DEFAULT '' CHECK (mode IN ('online', 'room', '')),
	venue      TEXT      NOT NULL DEFAULT '',
	capacity   BIGINT    NOT NULL DEFAULT 0, -- 0 when not known: then nobody can book
	taken      BIGINT    NOT NULL DEFAULT 0, -- places booked and not given back; walk-ins sit on none
	state      TEXT      NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'delivered', 'cancelled')),
	sequence   BIGINT    NOT NULL DEFAULT 0, -- counts the changes that calendars were told of
	import_id  TEXT      NOT NULL DEFAULT '',
	created_at TIMESTAMP NOT NULL,
	CONSTRAINT training_sessions_not_overbooked CHECK (taken >= 0 AND (capacity = 0 OR taken <= capacity)),
	CONSTRAINT training_sessions_end_after_start CHECK (ends_on >= starts_on)
);
CREATE INDEX training_sessions_by_day ON training_sessions (starts_on);
CREATE INDEX training_sessions_of_course ON training_sessions (course_id, starts_on);

CREATE TABLE training_bookings (
	id              TEXT      NOT NULL PRIMARY KEY,
	session_id      TEXT      NOT NULL REFERENCES training_sessions (id),
	person_id       TEXT      NOT NULL REFERENCES people (id),
	organisation_id TEXT      REFERENCES organisations (id), -- as it was when booked, like the sector
	sector          TEXT      NOT NULL,
	status          TEXT      NOT NULL CHECK (status IN ('booked', 'attended', 'walk-in', 'left-early', 'no-show', 'late-cancelled', 'cancelled')),
	booked_on       TEXT,
	from_waiting    BOOLEAN   NOT NULL DEFAULT FALSE, -- the place came from the waiting list
	import_id       TEXT      NOT NULL DEFAULT '', -- the import that brought it; '' when booked here
	marked_import   TEXT      NOT NULL DEFAULT '', -- the import that set the status of a booking made here
	marked_before   TEXT      NOT NULL DEFAULT '', -- and the status it had before
	created_at      TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX training_bookings_one_live ON training_bookings (session_id, person_id) WHERE status NOT IN ('cancelled', 'late-cancelled');
CREATE INDEX training_bookings_of_session ON training_bookings (session_id);
CREATE INDEX training_bookings_of_person ON training_bookings (person_id);
CREATE INDEX training_bookings_of_import ON training_bookings (import_id) WHERE import_id <> '';

CREATE TABLE training_waiting (
	id         TEXT      NOT NULL PRIMARY KEY,
	session_id TEXT      NOT NULL REFERENCES training_sessions (id),
	person_id  TEXT      NOT NULL REFERENCES people (id),
	joined_at  TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX training_waiting_once ON training_waiting (session_id, person_id);

CREATE TABLE training_presentations (
	id           TEXT      NOT NULL PRIMARY KEY,
	session_id   TEXT      NOT NULL REFERENCES training_sessions (id),
	title        TEXT      NOT NULL,
	organisation TEXT      NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL
);
CREATE INDEX training_presentations_of_session ON training_presentations (session_id);

CREATE TABLE training_stalls (
	id           TEXT      NOT NULL PRIMARY KEY,
	session_id   TEXT      NOT NULL REFERENCES training_sessions (id),
	organisation TEXT      NOT NULL,
	folded       TEXT      NOT NULL,
	created_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX training_stalls_one_each ON training_stalls (session_id, folded);
