-- Room annual: what was published, kept with who published it. A publication is on
-- the public site from when released_at says.
-- +goose Up
ALTER TABLE annual_publications ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE annual_publications ADD COLUMN released_at TIMESTAMP;
UPDATE annual_publications SET released_at = published_at;

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
	FOREIGN KEY (year, version) REFERENCES annual_publications (year, version)
);

-- Reports that were published before there was an outbox stand in it as carried out.
INSERT INTO publish_outbox (kind, item_key, turn, version, wanted, shown, decided_at, settled_at)
SELECT 'annual.report', year, 1, version, CASE WHEN state = 'published' THEN 'shown' ELSE 'gone' END,
	CASE WHEN state = 'published' THEN version ELSE 0 END, COALESCE(published_at, changed_at), COALESCE(published_at, changed_at)
FROM annual_reports WHERE state <> 'draft';
