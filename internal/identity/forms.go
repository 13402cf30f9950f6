package identity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// fillPerson fills the form that changes a person.
func fillPerson(p Person) *web.Form {
	return web.NewForm("name", p.Name, "email", p.Email, "job_title", p.JobTitle, "organisation",
		string(p.OrganisationID), "mailbox", cmp.Or(p.Mailbox, mailboxSays))
}

// readPerson reads the form that adds or changes a person.
func readPerson(f *web.Form, organisations []ui.Choice) Person {
	var allowed []string
	for _, o := range organisations {
		allowed = append(allowed, o.Value)
	}
	return Person{
		Name:           tidy(f.Text("name", "Enter the person’s name", 200)),
		Email:          cleanEmail(f.Email("email", "")),
		JobTitle:       tidy(f.Text("job_title", "", 200)),
		OrganisationID: db.Opt(f.OneOf("organisation", "", allowed...)),
		Mailbox:        strings.TrimPrefix(f.OneOf("mailbox", "", mailboxSays, mailboxOne, mailboxSeveral), mailboxSays),
	}
}

// fillRoles fills the form of a person's roles.
func fillRoles(held []string) *web.Form {
	var pairs []string
	for _, id := range held {
		pairs = append(pairs, "roles", id)
	}
	return web.NewForm(pairs...)
}

// readRoles reads the roles chosen.
func readRoles(f *web.Form) []string {
	chosen := slices.DeleteFunc(slices.Clone(f.Values("roles")), func(s string) bool { return s == "" })
	for _, id := range chosen {
		if _, ok := access.RoleByID(id); !ok {
			f.Add("roles", "Choose among the roles listed")
		}
	}
	return chosen
}

// readPassword reads a new password, entered once: what was typed can be shown,
// and a slip is fixed with another link.
func (r *Room) readPassword(ctx context.Context, f *web.Form, field string, p Person) (string, error) {
	password := f.Value(field) // not trimmed: spaces belong to it
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return "", err
	}
	if problem := checkPassword(password, p.Name, p.Email, site.Name); problem != "" {
		f.Add(field, problem)
	}
	f.Set(field, "") // never sent back
	return password, nil
}
