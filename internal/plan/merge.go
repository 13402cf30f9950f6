package plan

import "kith/internal/kit/merge"

// Merges offers what of this room points at people and organisations.
func (r *Room) Merges() []merge.Offer {
	key := []string{"id"}
	return []merge.Offer{
		{Kind: "person", Refs: []merge.Ref{
			{Table: "plan_priorities", Column: "owner_id", Key: key, One: "priority", Many: "priorities"},
			{Table: "plan_actions", Column: "owner_id", Key: key, One: "action", Many: "actions"},
		}},
		{Kind: "organisation", Refs: []merge.Ref{
			{Table: "plan_actions", Column: "organisation_id", Key: key, One: "action", Many: "actions"},
		}},
	}
}
