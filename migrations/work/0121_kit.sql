-- What is to go from this store to the public one: a row for each thing, with what
-- was decided of it last and how far that has come.
-- +goose Up
CREATE TABLE publish_outbox (
	kind       TEXT      NOT NULL, -- sites.page
	item_key   TEXT      NOT NULL, -- which one of its kind
	turn       BIGINT    NOT NULL, -- grows with each decision: the public store takes no earlier one
	version    BIGINT    NOT NULL, -- of the content
	wanted     TEXT      NOT NULL CHECK (wanted IN ('shown', 'gone')),
	payload    TEXT      NOT NULL DEFAULT '',
	shown      BIGINT    NOT NULL DEFAULT 0, -- the version the public store was last known to show; 0 for none
	decided_at TIMESTAMP NOT NULL,
	settled_at TIMESTAMP, -- when the public store was known to have what was decided
	tried_at   TIMESTAMP,
	tries      BIGINT    NOT NULL DEFAULT 0,
	problem    TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (kind, item_key)
);
CREATE INDEX publish_outbox_unsettled ON publish_outbox (kind, item_key) WHERE settled_at IS NULL;
