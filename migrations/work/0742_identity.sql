-- Room identity: directories of agencies that people sign in with, by OpenID Connect.
-- +goose Up
CREATE TABLE identity_providers (
	id            TEXT      NOT NULL PRIMARY KEY,
	name          TEXT      NOT NULL,
	name_key      TEXT      NOT NULL, -- names.Key of the name
	issuer        TEXT      NOT NULL,
	client_id     TEXT      NOT NULL,
	client_secret TEXT      NOT NULL, -- as it is: it is sent to the issuer
	domains       TEXT      NOT NULL, -- of the addresses it may vouch for, one a line
	end_session   TEXT      NOT NULL DEFAULT '', -- where people sign out there, as it last said
	created_at    TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX identity_providers_one_name ON identity_providers (name_key);
