-- Room identity: whether somebody who manages people had a link sent, and not whoever asked for
-- it on the sign-in page.
-- +goose Up
ALTER TABLE identity_links ADD COLUMN sent BOOLEAN NOT NULL DEFAULT FALSE;
