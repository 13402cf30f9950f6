package returns

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"kith/internal/kit/period"
)

//go:embed codes/*.tsv
var codeFiles embed.FS

// unknown is the group of what is not recorded, or recorded in a way not known.
const unknown = "unknown"

// A codeSet is one national list of codes, and the groups that figures cut by.
type codeSet struct {
	whole  bool              // a cell must be one of the words as a whole: "referral: declined" is no referral
	codes  map[string]string // code as it is written → group
	folded map[string]string // code or other words for it, folded → group
}

// codes holds the code sets by name; groups the values of each cut, in the order
// in which they are shown; authorities the GSS codes by the number that returns
// carry. They are read from the embedded files when first asked for.
var (
	codes       = sync.OnceValue(loadCodes)
	groups      = sync.OnceValue(loadGroups)
	authorities = sync.OnceValue(loadAuthorities)
)

func loadCodes() map[string]codeSet {
	out := map[string]codeSet{}
	for _, f := range tsv("codes/codes.tsv", 5) {
		set, ok := out[f[0]]
		if !ok {
			set = codeSet{whole: f[0] == "outcome", codes: map[string]string{}, folded: map[string]string{}}
			out[f[0]] = set
		}
		set.codes[f[1]] = f[2]
		words := []string{f[1], f[3]}
		if f[4] != "" {
			words = append(words, strings.Split(f[4], "; ")...)
		}
		for _, w := range words {
			if k := foldWords(w); set.folded[k] == "" {
				set.folded[k] = f[2]
			}
		}
	}
	return out
}

// A group is one value of a cut, with its plain words.
type group struct{ value, label string }

func loadGroups() map[string][]group {
	out := map[string][]group{}
	for _, f := range tsv("codes/groups.tsv", 3) {
		out[f[0]] = append(out[f[0]], group{f[1], f[2]})
	}
	return out
}

// An authority is a GSS code and the last year for which it was used; 0 for one
// still in use.
type authority struct {
	gss  string
	last period.Year
	name string
}

func loadAuthorities() map[string][]authority {
	out := map[string][]authority{}
	for _, f := range tsv("codes/authorities.tsv", 4) {
		a := authority{gss: f[2], name: f[3]}
		if f[1] != "" {
			a.last = period.Year(number(f[1]))
		}
		out[f[0]] = append(out[f[0]], a)
	}
	return out
}

// authorityOf gives the GSS code that an authority's number stood for in a year.
func authorityOf(number string, year period.Year) (authority, bool) {
	for _, a := range authorities()[number] {
		if a.last == 0 || year <= a.last {
			return a, true
		}
	}
	return authority{}, false
}

// tsv reads an embedded table. A fault in it is a fault of the program.
func tsv(name string, fields int) [][]string {
	b, err := codeFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != fields {
			panic(name + ": " + line)
		}
		out = append(out, f)
	}
	return out
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return -1
		}
		n = 10*n + int(r-'0')
	}
	return n
}

// verdict says how well a cell matched a code set.
type verdict int

const (
	exact   verdict = iota // a code of the set, as the guide writes it
	inWords                // recognised, though written otherwise
	blank
	odd // not in the set
)

// group finds what group a cell belongs to. Besides the code itself it knows the
// ways lists write it: "q) 6: Police", "N1 - Abuse or Neglect", "police".
func (s codeSet) group(cell string) (string, verdict) {
	if cell == "" {
		return unknown, blank
	}
	if g, ok := s.codes[cell]; ok {
		return g, exact
	}
	if g, ok := s.folded[foldWords(cell)]; ok {
		return g, inWords
	}
	rest := cell
	if i := strings.Index(rest, ") "); i > 0 && i <= 2 { // Ofsted's "q) "
		rest = rest[i+2:]
	}
	if s.whole {
		if g, ok := s.folded[foldWords(rest)]; ok {
			return g, inWords
		}
		return unknown, odd
	}
	for _, cut := range []string{rest, before(rest, ":"), before(rest, " - "), after(rest, ":"), after(rest, " - ")} {
		if g, ok := s.folded[foldWords(cut)]; ok && cut != "" {
			return g, inWords
		}
	}
	return unknown, odd
}

func before(s, sep string) string {
	a, _, ok := strings.Cut(s, sep)
	if !ok {
		return ""
	}
	return a
}

func after(s, sep string) string {
	_, b, _ := strings.Cut(s, sep)
	return b
}

// foldWords brings words to one form: lower case, single spaces, hyphens and
// underscores as spaces.
func foldWords(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '-', '_', '–':
			return ' '
		case '’':
			return '\''
		}
		return r
	}, strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

// label gives the plain words for a value of a cut.
func label(dimension, value string) string {
	for _, g := range groups()[dimension] {
		if g.value == value {
			return g.label
		}
	}
	return value
}

// isGroup reports whether value is one of the values of a cut.
func isGroup(dimension, value string) bool {
	return slices.ContainsFunc(groups()[dimension], func(g group) bool { return g.value == value })
}

// ageBand gives the band of somebody's age on a day. A child whose birth is yet
// to come, or who has only an expected date, is unborn.
func ageBand(born, expected, at period.Date) string {
	switch {
	case born.IsZero() && !expected.IsZero(), born.After(at):
		return "unborn"
	case born.IsZero():
		return unknown
	}
	return ageGroup(born.AgeOn(at))
}

func ageGroup(years int) string {
	switch {
	case years < 0 || years > 120:
		return unknown
	case years <= 4:
		return "0-4"
	case years <= 9:
		return "5-9"
	case years <= 15:
		return "10-15"
	case years <= 17:
		return "16-17"
	}
	return "18-plus"
}
