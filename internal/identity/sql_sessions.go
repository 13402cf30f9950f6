package identity

import (
	"context"
	"errors"

	"kith/internal/kit/db"
)

// A signedIn is one row of who a session belongs to: one for each role, or one
// without.
type signedIn struct {
	PersonID       string
	Name           string
	Email          string
	OrganisationID db.Opt
	Organisation   string
	Mailbox        string
	SeenAt         db.Time
	ProvedAt       db.Time
	Way            string
	GivenRow
	Needs bool // the role needs a second factor
}

// lookUp is the one query of a request: the session if it still counts, the
// person if they are still active, their organisation and roles as they are now.
func lookUp(ctx context.Context, q db.Reader, hash string, now, idleSince db.Time) ([]signedIn, error) {
	return db.All[signedIn](ctx, q, `
		SELECT p.id, p.name, p.email, p.organisation_id, COALESCE(o.name, ''), p.mailbox, s.seen_at, s.proved_at, s.way,
		       `+givenColumns+`, f.role IS NOT NULL
		FROM identity_sessions s
		JOIN people p ON p.id = s.person_id AND p.active
		LEFT JOIN organisations o ON o.id = p.organisation_id
		LEFT JOIN identity_person_roles r ON r.person_id = p.id `+ownRole+`
		LEFT JOIN identity_factor_roles f ON f.role = r.role
		WHERE s.hash = $1 AND s.expires_at > $2 AND s.seen_at > $3`, hash, now, idleSince)
}

// touch notes that a session is in use, unless that was noted a moment ago.
func touch(ctx context.Context, q db.Q, hash string, now, before db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_sessions SET seen_at = $2 WHERE hash = $1 AND seen_at <= $3`, hash, now,
		before)
	return err
}

// renewSession gives a session another secret.
func renewSession(ctx context.Context, q db.Q, old, renewed string) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_sessions SET hash = $2 WHERE hash = $1`, old, renewed)
	return err
}

// insertSession keeps a session that begins, for which its person has just shown who they are.
func insertSession(ctx context.Context, q db.Q, hash, personID, way string, s Session) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_sessions (hash, id, person_id, way, browser, network, created_at, proved_at, seen_at,
			expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)`, hash, s.ID, personID, way, s.Browser, s.Network, s.CreatedAt,
		s.SeenAt, s.ExpiresAt)
	return err
}

func deleteSession(ctx context.Context, q db.Q, hash string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_sessions WHERE hash = $1`, hash)
	return err
}

func deleteSessionByID(ctx context.Context, q db.Q, personID, id string) error {
	return db.Must(ctx, q, `DELETE FROM identity_sessions WHERE person_id = $1 AND id = $2`, personID, id)
}

// deleteSessions ends a person's sessions, all but the one whose hash is given.
func deleteSessions(ctx context.Context, q db.Q, personID, but string) (int64, error) {
	return db.Exec(ctx, q, `DELETE FROM identity_sessions WHERE person_id = $1 AND hash <> $2`, personID, but)
}

// deleteDeadSessions clears away what no longer counts.
func deleteDeadSessions(ctx context.Context, q db.Q, now, idleSince db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_sessions WHERE expires_at <= $1 OR seen_at <= $2`, now, idleSince)
	return err
}

func sessionsOf(ctx context.Context, q db.Reader, personID string, now, idleSince db.Time) ([]Session, error) {
	return db.All[Session](ctx, q, `
		SELECT id, browser, network, created_at, seen_at, expires_at FROM identity_sessions
		WHERE person_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id`, personID, now, idleSince)
}

// sessionOwner tells whose a session is, by its id.
func sessionOwner(ctx context.Context, q db.Reader, id string) (string, error) {
	return db.Get[string](ctx, q, `SELECT person_id FROM identity_sessions WHERE id = $1`, id)
}

// deleteEverySession ends everybody's sessions, all but the one whose hash is given.
func deleteEverySession(ctx context.Context, q db.Q, but string) (int64, error) {
	return db.Exec(ctx, q, `DELETE FROM identity_sessions WHERE hash <> $1`, but)
}

// everySession lists a page of who is signed in, the latest used first, and counts all.
func everySession(ctx context.Context, q db.Reader, search string, now, idleSince db.Time, limit, offset int) (
	[]listedSession, int, error) {
	type row struct {
		ID, Browser, Network         string
		CreatedAt, SeenAt, ExpiresAt db.Time
		PersonID, Name               string
		OrganisationID               db.Opt
		Organisation                 string
	}
	from := `
		FROM identity_sessions s JOIN people p ON p.id = s.person_id
		LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.active AND s.expires_at > $1 AND s.seen_at > $2 AND p.folded LIKE $3 ESCAPE '\'`
	args := []any{now, idleSince, db.Like(search)}
	total, err := db.Get[int](ctx, q, `SELECT count(*)`+from, args...)
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.All[row](ctx, q, `
		SELECT s.id, s.browser, s.network, s.created_at, s.seen_at, s.expires_at, p.id, p.name,
		       p.organisation_id, COALESCE(o.name, '')`+from+`
		ORDER BY s.seen_at DESC, s.id LIMIT $4 OFFSET $5`, append(args, limit, offset)...)
	var out []listedSession
	for _, x := range rows {
		out = append(out, listedSession{PersonID: x.PersonID, Name: x.Name, Organisation: x.Organisation,
			organisation: string(x.OrganisationID),
			Session: Session{ID: x.ID, Browser: x.Browser, Network: x.Network, CreatedAt: x.CreatedAt, SeenAt: x.SeenAt,
				ExpiresAt: x.ExpiresAt}})
	}
	return out, total, err
}

