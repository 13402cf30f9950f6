package exact

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// pathQuestion is a question to cheapest, on a small system.
type pathQuestion struct {
	s                    *System
	v                    int
	up                   bool
	amount               int64
	cost, maxUp, maxDown []int64
}

func drawPathQuestion(t *rapid.T, most int64) pathQuestion {
	q := pathQuestion{s: drawNetwork(t), up: rapid.Bool().Draw(t, "up")}
	q.v = rapid.IntRange(0, len(q.s.Lo)-1).Draw(t, "v")
	q.amount = rapid.Int64Range(1, most).Draw(t, "amount")
	for range q.s.Lo {
		q.cost = append(q.cost, rapid.Int64Range(0, 5).Draw(t, "cost"))
		q.maxUp = append(q.maxUp, rapid.Int64Range(-1, most).Draw(t, "maxUp"))
		q.maxDown = append(q.maxDown, rapid.Int64Range(-1, most).Draw(t, "maxDown"))
	}
	return q
}

func (q *pathQuestion) ask(t *rapid.T) ([]Term, int64, error) {
	p, ok := NewPaths(q.s)
	if !ok {
		t.Fatal("not seen as a graph")
	}
	moved, total, err := p.Cheapest(netMeter(), q.v, q.up, q.amount, q.cost, q.maxUp, q.maxDown)
	again, totalAgain, errAgain := p.Cheapest(netMeter(), q.v, q.up, q.amount, q.cost, q.maxUp, q.maxDown)
	if !reflect.DeepEqual(moved, again) || total != totalAgain || !errors.Is(errAgain, err) {
		t.Fatalf("asked again: %v %d %v, was %v %d %v", again, totalAgain, errAgain, moved, total, err)
	}
	return moved, total, err
}

// moves is the system of what each unknown can move, v by the amount.
func (q *pathQuestion) moves() *System {
	s := &System{Eqs: slices.Clone(q.s.Eqs)}
	for v := range q.maxUp {
		s.Lo, s.Hi = append(s.Lo, -max(0, q.maxDown[v])), append(s.Hi, max(0, q.maxUp[v]))
	}
	want := q.amount
	if !q.up {
		want = -want
	}
	s.Lo[q.v], s.Hi[q.v] = max(s.Lo[q.v], want), min(s.Hi[q.v], want)
	for e := range s.Eqs {
		s.Eqs[e].RHS = 0
	}
	return s
}

// price is what a point of moves costs.
func (q *pathQuestion) price(x []int64) (sum int64) {
	for v := range x {
		if x[v] != 0 {
			sum += q.cost[v]
		}
	}
	return sum
}

func (q *pathQuestion) check(t *rapid.T, moved []Term, total int64) {
	x := make([]int64, len(q.cost))
	for k, u := range moved {
		if k > 0 && moved[k-1].V >= u.V || u.C == 0 {
			t.Fatalf("out of order or nothing: %v", moved)
		}
		x[u.V] = u.C
	}
	if !netHolds(q.moves(), x) {
		t.Fatalf("%v breaks an equation or a limit", moved)
	}
	if q.price(x) != total {
		t.Fatalf("%v costs %d, not %d", moved, q.price(x), total)
	}
}

// netLeast finds by enumeration the least cost of all moves, or only of those in
// which nothing moves but by the whole amount: single cycles.
func netLeast(q *pathQuestion, single bool) (least int64, some bool) {
	netEach(q.moves(), func(x []int64) {
		for _, c := range x {
			if single && c != 0 && c != q.amount && c != -q.amount {
				return
			}
		}
		if c := q.price(x); !some || c < least {
			least, some = c, true
		}
	})
	return least, some
}

func TestCheapestByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawPathQuestion(t, 1)
		moved, total, err := q.ask(t)
		least, some := netLeast(&q, false)
		switch {
		case !some && !errors.Is(err, ErrNoWay):
			t.Fatalf("there is no way, but %v %d %v", moved, total, err)
		case some && (err != nil || total != least):
			t.Fatalf("%v costs %d (%v), %d is possible", moved, total, err, least)
		case some:
			q.check(t, moved, total)
		}
	})
}

func TestCheapestByMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawPathQuestion(t, 3)
		moved, total, err := q.ask(t)
		_, some := netLeast(&q, false)
		if !some {
			if !errors.Is(err, ErrNoWay) {
				t.Fatalf("there is no way, but %v %d %v", moved, total, err)
			}
			return
		}
		if err != nil {
			t.Fatalf("there is a way, but %v", err)
		}
		q.check(t, moved, total)
		if least, some := netLeast(&q, true); some && total != least {
			t.Fatalf("%v costs %d, a single cycle costs %d", moved, total, least)
		}
	})
}

