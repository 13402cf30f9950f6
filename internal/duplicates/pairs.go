package duplicates

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

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
// hundreds have, each pair says nothing. mostInCommon is how many are that have half of a
// name in common: where a thousand do, looking at every two would take minutes.
const mostOfAName, mostInCommon = 20, 500

// pairs finds the records that may be one, the likeliest first. Those of one name, however
// it is written, are put beside each other wherever they are. Names that are only alike count within one
// group or at one e-mail address: elsewhere two names differ by a letter because they are
// two people. apart are pairs of ids of which somebody said that they are not the same.
func pairs(all []merge.Candidate, apart map[[2]string]bool) []Pair {
	f := finder{all: all, apart: apart, found: map[[2]int]bool{}}
	for _, c := range all {
		f.names = append(f.names, names.Of(c.Name))
	}
	sameName, sameAddress, block := map[string][]int{}, map[string][]int{}, map[string][]int{}
	for i, c := range all {
		if plain := f.names[i].Plain; plain != "" {
			sameName[plain] = append(sameName[plain], i)
		}
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

// listed gives the pairs that a room has found, without those that somebody told apart.
func listed(list []merge.Pair, apart map[[2]string]bool) []Pair {
	var out []Pair
	for _, p := range list {
		if !apart[ordered(p.A.ID, p.B.ID)] {
			out = append(out, Pair{A: p.A, B: p.B, Why: p.Why})
		}
	}
	return out
}

// A finder collects pairs, each once.
type finder struct {
	all   []merge.Candidate
	names []names.Form // of all
	apart map[[2]string]bool
	found map[[2]int]bool
	out   []Pair
}

// within puts beside each other those of a list whose names have something in common
// that names alike always have: their words, the first letters of these, or half of it.
func (f *finder) within(list []int) {
	if len(list) < 2 {
		return
	}
	common := map[string][]int{}
	for _, i := range list {
		for _, sign := range signs(f.names[i]) {
			common[sign] = append(common[sign], i)
		}
	}
	for _, some := range common {
		if len(some) <= mostInCommon {
			f.every(some)
		}
	}
}

// signs are what names that are alike have in common: in a name with one character
// more, fewer or other, the half before it or the half after it is the same.
func signs(n names.Form) []string {
	out := []string{"w" + n.Sorted, "p" + n.Plain}
	letters := make([]string, 0, len(n.Words()))
	for _, w := range n.Words() {
		first, _ := utf8.DecodeRuneInString(w)
		letters = append(letters, string(first))
	}
	initials := "i" + strings.Join(letters, "")
	for _, w := range n.Words() {
		if len(w) > 1 { // which stands in full beside an initial
			out = append(out, initials+" "+w)
		}
	}
	plain := []rune(n.Plain)
	for _, half := range []int{(len(plain) - 1) / 2, (len(plain) - 2) / 2} {
		if half > 0 {
			out = append(out, "b"+string(plain[:half]), "e"+string(plain[len(plain)-half:]))
		}
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
	a, b := f.all[i], f.all[j]
	why, rank := likeness(a, b, f.names[i].Near(f.names[j]))
	if why == "" || f.found[[2]int{i, j}] || f.apart[ordered(a.ID, b.ID)] {
		return
	}
	f.found[[2]int{i, j}] = true
	f.out = append(f.out, Pair{a, b, why, rank})
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
	{names.Written, "The same name but for a title or an abbreviation"},
	{names.WordOrder, "The same words in another order"},
	{names.Initials, "The same name with an initial"},
	{names.OneLetter, "Names that differ by one character"},
}

// likeness says why two records may be one, and how likely it is: less is likelier.
func likeness(a, b merge.Candidate, near names.Likeness) (why string, rank int) {
	sameAddress, sameGroup := a.Email != "" && a.Email == b.Email, a.Group == b.Group
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
	case near == names.Accents || near == names.Written:
		return ranked[i].words + ", in two places", 2*len(ranked) + i
	}
	return "", 0
}

// nameless reports whether a record is known by nothing but its address.
func nameless(c merge.Candidate) bool { return c.Email != "" && names.Email(c.Name) == c.Email }
