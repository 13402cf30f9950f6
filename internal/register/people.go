package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A Person is somebody active, as every room may know them.
type Person struct{ ID, Name, Email string }

// What the audit trail calls people and organisations, and what they are found as.
const (
	PersonSubject       = "person"
	OrganisationSubject = "organisation"
)

// Words are how a person stands in a picker: the address tells them from others
// of their name.
func (p Person) Words() string { return PersonWords(p.Name, p.Email) }

// PersonWords are the words of a person in a picker, for a form that is filled
// from a record.
func PersonWords(name, email string) string {
	if email == "" {
		return name
	}
	return name + " (" + email + ")"
}

// ErrSeveral says that an address alone does not tell who is meant.
var ErrSeveral = errors.New("several people have this e-mail address")

// PersonByEmail finds the one person active who has an address. It returns
// db.ErrNotFound, or ErrSeveral where people share their office's address.
func PersonByEmail(ctx context.Context, q db.Reader, email string) (Person, error) {
	list, err := peopleByEmail(ctx, q, email)
	switch {
	case err != nil:
		return Person{}, err
	case len(list) == 0:
		return Person{}, db.ErrNotFound
	case len(list) > 1:
		return Person{}, ErrSeveral
	}
	return list[0], nil
}

// peopleByEmail lists those active who have an address.
func peopleByEmail(ctx context.Context, q db.Reader, email string) ([]Person, error) {
	return db.All[Person](ctx, q, `
		SELECT id, name, email FROM people WHERE email = $1 AND email <> '' AND active ORDER BY folded, id`,
		names.Email(email))
}

// PersonName gives the name of anybody who is, or was, known.
func PersonName(ctx context.Context, q db.Reader, id string) (string, error) {
	return db.Get[string](ctx, q, `SELECT name FROM people WHERE id = $1`, id)
}

// personByID finds somebody who is active, or was chosen before.
func personByID(ctx context.Context, q db.Reader, id, kept string) (Person, error) {
	return db.Get[Person](ctx, q, `SELECT id, name, email FROM people WHERE id = $1 AND (active OR id = $2)`, id, kept)
}

// A Found is a person among several who fit what was typed.
type Found struct{ ID, Name, Email, JobTitle, Organisation string }

// Person is the person, as every room may know them.
func (f Found) Person() Person { return Person{ID: f.ID, Name: f.Name, Email: f.Email} }

// More tells a person from others of their name: what they do, and where.
func (f Found) More() string {
	return strings.Join(slices.DeleteFunc([]string{f.JobTitle, f.Organisation}, func(s string) bool { return s == "" }),
		", ")
}

// MostFound is how many people are offered at once.
const MostFound = 10

// FindPeople finds active people of whom each word typed begins a name, or their
// address: those whose name begins with what was typed come first. It gives at most
// MostFound, and whether there are more. It finds those whose address by may see.
func FindPeople(ctx context.Context, q db.Reader, by web.Person, typed string) (list []Found, more bool, err error) {
	var args []any
	where, first, ok := beginsWords(&args, "p.folded", typed)
	if !ok {
		return nil, false, nil
	}
	rule := access.Addresses.Where(&args, by, access.Read)
	args = append(args, first, MostFound+1)
	order := fmt.Sprintf(`CASE WHEN %[1]s LIKE $%[2]d ESCAPE '\' THEN 0 ELSE 1 END, %[1]s, p.id`,
		fmt.Sprintf(spelt, "p.folded"), len(args)-1)
	// The few are picked in an index (people_spelt); only their rows are then read.
	list, err = db.All[Found](ctx, q, fmt.Sprintf(`
		SELECT p.id, p.name, p.email, p.job_title, COALESCE(o.name, '')
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.id IN (SELECT p.id FROM people p WHERE p.active AND %s AND %s ORDER BY %s LIMIT $%d)
		ORDER BY %s`, where, rule, order, len(args), order), args...)
	if len(list) > MostFound {
		list, more = list[:MostFound], true
	}
	return list, more, db.Wrap(err, "find people")
}