func TestCheapestCases(t *testing.T) {
	// 0 = 1+2+3 and 0 is moved by 5: no other has room for all of it.
	s := &System{Lo: make([]int64, 4), Hi: make([]int64, 4), Eqs: []Equation{netSum(0, 1, 2, 3)}}
	p, ok := NewPaths(s)
	if !ok {
		t.Fatal("not seen as a graph")
	}
	open := []int64{Unbounded, 3, 2, 4}
	none := []int64{0, 0, 0, 0}
	for name, c := range map[string]struct {
		amount      int64
		up          bool
		cost, maxUp []int64
		moved       []Term
		total       int64
		err         error
	}{
		"one":                     {2, true, []int64{0, 7, 6, 9}, open, []Term{{0, 2}, {2, 2}}, 6, nil},
		"one with room":           {3, true, []int64{0, 7, 6, 9}, open, []Term{{0, 3}, {1, 3}}, 7, nil},
		"the first of two":        {1, true, []int64{0, 7, 7, 7}, open, []Term{{0, 1}, {1, 1}}, 7, nil},
		"two":                     {5, true, []int64{0, 7, 60, 9}, open, []Term{{0, 5}, {1, 3}, {3, 2}}, 16, nil},
		"own cost":                {1, true, []int64{5, 1, 9, 9}, open, []Term{{0, 1}, {1, 1}}, 6, nil},
		"all":                     {9, true, []int64{1, 1, 1, 1}, open, []Term{{0, 9}, {1, 3}, {2, 2}, {3, 4}}, 4, nil},
		"best for what it brings": {6, true, []int64{0, 12, 10, 13}, open, []Term{{0, 6}, {1, 3}, {3, 3}}, 25, nil},
		"too far":                 {10, true, none, open, nil, 0, ErrNoWay},
		"no room of its own":      {1, true, none, none, nil, 0, ErrNoWay},
		"no room down":            {1, false, none, open, nil, 0, ErrNoWay},
		"nothing":                 {0, true, none, none, nil, 0, nil},
		"too large":               {Largest + 1, true, none, open, nil, 0, ErrTooLarge},
		"costs without end": {9, true, []int64{Unbounded, Unbounded, Unbounded, -1}, open,
			[]Term{{0, 9}, {1, 3}, {2, 2}, {3, 4}}, Unbounded - 1, nil},
	} {
		moved, total, err := p.Cheapest(netMeter(), 0, c.up, c.amount, c.cost, c.maxUp, none)
		if c.up { // and the same the other way
			down, t2, err2 := p.Cheapest(netMeter(), 0, false, c.amount, c.cost, none, c.maxUp)
			for k := range down {
				down[k].C = -down[k].C
			}
			if !reflect.DeepEqual(down, moved) || t2 != total || !errors.Is(err2, err) {
				t.Errorf("%s: the other way %v %d %v, not %v %d %v", name, down, t2, err2, moved, total, err)
			}
		}
		same := reflect.DeepEqual(moved, c.moved) && total == c.total
		if !same || !errors.Is(err, c.err) || (err != nil) != (c.err != nil) {
			t.Errorf("%s: %v %d %v, should be %v %d %v", name, moved, total, err, c.moved, c.total, c.err)
		}
	}
}

// On larger tables the cost is that found by trying every arc again and again.
func TestCheapestOnTables(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	s, _ := netTable(9, 7, func(i, j int) int64 { return 1 })
	p, ok := NewPaths(s)
	if !ok {
		t.Fatal("not seen as a graph")
	}
	arcs := len(s.Lo)
	cost, maxUp, maxDown := make([]int64, arcs), make([]int64, arcs), make([]int64, arcs)
	for v := range arcs {
		cost[v], maxUp[v], maxDown[v] = r.Int64N(100), r.Int64N(2), r.Int64N(3)
	}
	for v := range arcs {
		if maxUp[v] == 0 {
			continue
		}
		far := slices.Repeat([]int64{1 << 40}, p.nodes)
		far[p.to[2*v]] = cost[v]
		for range p.nodes {
			for h, to := range p.to {
				a, room := h/2, maxUp
				if h%2 == 1 {
					room = maxDown
				}
				if a != v && room[a] > 0 {
					far[to] = min(far[to], far[p.to[h^1]]+cost[a])
				}
			}
		}
		_, total, err := p.Cheapest(netMeter(), v, true, 1, cost, maxUp, maxDown)
		want := far[p.to[2*v+1]]
		if want < 1<<39 && (err != nil || total != want) || want >= 1<<39 && !errors.Is(err, ErrNoWay) {
			t.Errorf("%d: %d, %v, should be %d", v, total, err, want)
		}
	}
}

