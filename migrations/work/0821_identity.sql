-- Room identity: invitations to set a password that are printed and handed over, where there is no mail.
-- +goose Up
CREATE TABLE identity_invitations (
	id        TEXT      NOT NULL PRIMARY KEY,
	person_id TEXT      NOT NULL REFERENCES people (id),
	hash      TEXT      NOT NULL, -- of the code on the paper
	roles     TEXT      NOT NULL, -- what it opens: ids, with commas
	hands     TEXT      NOT NULL CHECK (hands <> ''), -- who hands it over
	made_by   TEXT      NOT NULL REFERENCES people (id),
	made_at   TIMESTAMP NOT NULL,
	until     TIMESTAMP NOT NULL,
	state     TEXT      NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'used', 'withdrawn')),
	ended_by  TEXT      REFERENCES people (id),
	ended_at  TIMESTAMP,
	CONSTRAINT identity_invitations_say_when CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX identity_invitations_one ON identity_invitations (person_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX identity_invitations_one_code ON identity_invitations (hash);
CREATE INDEX identity_invitations_latest ON identity_invitations (made_at);
