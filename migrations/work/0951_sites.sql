-- Room sites: what the pages that the law asks for say of the partnership, and where leaving a
-- page leads, as an editor entered it. The public sees it once it is published.
-- +goose Up
CREATE TABLE sites_facts (
	id         TEXT NOT NULL PRIMARY KEY CHECK (id = 'facts'),
	facts      TEXT NOT NULL, -- as JSON
	changed_at TIMESTAMP
);
INSERT INTO sites_facts (id, facts) VALUES ('facts', '{}');
