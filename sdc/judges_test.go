package sdc

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/sdc/internal/exact"
)

var (
	judgeTables = flag.Int("judge.tables", 50, "how many random tables the outside solvers judge")
	judgeFirst  = flag.Int("judge.first", 0, "the first of them")
)

// A trial is a release as printed, to be attacked with some knowledge by us and by
// the judges.
type trial struct {
	made    *madeRelease
	release Release
	know    Knowledge
	model   *judgeModel
	asked   []int // unknowns
	spans   map[int]judgeSpan
}

// newTrial asks for every hidden count; with all set, for every count that is not
// known exactly.
func newTrial(m *madeRelease, r Release, know Knowledge, all bool) *trial {
	return modelTrial(m, r, know, judgeRead(&r, &m.profile, know), all)
}

func modelTrial(m *madeRelease, r Release, know Knowledge, model *judgeModel, all bool) *trial {
	tr := &trial{made: m, release: r, know: know, model: model, spans: map[int]judgeSpan{}}
	for v := range tr.model.known {
		switch {
		case tr.model.known[v]:
			x := float64(tr.model.low[v])
			tr.spans[v] = judgeEnds(x, x)
		case tr.model.hidden[v] || all:
			tr.asked = append(tr.asked, v)
		}
	}
	return tr
}

// trials are attacks as K0, K1 and K2. The last two share their rows, so that the
// judges need not be asked twice.
func trials(m *madeRelease, r Release) []*trial {
	one := judgeRead(&r, &m.profile, K1)
	return []*trial{newTrial(m, r, K0, false), modelTrial(m, r, K1, one, false),
		modelTrial(m, r, K2, one.grouped(&m.profile), true)}
}

// judgeTrials has all questions of all trials answered together.
func judgeTrials(t *testing.T, tool judgeTool, trials []*trial) {
	t.Helper()
	var asks []judgeAsk
	for _, tr := range trials {
		for _, v := range tr.asked {
			asks = append(asks, judgeAsk{&tr.model.judgeProgram, v})
		}
	}
	start := time.Now()
	spans := judgeAll(t, tool, asks)
	t.Logf("%s: %d intervals of %d releases in %v", tool.name, len(spans), len(trials),
		time.Since(start).Round(time.Millisecond))
	for _, tr := range trials {
		for _, v := range tr.asked {
			tr.spans[v], spans = spans[0], spans[1:]
		}
	}
}

// TestJudgesAgree holds random tables against the outside solvers: every interval
// that Attack finds is theirs, and what Protect calls safe is safe for them.
func TestJudgesAgree(t *testing.T) {
	var naive, linear, protected []*trial
	verdicts := map[string]int{}
	for k := *judgeFirst; k < *judgeFirst+*judgeTables; k++ {
		m := makeRelease(k)
		r := m.hideNaively()
		m.showNeedless(&r)
		for _, tr := range trials(m, r) {
			naive = append(naive, tr)
			if tr.know == K1 || tr.know == K0 && m.network() {
				linear = append(linear, modelTrial(m, r, tr.know, tr.model, false).few())
			}
		}
		res, err := Protect(context.Background(), m.release, Options{Profile: m.profile})
		if err != nil {
			t.Errorf("Protect: %v\n%s", err, m.text(&m.release))
			continue
		}
		verdicts[fmt.Sprintf("%v, safe %v", m.kind, res.Safe)]++
		if res.Safe && m.keepsRules(t, &res.Released) {
			protected = append(protected, newTrial(m, res.Released, K2, true))
		}
	}
	t.Log(verdicts)
	if 2*len(protected) < *judgeTables {
		t.Errorf("only %d of %d tables were called safe: too few to judge by", len(protected), *judgeTables)
	}
	judgeTrials(t, judgeWhole, slices.Concat(naive, protected))
	judgeTrials(t, judgeLinear, linear)
	for _, tr := range slices.Concat(naive, protected) {
		tr.attack(t)
		if tr.know == K2 && len(tr.release.Tables) == 2 {
			tr.attackLater(t)
		}
		if tr.know == K1 {
			tr.branch(t, true)
		}
	}
	for _, tr := range linear {
		tr.branch(t, false)
		if tr.made.network() {
			tr.isWhole(t)
		}
	}
	for _, tr := range protected {
		tr.isSafe(t)
	}
}

