package annual

import "kith/internal/kit/merge"

// Merges offers what of this room points at organisations.
func (r *Room) Merges() []merge.Offer {
	return []merge.Offer{{Kind: "organisation", Refs: []merge.Ref{
		{Table: "annual_asked", Column: "organisation_id", Key: []string{"id"}, One: "asking to agree a report",
			Many: "askings to agree a report"}}}}
}
