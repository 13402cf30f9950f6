package release

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/sdc"
)

// headline is a total that is quoted: from so many on it is not hidden for the sake of a cut.
const headline = 10 * figure.SmallBelow

// profileName is the rule of disclosure control by which children are published.
const profileName = "dfe"

// A Door is what all publications of an installation go through. It remembers what it
// protected, by content, so that a preview protects only what changed.
type Door struct {
	mu     sync.Mutex
	known  map[[sha256.Size]byte]*outcome
	oldest [][sha256.Size]byte
}

// mostKnown is how many groups of tables a door remembers.
const mostKnown = 512

// An outcome is what came of protecting a group of tables.
type outcome struct {
	tables []sdc.Table // as readers get them; none when it was refused
	why    [][]string  // for whoever guards data: why each cell is hidden, "" for what is shown
	fix    fix         // where it was refused
}

// A fix is the smallest change after which the rest could be published: the tables to take out.
type fix struct {
	titles []string
	stays  bool // their totals may stay
}

// A group is the tables that are tied to each other.
type group struct {
	of        []*counted
	tables    []sdc.Table
	relations []relation
	facts     []sdc.Fact
}

// Close ends the first pass: it protects what was asked for, together with all that was
// released before. Where something cannot be made safe the Release has Refusals, and cannot be
// kept. Nothing in it depends on how long it takes, nor on the machine.
func (d *Door) Close(ctx context.Context, c *Collection, l *Ledger, name string) (*Release, error) {
	profile, err := sdc.ProfileNamed(profileName)
	if err != nil {
		return nil, err
	}
	out := &Release{profile: profile, judged: l.last, answers: map[string]answer{}}
	out.printed.Name = name
	for _, base := range c.names {
		p := c.counts[base]
		p.edition = 1
		if was := l.editions[base]; was != nil {
			if p.edition = was.number; was.differs(p) {
				p.edition++
				out.corrects = true
			}
		}
	}
	relations, err := c.relations(ctx, l)
	if err != nil {
		return nil, err
	}
	shown := map[string]map[spot]printed{}
	for _, g := range c.groups(relations) {
		o, err := d.protect(ctx, g, l, profile)
		if err != nil {
			return nil, err
		}
		out.take(c, g, o, l, shown)
	}
	for _, a := range c.order {
		out.answers[Key(a.def.ID, a.ask)] = a.answer(shown)
	}
	return out, nil
}

// groups puts together what is tied to each other, in the order in which it was asked for.
func (c *Collection) groups(relations []relation) []*group {
	parent := map[string]string{}
	var find func(string) string
	find = func(x string) string {
		if up, ok := parent[x]; ok && up != x {
			parent[x] = find(up)
			return parent[x]
		}
		return x
	}
	for _, r := range relations {
		names := r.populations()
		for _, n := range names[1:] {
			parent[find(n)] = find(names[0])
		}
	}
	var out []*group
	at := map[string]*group{}
	for _, base := range c.names {
		p := c.counts[base]
		root := find(editionName(base, p.edition))
		if at[root] == nil {
			at[root] = &group{}
			out = append(out, at[root])
		}
		g := at[root]
		g.of = append(g.of, p)
		g.tables = append(g.tables, p.tables()...)
		if f, ok := p.fact(); ok {
			g.facts = append(g.facts, f)
		}
	}
	for _, r := range relations {
		if g := at[find(r.populations()[0])]; g != nil {
			g.relations = append(g.relations, r)
		}
	}
	return out
}

// release is the group as disclosure control takes it, with what holds between its counts and
// what a reader supposes besides.
func (g *group) release(supposed []relation) sdc.Release {
	r := sdc.Release{Tables: g.tables, Facts: g.facts}
	for _, x := range g.relations {
		if !x.supposed {
			r.Identities = append(r.Identities, x.of)
		}
	}
	r.Identities = append(r.Identities, identities(supposed)...)
	return r
}

// supposed are the relations that a reader can only suppose.
func (g *group) supposed() []relation {
	return slices.DeleteFunc(slices.Clone(g.relations), func(r relation) bool { return !r.supposed })
}

// before gives the ledger where it says anything of the group; nil where it does not.
func (g *group) before(l *Ledger) *sdc.Ledger {
	near := map[string]bool{}
	for _, t := range g.tables {
		near[t.Population] = true
	}
	for _, r := range g.relations {
		for _, p := range r.populations() {
			near[p] = true
		}
	}
	for _, e := range l.all.Entries() {
		if slices.ContainsFunc(e.Tables, func(t sdc.Table) bool { return near[t.Population] }) {
			return l.all
		}
	}
	return nil
}