// few leaves a trial at most six questions, spread over it.
func (tr *trial) few() *trial {
	every := len(tr.asked)/6 + 1
	var asked []int
	for i := 0; i < len(tr.asked); i += every {
		asked = append(asked, tr.asked[i])
	}
	tr.asked = asked
	return tr
}

// isWhole sees that Attack's intervals of a table of two dimensions are the linear
// bounds, which are whole there.
func (tr *trial) isWhole(t *testing.T) {
	t.Helper()
	a, err := Attack(context.Background(), tr.release, Options{Profile: tr.made.profile, Know: tr.know})
	if err != nil {
		t.Errorf("Attack as %v: %v\n%s", tr.know, err, tr.made.text(&tr.release))
		return
	}
	for _, j := range a.Cells {
		s, asked := tr.spans[tr.model.cell(&tr.release.Tables[j.Table], j.Cell)]
		if ours := ourSpan(j.Low, j.High); asked && ours != s {
			t.Errorf("Attack as %v: %s is %v, and glpsol says %v\n%s", tr.know, j.Label, ours, s, tr.made.text(&tr.release))
		}
	}
}

// attack compares what Attack says with the judges.
func (tr *trial) attack(t *testing.T) {
	t.Helper()
	a, err := Attack(context.Background(), tr.release, Options{Profile: tr.made.profile, Know: tr.know})
	if err != nil {
		t.Errorf("Attack as %v: %v\n%s", tr.know, err, tr.made.text(&tr.release))
		return
	}
	wrong := tr.wrong(a, &tr.release)
	wrong = append(wrong, tr.wrongDerived(a)...)
	if len(wrong) > 0 {
		t.Errorf("Attack as %v:\n  %s\n%s", tr.know, strings.Join(wrong, "\n  "), tr.made.text(&tr.release))
	}
}

// attackLater compares what Attack says of the first table when the others were
// released before: the same as when all come together.
func (tr *trial) attackLater(t *testing.T) {
	t.Helper()
	first, before := tr.release, tr.release
	first.Tables, before.Tables = tr.release.Tables[:1], tr.release.Tables[1:]
	before.Name, before.Identities = "before", nil
	ledger := &Ledger{}
	if _, err := ledger.Append(before, tr.made.profile); err != nil {
		t.Fatal(err)
	}
	a, err := Attack(context.Background(), first, Options{Profile: tr.made.profile, Ledger: ledger})
	if err != nil {
		t.Errorf("Attack with a ledger: %v\n%s", err, tr.made.text(&tr.release))
		return
	}
	if wrong := tr.wrong(a, &first); len(wrong) > 0 {
		t.Errorf("Attack with a ledger:\n  %s\n%s", strings.Join(wrong, "\n  "), tr.made.text(&tr.release))
	}
}

// system is what a trial's reader knows, without the rule on groups, in our form.
func (tr *trial) system() *exact.System {
	s := &exact.System{Lo: slices.Clone(tr.model.low), Hi: slices.Clone(tr.model.high)}
	for _, r := range tr.model.rows {
		e := exact.Equation{RHS: r.low}
		for i, v := range r.vars {
			e.Terms = append(e.Terms, exact.Term{V: v, C: r.coefs[i]})
		}
		s.Eqs = append(s.Eqs, e)
	}
	return s
}

// branch compares linear bounds, or whole ones, of our simplex with the judges'.
func (tr *trial) branch(t *testing.T, whole bool) {
	t.Helper()
	b, lp, m := exact.NewBranching(tr.system()), exact.NewSimplex(tr.system()), exact.NewMeter(context.Background(),
		DefaultBudget)
	for _, v := range tr.asked {
		var ends [2]float64
		for i, up := range []bool{false, true} {
			if whole {
				x, _, err := b.Extreme(m, v, up, exact.NoLimit(up))
				if err != nil {
					t.Fatalf("branching: %v\n%s", err, tr.made.text(&tr.release))
				}
				ends[i] = float64(x)
				continue
			}
			x, endless, err := lp.LinearExtreme(m, v, up)
			if err != nil || endless {
				t.Fatalf("linear bounds: %v, endless %v\n%s", err, endless, tr.made.text(&tr.release))
			}
			ends[i], _ = x.Float64()
		}
		if ours := judgeEnds(ends[0], ends[1]); !ours.near(tr.spans[v]) {
			t.Errorf("unknown %d (whole %v) is %v, and the judges say %v\n%s", v, whole, ours, tr.spans[v],
				tr.made.text(&tr.release))
		}
	}
}

