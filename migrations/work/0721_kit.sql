-- kit/audittrail: why something was done and what was changed from what to what; and the
-- chain in which entries are sealed once they are committed.
-- +goose Up
ALTER TABLE audit_trail ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_trail ADD COLUMN changes TEXT NOT NULL DEFAULT ''; -- JSON: field, from, to
CREATE INDEX audit_trail_of ON audit_trail (subject, subject_id, at);
CREATE INDEX audit_trail_by ON audit_trail (person_id, at);

-- A link of the chain for each entry. It has no reference to the entry: that one is gone is
-- to be seen.
CREATE TABLE audit_chain (
	entry_id   TEXT   NOT NULL PRIMARY KEY,
	n          BIGINT,                    -- its place from 1; NULL until it is sealed
	who_salt   TEXT   NOT NULL DEFAULT '', -- '' once the name was erased
	who        TEXT   NOT NULL DEFAULT '', -- hash of salt and name
	words_salt TEXT   NOT NULL DEFAULT '', -- '' once the words were erased
	words      TEXT   NOT NULL DEFAULT '', -- hash of salt, detail, reason and changes
	hash       TEXT   NOT NULL DEFAULT ''  -- of the hash before it and what is kept for good
);
CREATE UNIQUE INDEX audit_chain_place ON audit_chain (n) WHERE n IS NOT NULL;
CREATE INDEX audit_chain_open ON audit_chain (entry_id) WHERE n IS NULL;

-- The end of the chain, which whoever seals holds.
CREATE TABLE audit_end (
	one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
	n    BIGINT NOT NULL,
	hash TEXT   NOT NULL
);
INSERT INTO audit_end (one, n, hash) VALUES (1, 0, '');

-- The ends that were signed, each a signed note.
CREATE TABLE audit_heads (
	n    BIGINT NOT NULL PRIMARY KEY,
	note TEXT   NOT NULL
);

INSERT INTO audit_chain (entry_id) SELECT id FROM audit_trail;
