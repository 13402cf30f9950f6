package sdc

import (
	"context"
	"errors"
	"slices"

	"kith/sdc/internal/exact"
)

// A Decision says why a cell is as it is printed. It is for the publisher: it
// tells which hidden counts are small.
type Decision struct {
	// Hidden says that the symbol stands in the cell.
	Hidden bool
	// Rule is the primary rule that hides it; empty for a shown cell and for a
	// secondary.
	Rule Rule
	// Already says that the cell was hidden when it was given.
	Already bool
	// Protects names the counts that would be given away if this secondary were
	// shown.
	Protects []string
}

// A Result is a release made safe, or the reason why it cannot be.
type Result struct {
	// Safe is true only when the audit of what is printed stands.
	Safe bool
	// Released is the release as it may be printed. It has no true count of a hidden
	// cell. When Safe is false it must not be published.
	Released Release
	// Decisions are by table and cell.
	Decisions [][]Decision
	// Audit is the attacker's view of Released.
	Audit *Audit
	// Coarse says that nearly everything is hidden, because the table is so small
	// that somebody who has this program could otherwise try all counts that could
	// stand behind it, and be left with one.
	Coarse bool
	// Suggestion is the smallest change that would make the release safe, in words;
	// empty when it is safe or when none was found.
	Suggestion string

	profile Profile
}

// Protect hides what must be hidden in a release and judges it together with all
// that was released before. The counts of r are true ones; cells that are Hidden
// already stay so.
//
// It returns a *TableError error when the tables are none, and an *EarlierRounding error
// when the ledger has some of the counts as rounded ones. A release that cannot be
// made safe, or could not be shown safe within the budget, is no error: the
// result then is not Safe, and Audit says what could be worked out.
func Protect(ctx context.Context, r Release, o Options) (*Result, error) {
	m := o.meter(ctx)
	res, err := protect(m, r, o, asChosen)
	if err == nil && res.Safe && r.replayable(&o) {
		res, err = withstand(m, r, o, res)
	}
	if err != nil || res.Safe {
		return res, err
	}
	res.Suggestion = suggest(ctx, r, o, res)
	return res, nil
}

// extent says how much of a release is hidden.
type extent uint8

const (
	asChosen   extent = iota // what the search chooses
	nearlyAll                // everything but the grand total
	everything               // that too
)

// protect is Protect without a suggestion, and without a look at readers who
// replay it.
func protect(m *exact.Meter, r Release, o Options, hide extent) (*Result, error) {
	if err := o.Profile.Validate(); err != nil {
		return nil, err
	}
	if err := roundedBefore(&r, o.ledger()); err != nil {
		return nil, err
	}
	p, err := newProblem(&r, &o.Profile, o.ledger(), true)
	if err != nil {
		return nil, err
	}
	p.printedFacts = o.Know == Usual
	p.blind = r.replayable(&o)
	p.primary(&r, &o.Profile)
	p.price()
	if r.hasHidden() {
		if err := p.canAddUp(o.know()); err != nil {
			return nil, err
		}
	}
	res := &Result{profile: o.Profile, Coarse: hide != asChosen}
	s, err := newSuppressor(p, o.know(), m)
	switch {
	case err != nil:
	case hide == asChosen:
		err = s.choose()
	default:
		s.all(hide == everything)
	}
	if errors.Is(err, exact.ErrInfeasible) {
		return nil, errTogether(p.release, &o)
	}
	if err != nil && !errors.Is(err, ErrStopped) {
		return nil, err
	}
	stopped := err != nil
	if s != nil {
		s.apply()
		if !stopped {
			res.explain(s)
		}
	}
	res.release(p, &r)
	if stopped {
		res.Audit = &Audit{Profile: o.Profile.Name, Version: o.Profile.Version, Know: o.know(), Stopped: true}
		return res, nil
	}
	return res, res.judge(m, o, p.partly)
}

// hasHidden says whether cells were hidden already when the release was given.
func (r *Release) hasHidden() bool {
	return slices.ContainsFunc(r.Tables, func(t Table) bool {
		return slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.Hidden })
	})
}

