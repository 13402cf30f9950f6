package register

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
)

// CameBack says of which people, by id, mail to their address came back, and why; the others are
// not in it. For pages that list people and not their addresses.
func CameBack(ctx context.Context, q db.Reader, ids ...string) (map[string]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var args []any
	people, err := db.All[Person](ctx, q, `SELECT id, name, email FROM people
		WHERE email <> '' AND id IN `+db.In(&args, ids), args...)
	if err != nil {
		return nil, db.Wrap(err, "read addresses of people")
	}
	var addresses []string
	for _, p := range people {
		addresses = append(addresses, p.Email)
	}
	back, err := mail.ReturnedOf(ctx, q, addresses...)
	out := map[string]string{}
	for _, p := range people {
		if words := back.Of(p.Email); words != "" {
			out[p.ID] = words
		}
	}
	return out, err
}
