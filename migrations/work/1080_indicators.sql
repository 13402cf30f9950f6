-- Room indicators: whom a supplied figure counts decides how it is protected. A figure of which it was not said that
-- it counts children is protected as if it did, until somebody says what it counts.
-- +goose Up
ALTER TABLE indicators_attested ADD COLUMN counted TEXT NOT NULL DEFAULT ''; -- empty: nobody has said
UPDATE indicators_attested SET counted = 'children' WHERE protection = 'child';
ALTER TABLE indicators_attested DROP COLUMN protection;
