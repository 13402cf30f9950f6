package sdc

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kith/sdc/internal/exact"
)

// state is how a count stands in what is published.
type state uint8

const (
	absent state = iota // not printed anywhere
	shown               // printed, perhaps rounded
	hidden              // a symbol stands for it
)

// spot is a cell of a release.
type spot struct{ table, cell int }

// A quantity is one count that is printed, was printed, or can be worked out
// from such: a cell, a total, a sub-total. Cells of several tables that count the
// same are one quantity.
type quantity struct {
	key    string
	label  string
	places []spot // in the new release; none for earlier and unprinted counts
	state  state  // in the new release
	prior  state  // in what was released before
	// lo and hi are what a reader can tell from the numbers that are printed now,
	// priorLo and priorHi from those printed before.
	lo, hi           int64
	priorLo, priorHi int64
	// floor is the least a hidden count can be for a reader who knows how zeros are
	// shown; threshold and small the profile's limits; values its protection interval.
	floor     int64
	threshold int64
	small     int64
	values    int64
	// parts is the least a total can be for a reader who sees which of its lowest
	// parts are none.
	parts int64
	// totals is in how many dimensions it is a total or sub-total; top in how many
	// it is the grand total of the dimension, of dims dimensions.
	totals, top, dims int
	// truth is known to a publisher, and 0 for an attacker.
	truth int64
	known bool
	// cost of hiding it, and whether it must be shown.
	cost int64
	keep bool
	rule Rule // its primary rule, if any
}

// grand says whether it is the total of everything.
func (q *quantity) grand() bool { return q.top == q.dims }

// A problem is all that is or was published about some populations: quantities
// and the equations between them.
type problem struct {
	release *Release
	profile *Profile
	q       []quantity
	eqs     []exact.Equation // terms name quantities
	byKey   map[string]int
	// groupRule: every group of connected hidden counts holds a small one.
	groupRule bool
	// tied: more than the sums of one table ties the counts.
	tied bool
	// partly says which tables leave categories of a dimension out.
	partly map[tableDim]bool
	// blind: the choice of secondaries must not look at sizes, since the table is
	// small enough for a reader to try all that could stand behind it.
	blind bool
	// ties are the identities.
	ties  []exact.Equation
	facts []boundFact
	// printedFacts: the usual reader sees the facts too, since they are printed.
	printedFacts bool
	// grids are the tables as all their combinations, with their quantities.
	grids []filledGrid
	// pattern is what a reader knows who sees only which counts are none; made when
	// it is first asked.
	pattern *bounder
}

// A filledGrid is a grid with the quantity of each combination, -1 for a count of none.
type filledGrid struct {
	g    *grid
	ids  []int
	ways [][][]way // of a search by boxes; made when it is first asked
}

// boundFact is a Fact over quantities.
type boundFact struct {
	name   string
	terms  []exact.Term
	lo, hi int64
}

// MaxCells is how many combinations of codes a table may have.
const MaxCells = 1 << 21

// source is a table with the rule under which it is printed.
type source struct {
	t       *Table
	profile *Profile
	prior   string // name of the earlier release, "" for the new one
	index   int    // of the new release's tables
	// distance is above 0 for an earlier release that was rounded so that totals add up:
	// each printed count is less than that away from the true one.
	distance int64
	// rounded is set for a new release of rounded counts.
	rounded bool
}

// reading is between what a reader knows a count to be that is printed in the table.
func (s *source) reading(printed int64) (lo, hi int64) {
	if s.distance == 0 {
		return s.profile.reading(printed)
	}
	return around(printed, s.distance)
}

// around is every count less than distance away from a printed one.
func around(printed, distance int64) (lo, hi int64) {
	return max(0, printed-distance+1), printed + distance - 1
}

// exact says whether a table's numbers are known as they are, and not rounded.
func (s *source) exact(publisher bool) bool {
	return !s.rounded && s.distance <= 1 && s.profile.Base <= 1 || publisher && s.prior == ""
}

// blame says of a fault that it is in what was released before.
func (s *source) blame(err error) error {
	var bad *TableError
	if s.prior == "" || !errors.As(err, &bad) || bad.Table != s.t.Name {
		return err
	}
	return &TableError{Cell: -1, Words: "in what was released before (" + s.prior + "): " + bad.Words}
}

