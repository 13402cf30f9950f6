-- Room plan: the business plan, and the one register of recommendations and actions.
-- +goose Up
CREATE TABLE plan_years (
	year       TEXT      NOT NULL PRIMARY KEY, -- the financial year, 2024-25
	title      TEXT      NOT NULL,
	summary    TEXT      NOT NULL DEFAULT '',
	agreed_on  TEXT,
	created_at TIMESTAMP NOT NULL
);

CREATE TABLE plan_priorities (
	id         TEXT      NOT NULL PRIMARY KEY,
	year       TEXT      NOT NULL REFERENCES plan_years (year),
	place      BIGINT    NOT NULL, -- the order in the plan, from 1
	title      TEXT      NOT NULL,
	folded     TEXT      NOT NULL, -- db.Fold of title and outcome: for finding and sorting
	outcome    TEXT      NOT NULL,
	owner_id   TEXT      REFERENCES people (id),
	status     TEXT      NOT NULL CHECK (status IN ('under-way', 'achieved', 'partly', 'not')),
	judged_on  TEXT,
	achieved   TEXT      NOT NULL DEFAULT '',
	remains    TEXT      NOT NULL DEFAULT '',
	created_at TIMESTAMP NOT NULL,
	CONSTRAINT plan_judged_have_a_date CHECK ((status = 'under-way') = (judged_on IS NULL)),
	CONSTRAINT plan_judged_say_why CHECK (status = 'under-way' OR achieved <> '' OR remains <> '')
);
CREATE INDEX plan_priorities_of ON plan_priorities (year, place);

CREATE TABLE plan_recommendations (
	id          TEXT      NOT NULL PRIMARY KEY,
	words       TEXT      NOT NULL,
	folded      TEXT      NOT NULL, -- db.Fold of words and source: for finding and sorting
	source_kind TEXT      NOT NULL CHECK (source_kind IN ('review', 'audit', 'scrutiny', 'family', 'priority')),
	source      TEXT      NOT NULL, -- its name: the review's reference, the audit's title
	made_on     TEXT      NOT NULL,
	response    TEXT      NOT NULL DEFAULT '', -- what the partners say to it
	created_at  TIMESTAMP NOT NULL
);

CREATE TABLE plan_actions (
	id                TEXT      NOT NULL PRIMARY KEY,
	title             TEXT      NOT NULL,
	folded            TEXT      NOT NULL, -- db.Fold of title and source: for finding and sorting
	source_kind       TEXT      NOT NULL CHECK (source_kind IN ('review', 'audit', 'scrutiny', 'family', 'priority')),
	source            TEXT      NOT NULL DEFAULT '',
	priority_id       TEXT      REFERENCES plan_priorities (id),
	recommendation_id TEXT      REFERENCES plan_recommendations (id),
	owner_id          TEXT      REFERENCES people (id),
	organisation_id   TEXT      REFERENCES organisations (id),
	status            TEXT      NOT NULL CHECK (status IN ('open', 'done', 'dropped')),
	due_on            TEXT      NOT NULL,
	done_on           TEXT,
	dropped_on        TEXT,
	evidence          TEXT      NOT NULL DEFAULT '',
	impact            TEXT      NOT NULL DEFAULT '',
	created_at        TIMESTAMP NOT NULL,
	CONSTRAINT plan_actions_have_an_owner CHECK (owner_id IS NOT NULL OR organisation_id IS NOT NULL),
	CONSTRAINT plan_done_have_a_date_and_evidence CHECK ((status = 'done') = (done_on IS NOT NULL) AND (status <> 'done' OR evidence <> '')),
	CONSTRAINT plan_dropped_have_a_date CHECK ((status = 'dropped') = (dropped_on IS NOT NULL))
);
CREATE INDEX plan_actions_due ON plan_actions (due_on);
CREATE INDEX plan_actions_of_recommendation ON plan_actions (recommendation_id);
CREATE INDEX plan_actions_of_priority ON plan_actions (priority_id);

CREATE TABLE plan_scrutiny (
	id           TEXT      NOT NULL PRIMARY KEY,
	seen_on      TEXT      NOT NULL,
	scrutineer   TEXT      NOT NULL,
	method       TEXT      NOT NULL,
	subject      TEXT      NOT NULL, -- what was looked at, in a few words
	folded       TEXT      NOT NULL, -- db.Fold of subject, method and scrutineer: for finding and sorting
	seen         TEXT      NOT NULL DEFAULT '',
	challenge    TEXT      NOT NULL DEFAULT '',
	response     TEXT      NOT NULL DEFAULT '',
	responded_on TEXT,
	created_at   TIMESTAMP NOT NULL
);
