-- Room training: what a course is compared by.
-- +goose Up
ALTER TABLE training_courses ADD COLUMN title_key TEXT NOT NULL DEFAULT ''; -- names.Key of the title
ALTER TABLE training_courses ADD COLUMN same_as TEXT REFERENCES training_courses (id); -- the course that this one was merged into
UPDATE training_courses SET title_key = folded;
DROP INDEX training_courses_one_title;
CREATE UNIQUE INDEX training_courses_one_title ON training_courses (programme_id, title_key) WHERE title_key <> '';
