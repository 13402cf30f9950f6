package sdc

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// harm is a small table of a sensitive dimension: age by whether harmed.
func harm(sensitiveDim bool, counts map[string]int64) *Table {
	t := &Table{Name: "Harm", Population: "children", Dimensions: []Dimension{
		{Name: "age", Parent: map[string]string{"0-1": "0-4", "2-4": "0-4"}},
		{Name: "harm", Sensitive: sensitiveDim, Parent: map[string]string{"burn": "injury", "fall": "injury"}},
	}}
	for _, key := range slices.Sorted(mapKeys(counts)) {
		age, kind, _ := strings.Cut(key, "|")
		t.Cells = append(t.Cells, Cell{Codes: []string{age, kind}, Count: counts[key]})
	}
	return t
}

func mapKeys(m map[string]int64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// rulesOf names the cells that have a rule: "0-4|yes: full group".
func rulesOf(t *Table, p *Profile) []string {
	out := []string{}
	for i, r := range primaries(t, p) {
		if r != "" {
			out = append(out, strings.Join(t.Cells[i].Codes, "|")+": "+string(r))
		}
	}
	slices.Sort(out)
	return out
}

func TestPrimaries(t *testing.T) {
	for _, c := range []struct {
		name      string
		profile   string
		sensitive bool
		counts    map[string]int64
		want      []string
	}{
		{"small counts, also of totals", "dfe", false,
			map[string]int64{"0-4|no": 5, "0-4|yes": 6, "0-4|Total": 11, "5-9|no": 0, "5-9|yes": 1, "5-9|Total": 1},
			[]string{"0-4|no: small count", "5-9|Total: small count", "5-9|yes: small count"}},
		{"a zero that tells", "dfe", true,
			map[string]int64{"0-4|no": 0, "0-4|yes": 8, "5-9|Total": 0, "Total|yes": 8, "Total|no": 9},
			[]string{"0-4|no: zero of a sensitive group"}},
		{"a zero of nobody tells nothing", "dfe", true,
			map[string]int64{"0-4|no": 0, "0-4|yes": 0, "0-4|Total": 0, "5-9|no": 0, "Total|no": 0, "Total|Total": 9},
			[]string{"5-9|no: zero of a sensitive group", "Total|no: zero of a sensitive group"}},
		{"a zero of nobody, where zeros are hidden", "threshold10", true,
			map[string]int64{"0-4|no": 0, "0-4|Total": 0},
			[]string{"0-4|Total: small count", "0-4|no: zero of a sensitive group"}},
		{"small is said before full", "dfe", true,
			map[string]int64{"0-4|no": 0, "0-4|yes": 3, "0-4|Total": 3},
			[]string{"0-4|Total: small count", "0-4|no: zero of a sensitive group", "0-4|yes: small count"}},
		{"zeros hidden by the profile", "threshold10", true,
			map[string]int64{"0-4|no": 0, "5-9|Total": 0, "Total|no": 10},
			[]string{"0-4|no: zero of a sensitive group", "5-9|Total: small count"}},
		{"no symbol for zeros where nothing is hidden for size", "round5", true,
			map[string]int64{"0-4|no": 0, "0-4|yes": 20, "0-4|Total": 20}, []string{}},
		{"everybody", "dfe", true,
			map[string]int64{"0-4|no": 0, "0-4|yes": 20, "0-4|Total": 20, "5-9|no": 10, "5-9|yes": 10, "5-9|Total": 20},
			[]string{"0-4|no: zero of a sensitive group", "0-4|yes: full group"}},
		{"everybody, the other category only elsewhere", "dfe", true,
			map[string]int64{"0-4|yes": 20, "0-4|Total": 20, "5-9|no": 10},
			[]string{"0-4|yes: full group"}},
		{"not sensitive", "dfe", false,
			map[string]int64{"0-4|no": 0, "0-4|yes": 20, "0-4|Total": 20}, []string{}},
		{"the profile rounds instead", "nhs", true,
			map[string]int64{"0-4|no": 12, "0-4|yes": 20, "0-4|Total": 20}, []string{}},
		{"one category says nothing", "dfe", true,
			map[string]int64{"0-4|yes": 20, "0-4|Total": 20, "5-9|yes": 20}, []string{}},
		{"a sub-total, and one within it, hold everybody", "dfe", true,
			map[string]int64{"0-4|burn": 20, "0-4|injury": 20, "0-4|none": 0, "0-4|Total": 20, "5-9|fall": 9},
			[]string{"0-4|burn: full group", "0-4|injury: full group", "0-4|none: zero of a sensitive group"}},
		{"no total is shown: the sub-total", "dfe", true,
			map[string]int64{"0-4|burn": 20, "0-4|injury": 20, "0-4|none": 7, "5-9|fall": 9},
			[]string{"0-4|burn: full group"}},
		{"the total is greater than the sub-total", "dfe", true,
			map[string]int64{"0-4|burn": 20, "0-4|injury": 20, "0-4|none": 7, "0-4|Total": 27, "5-9|fall": 9}, []string{}},
		{"the only part of a sub-total says nothing of it", "dfe", true,
			map[string]int64{"0-4|burn": 20, "0-4|injury": 20, "0-4|none": 7}, []string{}},
		{"the sub-total is all there is", "dfe", true,
			map[string]int64{"0-4|burn": 7, "0-4|fall": 13, "0-4|injury": 20, "0-4|Total": 20}, []string{}},
		{"other dimensions are compared code for code", "dfe", true,
			map[string]int64{"0-1|yes": 20, "0-4|yes": 20, "0-4|no": 7, "0-4|Total": 27, "Total|Total": 20}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mustProfile(t, c.profile)
			if got := rulesOf(harm(c.sensitive, c.counts), &p); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPrimariesLeaveHiddenCellsAlone(t *testing.T) {
	p := mustProfile(t, "dfe")
	table := harm(true, map[string]int64{"0-4|no": 0, "0-4|yes": 20, "0-4|Total": 20, "5-9|no": 3})
	for i := range table.Cells {
		table.Cells[i].Hidden = true
		table.Cells[i].Contributors = 1
	}
	if got := rulesOf(table, &p); len(got) != 0 {
		t.Errorf("rules for hidden cells: %q", got)
	}
	table.Cells[2].Hidden = false // 0-4|yes, whose total is hidden
	table.Cells[2].Contributors = 0
	if got := rulesOf(table, &p); len(got) != 0 {
		t.Errorf("a hidden total was read: %q", got)
	}
}

func TestContributorRules(t *testing.T) {
	dfe, ten := mustProfile(t, "dfe"), mustProfile(t, "threshold10")
	for _, c := range []struct {
		p    Profile
		cell Cell
		want Rule
	}{
		{ten, Cell{Count: 100, Largest: 45, Contributors: 10}, ""},
		{ten, Cell{Count: 100, Largest: 46, Contributors: 10}, RuleDominated},
		{ten, Cell{Count: 100, Largest: 45, Contributors: 9}, RuleFewContributors},
		{ten, Cell{Count: 100, Largest: 46, Contributors: 9}, RuleDominated},
		{ten, Cell{Count: 100}, ""},
		{ten, Cell{Count: 9, Largest: 9, Contributors: 1}, RuleSmall},
		{ten, Cell{Count: unbounded, Largest: unbounded / 100 * 45}, ""},
		{ten, Cell{Count: unbounded, Largest: unbounded / 2}, RuleDominated},
		{ten, Cell{Count: 100, Largest: -1, Contributors: -1}, ""},
		{dfe, Cell{Count: 100, Largest: 100}, ""},
		{dfe, Cell{Count: 100, Contributors: 5}, RuleFewContributors},
		{dfe, Cell{Count: 100, Contributors: 6}, ""},
		{dfe, Cell{Count: 0, Contributors: 5}, ""},
		{dfe, Cell{Count: 100, Contributors: 5, Keep: true}, RuleFewContributors},
	} {
		c.cell.Codes = []string{"a"}
		table := &Table{Dimensions: []Dimension{{Name: "area"}}, Cells: []Cell{c.cell}}
		if got := primaries(table, &c.p)[0]; got != c.want {
			t.Errorf("%s, %+v: %q, want %q", c.p.Name, c.cell, got, c.want)
		}
	}
}

// TestDominanceStandsInForBothRules: where only the largest contributor is known,
// the share of threshold10 hides whatever the n-k rule (two, 90 %) or the p-ratio
// (10 %) would hide if the second were known, and no greater share does.
func TestDominanceStandsInForBothRules(t *testing.T) {
	p := mustProfile(t, "threshold10")
	const total = 200
	greater := false
	for first := int64(1); first <= total; first++ {
		for second := int64(0); second <= min(first, total-first); second++ {
			disclosive := (first+second)*100 > total*90 || (total-first-second)*100 < first*10
			if disclosive && !moreThanShare(first, total, p.Dominance) {
				t.Fatalf("%d and %d of %d would be shown", first, second, total)
			}
			greater = greater || disclosive && !moreThanShare(first, total, p.Dominance+1)
		}
	}
	if !greater {
		t.Error("a greater share would do as well")
	}
}

func TestZeroHidden(t *testing.T) {
	table := harm(true, map[string]int64{"0-4|Total": 0, "0-4|yes": 0, "Total|yes": 0})
	for _, c := range []struct {
		profile string
		want    []bool
	}{
		{"dfe", []bool{false, true, true}},
		{"nhs", []bool{false, true, true}},
		{"round5", []bool{false, false, false}},
		{"threshold10", []bool{true, true, true}},
	} {
		p := mustProfile(t, c.profile)
		for i, want := range c.want {
			if got := zeroHidden(table, &p, i); got != want {
				t.Errorf("%s: zero of %v hidden %v, want %v", c.profile, table.Cells[i].Codes, got, want)
			}
		}
	}
}

func TestRuleWords(t *testing.T) {
	dfe, ten := mustProfile(t, "dfe"), mustProfile(t, "threshold10")
	for _, c := range []struct {
		r    Rule
		p    Profile
		want string
	}{
		{RuleSmall, dfe, "it is small: 1 to 5"},
		{RuleSmall, ten, "it is small: 0 to 9"},
		{RuleZero, dfe, "it says that nobody in the group is in this category"},
		{RuleFull, dfe, "it says that everybody in the group is in this category"},
		{RuleDominated, ten, "one contributor brings more than 45 % of it"},
		{RuleFewContributors, dfe, "it has fewer than 6 contributors"},
		{RuleAverage, dfe, "it is an average of fewer than 6"},
		{RuleGivenBack, dfe, "with what else is printed, it gives a hidden count back"},
		{"", dfe, ""},
	} {
		if got := c.r.Words(c.p); got != c.want {
			t.Errorf("%q for %s: %q, want %q", c.r, c.p.Name, got, c.want)
		}
	}
}

// TestFullGroupsAgainstTheDefinition compares with the definition read literally,
// on random hierarchies with gaps.
func TestFullGroupsAgainstTheDefinition(t *testing.T) {
	full := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 7).Draw(t, "codes")
		parent := map[string]string{}
		for i := 1; i < n; i++ {
			if up := rapid.IntRange(-1, i-1).Draw(t, "parent"); up >= 0 {
				parent[fmt.Sprint(i)] = fmt.Sprint(up)
			}
		}
		table := &Table{Dimensions: []Dimension{{Name: "sex"}, {Name: "need", Sensitive: true, Parent: parent}}}
		for _, sex := range []string{"Girls", Total} {
			for i := -1; i < n; i++ {
				code := Total
				if i >= 0 {
					code = fmt.Sprint(i)
				}
				if rapid.IntRange(0, 9).Draw(t, "there") < 7 {
					table.Cells = append(table.Cells, Cell{
						Codes:  []string{sex, code},
						Count:  rapid.Int64Range(19, 21).Draw(t, "count"),
						Hidden: rapid.IntRange(0, 9).Draw(t, "hidden") == 0,
					})
				}
			}
		}
		table.Cells = rapid.Permutation(table.Cells).Draw(t, "order")
		p := mustProfile(t, "dfe")
		for i, got := range primaries(table, &p) {
			want := Rule("")
			if literallyFull(table, i) {
				want = RuleFull
				full++
			}
			if got != want {
				t.Fatalf("%v of %+v: %q, want %q", table.Cells[i].Codes, table, got, want)
			}
		}
	})
	if full == 0 {
		t.Error("no full group was drawn")
	}
}

// literallyFull follows the definition for dimension 1, slowly.
func literallyFull(t *Table, cell int) bool {
	parent := func(code string) string {
		if up, ok := t.Dimensions[1].Parent[code]; ok {
			return up
		}
		return Total
	}
	below := func(code, top string) bool { // or the same
		for code != top && code != Total {
			code = parent(code)
		}
		return code == top
	}
	at := func(sex, code string) *Cell {
		for i := range t.Cells {
			if c := &t.Cells[i]; c.Codes[0] == sex && c.Codes[1] == code && !c.Hidden {
				return c
			}
		}
		return nil
	}
	c := &t.Cells[cell]
	code := c.Codes[1]
	if c.Hidden || code == Total {
		return false
	}
	whole := at(c.Codes[0], Total)
	for up := code; whole == nil && up != Total; {
		up = parent(up)
		whole = at(c.Codes[0], up)
	}
	if whole == nil || whole.Count != c.Count || whole.Count == 0 {
		return false
	}
	for i := range t.Cells {
		if o := t.Cells[i].Codes[1]; o != Total && below(o, whole.Codes[1]) && !below(o, code) && !below(code, o) {
			return true
		}
	}
	return false
}

func TestHiddenTotalIsNotEmpty(t *testing.T) {
	p := mustProfile(t, "dfe")
	table := harm(true, map[string]int64{"0-4|Total": 0, "0-4|no": 0})
	table.Cells[0].Hidden = true // its count of 0 is then only what a variable starts with
	if got, want := rulesOf(table, &p), []string{"0-4|no: zero of a sensitive group"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMoreThanShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Small and great numbers, since only great ones fill two words.
		shift := rapid.SampledFrom([]int{0, 56}).Draw(t, "shift")
		whole := rapid.Int64Range(1, 127).Draw(t, "whole")<<shift + 1
		part := rapid.Int64Range(0, 127).Draw(t, "part") << shift
		percent := rapid.Int64Range(0, 99).Draw(t, "percent")
		left := new(big.Int).Mul(big.NewInt(part), big.NewInt(100))
		right := new(big.Int).Mul(big.NewInt(whole), big.NewInt(percent))
		if got := moreThanShare(part, whole, percent); got != (left.Cmp(right) > 0) {
			t.Fatalf("%d of %d is more than %d %%: %v", part, whole, percent, got)
		}
	})
}

