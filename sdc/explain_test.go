package sdc

import (
	"slices"
	"strings"
	"testing"
)

// areaBySex has one small count: 3 girls in A.
func areaBySex(t *testing.T) Release {
	return Release{Tables: []Table{rowsAndColumns(t, "area", "sex", `
		      boys girls Total
		A      11     3    14
		B      18    14    32
		C       9    12    21
		D      21    16    37
		Total  59    45   104`)}}
}

func TestDecisionWords(t *testing.T) {
	p := mustProfile(t, "dfe")
	for _, c := range []struct {
		d    Decision
		want string
	}{
		{Decision{}, ""},
		{Decision{Hidden: true, Rule: RuleSmall}, "it is small: 1 to 5"},
		{Decision{Hidden: true, Rule: RuleFull}, "it says that everybody in the group is in this category"},
		{Decision{Hidden: true, Already: true}, "was hidden already"},
		{Decision{Hidden: true}, "hidden so that others cannot be worked out from totals"},
		{Decision{Hidden: true, Protects: []string{"age 0-4"}}, "hidden to protect age 0-4"},
		{Decision{Hidden: true, Protects: []string{"a", "b", "c"}}, "hidden to protect a; b; c"},
		{Decision{Hidden: true, Protects: []string{"a", "b", "c", "d", "e"}}, "hidden to protect a; b; c and 2 more"},
		{Decision{Rule: RuleSmall}, "shown because it must be, though it is small: 1 to 5"},
	} {
		if got := c.d.Words(p); got != c.want {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
}

// TestSecondariesSayWhat: each of three secondaries protects the one small count.
func TestSecondariesSayWhat(t *testing.T) {
	p := mustProfile(t, "dfe")
	r := areaBySex(t)
	res := protected(t, Options{Profile: p}, r)
	said := map[string]int{}
	for i, d := range res.Decisions[0] {
		if d.Hidden != res.Released.Tables[0].Cells[i].Hidden {
			t.Errorf("%v: the decision says hidden %v", r.Tables[0].Cells[i].Codes, d.Hidden)
		}
		said[d.Words(p)]++
	}
	if said["it is small: 1 to 5"] != 1 || said["hidden to protect area A, sex girls"] != 3 || len(said) != 3 {
		t.Errorf("it says %v", said)
	}
}

func TestReaderStatement(t *testing.T) {
	hidden := "%s also stands for some greater counts, so that a hidden one cannot be worked out from the totals."
	plain := Release{Tables: []Table{oneColumn(t, "age", "0-4 20\n5-9 30\nTotal 50")}}
	harm := areaBySex(t)
	harm.Tables[0].Dimensions[1].Sensitive = true
	for _, c := range []struct {
		profile string
		r       Release
		want    []string
	}{
		{"dfe", plain, []string{"0 means none."}},
		{"dfe", areaBySex(t), []string{
			"[c] stands for a count from 1 to 5, which is not shown so that nobody can be recognised.",
			strings.ReplaceAll(hidden, "%s", "[c]"), "0 means none."}},
		{"dfe", harm, []string{
			"[c] stands for a count of 5 or fewer, which is not shown so that nobody can be recognised.",
			strings.ReplaceAll(hidden, "%s", "[c]")}},
		{"nhs", areaBySex(t), []string{
			"* stands for a count from 1 to 7, which is not shown so that nobody can be recognised.",
			strings.ReplaceAll(hidden, "%s", "*"), "0 means none.",
			"Counts are rounded to the nearest 5, so totals may differ from the sum of their parts."}},
		{"round5", plain, []string{
			"Counts are rounded to the nearest 5, so totals may differ from the sum of their parts."}},
		{"threshold10", plain, []string{"All counts are shown in full."}},
		{"threshold10", areaBySex(t), []string{
			"[c] stands for a count of 9 or fewer, which is not shown so that nobody can be recognised.",
			strings.ReplaceAll(hidden, "%s", "[c]")}},
	} {
		res := protected(t, Options{Profile: mustProfile(t, c.profile)}, c.r)
		if got, want := res.ReaderStatement(), strings.Join(c.want, " "); got != want {
			t.Errorf("%s: %q, want %q", c.profile, got, want)
		}
	}
}

func TestPublisherStatement(t *testing.T) {
	p := mustProfile(t, "dfe")
	res := protected(t, Options{Profile: p}, areaBySex(t))
	want := "Rule: dfe, version 1. " + p.Title + "\n" +
		"4 of 15 counts are hidden.\n" +
		"Verdict against a reader who knows the rule for hiding: the threshold, and that nothing is hidden without need.\n" +
		"Every hidden count could be at least 13 different whole numbers; the rule asks for 5.\n"
	if got := res.PublisherStatement(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	kept := areaBySex(t)
	for i := range kept.Tables[0].Cells {
		kept.Tables[0].Cells[i].Keep = kept.Tables[0].Cells[i].Count > 5
	}
	res = protected(t, Options{Profile: p}, kept)
	if got := res.PublisherStatement(); !strings.Contains(got, "It does not stand: area A, sex girls must be 3.") {
		t.Errorf("%q does not say what can be worked out", got)
	}
	res = protected(t, Options{Profile: p, Budget: 10}, areaBySex(t))
	if got := res.PublisherStatement(); res.Safe || !strings.Contains(got,
		"stopped before every hidden count was judged") {
		t.Errorf("safe %v: %q does not say that it was stopped", res.Safe, got)
	}
}

// TestStatementsTellNothing: of two sets of true counts that are printed the same,
// one small where the other is not, everything that goes with the table is the same.
func TestStatementsTellNothing(t *testing.T) {
	o := Options{Profile: mustProfile(t, "dfe")}
	block := func(text string) *Result {
		return protected(t, o, Release{Tables: []Table{rowsAndColumns(t, "area", "sex", text)}})
	}
	one := block(`
		       boys girls Total
		A         7     3    10
		B         3     7    10
		C        70    80   150
		Total    80    90   170`)
	other := block(`
		       boys girls Total
		A         5     5    10
		B         5     5    10
		C        70    80   150
		Total    80    90   170`)
	if !one.Safe || !other.Safe {
		t.Fatal("they are not safe")
	}
	if a, b := cells(&one.Released.Tables[0]), cells(&other.Released.Tables[0]); a != b {
		t.Fatalf("they are not printed the same:\n%s\n%s", a, b)
	}
	if one.ReaderStatement() != other.ReaderStatement() || one.PublisherStatement() != other.PublisherStatement() {
		t.Errorf("the statements differ:\n%s\n%s", one.PublisherStatement(), other.PublisherStatement())
	}
	if a, b := auditText(t, one.Audit), auditText(t, other.Audit); a != b {
		t.Errorf("the audits differ:\n%s\n%s", a, b)
	}
}

// TestStatementsNameNothing: no statement that goes with a safe table names a cell
// or its count.
func TestStatementsNameNothing(t *testing.T) {
	p := mustProfile(t, "dfe")
	p.Title = "The rule of the house."
	r := areaBySex(t)
	r.Tables[0].Cells[1].Count, r.Tables[0].Cells[2].Count, r.Tables[0].Cells[0].Count = 3, 1003, 1000
	r.Tables[0].Cells[13].Count, r.Tables[0].Cells[14].Count, r.Tables[0].Cells[12].Count = 45, 1093, 1048
	res := protected(t, Options{Profile: p}, r)
	if !res.Safe {
		t.Fatal("it is not safe")
	}
	for _, words := range []string{res.ReaderStatement(), res.PublisherStatement()} {
		for _, word := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(" .,:;\n", r) }) {
			if slices.Contains([]string{"3", "1000", "girls", "boys", "A", "1048"}, word) {
				t.Errorf("%q has %q", words, word)
			}
		}
	}
}

func TestJudgedWords(t *testing.T) {
	for _, c := range []struct {
		j    Verdict
		want string
	}{
		{Verdict{Label: "age 0-4", Low: 3, High: 3}, "age 0-4 must be 3"},
		{Verdict{Label: "age 0-4", Low: 3, High: 5}, "age 0-4 must be from 3 to 5"},
		{Verdict{Label: "the grand total", Low: 3, High: Unlimited}, "the grand total must be 3 or more"},
	} {
		if got := c.j.Words(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestFaultsAreFew: a long list of faults is cut.
func TestFaultsAreFew(t *testing.T) {
	bad := Verdict{Label: "x", Low: 1, High: 1}
	a := Audit{Cells: []Verdict{bad, {Stands: true}, bad}, Derived: []Verdict{bad}}
	if got := strings.Join(a.faults(2), "; "); got != "x must be 1; x must be 1; and others" {
		t.Error(got)
	}
	if got := len(a.faults(3)); got != 3 {
		t.Errorf("%d faults of 3", got)
	}
	if got := strings.Join((&Audit{}).faults(2), "; "); got != "a small count must be shown" {
		t.Error(got)
	}
}
