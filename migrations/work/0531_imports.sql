-- Room imports: what was read and waits until a person says that it is to be loaded. It
-- is counts, or rows about adults; no row about a child. It is let go after a day.
-- +goose Up
CREATE TABLE imports_previews (
	import_id TEXT   NOT NULL PRIMARY KEY REFERENCES imports_ledger (id) ON DELETE CASCADE,
	kind      TEXT   NOT NULL, -- as which it was read: a file of measures counts as another
	covers    BIGINT NOT NULL, -- 1: who sent it confirmed that its authority is the partnership's first
	batch     BYTEA  NOT NULL, -- intake.Batch, as JSON
	content   BYTEA  NOT NULL  -- as the room that reads the kind packed it
);
ALTER TABLE imports_moves ADD COLUMN earlier TEXT NOT NULL DEFAULT ''; -- the year before against, where both are known
ALTER TABLE imports_moves ADD COLUMN earlier_count BIGINT NOT NULL DEFAULT 0;

-- The states of a preview. A check cannot be changed, so the column is made again.
ALTER TABLE imports_ledger ADD COLUMN standing TEXT NOT NULL DEFAULT 'running' CHECK (standing IN ('running', 'previewed', 'loading', 'refused', 'loaded', 'replaced', 'withdrawn', 'cancelled', 'interrupted'));
UPDATE imports_ledger SET standing = state;
ALTER TABLE imports_ledger DROP COLUMN state;
ALTER TABLE imports_ledger RENAME COLUMN standing TO state;
