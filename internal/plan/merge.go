package plan

import "kith/internal/kit/merge"

// Merges offers what of this room points at people and organisations.
func (r *Room) Merges() []merge.Offer {
	key := []string{"id"}
	return []merge.Offer{
		{Kind: "person", Refs: []merge.Ref{
			{Table: "plan_priorities", Column: "owner_id", Key: key, One: "priority", Many: "priorities"},
			{Table: "plan_actions", Column: "owner_id", Key: key, One: "action", Many: "actions"},
			{Table: "plan_actions", Column: "officer_id", Key: key, One: "action in hand",
				Many: "actions in hand"},
			{Table: "plan_helpers", Column: "person_id", Key: []string{"action_id"}, One: "action that they help with",
				Many: "actions that they help with", Twice: `EXISTS (SELECT 1 FROM plan_helpers h
				WHERE h.action_id = x.action_id AND h.person_id = $2)`},
			{Table: "plan_scrutiny", Column: "author_id", Key: key, One: "scrutiny note", Many: "scrutiny notes"},
			{Table: "plan_enquiries", Column: "author_id", Key: key, One: "line of enquiry", Many: "lines of enquiry"},
		}},
		{Kind: "organisation", Refs: []merge.Ref{
			{Table: "plan_actions", Column: "organisation_id", Key: key, One: "action", Many: "actions"},
			{Table: "plan_decisions", Column: "organisation_id", Key: key, One: "decision", Many: "decisions"},
		}},
	}
}
