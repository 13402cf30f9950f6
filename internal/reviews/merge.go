package reviews

import "kith/internal/kit/merge"

// Merges offers what of this room points at organisations.
func (r *Room) Merges() []merge.Offer {
	return []merge.Offer{{Kind: "organisation", Refs: []merge.Ref{
		{Table: "reviews_register", Column: "commissioner_id", Key: []string{"id"}, One: "review that it commissioned",
			Many: "reviews that it commissioned"},
	}}}
}
