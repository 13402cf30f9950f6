-- What the kit keeps: jobs, mail to send, imports, the audit trail, settings.
-- +goose Up
CREATE TABLE jobs (
	id         TEXT      NOT NULL PRIMARY KEY,
	kind       TEXT      NOT NULL,
	payload    TEXT      NOT NULL DEFAULT '',
	state      TEXT      NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'failed')),
	attempt    BIGINT    NOT NULL DEFAULT 0,
	problem    TEXT      NOT NULL DEFAULT '',
	run_at     TIMESTAMP NOT NULL,
	held_until TIMESTAMP,
	created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_ready ON jobs (run_at) WHERE state <> 'failed';

CREATE TABLE mail_outbox (
	id         TEXT      NOT NULL PRIMARY KEY,
	to_address TEXT      NOT NULL,
	to_name    TEXT      NOT NULL DEFAULT '',
	subject    TEXT      NOT NULL,
	body       TEXT      NOT NULL,
	calendar   TEXT      NOT NULL DEFAULT '',
	state      TEXT      NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'kept')),
	problem    TEXT      NOT NULL DEFAULT '',
	created_at TIMESTAMP NOT NULL,
	sent_at    TIMESTAMP
);
CREATE INDEX mail_outbox_newest ON mail_outbox (created_at);

CREATE TABLE intake_imports (
	id            TEXT      NOT NULL PRIMARY KEY,
	kind          TEXT      NOT NULL,
	year          TEXT      NOT NULL DEFAULT '',
	authority     TEXT      NOT NULL DEFAULT '',
	state         TEXT      NOT NULL CHECK (state IN ('running', 'refused', 'loaded', 'replaced', 'withdrawn', 'cancelled', 'interrupted')),
	progress      TEXT      NOT NULL DEFAULT '',
	problem       TEXT      NOT NULL DEFAULT '',
	summary       TEXT      NOT NULL DEFAULT '',
	rows_read     BIGINT    NOT NULL DEFAULT 0,
	finding_count BIGINT    NOT NULL DEFAULT 0,
	reader        TEXT      NOT NULL DEFAULT '',
	by_person     TEXT      NOT NULL DEFAULT '',
	replaced_by   TEXT      NOT NULL DEFAULT '',
	created_at    TIMESTAMP NOT NULL,
	ended_at      TIMESTAMP
);
CREATE INDEX intake_imports_of ON intake_imports (kind, year, authority);

CREATE TABLE intake_files (
	import_id TEXT   NOT NULL REFERENCES intake_imports (id) ON DELETE CASCADE,
	name      TEXT   NOT NULL,
	sha256    TEXT   NOT NULL,
	size      BIGINT NOT NULL,
	rows_read BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (import_id, name)
);

CREATE TABLE intake_findings (
	import_id TEXT   NOT NULL REFERENCES intake_imports (id) ON DELETE CASCADE,
	number    BIGINT NOT NULL,
	file      TEXT   NOT NULL DEFAULT '',
	line      BIGINT NOT NULL DEFAULT 0,
	field     TEXT   NOT NULL DEFAULT '',
	rule      TEXT   NOT NULL,
	message   TEXT   NOT NULL,
	PRIMARY KEY (import_id, number)
);

CREATE TABLE audit_trail (
	id         TEXT      NOT NULL PRIMARY KEY,
	at         TIMESTAMP NOT NULL,
	person_id  TEXT      NOT NULL DEFAULT '',
	person     TEXT      NOT NULL DEFAULT '',
	act        TEXT      NOT NULL,
	subject    TEXT      NOT NULL,
	subject_id TEXT      NOT NULL DEFAULT '',
	detail     TEXT      NOT NULL DEFAULT ''
);
CREATE INDEX audit_trail_newest ON audit_trail (at);

CREATE TABLE settings (
	name       TEXT      NOT NULL PRIMARY KEY,
	value      TEXT      NOT NULL,
	changed_at TIMESTAMP NOT NULL,
	changed_by TEXT      NOT NULL DEFAULT ''
);