// errTogether says that no counts can stand behind what is hidden, or was released
// before, beside the counts that are given.
func errTogether(r *Release, o *Options) error {
	words := "no whole numbers can stand behind what is hidden in it; look at the totals beside the hidden counts"
	if o.ledger() != nil {
		words = "the counts cannot be true together with what was released before; name the population, or correct the ledger"
	}
	name := ""
	if len(r.Tables) > 0 {
		name = r.Tables[0].Name
	}
	return &TableError{Table: name, Cell: -1, Words: words}
}

// judge attacks what would be printed, with nothing in hand but that and what
// everybody knows: which tables have all categories.
func (res *Result) judge(m *exact.Meter, o Options, partly map[tableDim]bool) error {
	p, err := newProblemWhere(&res.Released, &o.Profile, o.ledger(), false,
		func(at tableDim, _ coverage) bool { return partly[at] })
	if err != nil {
		return err
	}
	p.printedFacts = o.Know == Usual
	res.Audit, err = p.audit(m, o.know())
	if err != nil {
		return err
	}
	if res.Audit.blames(res.Audit.Derived) {
		if err := p.forgive(m, res.Audit, &o); err != nil {
			return err
		}
	}
	res.Safe = res.Audit.Stands && !res.exposed()
	return nil
}

// exposed says whether a count that a primary rule hides is printed, since it had
// to be kept.
func (res *Result) exposed() bool {
	for _, table := range res.Decisions {
		if slices.ContainsFunc(table, func(d Decision) bool { return d.Rule != "" && !d.Hidden }) {
			return true
		}
	}
	return false
}

// primary marks what the primary rules hide.
func (p *problem) primary(r *Release, profile *Profile) {
	for t := range r.Tables {
		rules := primaries(&r.Tables[t], profile)
		for id := range p.q {
			q := &p.q[id]
			for _, pl := range q.places {
				if pl.table == t && rules[pl.cell] != "" {
					q.rule = rules[pl.cell]
				}
			}
		}
	}
	for id := range p.q {
		if q := &p.q[id]; q.rule != "" && !q.keep {
			q.state = hidden
		}
	}
}

// The usual costs of hiding a cell: any lowest cell about the same, a great one a
// little more than a small one, a total more than its parts, and the grand total
// only when nothing else helps.
const (
	cellCost  = 1000
	totalCost = 900
	sizeCost  = 6
	grandCost = 1_000_000
)

// price gives every quantity without a cost of its own the usual one.
func (p *problem) price() {
	for id := range p.q {
		q := &p.q[id]
		if q.cost > 0 {
			continue
		}
		q.cost = cellCost + totalCost*int64(q.totals)
		for x := q.truth; x > 0 && !p.blind; x >>= 1 {
			q.cost += sizeCost
		}
		if q.grand() {
			q.cost = grandCost
		}
	}
}

// release makes the tables as they are printed.
func (res *Result) release(p *problem, r *Release) {
	out := Release{Name: r.Name, Identities: r.Identities, Facts: r.Facts}
	if res.Decisions == nil {
		res.Decisions = make([][]Decision, len(r.Tables))
		for t := range r.Tables {
			res.Decisions[t] = make([]Decision, len(r.Tables[t].Cells))
		}
	}
	for t := range r.Tables {
		table := r.Tables[t]
		table.Cells = slices.Clone(table.Cells)
		for c := range table.Cells {
			cell := &table.Cells[c]
			cell.Codes = slices.Clone(cell.Codes)
			cell.Largest, cell.Contributors, cell.Cost = 0, 0, 0
			if !cell.Hidden {
				cell.Count = res.profile.round(cell.Count)
			}
		}
		out.Tables = append(out.Tables, table)
	}
	p.eachPlace(func(pl spot, id int) {
		d := &res.Decisions[pl.table][pl.cell]
		q := &p.q[id]
		d.Rule, d.Hidden = q.rule, q.state == hidden
		cell := &out.Tables[pl.table].Cells[pl.cell]
		d.Already = cell.Hidden
		if d.Hidden {
			cell.Hidden, cell.Count = true, 0
		}
	})
	res.Released = out
}
