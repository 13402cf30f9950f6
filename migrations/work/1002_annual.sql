-- Room annual: what agencies are asked to contribute to a report.
-- +goose Up
CREATE TABLE annual_contributions (
	id              TEXT      NOT NULL PRIMARY KEY,
	year            TEXT      NOT NULL REFERENCES annual_reports (year),
	chapter_id      TEXT      REFERENCES annual_chapters (id), -- the one it is for; NULL for the report
	person_id       TEXT      NOT NULL REFERENCES people (id),
	organisation_id TEXT      REFERENCES organisations (id),   -- the person's, when they were asked
	asked           TEXT      NOT NULL,
	due_on          TEXT      NOT NULL,
	asked_at        TIMESTAMP NOT NULL,
	asked_by_id     TEXT      NOT NULL,
	asked_by        TEXT      NOT NULL, -- the name as it was
	state           TEXT      NOT NULL DEFAULT 'waiting'
		CHECK (state IN ('waiting', 'given', 'declined', 'called back')),
	text            TEXT      NOT NULL DEFAULT '', -- what was given, or why not
	answered_at     TIMESTAMP,
	used_at         TIMESTAMP, -- it was put into the chapter
	CONSTRAINT annual_contributions_say CHECK (state IN ('waiting', 'called back') OR text <> '')
);
CREATE INDEX annual_contributions_of ON annual_contributions (year);
CREATE INDEX annual_contributions_whose ON annual_contributions (person_id);
