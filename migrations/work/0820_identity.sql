-- Room identity: roughly where each session is, for whoever looks at where somebody is signed in.
-- +goose Up
ALTER TABLE identity_sessions ADD COLUMN network TEXT NOT NULL DEFAULT ''; -- of the address; '' for sessions begun before
