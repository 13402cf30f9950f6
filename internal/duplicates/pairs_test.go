package duplicates

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kith/internal/kit/merge"
	"kith/internal/kit/names"
)

func TestPairs(t *testing.T) {
	t.Parallel()
	// id: name, address, group
	person := func(line string) merge.Candidate {
		id, rest, _ := strings.Cut(line, ": ")
		parts := strings.Split(rest, ", ")
		return merge.Candidate{ID: id, Name: parts[0], Email: parts[1], Group: parts[2], GroupName: parts[2]}
	}
	for _, c := range []struct {
		name   string
		people []string
		apart  string
		want   string
	}{
		{"one name, two addresses, one organisation", []string{"1: Ann Ash, a@x, h", "2: ann  ASH, b@x, h"}, "",
			"1-2 The same name"},
		{"one name in two organisations", []string{"1: Ann Ash, a@x, h", "2: Ann Ash, b@x, k"}, "",
			"1-2 The same name in two places"},
		{"one address", []string{"1: Ann Ash, a@x, h", "2: Anne Ash, a@x, k", "3: Bob Birch, a@x, h"}, "",
			"1-2 Names that differ by one character, and the same e-mail address"},
		{"an address alone", []string{"1: Ann Ash, a@x, h", "2: a@x, a@x, k"}, "",
			"1-2 One e-mail address, of which one record has no name"},
		{"near names elsewhere are two people", []string{"1: Ann Ash, , h", "2: Anne Ash, , k"}, "", ""},
		{"near names", []string{"1: Ann Ash, , h", "2: Anne Ash, , h", "3: A. Ash, , h", "4: Ash Ann, , h",
			"5: Kat Birch, , h", "6: Cat Birch, , h", "7: Rene Elm, , h", "8: René Elm, , h",
			"9: Bo Oak, , h", "10: Jo Oak, , h"}, "",
			"7-8 The same name but for accents or punctuation; 4-1 The same words in another order; " +
				"1-3 The same name with an initial; 2-3 The same name with an initial; 1-2 Names that differ by one character; " +
				"9-10 Names that differ by one character; 5-6 Names that differ by one character"},
		{"said not to be the same", []string{"1: Ann Ash, a@x, h", "2: Ann Ash, b@x, h", "3: Ann Ash, c@x, h"}, "1 3",
			"1-2 The same name; 2-3 The same name"},
		{"written otherwise, in two places", []string{"1: Dr Seán Ash, a@x, h", "2: Sean Ash, b@x, k",
			"3: Sean Elm, , k"}, "",
			"1-2 The same name but for a title or an abbreviation, in two places"},
		{"accents in two places", []string{"1: Seán Ash, a@x, h", "2: Sean Ash, b@x, k"}, "",
			"1-2 The same name but for accents or punctuation, in two places"},
		{"organisations", []string{"1: N.H.S. Trust, , ", "2: NHS Trust, , ", "3: St. Mary's Care Ltd, , ",
			"4: Saint Marys Care Limited, , ", "5: St Mary's Care Home, , "}, "",
			"1-2 The same name but for a title or an abbreviation; 3-4 The same name but for a title or an abbreviation"},
		{"a title and a surname are not enough", []string{"1: Miss Ash, , h", "2: Prof Ash, , h"}, "", ""},
		{"nobody", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var all []merge.Candidate
			for _, line := range c.people {
				all = append(all, person(line))
			}
			apart := map[[2]string]bool{}
			if a, b, ok := strings.Cut(c.apart, " "); ok {
				apart[ordered(b, a)] = true
			}
			got := map[string]bool{}
			for _, p := range pairs(all, apart) {
				got[two(p.A.ID, p.B.ID)+" "+p.Why] = true
			}
			want := strings.Split(c.want, "; ")
			if c.want == "" {
				want = nil
			}
			for _, w := range want {
				ids, why, _ := strings.Cut(w, " ")
				a, b, _ := strings.Cut(ids, "-")
				if !got[two(a, b)+" "+why] {
					t.Errorf("not found: %s", w)
				}
			}
			if len(got) != len(want) {
				t.Errorf("found %v, want %v", got, want)
			}
		})
	}
}

func two(a, b string) string {
	pair := ordered(a, b)
	return pair[0] + "-" + pair[1]
}

// Whatever two names of one place are alike in, they are put beside each other.
func TestPairsFindsAllThatIsNear(t *testing.T) {
	t.Parallel()
	words := []string{"Dr", "Ann", "Anne", "Á", "A.", "Ash", "Ashe", "St", "Saint", "N.H.S.", "NHS", "Trust", "Ltd",
		"Limited", "Seán", "Sean", "The", "O’Neill", "Level", "1", "2"}
	rnd := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 3000 {
		var two [2]string
		for i := range two {
			var name []string
			for range 1 + rnd.IntN(3) {
				name = append(name, words[rnd.IntN(len(words))])
			}
			two[i] = strings.Join(name, " ")
		}
		got := pairs([]merge.Candidate{{ID: "1", Name: two[0], Group: "h"}, {ID: "2", Name: two[1], Group: "h"}}, nil)
		near := names.Near(two[0], two[1])
		if (len(got) == 1) != (near != names.Different) {
			t.Errorf("%q: alike in %q, and %d pairs", two, near, len(got))
		}
		found += len(got)
	}
	if found < 20 {
		t.Errorf("only %d of the pairs were alike", found)
	}
}

// A name that hundreds have tells nothing, and the list stays in order.
func TestPairsOfManyOfOneName(t *testing.T) {
	t.Parallel()
	var all []merge.Candidate
	for i := range 200 {
		id := fmt.Sprintf("%03d", i)
		all = append(all, merge.Candidate{ID: id, Name: "Sam Smith", Group: id})
	}
	all = append(all, merge.Candidate{ID: "x", Name: "Sam Smith", Group: "000"})
	got := pairs(all, nil)
	if len(got) != 1 || got[0].A.ID != "000" || got[0].B.ID != "x" {
		t.Errorf("%d pairs, %+v", len(got), got)
	}
}

func BenchmarkPairs(b *testing.B) {
	var all []merge.Candidate
	for i := range 100_000 {
		all = append(all, merge.Candidate{ID: fmt.Sprint(i), Name: fmt.Sprintf("Person%d Number%d", i%977, i%7919),
			Email: fmt.Sprintf("p%d@x.example", i), Group: fmt.Sprint(i % 400)})
	}
	for b.Loop() {
		pairs(all, nil)
	}
}
