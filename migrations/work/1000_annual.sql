-- Room annual: the statutory partners agree a report before it is published.
-- +goose Up

-- The draft was sent to be agreed. One asking of a report is open at a time.
CREATE TABLE annual_askings (
	id          TEXT      NOT NULL PRIMARY KEY,
	year        TEXT      NOT NULL REFERENCES annual_reports (year),
	asked_at    TIMESTAMP NOT NULL,
	asked_by_id TEXT      NOT NULL,
	asked_by    TEXT      NOT NULL, -- the name as it was
	due_on      TEXT      NOT NULL, -- to answer by
	words       TEXT      NOT NULL DEFAULT '',
	ended_at    TIMESTAMP,
	ended_by    TEXT      NOT NULL DEFAULT '',
	ended_how   TEXT      NOT NULL DEFAULT '' CHECK (ended_how IN ('', 'called back', 'published'))
);
CREATE UNIQUE INDEX annual_askings_open ON annual_askings (year) WHERE ended_at IS NULL;

-- Who was asked, each for a statutory partner. Who is asked again answers in another turn.
CREATE TABLE annual_asked (
	id              TEXT      NOT NULL PRIMARY KEY,
	asking_id       TEXT      NOT NULL REFERENCES annual_askings (id),
	person_id       TEXT      NOT NULL REFERENCES people (id),
	organisation_id TEXT      NOT NULL REFERENCES organisations (id),
	turn            BIGINT    NOT NULL DEFAULT 1,
	asked_at        TIMESTAMP NOT NULL,
	reminded_at     TIMESTAMP
);
CREATE INDEX annual_asked_by ON annual_asked (asking_id);
CREATE INDEX annual_asked_of ON annual_asked (person_id);

-- What each said, in the order they said it: the last counts.
CREATE TABLE annual_answers (
	id         TEXT      NOT NULL PRIMARY KEY,
	asked_id   TEXT      NOT NULL REFERENCES annual_asked (id),
	turn       BIGINT    NOT NULL,
	person_id  TEXT      NOT NULL,
	person     TEXT      NOT NULL, -- the name as it was
	answer     TEXT      NOT NULL CHECK (answer IN ('agreed', 'change', 'declined')),
	words      TEXT      NOT NULL DEFAULT '',
	chapter    TEXT      NOT NULL DEFAULT '', -- the title, where the words are of one chapter
	created_at TIMESTAMP NOT NULL,
	CONSTRAINT annual_answers_say_why CHECK (answer = 'agreed' OR words <> '')
);
CREATE INDEX annual_answers_of ON annual_answers (asked_id, created_at);

-- The text that an answer is about: each chapter, and what stands round the chapters.
CREATE TABLE annual_answered_texts (
	answer_id  TEXT   NOT NULL REFERENCES annual_answers (id),
	position   BIGINT NOT NULL,
	chapter_id TEXT   NOT NULL DEFAULT '', -- empty for what stands round the chapters
	title      TEXT   NOT NULL,
	version    BIGINT NOT NULL DEFAULT 0,  -- in annual_versions
	text       TEXT   NOT NULL,            -- SHA-256 of the words
	figures    TEXT   NOT NULL DEFAULT '', -- SHA-256 of the figures as they were shown
	PRIMARY KEY (answer_id, position)
);

-- Who had agreed a publication, and why it was published where somebody had not.
ALTER TABLE annual_publications ADD COLUMN agreed TEXT NOT NULL DEFAULT '';
ALTER TABLE annual_publications ADD COLUMN not_agreed TEXT NOT NULL DEFAULT '';
ALTER TABLE annual_publications ADD COLUMN not_agreed_why TEXT NOT NULL DEFAULT '';
