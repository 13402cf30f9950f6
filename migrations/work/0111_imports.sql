-- Room imports: the ledger of imports gets the room's name, and each import the
-- person who gave it.
-- +goose Up
ALTER TABLE intake_imports RENAME TO imports_ledger;
ALTER TABLE intake_files RENAME TO imports_files;
ALTER TABLE intake_findings RENAME TO imports_findings;
DROP INDEX intake_imports_of;
CREATE INDEX imports_ledger_of ON imports_ledger (kind, year, authority);

ALTER TABLE imports_ledger ADD COLUMN by_id TEXT NOT NULL DEFAULT ''; -- the person; empty for the command line
UPDATE imports_ledger SET by_id = (SELECT min(p.id) FROM people p WHERE p.name = imports_ledger.by_person)
	WHERE by_person <> '' AND (SELECT count(*) FROM people p WHERE p.name = imports_ledger.by_person) = 1;
UPDATE imports_ledger SET by_person = 'the command line' WHERE by_person = '';

-- What was being read when the program was brought up to date is read by nobody.
UPDATE imports_ledger SET state = 'interrupted', progress = '', ended_at = created_at,
	problem = 'The system stopped while it was reading this import, and nothing was loaded. Send the file again.'
	WHERE state = 'running';

-- One row, which loads and withdrawals wait for each other by.
CREATE TABLE imports_turn (
	name     TEXT      NOT NULL PRIMARY KEY,
	taken_at TIMESTAMP NOT NULL
);
DELETE FROM settings WHERE name = 'imports.turn';
