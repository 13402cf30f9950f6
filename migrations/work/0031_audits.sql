-- Room audits: multi-agency case audits, and Section 11 and 175 rounds. No case content.
-- +goose Up
CREATE TABLE audits_multi_agency (
	id            TEXT      NOT NULL PRIMARY KEY,
	title         TEXT      NOT NULL,
	folded        TEXT      NOT NULL, -- db.Fold of title and theme: for finding and sorting
	theme         TEXT      NOT NULL,
	theme_folded  TEXT      NOT NULL,
	method        TEXT      NOT NULL DEFAULT '',
	stage         TEXT      NOT NULL CHECK (stage IN ('planned', 'under-way', 'completed', 'shared')),
	case_count    BIGINT    NOT NULL DEFAULT 0 CHECK (case_count >= 0), -- 0: not said
	due_on        TEXT,
	started_on    TEXT,
	completed_on  TEXT,
	shared_on     TEXT,
	findings      TEXT      NOT NULL DEFAULT '',
	learning_href TEXT      NOT NULL DEFAULT '',
	created_at    TIMESTAMP NOT NULL,
	CONSTRAINT audits_completed_have_a_date CHECK (stage NOT IN ('completed', 'shared') OR completed_on IS NOT NULL),
	CONSTRAINT audits_shared_have_a_date CHECK ((stage = 'shared') = (shared_on IS NOT NULL))
);
CREATE INDEX audits_by_completion ON audits_multi_agency (completed_on);

CREATE TABLE audits_agencies (
	audit_id        TEXT NOT NULL REFERENCES audits_multi_agency (id) ON DELETE CASCADE,
	organisation_id TEXT NOT NULL REFERENCES organisations (id),
	PRIMARY KEY (audit_id, organisation_id)
);

CREATE TABLE audits_rounds (
	id         TEXT      NOT NULL PRIMARY KEY,
	standard   TEXT      NOT NULL CHECK (standard IN ('section-11', 'section-175')),
	year       TEXT      NOT NULL, -- the financial year, 2023-24
	title      TEXT      NOT NULL,
	folded     TEXT      NOT NULL, -- db.Fold of the title: for finding and sorting
	opened_on  TEXT      NOT NULL,
	due_on     TEXT      NOT NULL,
	closed_on  TEXT,
	created_at TIMESTAMP NOT NULL,
	CONSTRAINT audits_rounds_open_before_due CHECK (opened_on <= due_on)
);
CREATE UNIQUE INDEX audits_rounds_one_title ON audits_rounds (standard, year, folded);

CREATE TABLE audits_participants (
	round_id        TEXT      NOT NULL REFERENCES audits_rounds (id) ON DELETE CASCADE,
	organisation_id TEXT      NOT NULL REFERENCES organisations (id),
	contact_id      TEXT      REFERENCES people (id), -- who answers, and is chased
	state           TEXT      NOT NULL CHECK (state IN ('asked', 'started', 'submitted', 'moderated')),
	asked_on        TEXT      NOT NULL,
	started_on      TEXT,
	submitted_on    TEXT,
	moderated_on    TEXT,
	chased          BIGINT    NOT NULL DEFAULT 0, -- how often
	chased_at       TIMESTAMP,
	PRIMARY KEY (round_id, organisation_id),
	CONSTRAINT audits_submitted_have_a_date CHECK ((state IN ('submitted', 'moderated')) = (submitted_on IS NOT NULL)),
	CONSTRAINT audits_moderated_have_a_date CHECK ((state = 'moderated') = (moderated_on IS NOT NULL))
);
CREATE INDEX audits_participants_of ON audits_participants (organisation_id);
