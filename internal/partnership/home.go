package partnership

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// Days are the meetings of a financial year.
func (r *Room) Days(ctx context.Context, p web.Person, year string) ([]web.Day, error) {
	if !p.May(access.PartnershipRead) {
		return nil, nil
	}
	y, err := period.ParseYear(year)
	if err != nil {
		return nil, db.Wrap(err, "meetings of %s", year)
	}
	type row struct {
		CommitteeID string
		Committee   string
		HeldOn      db.Date
	}
	list, err := db.All[row](ctx, r.Work, `
		SELECT m.committee_id, c.name, m.held_on FROM partnership_meetings m JOIN partnership_committees c ON c.id = m.committee_id
		WHERE m.held_on BETWEEN $1 AND $2 ORDER BY m.held_on, m.id`, y.Span().From, y.Span().To)
	var out []web.Day
	for _, m := range list {
		out = append(out, web.Day{Row: "Meetings", Title: m.Committee, Href: "/work/committees/" + m.CommitteeID,
			From: m.HeldOn})
	}
	return out, db.Wrap(err, "meetings of %s", year)
}

// Partners lists the statutory safeguarding partners in the caller's transaction.
func (r *Room) Partners(ctx context.Context, q db.Reader) ([]Organisation, error) {
	list, err := statutoryPartners(ctx, q)
	return list, db.Wrap(err, "read the safeguarding partners")
}
