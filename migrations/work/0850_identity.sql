-- The address that somebody had when something was asked for them: who agrees, agrees to the
-- account that was asked about and to no other.
-- +goose Up
ALTER TABLE identity_requests ADD COLUMN email TEXT NOT NULL DEFAULT '';
UPDATE identity_requests SET email = (SELECT p.email FROM people p WHERE p.id = identity_requests.person_id);
