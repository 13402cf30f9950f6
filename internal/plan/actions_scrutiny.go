package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// AddScrutiny keeps a new scrutiny note and returns its id. It is the author's own when they
// scrutinise; those who keep the plan are told of it. It returns *ui.Invalid, and
// db.ErrNotFound for somebody who may write none.
func (r *Room) AddScrutiny(ctx context.Context, by web.Person, s Scrutiny) (string, error) {
	s.ID = r.NewID()
	if by.May(access.PlanScrutinise) {
		s.AuthorID = db.Opt(by.ID)
	}
	if !by.May(access.PlanManage) {
		s.Response, s.RespondedOn = "", period.Date{}
	}
	if p := s.problems(r.Now.Today()); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if !scrutinyRules.May(by, access.Change, s.of()) {
			return db.ErrNotFound
		}
		if err := insertScrutiny(ctx, q, s, r.Now()); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "added", scrutinySubject, s.ID, s.Subject); err != nil {
			return err
		}
		if s.Response != "" {
			return nil // it was entered when it was over
		}
		return r.tellScrutiny(ctx, q, by, "Scrutiny: "+s.Subject, "recorded what they saw.", s.Challenge,
			scrutinyHref(s.ID))
	})
	return s.ID, db.Wrap(err, "add scrutiny of %s", s.Subject)
}

// SaveScrutiny keeps a scrutiny note as it has been corrected or answered. The answer is the
// partners' and written by those who keep the plan; its author is told of it.
func (r *Room) SaveScrutiny(ctx context.Context, by web.Person, s Scrutiny, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockScrutiny(ctx, q, s.ID)
		if err != nil {
			return err
		}
		if !scrutinyRules.May(by, access.Change, was.of()) {
			return db.ErrNotFound
		}
		s.AuthorID = was.AuthorID
		if !by.May(access.PlanManage) {
			s.Response, s.RespondedOn = was.Response, was.RespondedOn
		}
		if p := s.problems(r.Now.Today()); len(p) > 0 {
			return &ui.Invalid{Problems: p}
		}
		if err := audittrail.Check(ctx, q, seen, scrutinySubject, s.ID, fillScrutiny(was)); err != nil {
			return err
		}
		if err := updateScrutiny(ctx, q, s); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "changed", scrutinySubject, s.ID, s.Subject,
			audittrail.Between(fillScrutiny(was), fillScrutiny(s))); err != nil {
			return err
		}
		switch {
		case s.Response != was.Response && s.Response != "":
			return r.tellAuthor(ctx, q, by, s)
		case s.Challenge != was.Challenge && s.Challenge != "":
			return r.tellScrutiny(ctx, q, by, "Scrutiny: "+s.Subject, "changed what the partners are asked.", s.Challenge,
				scrutinyHref(s.ID))
		}
		return nil
	})
	return db.Wrap(err, "change scrutiny %s", s.ID)
}

// DeleteScrutiny takes away a scrutiny note that was entered by mistake.
func (r *Room) DeleteScrutiny(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		s, err := lockScrutiny(ctx, q, id)
		if err != nil {
			return err
		}
		if !scrutinyRules.May(by, access.Change, s.of()) {
			return db.ErrNotFound
		}
		if err := audittrail.Check(ctx, q, seen, scrutinySubject, id, fillScrutiny(s)); err != nil {
			return err
		}
		if err := deleteScrutiny(ctx, q, id); err != nil {
			return err
		}
		return r.trail().Note(ctx, q, by, "deleted", scrutinySubject, id, s.Subject)
	})
	return db.Wrap(err, "delete scrutiny %s", id)
}

// Scrutiny gives one scrutiny note.
func (r *Room) Scrutiny(ctx context.Context, id string) (Scrutiny, error) {
	return scrutiny(ctx, r.Work, id)
}

// Scrutinies lists a page of the scrutiny notes that a filter lets through, and
// counts all of them.
func (r *Room) Scrutinies(ctx context.Context, f Filter) ([]Scrutiny, int, error) {
	return scrutinies(ctx, r.Work, f)
}
