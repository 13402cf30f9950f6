package identity

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// WhoMay lists the people with an account who hold a permission, by name, each with what they
// may do: whoever a room writes to can then be asked for by its own rules. Those whose e-mail
// address is shared are among them, with what their mailbox lets them do.
func (r *Room) WhoMay(ctx context.Context, q db.Reader, permission web.Permission) ([]web.Person, error) {
	all, err := accounts(ctx, q)
	if err != nil {
		return nil, db.Wrap(err, "who holds %s", permission)
	}
	var out []web.Person
	for _, a := range all {
		if p := a.person(); p.May(permission) {
			out = append(out, p)
		}
	}
	return out, nil
}
