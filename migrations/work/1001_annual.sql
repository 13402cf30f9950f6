-- Room annual: a chapter may have somebody who writes it by a day.
-- +goose Up
ALTER TABLE annual_chapters ADD COLUMN owner_id TEXT REFERENCES people (id);
ALTER TABLE annual_chapters ADD COLUMN due_on TEXT;
-- Who gave it, and when: who owns it is not reminded of a day before.
ALTER TABLE annual_chapters ADD COLUMN given_by_id TEXT NOT NULL DEFAULT '';
ALTER TABLE annual_chapters ADD COLUMN given_on TEXT;
-- How far it is said to be; nothing is said of a chapter that is not begun or being written.
ALTER TABLE annual_chapters ADD COLUMN stage TEXT NOT NULL DEFAULT '' CHECK (stage IN ('', 'ready', 'done'));
CREATE INDEX annual_chapters_owned ON annual_chapters (owner_id);
