-- Pages that were published before there were marks have one. The number that
-- every change counts up is publish_changes now.
-- +goose Up
INSERT INTO publish_marks (kind, item_key, turn, version, changed_at)
SELECT 'sites.page', slug, 1, version, published_at FROM sites_published;

DROP TABLE sites_publication;
