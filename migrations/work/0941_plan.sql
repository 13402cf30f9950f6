-- Room plan: the safeguarding partners decide on a plan here.
-- +goose Up

-- They are asked since this day; NULL while nobody has asked them.
ALTER TABLE plan_years ADD COLUMN asked_on TEXT;

-- What each said, in the order they said it: the last of an organisation counts.
CREATE TABLE plan_decisions (
	id              TEXT      NOT NULL PRIMARY KEY,
	year            TEXT      NOT NULL REFERENCES plan_years (year),
	organisation_id TEXT      NOT NULL REFERENCES organisations (id),
	person_id       TEXT      NOT NULL,
	person          TEXT      NOT NULL, -- the name as it was
	answer          TEXT      NOT NULL CHECK (answer IN ('agreed', 'question', 'declined')),
	words           TEXT      NOT NULL DEFAULT '',
	created_at      TIMESTAMP NOT NULL,
	CONSTRAINT plan_decisions_say_why CHECK (answer = 'agreed' OR words <> '')
);
CREATE INDEX plan_decisions_of ON plan_decisions (year, created_at);
