-- Room training: what the bookings of each session come to, so that figures are
-- added up from sessions and not from bookings. Each is what its bookings say, made
-- anew in the transaction that changes one (tally in sql_tallies.go).
-- +goose Up
-- A row for each sector of whose bookings something became.
CREATE TABLE training_tallies (
	session_id TEXT   NOT NULL REFERENCES training_sessions (id),
	sector     TEXT   NOT NULL,
	came       BIGINT NOT NULL, -- attendances
	used       BIGINT NOT NULL, -- booked places whose person came
	wasted     BIGINT NOT NULL, -- booked places whose person did not, or cancelled too late
	PRIMARY KEY (session_id, sector)
);

-- Who came.
CREATE TABLE training_attended (
	session_id TEXT NOT NULL REFERENCES training_sessions (id),
	person_id  TEXT NOT NULL REFERENCES people (id),
	sector     TEXT NOT NULL,
	PRIMARY KEY (session_id, person_id)
);

-- The sectors that anybody booked from, with import_id '', and the imports that their
-- bookings came from or were marked by.
CREATE TABLE training_sources (
	session_id TEXT NOT NULL REFERENCES training_sessions (id),
	sector     TEXT NOT NULL,
	import_id  TEXT NOT NULL,
	PRIMARY KEY (session_id, sector, import_id)
);

INSERT INTO training_tallies (session_id, sector, came, used, wasted)
SELECT session_id, sector,
	sum(CASE WHEN status IN ('attended', 'walk-in', 'left-early') THEN 1 ELSE 0 END),
	sum(CASE WHEN status IN ('attended', 'left-early') THEN 1 ELSE 0 END),
	sum(CASE WHEN status IN ('no-show', 'late-cancelled') THEN 1 ELSE 0 END)
FROM training_bookings WHERE status NOT IN ('booked', 'cancelled') GROUP BY session_id, sector;

INSERT INTO training_attended (session_id, person_id, sector)
SELECT session_id, person_id, sector FROM training_bookings WHERE status IN ('attended', 'walk-in', 'left-early');

INSERT INTO training_sources (session_id, sector, import_id)
SELECT session_id, sector, '' FROM training_bookings
UNION SELECT session_id, sector, import_id FROM training_bookings WHERE import_id <> ''
UNION SELECT session_id, sector, marked_import FROM training_bookings WHERE marked_import <> '';
