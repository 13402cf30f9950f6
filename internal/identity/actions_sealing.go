package identity

import (
	"context"
	"errors"

	"kith/internal/kit/db"
	"kith/internal/kit/seal"
	"kith/internal/kit/web"
)

// The keys of apps and the secrets of directories are sealed in the database. Where the key
// of the seals is missing, passwords, passkeys, recovery codes and codes by e-mail go on;
// what needs a sealed secret is refused and says why.

// ErrUnsealed refuses what needs a sealed secret while the key is missing.
var ErrUnsealed = web.Conflict("This cannot be used at the moment",
	"The key that keeps secrets in the database is missing on the server, or is another. Use another way, and tell "+
		"whoever looks after the server: its log says what to do.")

// Where sealed secrets stand.
func factorPlace(id string) seal.Place {
	return seal.Place{Table: "identity_factors", Row: id, Column: "record"}
}

func begunPlace(hash string) seal.Place {
	return seal.Place{Table: "identity_begun", Row: hash, Column: "data"}
}

func providerPlace(id string) seal.Place {
	return seal.Place{Table: "identity_providers", Row: id, Column: "client_secret"}
}

// sealed seals a secret for its place. It returns ErrUnsealed without a key.
func (r *Room) sealed(at seal.Place, secret string) (string, error) {
	s, err := r.Seal.Seal(at, secret)
	if errors.Is(err, seal.ErrNoKey) {
		err = ErrUnsealed
	}
	return s, err
}

// unsealed opens the secret of a place. It returns ErrUnsealed without the key it was sealed
// with.
func (r *Room) unsealed(at seal.Place, kept string) (string, error) {
	s, err := r.Seal.Open(at, kept)
	if errors.Is(err, seal.ErrNoKey) || errors.Is(err, seal.ErrDamaged) {
		err = ErrUnsealed
	}
	return s, err
}

// SealKept seals the secrets that earlier versions of the program kept in the clear. It can
// run any number of times, and does nothing without a key.
func (r *Room) SealKept(ctx context.Context) error {
	if !r.Seal.Ready() {
		return nil
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		for _, of := range []struct {
			read, write string
			place       func(string) seal.Place
		}{
			{`SELECT id, record FROM identity_factors WHERE kind = 'app' AND record <> '' AND record NOT LIKE 'sealed.%'`,
				`UPDATE identity_factors SET record = $2 WHERE id = $1 AND record = $3`, factorPlace},
			{`SELECT hash, data FROM identity_begun WHERE kind = 'app' AND data <> '' AND data NOT LIKE 'sealed.%'`,
				`UPDATE identity_begun SET data = $2 WHERE hash = $1 AND data = $3`, begunPlace},
			{`SELECT id, client_secret FROM identity_providers WHERE client_secret <> '' AND client_secret NOT LIKE 'sealed.%'`,
				`UPDATE identity_providers SET client_secret = $2 WHERE id = $1 AND client_secret = $3`, providerPlace},
		} {
			type row struct{ ID, Secret string }
			rows, err := db.All[row](ctx, q, of.read)
			if err != nil {
				return err
			}
			for _, x := range rows {
				s, err := r.Seal.Seal(of.place(x.ID), x.Secret)
				if err != nil {
					return err
				}
				if _, err := db.Exec(ctx, q, of.write, x.ID, s, x.Secret); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return db.Wrap(err, "seal secrets")
}
