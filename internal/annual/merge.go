package annual

import "kith/internal/kit/merge"

// Merges offers what of this room points at people and organisations.
func (r *Room) Merges() []merge.Offer {
	key := []string{"id"}
	return []merge.Offer{
		{Kind: "person", Refs: []merge.Ref{
			{Table: "annual_chapters", Column: "owner_id", Key: key, One: "chapter", Many: "chapters"}}},
		{Kind: "organisation", Refs: []merge.Ref{
			{Table: "annual_asked", Column: "organisation_id", Key: key, One: "asking to agree a report",
				Many: "askings to agree a report"},
			{Table: "annual_contributions", Column: "organisation_id", Key: key, One: "contribution to a report",
				Many: "contributions to a report"}}},
	}
}
