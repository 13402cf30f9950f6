package partnership

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the seats that a person has on groups, for handing over when they leave.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	type seat struct{ ID, Name string }
	list, err := db.All[seat](ctx, q, `
		SELECT c.id, c.name FROM partnership_members m JOIN partnership_committees c ON c.id = m.committee_id
		WHERE m.person_id = $1 AND m.to_on IS NULL ORDER BY c.name, m.id`, personID)
	var out []web.Holding
	for _, s := range list {
		out = append(out, web.Holding{What: "Seat", Title: s.Name, Href: committeeHref(s.ID), May: access.PartnershipRead})
	}
	return out, db.Wrap(err, "list the seats of %s", personID)
}
