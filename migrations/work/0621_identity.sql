-- Room identity: browsers that a person has signed in from. Guesses from elsewhere slow
-- everybody else down at that account, and not them.
-- +goose Up
CREATE TABLE identity_browsers (
	hash TEXT PRIMARY KEY, -- of the secret in the browser's cookie
	person_id TEXT NOT NULL REFERENCES people (id),
	used_at TIMESTAMP NOT NULL
);
CREATE INDEX identity_browsers_by_person ON identity_browsers (person_id, used_at);

-- Attempts are failures now, and until is when the last of them is forgotten: what was
-- counted before is no failure.
DELETE FROM identity_attempts;
