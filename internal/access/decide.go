package access

import (
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// An Act is what somebody would do with a record. A room may name others.
type Act string

// The acts that most records know.
const (
	Read   Act = "read"
	Change Act = "change"
)

// A Reach says of whose records a rule speaks.
type Reach int

// How far a rule reaches.
const (
	Everybodys      Reach = iota // of every record
	Own                          // of those that are the person's own
	OwnOrganisation              // of those of an organisation that the permission counts for
	Named                        // of those on which the person is named: a panel, the readers of one record
)

// An Object is whose a record is, which is all that a decision looks at in it.
type Object struct {
	PersonID       string   // the person whose it is: who booked, who does the action; "" for nobody's
	OrganisationID string   // the organisation whose it is; "" for none's
	Named          []string // the people who are named on it: its panel, its readers
}

// A Rule lets whoever holds a permission do one thing with some records of a kind.
type Rule struct {
	Do     Act
	Needs  web.Permission
	Of     Reach
	Fields []string     // those that it lets see or change; nil for the record itself
	For    []db.Purpose // what the program itself does it for, when nobody asks; then Needs counts for nothing
}

// A Kind is one kind of record with all of its rules. What no rule lets is not allowed.
// The same rules answer for one record (May) and choose among many in SQL (Where).
type Kind struct {
	Name string // as the audit trail calls it
	// The columns in which a query of the room has whose a record is, such as
	// "b.person_id"; "" where records are nobody's.
	PersonColumn, OrganisationColumn string
	// NamedQuery gives the people who are named on a record of the room's query, such as
	// "SELECT n.person_id FROM reviews_panel n WHERE n.review_id = r.id"; "" where none are.
	NamedQuery string
	Rules      []Rule
}

// In gives the kind with the columns as another query has them.
func (k Kind) In(personColumn, organisationColumn string) Kind {
	k.PersonColumn, k.OrganisationColumn = personColumn, organisationColumn
	return k
}

// WithNamed gives the kind with the query for the people named on a record as another query of the
// room has it.
func (k Kind) WithNamed(query string) Kind {
	k.NamedQuery = query
	return k
}

// May reports whether a person may do something with a record, or with a field of it.
func (k Kind) May(by web.Person, do Act, of Object, field ...string) bool {
	return slices.ContainsFunc(k.asked(by, do, field), func(r Rule) bool { return r.reaches(by, of) })
}

// MayAny reports whether there can be a record with which a person may do something: what
// a page asks before it offers it.
func (k Kind) MayAny(by web.Person, do Act, field ...string) bool {
	return slices.ContainsFunc(k.asked(by, do, field), func(r Rule) bool {
		switch r.Of {
		case Everybodys:
			return true
		case Own, Named:
			return by.ID != ""
		}
		return len(by.ActsFor(r.Needs)) > 0
	})
}

// MayAll reports whether a person may do something with every record there is.
func (k Kind) MayAll(by web.Person, do Act, field ...string) bool {
	return slices.ContainsFunc(k.asked(by, do, field), func(r Rule) bool { return r.Of == Everybodys })
}

// Where writes the condition that lets through the records with which May answers yes, and
// adds its values to the arguments of the query.
func (k Kind) Where(args *[]any, by web.Person, do Act, field ...string) string {
	if k.MayAll(by, do, field...) { // before anything is added to args
		return "1 = 1"
	}
	var ways []string
	for _, r := range k.asked(by, do, field) {
		switch {
		case r.Of == Own && by.ID != "":
			ways = append(ways, k.PersonColumn+" IN "+db.In(args, []string{by.ID}))
		case r.Of == Named && by.ID != "" && k.NamedQuery != "":
			ways = append(ways, db.In(args, []string{by.ID})+" IN ("+k.NamedQuery+")")
		case r.Of == OwnOrganisation:
			ways = append(ways, k.OrganisationColumn+" IN "+db.In(args, by.ActsFor(r.Needs)))
		}
	}
	if len(ways) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(ways, " OR ") + ")"
}

// asked are the rules that could let a person do something, whatever the record.
func (k Kind) asked(by web.Person, do Act, field []string) []Rule {
	var out []Rule
	for _, r := range k.Rules {
		about := len(r.Fields) == 0 && len(field) == 0
		if len(field) > 0 {
			about = !slices.ContainsFunc(field, func(f string) bool { return !slices.Contains(r.Fields, f) })
		}
		if r.Do == do && about && r.holds(by) {
			out = append(out, r)
		}
	}
	return out
}

// holds reports whether a rule is one for a person, or for what the program does.
func (r Rule) holds(by web.Person) bool {
	if by.Purpose != "" {
		return slices.Contains(r.For, by.Purpose)
	}
	return r.Needs != "" && by.May(r.Needs)
}

func (r Rule) reaches(by web.Person, of Object) bool {
	switch r.Of {
	case Everybodys:
		return true
	case Own:
		return by.ID != "" && of.PersonID == by.ID
	case Named:
		return by.ID != "" && slices.Contains(of.Named, by.ID)
	}
	return of.OrganisationID != "" && slices.Contains(by.ActsFor(r.Needs), of.OrganisationID)
}
