-- Room identity: a code for a request is one by e-mail like any other, in identity_codes. Those
-- on their way live half an hour, and are asked for again.
-- +goose Up
DROP TABLE identity_request_codes;
