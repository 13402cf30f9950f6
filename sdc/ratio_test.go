package sdc

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// allGivenBack says whether each count from 1 to 5 is given back by its ratio.
func allGivenBack(denominator, per int64, places int, least, most int64) bool {
	for count := int64(1); count <= 5; count++ {
		if !GivesBack(count, denominator, per, places, least, most) {
			return false
		}
	}
	return true
}

// TestPercentagesGiveBack has the known limits up to which a percentage printed
// beside a hidden count of 1 to 5 gives it back.
func TestPercentagesGiveBack(t *testing.T) {
	for _, c := range []struct {
		name        string
		places      int
		least, most int64
		upTo        int64 // the last denominator with which every count is given back
	}{
		{"whole per cent", 0, 0, math.MaxInt64, 109},
		{"one place", 1, 0, math.MaxInt64, 1090},
		{"whole per cent, 1 to 5 known", 0, 1, 5, 111},
		{"one place, 1 to 5 known", 1, 1, 5, 1111},
	} {
		for den := int64(5); den <= c.upTo; den++ {
			if !allGivenBack(den, 100, c.places, c.least, c.most) {
				t.Errorf("%s: some count of 1 to 5 is safe with a denominator of %d", c.name, den)
			}
		}
		if allGivenBack(c.upTo+1, 100, c.places, c.least, c.most) {
			t.Errorf("%s: every count is given back beyond %d too", c.name, c.upTo)
		}
	}
	if GivesBack(5, 110, 100, 0, 0, math.MaxInt64) || !GivesBack(4, 110, 100, 0, 0, math.MaxInt64) {
		t.Error("of 110, 5 and 6 are both printed as 5 %, and 4 alone as 4 %")
	}
	for count := range int64(400) {
		if !GivesBack(count, 70_000, 10_000, 1, 0, math.MaxInt64) {
			t.Errorf("a rate per 10,000 of 70,000 does not give %d back", count)
		}
	}
	if GivesBack(1, 300, 100, 0, 0, 5) || !GivesBack(1, 300, 100, 0, 1, 5) {
		t.Error("of 300, 0 and 1 are both printed as 0 %, and only 1 where zeros are shown")
	}
	if GivesBack(1, 0, 100, 0, 0, 5) || GivesBack(-1, 10, 100, 0, -5, 5) {
		t.Error("what makes no ratio gives a count back")
	}
}

func TestCountsBehind(t *testing.T) {
	for _, c := range []struct {
		scaled, den, per int64
		places           int
		lo, hi           int64
	}{
		{5, 110, 100, 0, 5, 6},
		{125, 8, 100, 1, 1, 1},
		{0, 1000, 100, 0, 0, 4},   // 5 of 1,000 is 0.5 %, printed 1
		{1, 1000, 100, 0, 5, 14},  // halves go upward
		{50, 3, 100, 0, 2, 1},     // no third is 50 %
		{3, 3, 100, 0, 1, 0},      // nor 3 %
		{25, 4, 1, 1, 10, 10},     // an average of 2.5
		{200, 10, 100, 0, 20, 20}, // more than the whole is possible of rates
		{math.MaxInt64, math.MaxInt64, 1, 0, 1, 0},
		{1, math.MaxInt64, 1, 0, 1 << 62, math.MaxInt64},
		{1, 10, 0, 0, 1, 0}, {1, 0, 100, 0, 1, 0}, {-1, 10, 100, 0, 1, 0},
		{1, 10, 100, -1, 1, 0}, {1, 10, 100, 10, 1, 0}, {1, 10, math.MaxInt64, 9, 1, 0},
	} {
		lo, hi := CountsBehind(c.scaled, c.den, c.per, c.places)
		none := c.lo > c.hi
		if none != (lo > hi) || !none && (lo != c.lo || hi != c.hi) {
			t.Errorf("%+v: %d to %d", c, lo, hi)
		}
	}
}

