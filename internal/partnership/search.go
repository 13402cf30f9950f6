package partnership

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// committeeSubject is what the audit trail calls a committee.
const committeeSubject = "committee"

// Searchable is what can be found of the room. A committee's meetings are found with
// it, and in its name.
func (r *Room) Searchable() []search.Source {
	readers := []web.Permission{access.PartnershipRead}
	return []search.Source{
		{Kind: register.OrganisationSubject, Group: search.People, Permissions: readers, Read: findableOrganisations,
			Describe: describeOrganisations},
		{Kind: committeeSubject, Group: search.Meetings, Permissions: readers, Read: findableCommittees,
			Follows: map[string]func(context.Context, db.Reader, string) ([]string, error){"meeting": committeeOf}},
	}
}

func findableOrganisations(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := organisationsAmong(ctx, q, ids)
	var out []search.Document
	for _, o := range list {
		if o.SameAs != "" { // its own page leads to the record that it was merged into
			continue
		}
		out = append(out, search.Document{Record: o.ID, Permission: access.PartnershipRead,
			Href: "/work/organisations/" + o.ID, Title: o.Name})
	}
	return out, err
}

func describeOrganisations(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := organisationsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, o := range list {
		l := search.Line{Details: "Organisation · " + o.SectorTitle}
		if o.Ended() {
			l.Tone, l.Tag = "quiet", "Ended"
		}
		out[o.ID] = l
	}
	return out, err
}

func findableCommittees(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := committeesAmong(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []search.Document
	named := map[string]string{}
	for _, c := range list {
		named[c.ID] = c.Name
		out = append(out, search.Document{Record: c.ID, Permission: access.PartnershipRead, Href: "/work/committees/" + c.ID,
			Title: c.Name, Details: c.Meets, Body: c.Purpose, Day: c.EndedOn})
	}
	meetings, err := meetingsAmong(ctx, q, ids)
	for _, m := range meetings {
		out = append(out, search.Document{Record: m.CommitteeID, Item: m.ID, Permission: access.PartnershipRead,
			Href: "/work/committees/" + m.CommitteeID, Title: named[m.CommitteeID] + ", " + m.HeldOn.Words(),
			Details: "Meeting", Body: m.About, Day: m.HeldOn})
	}
	return out, err
}
