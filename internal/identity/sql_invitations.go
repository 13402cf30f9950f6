package identity

import (
	"context"

	"kith/internal/kit/db"
)

// selectInvitation reads an Invitation, in the order of its fields.
const selectInvitation = `
	SELECT i.id, i.person_id, i.roles, i.hands, i.made_by, i.made_at, i.until, i.state, i.ended_at, p.name,
	       COALESCE(o.name, ''), p.email, m.name
	FROM identity_invitations i JOIN people p ON p.id = i.person_id JOIN people m ON m.id = i.made_by
	LEFT JOIN organisations o ON o.id = p.organisation_id`

func insertInvitation(ctx context.Context, q db.Q, i Invitation, hash string) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_invitations (id, person_id, hash, roles, hands, made_by, made_at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, i.ID, i.PersonID, hash, i.Roles, i.Hands, i.MadeBy, i.MadeAt, i.Until)
	return err
}

// invitations lists a page of them, the newest first, and counts all.
func invitations(ctx context.Context, q db.Reader, search string, limit, offset int) ([]Invitation, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM identity_invitations i JOIN people p ON p.id = i.person_id
		WHERE p.folded LIKE $1 ESCAPE '\'`, db.Like(search))
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Invitation](ctx, q, selectInvitation+`
		WHERE p.folded LIKE $1 ESCAPE '\' ORDER BY i.made_at DESC, i.id LIMIT $2 OFFSET $3`, db.Like(search), limit, offset)
	return list, total, err
}

// invitationsOf gives the invitation of a person that works, if there is one.
func invitationsOf(ctx context.Context, q db.Reader, personID string, now db.Time) ([]Invitation, error) {
	return db.All[Invitation](ctx, q, selectInvitation+`
		WHERE i.person_id = $1 AND i.state = 'waiting' AND i.until > $2`, personID, now)
}

func invitationByHash(ctx context.Context, q db.Reader, hash string, now db.Time) (Invitation, error) {
	return db.Get[Invitation](ctx, q, selectInvitation+`
		WHERE i.hash = $1 AND i.state = 'waiting' AND i.until > $2 AND p.active`, hash, now)
}

// lockInvitation reads an invitation and holds it until the transaction ends.
func lockInvitation(ctx context.Context, q db.Q, id string) (Invitation, error) {
	if err := db.Must(ctx, q, `UPDATE identity_invitations SET state = state WHERE id = $1`, id); err != nil {
		return Invitation{}, err
	}
	return invitationByID(ctx, q, id)
}

func invitationByID(ctx context.Context, q db.Reader, id string) (Invitation, error) {
	return db.Get[Invitation](ctx, q, selectInvitation+` WHERE i.id = $1`, id)
}

// endInvitation ends one that waits: of two who end it at once, one gets db.ErrNotFound.
func endInvitation(ctx context.Context, q db.Q, id, state string, by db.Opt, at db.Time) error {
	return db.Must(ctx, q, `UPDATE identity_invitations SET state = $2, ended_by = $3, ended_at = $4
		WHERE id = $1 AND state = 'waiting'`, id, state, by, at)
}

// endInvitationsTo withdraws what waits for whoever has a role.
func endInvitationsTo(ctx context.Context, q db.Q, roleID string, by db.Opt, at db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_invitations SET state = 'withdrawn', ended_by = $2, ended_at = $3
		WHERE state = 'waiting' AND person_id IN (SELECT r.person_id FROM identity_person_roles r WHERE r.role = $1)`,
		roleID, by, at)
	return err
}

// endInvitations withdraws what waits for a person.
func endInvitations(ctx context.Context, q db.Q, personID string, by db.Opt, at db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_invitations SET state = 'withdrawn', ended_by = $2, ended_at = $3
		WHERE person_id = $1 AND state = 'waiting'`, personID, by, at)
	return err
}
