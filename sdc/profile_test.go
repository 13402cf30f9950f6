package sdc

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func mustProfile(t rapid.TB, name string) Profile {
	t.Helper()
	p, err := ProfileNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProfiles(t *testing.T) {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p.Name)
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"dfe", "nhs", "round5", "threshold10"}; !slices.Equal(names, want) {
		t.Errorf("profiles %v, want %v", names, want)
	}
	Profiles()[0].Name = "changed"
	if Profiles()[0].Name != "dfe" {
		t.Error("a caller's change to the slice changed the built-in profiles")
	}
	_, err := ProfileNamed("DfE")
	if want := `there is no profile "DfE"; there are dfe, nhs, round5, threshold10`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestPublishedRules holds the built-in profiles against what their publishers say.
func TestPublishedRules(t *testing.T) {
	const hide = -1
	for _, c := range []struct {
		profile string
		printed map[int64]int64 // true count → printed
		symbol  string
		percent string
		values  int64
	}{
		{"dfe", map[int64]int64{0: 0, 1: hide, 5: hide, 6: 6, 7: 7, 1001: 1001}, "[c]", PercentReleased, 5},
		{"nhs", map[int64]int64{0: 0, 1: hide, 7: hide, 8: 10, 12: 10, 13: 15, 1002: 1000}, "*", PercentRounded, 5},
		{"round5", map[int64]int64{0: 0, 1: 0, 2: 0, 3: 5, 7: 5, 8: 10}, "[c]", PercentRounded, 3},
		{"threshold10", map[int64]int64{0: hide, 1: hide, 9: hide, 10: 10, 11: 11}, "[c]", PercentReleased, 10},
	} {
		p := mustProfile(t, c.profile)
		for count, want := range c.printed {
			got := p.round(count)
			if p.small(count) {
				got = hide
			}
			if got != want {
				t.Errorf("%s: %d is printed %d, want %d (-1 is hidden)", c.profile, count, got, want)
			}
		}
		if p.Symbol != c.symbol || p.Percent != c.percent || p.Values != c.values {
			t.Errorf("%s: symbol %s, percentages %s, values %d", c.profile, p.Symbol, p.Percent, p.Values)
		}
	}
}

// TestReadings: what printed counts can be, and why 5 with base 5 became 7.
func TestReadings(t *testing.T) {
	five := Profile{Threshold: 5, ZerosShown: true, Base: 5}
	three := Profile{Threshold: 3, Base: 5}
	ten := Profile{Threshold: 2, ZerosShown: true, Base: 10}
	for _, c := range []struct {
		name    string
		p       Profile
		printed int64
		lo, hi  int64
	}{
		{"5 and base 5", five, 5, 6, 7},
		{"5 and base 5, zero", five, 0, 0, 0},
		{"nhs, least", mustProfile(t, "nhs"), 10, 8, 12},
		{"nhs, zero", mustProfile(t, "nhs"), 0, 0, 0},
		{"nhs, never printed", mustProfile(t, "nhs"), 5, 5, 5},
		{"nhs, no multiple", mustProfile(t, "nhs"), 11, 11, 11},
		{"round5, zero", mustProfile(t, "round5"), 0, 0, 2},
		{"round5", mustProfile(t, "round5"), 5, 3, 7},
		{"dfe", mustProfile(t, "dfe"), 6, 6, 6},
		{"zeros hidden", three, 0, 0, 0},
		{"zeros hidden", three, 5, 4, 7},
		{"base 10, zero", ten, 0, 0, 4},
		{"below none", ten, -10, -10, -10},
		{"greatest", Profile{Base: 2}, unbounded - 1, unbounded - 2, unbounded - 1},
		{"greatest, open above", Profile{Base: 10}, unbounded - 7, unbounded - 12, unbounded - 3},
		{"greatest, cut off", Profile{Base: 1000}, unbounded - 807, unbounded - 1307, unbounded - 308},
	} {
		if lo, hi := c.p.reading(c.printed); lo != c.lo || hi != c.hi {
			t.Errorf("%s: a printed %d is of %d to %d, want %d to %d", c.name, c.printed, lo, hi, c.lo, c.hi)
		}
	}
	if got := (&Profile{Base: 1000}).round(unbounded); got != unbounded-807 {
		t.Errorf("the greatest count is rounded to %d", got)
	}
}

