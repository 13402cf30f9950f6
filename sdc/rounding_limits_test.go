package sdc

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kith/sdc/internal/exact"
)

// Where the exact search would take too long, what is found instead still adds up,
// and is not far from the nearest.
func TestRoundNudged(t *testing.T) {
	for k := range 12 {
		rng := rand.New(rand.NewPCG(uint64(k), 19))
		sizes := [][]int{{5, 4, 3}, {9, 7}, {4, 3, 2}}[k%3]
		base := []int64{3, 5, 10}[rng.IntN(3)]
		r := oneTable(newWorld(rng, sizes...), make([]map[string]string, len(sizes))...)
		o := roundOptions(t, base)
		p, err := newProblem(&r, &o.Profile, nil, true)
		if err != nil {
			t.Fatal(err)
		}
		x := &rounder{p: p, base: base, distance: base, times: make([]int64, len(p.q))}
		if err := x.nudge(o.meter(context.Background())); err != nil {
			t.Fatalf("table %d: %v", k, err)
		}
		res := &Rounding{Base: base, Distance: base}
		x.release(res, &r)
		if err := res.judge(o.meter(context.Background()), &o, p.partly); err != nil {
			t.Fatalf("table %d: %v", k, err)
		}
		checkRounded(t, &r, res)
		best := round(t, r, base, o)
		a, b := moved(&r, &res.Released), moved(&r, &best.Released)
		if x.nearest || !best.Nearest || a < b || 5*a > 6*b {
			t.Errorf("table %d: moved by %d, and the nearest by %d", k, a, b)
		}
	}
}

// A budget that is too small for the nearest rounding still gives a safe one.
func TestRoundWithLittle(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(4, 4)), 8, 6, 5), nil, nil, nil)
	o := roundOptions(t, 5)
	o.Budget = 40_000_000
	res := round(t, r, 5, o)
	checkRounded(t, &r, res)
	if !res.Safe || res.Nearest || res.Stopped || res.Distance != 5 {
		t.Errorf("safe %v, nearest %v, stopped %v, distance %d: %s", res.Safe, res.Nearest, res.Stopped, res.Distance,
			res.Words)
	}
}

func TestRoundSmallBaseIsNotSafe(t *testing.T) {
	r := oneTable(fixedWorld([]int{2, 2}, 1, 3, 4, 2), nil, nil)
	res := round(t, r, 3, roundOptions(t, 5))
	if res.Safe || res.Stopped || res.Audit.Stands {
		t.Error("a printed 0 of base 3 is at most 2, and the profile asks for 5 numbers")
	}
	if !strings.Contains(res.Words, "0 to 2") || !strings.Contains(res.Words, "greater base") {
		t.Errorf("the publisher is told %q", res.Words)
	}
}

func TestRoundStops(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 6, 5, 4), nil, nil, nil)
	o := roundOptions(t, 5)
	stopped := func(res *Rounding, err error, when string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !res.Stopped || res.Safe || !strings.Contains(res.Words, "stopped") {
			t.Errorf("%s: stopped %v, safe %v: %s", when, res.Stopped, res.Safe, res.Words)
		}
	}
	for _, budget := range []int64{1, 100, 10_000} {
		o.Budget = budget
		res, err := Round(context.Background(), r, 5, o)
		stopped(res, err, fmt.Sprint("budget ", budget))
	}
	o.Budget = 0
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	big := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 30, 20), nil, nil)
	res, err := Round(ctx, big, 5, o)
	stopped(res, err, "no time")
	a, err := AttackRounded(ctx, line(10, 0, 0, 0, 0), 5, 3, Options{Profile: o.Profile, Budget: 3})
	if err != nil || !a.Stopped || a.Stands {
		t.Errorf("an attack without a budget: %v", err)
	}
}

