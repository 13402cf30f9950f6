package sdc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kith/sdc/internal/exact"
)

var judgeWrite = flag.Bool("judge.write", false, "write testdata/answers.jsonl anew, as the outside solvers judge it")

const answersFile = "testdata/answers.jsonl"

// An answer is an attacked release with the intervals that two outside solvers
// agree on: one line of answers.jsonl.
type answer struct {
	About string   `json:"about"`
	Seed  int      `json:"seed"`
	Know  string   `json:"know"`
	Rule  ruleLine `json:"rule"`
	// Later says that the first table comes after the others, which are in a ledger.
	Later      bool        `json:"later,omitempty"`
	Tables     []tableLine `json:"tables"`
	Identities []Identity  `json:"identities,omitempty"`
	// Derived are the intervals of counts that are not printed, or only rounded, and
	// can be worked out too closely; as K2 alone.
	Derived []string `json:"derived,omitempty"`
}

type ruleLine struct {
	Threshold, Base, Values, Small int64
	ZerosShown                     bool
}

type tableLine struct {
	Population string
	Dimensions []Dimension
	// Rows are the codes and the printed count, parted by "; ". A hidden count is
	// followed by its interval, and "falls" when that is too close.
	Rows []string
}

// profile gives the profile of an answer.
func (l ruleLine) profile() Profile {
	p, err := ProfileNamed("dfe")
	if l.Base > 1 {
		p, err = ProfileNamed("nhs")
	}
	if err != nil {
		panic(err)
	}
	p.Threshold, p.Base, p.Values, p.SmallUpTo, p.ZerosShown = l.Threshold, l.Base, l.Values, l.Small, l.ZerosShown
	p.MinContributors, p.FullGroups = 0, false
	return p
}

