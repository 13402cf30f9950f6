-- Room identity: second factors, and when somebody last showed that it is they.
-- +goose Up
ALTER TABLE identity_sessions ADD COLUMN proved_at TIMESTAMP; -- the last password, passkey or code; NULL asks again
ALTER TABLE identity_sessions ADD COLUMN way TEXT NOT NULL DEFAULT 'password'; -- how it began: identity.go

-- What a person has beside their password.
CREATE TABLE identity_factors (
	id            TEXT      NOT NULL PRIMARY KEY,
	person_id     TEXT      NOT NULL REFERENCES people (id),
	kind          TEXT      NOT NULL, -- passkey, app or email
	name          TEXT      NOT NULL, -- in the person's words
	host          TEXT      NOT NULL DEFAULT '', -- of a passkey: the host it was made for
	credential_id TEXT, -- of a passkey, base64url
	record        TEXT      NOT NULL DEFAULT '', -- of a passkey: its public key and counter, as JSON; of an app: the key
	counter       BIGINT    NOT NULL DEFAULT 0, -- the passkey's counter, or the step of the app's last code
	created_at    TIMESTAMP NOT NULL,
	used_at       TIMESTAMP
);
CREATE INDEX identity_factors_of_person ON identity_factors (person_id, created_at);
CREATE UNIQUE INDEX identity_factors_one_credential ON identity_factors (credential_id);

CREATE TABLE identity_recovery_codes (
	hash      TEXT      NOT NULL PRIMARY KEY, -- SHA-256 of the person's id and 80 random bits
	person_id TEXT      NOT NULL REFERENCES people (id),
	used_at   TIMESTAMP
);
CREATE INDEX identity_recovery_codes_of_person ON identity_recovery_codes (person_id);

-- What was begun and is to be ended once: a sign-in that waits for its second factor, a
-- challenge to a passkey, an app that is being set up. hash is of a secret of the browser's.
CREATE TABLE identity_begun (
	hash       TEXT      NOT NULL PRIMARY KEY,
	kind       TEXT      NOT NULL,
	person_id  TEXT      REFERENCES people (id),
	data       TEXT      NOT NULL DEFAULT '',
	expires_at TIMESTAMP NOT NULL
);
CREATE INDEX identity_begun_expiring ON identity_begun (expires_at);
CREATE INDEX identity_begun_of_person ON identity_begun (person_id);

-- The roles whose holders need a second factor.
CREATE TABLE identity_factor_roles (
	role TEXT NOT NULL PRIMARY KEY
);
