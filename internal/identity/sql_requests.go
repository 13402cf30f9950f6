package identity

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// selectRequest reads a Request, in the order of its fields.
const selectRequest = `
	SELECT x.id, x.person_id, x.kind, x.value, x.reason, x.asked_by, x.asked_at, x.until, x.state, COALESCE(d.name, ''),
	       x.decided_at, x.email, p.name, a.name
	FROM identity_requests x JOIN people p ON p.id = x.person_id JOIN people a ON a.id = x.asked_by
	LEFT JOIN people d ON d.id = x.decided_by`

// requests reads those that the rest of the statement lets through, each with the role that
// it is about in words.
func requests(ctx context.Context, q db.Reader, rest string, args ...any) ([]Request, error) {
	list, err := db.All[Request](ctx, q, selectRequest+rest, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	known, err := readCatalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		switch x.Kind {
		case askRole:
			list[i].role = lang.Join(known.titles([]string{x.Value}))
		case askChange:
			v, err := versionByID(ctx, q, x.Value)
			if err != nil {
				return nil, err
			}
			list[i].role = v.Title
		}
	}
	return list, nil
}

func requestByID(ctx context.Context, q db.Reader, id string) (Request, error) {
	list, err := requests(ctx, q, ` WHERE x.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = db.ErrNotFound
	}
	if err != nil {
		return Request{}, err
	}
	return list[0], nil
}

// lockRequest reads a request and holds it until the transaction ends.
func lockRequest(ctx context.Context, q db.Q, id string) (Request, error) {
	if err := db.Must(ctx, q, `UPDATE identity_requests SET state = state WHERE id = $1`, id); err != nil {
		return Request{}, err
	}
	return requestByID(ctx, q, id)
}

// waitingRequests lists what waits for a second person, the oldest first.
func waitingRequests(ctx context.Context, q db.Reader, now db.Time) ([]Request, error) {
	return requests(ctx, q, ` WHERE x.state = 'waiting' AND x.until > $1 ORDER BY x.asked_at, x.id`, now)
}

// waitingFor lists what waits for one person.
func waitingFor(ctx context.Context, q db.Reader, personID string, now db.Time) ([]Request, error) {
	return requests(ctx, q, ` WHERE x.state = 'waiting' AND x.kind NOT IN ('change', 'website', 'from', 'mail')
		AND x.person_id = $1 AND x.until > $2 ORDER BY x.asked_at, x.id`, personID, now)
}

// insertRequest keeps a request, unless the same waits already.
func insertRequest(ctx context.Context, q db.Q, r Request) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO identity_requests (id, person_id, kind, value, reason, asked_by, asked_at, until, email)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (person_id, kind, value) WHERE state = 'waiting' DO NOTHING`,
		r.ID, r.PersonID, r.Kind, r.Value, r.Reason, r.AskedBy, r.AskedAt, r.Until, r.Email)
	return n > 0, err
}

// endRequests ends what waited for a person until it was too late.
func endRequests(ctx context.Context, q db.Q, personID, by string, now db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_requests SET state = 'withdrawn', decided_by = $2, decided_at = $3
		WHERE person_id = $1 AND state = 'waiting' AND until <= $3`, personID, by, now)
	return err
}

func decideRequest(ctx context.Context, q db.Q, id, state, by string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE identity_requests SET state = $2, decided_by = $3, decided_at = $4
		WHERE id = $1 AND state = 'waiting'`, id, state, by, at)
}

// accounts lists everybody who has a role and is active, by name.
func accounts(ctx context.Context, q db.Reader) ([]account, error) {
	type row struct {
		ID, Name, Email string
		OrganisationID  db.Opt
		Mailbox         string
		GivenRow
	}
	rows, err := db.All[row](ctx, q, `
		SELECT p.id, p.name, p.email, p.organisation_id, p.mailbox, `+givenColumns+`
		FROM identity_person_roles r JOIN people p ON p.id = r.person_id `+ownRole+`
		WHERE p.active AND p.same_as IS NULL ORDER BY p.folded, p.id, r.role, COALESCE(r.organisation_id, '')`)
	if err != nil {
		return nil, err
	}
	var out []account
	for _, x := range rows {
		if n := len(out); n == 0 || out[n-1].ID != x.ID {
			out = append(out, account{ID: x.ID, Name: x.Name, Email: x.Email, OrganisationID: x.OrganisationID,
				Mailbox: x.Mailbox})
		}
		last := &out[len(out)-1]
		last.roles = append(last.roles, x.given())
	}
	return out, nil
}

// othersSignIn reports whether anybody but one person has a role or a password, whether they are
// active or not: whoever was shut out may be let in again.
func othersSignIn(ctx context.Context, q db.Reader, personID string) (bool, error) {
	return db.Get[bool](ctx, q, `SELECT EXISTS (SELECT 1 FROM identity_person_roles WHERE person_id <> $1)
		OR EXISTS (SELECT 1 FROM identity_passwords WHERE person_id <> $1)`, personID)
}

// endFactorRequests ends what somebody asked for their first passkey or app.
func endFactorRequests(ctx context.Context, q db.Q, personID string, now db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_requests SET state = 'withdrawn', decided_by = $1, decided_at = $2
		WHERE kind = 'factor' AND state = 'waiting' AND person_id = $1`, personID, now)
	return err
}

// endKeptRequests ends what was asked for a setting.
func endKeptRequests(ctx context.Context, q db.Q, kind, by string, now db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_requests SET state = 'withdrawn', decided_by = $1, decided_at = $2
		WHERE kind = $3 AND state = 'waiting'`, by, now, kind)
	return err
}
