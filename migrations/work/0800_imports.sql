-- A file that has most of its rows in common with one that is loaded is known again, though
-- it has others too or its numbers are others. No row can be told from what is kept.

-- +goose Up
ALTER TABLE imports_files ADD COLUMN sketch TEXT NOT NULL DEFAULT ''; -- as intake.Sketch writes it; '' where there is none
