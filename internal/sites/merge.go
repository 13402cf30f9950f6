package sites

import "kith/internal/kit/merge"

// Merges offers what of this room points at people.
func (r *Room) Merges() []merge.Offer {
	return []merge.Offer{{Kind: "person", Refs: []merge.Ref{
		{Table: "sites_pages", Column: "owner_id", Key: []string{"slug"}, One: "page to keep right",
			Many: "pages to keep right"},
	}}}
}
