-- Room leaflets: what the partnership lends and hands out, and how many are left.
-- +goose Up
CREATE TABLE leaflets_register (
	id         TEXT      NOT NULL PRIMARY KEY,
	title      TEXT      NOT NULL,
	folded     TEXT      NOT NULL, -- db.Fold of the title: for sorting and being the only one
	audience   TEXT      NOT NULL,
	found      TEXT      NOT NULL, -- db.Fold of title and audience: for finding
	review_on  TEXT      NOT NULL,
	owner_id   TEXT      NOT NULL REFERENCES people (id),
	retired_on TEXT,               -- NULL while it is in use
	created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX leaflets_one_title ON leaflets_register (folded);
CREATE INDEX leaflets_by_review ON leaflets_register (review_on);

-- The last count of a day. The newest is how many there are; the others are kept so that
-- the stock can be told by any date.
CREATE TABLE leaflets_counts (
	leaflet_id TEXT   NOT NULL REFERENCES leaflets_register (id) ON DELETE CASCADE,
	counted_on TEXT   NOT NULL,
	in_stock   BIGINT NOT NULL,
	PRIMARY KEY (leaflet_id, counted_on),
	CONSTRAINT leaflets_counts_are_not_negative CHECK (in_stock >= 0)
);
CREATE INDEX leaflets_counts_by_day ON leaflets_counts (counted_on);
