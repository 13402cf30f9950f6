package sdc

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	mergeWords = regexp.MustCompile(`^merge (.+) with (.+) in (.+)$`)
	leaveWords = regexp.MustCompile(`^leave (.+) out$`)
)

// follow does what a suggestion says to the counts, as a publisher would. It says
// whether the suggestion is one that can be followed.
func follow(r Release, words string) (Release, bool) {
	if m := mergeWords.FindStringSubmatch(words); m != nil {
		return together(r, m[3], m[1], m[2]), true
	}
	if m := leaveWords.FindStringSubmatch(words); m != nil {
		return without(r, m[1]), true
	}
	return r, false
}

// together adds two categories up.
func together(r Release, name, a, b string) Release {
	out := Release{Name: r.Name}
	for _, table := range r.Tables {
		now := Table{Name: table.Name, Population: table.Population, Dimensions: slices.Clone(table.Dimensions)}
		at := slices.IndexFunc(table.Dimensions, func(d Dimension) bool { return d.Name == name })
		if at >= 0 {
			now.Dimensions[at].Parent = map[string]string{}
			for c, up := range table.Dimensions[at].Parent {
				if c == a || c == b {
					c = "both"
				}
				now.Dimensions[at].Parent[c] = up
			}
		}
		for _, c := range table.Cells {
			c.Codes = slices.Clone(c.Codes)
			if at >= 0 && (c.Codes[at] == a || c.Codes[at] == b) {
				c.Codes[at] = "both"
			}
			same := slices.IndexFunc(now.Cells, func(o Cell) bool { return slices.Equal(o.Codes, c.Codes) })
			if same >= 0 {
				now.Cells[same].Count += c.Count
				now.Cells[same].Keep = now.Cells[same].Keep || c.Keep
				continue
			}
			now.Cells = append(now.Cells, c)
		}
		out.Tables = append(out.Tables, now)
	}
	return out
}

// without leaves a dimension out.
func without(r Release, name string) Release {
	out := Release{Name: r.Name}
	for _, table := range r.Tables {
		at := slices.IndexFunc(table.Dimensions, func(d Dimension) bool { return d.Name == name })
		if at >= 0 {
			table.Dimensions = slices.Delete(slices.Clone(table.Dimensions), at, at+1)
			var kept []Cell
			for _, c := range table.Cells {
				if c.Codes[at] == Total {
					c.Codes = slices.Delete(slices.Clone(c.Codes), at, at+1)
					kept = append(kept, c)
				}
			}
			table.Cells = kept
		}
		out.Tables = append(out.Tables, table)
	}
	return out
}

// TestSuggestMerge: three at 16-17 follow from headlines that must be shown.
func TestSuggestMerge(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the first of two neighbours", "0-9 30!\n10-15 20!\n16-17 3\n18-24 41!\nTotal 94!", "merge 10-15 with 16-17 in age"},
		{"at the end", "0-9 30!\n10-15 20!\n16-17 3\nTotal 53!", "merge 10-15 with 16-17 in age"},
		{"two small ones are one", "0-9 30!\n10-15 3\n16-17 3\nTotal 36!", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Profile: mustProfile(t, "dfe")}
			r := Release{Tables: []Table{oneColumn(t, "age", c.text)}}
			res := protected(t, o, r)
			if c.want == "" {
				if !res.Safe || res.Suggestion != "" {
					t.Errorf("safe %v, suggestion %q", res.Safe, res.Suggestion)
				}
				return
			}
			if res.Safe || res.Suggestion != c.want {
				t.Fatalf("safe %v, suggestion %q; want %q", res.Safe, res.Suggestion, c.want)
			}
			after, _ := follow(r, res.Suggestion)
			safeAgain(t, o, protected(t, o, after))
		})
	}
}

// TestSuggestAfterLedger: an earlier release shows all ages but one by sex, so that
// the headline of girls gives the last age away.
func TestSuggestAfterLedger(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe"), Ledger: &Ledger{}}
	before := rowsAndColumns(t, "age", "sex", `
		      girls boys Total
		10-15   20   22     42
		18-24   15   16     31`)
	if _, err := o.Ledger.Append(Release{Name: "before", Tables: []Table{before}}, o.Profile); err != nil {
		t.Fatal(err)
	}
	r := Release{Tables: []Table{rowsAndColumns(t, "age", "sex", `
		      girls boys Total
		10-15   20   22    42
		16-17    2   11    13
		18-24   15   16    31
		Total   37!  49    86!`)}}
	res := protected(t, o, r)
	if res.Safe {
		t.Fatalf("37 girls less 20 and 15 are 2, and it is called safe:\n%s", cells(&res.Released.Tables[0]))
	}
	if res.Suggestion == "" {
		t.Fatal("nothing is suggested")
	}
	after, ok := follow(r, res.Suggestion)
	if !ok {
		t.Fatalf("%q cannot be followed", res.Suggestion)
	}
	safeAgain(t, o, protected(t, o, after))
}

// TestSuggestOther: what is said when no change of the table helps.
func TestSuggestOther(t *testing.T) {
	p := mustProfile(t, "dfe")
	kept := Release{Tables: []Table{oneColumn(t, "age", "0-4 3!\n5-9 20\nTotal 23")}}
	if got, want := protected(t, Options{Profile: p}, kept).Suggestion, "do not ask for age 0-4 to be shown: it is "+
		"small: 1 to 5"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	stopped := protected(t, Options{Profile: p, Budget: 10}, areaBySex(t))
	if got := stopped.Suggestion; stopped.Safe || !strings.Contains(got, "give it more time or a greater budget") {
		t.Errorf("safe %v, %q", stopped.Safe, got)
	}
	fine := Release{Tables: []Table{oneColumn(t, "age", "0-4 9\n5-9 20\nTotal 29")}}
	if res := protected(t, Options{Profile: p}, fine); !res.Safe || res.Suggestion != "" {
		t.Errorf("safe %v, %q", res.Safe, res.Suggestion)
	}
}

// TestSuggestionsHelp: whatever is suggested for a table with headlines makes it
// safe.
func TestSuggestionsHelp(t *testing.T) {
	helped := 0
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		w := drawPeople(t, 2)
		r := alone(w.table("now", w.whole(), nil))
		for i := range r.Tables[0].Cells {
			c := &r.Tables[0].Cells[i]
			c.Keep = !o.Profile.small(c.Count) && rapid.IntRange(0, 3).Draw(t, "keep") > 0
		}
		r.Tables[0] = headline(r.Tables[0])
		res := protected(t, o, r)
		after, ok := follow(r, res.Suggestion)
		if res.Safe || !ok {
			return
		}
		helped++
		if again := protected(t, o, after); !again.Safe {
			t.Errorf("%q does not help: %v", res.Suggestion, again.Audit.faults(5))
		}
	})
	if helped == 0 {
		t.Error("nothing was ever suggested")
	}
}