// A rounding that was found, but not judged to the end, is not safe; and one that is
// not known to be the nearest does not say so.
func TestRoundStopsLate(t *testing.T) {
	r := oneTable(newWorld(rand.New(rand.NewPCG(2, 2)), 6, 5, 4), nil, nil, nil)
	o := roundOptions(t, 5)
	res := round(t, r, 5, o)
	least := moved(&r, &res.Released)
	if err := res.judge(exact.NewMeter(context.Background(), 10), &o, nil); err != nil {
		t.Fatal(err)
	}
	if res.Safe || !res.Stopped || !res.Audit.Stopped || !strings.Contains(res.Words, "stopped") {
		t.Errorf("safe %v, stopped %v: %s", res.Safe, res.Stopped, res.Words)
	}
	p, err := newProblem(&r, &o.Profile, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for budget := int64(1 << 16); budget < 1<<23; budget += budget / 16 {
		x := &rounder{p: p, base: 5, distance: 5, times: make([]int64, len(p.q))}
		if x.search(exact.NewMeter(context.Background(), budget)) != nil {
			continue
		}
		x.release(res, &r)
		found++
		if sum := moved(&r, &res.Released); x.nearest && sum != least {
			t.Errorf("budget %d: it is said to be nearest, but moved by %d, not %d", budget, sum, least)
		}
	}
	if found == 0 {
		t.Error("nothing was found with any budget")
	}
}

func TestRoundRefuses(t *testing.T) {
	good := line(8, 2, 2, 2, 2)
	hiddenOne := cloneRelease(&good)
	hiddenOne.Tables[0].Cells[1].Hidden = true
	huge := line(exact.Largest, exact.Largest)
	tests := []struct {
		name           string
		r              Release
		base, distance int64 // a distance above 0 is for AttackRounded
		words          string
	}{
		{"base 1", good, 1, 0, "use 2 to 100"},
		{"base 101", good, 101, 0, "use 2 to 100"},
		{"hidden", hiddenOne, 5, 0, "area area2 is hidden"},
		{"wrong sum", line(9, 2, 2), 5, 0, "is not the sum"},
		{"huge", huge, 5, 0, "too large"},
		{"distance", good, 5, 11, "use 1 to 10"},
		{"hidden, attacked", hiddenOne, 5, 5, "area area2 is hidden"},
		{"no multiple", good, 5, 5, "not a multiple of 5"},
		{"impossible", line(20, 0, 5), 5, 5, "too far apart"},
		{"huge, attacked", line(5*(exact.Largest/5), 0), 5, 5, "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			if tt.distance > 0 {
				_, err = AttackRounded(context.Background(), tt.r, tt.base, tt.distance, roundOptions(t, 2))
			} else {
				_, err = Round(context.Background(), tt.r, tt.base, roundOptions(t, 2))
			}
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("the error is %v, without %q", err, tt.words)
			}
		})
	}
	if _, err := Round(context.Background(), good, 5, Options{}); err == nil {
		t.Error("a profile that is none was taken")
	}
}

// An identity whose sum is no multiple of the base cannot hold between multiples.
func TestRoundIdentity(t *testing.T) {
	r := line(8, 2, 6)
	r.Identities = []Identity{{Sum: 4, Parts: []Part{
		{Ref: Ref{Codes: map[string]string{"area": "area2"}}, Factor: 1},
		{Ref: Ref{Codes: map[string]string{"area": "area1"}}, Factor: -1}}}}
	res := round(t, r, 5, roundOptions(t, 5))
	if res.Safe || res.Stopped || len(res.Released.Tables) > 0 || !strings.Contains(res.Words, "identity") {
		t.Errorf("safe %v, stopped %v: %s", res.Safe, res.Stopped, res.Words)
	}
	res = round(t, r, 2, roundOptions(t, 2))
	checkRounded(t, &r, res)
}

// What was released before narrows what a rounded count can be.
func TestAttackRoundedWithLedger(t *testing.T) {
	before := func(r Release, hide ...int) *Ledger {
		t.Helper()
		r.Name = "before"
		for _, c := range hide {
			r.Tables[0].Cells[c].Hidden, r.Tables[0].Cells[c].Count = true, 0
		}
		l := &Ledger{}
		if _, err := l.Append(r, roundOptions(t, 5).Profile); err != nil {
			t.Fatal(err)
		}
		return l
	}
	printed := line(15, 0, 5, 10)
	o := roundOptions(t, 5)
	if a := attackRound(t, printed, 5, 5, o); !a.Stands {
		t.Fatal("it does not stand by itself")
	}
	tests := []struct {
		name   string
		ledger *Ledger
		lo, hi int64 // of the first count
		stands bool
	}{
		{"hidden before, so not 0", before(line(18, 3, 7, 8), 0, 1, 2), 1, 4, false},
		{"shown before", before(line(18, 3, 7, 8)), 3, 3, true},
	}
	for _, tt := range tests {
		o.Ledger = tt.ledger
		a := attackRound(t, printed, 5, 5, o)
		if j := a.Cells[0]; j.Low != tt.lo || j.High != tt.hi || j.Stands != tt.stands || a.Stands != tt.stands {
			t.Errorf("%s: %s, stands %v; all: %v", tt.name, interval(j.Low, j.High), j.Stands, a.Stands)
		}
	}
	o.Know = K2
	if a := attackRound(t, printed, 5, 5, o); !a.Stands {
		t.Error("K2 knows nothing of what was released before")
	}
}

