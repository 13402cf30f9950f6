-- The stems of each document of kit/search, which keeps no text of its own.
-- parity: leaves out search_words, search_words_data, search_words_idx, search_words_content, search_words_docsize
-- parity: leaves out search_words_config
-- +goose Up
CREATE VIRTUAL TABLE search_words USING fts5(stems, content='', contentless_delete=1, detail=none, tokenize='ascii');
