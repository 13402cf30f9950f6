-- Room identity: what one person asks for somebody and a second person agrees to, since
-- nobody gives what they do not hold; and mailboxes that several people read.
-- +goose Up
CREATE TABLE identity_requests (
	id         TEXT      NOT NULL PRIMARY KEY,
	person_id  TEXT      NOT NULL REFERENCES people (id), -- for whom
	kind       TEXT      NOT NULL CHECK (kind IN ('role', 'address', 'mailbox', 'activate')),
	value      TEXT      NOT NULL DEFAULT '', -- the role, the new address
	reason     TEXT      NOT NULL CHECK (reason <> ''),
	asked_by   TEXT      NOT NULL REFERENCES people (id),
	asked_at   TIMESTAMP NOT NULL,
	until      TIMESTAMP NOT NULL,
	state      TEXT      NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'agreed', 'declined', 'withdrawn')),
	decided_by TEXT      REFERENCES people (id),
	decided_at TIMESTAMP,
	CONSTRAINT identity_requests_say_who CHECK ((state = 'waiting') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX identity_requests_one ON identity_requests (person_id, kind, value) WHERE state = 'waiting';
CREATE INDEX identity_requests_waiting ON identity_requests (until) WHERE state = 'waiting';

-- Whether several people read an address: '' as its first part says (office@, dsl@).
ALTER TABLE people ADD COLUMN mailbox TEXT NOT NULL DEFAULT '' CHECK (mailbox IN ('', 'one', 'several'));