// An earlier interval and the one of now together can be too narrow; what was known
// as closely before is not held against the new release.
func TestAttackRoundedAfterRounding(t *testing.T) {
	nearest, err := ProfileNamed("round5")
	if err != nil {
		t.Fatal(err)
	}
	l := &Ledger{}
	if _, err := l.Append(line(15, 5, 5, 5), nearest); err != nil {
		t.Fatal(err)
	}
	o := roundOptions(t, 5)
	o.Ledger = l
	// 3 to 7 and 0 to 4; 3 to 7 and 1 to 9; 3 to 7 before, and a total of 13 to 17.
	a := attackRound(t, line(15, 0, 5, 10), 5, 5, o)
	for i, want := range []struct {
		lo, hi int64
		stands bool
	}{{3, 4, false}, {3, 7, true}, {6, 7, true}, {13, 17, true}} {
		if j := a.Cells[i]; j.Low != want.lo || j.High != want.hi || j.Stands != want.stands {
			t.Errorf("%s: %s, stands %v", j.Label, interval(j.Low, j.High), j.Stands)
		}
	}
}

// That nobody is in a category is a secret where the category is sensitive.
func TestAttackRoundedNobody(t *testing.T) {
	r := line(10, 0, 10)
	for _, sensitive := range []bool{false, true} {
		r.Tables[0].Dimensions[0].Sensitive = sensitive
		a := attackRound(t, r, 5, 1, roundOptions(t, 5))
		if a.Stands == sensitive || a.Cells[0].Stands == sensitive || a.Cells[0].High != 0 {
			t.Errorf("sensitive %v: stands %v", sensitive, a.Stands)
		}
	}
}

// A count that may be as great as the greatest small one, and no other, is known.
func TestAttackRoundedKnown(t *testing.T) {
	a := attackRound(t, line(15, 5, 10), 5, 1, roundOptions(t, 5))
	if a.Stands || a.Cells[0].Stands || !a.Cells[1].Stands {
		t.Errorf("5 stands: %v; 10 stands: %v", a.Cells[0].Stands, a.Cells[1].Stands)
	}
}

// Where another table shows that printed categories leave somebody out, the rounded
// tables must show it too, or a reader would be wrong about the parts.
func TestRoundLeavesOut(t *testing.T) {
	r := line(0, 4, 3)
	r.Tables[0].Cells = r.Tables[0].Cells[:2]
	r.Tables = append(r.Tables, Table{Name: "by sex", Dimensions: []Dimension{{Name: "sex"}}, Cells: []Cell{
		{Codes: []string{Total}, Count: 8}, {Codes: []string{"F"}, Count: 4}, {Codes: []string{"M"}, Count: 4}}})
	res := round(t, r, 5, roundOptions(t, 5))
	by, all := counts(&res.Released.Tables[0]), counts(&res.Released.Tables[1])
	if by[0]+by[1] >= all[0] || all[1]+all[2] != all[0] {
		t.Errorf("%v beside %v", by, all)
	}
	checkIntervals(t, &r, res.Audit)
	if !res.Safe {
		t.Error(res.Words)
	}
}

// Who is alone in one count knows more of the others.
func TestAttackRoundedFromInside(t *testing.T) {
	o := roundOptions(t, 5)
	o.Know = K4
	a := attackRound(t, line(0, 0, 0), 5, 5, o)
	if j := a.Cells[0]; j.Low != 0 || j.High != 3 || a.Stands {
		t.Errorf("beside a child who is alone, and a total of at most 4: %s, stands %v", interval(j.Low, j.High), a.Stands)
	}
}
