package identity

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/names"
)

const selectProvider = `SELECT id, name, issuer, client_id, client_secret, domains, end_session FROM identity_providers`

func providers(ctx context.Context, q db.Reader) ([]Provider, error) {
	return db.All[Provider](ctx, q, selectProvider+` ORDER BY name_key, id`)
}

func providerByID(ctx context.Context, q db.Reader, id string) (Provider, error) {
	return db.Get[Provider](ctx, q, selectProvider+` WHERE id = $1`, id)
}

func lockProvider(ctx context.Context, q db.Q, id string) (Provider, error) {
	if err := db.Must(ctx, q, `UPDATE identity_providers SET id = id WHERE id = $1`, id); err != nil {
		return Provider{}, err
	}
	return providerByID(ctx, q, id)
}

func insertProvider(ctx context.Context, q db.Q, p Provider, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_providers (id, name, name_key, issuer, client_id, client_secret, domains, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.ID, p.Name, names.Key(p.Name), p.Issuer, p.ClientID, p.ClientSecret,
		p.Domains, at)
	return err
}

func updateProvider(ctx context.Context, q db.Q, p Provider) error {
	return db.Must(ctx, q, `
		UPDATE identity_providers SET name = $2, name_key = $3, issuer = $4, client_id = $5, client_secret = $6, domains = $7
		WHERE id = $1`, p.ID, p.Name, names.Key(p.Name), p.Issuer, p.ClientID, p.ClientSecret, p.Domains)
}

func setEndSession(ctx context.Context, q db.Q, id, address string) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_providers SET end_session = $2 WHERE id = $1 AND end_session <> $2`, id, address)
	return err
}

func deleteProvider(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_providers WHERE id = $1`, id)
}

// wayOfSession tells how a session began; "" when there is none.
func wayOfSession(ctx context.Context, q db.Reader, hash string) (string, error) {
	return db.Get[string](ctx, q, `SELECT COALESCE((SELECT way FROM identity_sessions WHERE hash = $1), '')`, hash)
}
