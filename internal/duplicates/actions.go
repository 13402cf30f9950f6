package duplicates

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
)

// Pairs lists the records of a kind that may be one, the likeliest first.
func (r *Room) Pairs(ctx context.Context, kind string) ([]Pair, error) {
	k, err := r.kind(kind)
	if err != nil {
		return nil, err
	}
	apart, err := saidApart(ctx, r.Work, kind)
	if err != nil {
		return nil, db.Wrap(err, "read what is not the same")
	}
	if k.Pairs != nil {
		list, err := k.Pairs(ctx, r.Work)
		return listed(list, apart), db.Wrap(err, "list %s", kind)
	}
	all, err := k.Candidates(ctx, r.Work)
	return pairs(all, apart), db.Wrap(err, "list %s", kind)
}

// A Side is one of two records that may be one, with what hangs on it.
type Side struct {
	merge.Record
	Held []merge.Held
}

// Words says what hangs on it: "3 bookings and 1 seat".
func (s Side) Words() string {
	var out []string
	for _, h := range s.Held {
		if h.N > 0 {
			out = append(out, lang.Plural(h.N, h.One, h.Many))
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return lang.Join(out)
}

// side reads a record and what hangs on it.
func (r *Room) side(ctx context.Context, q db.Reader, k merge.Kind, id string) (Side, error) {
	rec, err := k.Record(ctx, q, id)
	if err != nil {
		return Side{}, err
	}
	s := Side{Record: rec}
	for _, o := range r.offers(k.ID) {
		// Every row has to be counted: those that one may not read are moved as well.
		err := db.ReadAs(ctx, q, db.ForUpkeep, func(q db.Reader) error {
			held, err := o.Held(ctx, q, id)
			s.Held = append(s.Held, held...)
			return err
		})
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// blocks says what has to be settled before somebody can merge from into to.
func (r *Room) blocks(ctx context.Context, q db.Reader, by web.Person, kind, from, to string) ([]string, error) {
	why, err := r.sentences(kind, func(o merge.Offer) ([]string, error) {
		if o.Blocks == nil {
			return nil, nil
		}
		return o.Blocks(ctx, q, from, to)
	})
	if err != nil {
		return nil, err
	}
	refused, err := r.refuses(ctx, q, by, kind, from, to, nil)
	return append(why, refused...), err
}

// refuses says why somebody may not merge, or take back what moved.
func (r *Room) refuses(ctx context.Context, q db.Reader, by web.Person, kind, from, to string,
	moved []merge.Change) ([]string, error) {
	return r.sentences(kind, func(o merge.Offer) ([]string, error) {
		if o.Refuses == nil {
			return nil, nil
		}
		return o.Refuses(ctx, q, by, from, to, moved)
	})
}

// tells says what a person has to know before from is merged into to.
func (r *Room) tells(ctx context.Context, q db.Reader, kind, from, to string) ([]string, error) {
	return r.sentences(kind, func(o merge.Offer) ([]string, error) {
		if o.Tells == nil {
			return nil, nil
		}
		return o.Tells(ctx, q, from, to)
	})
}

// sentences gathers what the rooms say of two records of a kind.
func (r *Room) sentences(kind string, say func(o merge.Offer) ([]string, error)) ([]string, error) {
	var out []string
	for _, o := range r.offers(kind) {
		words, err := say(o)
		if err != nil {
			return nil, err
		}
		out = append(out, words...)
	}
	return out, nil
}

// open reads two records, of which neither is merged into another.
func (r *Room) open(ctx context.Context, q db.Reader, k merge.Kind, from, to string) (a, b Side, err error) {
	if from == to {
		return a, b, db.ErrNotFound
	}
	if a, err = r.side(ctx, q, k, from); err != nil {
		return a, b, err
	}
	if b, err = r.side(ctx, q, k, to); err != nil {
		return a, b, err
	}
	if a.Merged || b.Merged {
		return a, b, ErrMerged
	}
	return a, b, nil
}

// Merge makes one record of two: what hangs on from moves to to, in all rooms, and from
// is set aside. It returns ErrMerged when somebody was first, a web.Conflict with what
// has to be settled before, or *web.Changed when one of them is not as it was seen.
func (r *Room) Merge(ctx context.Context, by web.Person, kind, from, to string, seen web.Seen) (Merge, error) {
	k, err := r.kind(kind)
	if err != nil {
		return Merge{}, err
	}
	if k.Refuses != nil {
		if err := k.Refuses(by, from, to); err != nil {
			return Merge{}, fmt.Errorf("merge %s %s into %s: %w", kind, from, to, err)
		}
	}
	m := Merge{ID: r.NewID(), Kind: kind, FromID: from, ToID: to, MergedAt: db.At(r.Now())}
	err = r.Work.As(db.ForUpkeep).Tx(ctx, func(q db.Q) error {
		for _, id := range ordered(from, to) {
			if err := k.Lock(ctx, q, id); err != nil {
				return err
			}
		}
		a, b, err := r.open(ctx, q, k, from, to)
		if err != nil {
			return err
		}
		m.FromName, m.ToName = a.Name, b.Name
		if err := audittrail.Check(ctx, q, seen, k.Subject, to, fillPair(a, b)); err != nil {
			return err
		}
		why, err := r.blocks(ctx, q, by, kind, from, to)
		if err != nil {
			return err
		}
		if len(why) > 0 {
			return blocked(why)
		}
		return r.merge(ctx, q, by, k, m)
	})
	r.tally.forget(kind)
	return m, db.Wrap(err, "merge %s %s into %s", kind, from, to)
}

func blocked(why []string) error {
	return web.Conflict("They cannot be made one yet", strings.Join(why, " "))
}

// merge does what Merge has found may be done.
func (r *Room) merge(ctx context.Context, q db.Q, by web.Person, k merge.Kind, m Merge) error {
	moves := &merge.Moves{Q: q}
	offers := r.offers(k.ID)
	for _, o := range offers {
		if err := moves.Move(ctx, o, m.FromID, m.ToID); err != nil {
			return err
		}
	}
	var err error
	if m.WasLive, err = k.Retire(ctx, q, m.FromID, m.ToID); err != nil {
		return err
	}
	if err := settle(ctx, q, offers, moves.Changes); err != nil {
		return err
	}
	if err := insertMerge(ctx, q, by, m); err != nil {
		return err
	}
	if err := insertChanges(ctx, q, m.ID, moves.Changes); err != nil {
		return err
	}
	if err := deleteApart(ctx, q, k.ID, ordered(m.FromID, m.ToID)); err != nil {
		return err
	}
	return r.noteBoth(ctx, q, by, k, m, "merged into "+m.ToName, "took in "+m.FromName)
}

func settle(ctx context.Context, q db.Q, offers []merge.Offer, changes []merge.Change) error {
	for _, o := range offers {
		if o.Settle == nil {
			continue
		}
		if err := o.Settle(ctx, q, changes); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) noteBoth(ctx context.Context, q db.Q, by web.Person, k merge.Kind, m Merge, from, to string) error {
	trail := r.trail()
	if err := trail.Note(ctx, q, by, from, k.Subject, m.FromID, m.FromName); err != nil {
		return err
	}
	return trail.Note(ctx, q, by, to, k.Subject, m.ToID, m.ToName)
}

// Undo takes a merge back: what still is as the merge left it moves back, and the record
// that was set aside is there again. It says how much of what had moved could be put
// back, and returns ErrUndone when somebody was first, ErrLater, or a web.Conflict with why
// they may not.
func (r *Room) Undo(ctx context.Context, by web.Person, kind, mergeID string) (m Merge, back, of int, err error) {
	k, err := r.kind(kind)
	if err != nil {
		return m, 0, 0, err
	}
	err = r.Work.As(db.ForUpkeep).Tx(ctx, func(q db.Q) error {
		if m, err = lockMerge(ctx, q, kind, mergeID); err != nil {
			return err
		}
		if m.Undone() {
			return ErrUndone
		}
		for _, id := range ordered(m.FromID, m.ToID) {
			if err := k.Lock(ctx, q, id); err != nil {
				return err
			}
		}
		if kept, err := k.Record(ctx, q, m.ToID); err != nil {
			return err
		} else if kept.Merged {
			return ErrLater
		}
		changes, err := changesOf(ctx, q, m.ID)
		if err != nil {
			return err
		}
		of = len(changes)
		why, err := r.refuses(ctx, q, by, kind, m.ToID, m.FromID, append([]merge.Change{}, changes...))
		if err != nil {
			return err
		}
		if len(why) > 0 {
			return web.Conflict("It cannot be taken back yet", strings.Join(why, " "))
		}
		if err := k.Revive(ctx, q, m.FromID, m.WasLive); err != nil {
			return err
		}
		if back, err = merge.Undo(ctx, q, changes); err != nil {
			return err
		}
		if err := settle(ctx, q, r.offers(kind), changes); err != nil {
			return err
		}
		if err := endMerge(ctx, q, m.ID, db.At(r.Now())); err != nil {
			return err
		}
		return r.noteBoth(ctx, q, by, k, m, "is a record of its own again", "gave back "+m.FromName)
	})
	r.tally.forget(kind)
	return m, back, of, db.Wrap(err, "take back the merge %s", mergeID)
}

// Apart remembers that two records are not the same. It returns ErrMerged when one of
// them is merged meanwhile.
func (r *Room) Apart(ctx context.Context, by web.Person, kind, first, second string) error {
	k, err := r.kind(kind)
	if err != nil {
		return err
	}
	err = r.Work.As(db.ForUpkeep).Tx(ctx, func(q db.Q) error {
		for _, id := range ordered(first, second) {
			if err := k.Lock(ctx, q, id); err != nil {
				return err
			}
		}
		a, b, err := r.open(ctx, q, k, first, second)
		if err != nil {
			return err
		}
		if err := insertApart(ctx, q, by, kind, ordered(first, second), db.At(r.Now())); err != nil {
			return err
		}
		words := fmt.Sprintf("said not to be the same as %s", b.Name)
		return r.trail().Note(ctx, q, by, words, k.Subject, first, a.Name)
	})
	r.tally.forget(kind)
	return db.Wrap(err, "say that %s and %s are not the same", first, second)
}

func (r *Room) trail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}