// TestCountsBehindIsExact compares with every count printed as it would be.
func TestCountsBehindIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 300).Draw(t, "denominator")
		per := rapid.SampledFrom([]int64{1, 7, 100, 10_000}).Draw(t, "per")
		places := rapid.IntRange(0, 2).Draw(t, "places")
		count := rapid.Int64Range(0, 400).Draw(t, "count")
		scaled := plainScaled(count, den, per, places)
		lo, hi := CountsBehind(scaled, den, per, places)
		for x := int64(0); x <= 1200; x++ {
			if same := plainScaled(x, den, per, places) == scaled; same != (lo <= x && x <= hi) {
				t.Fatalf("%d of %d is printed %d; the counts behind %d are %d to %d", x, den, plainScaled(x, den, per, places),
					scaled, lo, hi)
			}
		}
	})
}

// plainScaled rounds by going to and fro in small numbers.
func plainScaled(num, den, per int64, places int) int64 {
	for range places {
		per *= 10
	}
	q, rest := num*per/den, num*per%den
	if rest*2 >= den {
		q++
	}
	return q
}

func TestProfileRatio(t *testing.T) {
	hidden := PublishedCount{Hidden: true}
	shown := func(n int64) PublishedCount { return PublishedCount{Printed: n} }
	for _, c := range []struct {
		profile  string
		num, den PublishedCount
		per      int64
		places   int
		want     string
	}{
		{"dfe", shown(12), shown(96), 100, 1, "12.5"},
		{"dfe", shown(0), shown(96), 100, 1, "0.0"},
		{"dfe", shown(96), shown(96), 100, 1, "100.0"},
		{"dfe", shown(7), shown(80_000), 10_000, 1, "0.9"}, // 0.875
		{"dfe", shown(8), shown(160_000), 10_000, 1, "0.5"},
		{"dfe", shown(6), shown(160), 100, 0, "4"}, // 3.75
		{"dfe", shown(7), shown(200), 100, 0, "4"}, // 3.5 goes upward
		{"dfe", shown(7), shown(100_000), 100, 3, "0.007"},
		{"dfe", hidden, shown(96), 100, 1, "[c]"},
		{"dfe", shown(12), hidden, 100, 1, "[c]"},
		{"dfe", shown(12), shown(0), 100, 1, "[z]"},
		{"dfe", hidden, shown(0), 100, 1, "[c]"},
		{"dfe", shown(3), shown(96), 100, 1, "[c]"}, // not hidden, though it should be
		{"dfe", shown(-7), shown(96), 100, 1, "[c]"},
		{"dfe", shown(12), shown(96), 0, 1, "[c]"},
		{"dfe", shown(12), shown(96), 100, -1, "[c]"},
		{"dfe", shown(math.MaxInt64), shown(7), 100, 1, "131762457669353940100.0"},
		{"nhs", shown(10), shown(15), 100, 1, "66.7"},
		{"nhs", shown(9), shown(13), 100, 1, "66.7"}, // true counts are rounded first
		{"nhs", shown(5), shown(15), 100, 1, "*"},
		{"nhs", hidden, shown(15), 100, 1, "*"},
		{"round5", shown(2), shown(12), 100, 0, "0"},
		{"round5", shown(1), shown(2), 100, 0, "[z]"},
		{"threshold10", shown(0), shown(12), 100, 0, "[c]"},
	} {
		p := mustProfile(t, c.profile)
		if got := p.Ratio(c.num, c.den, c.per, c.places); got != c.want {
			t.Errorf("%s: %+v of %+v per %d: %s, want %s", c.profile, c.num, c.den, c.per, got, c.want)
		}
	}
	none := mustProfile(t, "dfe")
	for _, percent := range []string{PercentNone, ""} {
		none.Percent = percent
		if got := none.Ratio(shown(12), shown(96), 100, 1); got != NotAvailable {
			t.Errorf("percent %q: %s is printed", percent, got)
		}
	}
}

