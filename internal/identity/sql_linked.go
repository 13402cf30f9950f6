package identity

import (
	"context"

	"kith/internal/kit/db"
)

const selectLinked = `
	SELECT l.id, l.provider_id, l.issuer, l.subject, l.person_id, l.address, l.linked_at, l.used_at, v.name
	FROM identity_linked l JOIN identity_providers v ON v.id = l.provider_id`

// linkedOf lists the accounts of directories that sign in as a person, by the directory's
// name.
func linkedOf(ctx context.Context, q db.Reader, personID string) ([]Linked, error) {
	return db.All[Linked](ctx, q, selectLinked+` WHERE l.person_id = $1 ORDER BY v.name_key, l.id`, personID)
}

// linkedOfProvider lists the accounts of a directory that sign in.
func linkedOfProvider(ctx context.Context, q db.Reader, providerID string) ([]Linked, error) {
	return db.All[Linked](ctx, q, selectLinked+` WHERE l.provider_id = $1 ORDER BY l.linked_at, l.id`, providerID)
}

// linkedBySubject finds whom an account of a directory signs in as.
func linkedBySubject(ctx context.Context, q db.Reader, providerID, issuer, subject string) (Linked, error) {
	return db.Get[Linked](ctx, q, selectLinked+` WHERE l.provider_id = $1 AND l.issuer = $2 AND l.subject = $3`,
		providerID, issuer, subject)
}

func linkedByID(ctx context.Context, q db.Reader, personID, id string) (Linked, error) {
	return db.Get[Linked](ctx, q, selectLinked+` WHERE l.person_id = $1 AND l.id = $2`, personID, id)
}

// putLinked links an account, in the place of another of the same directory and person.
func putLinked(ctx context.Context, q db.Q, l Linked) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM identity_linked WHERE provider_id = $1 AND person_id = $2`, l.ProviderID,
		l.PersonID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_linked (id, provider_id, issuer, subject, person_id, address, linked_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, l.ID, l.ProviderID, l.Issuer, l.Subject, l.PersonID, l.Address, l.LinkedAt,
		l.UsedAt)
	return err
}

func useLinked(ctx context.Context, q db.Q, id string, at db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_linked SET used_at = $2 WHERE id = $1`, id, at)
	return err
}

func deleteLinked(ctx context.Context, q db.Q, personID, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_linked WHERE person_id = $1 AND id = $2`, personID, id)
}

// deleteAllLinked ends every link of a person to a directory.
func deleteAllLinked(ctx context.Context, q db.Q, personID string) (int64, error) {
	return db.Exec(ctx, q, `DELETE FROM identity_linked WHERE person_id = $1`, personID)
}

func deleteLinkedOfProvider(ctx context.Context, q db.Q, providerID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_linked WHERE provider_id = $1`, providerID)
	return err
}