// near says whether two spans are the same as far as 15 printed digits tell.
func (s judgeSpan) near(o judgeSpan) bool {
	return s.open == o.open && math.Abs(s.low-o.low) <= 1e-9 && math.Abs(s.high-o.high) <= 1e-9
}

// wrong says where an audit and the judges differ.
func (tr *trial) wrong(a *Audit, r *Release) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if a.Stopped {
		say("it stopped early")
	}
	at := map[[2]int]Verdict{}
	stands := !a.Stopped && len(a.Derived) == 0
	for _, j := range a.Cells {
		at[[2]int{j.Table, j.Cell}] = j
		stands = stands && j.Stands
	}
	if a.Stands != stands {
		say("it says that the release stands: %v, and of its counts: %v", a.Stands, stands)
	}
	for i := range r.Tables {
		table := &r.Tables[i]
		for c := range table.Cells {
			j, judged := at[[2]int{i, c}]
			if judged != table.Cells[c].Hidden {
				say("%s: judged %v, hidden %v", table.Label(table.Cells[c].Codes), judged, table.Cells[c].Hidden)
				continue
			}
			if !judged {
				continue
			}
			v := tr.model.cell(table, c)
			span := tr.spans[v]
			if ours := ourSpan(j.Low, j.High); ours != span {
				say("%s in %q is %v, and the judges say %v", table.Label(table.Cells[c].Codes), table.Name, ours, span)
			} else if tr.stands(v, span, r) != j.Stands {
				say("%s is %v, and it says that this stands: %v", table.Label(table.Cells[c].Codes), span, j.Stands)
			}
			truth := float64(tr.made.release.Tables[i].Cells[c].Count)
			if truth < span.low || !span.open && truth > span.high {
				say("%s is %v, and its true count %g is not in it", table.Label(table.Cells[c].Codes), span, truth)
			}
		}
	}
	return wrong
}

// stands is the rule of protection: a hidden count can be as many numbers as the
// profile asks, and when it can be small, as small as anything hidden; and it is
// not printed in another table of the same release, be it rounded.
func (tr *trial) stands(v int, s judgeSpan, r *Release) bool {
	for i := range r.Tables {
		for c := range r.Tables[i].Cells {
			if !r.Tables[i].Cells[c].Hidden && tr.model.cell(&r.Tables[i], c) == v {
				return false
			}
		}
	}
	p := &tr.made.profile
	wide := s.open || s.high-s.low >= float64(p.Values-1)
	return wide && (s.low > float64(p.Threshold) || s.low <= float64(tr.model.least[v]))
}

// wrongDerived compares the counts that are not printed, or only rounded, and can
// be worked out too closely.
func (tr *trial) wrongDerived(a *Audit) []string {
	if tr.know != K2 {
		return nil
	}
	want, got := tr.derived(), derivedSpans(a)
	if !slices.Equal(want, got) {
		return []string{fmt.Sprintf("unprinted counts known too closely are %v, and the judges say %v", got, want)}
	}
	return nil
}

// derived gives the spans of such counts, sorted.
func (tr *trial) derived() []string {
	p := &tr.made.profile
	var spans []string
	for v, s := range tr.spans {
		narrow := !s.open && s.high-s.low < float64(p.Values-1)
		small := s.low <= float64(max(p.SmallUpTo, p.Threshold)) && s.high >= 1
		if narrow && small && !tr.model.hidden[v] && !tr.model.known[v] {
			spans = append(spans, s.String())
		}
	}
	slices.Sort(spans)
	return spans
}

func derivedSpans(a *Audit) []string {
	var spans []string
	for _, j := range a.Derived {
		spans = append(spans, ourSpan(j.Low, j.High).String())
	}
	slices.Sort(spans)
	return spans
}

func ourSpan(low, high int64) judgeSpan {
	if high == Unlimited {
		return judgeEnds(float64(low), judgeCap)
	}
	return judgeEnds(float64(low), float64(high))
}

