-- Room plan: that an action's day was moved, and who was asked to help with it, stand among what was said
-- at it.
-- +goose Up
CREATE TABLE plan_words (
	id         TEXT      NOT NULL PRIMARY KEY,
	action_id  TEXT      NOT NULL REFERENCES plan_actions (id),
	kind       TEXT      NOT NULL CHECK (kind IN ('comment', 'claimed', 'taken-back', 'sent-back', 'closed', 'asked',
		'longer', 'not-longer', 'hindered', 'cleared', 'handed', 'moved', 'helper', 'no-helper')),
	person_id  TEXT      NOT NULL DEFAULT '',
	person     TEXT      NOT NULL, -- the name as it was
	words      TEXT      NOT NULL DEFAULT '',
	day        TEXT,               -- until when was asked or agreed
	created_at TIMESTAMP NOT NULL
);
INSERT INTO plan_words (id, action_id, kind, person_id, person, words, day, created_at)
	SELECT id, action_id, kind, person_id, person, words, day, created_at FROM plan_said;
DROP TABLE plan_said;
ALTER TABLE plan_words RENAME TO plan_said;
CREATE INDEX plan_said_at ON plan_said (action_id, created_at);
