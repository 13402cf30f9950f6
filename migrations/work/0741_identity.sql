-- Room identity: codes by e-mail, and what they let somebody without an account do.
-- +goose Up
-- One code at a time for an address and a purpose; the newest counts.
CREATE TABLE identity_codes (
	purpose    TEXT      NOT NULL,
	address    TEXT      NOT NULL, -- names.Email of it
	code_hash  TEXT      NOT NULL, -- of purpose, address and eight digits
	link_hash  TEXT      NOT NULL, -- of the secret in the e-mail's link
	tried      BIGINT    NOT NULL DEFAULT 0,
	expires_at TIMESTAMP NOT NULL,
	PRIMARY KEY (purpose, address)
);
CREATE UNIQUE INDEX identity_codes_one_link ON identity_codes (link_hash);
CREATE INDEX identity_codes_expiring ON identity_codes (expires_at);

-- Who has shown a code, for a while: hash is of the secret in their cookie.
CREATE TABLE identity_guests (
	hash       TEXT      NOT NULL PRIMARY KEY,
	purpose    TEXT      NOT NULL,
	address    TEXT      NOT NULL,
	expires_at TIMESTAMP NOT NULL
);
CREATE INDEX identity_guests_expiring ON identity_guests (expires_at);
