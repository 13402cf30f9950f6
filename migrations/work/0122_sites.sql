-- Pages that were published before there was an outbox stand in it as carried out.
-- +goose Up
INSERT INTO publish_outbox (kind, item_key, turn, version, wanted, shown, decided_at, settled_at)
SELECT 'sites.page', slug, 1, published_version, 'shown', published_version,
	COALESCE(published_at, updated_at), COALESCE(published_at, updated_at)
FROM sites_pages WHERE state = 'published';
