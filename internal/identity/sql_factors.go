package identity

import (
	"context"

	"kith/internal/kit/db"
)

const selectFactor = `SELECT id, person_id, kind, name, host, record, counter, created_at, used_at FROM identity_factors`

// factorsOf lists a person's second factors, oldest first.
func factorsOf(ctx context.Context, q db.Reader, personID string) ([]Factor, error) {
	return db.All[Factor](ctx, q, selectFactor+` WHERE person_id = $1 ORDER BY created_at, id`, personID)
}

func factorOf(ctx context.Context, q db.Reader, personID, id string) (Factor, error) {
	return db.Get[Factor](ctx, q, selectFactor+` WHERE person_id = $1 AND id = $2`, personID, id)
}

// factorByCredential finds the passkey of a credential.
func factorByCredential(ctx context.Context, q db.Reader, credentialID string) (Factor, error) {
	return db.Get[Factor](ctx, q, selectFactor+` WHERE credential_id = $1`, credentialID)
}

// lockFactors holds a person, so that of two who change their factors one waits.
func lockFactors(ctx context.Context, q db.Q, personID string) error {
	return db.Must(ctx, q, `UPDATE people SET id = id WHERE id = $1 AND same_as IS NULL`, personID)
}

func insertFactor(ctx context.Context, q db.Q, f Factor, credentialID string) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_factors (id, person_id, kind, name, host, credential_id, record, counter, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, f.ID, f.PersonID, f.Kind, f.Name, f.Host, db.Opt(credentialID), f.Record,
		f.Counter, f.CreatedAt)
	return err
}

func renameFactor(ctx context.Context, q db.Q, id, name string) error {
	return db.Must(ctx, q, `UPDATE identity_factors SET name = $2 WHERE id = $1`, id, name)
}

// useFactor notes that a factor was used, if its counter is still what it was: of two who
// show the same code or answer at once, one is refused.
func useFactor(ctx context.Context, q db.Q, f Factor, counter int64, record string, at db.Time) (bool, error) {
	n, err := db.Exec(ctx, q, `
		UPDATE identity_factors SET counter = $3, record = $4, used_at = $5 WHERE id = $1 AND counter = $2`, f.ID, f.Counter,
		counter, record, at)
	return n == 1, err
}

func deleteFactor(ctx context.Context, q db.Q, personID, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_factors WHERE person_id = $1 AND id = $2`, personID, id)
}

func deleteFactors(ctx context.Context, q db.Q, personID string) (int64, error) {
	return db.Exec(ctx, q, `DELETE FROM identity_factors WHERE person_id = $1`, personID)
}

// factorsLeft counts a person's second factors.
func factorsLeft(ctx context.Context, q db.Reader, personID string) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT count(*) FROM identity_factors WHERE person_id = $1`, personID)
}

func insertRecoveryCode(ctx context.Context, q db.Q, hash, personID string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO identity_recovery_codes (hash, person_id) VALUES ($1, $2)`, hash, personID)
	return err
}

// spendRecoveryCode uses a code up, once.
func spendRecoveryCode(ctx context.Context, q db.Q, hash, personID string, at db.Time) (bool, error) {
	n, err := db.Exec(ctx, q, `
		UPDATE identity_recovery_codes SET used_at = $3 WHERE hash = $1 AND person_id = $2 AND used_at IS NULL`, hash, personID,
		at)
	return n == 1, err
}

func recoveryCodesLeft(ctx context.Context, q db.Reader, personID string) (int, error) {
	return db.Get[int](ctx, q, `
		SELECT count(*) FROM identity_recovery_codes WHERE person_id = $1 AND used_at IS NULL`, personID)
}

func deleteRecoveryCodes(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_recovery_codes WHERE person_id = $1`, personID)
	return err
}

// A begun is what waits to be ended, once.
type begun struct {
	Person db.Opt
	Data   string
}

func insertBegun(ctx context.Context, q db.Q, hash, kind, personID, data string, until db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_begun (hash, kind, person_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)`, hash, kind,
		db.Opt(personID), data, until)
	return err
}

func begunBy(ctx context.Context, q db.Reader, hash, kind string, now db.Time) (begun, error) {
	return db.Get[begun](ctx, q, `
		SELECT person_id, data FROM identity_begun WHERE hash = $1 AND kind = $2 AND expires_at > $3`, hash, kind, now)
}

// endBegun takes what was begun away and gives it: of two who end it at once, one gets
// nothing.
func endBegun(ctx context.Context, q db.Q, hash, kind string, now db.Time) (begun, error) {
	return db.Get[begun](ctx, q, `
		DELETE FROM identity_begun WHERE hash = $1 AND kind = $2 AND expires_at > $3 RETURNING person_id, data`, hash, kind,
		now)
}

// deleteBegun takes away what a person began, of a kind; of every kind when kind is "".
func deleteBegun(ctx context.Context, q db.Q, personID, kind string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_begun WHERE person_id = $1 AND (kind = $2 OR $2 = '')`, personID, kind)
	return err
}

func deleteOldBegun(ctx context.Context, q db.Q, now db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_begun WHERE expires_at <= $1`, now)
	return err
}

// proveSession notes that whoever has a session has just shown that it is they.
func proveSession(ctx context.Context, q db.Q, hash string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE identity_sessions SET proved_at = $2 WHERE hash = $1`, hash, at)
}

// strengthen notes that a session's person has shown a second factor, and of what worth.
func strengthen(ctx context.Context, q db.Q, hash, way string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE identity_sessions SET way = $2, proved_at = $3 WHERE hash = $1`, hash, way, at)
}

func factorRoles(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT role FROM identity_factor_roles ORDER BY role`)
}

func insertFactorRole(ctx context.Context, q db.Q, role string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO identity_factor_roles (role) VALUES ($1) ON CONFLICT DO NOTHING`, role)
	return err
}

func deleteFactorRoles(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_factor_roles`)
	return err
}

// needsFactor reports whether a person has a role whose holders need a second factor.
func needsFactor(ctx context.Context, q db.Reader, personID string) (bool, error) {
	n, err := db.Get[int](ctx, q, `
		SELECT count(*) FROM identity_person_roles r JOIN identity_factor_roles f ON f.role = r.role
		WHERE r.person_id = $1`, personID)
	return n > 0, err
}

// withoutFactor counts, for each role, who signs in with it, and how many of those have
// no second factor.
func withoutFactor(ctx context.Context, q db.Reader) ([]roleCount, error) {
	return db.All[roleCount](ctx, q, `
		SELECT r.role, count(*), CAST(COALESCE(sum(CASE WHEN EXISTS (
			SELECT 1 FROM identity_factors f WHERE f.person_id = r.person_id AND (f.kind <> 'email'
				OR NOT EXISTS (SELECT 1 FROM identity_factor_roles n WHERE n.role = r.role))) THEN 0 ELSE 1 END), 0) AS BIGINT)
		FROM (SELECT DISTINCT r.role AS role, r.person_id AS person_id
			FROM identity_person_roles r JOIN people p ON p.id = r.person_id AND p.active) r GROUP BY r.role`)
}

// A roleCount is how many hold a role, and how many of them lack a second factor.
type roleCount struct {
	Role    string
	Holders int64
	Without int64
}
