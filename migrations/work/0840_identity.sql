-- Room identity: accounts of directories that sign in as a person here, once the person has
-- shown that both are theirs.
-- +goose Up
CREATE TABLE identity_linked (
	id          TEXT      NOT NULL PRIMARY KEY,
	provider_id TEXT      NOT NULL REFERENCES identity_providers (id),
	issuer      TEXT      NOT NULL, -- of the directory, when it was linked: another issuer's word is another's
	subject     TEXT      NOT NULL, -- what the issuer calls the account for ever
	person_id   TEXT      NOT NULL REFERENCES people (id),
	address     TEXT      NOT NULL, -- that it vouched for when it was linked
	linked_at   TIMESTAMP NOT NULL,
	used_at     TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX identity_linked_one_subject ON identity_linked (provider_id, issuer, subject);
CREATE UNIQUE INDEX identity_linked_one_person ON identity_linked (provider_id, person_id);
CREATE INDEX identity_linked_of_person ON identity_linked (person_id);
