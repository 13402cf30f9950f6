-- Room plan: an action's helpers, who say something at it and add files beside its owner.
-- +goose Up
CREATE TABLE plan_helpers (
	action_id TEXT NOT NULL REFERENCES plan_actions (id),
	person_id TEXT NOT NULL REFERENCES people (id),
	PRIMARY KEY (action_id, person_id)
);
CREATE INDEX plan_helpers_of ON plan_helpers (person_id);
