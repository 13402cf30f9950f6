-- Reminders that run by themselves: what is switched on and when, what was sent, and the hours
-- that were begun, so that one node begins each.
-- +goose Up
CREATE TABLE remind_kinds (
	kind        TEXT    NOT NULL PRIMARY KEY,
	active      BOOLEAN NOT NULL DEFAULT TRUE,
	days_before TEXT    NOT NULL DEFAULT '', -- days before the day it is due, such as 14 7 1
	days_after  TEXT    NOT NULL DEFAULT ''  -- days late
);

-- One row for each occasion: somebody is reminded once of one thing at one distance from its day.
CREATE TABLE remind_sent (
	kind       TEXT      NOT NULL,
	record_id  TEXT      NOT NULL,
	to_address TEXT      NOT NULL,
	due_on     TEXT      NOT NULL,
	days       BIGINT    NOT NULL, -- before it is due; below 0 late
	to_name    TEXT      NOT NULL DEFAULT '',
	title      TEXT      NOT NULL,
	path       TEXT      NOT NULL DEFAULT '',
	problem    TEXT      NOT NULL DEFAULT '', -- why it was not sent; '' where it was
	at         TIMESTAMP NOT NULL,
	PRIMARY KEY (kind, record_id, to_address, due_on, days)
);
CREATE INDEX remind_sent_newest ON remind_sent (at);

CREATE TABLE remind_hours (
	hour TEXT NOT NULL PRIMARY KEY
);
