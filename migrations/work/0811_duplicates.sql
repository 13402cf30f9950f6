-- Room duplicates: two sessions of training may be one too.
-- +goose Up
CREATE TABLE duplicates_apart_next (
	kind    TEXT      NOT NULL CHECK (kind IN ('person', 'organisation', 'course', 'session')),
	first   TEXT      NOT NULL, -- the lesser id of the two
	second  TEXT      NOT NULL,
	by_id   TEXT      NOT NULL DEFAULT '',
	said_at TIMESTAMP NOT NULL,
	PRIMARY KEY (kind, first, second)
);
INSERT INTO duplicates_apart_next (kind, first, second, by_id, said_at)
SELECT kind, first, second, by_id, said_at FROM duplicates_apart;

CREATE TABLE duplicates_merges_next (
	id        TEXT      NOT NULL PRIMARY KEY,
	kind      TEXT      NOT NULL CHECK (kind IN ('person', 'organisation', 'course', 'session')),
	from_id   TEXT      NOT NULL, -- what was merged away
	to_id     TEXT      NOT NULL, -- what was kept
	from_name TEXT      NOT NULL,
	to_name   TEXT      NOT NULL,
	was_live  BOOLEAN   NOT NULL, -- what was merged away was active until then
	by_id     TEXT      NOT NULL DEFAULT '',
	by_person TEXT      NOT NULL DEFAULT '',
	merged_at TIMESTAMP NOT NULL,
	undone_at TIMESTAMP
);
INSERT INTO duplicates_merges_next (id, kind, from_id, to_id, from_name, to_name, was_live, by_id, by_person, merged_at,
	undone_at)
SELECT id, kind, from_id, to_id, from_name, to_name, was_live, by_id, by_person, merged_at, undone_at FROM duplicates_merges;

CREATE TABLE duplicates_changes_next (
	merge_id    TEXT   NOT NULL REFERENCES duplicates_merges_next (id),
	n           BIGINT NOT NULL,
	in_table    TEXT   NOT NULL,
	row_key     TEXT   NOT NULL, -- JSON: the names and values that find the row, in turn
	column_name TEXT   NOT NULL DEFAULT '',
	was         TEXT   NOT NULL DEFAULT '',
	became      TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (merge_id, n)
);
INSERT INTO duplicates_changes_next (merge_id, n, in_table, row_key, column_name, was, became)
SELECT merge_id, n, in_table, row_key, column_name, was, became FROM duplicates_changes;

DROP TABLE duplicates_changes;
DROP TABLE duplicates_merges;
DROP TABLE duplicates_apart;
ALTER TABLE duplicates_apart_next RENAME TO duplicates_apart;
ALTER TABLE duplicates_merges_next RENAME TO duplicates_merges;
ALTER TABLE duplicates_changes_next RENAME TO duplicates_changes;
CREATE INDEX duplicates_merges_newest ON duplicates_merges (kind, merged_at);
