-- Room identity: roles of the partnership's own, and roles that count for an organisation.
-- +goose Up

-- Roles beside those of the program. A role that is retired allows nothing.
CREATE TABLE identity_roles (
	id          TEXT      NOT NULL PRIMARY KEY,
	title       TEXT      NOT NULL CHECK (title <> ''),
	title_key   TEXT      NOT NULL, -- names.Key of the title
	comes_to    TEXT      NOT NULL DEFAULT '',
	permissions TEXT      NOT NULL, -- a space between two
	retired     BOOLEAN   NOT NULL DEFAULT FALSE,
	created_at  TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX identity_roles_one_title ON identity_roles (title_key);

-- Counts each change of the roles, so that every node sees at its next request that it
-- has to read them again. Held by whoever gives or changes a role.
CREATE TABLE identity_roles_state (
	id      TEXT   NOT NULL PRIMARY KEY CHECK (id = 'roles'),
	version BIGINT NOT NULL
);
INSERT INTO identity_roles_state (id, version) VALUES ('roles', 1);

-- What each role was after each change, for taking the last one back; and what it is to
-- be where a change waits for a second person (place 0).
CREATE TABLE identity_role_versions (
	id          TEXT    NOT NULL PRIMARY KEY,
	role_id     TEXT    NOT NULL REFERENCES identity_roles (id),
	place       BIGINT  NOT NULL,
	after       BIGINT  NOT NULL, -- the place of what it was changed from
	title       TEXT    NOT NULL,
	comes_to    TEXT    NOT NULL,
	permissions TEXT    NOT NULL,
	retired     BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX identity_role_versions_one_place ON identity_role_versions (role_id, place) WHERE place > 0;

-- A role counts for the person's own organisation, or for one that it was given for.
CREATE TABLE identity_given (
	person_id       TEXT NOT NULL REFERENCES people (id),
	role            TEXT NOT NULL,
	organisation_id TEXT REFERENCES organisations (id) -- NULL is the person's own
);
INSERT INTO identity_given (person_id, role) SELECT person_id, role FROM identity_person_roles;
DROP TABLE identity_person_roles;
ALTER TABLE identity_given RENAME TO identity_person_roles;
CREATE UNIQUE INDEX identity_person_roles_once ON identity_person_roles (person_id, role, (COALESCE(organisation_id, '')));
CREATE INDEX identity_person_roles_holders ON identity_person_roles (role);
CREATE INDEX identity_person_roles_for ON identity_person_roles (organisation_id) WHERE organisation_id IS NOT NULL;

-- A change of a role waits for a second person like anything else that gives.
CREATE TABLE identity_asked (
	id         TEXT      NOT NULL PRIMARY KEY,
	person_id  TEXT      NOT NULL REFERENCES people (id), -- for whom; whoever asked where it is about a role
	kind       TEXT      NOT NULL CHECK (kind IN ('role', 'address', 'mailbox', 'activate', 'change')),
	value      TEXT      NOT NULL DEFAULT '', -- the role, the new address, the version of the role
	reason     TEXT      NOT NULL CHECK (reason <> ''),
	asked_by   TEXT      NOT NULL REFERENCES people (id),
	asked_at   TIMESTAMP NOT NULL,
	until      TIMESTAMP NOT NULL,
	state      TEXT      NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'agreed', 'declined', 'withdrawn')),
	decided_by TEXT      REFERENCES people (id),
	decided_at TIMESTAMP,
	CONSTRAINT identity_asked_says_who CHECK ((state = 'waiting') = (decided_by IS NULL))
);
INSERT INTO identity_asked (id, person_id, kind, value, reason, asked_by, asked_at, until, state, decided_by, decided_at)
	SELECT id, person_id, kind, value, reason, asked_by, asked_at, until, state, decided_by, decided_at
	FROM identity_requests;
DROP TABLE identity_requests;
ALTER TABLE identity_asked RENAME TO identity_requests;
CREATE UNIQUE INDEX identity_requests_one ON identity_requests (person_id, kind, value) WHERE state = 'waiting';
CREATE INDEX identity_requests_waiting ON identity_requests (until) WHERE state = 'waiting';
