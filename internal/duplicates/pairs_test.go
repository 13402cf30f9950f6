package duplicates

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/merge"
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