// PickPerson reads a field of {{personPicker}}: who was chosen, or else the one
// active person whom the words typed there fit. When they fit several it offers
// them on the form, and when they fit nobody it says so; missing (unless "") is what
// is wrong with an empty field. kept is who was there before and may stay, active
// or not. Somebody who may not see people can only give an exact address.
func PickPerson(ctx context.Context, q db.Reader, by web.Person, f *web.Form, name, missing, kept string) (Person,
	error) {
	typed := f.Text(name, missing, 300)
	if typed == "" || f.Problem(name) != "" {
		return Person{}, nil
	}
	p, err := picked(ctx, q, by, f, name, typed, kept)
	if err != nil {
		return Person{}, db.Wrap(err, "find a person for %s", name)
	}
	f.Choose(name, p.ID, p.Words())
	return p, nil
}

func picked(ctx context.Context, q db.Reader, by web.Person, f *web.Form, name, typed, kept string) (Person, error) {
	if id := f.Chosen(name); id != "" {
		p, err := personByID(ctx, q, id, kept)
		if err == nil || !errors.Is(err, db.ErrNotFound) {
			return p, err
		}
	}
	several := false
	if address := addressIn(typed); address != "" {
		all, err := peopleByEmail(ctx, q, address)
		if err != nil {
			return Person{}, err
		}
		if one, ok := ofAddress(all, typed); ok {
			return one, nil
		}
		several = len(all) > 0
	}
	sees := by.May(access.PeopleRead)
	var list []Found
	var more bool
	if sees {
		var err error
		if list, more, err = FindPeople(ctx, q, by, typed); err != nil {
			return Person{}, err
		}
	}
	if one, ok := onlyOne(list, typed); ok && !more {
		return one, nil
	}
	if len(list) == 0 {
		text := "Nobody here fits “" + typed + "”. Check the spelling, or try their e-mail address"
		if !sees {
			text = "Nobody here has this e-mail address. Check the spelling, or ask the partnership’s business team to add them"
		}
		if several {
			text = "Several people have this e-mail address: write whose it is as well, such as Sam Lee (sam@school.example)"
		}
		offer := ui.Offer{Typed: typed}
		if by.May(access.PeopleManage) {
			offer.Add = addPerson
		}
		f.Offer(name, text, offer)
		return Person{}, nil
	}
	text := "Several people fit “" + typed + "”: choose who is meant"
	if more {
		text = "Many people fit “" + typed + "”: choose who is meant, or type more of their name"
	}
	f.Offer(name, text, ui.Offer{Choices: offered(list), More: more, Typed: typed})
	return Person{}, nil
}

// ofAddress gives the only one of those who have an address, or the only one of them
// whose name was typed with it: "Sam Lee (office@school.example)".
func ofAddress(all []Person, typed string) (Person, bool) {
	if len(all) == 1 {
		return all[0], true
	}
	named := slices.DeleteFunc(slices.Clone(all), func(p Person) bool {
		return names.Key(p.Words()) != names.Key(typed) && names.Key(p.Name+" "+p.Email) != names.Key(typed)
	})
	if len(named) == 1 {
		return named[0], true
	}
	return Person{}, false
}

// onlyOne gives the one person found, or the only one whose whole name was typed.
func onlyOne(list []Found, typed string) (Person, bool) {
	if len(list) == 1 {
		return list[0].Person(), true
	}
	named := slices.DeleteFunc(slices.Clone(list), func(x Found) bool { return names.Key(x.Name) != names.Key(typed) })
	if len(named) == 1 {
		return named[0].Person(), true
	}
	return Person{}, false
}

// addressIn gives the address in words such as "Sam Lee (sam@x.example)".
func addressIn(words string) string {
	for _, w := range strings.Fields(words) {
		if strings.Contains(w, "@") {
			return strings.Trim(w, "()<>,;")
		}
	}
	return ""
}

// offered are people as choices, each with what tells them apart.
func offered(list []Found) []ui.Choice {
	var out []ui.Choice
	for _, p := range list {
		hint := p.More()
		if p.Email != "" {
			hint = strings.TrimPrefix(hint+", "+p.Email, ", ")
		}
		out = append(out, ui.Choice{Value: p.ID, Text: p.Name, Hint: hint})
	}
	return out
}