// protect hides what has to be hidden of a group, from memory where nothing of it has changed.
func (d *Door) protect(ctx context.Context, g *group, l *Ledger, profile sdc.Profile) (*outcome, error) {
	if o := g.again(l); o != nil {
		return o, nil
	}
	before := g.before(l)
	what, err := json.Marshal(struct {
		Release  sdc.Release
		Supposed []sdc.Identity
		Ledger   int64
	}{g.release(nil), identities(g.supposed()), l.lastFor(before)})
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(what)
	d.mu.Lock()
	o := d.known[key]
	d.mu.Unlock()
	if o != nil {
		return o, nil
	}
	if o, err = g.judge(ctx, before, profile); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil { // what was broken off is no verdict, and not remembered
		return nil, fmt.Errorf("protect %s: %w", g.tables[0].Name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[[sha256.Size]byte]*outcome{}
	}
	if len(d.oldest) >= mostKnown {
		delete(d.known, d.oldest[0])
		d.oldest = d.oldest[1:]
	}
	d.known[key], d.oldest = o, append(d.oldest, key)
	return o, nil
}

// lastFor is the line up to which a ledger has to do with a group; 0 when it has not.
func (l *Ledger) lastFor(before *sdc.Ledger) int64 {
	if before == nil {
		return 0
	}
	return l.last
}

// again gives a group as it was printed before, when all of it was; nil when it was not.
func (g *group) again(l *Ledger) *outcome {
	o := &outcome{}
	for _, t := range g.tables {
		was, ok := l.as(t)
		if !ok {
			return nil
		}
		why := make([]string, len(was.Cells))
		for i, c := range was.Cells {
			why[i] = whyWords(c.Hidden, t.Cells[i].Count > 0 && t.Cells[i].Count < figure.SmallBelow)
		}
		o.tables, o.why = append(o.tables, was), append(o.why, why)
	}
	return o
}

// judge protects a group and says what would do where it cannot be made safe. What a reader may
// suppose is left out where it cannot be: then he knows that it is not so.
func (g *group) judge(ctx context.Context, before *sdc.Ledger, profile sdc.Profile) (*outcome, error) {
	supposed := g.supposed()
	o, err := tried(ctx, g.release(supposed), before, profile)
	if cannotBe(err) {
		all := supposed
		supposed = nil
		for _, x := range all {
			if _, err := tried(ctx, g.release(append(supposed, x)), before, profile); !cannotBe(err) {
				supposed = append(supposed, x)
			}
		}
		o, err = tried(ctx, g.release(supposed), before, profile)
	}
	if err != nil && !cannotBe(err) {
		return nil, fmt.Errorf("protect %s: %w", g.tables[0].Name, err)
	}
	if o == nil {
		o = &outcome{}
		o.fix, err = g.without(ctx, g.release(supposed), before, profile)
		return o, err
	}
	return o, nil
}

func identities(list []relation) []sdc.Identity {
	var out []sdc.Identity
	for _, x := range list {
		out = append(out, x.of)
	}
	return out
}

// cannotBe reports whether an error says that no counts can be as they are put together.
func cannotBe(err error) bool {
	var none *sdc.TableError
	return errors.As(err, &none)
}

// tried protects a release; nil when it cannot be made safe, or a headline would be hidden.
func tried(ctx context.Context, r sdc.Release, before *sdc.Ledger, profile sdc.Profile) (*outcome, error) {
	res, err := sdc.Protect(ctx, r, sdc.Options{Profile: profile, Ledger: before, Budget: budget})
	if err != nil || !res.Safe {
		return nil, err
	}
	o := &outcome{tables: res.Released.Tables}
	for i := range r.Tables {
		why := make([]string, len(r.Tables[i].Cells))
		for j := range r.Tables[i].Cells {
			why[j] = whyWords(res.Decisions[i][j].Hidden, res.Decisions[i][j].Rule != "")
			c := &r.Tables[i].Cells[j]
			if c.Codes[0] == sdc.Total && c.Count >= headline && res.Decisions[i][j].Hidden {
				return nil, nil
			}
		}
		o.why = append(o.why, why)
	}
	return o, nil
}

// whyWords say why a count is hidden, to those who may know which are small.
func whyWords(hidden, small bool) string {
	switch {
	case !hidden:
		return ""
	case small:
		return "It is from 1 to 5."
	}
	return "A number from 1 to 5 could be worked out from it."
}

// budget bounds the work on one group, in steps that are counted: some seconds.
const budget = 3_000_000_000

// without finds the fewest tables that have to be taken out so that the rest is safe: one cut,
// all of them, or one number; what was asked for last first.
func (g *group) without(ctx context.Context, r sdc.Release, before *sdc.Ledger, profile sdc.Profile) (fix, error) {
	var cuts []string
	totals := r
	totals.Tables = make([]sdc.Table, len(r.Tables))
	for i := len(r.Tables) - 1; i >= 0; i-- {
		totals.Tables[i] = totalOf(r.Tables[i])
		if r.Tables[i].Dimensions[0].Name == whole {
			continue
		}
		cuts = append(cuts, r.Tables[i].Name)
		rest := r
		rest.Tables = slices.Clone(r.Tables)
		rest.Tables[i] = totals.Tables[i]
		if safe, err := isSafe(ctx, rest, before, profile); safe || err != nil {
			return fix{cuts[len(cuts)-1:], true}, err
		}
	}
	if safe, err := isSafe(ctx, totals, before, profile); safe || err != nil {
		return fix{cuts, true}, err
	}
	for i := len(r.Tables) - 1; i >= 0; i-- {
		rest := totals
		rest.Tables = slices.Delete(slices.Clone(totals.Tables), i, i+1)
		if safe, err := isSafe(ctx, rest, before, profile); safe || err != nil {
			return fix{append(cuts, totals.Tables[i].Name), false}, err
		}
	}
	return fix{}, nil
}

// isSafe reports whether a release can be made safe. The error is the context's.
func isSafe(ctx context.Context, r sdc.Release, before *sdc.Ledger, profile sdc.Profile) (bool, error) {
	o, err := tried(ctx, r, before, profile)
	return err == nil && o != nil, ctx.Err()
}

// totalOf is a table of which only the total is printed.
func totalOf(t sdc.Table) sdc.Table {
	t.Cells = slices.DeleteFunc(slices.Clone(t.Cells), func(c sdc.Cell) bool { return c.Codes[0] != sdc.Total })
	t.Dimensions = []sdc.Dimension{{Name: whole}}
	return t
}

// take puts what came of a group into the release.
func (r *Release) take(c *Collection, g *group, o *outcome, l *Ledger, shown map[string]map[spot]printed) {
	if o.tables == nil {
		refusal := Refusal{fix: o.fix}
		for _, t := range g.tables {
			refusal.Titles = append(refusal.Titles, t.Name)
		}
		for _, a := range c.order {
			if a.count != nil && slices.Contains(g.of, a.count) {
				refusal.keys = append(refusal.keys, Key(a.def.ID, a.ask))
			}
		}
		r.Refusals = append(r.Refusals, refusal)
		return
	}
	new := false
	for i, t := range o.tables {
		base, _, _, _, err := readName(t.Population)
		if err != nil {
			continue // it is made here
		}
		if shown[base] == nil {
			shown[base] = map[spot]printed{}
		}
		for j := range t.Cells {
			cell := &t.Cells[j]
			s := spotOf(&t, cell)
			shown[base][s] = printed{cell.Hidden, cell.Count}
			if cell.Hidden {
				r.Hidden = append(r.Hidden, HiddenCell{Table: t.Name, Label: labelOf(c.counts[base], s), Why: o.why[i][j]})
			}
		}
		if _, ok := l.as(t); !ok {
			r.printed.Tables = append(r.printed.Tables, t)
			new = true
		}
	}
	if !new {
		return
	}
	r.printed.Identities = append(r.printed.Identities, g.release(nil).Identities...)
	r.printed.Facts = append(r.printed.Facts, g.facts...)
}

// labelOf names a count of a population for people.
func labelOf(p *counted, s spot) string {
	for _, c := range p.cuts {
		if c.dim.ID == s.dim {
			return c.label(s.code)
		}
	}
	return "Total"
}

// answer is what readers get of an ask.
func (a *asked) answer(shown map[string]map[spot]printed) answer {
	out := answer{err: a.err}
	for _, v := range a.values {
		switch {
		case a.def.Protection != figure.Child:
			out.values = append(out.values, open(v))
		case a.count == nil:
			out.values = append(out.values, place(v))
		default:
			out.values = append(out.values, a.released(v, shown[a.count.base()]))
		}
	}
	return out
}

// released is a value about children as readers get it.
func (a *asked) released(v figure.Value, shown map[spot]printed) Value {
	s := spot{}
	switch {
	case a.def.IsRatio() && a.def.Share != nil:
		s = spot{a.cut, a.def.Share.Value}
	case v.Denominator != nil:
		s = spot{inPart, isPart}
	case a.cut != "":
		s = spot{a.cut, v.Dims[a.cut]}
	}
	part, ok := shown[s]
	if !ok && s.dim != "" && shown != nil { // a part that there was none of
		part, ok = printed{}, len(shown) > 0
	}
	of, whole := shown[spot{}]
	out := place(v)
	switch {
	case !ok || !whole:
		return out
	case v.Denominator != nil && !of.hidden && part.hidden:
		out.most = a.count.topped()
		return out
	case part.hidden || v.Denominator != nil && of.hidden:
		return out
	}
	out.number = &number{count: part.count}
	if v.Denominator != nil {
		out.number.of = &of.count
	}
	out.said = said{v.Items, v.Note, v.Attested, v.Rows, v.Read}
	return out
}

// titles writes the names of tables in a sentence.
func titles(list []string) string {
	quoted := make([]string, len(list))
	for i, t := range list {
		quoted[i] = "“" + t + "”"
	}
	return lang.Join(quoted)
}
