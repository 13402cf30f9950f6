package duplicates

import (
	"cmp"
	"slices"
	"strings"

	"kith/internal/kit/merge"
	"kith/internal/kit/names"
)

// A Pair is two records that may be one.
type Pair struct {
	A, B merge.Candidate // A is the one that stands first by name and id
	Why  string          // in words
	rank int             // the likeliest first
}

// mostOfAName is how many records of one name are put beside each other: of a name that
// hundreds have, each pair says nothing.
const mostOfAName = 20

// pairs finds the records that may be one, the likeliest first. Those of one name are
// put beside each other wherever they are. Names that are only alike count within one
// group or at one e-mail address: elsewhere two names differ by a letter because they are
// two people. apart are pairs of ids of which somebody said that they are not the same.
func pairs(all []merge.Candidate, apart map[[2]string]bool) []Pair {
	f := finder{all: all, apart: apart, seen: map[[2]int]bool{}}
	sameName, sameAddress, block := map[string][]int{}, map[string][]int{}, map[string][]int{}
	for i, c := range all {
		key := names.Key(c.Name)
		sameName[key] = append(sameName[key], i)
		block[c.Group] = append(block[c.Group], i)
		if c.Email != "" {
			sameAddress[c.Email] = append(sameAddress[c.Email], i)
		}
	}
	for _, list := range sameAddress {
		if len(list) <= mostOfAName {
			f.every(list) // one of them may be known by the address alone
		}
		f.within(list)
	}
	for _, list := range block {
		f.within(list)
	}
	for _, list := range sameName {
		if len(list) <= mostOfAName {
			f.every(list)
		}
	}
	slices.SortFunc(f.out, func(a, b Pair) int {
		return cmp.Or(a.rank-b.rank, cmp.Compare(names.Fold(a.A.Name), names.Fold(b.A.Name)),
			cmp.Compare(a.A.ID, b.A.ID), cmp.Compare(a.B.ID, b.B.ID))
	})
	return f.out
}

// A finder collects pairs, each once.
type finder struct {
	all   []merge.Candidate
	apart map[[2]string]bool
	seen  map[[2]int]bool
	out   []Pair
}

// within puts beside each other those of a list whose names have something in common
// that names alike always have: their words, the first letters of these, or all letters
// but one.
func (f *finder) within(list []int) {
	if len(list) < 2 {
		return
	}
	common := map[string][]int{}
	for _, i := range list {
		for _, sign := range signs(f.all[i].Name) {
			common[sign] = append(common[sign], i)
		}
	}
	for _, some := range common {
		f.every(some)
	}
}

// signs are what names that are alike have in common: two that differ by one character
// have a sign in common when that letter is left out of one or of both.
func signs(name string) []string {
	words := names.Words(name)
	out := []string{"w" + words}
	var initials strings.Builder
	for _, w := range strings.Fields(words) {
		initials.WriteString(w[:1])
	}
	// Initials of three words say much, and of two with a whole word beside them too.
	for _, w := range strings.Fields(words) {
		if len(w) > 1 {
			out = append(out, "i"+initials.String()+" "+w)
		}
	}
	letters := []rune(names.Bare(name))
	out = append(out, "l"+string(letters))
	for i := range letters {
		out = append(out, "l"+string(letters[:i])+string(letters[i+1:]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// every looks at every two of a list.
func (f *finder) every(list []int) {
	for n, i := range list {
		for _, j := range list[n+1:] {
			f.look(min(i, j), max(i, j))
		}
	}
}

func (f *finder) look(i, j int) {
	if i == j || f.seen[[2]int{i, j}] {
		return
	}
	f.seen[[2]int{i, j}] = true
	a, b := f.all[i], f.all[j]
	if f.apart[ordered(a.ID, b.ID)] {
		return
	}
	if why, rank := likeness(a, b); why != "" {
		f.out = append(f.out, Pair{a, b, why, rank})
	}
}

// ordered gives two ids in the order in which they are kept.
func ordered(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// ranked are the likenesses with their words, the likeliest first.
var ranked = []struct {
	is    names.Likeness
	words string
}{
	{names.Same, "The same name"},
	{names.Accents, "The same name but for accents or punctuation"},
	{names.WordOrder, "The same words in another order"},
	{names.Initials, "The same name with an initial"},
	{names.OneLetter, "Names that differ by one character"},
}

// likeness says why two records may be one, and how likely it is: less is likelier.
func likeness(a, b merge.Candidate) (why string, rank int) {
	sameAddress := a.Email != "" && a.Email == b.Email
	sameGroup := a.Group == b.Group
	near := names.Near(a.Name, b.Name)
	if sameAddress && (nameless(a) || nameless(b)) {
		return "One e-mail address, of which one record has no name", 0
	}
	i := slices.IndexFunc(ranked, func(x struct {
		is    names.Likeness
		words string
	}) bool {
		return x.is == near
	})
	switch {
	case i < 0:
		return "", 0
	case sameAddress:
		return ranked[i].words + ", and the same e-mail address", i
	case sameGroup:
		return ranked[i].words, len(ranked) + i
	case near == names.Same:
		return "The same name in two places", 2 * len(ranked)
	}
	return "", 0
}

// nameless reports whether a record is known by nothing but its address.
func nameless(c merge.Candidate) bool { return c.Email != "" && names.Email(c.Name) == c.Email }
