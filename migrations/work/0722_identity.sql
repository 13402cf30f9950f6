-- Room identity: codes that are sent to a safeguarding partner, where nobody else may agree
-- to a request.
-- +goose Up
CREATE TABLE identity_request_codes (
	request_id TEXT      NOT NULL PRIMARY KEY REFERENCES identity_requests (id),
	person_id  TEXT      NOT NULL REFERENCES people (id),
	hash       TEXT      NOT NULL, -- of the request and the code
	tries      BIGINT    NOT NULL DEFAULT 0,
	until      TIMESTAMP NOT NULL
);
