package training

import (
	"context"
	"net/mail"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
)

// Several people are booked at once from a list that is pasted: a person a line, with name,
// e-mail address and agency in any of the ways in which such lists are written.

// mostLines is how many people are booked at once.
const mostLines = 200

// A pastedLine is one person of a pasted list.
type pastedLine struct {
	Number       int // of the line, from 1
	Text         string
	Name         string
	Email        string
	Organisation string // in the words of the list
}

// readPasted reads a pasted list. Empty lines and a line of headings are passed over.
func readPasted(text string) (out []pastedLine) {
	for i, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || i == 0 && isHeading(line) {
			continue
		}
		p := pastedLine{Number: i + 1, Text: line}
		var rest []string
		for _, part := range partsOf(line) {
			address, err := mail.ParseAddress(part)
			switch {
			case p.Email == "" && err == nil && strings.Contains(part, "@"):
				p.Email = strings.ToLower(address.Address)
				if p.Name == "" {
					p.Name = oneLine(address.Name)
				}
			case p.Name == "":
				p.Name = oneLine(part)
			default:
				rest = append(rest, oneLine(part))
			}
		}
		p.Organisation = strings.Join(rest, ", ")
		out = append(out, p)
	}
	return out
}

// partsOf cuts a line at tabs, or else at semicolons, or else at commas.
func partsOf(line string) (out []string) {
	cut := ","
	for _, c := range []string{"\t", ";"} {
		if strings.Contains(line, c) {
			cut = c
			break
		}
	}
	for part := range strings.SplitSeq(line, cut) {
		if part = strings.Trim(strings.TrimSpace(part), `"`); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// isHeading reports whether a line names columns and no person.
func isHeading(line string) bool {
	parts := partsOf(line)
	if len(parts) == 0 || strings.Contains(line, "@") {
		return false
	}
	first := strings.ToLower(parts[0])
	return first == "name" || first == "full name" || first == "person" || first == "e-mail" || first == "email"
}

// What is done with a line.
const (
	asNew = "new" // somebody who is not known yet is added
	asOut = "out" // nothing
)

// A pastedRow is what is made of a line.
type pastedRow struct {
	pastedLine
	Fits     []learner // people that it may be
	As       string    // a person's id, asNew or asOut; "" until it is answered
	Org      string    // of somebody who is added
	Why      string    // it is left out, or asked about, because
	Settled  bool      // there is nothing to answer
	AsksOrg  bool      // which organisation is to be chosen
	Standing string    // "booked" or "waiting", when they have a place or wait already
}

// matcher finds whom the lines of a pasted list name.
type matcher struct {
	q         db.Reader
	by        web.Person
	sessionID string
	orgs      map[string]string // ids by the key of the name, of those that by may add people to
	only      string            // the one organisation there is; "" when there are several
	usual     string            // of those whose line names none
	seen      map[string]int    // the lines on which people stood already
}

func (m *matcher) match(ctx context.Context, p pastedLine) (row pastedRow, err error) {
	row = pastedRow{pastedLine: p}
	out := func(why string) (pastedRow, error) {
		row.As, row.Why, row.Settled = asOut, why, true
		return row, nil
	}
	if p.Name == "" && p.Email == "" {
		return out("no name and no e-mail address can be read")
	}
	if strings.Contains(p.Name+p.Organisation, "@") {
		return out("the e-mail address cannot be read")
	}
	m.organise(&row)
	known, err := m.known(ctx, p)
	if err != nil {
		return row, err
	}
	for _, x := range known {
		if learnerRules.May(m.by, access.Change, x.of()) {
			row.Fits = append(row.Fits, x)
		}
	}
	if p.Email != "" && len(known) > len(row.Fits) && !bookingRules.MayAll(m.by, access.Change) {
		return out("the training officer has to book this person")
	}
	sure := -1
	for i, x := range row.Fits {
		if names.Key(x.Name) == names.Key(p.Name) || p.Name == "" && len(row.Fits) == 1 {
			if p.Email != "" && x.Email == p.Email && sure < 0 {
				sure = i
			}
		}
	}
	switch {
	case sure >= 0:
		row.As, row.Settled = row.Fits[sure].ID, true
	case len(row.Fits) > 0 && p.Email != "" && row.Fits[0].Email == p.Email:
		row.Why = "the address is known with another name"
	case len(row.Fits) > 0:
		row.Why = "somebody of this name is known"
	case m.only != "" && p.Organisation != "" && m.orgs[names.Key(p.Organisation)] != m.only:
		row.Why = "the line says " + p.Organisation + ", and they would be added to your organisation"
	default:
		row.As, row.Settled = asNew, !row.AsksOrg
	}
	return row, m.standing(ctx, &row)
}

// organise finds the organisation of somebody who would be added.
func (m *matcher) organise(row *pastedRow) {
	row.Org = m.orgs[names.Key(row.Organisation)]
	switch {
	case m.only != "":
		row.Org = m.only
	case row.Organisation == "":
		row.Org = m.usual
	}
	row.AsksOrg = row.Org == ""
}

// known lists whom a line may mean: whoever has its address, or else its name.
func (m *matcher) known(ctx context.Context, p pastedLine) (list []learner, err error) {
	if p.Email != "" {
		if list, err = learnersAt(ctx, m.q, p.Email); err != nil || len(list) > 0 {
			return list, err
		}
	}
	if p.Name == "" {
		return nil, nil
	}
	return learnersWhere(ctx, m.q, `WHERE p.active AND p.name_key = $1`, names.Key(p.Name))
}

// standing settles a line whose person has a place already, waits already or stood above.
func (m *matcher) standing(ctx context.Context, row *pastedRow) error {
	key := row.As
	if key == asNew {
		key = names.Key(row.Name) + "\x00" + row.Email
	}
	if row.As != "" {
		if at := m.seen[key]; at > 0 {
			row.As, row.Why, row.Settled = asOut, "the same as a line above", true
			return nil
		}
		m.seen[key] = row.Number
	}
	if row.As == "" || row.As == asNew {
		return nil
	}
	what, err := standsOn(ctx, m.q, m.sessionID, row.As)
	if err == nil && what != "" {
		row.As, row.Settled, row.Standing = asOut, true, what
		row.Why = map[string]string{"booked": "has a place already", "waiting": "is on the waiting list already"}[what]
	}
	return err
}
