-- Room returns: measures counted from returns. No row about a child.
-- +goose Up
CREATE TABLE returns_loads (
	import_id TEXT   NOT NULL PRIMARY KEY,
	kind      TEXT   NOT NULL,
	year      TEXT   NOT NULL, -- the financial year that it answers for, 2023-24
	authority TEXT   NOT NULL, -- code of the Office for National Statistics
	rows_read BIGINT NOT NULL
);
CREATE UNIQUE INDEX returns_loads_one_current ON returns_loads (kind, year, authority);

CREATE TABLE returns_measures (
	import_id   TEXT   NOT NULL REFERENCES returns_loads (import_id) ON DELETE CASCADE,
	measure     TEXT   NOT NULL, -- named as the figure that shows it
	from_date   TEXT   NOT NULL, -- a flow's month; a stock's day, twice
	to_date     TEXT   NOT NULL,
	dimension   TEXT   NOT NULL, -- '' for all
	value       TEXT   NOT NULL, -- of the dimension
	numerator   BIGINT NOT NULL CHECK (numerator >= 0),
	denominator BIGINT NOT NULL DEFAULT 0 CHECK (denominator >= 0), -- 0 for a count
	PRIMARY KEY (import_id, measure, from_date, to_date, dimension, value)
);
CREATE INDEX returns_measures_by_date ON returns_measures (measure, to_date, dimension);

CREATE TABLE returns_sources (
	import_id TEXT   NOT NULL REFERENCES returns_loads (import_id) ON DELETE CASCADE,
	name      TEXT   NOT NULL, -- a file that a file of measures was counted from, elsewhere
	sha256    TEXT   NOT NULL,
	rows_read BIGINT NOT NULL,
	PRIMARY KEY (import_id, name)
);
