package app

import (
	"cmp"
	"context"
	"io/fs"
	"slices"

	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/partnership"
	"kith/internal/sites"
)

// This file hands rooms to each other: each type here is one room, in the shape
// in which another asked for it.

type fsys = fs.FS

// peopleOf is identity, for partnership and training. The room is made after
// they are, so it is looked up when it is used.
type peopleOf struct{ a *App }

func (p *peopleOf) MoveOrganisation(ctx context.Context, q db.Q, from, to string) (int64, error) {
	return p.a.Identity.MoveOrganisation(ctx, q, from, to)
}

func (p *peopleOf) Ensure(ctx context.Context, q db.Q, name, email, jobTitle, organisationID string) (string, bool, error) {
	return p.a.Identity.Ensure(ctx, q, identity.EnsurePerson{Name: name, Email: email, JobTitle: jobTitle, OrganisationID: organisationID})
}

// publicProfile is what sites may publish of the partnership.
type publicProfile struct{ a *App }

func (p publicProfile) PublicProfile(ctx context.Context) (sites.Profile, error) {
	profile, err := p.a.Partnership.Profile(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	out := sites.Profile{Name: profile.Name, Area: profile.Area, Email: profile.MailFrom}
	contacts, err := p.a.Partnership.Contacts(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	// The site says 999 by itself, and takes the first contact for the front door.
	slices.SortStableFunc(contacts, func(a, b partnership.Contact) int { return cmp.Compare(rank(a), rank(b)) })
	for _, c := range contacts {
		if c.Purpose == "emergency" {
			continue
		}
		out.Contacts = append(out.Contacts, sites.Contact{Name: c.Name, Phone: c.Number, When: c.Answers, Night: c.Purpose == "front-door-night"})
		if out.CheckedOn.IsZero() || !c.CheckedOn.IsZero() && c.CheckedOn.Before(out.CheckedOn) {
			out.CheckedOn = c.CheckedOn
		}
	}
	orgs, err := p.a.Partnership.Organisations(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, o := range orgs {
		out.Agencies = append(out.Agencies, sites.Agency{Name: o.Name, Sector: partnership.SectorName(o.Sector)})
	}
	partners, err := p.a.Partnership.StatutoryPartners(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, o := range partners {
		out.Statutory = append(out.Statutory, o.Name)
	}
	groups, err := p.a.Partnership.Structure(ctx)
	if err != nil {
		return sites.Profile{}, err
	}
	for _, g := range groups {
		body := sites.Body{Name: g.Name, Does: g.Purpose}
		for _, seat := range g.Seats {
			if seat.Role == "Chair" {
				body.Chair = seat.Organisation
				if seat.Name != "" {
					body.Chair = seat.Name + ", " + seat.Organisation
				}
				continue
			}
			body.Members = append(body.Members, seat.Organisation)
		}
		out.Bodies = append(out.Bodies, body)
	}
	return out, nil
}

// rank puts the front door's contacts first, by day before by night.
func rank(c partnership.Contact) int {
	if i := slices.Index([]string{"front-door-day", "front-door-night", "childline"}, c.Purpose); i >= 0 {
		return i
	}
	return 9
}
