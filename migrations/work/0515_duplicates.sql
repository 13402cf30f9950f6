-- Room duplicates: what was made one, what moved and can be put back, and what somebody
-- has said is not the same. Ids are of records of three kinds, so nothing refers to them.
-- +goose Up
CREATE TABLE duplicates_apart (
	kind    TEXT      NOT NULL CHECK (kind IN ('person', 'organisation', 'course')),
	first   TEXT      NOT NULL, -- the lesser id of the two
	second  TEXT      NOT NULL,
	by_id   TEXT      NOT NULL DEFAULT '',
	said_at TIMESTAMP NOT NULL,
	PRIMARY KEY (kind, first, second)
);

CREATE TABLE duplicates_merges (
	id        TEXT      NOT NULL PRIMARY KEY,
	kind      TEXT      NOT NULL CHECK (kind IN ('person', 'organisation', 'course')),
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
CREATE INDEX duplicates_merges_newest ON duplicates_merges (kind, merged_at);

-- Every cell that a merge changed, in order. A row that was taken away has no column:
-- its key is all that it had.
CREATE TABLE duplicates_changes (
	merge_id    TEXT   NOT NULL REFERENCES duplicates_merges (id),
	n           BIGINT NOT NULL,
	in_table    TEXT   NOT NULL,
	row_key     TEXT   NOT NULL, -- JSON: the names and values that find the row, in turn
	column_name TEXT   NOT NULL DEFAULT '',
	was         TEXT   NOT NULL DEFAULT '',
	became      TEXT   NOT NULL DEFAULT '',
	PRIMARY KEY (merge_id, n)
);

-- An organisation that was the same as another all along, and not one that ended.
ALTER TABLE organisations ADD COLUMN same_as TEXT REFERENCES organisations (id);
