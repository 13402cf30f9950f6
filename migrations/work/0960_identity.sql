-- What pickers look in: the words of a person's name and address, each with a space before
-- it and without apostrophes (register/pick.go). Reading the index alone is several times
-- sooner than reading 100,000 rows of people and making this of each.
-- +goose Up
CREATE INDEX people_spelt ON people ((' ' || replace(replace(folded, '-', ' '), '''', '')), active, id, organisation_id);
