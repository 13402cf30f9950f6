package training

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// A person's own sessions can be subscribed to by a calendar program, which cannot sign in:
// whoever has the address sees them. So it is a secret, of which only the hash is kept, and
// its owner can end it or have another in its place at any time.

// hashFeed is what is kept of a calendar's secret.
func hashFeed(secret string) string {
	sum := sha256.Sum256([]byte("training feed\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// MakeFeed gives somebody's own calendar an address, of which this is the part that is
// secret. One made before stops.
func (r *Room) MakeFeed(ctx context.Context, by web.Person) (secret string, err error) {
	secret = ids.Secret()
	err = r.Work.Tx(ctx, func(q db.Q) error { return putFeed(ctx, q, by.ID, hashFeed(secret), db.At(r.Now())) })
	return secret, db.Wrap(err, "make a calendar's address")
}

// StopFeed ends the address of somebody's own calendar.
func (r *Room) StopFeed(ctx context.Context, by web.Person) error {
	err := r.Work.Tx(ctx, func(q db.Q) error { return deleteFeed(ctx, q, by.ID) })
	return db.Wrap(err, "stop a calendar's address")
}
