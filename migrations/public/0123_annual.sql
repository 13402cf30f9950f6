-- Room annual: the content of published reports. The frame is put round it when it
-- is served. annual_files holds whole pages of earlier versions of the program
-- until they are taken over.
-- +goose Up
CREATE TABLE annual_contents (
	year         TEXT   NOT NULL,
	version      BIGINT NOT NULL,
	path         TEXT   NOT NULL, -- index.html, data/figures.csv
	content_type TEXT   NOT NULL,
	title        TEXT   NOT NULL DEFAULT '',
	description  TEXT   NOT NULL DEFAULT '',
	body         TEXT   NOT NULL, -- of a page: its content, without a frame
	sha256       TEXT   NOT NULL,
	PRIMARY KEY (year, version, path),
	FOREIGN KEY (year, version) REFERENCES annual_released (year, version)
);

INSERT INTO publish_marks (kind, item_key, turn, version, changed_at)
SELECT 'annual.report', year, 1, MAX(CASE WHEN withdrawn_at IS NULL THEN version ELSE 0 END), MAX(published_at)
FROM annual_released GROUP BY year;
