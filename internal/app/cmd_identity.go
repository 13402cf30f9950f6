package app

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// An identityOption is an equation between populations, or between codes of a dimension.
type identityOption struct {
	text  string
	terms []identityTerm
}

type identityTerm struct {
	name   string
	factor int64
}

// sign parts the terms of one side: a plus or a minus with a space on either side, since
// names have hyphens.
var sign = regexp.MustCompile(`\s+([+−–-])\s+`)

// UnmarshalText reads an equation such as open = before + started - ended.
func (o *identityOption) UnmarshalText(b []byte) error {
	o.text = strings.TrimSpace(string(b))
	left, right, ok := strings.Cut(o.text, " = ")
	if !ok || strings.Contains(right, " = ") {
		return fmt.Errorf("%q: write it as 'A = B + C - D', with a space on either side of each sign", b)
	}
	for side, text := range []string{left, right} {
		factor := int64(1 - 2*side)
		from, by := 0, factor
		for _, m := range append(sign.FindAllStringSubmatchIndex(text, -1), []int{len(text), len(text), -1, -1}) {
			name := strings.TrimSpace(text[from:m[0]])
			if name == "" {
				return fmt.Errorf("%q: a name is missing beside a sign", b)
			}
			o.terms = append(o.terms, identityTerm{name, by})
			if from = m[1]; m[2] >= 0 {
				if by = factor; text[m[2]:m[3]] != "+" {
					by = -factor
				}
			}
		}
	}
	return nil
}

// identities adds to a release what its person says of its counts, and refuses it when an
// equation seems to hold with what was released before of which nothing is said.
func (o *tableOptions) identities(t *csvtable.File, l *sdc.Ledger, r *sdc.Release) error {
	populations := populationsOf(r, l)
	for i := range o.Identities {
		id := &o.Identities[i]
		if d, terms := id.ofDimension(r); d != "" {
			if err := dimensionIdentity(r, d, terms); err != nil {
				return atFault(o.Table, err)
			}
			continue
		}
		if err := populationIdentity(r, id.terms, populations); err != nil {
			return atFault(o.Table, err)
		}
	}
	if o.NoIdentity {
		return nil
	}
	var asked []string
	for _, words := range slices.Concat(evidentBands(r, l), evident(r, l)) {
		if o.said(words) {
			continue
		}
		asked = append(asked, fmt.Sprintf("- %s, as far as the counts are printed: then hidden ones may be worked out.\n"+
			"    --identity %s  it does\n    --no-identity  it does not", words, shellWord(words)))
	}
	if len(asked) == 0 {
		return nil
	}
	return atFault(o.Table, &sdc.TableError{Table: t.Table.Name, Cell: -1,
		Words: "it must be known whether this holds, and nothing was done:\n" + strings.Join(asked, "\n")})
}

// said says whether an equation is among those that were given, whichever way round.
func (o *tableOptions) said(words string) bool {
	var id identityOption
	if id.UnmarshalText([]byte(words)) != nil {
		return false // a name has a sign in it, and cannot be written
	}
	return slices.ContainsFunc(o.Identities, func(given identityOption) bool {
		return slices.Equal(given.names(), id.names())
	})
}

// names gives the names in an equation, in the order of the alphabet.
func (o *identityOption) names() []string {
	var out []string
	for _, t := range o.terms {
		_, code, ok := strings.Cut(t.name, ":")
		if !ok {
			code = t.name
		}
		out = append(out, strings.ToLower(strings.TrimSpace(code)))
	}
	slices.Sort(out)
	return out
}

// ofDimension gives the dimension of an equation between codes, which it begins with, and
// its terms; "" for one between populations.
func (o *identityOption) ofDimension(r *sdc.Release) (string, []identityTerm) {
	name, first, ok := strings.Cut(o.terms[0].name, ":")
	if !ok {
		return "", nil
	}
	for _, t := range r.Tables {
		for _, d := range t.Dimensions {
			if strings.EqualFold(d.Name, strings.TrimSpace(name)) {
				terms := slices.Clone(o.terms)
				terms[0].name = strings.TrimSpace(first)
				return d.Name, terms
			}
		}
	}
	return "", nil
}

// dimensionIdentity ties codes of a dimension: for each combination of the others one
// equation. Codes that only an earlier table has may be among them.
func dimensionIdentity(r *sdc.Release, dimension string, terms []identityTerm) error {
	found := false
	for _, t := range r.Tables {
		d := slices.IndexFunc(t.Dimensions, func(x sdc.Dimension) bool { return x.Name == dimension })
		seen := map[string]bool{}
		for i := range t.Cells {
			codes := slices.Clone(t.Cells[i].Codes)
			if d < 0 || !slices.ContainsFunc(terms, func(x identityTerm) bool { return x.name == codes[d] }) {
				continue
			}
			found = true
			if parents(&t, d, terms) {
				break
			}
			codes[d] = ""
			key := fmt.Sprintf("%q", codes)
			if seen[key] {
				continue
			}
			seen[key] = true
			var id sdc.Identity
			for _, term := range terms {
				codes[d] = term.name
				id.Parts = append(id.Parts, sdc.Part{Ref: refOf(&t, t.Population, codes), Factor: term.factor})
			}
			r.Identities = append(r.Identities, id)
		}
	}
	if !found {
		return &sdc.TableError{Cell: -1, Words: fmt.Sprintf("the column %q has none of the codes of the identity", dimension)}
	}
	return nil
}

