-- Room reviews: no row of the register is given to who has not said that they may read it
-- (kit/db/as.go), not even to the owner of the tables. Superusers and roles with BYPASSRLS
-- are not stopped.
-- +goose Up
ALTER TABLE reviews_register ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews_register FORCE ROW LEVEL SECURITY;
ALTER TABLE reviews_themes ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews_themes FORCE ROW LEVEL SECURITY;

-- The setting is read once for a statement, as a query of its own.
CREATE POLICY reviews_register_read ON reviews_register FOR SELECT
	USING ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:read|for:figures|for:search|for:upkeep),'));
CREATE POLICY reviews_register_write ON reviews_register FOR ALL
	USING ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:manage|for:upkeep),'))
	WITH CHECK ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:manage|for:upkeep),'));
CREATE POLICY reviews_themes_read ON reviews_themes FOR SELECT
	USING ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:read|for:figures|for:search|for:upkeep),'));
CREATE POLICY reviews_themes_write ON reviews_themes FOR ALL
	USING ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:manage|for:upkeep),'))
	WITH CHECK ((SELECT COALESCE(current_setting('kith.may', true), '') ~ ',(reviews:manage|for:upkeep),'));
