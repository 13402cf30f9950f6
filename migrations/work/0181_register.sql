-- What a partnership calls things that areas call differently: only where its word
-- is not the one that register.StandardTerms begins with.
-- +goose Up
CREATE TABLE register_terms (
	standard TEXT NOT NULL PRIMARY KEY, -- the word that the program's own texts have: front door
	word     TEXT NOT NULL              -- what this partnership says: MASH
);
