-- Room training: two sessions that are one. What is recorded of the one that goes stays with
-- it where the other has the same, and counts nowhere.
-- +goose Up
ALTER TABLE training_sessions ADD COLUMN same_as TEXT REFERENCES training_sessions (id); -- the session that this one was merged into
CREATE INDEX training_sessions_merged ON training_sessions (same_as) WHERE same_as IS NOT NULL;
