-- Another way to send e-mail, while a second person is asked to agree to it; forgotten when that
-- is decided, or too late. The id is the one of the request.
-- +goose Up
CREATE TABLE mail_asked (
	id       TEXT      NOT NULL PRIMARY KEY,
	how      TEXT      NOT NULL CHECK (how IN ('smtp', 'notify', 'none')),
	host     TEXT      NOT NULL DEFAULT '',
	port     BIGINT    NOT NULL DEFAULT 0,
	security TEXT      NOT NULL DEFAULT 'starttls' CHECK (security IN ('starttls', 'tls', 'plain')),
	username TEXT      NOT NULL DEFAULT '',
	secret   TEXT      NOT NULL DEFAULT '', -- sealed for this row
	template TEXT      NOT NULL DEFAULT '',
	base     TEXT      NOT NULL DEFAULT '',
	returns  TEXT      NOT NULL DEFAULT '',
	leaves   TEXT      NOT NULL DEFAULT '',
	until    TIMESTAMP NOT NULL
);
