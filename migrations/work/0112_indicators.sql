-- Room indicators: a supplied figure keeps the person who entered it.
-- +goose Up
ALTER TABLE indicators_attested ADD COLUMN by_id TEXT NOT NULL DEFAULT '';
UPDATE indicators_attested SET by_id = (SELECT min(p.id) FROM people p WHERE p.name = indicators_attested.by_person)
	WHERE by_person <> '' AND (SELECT count(*) FROM people p WHERE p.name = indicators_attested.by_person) = 1;