// TestRatioTellsNothingNew: counts that are printed alike have ratios printed
// alike, so a ratio tells no more of them than they do themselves.
func TestRatioTellsNothingNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(Profiles()).Draw(t, "profile")
		print := func(count int64) PublishedCount {
			if p.small(count) {
				return PublishedCount{Hidden: true}
			}
			return PublishedCount{Printed: p.round(count)}
		}
		alike := func(count int64) int64 {
			if p.small(count) {
				return rapid.Int64Range(0, p.Threshold).Filter(p.small).Draw(t, "another")
			}
			lo, hi := p.reading(p.round(count))
			return rapid.Int64Range(lo, hi).Draw(t, "another")
		}
		num, den := rapid.Int64Range(0, 40).Draw(t, "numerator"), rapid.Int64Range(0, 40).Draw(t, "denominator")
		one := p.Ratio(print(num), print(den), 100, p.PercentPlaces)
		if other := p.Ratio(print(alike(num)), print(alike(den)), 100, p.PercentPlaces); one != other {
			t.Fatalf("%s and %s", one, other)
		}
	})
}

func TestAverageAllowed(t *testing.T) {
	for _, c := range []struct {
		profile string
		n       int64
		want    bool
	}{
		{"dfe", 5, false}, {"dfe", 6, true}, {"nhs", 7, false}, {"nhs", 8, true},
		{"threshold10", 9, false}, {"threshold10", 10, true}, {"round5", 5, false}, {"round5", 0, false},
	} {
		if got := mustProfile(t, c.profile).AverageAllowed(c.n); got != c.want {
			t.Errorf("%s: an average of %d is allowed: %v", c.profile, c.n, got)
		}
	}
	if (Profile{}).AverageAllowed(0) {
		t.Error("an average of none is allowed")
	}
}

var girls, children = Ref{Population: "girls"}, Ref{Population: "children"}

// holds says whether counts satisfy facts, with numbers of any size.
func holds(facts []Fact, counts map[string]int64) bool {
	for _, f := range facts {
		sum := new(big.Int)
		for _, part := range f.Parts {
			sum.Add(sum, new(big.Int).Mul(big.NewInt(part.Factor), big.NewInt(counts[part.Ref.Population])))
		}
		if sum.Cmp(big.NewInt(f.Low)) < 0 || f.High != unbounded && sum.Cmp(big.NewInt(f.High)) > 0 {
			return false
		}
	}
	return true
}

// TestFactsAreExact: the facts hold for those pairs of counts whose ratio is
// printed so, and for no others.
func TestFactsAreExact(t *testing.T) {
	for _, r := range []Ratio{{girls, children, 100, 0}, {girls, children, 100, 1}, {girls, children, 1, 1},
		{girls, children, 35, 0}} {
		for _, scaled := range []int64{0, 1, 2, 17, 25, 33, 50, 100, 333, 500} {
			facts, err := r.Facts(scaled)
			if err != nil {
				t.Fatal(err)
			}
			for den := int64(1); den <= 60; den++ {
				for num := int64(0); num <= 70; num++ {
					want := plainScaled(num, den, r.Per, r.Places) == scaled
					if got := holds(facts, map[string]int64{"girls": num, "children": den}); got != want {
						t.Fatalf("%d of %d printed as %d per %d with %d places: %v, want %v", num, den, scaled, r.Per, r.Places, got,
							want)
					}
				}
			}
		}
	}
}

