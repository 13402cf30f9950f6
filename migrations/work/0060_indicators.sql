-- Room indicators: figures that a partner attests, because no record can be counted.
-- +goose Up
CREATE TABLE indicators_attested (
	id          TEXT      NOT NULL PRIMARY KEY,
	figure      TEXT      NOT NULL, -- the figure's id, such as attested.youth-offending
	title       TEXT      NOT NULL,
	counts      TEXT      NOT NULL, -- the definition in plain English
	unit        TEXT      NOT NULL,
	protection  TEXT      NOT NULL CHECK (protection IN ('child', 'staff', 'open')),
	kind        TEXT      NOT NULL CHECK (kind IN ('flow', 'stock')),
	from_date   TEXT      NOT NULL, -- a flow's first day; a stock's day
	to_date     TEXT      NOT NULL,
	numerator   BIGINT    NOT NULL CHECK (numerator >= 0),
	denominator BIGINT    NOT NULL DEFAULT 0 CHECK (denominator >= 0), -- 0: a count
	source      TEXT      NOT NULL, -- the document it stands in
	owner       TEXT      NOT NULL, -- who answers for it
	given_on    TEXT      NOT NULL,
	final       BOOLEAN   NOT NULL,
	replaces    TEXT      NOT NULL DEFAULT '',
	replaced_by TEXT      NOT NULL DEFAULT '',
	reason      TEXT      NOT NULL DEFAULT '', -- why it replaces another
	by_person   TEXT      NOT NULL DEFAULT '',
	created_at  TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX indicators_attested_one_current ON indicators_attested (figure, from_date, to_date) WHERE replaced_by = '';
