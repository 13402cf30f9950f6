package figure

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// Stores are where figures are computed from. Work is nil in a process that has
// only the public store, and which computes no figure.
type Stores struct {
	Work, Public *db.DB
	Now          clock.Clock // nil for the system's
}

func (x Stores) today() period.Date {
	if x.Now == nil {
		x.Now = clock.System
	}
	return x.Now.Today()
}

// A Registry holds every figure of the installation.
type Registry struct {
	stores Stores
	byID   map[string]*Definition
	memory memory
	// More, when set, gives the figures that are not known when the program
	// starts, because people define them: the attested ones.
	More func(ctx context.Context, s *Snapshot) ([]Definition, error)
	// Terms, when set, reads the installation's words, which definitions mark: what
	// a snapshot gives has them written in.
	Terms func(ctx context.Context, q db.Reader) (lang.Terms, error)
}

// NewRegistry makes a registry of definitions. It panics on a definition without
// id or compute, or with the id of another: that is a fault of the program.
func NewRegistry(stores Stores, defs ...Definition) *Registry {
	r := &Registry{stores: stores, byID: map[string]*Definition{}}
	for _, d := range defs {
		if d.ID == "" || d.Compute == nil || d.Counts == "" || d.Protection == "" || d.Kind == "" || r.byID[d.ID] != nil {
			panic("figure " + d.ID + " is incomplete or defined twice")
		}
		r.byID[d.ID] = &d
	}
	return r
}

// A Snapshot is the stores at one point in time, and answers Asks from them. A
// page, a report, a command takes one, so that its figures agree with each other.
//
// It is one point in time of each store, opened one after the other: a figure over
// both (visits: months imported are in work, days counted in public) can lack, of
// the one, what was committed in the moment between.
type Snapshot struct {
	Work, Public db.Reader // nil where the process has no such store
	registry     *Registry
	open         *snapshotValues
	basis        *basis // of the computation that this was handed to; nil outside of one
}

// snapshotValues are what is read once in a snapshot.
type snapshotValues struct {
	today        period.Date
	work, public db.Reader
	changes      [2]map[string]int64 // how often tables changed, in work and in public
	more         []*Definition
	moreRead     bool
	terms        lang.Terms
	termsRead    bool
}

// Today is the day of the asking. A figure that depends on it must ask here.
func (s *Snapshot) Today() period.Date {
	if s.basis != nil {
		s.basis.today = s.open.today
	}
	return s.open.today
}

// Snapshot runs f with a Snapshot, which ends with it. As for db.Snapshot: in f
// use only the Snapshot, in one goroutine, and write no page out.
func (r *Registry) Snapshot(ctx context.Context, f func(*Snapshot) error) error {
	return r.stores.Snapshot(ctx, func(s *Snapshot) error {
		s.registry = r
		return f(s)
	})
}

// Snapshot runs f with a Snapshot that has no registry: for a room's own pages.
func (x Stores) Snapshot(ctx context.Context, f func(*Snapshot) error) error {
	s := &Snapshot{registry: &Registry{stores: x}, open: &snapshotValues{today: x.today()}}
	run := func() error {
		s.open.work, s.open.public = s.Work, s.Public
		return f(s)
	}
	for _, each := range []struct {
		store  *db.DB
		reader *db.Reader
	}{{x.Public, &s.Public}, {x.Work, &s.Work}} {
		if each.store == nil {
			continue
		}
		inner := run
		run = func() error {
			return each.store.As(db.ForFigures).Snapshot(ctx, func(q db.Reader) error { *each.reader = q; return inner() })
		}
	}
	return run()
}

// Compute answers one ask over a Snapshot of its own.
func (r *Registry) Compute(ctx context.Context, id string, ask Ask) (values []Value, err error) {
	err = r.Snapshot(ctx, func(s *Snapshot) error {
		values, err = s.Compute(ctx, id, ask)
		return err
	})
	return values, err
}

// One answers one ask without By over a Snapshot of its own.
func (r *Registry) One(ctx context.Context, id string, ask Ask) (v Value, err error) {
	err = r.Snapshot(ctx, func(s *Snapshot) error {
		v, err = s.One(ctx, id, ask)
		return err
	})
	return v, err
}

