-- Room annual: yearly reports as they were published. Rows are only ever added;
-- a withdrawal is noted on its release.
-- +goose Up
CREATE TABLE annual_released (
	year          TEXT      NOT NULL,
	version       BIGINT    NOT NULL,
	title         TEXT      NOT NULL,
	published_at  TIMESTAMP NOT NULL,
	withdrawn_at  TIMESTAMP,
	withdrawn_why TEXT      NOT NULL DEFAULT '',
	PRIMARY KEY (year, version)
);

CREATE TABLE annual_files (
	year         TEXT   NOT NULL,
	version      BIGINT NOT NULL,
	path         TEXT   NOT NULL, -- index.html, data/figures.csv
	content_type TEXT   NOT NULL,
	title        TEXT   NOT NULL DEFAULT '',
	body         TEXT   NOT NULL,
	sha256       TEXT   NOT NULL,
	PRIMARY KEY (year, version, path),
	FOREIGN KEY (year, version) REFERENCES annual_released (year, version)
);