func TestKeysDiffer(t *testing.T) {
	none := func(int) bool { return false }
	seen := map[string][]string{}
	for _, codes := range [][]string{{"a", "b1:c"}, {"a1:b", "c"}, {"a0:b", "c"}, {"a", "b0:c"}, {"ab", ""}, {"", "ab"},
		{"a", "b"}} {
		k := keyWithout(codes, none)
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have the same key", codes, other)
		}
		seen[k] = codes
	}
}

// TestFullNeedsSomebody: also under a profile that does not hide zeros for their
// size, which Validate would refuse.
func TestFullNeedsSomebody(t *testing.T) {
	p := Profile{ZerosShown: true, FullGroups: true}
	table := harm(true, map[string]int64{"0-4|no": 0, "0-4|yes": 0, "0-4|Total": 0})
	if got := rulesOf(table, &p); len(got) != 0 {
		t.Errorf("a group of nobody: %q", got)
	}
}

// TestPrimariesOnBadTables: circles, codes missing, names that look alike.
func TestPrimariesOnBadTables(t *testing.T) {
	p := mustProfile(t, "dfe")
	table := &Table{
		Dimensions: []Dimension{
			{Name: "need", Sensitive: true, Parent: map[string]string{"a": "b", "b": "a", Total: "a", "c": "c", "d": "nowhere"}},
			{Name: "area"},
		},
		Cells: []Cell{
			{Codes: []string{"a", "x"}, Count: 20}, {Codes: []string{"b", "x"}, Count: 20},
			{Codes: []string{Total, "x"}, Count: 20}, {Codes: []string{"d", "x"}, Count: 20},
			{Codes: []string{"e", "x"}, Count: 20}, {Codes: nil, Count: 3},
			{Codes: []string{"a", "x", "extra"}, Count: 20}, {Codes: []string{"e", "x"}, Count: 20},
			{Codes: []string{"e", "x"}, Count: -20},
		},
	}
	want := []Rule{"", "", "", RuleFull, RuleFull, RuleSmall, "", RuleFull, ""}
	if got := primaries(table, &p); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	deep := &Table{Dimensions: []Dimension{{Name: "need", Sensitive: true, Parent: map[string]string{}}}}
	for i := range 50_000 {
		deep.Dimensions[0].Parent[fmt.Sprint(i+1)] = fmt.Sprint(i)
		deep.Cells = append(deep.Cells, Cell{Codes: []string{fmt.Sprint(i)}, Count: 20})
	}
	for i, r := range primaries(deep, &p) {
		if r != "" {
			t.Fatalf("cell %d of a chain has the rule %q", i, r)
		}
	}
}
