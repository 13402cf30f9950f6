package identity

import (
	"context"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
)

// A version is what a role of the partnership's own was, or is to be.
type version struct {
	ID          string
	RoleID      string
	Place       int64 // counts from 1; 0 while it waits for a second person
	After       int64 // the place of the version that it was changed from
	Title       string
	ComesTo     string
	Permissions string
	Retired     bool
}

// role gives the role of a version.
func (v version) role() access.Role {
	return access.Role{ID: v.RoleID, Title: v.Title, ComesTo: v.ComesTo, Permissions: permissionsOf(v.Permissions),
		Own: true, Retired: v.Retired}
}

const selectVersion = `SELECT id, role_id, place, after, title, comes_to, permissions, retired
	FROM identity_role_versions`

func versionByID(ctx context.Context, q db.Reader, id string) (version, error) {
	return db.Get[version](ctx, q, selectVersion+` WHERE id = $1`, id)
}

// versionsOf lists what a role was, the latest first.
func versionsOf(ctx context.Context, q db.Reader, roleID string) ([]version, error) {
	return db.All[version](ctx, q, selectVersion+` WHERE role_id = $1 AND place > 0 ORDER BY place DESC`, roleID)
}

func insertVersion(ctx context.Context, q db.Q, id string, r access.Role, place, after int64) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_role_versions (id, role_id, place, after, title, comes_to, permissions, retired)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, r.ID, place, after, r.Title, r.ComesTo, keptPermissions(r.Permissions), r.Retired)
	return err
}

func insertOwnRole(ctx context.Context, q db.Q, r access.Role, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_roles (id, title, title_key, comes_to, permissions, retired, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Title, names.Key(r.Title), r.ComesTo, keptPermissions(r.Permissions), r.Retired, db.At(now))
	return err
}

func updateOwnRole(ctx context.Context, q db.Q, r access.Role) error {
	return db.Must(ctx, q, `
		UPDATE identity_roles SET title = $2, title_key = $3, comes_to = $4, permissions = $5, retired = $6 WHERE id = $1`,
		r.ID, r.Title, names.Key(r.Title), r.ComesTo, keptPermissions(r.Permissions), r.Retired)
}

// ownRoleByID reads one of the partnership's own roles.
func ownRoleByID(ctx context.Context, q db.Reader, id string) (access.Role, error) {
	list, err := ownRoles(ctx, q)
	if err != nil {
		return access.Role{}, err
	}
	for _, r := range list {
		if r.ID == id {
			return r, nil
		}
	}
	return access.Role{}, db.ErrNotFound
}

// A roleHolder is somebody who has a role.
type roleHolder struct {
	ID, Name, Organisation string
	For                    string // the organisation that the role was given for; "" is their own
	Active                 bool
}

// holders lists who has a role, by name.
func holders(ctx context.Context, q db.Reader, roleID string) ([]roleHolder, error) {
	return db.All[roleHolder](ctx, q, `
		SELECT p.id, p.name, COALESCE(o.name, ''), COALESCE(f.name, ''), p.active
		FROM identity_person_roles r JOIN people p ON p.id = r.person_id AND p.same_as IS NULL
			LEFT JOIN organisations o ON o.id = p.organisation_id LEFT JOIN organisations f ON f.id = r.organisation_id
		WHERE r.role = $1 ORDER BY p.folded, p.id, f.folded`, roleID)
}

// holding counts who has each role.
func holding(ctx context.Context, q db.Reader) (map[string]int, error) {
	rows, err := db.All[struct {
		Role string
		N    int
	}](ctx, q, `SELECT r.role, count(DISTINCT p.id)
		FROM identity_person_roles r JOIN people p ON p.id = r.person_id AND p.same_as IS NULL AND p.active
		GROUP BY r.role`)
	out := map[string]int{}
	for _, x := range rows {
		out[x.Role] = x.N
	}
	return out, err
}

// changesWaiting lists the changes of a role that wait for a second person.
func changesWaiting(ctx context.Context, q db.Reader, roleID string, now db.Time) ([]Request, error) {
	return requests(ctx, q, ` WHERE x.state = 'waiting' AND x.kind = 'change' AND x.until > $2
		AND x.value IN (SELECT id FROM identity_role_versions WHERE role_id = $1) ORDER BY x.asked_at, x.id`, roleID, now)
}