// table reads the rows of a table, and the answers to its hidden cells.
func (l *tableLine) table(t *testing.T) (Table, []string) {
	t.Helper()
	table := Table{Name: l.Population, Population: l.Population, Dimensions: l.Dimensions}
	want := make([]string, len(l.Rows))
	for i, row := range l.Rows {
		f := strings.Split(row, "; ")
		n := len(l.Dimensions)
		cell := Cell{Codes: f[:n]}
		if f[n] == "[c]" {
			cell.Hidden, want[i] = true, strings.Join(f[n+1:], " ")
		} else {
			count, err := strconv.ParseInt(f[n], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			cell.Count = count
		}
		table.Cells = append(table.Cells, cell)
	}
	return table, want
}

// TestAnswers attacks the kept releases, whose intervals outside solvers agree on.
// It needs no outside solver itself.
func TestAnswers(t *testing.T) {
	if *judgeWrite {
		writeAnswers(t)
	}
	text, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	n := 0
	for ; lines.Scan(); n++ {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		t.Run(fmt.Sprintf("%d %s", n+1, a.About), a.check)
	}
	if n < 100 {
		t.Errorf("%s has %d answers; there were 100 and more", answersFile, n)
	}
}

func (a *answer) check(t *testing.T) {
	know, err := ParseKnowledge(a.Know)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Profile: a.Rule.profile(), Know: know}
	r := Release{Name: "now", Identities: a.Identities}
	var want [][]string
	for i := range a.Tables {
		table, answers := a.Tables[i].table(t)
		r.Tables, want = append(r.Tables, table), append(want, answers)
	}
	if a.Later {
		o.Know, o.Ledger = Usual, &Ledger{}
		if _, err := o.Ledger.Append(Release{Name: "before", Tables: r.Tables[1:]}, o.Profile); err != nil {
			t.Fatal(err)
		}
		r.Tables, want = r.Tables[:1], want[:1]
	}
	audit, err := Attack(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	if audit.Stopped {
		t.Fatal("it stopped early")
	}
	for _, j := range audit.Cells {
		got := ourSpan(j.Low, j.High).String()
		if !j.Stands {
			got += " falls"
		}
		if w := want[j.Table][j.Cell]; got != w {
			t.Errorf("%s is %s, want %s", j.Label, got, w)
		}
		want[j.Table][j.Cell] = ""
	}
	for i := range want {
		for c, w := range want[i] {
			if w != "" {
				t.Errorf("%s has no interval, want %s", r.Tables[i].Label(r.Tables[i].Cells[c].Codes), w)
			}
		}
	}
	if got := derivedSpans(audit); know == K2 && !a.Later && !slices.Equal(got, a.Derived) {
		t.Errorf("unprinted counts known too closely are %v, want %v", got, a.Derived)
	}
}

// writeAnswers picks small releases that differ in what they try, and keeps those
// on which both outside solvers agree.
func writeAnswers(t *testing.T) {
	var pool []*trial
	for k := 100_000; k < 100_000+*judgeTables; k++ {
		m := makeRelease(k)
		r := m.hideNaively()
		m.showNeedless(&r)
		for _, tr := range trials(m, r) {
			if tr.handy() && (k < 100_060 || tr.promising()) {
				pool = append(pool, tr)
			}
		}
	}
	judgeTrials(t, judgeWhole, pool)
	linear := make([]*trial, len(pool))
	for i, tr := range pool {
		linear[i] = tr.again()
	}
	judgeTrials(t, judgeLinear, linear)
	var out bytes.Buffer
	had := map[string]int{}
	var kept []*trial
	var about []string
	for i, tr := range pool {
		features := tr.features(linear[i])
		if wanted(had, features) {
			kept, about = append(kept, tr), append(about, strings.Join(features, ", "))
		}
	}
	second := make([]*trial, len(kept))
	for i, tr := range kept {
		second[i] = tr.again()
	}
	judgeTrials(t, judgeSecond, second)
	for i, tr := range kept {
		for v, s := range tr.spans {
			if s != second[i].spans[v] {
				t.Fatalf("the judges do not agree: cbc says %v and glpsol %v\n%s", s, second[i].spans[v], tr.made.text(&tr.release))
			}
		}
		for _, a := range tr.answers(about[i]) {
			line, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
	}
	if err := os.WriteFile(answersFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d answers: %v", len(kept), had)
}

// handy says whether a trial is small enough to keep and has something to find.
func (tr *trial) handy() bool {
	cells, hidden := 0, 0
	for _, table := range tr.release.Tables {
		cells += len(table.Cells)
		for _, c := range table.Cells {
			if c.Hidden {
				hidden++
			}
		}
	}
	most := 45
	switch tr.made.kind {
	case kindFlow, kindTrees, kindTreeCube, kindGrouped, kindEarlier:
		most = 75
	}
	return cells <= most && hidden >= 2
}

// promising guesses, by our own means, that a trial is one of the rarer ones: whole
// bounds differ from linear ones, or the rule on groups from none.
func (tr *trial) promising() bool {
	if tr.know == K2 {
		a, err := Attack(context.Background(), tr.release, Options{Profile: tr.made.profile, Know: K2})
		return err == nil && len(a.Derived) > 0 && tr.made.kind == kindMissing || tr.groupNarrows(tr.ours(K2))
	}
	if tr.know == K0 || tr.made.network() {
		return false
	}
	whole, linear := exact.NewBranching(tr.system()), exact.NewSimplex(tr.system())
	m := exact.NewMeter(context.Background(), DefaultBudget)
	for _, v := range tr.asked {
		for _, up := range []bool{false, true} {
			x, _, err := whole.Extreme(m, v, up, exact.NoLimit(up))
			y, _, err2 := linear.LinearExtreme(m, v, up)
			if err != nil || err2 != nil || y == nil {
				continue
			}
			if f, _ := y.Float64(); up && math.Floor(f) > float64(x) || !up && math.Ceil(f) < float64(x) {
				return true
			}
		}
	}
	return false
}

// ours are the intervals that Attack finds, by unknown.
func (tr *trial) ours(know Knowledge) map[int]judgeSpan {
	spans := map[int]judgeSpan{}
	a, err := Attack(context.Background(), tr.release, Options{Profile: tr.made.profile, Know: know})
	if err != nil {
		return spans
	}
	for _, j := range a.Cells {
		spans[tr.model.cell(&tr.release.Tables[j.Table], j.Cell)] = ourSpan(j.Low, j.High)
	}
	return spans
}

// again asks the same questions.
func (tr *trial) again() *trial {
	return &trial{made: tr.made, release: tr.release, know: tr.know, model: tr.model,
		asked: tr.asked, spans: tr.unasked()}
}

// unasked are the spans that are known without the judges.
func (tr *trial) unasked() map[int]judgeSpan {
	out := map[int]judgeSpan{}
	for v, s := range tr.spans {
		if !slices.Contains(tr.asked, v) {
			out[v] = s
		}
	}
	return out
}

// features names what a trial tries.
func (tr *trial) features(linear *trial) []string {
	p := &tr.made.profile
	f := []string{fmt.Sprintf("%v %v", tr.made.kind, tr.know)}
	add := func(is bool, words string) {
		if is {
			f = append(f, words)
		}
	}
	fraction, tighter, open, total, low := false, false, false, false, false
	for _, v := range tr.asked {
		s := tr.spans[v]
		// The rule on groups is not linear, so that its linear bounds tell nothing.
		if l := linear.spans[v]; tr.know != K2 {
			fraction = fraction || s != l
			tighter = tighter || math.Ceil(l.low) < s.low || math.Floor(l.high) > s.high
		}
		open = open || s.open
		total = total || tr.model.hidden[v] && tr.model.least[v] > tr.model.floor[v]
		low = low || tr.model.hidden[v] && s.low > 1 && s.low <= float64(p.Threshold)
	}
	add(tighter, "whole bounds tighter")
	add(fraction && !tighter, "linear bounds broken")
	add(tr.know == K2 && tr.groupNarrows(tr.spans), "group rule narrows")
	add(total, "hidden total")
	add(open, "no upper end")
	add(low, "small ones left out")
	add(!p.ZerosShown, "zeros hidden")
	add(p.Base > 1, "rounded")
	add(tr.model.special, "sensitive")
	add(tr.know == K2 && len(tr.derived()) > 0, "unprinted known")
	return f
}

// groupNarrows says whether the interval of a hidden count is closer than for a
// reader without the rule on groups, as far as Attack is right about that reader.
func (tr *trial) groupNarrows(spans map[int]judgeSpan) bool {
	for v, s := range tr.ours(K1) {
		if s != spans[v] {
			return true
		}
	}
	return false
}

// wanted takes a trial when it has something of which there are few so far.
func wanted(had map[string]int, features []string) bool {
	most := 0
	for i, f := range features {
		limit := 3 // of each kind and knowledge
		if i > 0 {
			limit = 8
		}
		if f == "whole bounds tighter" || f == "group rule narrows" {
			limit = 20
		}
		if had[f] < limit {
			most++
		}
	}
	if most == 0 {
		return false
	}
	for _, f := range features {
		had[f]++
	}
	return true
}

// answers are a trial as one line, or two when its second table may also have been
// released before the first.
func (tr *trial) answers(about string) []answer {
	all := tr.line(about, &tr.release)
	if tr.know != K2 || len(tr.release.Tables) != 2 {
		return []answer{all}
	}
	first := tr.release
	first.Tables = first.Tables[:1]
	later := tr.line(about+", with a ledger", &first)
	later.Later, later.Derived = true, nil
	return []answer{all, later}
}

// line is a trial as a line, in which the tables of r are what is judged.
func (tr *trial) line(about string, r *Release) answer {
	p := &tr.made.profile
	a := answer{About: about, Seed: tr.made.seed, Know: tr.know.String(), Identities: tr.release.Identities,
		Rule: ruleLine{p.Threshold, p.Base, p.Values, p.SmallUpTo, p.ZerosShown}}
	for i := range tr.release.Tables {
		t := &tr.release.Tables[i]
		line := tableLine{Population: t.Population, Dimensions: t.Dimensions}
		for c, cell := range t.Cells {
			row := append(slices.Clone(cell.Codes), strconv.FormatInt(cell.Count, 10))
			if cell.Hidden {
				v := tr.model.cell(t, c)
				row[len(row)-1] = "[c]"
				row = append(row, tr.spans[v].String())
				if !tr.stands(v, tr.spans[v], r) {
					row = append(row, "falls")
				}
			}
			line.Rows = append(line.Rows, strings.Join(row, "; "))
		}
		a.Tables = append(a.Tables, line)
	}
	if tr.know == K2 {
		a.Derived = tr.derived()
	}
	return a
}