// Several ways together: what is paid for is used again, and what a later way takes
// back is not moved.
func TestCheapestSeveralWays(t *testing.T) {
	shared := &System{Lo: make([]int64, 5), Hi: make([]int64, 5), // 0 = 1+4, 1 = 2+3
		Eqs: []Equation{netSum(0, 1, 4), netSum(1, 2, 3)}}
	diamond := &System{Lo: make([]int64, 6), Hi: make([]int64, 6), Eqs: []Equation{
		netSum(0, 1, 2),                          // 0 into 1 and 2
		netSum(1, 3, 4),                          // 1 into 3 and 4
		{Terms: []Term{{2, 1}, {3, 1}, {5, -1}}}, // 2 and 3 into 5
	}}
	detour := &System{Lo: make([]int64, 6), Hi: make([]int64, 6), Eqs: []Equation{
		netSum(0, 1, 4), netSum(1, 2), netSum(2, 3), netSum(4, 5)}}
	for name, c := range map[string]struct {
		s           *System
		cost, maxUp []int64
		moved       []Term
		total       int64
	}{
		"used again": {shared, []int64{0, 2, 1, 3, 4}, []int64{2, 2, 1, 1, 1},
			[]Term{{0, 2}, {1, 2}, {2, 1}, {3, 1}}, 6},
		"taken back": {diamond, []int64{0, 1, 10, 0, 10, 1}, []int64{2, 1, 1, 1, 1, 1},
			[]Term{{0, 2}, {1, 1}, {2, 1}, {4, 1}, {5, 1}}, 22},
		"fewer steps": {detour, []int64{0, 0, 0, 5, 5, 0}, []int64{2, 2, 2, 2, 2, 2},
			[]Term{{0, 2}, {4, 2}, {5, 2}}, 5},
	} {
		p, ok := NewPaths(c.s)
		if !ok {
			t.Fatalf("%s: not seen as a graph", name)
		}
		none := make([]int64, len(c.cost))
		moved, total, err := p.Cheapest(netMeter(), 0, true, 2, c.cost, c.maxUp, none)
		if err != nil || !reflect.DeepEqual(moved, c.moved) || total != c.total {
			t.Errorf("%s: %v %d %v, should be %v %d", name, moved, total, err, c.moved, c.total)
		}
	}
}

// What costs the same but moves less is taken.
func TestCheapestMovesLittle(t *testing.T) {
	s, _ := netTable(4, 4, func(i, j int) int64 { return 5 })
	p, _ := NewPaths(s)
	n := len(s.Lo)
	cost, room := make([]int64, n), slices.Repeat([]int64{2}, n)
	for v := range n {
		if v%5 == 4 || v >= 20 { // totals stay
			room[v] = 0
		}
	}
	for v := range 20 {
		if room[v] == 0 {
			continue
		}
		for _, up := range []bool{false, true} {
			moved, total, err := p.Cheapest(netMeter(), v, up, 2, cost, room, room)
			if err != nil || total != 0 || len(moved) != 4 {
				t.Errorf("%v %d %v, should be the four corners of a rectangle", moved, total, err)
			}
		}
	}
}

func TestCheapestStops(t *testing.T) {
	s, _ := netTable(6, 6, func(i, j int) int64 { return 5 })
	p, _ := NewPaths(s)
	cost, room := make([]int64, len(s.Lo)), slices.Repeat([]int64{2}, len(s.Lo))
	want, _, err := p.Cheapest(netMeter(), 0, true, 2, cost, room, room)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = p.Cheapest(NewMeter(context.Background(), 10), 0, true, 2, cost, room, room)
	if !errors.Is(err, ErrStopped) {
		t.Errorf("a budget of 10: %v", err)
	}
	got, _, err := p.Cheapest(netMeter(), 0, true, 2, cost, room, room)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the stop: %v, %v, should be %v", got, err, want)
	}
}

func TestPathsNeedAGraph(t *testing.T) {
	s := &System{Lo: make([]int64, 2), Hi: make([]int64, 2), Eqs: []Equation{{Terms: []Term{{0, 2}, {1, -1}}}}}
	if _, ok := NewPaths(s); ok {
		t.Error("a coefficient of two was taken")
	}
}

// 300 questions on a table of 60 × 24, all cells of which may move.
func BenchmarkCheapest(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	s, truth := netTable(60, 24, func(i, j int) int64 { return 1 + r.Int64N(24) })
	p, ok := NewPaths(s)
	if !ok {
		b.Fatal("not seen as a graph")
	}
	cost, maxUp, maxDown := make([]int64, len(truth)), make([]int64, len(truth)), make([]int64, len(truth))
	var ask []int
	for v, c := range truth {
		cost[v], maxUp[v], maxDown[v] = 10+c, Unbounded, c-1
		if c <= 5 {
			cost[v], maxUp[v] = 0, 5-c
		}
		if c <= 5 && c >= 2 && len(ask) < 300 {
			ask = append(ask, v)
		}
	}
	if len(ask) < 150 {
		b.Fatal("too few to ask about")
	}
	for b.Loop() {
		for k := range 300 {
			v := ask[k%len(ask)]
			if _, _, err := p.Cheapest(netMeter(), v, false, 1, cost, maxUp, maxDown); err != nil {
				b.Fatal(err)
			}
		}
	}
}
