-- E-mail: how it is sent, the keys it is signed with, what came of each letter, and the
-- addresses that nothing reaches any more.
-- +goose Up
CREATE TABLE mail_outbox_new (
	id           TEXT      NOT NULL PRIMARY KEY,
	to_address   TEXT      NOT NULL,
	to_name      TEXT      NOT NULL DEFAULT '',
	subject      TEXT      NOT NULL,
	body         TEXT      NOT NULL,
	calendar     TEXT      NOT NULL DEFAULT '',
	state        TEXT      NOT NULL DEFAULT 'waiting'
		CHECK (state IN ('waiting', 'sent', 'failed', 'kept', 'returned', 'held')),
	problem      TEXT      NOT NULL DEFAULT '',
	created_at   TIMESTAMP NOT NULL,
	sent_at      TIMESTAMP,
	token        TEXT      NOT NULL DEFAULT '', -- by which what comes back is known; a secret of the letter
	unsubscribe  TEXT      NOT NULL DEFAULT '', -- address of the page where such letters are ended
	answer       TEXT      NOT NULL DEFAULT '', -- what the mail server said when it took it
	remote_id    TEXT      NOT NULL DEFAULT '', -- the id that GOV.UK Notify gave it
	delivered_at TIMESTAMP                      -- when it was said to have arrived
);
INSERT INTO mail_outbox_new (id, to_address, to_name, subject, body, calendar, state, problem, created_at, sent_at)
	SELECT id, to_address, to_name, subject, body, calendar, state, problem, created_at, sent_at FROM mail_outbox;
DROP TABLE mail_outbox;
ALTER TABLE mail_outbox_new RENAME TO mail_outbox;
CREATE INDEX mail_outbox_newest ON mail_outbox (created_at);
CREATE INDEX mail_outbox_token ON mail_outbox (token) WHERE token <> '';
CREATE INDEX mail_outbox_remote ON mail_outbox (remote_id) WHERE remote_id <> '';

-- The addresses that mail came back from for good.
CREATE TABLE mail_returned (
	address   TEXT      NOT NULL PRIMARY KEY, -- in small letters
	at        TIMESTAMP NOT NULL,
	words     TEXT      NOT NULL,             -- why, for people
	detail    TEXT      NOT NULL DEFAULT '',  -- what the mail server said
	letter_id TEXT      NOT NULL DEFAULT ''
);

-- How mail is sent: one row once somebody has chosen.
CREATE TABLE mail_sender (
	id       BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	how      TEXT   NOT NULL CHECK (how IN ('smtp', 'notify', 'none')),
	host     TEXT   NOT NULL DEFAULT '',
	port     BIGINT NOT NULL DEFAULT 0,
	security TEXT   NOT NULL DEFAULT 'starttls' CHECK (security IN ('starttls', 'tls', 'plain')),
	username TEXT   NOT NULL DEFAULT '',
	secret   TEXT   NOT NULL DEFAULT '', -- the password or API key, sealed
	template TEXT   NOT NULL DEFAULT '', -- of GOV.UK Notify
	base     TEXT   NOT NULL DEFAULT '', -- of GOV.UK Notify's API
	returns  TEXT   NOT NULL DEFAULT '', -- the mailbox that what cannot be delivered comes back to
	leaves   TEXT   NOT NULL DEFAULT ''  -- addresses that mail leaves the relay from
);

-- The keys that mail is signed with (DKIM).
CREATE TABLE mail_keys (
	selector   TEXT      NOT NULL PRIMARY KEY,
	domain     TEXT      NOT NULL,
	private    TEXT      NOT NULL, -- sealed
	public     TEXT      NOT NULL, -- as the DNS record has it
	state      TEXT      NOT NULL CHECK (state IN ('waiting', 'signing', 'retired')),
	made_at    TIMESTAMP NOT NULL,
	changed_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX mail_keys_signing ON mail_keys (domain) WHERE state = 'signing';

-- What was said to have come back or arrived, and what came of that.
CREATE TABLE mail_reports (
	id        TEXT      NOT NULL PRIMARY KEY,
	at        TIMESTAMP NOT NULL,
	way       TEXT      NOT NULL, -- smtp, file, command, notify
	outcome   TEXT      NOT NULL CHECK (outcome IN ('returned', 'delivered', 'delayed', 'unknown', 'unread')),
	address   TEXT      NOT NULL DEFAULT '',
	words     TEXT      NOT NULL DEFAULT '',
	letter_id TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX mail_reports_newest ON mail_reports (at);
