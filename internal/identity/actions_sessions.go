package identity

import (
	"context"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// These actions end sessions: one's own, and those of others by who manages people.

// SignOutEverywhere ends all sessions of a person but the one of the secret
// keep, which may be "".
func (r *Room) SignOutEverywhere(ctx context.Context, by web.Person, personID, keep string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if by.ID != personID {
			if _, _, err := r.governed(ctx, q, by, personID, mayTake); err != nil {
				return err
			}
		}
		n, err := deleteSessions(ctx, q, personID, hashed(keep))
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "signed out everywhere", personID, fmt.Sprintf("%d sessions", n))
	})
	return db.Wrap(err, "sign %s out everywhere", personID)
}

// EndSession ends one of a person's own sessions.
func (r *Room) EndSession(ctx context.Context, by web.Person, sessionID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := deleteSessionByID(ctx, q, by.ID, sessionID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended a session", by.ID, by.Name)
	})
	return db.Wrap(err, "end session")
}

// EndSessionOf ends one session of somebody, by who may shut their account out. It returns
// ErrBeyond for who may not, and db.ErrNotFound for a session that has ended.
func (r *Room) EndSessionOf(ctx context.Context, by web.Person, sessionID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		owner, err := sessionOwner(ctx, q, sessionID)
		if err != nil {
			return err
		}
		p, _, err := r.governed(ctx, q, by, owner, mayTake)
		if err != nil {
			return err
		}
		if err := deleteSessionByID(ctx, q, owner, sessionID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended a session of", owner, p.Name)
	})
	return db.Wrap(err, "end a session of somebody")
}

// EndSessions ends every session but the one of the secret keep, and tells how many there
// were: for the day when a password of the partnership's is in wrong hands, and nobody
// knows whose.
func (r *Room) EndSessions(ctx context.Context, by web.Person, keep string) (ended int, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		n, err := deleteEverySession(ctx, q, hashed(keep))
		if err != nil {
			return err
		}
		ended = int(n)
		trail := audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
		return trail.Note(ctx, q, by, "ended everybody’s sessions", signingInSubject, signingInID,
			lang.Plural(ended, "session", "sessions"))
	})
	return ended, db.Wrap(err, "end all sessions")
}
