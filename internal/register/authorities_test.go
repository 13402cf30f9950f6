package register

import (
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/period"
)

func codesOf(list []Authority) string {
	var out []string
	for _, a := range list {
		out = append(out, a.Code)
	}
	return strings.Join(out, " ")
}

func TestAuthorities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, name, kind, after, within string }{
		{"E08000015", "Wirral", "metropolitan", "", ""},
		{"E09000001", "City of London", "london", "", ""},
		{"E10000008", "Devon", "county", "", ""},
		{"E07000040", "East Devon", "district", "", "E10000008"},
		{"E10000006", "Cumbria", "county", "E06000063 E06000064", ""},
		{"E08000016", "Barnsley", "metropolitan", "E08000038", ""},
	} {
		a, ok := AuthorityByCode(c.code)
		if !ok || a.Name != c.name || a.Kind != c.kind || a.Within != c.within || codesOf(SuccessorsOf(c.code)) != c.after ||
			a.Ended() != (c.after != "") || a.UpperTier() != (c.kind != "district") {
			t.Errorf("%s: %+v", c.code, a)
		}
	}
	for name, code := range map[string]string{
		"  east  SUSSEX": "E10000011", "Barnsley": "E08000038", "Cumbria": "E10000006",
		"Somerset": "E06000066", "Tidewell": ""} {
		if a, ok := AuthorityByName(name); a.Code != code || ok != (code != "") {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if _, ok := AuthorityByCode("E08990001"); ok {
		t.Error("an invented code is known")
	}
	if SuccessorsOf("E99999999") != nil || DistrictsOf("") != nil || DistrictsOf("E08000015") != nil {
		t.Error("what is not known has districts or successors")
	}
	if got := codesOf(DistrictsOf("E10000011")); got != "E07000061 E07000062 E07000063 E07000064 E07000065" {
		t.Errorf("the districts of East Sussex: %s", got)
	}
	// The Department for Education publishes for 153 authorities since April 2023.
	all := UpperTierAuthorities()
	if len(all) != 153 || !slices.IsSortedFunc(all, func(a, b Authority) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d authorities have children's services: %s", len(all), codesOf(all))
	}
	for _, a := range authorities() {
		for _, code := range a.Successors {
			next, ok := AuthorityByCode(code)
			if !ok || !a.To.IsZero() && !next.From.IsZero() && a.To.AddDays(1) != next.From && next.Kind != "district" &&
				a.Kind != "district" {
				t.Errorf("%s becomes %s: %+v", a.Code, code, next)
			}
		}
		if a.Ended() && a.UpperTier() && a.To.IsZero() {
			t.Errorf("%s ended, and no day says when", a.Code)
		}
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	tidewell := []Covered{{Code: "E08000015", Name: "Tidewell"}}
	two := []Covered{{Code: "E10000008", Name: "Devon"}, {Code: "E06000026", Name: "Plymouth"},
		{Code: "E07000040", Name: "East Devon", Inside: true}}
	const how = "; if the files are of an authority that it covers as well, add that first in the workspace, under " +
		"People and organisations, Authorities and areas"
	split := []Covered{{Code: "E10000006", Name: "Cumbria"}, {Code: "E06000063", Name: "Cumberland"}}
	made := []Covered{{Code: "E08990001", Name: "Tidewell"},
		{Code: "E08990009", Name: "Old Tidewell", Ended: period.MustDate("2020-03-31"), Successors: []string{"Tidewell"}}}
	for _, c := range []struct {
		name string
		in   Coverage
		code string
		year period.Year
		want string
	}{
		{"covered", Coverage{Covered: tidewell}, "E08000015", 2023, ""},
		{"known, not covered", Coverage{Covered: tidewell}, "E08000012", 2023,
			"E08000012 is Liverpool, which the partnership does not cover. The partnership covers Tidewell (E08000015)" + how},
		{"not known", Coverage{Covered: tidewell}, "E08990001", 2023,
			"E08990001 is not the code of an English authority with children’s services. The partnership covers " +
				"Tidewell (E08000015)"},
		{"no code", Coverage{Any: true}, "Wirral", 2023,
			`"Wirral" is not a code of an authority: those are a letter and eight digits, such as E08000015`},
		{"one of several", Coverage{Covered: two}, "E08000012", 2023, "E08000012 is Liverpool, which the partnership does " +
			"not cover. The partnership covers Devon (E10000008) and Plymouth (E06000026)" + how},
		{"a district that is covered", Coverage{Covered: two}, "E07000040", 0, "East Devon (E07000040) is a district, and " +
			"no return is of a district: its children are in the returns of Devon (E10000008)"},
		{"ended", Coverage{Covered: split}, "E10000006", 2023, "Cumbria (E10000006) ended on 31 March 2023 and has no return " +
			"of 2023-24; what came after it is Cumberland (E06000063) and Westmorland and Furness (E06000064)"},
		{"ended, of a year before", Coverage{Covered: split}, "E10000006", 2022, ""},
		{"ended, of a year not known yet", Coverage{Covered: split}, "E10000006", 0, ""},
		{"no partnership", Coverage{Any: true}, "E08000012", 2023, ""},
		{"no partnership, ended", Coverage{Any: true}, "E08000016", 2025, "Barnsley (E08000016) ended on 31 March 2025 and " +
			"has no return of 2025-26; what came after it is Barnsley (E08000038)"},
		{"no partnership, invented", Coverage{Any: true}, "E08990001", 2023,
			"E08990001 is not the code of an English authority with children’s services"},
		{"none yet", Coverage{}, "E08000012", 2023, ""},
		{"none yet, invented", Coverage{}, "E08990001", 2023,
			"E08990001 is not the code of an English authority with children’s services"},
		{"a demonstration", Coverage{Demo: true, Covered: made}, "E08990001", 2023, ""},
		{"a demonstration of another place", Coverage{Demo: true, Covered: made[:1]}, "E08990002", 2023,
			"E08990002 is an invented code, which the partnership does not cover. The partnership covers " +
				"Tidewell (E08990001)" + how},
		{"ended, as the partnership says", Coverage{Demo: true, Covered: made}, "E08990009", 2023,
			"Old Tidewell (E08990009) ended on 31 March 2020 and has no return of 2023-24; what came after it is Tidewell"},
	} {
		if got := c.in.Refusal(c.code, c.year); got != c.want {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
	if got := (Coverage{Covered: tidewell}).Sole(); got != "E08000015" {
		t.Errorf("the one authority is %q", got)
	}
	if got := (Coverage{Covered: two}).Sole(); got != "" {
		t.Errorf("of two, the one is %q", got)
	}
	county := Coverage{Covered: append(slices.Clone(two[:1]), two[2])}
	if got := county.Sole(); got != "E10000008" || county.None() {
		t.Errorf("a county with a district has the one authority %q", got)
	}
	if !(Coverage{}).None() || (Coverage{Any: true}).None() {
		t.Error("only a partnership without an authority has none")
	}
}