// isSafe sees, with the judges' intervals and the true counts, that a release is
// what Protect says.
func (tr *trial) isSafe(t *testing.T) {
	t.Helper()
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	p := &tr.made.profile
	for i := range tr.release.Tables {
		table := &tr.release.Tables[i]
		for c := range table.Cells {
			if !table.Cells[c].Hidden {
				continue
			}
			v := tr.model.cell(table, c)
			s, truth := tr.spans[v], tr.made.release.Tables[i].Cells[c].Count
			name := table.Label(table.Cells[c].Codes)
			if !s.open && s.high-s.low < float64(p.Values-1) {
				say("%s is %v, fewer than %d numbers", name, s, p.Values)
			}
			if least := tr.model.least[v]; truth <= p.Threshold && s.low > float64(least) {
				say("%s is %v and truly %d, and could be %d", name, s, truth, least)
			}
		}
	}
	if a, err := Attack(context.Background(), tr.release, Options{Profile: *p}); err != nil || !a.Stands {
		say("Attack says that what Protect made does not stand: %v", err)
	}
	if len(wrong) > 0 {
		t.Errorf("not safe:\n  %s\n%s", strings.Join(wrong, "\n  "), tr.made.text(&tr.release))
	}
}

// keepsRules sees that a protected release is the true one with symbols: nothing
// small shown, shown counts true or truly rounded, no zero hidden where zeros are
// shown, and no true count left behind a symbol.
func (m *madeRelease) keepsRules(t *testing.T, r *Release) bool {
	t.Helper()
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if len(r.Tables) != len(m.release.Tables) {
		t.Errorf("%d tables came out of %d\n%s", len(r.Tables), len(m.release.Tables), m.text(&m.release))
		return false
	}
	for i := range r.Tables {
		before, after := &m.release.Tables[i], &r.Tables[i]
		if len(after.Cells) != len(before.Cells) {
			say("%d rows came out of %d", len(after.Cells), len(before.Cells))
			continue
		}
		for c, cell := range after.Cells {
			truth, name := before.Cells[c].Count, after.Label(cell.Codes)
			switch {
			case fmt.Sprint(cell.Codes) != fmt.Sprint(before.Cells[c].Codes):
				say("row %d is now %v", c, cell.Codes)
			case cell.Hidden && cell.Count != 0:
				say("behind the symbol of %s stands %d", name, cell.Count)
			case cell.Hidden && truth == 0 && !m.primary(before, c):
				say("the zero of %s is hidden", name)
			case !cell.Hidden && m.primary(before, c) && !emptyGroup(before, c):
				say("the small count of %s is shown", name)
			case !cell.Hidden && cell.Count != m.rounded(truth):
				say("%s is truly %d and printed %d", name, truth, cell.Count)
			}
		}
	}
	if len(wrong) > 0 {
		t.Errorf("Protect breaks a rule:\n  %s\n%s", strings.Join(wrong, "\n  "), m.text(r))
	}
	return len(wrong) == 0
}

// emptyGroup says whether a cell is of a group of nobody in a sensitive dimension,
// whose zeros tell nothing.
func emptyGroup(t *Table, c int) bool {
	for _, other := range t.Cells {
		same := other.Count == 0
		for d, code := range other.Codes {
			same = same && (code == t.Cells[c].Codes[d] && !t.Dimensions[d].Sensitive || code == Total &&
				t.Dimensions[d].Sensitive)
		}
		if same {
			return true
		}
	}
	return false
}

// rounded is a true count as it should be printed.
func (m *madeRelease) rounded(x int64) int64 {
	if m.profile.Base <= 1 {
		return x
	}
	return (2*x + m.profile.Base) / (2 * m.profile.Base) * m.profile.Base
}

// text is a release as CSV, with its seed.
func (m *madeRelease) text(r *Release) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d (%v), threshold %d, zeros shown %v, base %d\n", m.seed, m.kind,
		m.profile.Threshold, m.profile.ZerosShown, m.profile.Base)
	for i, t := range r.Tables {
		fmt.Fprintf(&b, "# %s\n", t.Name)
		for _, d := range t.Dimensions {
			fmt.Fprintf(&b, "%s,", d.Name)
		}
		b.WriteString("count,true\n")
		for c, cell := range t.Cells {
			for d, code := range cell.Codes {
				if p := t.Dimensions[d].Parent[code]; p != "" {
					code = p + "/" + code
				}
				b.WriteString(code + ",")
			}
			count := fmt.Sprint(cell.Count)
			if cell.Hidden {
				count = "[c]"
			}
			fmt.Fprintf(&b, "%s,%d\n", count, m.release.Tables[i].Cells[c].Count)
		}
	}
	return b.String()
}
