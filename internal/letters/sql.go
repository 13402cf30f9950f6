package letters

import (
	"context"

	"kith/internal/kit/db"
)

// A lost is somebody whose address mail came back from.
type lost struct {
	ID, Name, Address string // Address as mail.AddressKey writes it
}

// lostPeople lists those who still have an address that mail came back from, the newest first.
func lostPeople(ctx context.Context, q db.Reader) ([]lost, error) {
	return db.All[lost](ctx, q, `SELECT p.id, p.name, r.address FROM mail_returned r JOIN people p ON lower(p.email) = r.address
		WHERE p.active AND p.same_as IS NULL ORDER BY r.at DESC, p.folded, p.id`)
}