// TestReadingIsExact: a reading is of exactly the shown counts that are printed so.
func TestReadingIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Profile{
			Threshold:  rapid.Int64Range(0, 25).Draw(t, "threshold"),
			Base:       rapid.Int64Range(0, 12).Draw(t, "base"),
			ZerosShown: rapid.Bool().Draw(t, "zeros shown"),
		}
		printed := p.round(rapid.Int64Range(0, 60).Draw(t, "count"))
		least, most := int64(-1), int64(-1)
		for x := int64(0); x <= 80; x++ {
			if !p.small(x) && p.round(x) == printed {
				if least < 0 {
					least = x
				}
				most = x
			}
		}
		if least < 0 { // nothing shown is printed so
			least, most = printed, printed
		}
		if lo, hi := p.reading(printed); lo != least || hi != most {
			t.Fatalf("a printed %d is of %d to %d, want %d to %d", printed, lo, hi, least, most)
		}
	})
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		base   string
		change func(p *Profile)
		want   string // "" for a good profile
	}{
		{"threshold ends within a class", "nhs", func(p *Profile) { p.Threshold, p.Values = 5, 5 },
			"threshold 5 and base 5 do not fit: a printed 5 could only be 6 or 7; make threshold 7"},
		{"threshold that lets one count be told", "nhs", func(p *Profile) { p.Threshold, p.Values = 6, 5 },
			"a printed 5 could only be 7; make threshold 7"},
		{"threshold in the class of zero", "nhs", func(p *Profile) { p.Threshold, p.Values = 1, 5 },
			"a printed 0 could only be 0 or 2; make threshold 2"},
		{"threshold in the class of zero, zeros hidden", "nhs", func(p *Profile) { p.Threshold, p.ZerosShown = 1, false },
			"a printed 0 could only be 2; make threshold 2"},
		{"even base", "nhs", func(p *Profile) { p.Base, p.Threshold = 10, 5 },
			"a printed 10 could only be 6 to 14; make threshold 14"},
		{"even base that fits", "nhs", func(p *Profile) { p.Base, p.Threshold, p.Values, p.SmallUpTo = 10, 4, 4, 7 }, ""},
		{"symbol empty", "dfe", func(p *Profile) { p.Symbol = "" }, "symbol is empty"},
		{"symbol of spaces", "dfe", func(p *Profile) { p.Symbol = "  " }, "symbol is empty"},
		{"symbol with space", "dfe", func(p *Profile) { p.Symbol = "c " }, "no space around"},
		{"symbol unseen", "dfe", func(p *Profile) { p.Symbol = "\u200b" }, "printable characters"},
		{"symbol not UTF-8", "dfe", func(p *Profile) { p.Symbol = "c\xff" }, "printable characters"},
		{"symbol long", "dfe", func(p *Profile) { p.Symbol = strings.Repeat("c", 21) }, "at most 20"},
		{"symbol point", "dfe", func(p *Profile) { p.Symbol = "." }, "letters in square brackets"},
		{"symbol colon", "dfe", func(p *Profile) { p.Symbol = ":" }, "letters in square brackets"},
		{"symbol with a digit", "dfe", func(p *Profile) { p.Symbol = "<5" }, "could be read as a number"},
		{"symbol in brackets", "dfe", func(p *Profile) { p.Symbol = "[5]" }, "could be read as a number"},
		{"symbol of another script", "dfe", func(p *Profile) { p.Symbol = "٣" }, "could be read as a number"},
		{"symbol infinite", "dfe", func(p *Profile) { p.Symbol = "Inf" }, "could be read as a number"},
		{"symbol no number", "dfe", func(p *Profile) { p.Symbol = "[NaN]" }, "could be read as a number"},
		{"symbol dash", "dfe", func(p *Profile) { p.Symbol = "–" }, "could be read as none"},
		{"symbol formula", "dfe", func(p *Profile) { p.Symbol = "=c" }, "as a formula"},
		{"symbol taken", "dfe", func(p *Profile) { p.Symbol = "[z]" }, "already means something else"},
		{"symbol as the NHS has it", "dfe", func(p *Profile) { p.Symbol = "*" }, ""},
		{"values of the symbol", "dfe", func(p *Profile) { p.Values = 6 },
			"values 6 cannot be kept: the symbol alone says that a count is 1 to 5; make it at most 5"},
		{"values of a symbol for one", "dfe", func(p *Profile) { p.Threshold, p.Values = 1, 2 },
			"the symbol alone says that a count is 1; make threshold or base greater"},
		{"values of a reading", "nhs", func(p *Profile) { p.Values = 6 }, "a printed 10 is of 8 to 12; make it at most 5"},
		{"values of a printed zero", "round5", func(p *Profile) { p.Values = 4 },
			"a printed 0 is of 0 to 2; make it at most 3"},
		{"values hidden zeros", "threshold10", func(p *Profile) { p.Values = 11 }, "a count is 0 to 9; make it at most 10"},
		{"values of one", "dfe", func(p *Profile) { p.Values = 1 }, "values 1 would let a hidden count be worked out"},
		{"negative", "dfe", func(p *Profile) { p.Threshold, p.Base = -1, -5 }, "base -5: use a whole number from 0"},
		{"enormous", "dfe", func(p *Profile) { p.SmallUpTo = unbounded },
			"small_up_to 9223372036854775807: use a whole number"},
		{"places", "dfe", func(p *Profile) { p.RatePlaces = 7 }, "rate_places 7: use a whole number from 0 to 6"},
		{"small below threshold", "dfe", func(p *Profile) { p.SmallUpTo = 4 },
			"small_up_to 4 is below threshold 5; make it at least 5"},
		{"nothing small", "round5", func(p *Profile) { p.SmallUpTo = 0 }, "small_up_to 0 protects no count"},
		{"does nothing", "dfe", func(p *Profile) { p.Threshold, p.FullGroups = 0, false },
			"nothing is hidden and nothing rounded"},
		{"symbol only for zero", "round5", func(p *Profile) { p.ZerosShown = false }, "the symbol could only mean 0"},
		{"symbol only for full", "round5", func(p *Profile) { p.FullGroups = true }, "would say that everybody is meant"},
		{"average of few", "dfe", func(p *Profile) { p.MinAverage = 5 }, "min_average 5: an average of so few tells of a " +
			"count that must not be known; make it at least 6"},
		{"dominance", "dfe", func(p *Profile) { p.Dominance = 100 }, "dominance 100: use a whole number from 0 to 99"},
		{"percent", "dfe", func(p *Profile) { p.Percent = "true" }, `percent "true": use "released", "rounded" or "none"`},
		{"percent rounded to nothing", "dfe", func(p *Profile) { p.Percent = PercentRounded }, "needs a base to round to"},
		{"name", "dfe", func(p *Profile) { p.Name = "Our Rule" }, `name "Our Rule"`},
		{"no source", "dfe", func(p *Profile) { p.Source = " " }, "source is empty"},
		{"no version", "dfe", func(p *Profile) { p.Version = "" }, "version is empty"},
		{"long title", "dfe", func(p *Profile) { p.Title = strings.Repeat("a", maxProfileText+1) },
			"title is longer than 2000"},
		{"control character", "dfe", func(p *Profile) { p.Notes = "a\x1b[2J" },
			"notes holds characters that cannot be printed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mustProfile(t, c.base)
			c.change(&p)
			err := p.Validate()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestOutOfRangeIsSaidOnce: sums of numbers out of range would mean nothing.
func TestOutOfRangeIsSaidOnce(t *testing.T) {
	for _, n := range []int64{-1, unbounded, -unbounded - 1, maxProfileNumber + 1} {
		p := mustProfile(t, "nhs")
		p.Threshold, p.Base, p.Values, p.SmallUpTo, p.MinAverage = n, n, n, n, n
		pe, ok := errors.AsType[*ProfileError](p.Validate())
		if !ok || len(pe.Problems) != 5 {
			t.Errorf("%d: %v", n, pe)
		}
	}
}

func TestAdvice(t *testing.T) {
	for name, want := range map[string]int{"dfe": 0, "nhs": 1, "round5": 0, "threshold10": 0} {
		if got := mustProfile(t, name).Advice(); len(got) != want {
			t.Errorf("%s: advice %q", name, got)
		}
	}
}

// TestValidProfilesKeepTheirPromise: under a profile that is let through, every
// printed count and every symbol leave the number of values that it promises.
func TestValidProfilesKeepTheirPromise(t *testing.T) {
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		p := Profile{
			Name: "made", Version: "1", Title: "t", Source: "s", Symbol: "[c]", Percent: PercentNone,
			Threshold:  rapid.Int64Range(0, 12).Draw(t, "threshold"),
			Base:       rapid.Int64Range(0, 12).Draw(t, "base"),
			ZerosShown: rapid.Bool().Draw(t, "zeros shown"),
			Values:     rapid.Int64Range(0, 12).Draw(t, "values"),
			SmallUpTo:  12, MinAverage: 13,
		}
		if p.Validate() != nil {
			return
		}
		valid++
		shown, symbol := map[int64]int64{}, int64(0)
		for x := int64(0); x < 60; x++ {
			if p.small(x) {
				symbol++
			} else {
				shown[p.round(x)]++
			}
		}
		if p.Threshold > 0 && symbol < p.Values {
			t.Fatalf("a symbol can only be %d values", symbol)
		}
		for printed, n := range shown {
			noneShown := printed == 0 && p.Threshold > 0 && n == 1
			if p.Base > 1 && printed < 40 && !noneShown && n < p.Values {
				t.Fatalf("a printed %d can only be %d values", printed, n)
			}
		}
	})
	if valid == 0 {
		t.Error("no valid profile was drawn")
	}
}

