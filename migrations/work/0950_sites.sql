-- Room sites: whether a page is one to leave quickly is said of each, or goes by where it is.
-- +goose Up
ALTER TABLE sites_pages ADD COLUMN leaving TEXT NOT NULL DEFAULT 'place'; -- place, yes, no
ALTER TABLE sites_versions ADD COLUMN leaving TEXT NOT NULL DEFAULT 'place';
