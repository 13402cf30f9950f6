-- Room reviews: what reviews were done and where each stands. No case content.
-- +goose Up
CREATE TABLE reviews_editions (
	id                 TEXT   NOT NULL PRIMARY KEY,
	title              TEXT   NOT NULL,
	effective_on       TEXT   NOT NULL,
	notify_days        BIGINT NOT NULL, -- working days from becoming aware to the notification
	rapid_review_days  BIGINT NOT NULL, -- working days from becoming aware to the rapid review
	publication_months BIGINT NOT NULL  -- months from the decision to publication
);
CREATE UNIQUE INDEX reviews_editions_one_a_day ON reviews_editions (effective_on);
INSERT INTO reviews_editions (id, title, effective_on, notify_days, rapid_review_days, publication_months) VALUES
	('wt2018', 'Working Together to Safeguard Children 2018', '2018-07-04', 5, 15, 6),
	('wt2023', 'Working Together to Safeguard Children 2023', '2023-12-15', 5, 15, 6);

CREATE TABLE reviews_register (
	id               TEXT      NOT NULL PRIMARY KEY,
	reference        TEXT      NOT NULL, -- a pseudonym, or the title as published
	folded           TEXT      NOT NULL, -- db.Fold of the reference: for finding and sorting
	kind             TEXT      NOT NULL CHECK (kind IN ('statutory', 'learning', 'commissioned', 'rapid-review', 'national')),
	stage            TEXT      NOT NULL CHECK (stage IN ('notified', 'rapid-review', 'commissioned', 'in-progress', 'completed', 'published', 'closed')),
	aware_on         TEXT,
	notified_on      TEXT,
	rapid_on         TEXT,
	rapid_sent_on    TEXT,
	decided_on       TEXT,
	started_on       TEXT,
	completed_on     TEXT,
	published_on     TEXT,
	closed_on        TEXT,
	commissioner_id  TEXT      REFERENCES organisations (id), -- NULL: the partnership itself
	publication_href TEXT      NOT NULL DEFAULT '',
	briefing_href    TEXT      NOT NULL DEFAULT '',
	created_at       TIMESTAMP NOT NULL,
	CONSTRAINT reviews_completed_have_a_date CHECK (stage NOT IN ('completed', 'published') OR completed_on IS NOT NULL),
	CONSTRAINT reviews_published_have_a_date CHECK ((stage = 'published') = (published_on IS NOT NULL)),
	CONSTRAINT reviews_closed_have_a_date CHECK ((stage = 'closed') = (closed_on IS NOT NULL))
);
CREATE UNIQUE INDEX reviews_one_reference ON reviews_register (folded);
CREATE INDEX reviews_by_publication ON reviews_register (published_on);
CREATE INDEX reviews_by_completion ON reviews_register (completed_on);

CREATE TABLE reviews_themes (
	review_id TEXT   NOT NULL REFERENCES reviews_register (id) ON DELETE CASCADE,
	place     BIGINT NOT NULL,
	theme     TEXT   NOT NULL,
	folded    TEXT   NOT NULL,
	PRIMARY KEY (review_id, folded),
	CONSTRAINT reviews_themes_can_be_joined CHECK (theme NOT LIKE '%|%')
);
