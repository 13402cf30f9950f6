-- Room partnership: what an organisation is compared by, and whether the partnership has
-- named it as a relevant agency. Only those named stand on the public site.
-- +goose Up
ALTER TABLE organisations ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- names.Key of the name
ALTER TABLE organisations ADD COLUMN agency TEXT NOT NULL DEFAULT '' CHECK (agency IN ('', 'yes', 'no')); -- '': nobody has said
ALTER TABLE organisations ADD COLUMN brought BOOLEAN NOT NULL DEFAULT FALSE; -- a file named it, and nobody has looked since
UPDATE organisations SET name_key = folded;
DROP INDEX organisations_one_name;
CREATE UNIQUE INDEX organisations_one_name ON organisations (name_key) WHERE name_key <> '';
CREATE INDEX organisations_by_name ON organisations (folded, id);

-- Somebody added or changed these by hand. Of the rest a file's word is all there is.
UPDATE organisations SET agency = 'yes' WHERE statutory OR EXISTS (
	SELECT 1 FROM audit_trail t WHERE t.subject = 'organisation' AND t.subject_id = organisations.id AND t.act IN ('added', 'changed'));
UPDATE organisations SET brought = TRUE WHERE agency = '';
