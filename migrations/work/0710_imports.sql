-- A figure is compared with what is kept beside the year where nothing else is there.

-- +goose Up
ALTER TABLE imports_moves ADD COLUMN beside BIGINT NOT NULL DEFAULT 0; -- 1: compared with a part of the year, or with provisional counts
