-- Room sites: what the public sites show, written only by publishing, and the
-- counts of visits.
-- +goose Up
CREATE TABLE sites_published (
	slug         TEXT      NOT NULL PRIMARY KEY,
	section      TEXT      NOT NULL CHECK (section IN ('hub', 'front', 'about', 'help', 'legal')),
	title        TEXT      NOT NULL,
	summary      TEXT      NOT NULL,
	body         TEXT      NOT NULL, -- HTML, made safe when it was published
	shelves      TEXT      NOT NULL DEFAULT '',
	quiet        BOOLEAN   NOT NULL DEFAULT FALSE,
	sha          TEXT      NOT NULL, -- SHA-256 of what is shown
	version      BIGINT    NOT NULL, -- of the page in the workspace
	sort_title   TEXT      NOT NULL,
	published_at TIMESTAMP NOT NULL
);

CREATE TABLE sites_settings (
	name       TEXT      NOT NULL PRIMARY KEY,
	value      TEXT      NOT NULL,
	changed_at TIMESTAMP NOT NULL
);

-- One row, counted up by everything that changes what the public sees.
CREATE TABLE sites_publication (
	id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	number BIGINT NOT NULL
);
INSERT INTO sites_publication (id, number) VALUES (1, 1);

-- How many visits, and nothing else of them.
CREATE TABLE sites_visits (
	day    TEXT   NOT NULL,
	site   TEXT   NOT NULL,
	visits BIGINT NOT NULL,
	PRIMARY KEY (day, site)
);
