-- Room plan: owners do their own part of an action, and the scrutineer writes for themselves.
-- +goose Up

-- What is asked in full, and how the partnership will know that it helped.
ALTER TABLE plan_actions ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_actions ADD COLUMN measure TEXT NOT NULL DEFAULT '';
-- Who looks after it for the partnership: whoever added it, or took it over.
ALTER TABLE plan_actions ADD COLUMN officer_id TEXT REFERENCES people (id);
-- What its owner says while it is open: that it is done since a day, until when they ask for
-- longer, and what is in the way.
ALTER TABLE plan_actions ADD COLUMN claimed_on TEXT;
ALTER TABLE plan_actions ADD COLUMN asked_until TEXT;
ALTER TABLE plan_actions ADD COLUMN hindrance TEXT NOT NULL DEFAULT '';

-- What was said at an action, by whom, in the order it was said.
CREATE TABLE plan_said (
	id         TEXT      NOT NULL PRIMARY KEY,
	action_id  TEXT      NOT NULL REFERENCES plan_actions (id),
	kind       TEXT      NOT NULL CHECK (kind IN ('comment', 'claimed', 'taken-back', 'sent-back', 'closed', 'asked',
		'longer', 'not-longer', 'hindered', 'cleared', 'handed')),
	person_id  TEXT      NOT NULL DEFAULT '',
	person     TEXT      NOT NULL, -- the name as it was
	words      TEXT      NOT NULL DEFAULT '',
	day        TEXT,               -- until when was asked or agreed
	created_at TIMESTAMP NOT NULL
);
CREATE INDEX plan_said_at ON plan_said (action_id, created_at);

-- Lines of enquiry: the questions that the scrutineer follows, and the judgement at their end.
CREATE TABLE plan_enquiries (
	id           TEXT      NOT NULL PRIMARY KEY,
	question     TEXT      NOT NULL,
	folded       TEXT      NOT NULL, -- db.Fold of question and why: for finding and sorting
	why          TEXT      NOT NULL DEFAULT '',
	author_id    TEXT      REFERENCES people (id),
	opened_on    TEXT      NOT NULL,
	due_on       TEXT,
	closed_on    TEXT,
	judgement    TEXT      NOT NULL DEFAULT '' CHECK (judgement IN ('', 'assured', 'partly', 'not-assured')),
	conclusion   TEXT      NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	CONSTRAINT plan_enquiries_close_with_a_judgement CHECK ((closed_on IS NULL) = (judgement = '')),
	CONSTRAINT plan_enquiries_say_why CHECK (closed_on IS NULL OR conclusion <> '')
);
-- A scrutiny note is its author's, and may be of a line of enquiry.
ALTER TABLE plan_scrutiny ADD COLUMN author_id TEXT REFERENCES people (id);
ALTER TABLE plan_scrutiny ADD COLUMN enquiry_id TEXT REFERENCES plan_enquiries (id);

-- Whoever could read everybody's actions by a role of the partnership's own still may.
UPDATE identity_roles SET permissions = trim(replace(' ' || permissions || ' ', ' plan:read ',
	' plan:read plan:read-all '));
UPDATE identity_role_versions SET permissions = trim(replace(' ' || permissions || ' ', ' plan:read ',
	' plan:read plan:read-all '));
