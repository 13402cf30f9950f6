-- +goose Up
-- A county's districts are areas inside it, of a kind of their own: returns are of the
-- county. The list of kinds stands in the table, so it is made anew with what it held.

CREATE TABLE partnership_areas_next (
	code        TEXT    NOT NULL PRIMARY KEY, -- the GSS code, such as E08000015
	kind        TEXT    NOT NULL CHECK (kind IN ('authority', 'county', 'district', 'ward', 'small-area', 'other')),
	name        TEXT    NOT NULL,
	folded      TEXT    NOT NULL,
	parent_code TEXT    REFERENCES partnership_areas_next (code),
	covered     BOOLEAN NOT NULL DEFAULT FALSE, -- an authority whose children the partnership safeguards
	from_on     TEXT,
	ended_on    TEXT
);
INSERT INTO partnership_areas_next (code, kind, name, folded, parent_code, covered, from_on, ended_on)
	SELECT code, kind, name, folded, NULL, covered, from_on, ended_on FROM partnership_areas;
UPDATE partnership_areas_next SET parent_code =
	(SELECT a.parent_code FROM partnership_areas a WHERE a.code = partnership_areas_next.code);

CREATE TABLE partnership_area_changes_next (
	from_code  TEXT NOT NULL REFERENCES partnership_areas_next (code),
	to_code    TEXT NOT NULL REFERENCES partnership_areas_next (code),
	changed_on TEXT NOT NULL,
	PRIMARY KEY (from_code, to_code)
);
INSERT INTO partnership_area_changes_next (from_code, to_code, changed_on)
	SELECT from_code, to_code, changed_on FROM partnership_area_changes;

DROP TABLE partnership_area_changes;
UPDATE partnership_areas SET parent_code = NULL;
DROP TABLE partnership_areas;
ALTER TABLE partnership_areas_next RENAME TO partnership_areas;
ALTER TABLE partnership_area_changes_next RENAME TO partnership_area_changes;
CREATE INDEX partnership_areas_within ON partnership_areas (parent_code);