// Get finds a definition by its id, or returns ErrUnknown.
func (s *Snapshot) Get(ctx context.Context, id string) (*Definition, error) {
	if d := s.registry.byID[id]; d != nil {
		terms, err := s.terms(ctx)
		return d.in(terms), err
	}
	more, err := s.defined(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(more, func(d *Definition) bool { return d.ID == id }); i >= 0 {
		return more[i], nil
	}
	return nil, fmt.Errorf("%w %q", ErrUnknown, id)
}

// defined gives the figures that people defined, read once in a snapshot.
func (s *Snapshot) defined(ctx context.Context) ([]*Definition, error) {
	if s.open.moreRead || s.registry.More == nil {
		return s.open.more, nil
	}
	defs, err := s.registry.More(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("figures that people defined: %w", err)
	}
	for i := range defs {
		s.open.more = append(s.open.more, &defs[i])
	}
	s.open.moreRead = true
	return s.open.more, nil
}

// terms gives the installation's words, read once in a snapshot.
func (s *Snapshot) terms(ctx context.Context) (lang.Terms, error) {
	if s.open.termsRead || s.registry.Terms == nil || s.open.work == nil {
		return s.open.terms, nil
	}
	terms, err := s.registry.Terms(ctx, s.open.work)
	if err != nil {
		return nil, fmt.Errorf("the words of figures: %w", err)
	}
	s.open.terms, s.open.termsRead = terms, true
	return terms, nil
}

// in gives the definition with an installation's words in its texts.
func (d *Definition) in(terms lang.Terms) *Definition {
	own := *d
	for _, text := range []*string{&own.Title, &own.Counts, &own.Numerator, &own.Denominator, &own.Unit, &own.Source,
		&own.Watch} {
		*text = terms.Put(*text)
	}
	own.Dimensions = slices.Clone(d.Dimensions)
	for i := range own.Dimensions {
		own.Dimensions[i].Title = terms.Put(own.Dimensions[i].Title)
	}
	return &own
}

// All lists the definitions by id.
func (s *Snapshot) All(ctx context.Context) ([]*Definition, error) {
	more, err := s.defined(ctx)
	if err != nil {
		return nil, err
	}
	terms, err := s.terms(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(more)
	for _, d := range s.registry.byID {
		out = append(out, d.in(terms))
	}
	slices.SortFunc(out, func(a, b *Definition) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// Definitions lists the definitions by id as a transaction of the work store has them,
// for what is not computed from them.
func (r *Registry) Definitions(ctx context.Context, work db.Reader) ([]*Definition, error) {
	return (&Snapshot{Work: work, registry: r, open: &snapshotValues{work: work}}).All(ctx)
}

// Compute answers an ask, from memory where nothing has changed since it was asked
// before. The values are shared: they are read and not changed. A stock asked over a period is given as at its last
// day. Errors are ErrUnknown, a *BadAsk, a *NotHeld, or the store's.
func (s *Snapshot) Compute(ctx context.Context, id string, ask Ask) ([]Value, error) {
	d, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if ask, err = d.check(ask); err != nil {
		return nil, err
	}
	a, err := s.remembered(ctx, d, ask)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", id, err)
	}
	if a.none != nil {
		return nil, fmt.Errorf("figure %s: %w", id, a.none)
	}
	values := slices.Clone(a.values)
	for i := range values {
		values[i].Definition, values[i].Ask = d, ask
		dims := map[string]string{}
		maps.Copy(dims, ask.Where)
		maps.Copy(dims, values[i].Dims)
		values[i].Dims = dims
	}
	return values, nil
}

// One answers an ask without By, which has a single value.
func (s *Snapshot) One(ctx context.Context, id string, ask Ask) (Value, error) {
	ask.By = ""
	values, err := s.Compute(ctx, id, ask)
	if err != nil {
		return Value{}, err
	}
	if len(values) != 1 {
		return Value{}, fmt.Errorf("figure %s gave %d values and not one", id, len(values))
	}
	return values[0], nil
}