// parents makes sub-totals of an equation of which a table has every code: one that is the
// sum of others. It says whether it is such.
func parents(t *sdc.Table, d int, terms []identityTerm) bool {
	has := map[string]bool{}
	for i := range t.Cells {
		has[t.Cells[i].Codes[d]] = true
	}
	sides := map[int64][]string{}
	for _, x := range terms {
		if !has[x.name] || t.Dimensions[d].Parent[x.name] != "" || x.name == sdc.Total {
			return false
		}
		sides[x.factor] = append(sides[x.factor], x.name)
	}
	whole, parts := sides[1], sides[-1]
	if len(parts) == 1 {
		whole, parts = parts, whole
	}
	if len(whole) != 1 || len(parts) < 2 {
		return false
	}
	if t.Dimensions[d].Parent == nil {
		t.Dimensions[d].Parent = map[string]string{}
	}
	for _, p := range parts {
		t.Dimensions[d].Parent[p] = whole[0]
	}
	return true
}

// populationIdentity ties populations: for each count of the release that is of one of
// them one equation.
func populationIdentity(r *sdc.Release, terms []identityTerm, known []string) error {
	names := slices.Clone(terms)
	for i := range names {
		at := slices.IndexFunc(known, func(p string) bool {
			return strings.EqualFold(p, names[i].name) ||
				strings.HasSuffix(strings.ToLower(p), ": "+strings.ToLower(names[i].name))
		})
		if at < 0 {
			return &sdc.TableError{Cell: -1, Words: fmt.Sprintf("no population is named %q; there are %s, and that of "+
				"this table is named with --population", names[i].name, strings.Join(known, ", "))}
		}
		names[i].name = known[at]
	}
	seen := map[string]bool{}
	for _, t := range r.Tables {
		if !slices.ContainsFunc(names, func(x identityTerm) bool { return x.name == t.Population }) {
			continue
		}
		for i := range t.Cells {
			key := fmt.Sprintf("%q", t.Cells[i].Codes)
			if seen[key] {
				continue
			}
			seen[key] = true
			var id sdc.Identity
			for _, term := range names {
				id.Parts = append(id.Parts, sdc.Part{Ref: refOf(&t, term.name, t.Cells[i].Codes), Factor: term.factor})
			}
			r.Identities = append(r.Identities, id)
		}
	}
	if len(seen) == 0 {
		return &sdc.TableError{Cell: -1, Words: "the identity names no population of this table; name it with --population"}
	}
	return nil
}

func refOf(t *sdc.Table, population string, codes []string) sdc.Ref {
	ref := sdc.Ref{Population: population, Codes: map[string]string{}}
	for d, code := range codes {
		ref.Codes[t.Dimensions[d].Name] = code
	}
	return ref
}

// populationsOf lists the populations of a release and of what was released before.
func populationsOf(r *sdc.Release, l *sdc.Ledger) []string {
	var out []string
	add := func(tables []sdc.Table) {
		for _, t := range tables {
			if t.Population != "" && !slices.Contains(out, t.Population) {
				out = append(out, t.Population)
			}
		}
	}
	add(r.Tables)
	if l != nil {
		for _, e := range l.Entries() {
			add(e.Tables)
		}
	}
	return out
}

// evident looks for equations that hold between the counts of a release and those of two
// or three other populations, wherever all of them are printed: a stock with what came and
// went, or a sum. It asks of a dozen populations at most, the latest.
func evident(r *sdc.Release, l *sdc.Ledger) []string {
	const most = 12
	counts := map[string]map[string]int64{}
	tied := map[string]bool{}
	order := populationsOf(r, l)
	var entries []sdc.Entry
	if l != nil {
		entries = l.Entries()
	}
	entries = append(entries, sdc.Entry{Tables: r.Tables})
	for _, e := range entries {
		for _, id := range e.Identities {
			tied[populationsIn(id)] = true
		}
		for _, t := range e.Tables {
			if t.Population == "" || e.Distance > 0 || e.Profile.Base > 1 {
				continue
			}
			if counts[t.Population] == nil {
				counts[t.Population] = map[string]int64{}
			}
			for i := range t.Cells {
				if c := &t.Cells[i]; !c.Hidden {
					counts[t.Population][fmt.Sprint(refOf(&t, "", c.Codes))] = c.Count
				}
			}
		}
	}
	var out []string
	for _, t := range r.Tables {
		others := slices.DeleteFunc(slices.Clone(order), func(p string) bool { return p == t.Population || counts[p] == nil })
		others = others[max(0, len(others)-most):]
		if counts[t.Population] == nil {
			continue
		}
		for i, a := range others {
			for _, b := range others[i+1:] {
				for _, c := range append([]string{""}, others...) {
					names := []string{t.Population, a, b}
					if c != "" {
						names = append(names, c)
					}
					if c == a || c == b || tied[joinedNames(names)] || !holds(counts, t.Population, a, b, c) {
						continue
					}
					words := t.Population + " = " + a + " + " + b
					if c != "" {
						words += " - " + c
					}
					out = append(out, words)
				}
			}
		}
	}
	return out
}

func populationsIn(id sdc.Identity) string {
	var names []string
	for _, p := range id.Parts {
		names = append(names, p.Ref.Population)
	}
	return joinedNames(names)
}

func joinedNames(names []string) string {
	return strings.Join(slices.Sorted(maps.Keys(setOf(names))), "\x1f")
}

func setOf(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// holds says whether a population is the sum of two others, less a third if there is one,
// in every count that all of them print, and in one of enough children.
func holds(counts map[string]map[string]int64, sum, a, b, less string) bool {
	const enough = 20
	greatest := int64(0)
	for key, n := range counts[sum] {
		x, inA := counts[a][key]
		y, inB := counts[b][key]
		z, inLess := counts[less][key]
		if !inA || !inB || less != "" && !inLess {
			continue
		}
		if n != x+y-z {
			return false
		}
		if x > 0 && y > 0 && (less == "" || z > 0) {
			greatest = max(greatest, n)
		}
	}
	return greatest >= enough
}
