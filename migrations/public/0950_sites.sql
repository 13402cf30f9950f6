-- Room sites: whether a page is one to leave quickly, as its publishing said.
-- +goose Up
ALTER TABLE sites_published ADD COLUMN leaving TEXT NOT NULL DEFAULT 'place'; -- place, yes, no
