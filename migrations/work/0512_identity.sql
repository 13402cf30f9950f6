-- Room identity: a person is a name and an address. Three who share their office's
-- address are three people.
-- +goose Up
ALTER TABLE people ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- names.Key of the name
ALTER TABLE people ADD COLUMN same_as TEXT REFERENCES people (id); -- the record that this one was merged into
UPDATE people SET name_key = lower(name);
DROP INDEX people_one_email;
CREATE UNIQUE INDEX people_one_of_name_and_email ON people (email, name_key) WHERE email <> '' AND same_as IS NULL;

-- The list of people passes over those merged into another without reading their rows.
DROP INDEX people_by_name;
CREATE INDEX people_by_name ON people (folded, id, active, same_as);
