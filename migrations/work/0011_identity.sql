-- Room identity: people who work with children, and how they sign in.
-- +goose Up
CREATE TABLE people (
	id              TEXT      NOT NULL PRIMARY KEY,
	name            TEXT      NOT NULL,
	folded          TEXT      NOT NULL, -- db.Fold of name and address: for finding and sorting
	email           TEXT      NOT NULL, -- lower case; '' when not known
	job_title       TEXT      NOT NULL DEFAULT '',
	organisation_id TEXT      REFERENCES organisations (id),
	active          BOOLEAN   NOT NULL DEFAULT TRUE,
	created_at      TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX people_one_email ON people (email) WHERE email <> '';
CREATE INDEX people_of_organisation ON people (organisation_id);

-- What a role may do is in the program, not here.
CREATE TABLE identity_person_roles (
	person_id TEXT NOT NULL REFERENCES people (id),
	role      TEXT NOT NULL,
	PRIMARY KEY (person_id, role)
);
CREATE INDEX identity_person_roles_holders ON identity_person_roles (role);

CREATE TABLE identity_passwords (
	person_id  TEXT      NOT NULL PRIMARY KEY REFERENCES people (id),
	hash       TEXT      NOT NULL, -- argon2id, as a PHC string
	changed_at TIMESTAMP NOT NULL
);

-- hash is the SHA-256 of the secret in the cookie: who reads this table cannot
-- sign in with it. id names a session on pages.
CREATE TABLE identity_sessions (
	hash       TEXT      NOT NULL PRIMARY KEY,
	id         TEXT      NOT NULL,
	person_id  TEXT      NOT NULL REFERENCES people (id),
	browser    TEXT      NOT NULL DEFAULT '',
	created_at TIMESTAMP NOT NULL,
	seen_at    TIMESTAMP NOT NULL,
	expires_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX identity_sessions_one_id ON identity_sessions (id);
CREATE INDEX identity_sessions_of_person ON identity_sessions (person_id);
CREATE INDEX identity_sessions_expiring ON identity_sessions (expires_at);

-- Links that let their reader set a password, once.
CREATE TABLE identity_links (
	hash       TEXT      NOT NULL PRIMARY KEY,
	person_id  TEXT      NOT NULL REFERENCES people (id),
	created_at TIMESTAMP NOT NULL,
	expires_at TIMESTAMP NOT NULL
);
CREATE INDEX identity_links_of_person ON identity_links (person_id);

-- How often a door was tried; key is a hash of what is limited.
CREATE TABLE identity_attempts (
	key   TEXT      NOT NULL PRIMARY KEY,
	tried BIGINT    NOT NULL,
	until TIMESTAMP NOT NULL
);

-- Who plays each role of the demonstration. Empty everywhere else.
CREATE TABLE identity_personas (
	role      TEXT NOT NULL PRIMARY KEY,
	person_id TEXT NOT NULL REFERENCES people (id)
);