// newProblem puts a release, and what was released before, together. When
// publisher is set, counts are true ones; else they are as printed.
func newProblem(r *Release, profile *Profile, ledger *Ledger, publisher bool) (*problem, error) {
	return newProblemWhere(r, profile, ledger, publisher, isPartial)
}

// isPartial goes by what the printed numbers tell.
func isPartial(_ tableDim, seen coverage) bool { return seen == partial }

// A tableDim is a dimension of one of the tables that a problem is made of, counted
// through the release and then the ledger.
type tableDim struct{ table, dim int }

// A coverageRule says whether a table leaves categories of a dimension out; seen is
// what the printed numbers tell of it.
type coverageRule func(at tableDim, seen coverage) bool

// newProblemWhere is newProblem for somebody who knows, or supposes, which tables
// leave categories of a dimension out.
func newProblemWhere(
	r *Release, profile *Profile, ledger *Ledger, publisher bool, partly coverageRule,
) (*problem, error) {
	var sources []source
	for i := range r.Tables {
		sources = append(sources, source{t: &r.Tables[i], profile: profile, index: i})
	}
	return newProblemFrom(sources, r, profile, ledger, publisher, partly)
}

// newRoundedProblem is newProblemWhere for a reader of rounded counts, which for now
// are taken as they stand, but not as telling which categories are left out.
func newRoundedProblem(r *Release, profile *Profile, ledger *Ledger, partly coverageRule) (*problem, error) {
	var sources []source
	for i := range r.Tables {
		sources = append(sources, source{t: &r.Tables[i], profile: profile, index: i, rounded: true})
	}
	return newProblemFrom(sources, r, profile, ledger, false, partly)
}

// newProblemFrom puts a release, of which sources are the tables, and what was
// released before together.
func newProblemFrom(
	sources []source, r *Release, profile *Profile, ledger *Ledger, publisher bool, partly coverageRule,
) (*problem, error) {
	p := &problem{
		release: r, profile: profile, byKey: map[string]int{}, partly: map[tableDim]bool{},
		groupRule: profile.Threshold > 0 && (profile.Base <= 1 || profile.SmallUpTo <= profile.Threshold),
	}
	entries := related(r, ledger)
	for i := range entries {
		e := &entries[i]
		for k := range e.Tables {
			sources = append(sources, source{t: &e.Tables[k], profile: &e.Profile, prior: e.Release, distance: e.Distance})
		}
	}
	for i := range sources {
		if err := checkTable(sources[i].t); err != nil {
			return nil, sources[i].blame(err)
		}
	}
	printed := sums(sources, publisher)
	p.tied = len(sources) > 1
	linked := p.tied || len(r.Identities) > 0 || len(r.Facts) > 0
	for i := range sources {
		leaves := func(d int) bool {
			at := tableDim{i, d}
			seen := untold
			if sources[i].exact(publisher) {
				seen = covers(sources[i].t, d, printed)
			}
			if seen == untold && hasFewer(sources, i, d) {
				seen = partial
			}
			p.partly[at] = partly(at, seen)
			return p.partly[at]
		}
		if err := p.add(&sources[i], publisher, linked, elsewhere(sources, i), leaves); err != nil {
			return nil, sources[i].blame(err)
		}
	}
	if err := p.tie(r); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if err := p.tie(&Release{Name: e.Release, Identities: e.Identities, Facts: e.Facts}); err != nil {
			return nil, err
		}
	}
	p.dedupe()
	p.settleHidden()
	if publisher {
		return p, p.addsUp()
	}
	return p, nil
}

// key names a count whatever table it stands in.
func (t *Table) key(codes []string) string {
	parts := make([]string, 0, len(codes)+1)
	for d, c := range codes {
		if c != Total {
			parts = append(parts, t.Dimensions[d].Name+"\x1e"+c)
		}
	}
	return keyOf(t.Population, parts)
}

// keyOf names a count by its population and its dimensions with their codes.
func keyOf(population string, parts []string) string {
	slices.Sort(parts)
	return population + "\x1f" + strings.Join(parts, "\x1f")
}

// key names the count that a reference means.
func (r Ref) key() string {
	var parts []string
	for d, c := range r.Codes {
		if c != Total {
			parts = append(parts, d+"\x1e"+c)
		}
	}
	return keyOf(r.Population, parts)
}

