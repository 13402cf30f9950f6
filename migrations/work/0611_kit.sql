-- Files that are added to records of any room: kit/files. Their contents are in a folder
-- or a bucket, under names that say nothing.
-- +goose Up
CREATE TABLE files (
	id         TEXT      NOT NULL PRIMARY KEY,
	room       TEXT      NOT NULL, -- plan
	kind       TEXT      NOT NULL, -- action
	record_id  TEXT      NOT NULL,
	version    BIGINT    NOT NULL, -- the newest that is kept; 0 while the first is asked about
	erase_on   TEXT,
	created_at TIMESTAMP NOT NULL
);
CREATE INDEX files_of_record ON files (room, kind, record_id);
CREATE INDEX files_to_erase ON files (erase_on) WHERE erase_on IS NOT NULL;

CREATE TABLE files_versions (
	file_id   TEXT      NOT NULL REFERENCES files (id),
	version   BIGINT    NOT NULL, -- from 1
	name      TEXT      NOT NULL, -- as it was given, cleaned
	content   TEXT      NOT NULL, -- the random name it is kept under
	preview   TEXT,               -- and of a small picture of it
	mime      TEXT      NOT NULL, -- by its content
	size      BIGINT    NOT NULL, -- bytes
	sha256    TEXT      NOT NULL, -- of the content as it is kept
	removed   TEXT      NOT NULL DEFAULT '', -- what was taken out before it was kept, in words
	harmless  BOOLEAN   NOT NULL, -- nothing in it can run
	asks      TEXT      NOT NULL DEFAULT '', -- what it looks like that may not belong here
	reason    TEXT      NOT NULL DEFAULT '', -- why it was kept though
	by_id     TEXT      NOT NULL,
	by_name   TEXT      NOT NULL,
	added_at  TIMESTAMP NOT NULL,
	state     TEXT      NOT NULL CHECK (state IN ('asked', 'waiting', 'clean', 'refused')),
	found     TEXT      NOT NULL DEFAULT '', -- by the virus checker
	tried_at  TIMESTAMP NOT NULL, -- when it was last given to the virus checker to be looked at
	PRIMARY KEY (file_id, version),
	CONSTRAINT files_refused_say_why CHECK ((state = 'refused') = (found <> '')),
	CONSTRAINT files_kept_say_why CHECK (asks = '' OR state = 'asked' OR reason <> '')
);
CREATE UNIQUE INDEX files_versions_one_content ON files_versions (content);
CREATE INDEX files_versions_by_state ON files_versions (state, tried_at) WHERE state IN ('asked', 'waiting');

-- Contents that were erased and are still to be removed from where they are kept.
CREATE TABLE files_leaving (
	content TEXT      NOT NULL PRIMARY KEY,
	since   TIMESTAMP NOT NULL
);

-- The part of the folder or bucket that is this installation's: another that shares it by
-- mistake must not remove what it does not know.
CREATE TABLE files_home (
	one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
	name TEXT   NOT NULL
);
