package identity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// fillPerson fills the form that changes a person.
func fillPerson(p Person) *web.Form {
	f := web.NewForm("name", p.Name, "email", p.Email, "job_title", p.JobTitle, "mailbox", cmp.Or(p.Mailbox, mailboxSays))
	f.Choose("organisation", string(p.OrganisationID), p.Organisation)
	return f
}

// readPerson reads the form that adds a person or changes was.
func (r *Room) readPerson(ctx context.Context, by web.Person, f *web.Form, was Person) (Person, error) {
	o, err := register.PickOrganisation(ctx, r.Work, by, f, "organisation", "", string(was.OrganisationID))
	return Person{
		ID:             was.ID,
		Name:           tidy(f.Text("name", "Enter the person’s name", 200)),
		Email:          cleanEmail(f.Email("email", "")),
		JobTitle:       tidy(f.Text("job_title", "", 200)),
		OrganisationID: db.Opt(o.ID),
		Organisation:   o.Name,
		Mailbox:        strings.TrimPrefix(f.OneOf("mailbox", "", mailboxSays, mailboxOne, mailboxSeveral), mailboxSays),
	}, err
}

// fillRoles fills the form of a person's roles, as they are given.
func fillRoles(held []string) *web.Form {
	var pairs []string
	for _, id := range held {
		pairs = append(pairs, "roles", id)
	}
	return web.NewForm(pairs...)
}

// readRoles reads the roles chosen, as they are given; one more may be chosen for another
// organisation.
func readRoles(ctx context.Context, q db.Reader, by web.Person, f *web.Form, known catalogue) ([]string, error) {
	chosen := slices.DeleteFunc(slices.Clone(f.Values("roles")), func(s string) bool { return s == "" })
	if _, err := known.give(chosen); err != nil {
		f.Add("roles", "Choose among the roles listed")
	}
	role := f.Value("for_role")
	o, err := register.PickOrganisation(ctx, q, by, f, "for_organisation", "", "")
	if err != nil || f.Problem("for_organisation") != "" {
		return chosen, err
	}
	organisation := o.ID
	switch {
	case role == "" && organisation == "":
		return chosen, nil
	case role == "":
		f.Add("for_role", "Choose which role counts for that organisation")
	case organisation == "":
		f.Add("for_organisation", "Choose the organisation that the role is for")
	default:
		one := access.GivenRole{Role: access.Role{ID: role}, For: organisation}.String()
		if _, err := known.give([]string{one}); err != nil {
			f.Add("for_role", "Choose among the roles and organisations listed")
		}
		if !slices.Contains(chosen, one) {
			chosen = append(chosen, one)
		}
	}
	return chosen, nil
}

// permissionField names the field of a role's form that has the permissions of one part of
// the program.
func permissionField(room string) string { return "may_" + room }

// permissionFields are those fields, in the order of the form.
func permissionFields() []string {
	var out []string
	for _, g := range access.Groups() {
		out = append(out, permissionField(roomOf(g)))
	}
	return out
}

// roomOf gives the part of the program that a group of permissions is about.
func roomOf(g access.Group) string {
	room, _, _ := strings.Cut(string(g.Permissions[0]), ":")
	return room
}

// fillRole fills the form of a role.
func fillRole(r access.Role) *web.Form {
	pairs := []string{"title", r.Title, "comes_to", r.ComesTo}
	for _, p := range r.Permissions {
		room, _, _ := strings.Cut(string(p), ":")
		pairs = append(pairs, permissionField(room), string(p))
	}
	if r.Retired {
		pairs = append(pairs, "retired", "yes")
	}
	return web.NewForm(pairs...)
}

// readRole reads the form of a role; what is wrong with it as a whole is for the action to
// say.
func readRole(f *web.Form) access.Role {
	r := access.Role{Title: tidy(f.Text("title", "", 60)), ComesTo: tidy(f.Text("comes_to", "", 160))}
	var chosen []string
	for _, field := range permissionFields() {
		chosen = append(chosen, f.Values(field)...)
	}
	r.Permissions = permissionsOf(strings.Join(chosen, " "))
	return r
}

// roleWords says what a role is in words, for the trail.
func roleWords(r access.Role) *web.Form {
	pairs := []string{"name", r.Title, "what it is for", r.ComesTo}
	for _, p := range access.Permissions() {
		does, _ := access.Words(p)
		may := "no"
		if slices.Contains(r.Permissions, p) {
			may = "yes"
		}
		pairs = append(pairs, strings.ToLower(does), may)
	}
	return web.NewForm(append(pairs, "retired", map[bool]string{true: "yes", false: "no"}[r.Retired])...)
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