func TestParseProfileRoundTrip(t *testing.T) {
	for _, p := range Profiles() {
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseProfile(strings.NewReader(string(data)))
		if err != nil || got != p {
			t.Errorf("%s came back as %+v, %v", p.Name, got, err)
		}
	}
}

func TestParseProfileRefuses(t *testing.T) {
	data, err := json.Marshal(mustProfile(t, "dfe"))
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	edit := func(old, new string) string {
		t.Helper()
		if strings.Count(good, old) != 1 {
			t.Fatalf("%q is not once in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", []string{"the JSON ends too early"}},
		{"half", good[:50], []string{"the JSON ends too early"}},
		{"a list", "[" + good + "]", []string{"one JSON object"}},
		{"null", "null", []string{"one JSON object"}},
		{"two", good + good, []string{"something follows after the closing brace"}},
		{"rubbish after", good + "x", []string{"something follows"}},
		{"not JSON", "{name: 1}", []string{"it is not JSON near byte"}},
		{"not UTF-8", edit(`"1"`, "\"1\xff\""), []string{"not UTF-8"}},
		{"long", good + strings.Repeat(" ", maxProfileFile), []string{"longer than 65536 bytes"}},
		{"unknown", edit(`"version"`, `"colour":1,"version"`), []string{`"colour" is no field of a profile`}},
		{"other case", edit(`"threshold"`, `"Threshold"`), []string{`"Threshold" is no field`, "threshold is missing"}},
		{"twice", edit(`"threshold":5`, `"threshold":5,"threshold":0`), []string{`"threshold" is there twice`}},
		{"missing", edit(`,"full_groups":true`, ""), []string{"full_groups is missing"}},
		{"null field", edit(`"threshold":5`, `"threshold":null`), []string{"threshold must be a whole number"}},
		{"fraction", edit(`"threshold":5`, `"threshold":5.5`), []string{"threshold must be a whole number"}},
		{"too great", edit(`"threshold":5`, `"threshold":99999999999999999999`),
			[]string{"threshold must be a whole number"}},
		{"kinds", edit(`"zeros_shown":true`, `"zeros_shown":"yes","extra":[]`),
			[]string{"zeros_shown must be true or false", `"extra" is no field`}},
		{"all at once", strings.NewReplacer(`"values":5`, `"values":9`, `"[c]"`, `"5"`).Replace(good),
			[]string{"values 9 cannot be kept", `symbol "5" could be read as a number`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParseProfile(strings.NewReader(c.input))
			if err == nil || p != (Profile{}) {
				t.Fatalf("got %+v, %v", p, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestParseProfileErrorNames(t *testing.T) {
	_, err := ParseProfile(strings.NewReader(`{"name":"mine"}`))
	pe, ok := errors.AsType[*ProfileError](err)
	if !ok || pe.Name != "mine" || len(pe.Problems) != 16 {
		t.Errorf("error %v: want the 16 other fields named as missing", err)
	}
}

func FuzzParseProfile(f *testing.F) {
	for _, p := range Profiles() {
		data, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(`{"name":"x","name":null}`)
	f.Add(strings.Repeat("[", 20000))
	f.Fuzz(func(t *testing.T, input string) {
		p, err := ParseProfile(strings.NewReader(input))
		if err != nil {
			if err.Error() == "" || p != (Profile{}) {
				t.Fatalf("refused with %q and %+v", err, p)
			}
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("read but not valid: %v", err)
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseProfile(strings.NewReader(string(data))); err != nil || again != p {
			t.Fatalf("%+v came back as %+v, %v", p, again, err)
		}
	})
}
