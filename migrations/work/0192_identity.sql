-- Room identity: the list of people, by name, a page at a time out of 100,000.
-- +goose Up
-- active stands last so that whoever has left is passed over without reading the row.
CREATE INDEX people_by_name ON people (folded, id, active);
