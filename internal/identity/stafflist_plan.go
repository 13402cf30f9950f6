package identity

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/merge"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A PlannedRow is a row of a staff list with what would be done now.
type PlannedRow struct {
	StaffRow
	Does     string // what would be done, in words; "" for nothing
	Nothing  string // why there is nothing to do
	Ask      string // why somebody should look first
	Waits    []string
	Holdings []web.Holding // what somebody who leaves would leave behind
	held     roles
	given    roles  // those that are new
	person   Person // who they are; no ID for somebody new
	active   bool   // they are to be let in again
}

// Acts reports whether the row would do something.
func (p PlannedRow) Acts() bool { return p.Does != "" }

// Ticked reports whether the row is offered as one to do: not where somebody should look.
func (p PlannedRow) Ticked() bool { return p.Ask == "" }

// A staffPlanner plans rows beside the people and organisations of one moment.
type staffPlanner struct {
	room          *Room
	q             db.Reader
	by            web.Person
	organisations []register.Organisation
	known         catalogue
	alike         map[string][]merge.Candidate // by the words of the name
}

// planStaff says of each row what would be done, by who asks.
func (r *Room) planStaff(ctx context.Context, q db.Reader, by web.Person, rows []StaffRow) ([]PlannedRow, error) {
	s := &staffPlanner{room: r, q: q, by: by, alike: map[string][]merge.Candidate{}}
	var err error
	if s.organisations, err = register.OrganisationList(ctx, q); err != nil {
		return nil, err
	}
	if s.known, err = readCatalogue(ctx, q); err != nil {
		return nil, err
	}
	all, err := mergeCandidates(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		key := names.Of(c.Name).Sorted
		s.alike[key] = append(s.alike[key], c)
	}
	out := make([]PlannedRow, 0, len(rows))
	for _, row := range rows {
		p := PlannedRow{StaffRow: row}
		switch {
		case row.Done != "":
			if !row.Joins() && row.PersonID != "" {
				p.Holdings, err = r.holdings(ctx, q, row.PersonID)
			}
		case row.Odd != "":
			p.Nothing = row.Odd
		case row.Joins():
			err = s.join(ctx, &p)
		default:
			err = s.leave(ctx, &p)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// organisation finds an organisation by its name; why says why there is none.
func (s *staffPlanner) organisation(name string) (id, why string) {
	if name == "" {
		return "", ""
	}
	for _, o := range s.organisations {
		if names.Key(o.Name) == names.Key(name) {
			return o.ID, ""
		}
	}
	why = "There is no organisation called " + name
	form := names.Of(name)
	for _, o := range s.organisations {
		if form.Near(names.Of(o.Name)) != names.Different {
			return "", why + ". Is it " + o.Name + "?"
		}
	}
	return "", why + ". Add it first, or write it as it stands under Organisations"
}

// join plans a row of somebody who joins.
func (s *staffPlanner) join(ctx context.Context, p *PlannedRow) error {
	organisation, why := s.organisation(p.Organisation)
	if why != "" {
		p.Nothing = why
		return nil
	}
	chosen, unknown := s.known.rolesIn(p.Role)
	if unknown != "" {
		p.Nothing = "There is no role called " + unknown
		return nil
	}
	was, err := find(ctx, s.q, EnsurePerson{Name: p.Name, Email: p.Email, OrganisationID: organisation})
	switch {
	case errors.Is(err, db.ErrNotFound):
		was = Person{Name: p.Name, Email: p.Email, JobTitle: p.JobTitle, OrganisationID: db.Opt(organisation), Active: true}
		p.Ask = s.twins(p.StaffRow, organisation)
	case err != nil:
		return err
	}
	held, err := rolesOf(ctx, s.q, was.ID)
	if err != nil {
		return err
	}
	if used, err := anotherSignsIn(ctx, s.q, p.Email, was.ID); err != nil {
		return err
	} else if used && len(chosen) > 0 {
		p.Nothing = "Somebody else signs in with this address: each person who signs in needs their own"
		return nil
	}
	switch {
	case was.ID != "" && organisation != "" && was.OrganisationID != "" && string(was.OrganisationID) != organisation:
		p.Nothing = "Their record says " + was.Organisation + ". Change that on their page first"
		return nil
	case was.ID != "" && organisation != "" && was.OrganisationID == "" && len(held) > 0:
		p.Nothing = "Their record names no organisation, and they have a role. Enter it on their page first"
		return nil
	case was.ID != "" && was.Email == "" && len(chosen) > 0:
		p.Nothing = "Their record has no e-mail address. Enter it on their page first"
		return nil
	}
	p.person, p.held = was, held
	if p.given, err = s.known.give(without(chosen, held.ids())); err != nil {
		return err
	}
	p.active = was.ID != "" && !was.Active
	if p.person.OrganisationID == "" {
		p.person.OrganisationID = db.Opt(organisation)
	}
	p.PersonID = was.ID
	_, waits := divide(s.by, p.person, held, p.given)
	p.Waits = waits.ids()
	s.joinWords(p)
	return nil
}

// joinWords says what a planned row of somebody who joins would do.
func (s *staffPlanner) joinWords(p *PlannedRow) {
	var does []string
	if p.person.ID == "" {
		does = append(does, "adds them")
	}
	waits := p.Waits
	if p.active {
		if mayBecome(s.by, p.held, string(p.person.OrganisationID)) {
			does = append(does, "lets them in again")
		} else {
			does = append(does, "asks a second person to let them in again")
		}
	}
	if now := without(p.given.ids(), waits); len(now) > 0 {
		does = append(does, "gives "+lang.Join(s.known.titles(now)))
	}
	if len(waits) > 0 {
		does = append(does, "asks a second person to agree to "+lang.Join(s.known.titles(waits)))
	}
	if len(does) == 0 {
		p.Nothing = "Nothing to do: they are here already"
		if len(p.held) > 0 {
			p.Nothing += ", as " + lang.Join(p.held.words())
		}
		return
	}
	p.Does = lang.Sentence(lang.Join(does))
}

// twins says who is known already and may be the one that a row means.
func (s *staffPlanner) twins(row StaffRow, organisation string) string {
	var same []string
	for _, c := range s.alike[names.Of(row.Name).Sorted] {
		if c.Email != "" && row.Email != "" && c.Email != row.Email && organisation != "" && c.Group != "" &&
			c.Group != organisation {
			continue // another address at another organisation: two people of one name
		}
		words := c.Name
		if c.GroupName != "" {
			words += " of " + c.GroupName
		}
		if c.Email != "" {
			words += " (" + c.Email + ")"
		}
		same = append(same, words)
	}
	if len(same) == 0 {
		return ""
	}
	return "Perhaps known already: " + lang.JoinOr(same[:min(len(same), namedSeconds)]) +
		". Tick the row only if this is somebody else"
}

// leave plans a row of somebody who leaves.
func (s *staffPlanner) leave(ctx context.Context, p *PlannedRow) error {
	organisation, why := s.organisation(p.Organisation)
	if why != "" {
		p.Nothing = why
		return nil
	}
	was, why, err := s.leaver(ctx, p.StaffRow, organisation)
	if err != nil || why != "" {
		p.Nothing = why
		return err
	}
	held, err := rolesOf(ctx, s.q, was.ID)
	if err != nil {
		return err
	}
	p.person, p.PersonID = was, was.ID
	switch {
	case was.ID == s.by.ID:
		p.Nothing = "This is you: ask another administrator"
	case !mayTake(s.by, held, string(was.OrganisationID)):
		p.Nothing = "They manage people or the settings: ask somebody who manages the settings"
	case !was.Active:
		p.Nothing = "Nothing to do: their account is closed already"
	default:
		p.Does = "Closes their account, and signs them out"
		if len(held) == 0 {
			p.Does = "Closes their record: they can no longer be chosen"
		}
	}
	p.Holdings, err = s.room.holdings(ctx, s.q, was.ID)
	return err
}

// leaver finds who leaves: who has the address and the name, or the one of the name where
// the file has no address. why says why it is nobody.
func (s *staffPlanner) leaver(ctx context.Context, row StaffRow, organisation string) (p Person, why string,
	err error) {
	if row.Email != "" {
		all, err := peopleByEmail(ctx, s.q, row.Email)
		if err != nil {
			return p, "", err
		}
		i := chosenByName(all, EnsurePerson{Name: row.Name, Email: row.Email})
		switch {
		case i < 0 && len(all) > 0:
			return p, "This address belongs to " + all[0].Name, nil
		case i < 0:
			return p, "Nobody here has this address", nil
		}
		p, err = current(ctx, s.q, all, i)
		if err == nil && organisation != "" && string(p.OrganisationID) != organisation {
			why = "Their record says " + cmp.Or(p.Organisation, "no organisation") + ": look whether it is they"
		}
		return p, why, err
	}
	var of []string
	for _, c := range s.alike[names.Of(row.Name).Sorted] {
		if organisation == "" || c.Group == organisation {
			of = append(of, c.ID)
		}
	}
	switch {
	case len(of) == 0:
		return p, "Nobody here has this name" + map[bool]string{true: " at " + row.Organisation}[organisation != ""], nil
	case len(of) > 1:
		return p, fmt.Sprintf("%s people have this name: give the e-mail address", lang.Sentence(lang.Words(len(of)))), nil
	}
	p, err = personByID(ctx, s.q, of[0])
	return p, "", err
}

// markOf is a mark of what would be done, which the form carries: what is confirmed is
// what was seen.
func markOf(rows []PlannedRow) string {
	h := sha256.New()
	for _, p := range rows {
		fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00%s\x00%s\x00%s\n", p.Line, p.PersonID, p.Does, p.Nothing, p.Ask, p.Done,
			strings.Join(p.Waits, ","))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// holdings lists what hangs on a person.
func (r *Room) holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	if r.Holdings == nil {
		return nil, nil
	}
	return r.Holdings(ctx, q, personID)
}

// shownHoldings gives what hangs on a person as somebody may read it: titles where they
// may, and counts of the rest.
func shownHoldings(me web.Person, all []web.Holding) (shown []web.Holding, rest string) {
	counts := map[string]int{}
	var kinds []string
	for _, h := range all {
		if me.May(h.May) {
			shown = append(shown, h)
			continue
		}
		if counts[h.What]++; counts[h.What] == 1 {
			kinds = append(kinds, h.What)
		}
	}
	for i, k := range kinds {
		kinds[i] = fmt.Sprintf("%s: %d", k, counts[k])
	}
	return shown, strings.Join(kinds, "; ")
}
