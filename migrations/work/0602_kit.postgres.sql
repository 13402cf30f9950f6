-- The stems of each document of kit/search. Long ones lie beside the table, so that
-- counting what a word finds reads few pages.
-- parity: leaves out search_words, search_words_stems
-- +goose Up
CREATE TABLE search_words (
	rowid BIGINT   NOT NULL PRIMARY KEY,
	stems TSVECTOR NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE search_words ALTER COLUMN stems SET STORAGE EXTERNAL;
CREATE INDEX search_words_stems ON search_words USING gin (stems) WITH (fastupdate = off);
