package identity

import (
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// roles are what somebody has: each role as it was given, with what it allows today.
type roles []access.GivenRole

// ids writes the roles as they are given, sorted.
func (h roles) ids() []string {
	var out []string
	for _, g := range h {
		out = append(out, g.String())
	}
	slices.Sort(out)
	return out
}

// person gives a person with what the roles allow together.
func (h roles) person(p web.Person) web.Person { return access.With(p, h) }

// powers gives what the roles allow to somebody of an organisation.
func (h roles) powers(organisationID string) map[access.Power]bool {
	return access.Powers(h.person(web.Person{OrganisationID: organisationID}))
}

// words says the roles, each once, in the order of the program's and then by title.
func (h roles) words() []string {
	var own []access.Role
	for _, g := range h {
		if g.Own && !g.Retired && g.Title != "" {
			own = append(own, g.Role)
		}
	}
	slices.SortFunc(own, func(a, b access.Role) int { return strings.Compare(a.Title, b.Title) })
	var out []string
	for _, r := range append(access.Roles(), own...) {
		if h.has(r.ID) && !slices.Contains(out, r.Title) {
			out = append(out, r.Title)
		}
	}
	return out
}

// has reports whether a role is among them, for whatever organisation.
func (h roles) has(roleID string) bool {
	return slices.ContainsFunc(h, func(g access.GivenRole) bool { return g.ID == roleID })
}

// A catalogue is the roles there are: those of the program, and the partnership's own with
// the organisations that roles may be given for.
type catalogue struct {
	own           []access.Role
	organisations map[string]string // names by id
}

// titles writes roles as they are given in words, in the order of the catalogue.
func (c catalogue) titles(given []string) []string {
	var out []string
	for _, r := range append(access.Roles(), c.own...) {
		for _, g := range given {
			if id, organisation := access.ParseGiven(g); id == r.ID {
				out = append(out, titleFor(r, c.organisations[organisation]))
			}
		}
	}
	return out
}

// titleFor says a role with the organisation that it was given for, if there is one.
func titleFor(r access.Role, organisation string) string {
	if organisation == "" {
		return r.Title
	}
	return r.Title + " for " + organisation
}

// offered are the roles that can be given, those of the program first.
func (c catalogue) offered() []access.Role {
	return append(access.Roles(), slices.DeleteFunc(slices.Clone(c.own),
		func(r access.Role) bool { return r.Retired })...)
}

// role finds a role, also one that was retired.
func (c catalogue) role(id string) (access.Role, bool) {
	list := append(access.Roles(), c.own...)
	i := slices.IndexFunc(list, func(r access.Role) bool { return r.ID == id })
	if i < 0 {
		return access.Role{}, false
	}
	return list[i], true
}

// give finds roles as they are to be given. It returns ErrUnknownRole for one that is not
// there or was retired, or that reaches no organisation in particular and was to be given
// for one.
func (c catalogue) give(given []string) (roles, error) {
	var out roles
	for _, s := range given {
		id, organisation := access.ParseGiven(s)
		r, ok := c.role(id)
		_, known := c.organisations[organisation]
		if !ok || organisation != "" && (!known || !r.OfOwnOrganisation()) {
			return nil, ErrUnknownRole
		}
		out = append(out, access.GivenRole{Role: r, For: organisation})
	}
	return out, nil
}

// choices are the roles that can be given as choices of a form.
func (c catalogue) choices() []ui.Choice {
	var out []ui.Choice
	for _, r := range c.offered() {
		out = append(out, ui.Choice{Value: r.ID, Text: r.Title, Hint: r.ComesTo})
	}
	return out
}

// permissionsOf reads the permissions of a role as they are kept. One that is not known,
// from another version of the program, allows nothing.
func permissionsOf(kept string) []web.Permission {
	words := strings.Fields(kept)
	return slices.DeleteFunc(access.Permissions(), func(p web.Permission) bool {
		return !slices.Contains(words, string(p))
	})
}

// keptPermissions writes the permissions of a role as they are kept.
func keptPermissions(list []web.Permission) string {
	var words []string
	for _, p := range list {
		words = append(words, string(p))
	}
	return strings.Join(words, " ")
}

// A GivenRow is a role as a query finds it beside whoever has it.
type GivenRow struct {
	Role, For                   string
	Title, ComesTo, Permissions string // of a role of the partnership's own
	Retired                     bool
}

// givenColumns are the columns of a GivenRow, of r and own as givenTables has them.
const (
	givenColumns = `COALESCE(r.role, ''), COALESCE(r.organisation_id, ''), COALESCE(own.title, ''),
		COALESCE(own.comes_to, ''), COALESCE(own.permissions, ''), COALESCE(own.retired, FALSE)`
	ownRole = `LEFT JOIN identity_roles own ON own.id = r.role`
)

// given gives the role. One that is not known, from another version of the program, allows
// nothing.
func (g GivenRow) given() access.GivenRole {
	if r, ok := access.RoleByID(g.Role); ok {
		return access.GivenRole{Role: r, For: g.For}
	}
	return access.GivenRole{For: g.For, Role: access.Role{ID: g.Role, Title: g.Title, ComesTo: g.ComesTo,
		Permissions: permissionsOf(g.Permissions), Own: true, Retired: g.Retired}}
}

// rolesOf reads what somebody has.
func rolesOf(ctx context.Context, q db.Reader, personID string) (roles, error) {
	rows, err := db.All[GivenRow](ctx, q, `SELECT `+givenColumns+`
		FROM identity_person_roles r `+ownRole+` WHERE r.person_id = $1
		ORDER BY r.role, COALESCE(r.organisation_id, '')`, personID)
	var out roles
	for _, x := range rows {
		out = append(out, x.given())
	}
	return out, err
}

// readCatalogue reads the roles there are.
func readCatalogue(ctx context.Context, q db.Reader) (catalogue, error) {
	own, err := ownRoles(ctx, q)
	if err != nil {
		return catalogue{}, err
	}
	type organisation struct{ ID, Name string }
	list, err := db.All[organisation](ctx, q, `SELECT id, name FROM organisations`)
	c := catalogue{own: own, organisations: map[string]string{}}
	for _, o := range list {
		c.organisations[o.ID] = o.Name
	}
	return c, err
}

// ownRoles reads the partnership's own roles, by title.
func ownRoles(ctx context.Context, q db.Reader) ([]access.Role, error) {
	rows, err := db.All[struct {
		ID, Title, ComesTo, Permissions string
		Retired                         bool
	}](ctx, q, `SELECT id, title, comes_to, permissions, retired FROM identity_roles ORDER BY title_key, id`)
	var out []access.Role
	for _, x := range rows {
		out = append(out, access.Role{ID: x.ID, Title: x.Title, ComesTo: x.ComesTo,
			Permissions: permissionsOf(x.Permissions), Own: true, Retired: x.Retired})
	}
	return out, err
}

// holdRoles lets nobody else give or change a role until the transaction ends: what a role
// allows must not change between looking at it and giving it, nor the last two who manage
// people go at once.
func holdRoles(ctx context.Context, q db.Q) error {
	return db.Must(ctx, q, `UPDATE identity_roles_state SET version = version + 1 WHERE id = 'roles'`)
}
