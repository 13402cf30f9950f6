package identity

import (
	"context"

	"kith/internal/kit/db"
)

// putCode keeps the code of a purpose and an address, in the place of an earlier one.
func putCode(ctx context.Context, q db.Q, purpose, address, codeHash, linkHash string, until db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_codes (purpose, address, code_hash, link_hash, tried, expires_at) VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (purpose, address) DO UPDATE SET
			code_hash = excluded.code_hash, link_hash = excluded.link_hash, tried = 0, expires_at = excluded.expires_at`,
		purpose, address, codeHash, linkHash, until)
	return err
}

// tryCode counts one try at a code and gives what it is compared with; db.ErrNotFound when
// there is none, or it was tried too often.
func tryCode(ctx context.Context, q db.Q, purpose, address string, now db.Time) (string, error) {
	return db.Get[string](ctx, q, `
		UPDATE identity_codes SET tried = tried + 1
		WHERE purpose = $1 AND address = $2 AND expires_at > $3 AND tried < $4 RETURNING code_hash`, purpose, address, now,
		codeTries)
}

func deleteCode(ctx context.Context, q db.Q, purpose, address string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_codes WHERE purpose = $1 AND address = $2`, purpose, address)
	return err
}

// deleteCodes takes away the codes of a purpose, whoever they were sent to.
func deleteCodes(ctx context.Context, q db.Q, purpose string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_codes WHERE purpose = $1`, purpose)
	return err
}

// addressOfCode tells to whom the code of a purpose was sent that may still be tried, where
// there is one at a time.
func addressOfCode(ctx context.Context, q db.Reader, purpose string, now db.Time) (string, error) {
	return db.Get[string](ctx, q, `SELECT address FROM identity_codes
		WHERE purpose = $1 AND expires_at > $2 AND tried < $3`, purpose, now, codeTries)
}

func codeOfLink(ctx context.Context, q db.Reader, linkHash string, now db.Time) (askedCode, error) {
	return db.Get[askedCode](ctx, q, `
		SELECT purpose, address FROM identity_codes WHERE link_hash = $1 AND expires_at > $2`, linkHash, now)
}

// spendCodeLink takes a code away by its link, once.
func spendCodeLink(ctx context.Context, q db.Q, linkHash string, now db.Time) (askedCode, error) {
	return db.Get[askedCode](ctx, q, `
		DELETE FROM identity_codes WHERE link_hash = $1 AND expires_at > $2 RETURNING purpose, address`, linkHash, now)
}

func deleteOldCodes(ctx context.Context, q db.Q, now db.Time) error {
	for _, table := range []string{"identity_codes", "identity_guests"} {
		if _, err := db.Exec(ctx, q, `DELETE FROM `+table+` WHERE expires_at <= $1`, now); err != nil {
			return err
		}
	}
	return nil
}

func insertGuest(ctx context.Context, q db.Q, hash, purpose, address string, until db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_guests (hash, purpose, address, expires_at) VALUES ($1, $2, $3, $4)`, hash, purpose, address, until)
	return err
}

func guestAddress(ctx context.Context, q db.Reader, hash, purpose string, now db.Time) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT address FROM identity_guests WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hash, purpose, now)
}

func deleteGuest(ctx context.Context, q db.Q, hash string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_guests WHERE hash = $1`, hash)
	return err
}

// withoutAccount lists who has an address and no role, by name.
func withoutAccount(ctx context.Context, q db.Reader, address string) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT p.id FROM people p
		WHERE p.email = $1 AND p.email <> '' AND p.active AND p.same_as IS NULL
			AND NOT EXISTS (SELECT 1 FROM identity_person_roles r WHERE r.person_id = p.id)
		ORDER BY p.folded, p.id`, address)
}
