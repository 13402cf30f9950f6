package identity

import (
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// personForm fills the form that edits a person.
func personForm(p Person) *web.Form {
	return web.NewForm("name", p.Name, "email", p.Email, "job_title", p.JobTitle, "organisation", string(p.OrganisationID))
}

// readPerson reads the form that adds or edits a person.
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
	}
}

// readPassword reads a new password, entered once: what was typed can be shown,
// and a slip is mended with another link.
func readPassword(f *web.Form, field string, p Person) string {
	password := f.Value(field) // not trimmed: spaces belong to it
	if problem := checkPassword(password, p.Name, p.Email); problem != "" {
		f.Add(field, problem)
	}
	f.Set(field, "") // never sent back
	return password
}
