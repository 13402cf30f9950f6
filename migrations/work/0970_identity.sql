-- Room identity: another address that e-mails come from, and another way to send them, wait for a
-- second person like another address of the website.
-- +goose Up
CREATE TABLE identity_await (
	id         TEXT      NOT NULL PRIMARY KEY,
	person_id  TEXT      NOT NULL REFERENCES people (id), -- for whom; whoever asked where it is for no person
	kind       TEXT      NOT NULL
		CHECK (kind IN ('role', 'address', 'mailbox', 'activate', 'change', 'website', 'factor', 'from', 'mail')),
	value      TEXT      NOT NULL DEFAULT '', -- the role, the new address, the version of the role
	reason     TEXT      NOT NULL CHECK (reason <> ''),
	asked_by   TEXT      NOT NULL REFERENCES people (id),
	asked_at   TIMESTAMP NOT NULL,
	until      TIMESTAMP NOT NULL,
	state      TEXT      NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'agreed', 'declined', 'withdrawn')),
	decided_by TEXT      REFERENCES people (id),
	decided_at TIMESTAMP,
	email      TEXT      NOT NULL DEFAULT '',
	CONSTRAINT identity_await_says_who CHECK ((state = 'waiting') = (decided_by IS NULL))
);
INSERT INTO identity_await (id, person_id, kind, value, reason, asked_by, asked_at, until, state, decided_by,
	decided_at, email)
	SELECT id, person_id, kind, value, reason, asked_by, asked_at, until, state, decided_by, decided_at, email
	FROM identity_requests;
DROP TABLE identity_requests;
ALTER TABLE identity_await RENAME TO identity_requests;
CREATE UNIQUE INDEX identity_requests_one ON identity_requests (person_id, kind, value) WHERE state = 'waiting';
CREATE INDEX identity_requests_waiting ON identity_requests (until) WHERE state = 'waiting';
