package partnership

import (
	"context"
	"fmt"

	"kith/internal/kit/ui"
)

// A Group is a committee as the public is shown it.
type Group struct {
	ID      string
	Name    string
	Purpose string
	Meets   string
	Seats   []Seat
}

// A Seat is what the public is told of a committee's member: the organisation
// and what they are on the committee, and the name only where it may be shown.
type Seat struct {
	Role         string // in words: "Chair"
	Organisation string
	Name         string // "" unless marked public
	JobTitle     string // "" unless the name is public
	Count        int    // seats alike that have no name: "3 members"
}

// Structure lists the committees there are and who sits on them today, as the
// public may know it. Names that are not public never leave this function.
func (r *Room) Structure(ctx context.Context) ([]Group, error) {
	list, _, err := listCommittees(ctx, r.Work, committeeFilter{Limit: ui.EveryRow})
	if err != nil {
		return nil, fmt.Errorf("read committees: %w", err)
	}
	members, err := allSeats(ctx, r.Work, r.Now.Today())
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	byCommittee := map[string][]Seat{}
	for _, m := range members {
		byCommittee[m.CommitteeID] = addSeat(byCommittee[m.CommitteeID], m)
	}
	var out []Group
	for _, c := range list {
		out = append(out, Group{ID: c.ID, Name: c.Name, Purpose: c.Purpose, Meets: c.Meets, Seats: byCommittee[c.ID]})
	}
	return out, nil
}

// addSeat adds a member to a committee's seats, counting those without a name
// that are alike.
func addSeat(seats []Seat, m Member) []Seat {
	s := Seat{Role: m.RoleTitle(), Organisation: m.Organisation, Count: 1}
	if m.Public {
		s.Name, s.JobTitle = m.Person, m.JobTitle
		return append(seats, s)
	}
	for i, old := range seats {
		if old.Name == "" && old.Role == s.Role && old.Organisation == s.Organisation {
			seats[i].Count++
			return seats
		}
	}
	return append(seats, s)
}

// StatutoryPartners lists the statutory safeguarding partners there are.
func (r *Room) StatutoryPartners(ctx context.Context) ([]Organisation, error) {
	list, err := statutoryPartners(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("read statutory partners: %w", err)
	}
	return list, nil
}

// Organisations lists those there are now, for another room's form.
func (r *Room) Organisations(ctx context.Context) ([]Organisation, error) {
	return openOrganisations(ctx, r.Work)
}

// OrganisationByID finds one organisation.
func (r *Room) OrganisationByID(ctx context.Context, id string) (Organisation, error) {
	return organisationByID(ctx, r.Work, id)
}