// tie adds the identities and facts of a release.
func (p *problem) tie(r *Release) error {
	for _, id := range r.Identities {
		terms, err := p.resolve(id.Parts, "an identity")
		if err != nil {
			return err
		}
		p.eqs = append(p.eqs, exact.Equation{Terms: terms, RHS: id.Sum})
		p.ties = append(p.ties, p.eqs[len(p.eqs)-1])
		p.tied = true
	}
	for _, f := range r.Facts {
		terms, err := p.resolve(f.Parts, f.Name)
		if err != nil {
			return err
		}
		p.facts = append(p.facts, boundFact{name: f.Name, terms: terms, lo: f.Low, hi: f.High})
	}
	return nil
}

func (p *problem) resolve(parts []Part, of string) ([]exact.Term, error) {
	var out []exact.Term
	for _, part := range parts {
		q, id := p.quantityFor(part.Ref.key())
		if q.label == "" {
			q.label = part.Ref.String()
		}
		if i := slices.IndexFunc(out, func(t exact.Term) bool { return t.V == id }); i >= 0 {
			out[i].C += part.Factor
			continue
		}
		out = append(out, exact.Term{V: id, C: part.Factor})
	}
	out = slices.DeleteFunc(out, func(t exact.Term) bool { return t.C == 0 })
	if !p.fits(out) {
		return nil, fmt.Errorf("%s has numbers too large to reckon with", of)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s names no count", of)
	}
	return out, nil
}

// fits says whether the sum of counts with factors stays within 64 bits.
func (p *problem) fits(terms []exact.Term) bool {
	sum := new(big.Int)
	for _, t := range terms {
		q := &p.q[t.V]
		most := max(q.truth, q.lo, q.priorLo, 1)
		for _, hi := range []int64{q.hi, q.priorHi} {
			if hi != unbounded {
				most = max(most, hi)
			}
		}
		c := new(big.Int).Abs(big.NewInt(t.C))
		sum.Add(sum, c.Mul(c, big.NewInt(most)))
	}
	return sum.BitLen() < 62
}

// String names the count for people.
func (r Ref) String() string {
	var parts []string
	for d, c := range r.Codes {
		if c != Total {
			parts = append(parts, d+" "+c)
		}
	}
	slices.Sort(parts)
	words := strings.Join(parts, ", ")
	if words == "" {
		words = "the grand total"
	}
	if r.Population != "" {
		words += " of " + r.Population
	}
	return words
}

// dedupe leaves each equation in once: linked tables bring the same ones.
func (p *problem) dedupe() {
	seen := make(map[string]int, len(p.eqs))
	out := p.eqs[:0]
	for _, e := range p.eqs {
		if len(e.Terms) == 0 {
			continue
		}
		slices.SortFunc(e.Terms, func(a, b exact.Term) int { return cmp.Compare(a.V, b.V) })
		var b strings.Builder
		for _, t := range e.Terms {
			fmt.Fprintf(&b, "%d*%d ", t.C, t.V)
		}
		fmt.Fprint(&b, e.RHS)
		if at, ok := seen[b.String()]; ok {
			out[at].Redundant = out[at].Redundant && e.Redundant
			continue
		}
		seen[b.String()] = len(out)
		out = append(out, e)
	}
	p.eqs = out
}

// settleHidden lets an earlier symbol stand as a hidden count, and gives the
// counts that no table prints their true value where it follows.
func (p *problem) settleHidden() {
	for changed := true; changed; {
		changed = false
		for _, e := range p.eqs {
			missing, sum := -1, e.RHS
			for i, t := range e.Terms {
				q := &p.q[t.V]
				switch {
				case q.known:
					sum -= t.C * q.truth
				case missing < 0 && len(q.places) == 0:
					missing = i
				default:
					missing = -2
				}
				if missing == -2 {
					break
				}
			}
			if missing < 0 {
				continue
			}
			if t := e.Terms[missing]; sum%t.C == 0 {
				q := &p.q[t.V]
				q.truth, q.known, changed = sum/t.C, true, true
			}
		}
	}
}

// bounds is between what an attacker knows a quantity to be before looking at
// any sum.
func (p *problem) bounds(q *quantity, know Knowledge) (lo, hi int64) {
	lo, hi = 0, unbounded
	if q.prior == shown {
		lo, hi = max(lo, q.priorLo), min(hi, q.priorHi)
	}
	if q.state == shown {
		lo, hi = max(lo, q.lo), min(hi, q.hi)
	}
	if (q.state == hidden || q.prior == hidden) && know >= K1 {
		lo = max(lo, q.floor)
	}
	return lo, hi
}
