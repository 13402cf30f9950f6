package letters

import (
	"context"

	"kith/internal/kit/db"
)

// lostPeople lists the names of those who still have an address that mail came back from, the
// newest first.
func lostPeople(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT p.name FROM mail_returned r JOIN people p ON lower(p.email) = r.address
		WHERE p.active AND p.same_as IS NULL ORDER BY r.at DESC, p.folded, p.id`)
}
