-- Room annual: the yearly report as it is written.
-- +goose Up
CREATE TABLE annual_reports (
	year          TEXT      NOT NULL PRIMARY KEY, -- 2023-24
	title         TEXT      NOT NULL,
	lead          TEXT      NOT NULL DEFAULT '', -- under the title of the summary
	state         TEXT      NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
	version       BIGINT    NOT NULL DEFAULT 0, -- of the last publication
	published_at  TIMESTAMP,
	published_by  TEXT      NOT NULL DEFAULT '',
	changed_at    TIMESTAMP NOT NULL,
	tiles_version BIGINT    NOT NULL DEFAULT 0 -- counts up: who saves over another is told
);

CREATE TABLE annual_chapters (
	id         TEXT      NOT NULL PRIMARY KEY,
	year       TEXT      NOT NULL REFERENCES annual_reports (year),
	part       TEXT      NOT NULL CHECK (part IN ('report', 'summary')),
	slug       TEXT      NOT NULL,
	title      TEXT      NOT NULL,
	position   BIGINT    NOT NULL,
	markdown   TEXT      NOT NULL,
	version    BIGINT    NOT NULL, -- of the text: who saves over another is told
	changed_at TIMESTAMP NOT NULL,
	changed_by TEXT      NOT NULL DEFAULT '',
	removed_at TIMESTAMP -- a chapter taken out is kept, with every text it had
);
CREATE UNIQUE INDEX annual_chapters_one_slug ON annual_chapters (year, part, slug) WHERE removed_at IS NULL;

CREATE TABLE annual_versions (
	chapter_id TEXT      NOT NULL REFERENCES annual_chapters (id),
	version    BIGINT    NOT NULL,
	title      TEXT      NOT NULL,
	markdown   TEXT      NOT NULL,
	saved_at   TIMESTAMP NOT NULL,
	saved_by   TEXT      NOT NULL DEFAULT '',
	why        TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (chapter_id, version)
);

CREATE TABLE annual_tiles (
	year     TEXT   NOT NULL REFERENCES annual_reports (year),
	position BIGINT NOT NULL,
	title    TEXT   NOT NULL,
	href     TEXT   NOT NULL,
	PRIMARY KEY (year, position)
);

CREATE TABLE annual_publications (
	year          TEXT      NOT NULL REFERENCES annual_reports (year),
	version       BIGINT    NOT NULL,
	files         BIGINT    NOT NULL,
	published_at  TIMESTAMP NOT NULL,
	published_by  TEXT      NOT NULL DEFAULT '',
	withdrawn_at  TIMESTAMP,
	withdrawn_by  TEXT      NOT NULL DEFAULT '',
	withdrawn_why TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (year, version)
);