func sessionID(ctx context.Context, q db.Reader, hash string) (string, error) {
	return db.Get[string](ctx, q, `SELECT id FROM identity_sessions WHERE hash = $1`, hash)
}

// failures are how many tries at a door failed, and when the last is forgotten.
type failures struct {
	Tried int64
	Until db.Time
}

// failuresAt gives the failures at a door that are not forgotten.
func failuresAt(ctx context.Context, q db.Reader, key string, now db.Time) (failures, error) {
	f, err := db.Get[failures](ctx, q, `SELECT tried, until FROM identity_attempts WHERE key = $1 AND until > $2`, key, now)
	if errors.Is(err, db.ErrNotFound) {
		err = nil
	}
	return f, err
}

// browserOf reports whether a person has signed in from a browser.
func browserOf(ctx context.Context, q db.Reader, hash, personID string) (bool, error) {
	n, err := db.Get[int](ctx, q, `SELECT count(*) FROM identity_browsers WHERE hash = $1 AND person_id = $2`, hash,
		personID)
	return n > 0, err
}

// putBrowser remembers that a person signed in from a browser.
func putBrowser(ctx context.Context, q db.Q, hash, personID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_browsers (hash, person_id, used_at) VALUES ($1, $2, $3)
		ON CONFLICT (hash) DO UPDATE SET person_id = excluded.person_id, used_at = excluded.used_at`, hash, personID, now)
	return err
}

func deleteOldBrowsers(ctx context.Context, q db.Q, before db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_browsers WHERE used_at <= $1`, before)
	return err
}

// countAttempt counts one try at a door and tells how many there were since one was
// forgotten.
func countAttempt(ctx context.Context, q db.Q, key string, now, until db.Time) (int64, error) {
	return db.Get[int64](ctx, q, `
		INSERT INTO identity_attempts (key, tried, until) VALUES ($1, 1, $3)
		ON CONFLICT (key) DO UPDATE SET
			tried = CASE WHEN identity_attempts.until <= $2 THEN 1 ELSE identity_attempts.tried + 1 END,
			until = excluded.until
		RETURNING tried`, key, now, until)
}

func forgetAttempts(ctx context.Context, q db.Q, key string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_attempts WHERE key = $1`, key)
	return err
}

func deleteOldAttempts(ctx context.Context, q db.Q, now db.Time) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_attempts WHERE until <= $1`, now)
	return err
}

// insertLink keeps a link; sent is whether somebody who manages people had it sent.
func insertLink(ctx context.Context, q db.Q, hash, personID string, sent bool, now, until db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_links (hash, person_id, sent, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`, hash,
		personID, sent, now, until)
	return err
}

func deleteLinks(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_links WHERE person_id = $1`, personID)
	return err
}

func linkOwner(ctx context.Context, q db.Reader, hash string, now db.Time) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT l.person_id FROM identity_links l JOIN people p ON p.id = l.person_id AND p.active
		WHERE l.hash = $1 AND l.expires_at > $2`, hash, now)
}

// spendLink takes a link away and tells whether somebody who manages people had it sent: of two
// who use it at once, one gets nothing.
func spendLink(ctx context.Context, q db.Q, hash string, now db.Time) (sent bool, err error) {
	return db.Get[bool](ctx, q, `
		DELETE FROM identity_links WHERE hash = $1 AND expires_at > $2 RETURNING sent`, hash, now)
}
