-- Room sites: the pages of the public sites as they are written, and what past
-- years' visits came to.
-- +goose Up
CREATE TABLE sites_pages (
	slug              TEXT      NOT NULL PRIMARY KEY, -- the last part of its address; never changes
	section           TEXT      NOT NULL CHECK (section IN ('hub', 'front', 'about', 'help', 'legal')),
	title             TEXT      NOT NULL,
	summary           TEXT      NOT NULL,
	markdown          TEXT      NOT NULL,
	shelves           TEXT      NOT NULL DEFAULT '', -- front pages that list it, space between
	quiet             BOOLEAN   NOT NULL DEFAULT FALSE, -- a page to leave quickly
	state             TEXT      NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published')),
	version           BIGINT    NOT NULL DEFAULT 1,
	published_version BIGINT    NOT NULL DEFAULT 0, -- 0 when it is not on the site
	owner_id          TEXT      REFERENCES people (id),
	review_on         TEXT,
	folded            TEXT      NOT NULL, -- db.Fold of title and summary: for finding
	sort_title        TEXT      NOT NULL, -- db.Fold of title: for sorting
	updated_at        TIMESTAMP NOT NULL,
	updated_by        TEXT      NOT NULL DEFAULT '',
	published_at      TIMESTAMP
);
CREATE INDEX sites_pages_due ON sites_pages (review_on);

-- Every version ever saved; the newest is the page itself.
CREATE TABLE sites_versions (
	slug     TEXT      NOT NULL REFERENCES sites_pages (slug),
	version  BIGINT    NOT NULL,
	title    TEXT      NOT NULL,
	summary  TEXT      NOT NULL,
	markdown TEXT      NOT NULL,
	shelves  TEXT      NOT NULL DEFAULT '',
	quiet    BOOLEAN   NOT NULL DEFAULT FALSE,
	note     TEXT      NOT NULL DEFAULT '',
	saved_at TIMESTAMP NOT NULL,
	saved_by TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (slug, version)
);

-- Imported totals of past months. A month stands once for a site in one import.
CREATE TABLE sites_visit_totals (
	import_id TEXT   NOT NULL,
	month     TEXT   NOT NULL, -- its first day
	site      TEXT   NOT NULL,
	visits    BIGINT NOT NULL CHECK (visits >= 0),
	PRIMARY KEY (import_id, month, site)
);
CREATE INDEX sites_visit_totals_month ON sites_visit_totals (month);