func TestFacts(t *testing.T) {
	facts, err := Ratio{girls, children, 100, 1}.Facts(125)
	if err != nil {
		t.Fatal(err)
	}
	// 2000·girls − 249·children ≥ 0, and 251·children − 2000·girls ≥ 1
	want := "[{12.5 per 100, the grand total of girls in the grand total of children [{{girls map[]} 2000} {{children " +
		"map[]} -249}] 0 9223372036854775807}" +
		" {12.5 per 100, the grand total of girls in the grand total of children [{{girls map[]} -2000} {{children map[]} " +
		"251}] 1 9223372036854775807}]"
	if got := printFacts(facts); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	facts, err = Ratio{girls, children, 100, 0}.Facts(13) // 200 and 25 have 25 in common
	if err != nil || facts[0].Parts[0].Factor != 8 || facts[0].Parts[1].Factor != -1 {
		t.Errorf("facts %v, %v", facts, err)
	}
	for _, c := range []struct {
		r      Ratio
		scaled int64
	}{
		{Ratio{girls, children, 0, 0}, 1}, {Ratio{girls, children, 100, 10}, 1}, {Ratio{girls, children, 100, -1}, 1},
		{Ratio{girls, children, 100, 0}, -1}, {Ratio{girls, children, 100, 0}, math.MaxInt64},
		{Ratio{girls, children, math.MaxInt64, 0}, 1}, {Ratio{girls, children, math.MaxInt64 / 10, 2}, 1},
	} {
		if facts, err := c.r.Facts(c.scaled); err == nil {
			t.Errorf("%d per %d with %d places gave %v", c.scaled, c.r.Per, c.r.Places, facts)
		}
	}
}

func printFacts(facts []Fact) string {
	type plainRef struct {
		Population string
		Codes      map[string]string
	}
	type plainPart struct {
		Ref    plainRef
		Factor int64
	}
	var out []any
	for _, f := range facts {
		var parts []plainPart
		for _, p := range f.Parts {
			parts = append(parts, plainPart{plainRef(p.Ref), p.Factor})
		}
		out = append(out, struct {
			Name      string
			Parts     []plainPart
			Low, High int64
		}{f.Name, parts, f.Low, f.High})
	}
	return fmt.Sprint(out)
}

func TestFactOver(t *testing.T) {
	r := Ratio{Numerator: girls, Per: 10_000, Places: 1}
	f, err := r.FactOver(6, 70_000) // 0.6 per 10,000 of 70,000 is 4 and nothing else
	if err != nil || f.Low != 4 || f.High != 4 || len(f.Parts) != 1 || f.Parts[0].Factor != 1 {
		t.Errorf("fact %+v, %v", f, err)
	}
	if f, err := r.FactOver(5, 70_000); err == nil { // 3 is 0.4 and 4 is 0.6
		t.Errorf("0.5 gave %+v", f)
	}
}

func TestBarFact(t *testing.T) {
	for _, c := range []struct {
		pixels, pixelsFull, countFull int64
		lo, hi                        int64
		ok                            bool
	}{
		{100, 100, 1000, 995, 1004, true},
		{0, 100, 1000, 0, 4, true},
		{1, 100, 1000, 5, 14, true},
		{6, 300, 50, 1, 1, true}, // six pixels a child
		{7, 300, 50, 0, 0, false},
		{5, 0, 50, 0, 0, false},
		{5, 300, 0, 0, 0, false},
		{-1, 300, 50, 0, 0, false},
	} {
		f, err := BarFact(girls, c.pixels, c.pixelsFull, c.countFull)
		if (err == nil) != c.ok || c.ok && (f.Low != c.lo || f.High != c.hi) {
			t.Errorf("%+v: %+v, %v", c, f, err)
		}
	}
}

func TestReadPrinted(t *testing.T) {
	for _, c := range []struct {
		printed string
		scaled  int64
		places  int
		ok      bool
	}{
		{"12.5", 125, 1, true}, {"12.5%", 125, 1, true}, {"0", 0, 0, true}, {"007", 7, 0, true},
		{"100.00", 10000, 2, true}, {"9223372036854775807", math.MaxInt64, 0, true},
		{"", 0, 0, false}, {"%", 0, 0, false}, {".5", 0, 0, false}, {"5.", 0, 0, false}, {"-5", 0, 0, false},
		{"1.2.3", 0, 0, false}, {"1e3", 0, 0, false}, {"٣", 0, 0, false}, {"9223372036854775808", 0, 0, false},
		{"1.0123456789", 0, 0, false}, {"[c]", 0, 0, false},
	} {
		scaled, places, err := ReadPrinted(c.printed)
		if (err == nil) != c.ok || c.ok && (scaled != c.scaled || places != c.places) {
			t.Errorf("%q: %d with %d places, %v", c.printed, scaled, places, err)
		}
	}
}
