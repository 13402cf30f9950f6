package sites

import (
	"context"
	"encoding/json"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
)

// ShutSite shuts the public site, with the reason for colleagues. It returns *web.Changed
// when somebody shut or opened it since it was seen, and publish.ErrWaiting as PublishPage
// does: it is still open then.
func (r *Room) ShutSite(ctx context.Context, by web.Person, reason string, seen web.Seen) error {
	text, err := json.Marshal(closing{Since: db.At(r.Now()), By: by.Name, Reason: reason})
	if err != nil {
		return fmt.Errorf("shut the site: %w", err)
	}
	return r.turn(ctx, by, seen, "shut", func(q db.Q) error {
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindShut, Key: shutKey, Payload: string(text)})
	}, audittrail.Because(reason))
}

// OpenSite opens the public site again after ShutSite, as that does.
func (r *Room) OpenSite(ctx context.Context, by web.Person, seen web.Seen) error {
	return r.turn(ctx, by, seen, "opened", func(q db.Q) error {
		return r.Outbox.Take(ctx, q, publish.Item{Kind: kindShut, Key: shutKey})
	})
}

func (r *Room) turn(ctx context.Context, by web.Person, seen web.Seen, act string, decide func(db.Q) error,
	more ...audittrail.More) error {
	now, err := r.Outbox.State(ctx, kindShut, shutKey)
	if err != nil {
		return fmt.Errorf("read whether the site is shut: %w", err)
	}
	if err := seen.Check(fillShut(now)); err != nil {
		return err
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.noteSite(ctx, q, by, act, "site", "The public site", more...); err != nil {
			return err
		}
		return decide(q)
	})
	if err != nil {
		return db.Wrap(err, "have the site %s", act)
	}
	return db.Wrap(r.Outbox.Release(ctx, kindShut, shutKey), "have the site %s", act)
}

// SaveFacts keeps the facts as a form has them that showed what was seen. The public sees them
// once the profile is published. It returns *web.Changed when somebody changed them meanwhile.
func (r *Room) SaveFacts(ctx context.Context, by web.Person, f Facts, seen web.Seen) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write the facts of the site: %w", err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockFacts(ctx, q); err != nil {
			return err
		}
		was, err := factsOf(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, factsSubject, "facts", fillFacts(was)); err != nil {
			return err
		}
		if err := putFacts(ctx, q, string(text), db.At(r.Now())); err != nil {
			return err
		}
		return r.noteSite(ctx, q, by, "changed", "facts", "What the statutory pages say",
			audittrail.Between(fillFacts(was), fillFacts(f)))
	})
	return db.Wrap(err, "change the facts of the site")
}

// noteSite notes what was done to the public site as a whole.
func (r *Room) noteSite(ctx context.Context, q db.Q, by web.Person, act, id, detail string,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, factsSubject, id, detail,
		more...)
}
