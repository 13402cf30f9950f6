-- What can be found by words (kit/search): a document for each thing that a search may
-- give, the words there are, and which version of each source the index has.
-- +goose Up
CREATE TABLE search_documents (
	place      BIGINT NOT NULL PRIMARY KEY, -- the day, then a number of the thing's own: the order of results
	kind       TEXT   NOT NULL, -- of record: "action"
	record     TEXT   NOT NULL, -- which one of its kind
	item       TEXT   NOT NULL, -- which thing in the record
	permission TEXT   NOT NULL, -- what somebody must hold to find it
	scope      TEXT   NOT NULL DEFAULT '', -- or which people besides
	href       TEXT   NOT NULL,
	title      TEXT   NOT NULL,
	details    TEXT   NOT NULL DEFAULT '',
	body       TEXT   NOT NULL DEFAULT '', -- other words it is found by
	day        TEXT
);
CREATE UNIQUE INDEX search_documents_one ON search_documents (kind, record, item);

-- The words of each class of documents, to offer the nearest to a misspelt one.
CREATE TABLE search_vocabulary (
	class   TEXT   NOT NULL,
	first   TEXT   NOT NULL, -- letter
	letters BIGINT NOT NULL, -- how many it has
	word    TEXT   NOT NULL,
	PRIMARY KEY (class, first, letters, word)
);

CREATE TABLE search_sources (
	kind        TEXT NOT NULL PRIMARY KEY,
	fingerprint TEXT NOT NULL -- of what made its documents
);
