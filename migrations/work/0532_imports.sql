-- Room imports: an import is of the whole year or of named months, and may be provisional.
-- Figures of years are counted of whole years that are final, and of nothing else.
-- +goose Up
ALTER TABLE imports_ledger ADD COLUMN months TEXT NOT NULL DEFAULT ''; -- as period.Span writes them: 2024-25Q1; '' for the whole year
ALTER TABLE imports_ledger ADD COLUMN provisional BIGINT NOT NULL DEFAULT 0; -- 1: the counts are still to be confirmed
ALTER TABLE imports_moves ADD COLUMN adds BIGINT NOT NULL DEFAULT 0; -- 1: files add to what is loaded, so growth is not asked about
