-- Room partnership: which import of a list of organisations added one. Withdrawing it takes away
-- those that nothing is recorded of yet.
-- +goose Up
ALTER TABLE organisations ADD COLUMN import_id TEXT NOT NULL DEFAULT ''; -- '' where no list of organisations added it
CREATE INDEX organisations_of_import ON organisations (import_id) WHERE import_id <> '';
