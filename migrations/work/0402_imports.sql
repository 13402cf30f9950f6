-- Whether a file is loaded already is asked by its SHA-256, for each file of each import.
-- +goose Up
CREATE INDEX imports_files_same ON imports_files (sha256);
CREATE INDEX returns_sources_same ON returns_sources (sha256);
