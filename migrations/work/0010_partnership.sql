-- Room partnership: who the partnership is made of.
-- +goose Up
CREATE TABLE organisations (
	id           TEXT      NOT NULL PRIMARY KEY,
	name         TEXT      NOT NULL,
	folded       TEXT      NOT NULL, -- db.Fold of the name: for finding and sorting
	sector       TEXT      NOT NULL,
	statutory    BOOLEAN   NOT NULL DEFAULT FALSE, -- a statutory safeguarding partner
	successor_id TEXT      REFERENCES organisations (id),
	ended_on     TEXT,
	created_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX organisations_one_name ON organisations (folded);

-- What the partnership says of itself: exactly one row, made here.
CREATE TABLE partnership_profile (
	id         TEXT      NOT NULL PRIMARY KEY CHECK (id = 'profile'),
	name       TEXT      NOT NULL,
	area       TEXT      NOT NULL DEFAULT '', -- the area's short name
	address    TEXT      NOT NULL DEFAULT '', -- for letters, several lines
	url        TEXT      NOT NULL DEFAULT '', -- of the public site
	mail_from  TEXT      NOT NULL DEFAULT '', -- the address letters come from
	demo       BOOLEAN   NOT NULL DEFAULT FALSE,
	changed_at TIMESTAMP
);
INSERT INTO partnership_profile (id, name) VALUES ('profile', 'Safeguarding children partnership');

-- Whom to call about a child. The national numbers are here from the start and
-- count as unchecked, so that somebody is asked to check them.
CREATE TABLE partnership_contacts (
	id         TEXT   NOT NULL PRIMARY KEY,
	purpose    TEXT   NOT NULL CHECK (purpose IN ('emergency', 'front-door-day', 'front-door-night', 'childline', 'police', 'adults-helpline', 'allegations', 'other')),
	name       TEXT   NOT NULL,
	number     TEXT   NOT NULL,
	answers    TEXT   NOT NULL DEFAULT '', -- who answers, and when
	owner      TEXT   NOT NULL DEFAULT '', -- who keeps it right
	checked_on TEXT,
	position   BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX partnership_contacts_once ON partnership_contacts (purpose, number);
INSERT INTO partnership_contacts (id, purpose, name, number, answers, position) VALUES
	('emergency', 'emergency', 'Police, ambulance or fire', '999', 'If a child is in danger now. Answered day and night.', 1),
	('childline', 'childline', 'Childline', '0800 1111', 'For children and young people, about anything. Free, answered day and night.', 4),
	('police', 'police', 'Police, not an emergency', '101', 'To report something to the police when nobody is in danger now. Answered day and night.', 5);

-- Authorities and the areas within them. Areas merge and split: a code is never
-- reused, it ends, and partnership_area_changes says what came after.
CREATE TABLE partnership_areas (
	code        TEXT    NOT NULL PRIMARY KEY, -- the GSS code, such as E08000015
	kind        TEXT    NOT NULL CHECK (kind IN ('authority', 'county', 'ward', 'small-area', 'other')),
	name        TEXT    NOT NULL,
	folded      TEXT    NOT NULL,
	parent_code TEXT    REFERENCES partnership_areas (code),
	covered     BOOLEAN NOT NULL DEFAULT FALSE, -- an authority whose children the partnership safeguards
	from_on     TEXT,
	ended_on    TEXT
);
CREATE INDEX partnership_areas_within ON partnership_areas (parent_code);
CREATE TABLE partnership_area_changes (
	from_code  TEXT NOT NULL REFERENCES partnership_areas (code),
	to_code    TEXT NOT NULL REFERENCES partnership_areas (code),
	changed_on TEXT NOT NULL,
	PRIMARY KEY (from_code, to_code)
);

CREATE TABLE partnership_committees (
	id         TEXT      NOT NULL PRIMARY KEY,
	name       TEXT      NOT NULL,
	folded     TEXT      NOT NULL,
	purpose    TEXT      NOT NULL DEFAULT '',
	meets      TEXT      NOT NULL DEFAULT '', -- how often, in words
	position   BIGINT    NOT NULL DEFAULT 0,  -- where it stands among the others
	ended_on   TEXT,
	created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX partnership_committees_one_name ON partnership_committees (folded) WHERE ended_on IS NULL;

-- person_id and organisation_id hold who the person was and for whom they sat.
-- The table of people comes in a later file and cannot be referred to here;
-- people are never deleted, and the statement that adds a member reads them.
CREATE TABLE partnership_members (
	id              TEXT    NOT NULL PRIMARY KEY,
	committee_id    TEXT    NOT NULL REFERENCES partnership_committees (id),
	person_id       TEXT    NOT NULL,
	organisation_id TEXT    REFERENCES organisations (id),
	role            TEXT    NOT NULL CHECK (role IN ('chair', 'vice-chair', 'member', 'adviser', 'lay-member', 'scrutineer', 'secretary')),
	public          BOOLEAN NOT NULL DEFAULT FALSE, -- the name may be shown to the public
	from_on         TEXT    NOT NULL,
	to_on           TEXT,
	CONSTRAINT partnership_members_in_order CHECK (to_on IS NULL OR to_on >= from_on)
);
CREATE UNIQUE INDEX partnership_members_one_live ON partnership_members (committee_id, person_id) WHERE to_on IS NULL;
CREATE INDEX partnership_members_of_person ON partnership_members (person_id);

CREATE TABLE partnership_meetings (
	id           TEXT      NOT NULL PRIMARY KEY,
	committee_id TEXT      NOT NULL REFERENCES partnership_committees (id),
	held_on      TEXT      NOT NULL,
	about        TEXT      NOT NULL DEFAULT '', -- what it dealt with, in a line or two
	created_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX partnership_meetings_one_a_day ON partnership_meetings (committee_id, held_on);
CREATE TABLE partnership_attendance (
	meeting_id TEXT NOT NULL REFERENCES partnership_meetings (id) ON DELETE CASCADE,
	member_id  TEXT NOT NULL REFERENCES partnership_members (id),
	state      TEXT NOT NULL CHECK (state IN ('present', 'deputy', 'apologies', 'absent')),
	PRIMARY KEY (meeting_id, member_id)
);

CREATE TABLE partnership_funding (
	id              TEXT      NOT NULL PRIMARY KEY,
	year            TEXT      NOT NULL, -- financial year, such as 2023-24
	organisation_id TEXT      NOT NULL REFERENCES organisations (id),
	pence           BIGINT    NOT NULL CHECK (pence >= 0),
	note            TEXT      NOT NULL DEFAULT '',
	created_at      TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX partnership_funding_one_a_year ON partnership_funding (year, organisation_id);
