package identity

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Acting gives somebody with an account as they are when they sign in, and whether they have one
// that is in use.
func (r *Room) Acting(ctx context.Context, q db.Reader, personID string) (web.Person, bool, error) {
	all, err := accounts(ctx, q)
	if err != nil {
		return web.Person{}, false, db.Wrap(err, "look for the account of %s", personID)
	}
	for _, a := range all {
		if a.ID == personID {
			return a.person(), true, nil
		}
	}
	return web.Person{}, false, nil
}

// Holders lists those with an account in use who hold a permission and have an e-mail address,
// by name.
func (r *Room) Holders(ctx context.Context, q db.Reader, permission web.Permission) ([]web.Person, error) {
	all, err := accounts(ctx, q)
	if err != nil {
		return nil, db.Wrap(err, "look who holds %s", permission)
	}
	var out []web.Person
	for _, a := range all {
		if p := a.person(); p.May(permission) && p.Email != "" {
			out = append(out, p)
		}
	}
	return out, nil
}
