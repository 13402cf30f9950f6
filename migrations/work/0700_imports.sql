-- A list that is saved anew has other bytes and the same rows: it is known again by a hash of
-- all that was read of it, whatever the order of its rows. Empty where there is none.
-- +goose Up
ALTER TABLE imports_files ADD COLUMN content TEXT NOT NULL DEFAULT '';
CREATE INDEX imports_files_alike ON imports_files (content);
