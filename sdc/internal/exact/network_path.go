package exact

import (
	"errors"
	"math/bits"
	"slices"
)

// ErrNoWay says that an unknown cannot move so far with the room that the others have.
var ErrNoWay = errors.New("there is no way to move the unknown so far")

// Paths finds the cheapest way to move one unknown of a system that is a graph,
// with all its equations kept: what else must move, around which cycles.
type Paths struct {
	graph
	change []int64 // what each arc has moved; all 0 between questions
	used   []bool  // which arcs have been on a way, and are paid for
	which  []int32 // the same as a list

	// of the question
	cost, maxUp, maxDown []int64

	// of the search
	far  []distance
	via  []int32 // the half-arc by which each node is reached
	done []bool
	heap []stop
	path []int32 // the way found last
	best []int32 // the best way of a round
}

// A distance is what a way costs, and how many steps it has: of two ways that cost
// the same, the shorter one moves less.
type distance struct {
	cost  int64 // unbounded: not reached
	steps int32
}

func (d distance) less(e distance) bool {
	return d.cost < e.cost || d.cost == e.cost && d.steps < e.steps
}

// NewPaths sees a system as a graph, where it is one; bounds and right sides do
// not matter to it.
func NewPaths(s *System) (*Paths, bool) {
	g, _, ok := newGraph(s)
	if !ok {
		return nil, false
	}
	g.index()
	arcs := len(g.to) / 2
	return &Paths{
		graph:  *g,
		change: make([]int64, arcs),
		used:   make([]bool, arcs),
		far:    make([]distance, g.nodes),
		via:    make([]int32, g.nodes),
		done:   make([]bool, g.nodes),
	}, true
}

// Cheapest finds what to move, and by how much, so that unknown v moves by amount
// up or down and every equation still holds. Unknown j may rise by at most maxUp[j]
// and fall by at most maxDown[j] (unbounded is allowed, below 0 counts as 0), and
// costs cost[j] when it moves at all (below 0 counts as 0). Total is the cost of
// all that moved, v among them, or unbounded-1 when it is more than that.
//
// A single cycle is preferred, and it is then the cheapest one. Where no single
// cycle has room enough, several are put together, each the cheapest for what it
// brings; that need not be the cheapest of all. The error is ErrNoWay when the
// unknown cannot move so far, which is certain. The same question always has the
// same answer. Moved is in the order of the unknowns, and the caller's to keep.
func (p *Paths) Cheapest(m *Meter, v int, up bool, amount int64, cost, maxUp, maxDown []int64) (
	moved []Term, total int64, err error) {
	if amount > Largest {
		return nil, 0, ErrTooLarge
	}
	if amount <= 0 {
		return nil, 0, nil
	}
	p.cost, p.maxUp, p.maxDown = cost, maxUp, maxDown
	defer p.forget()
	h := int32(2 * v)
	if !up {
		h++
	}
	if p.roomOf(h) < amount {
		return nil, 0, ErrNoWay
	}
	if err := p.turn(m, h, amount); err != nil {
		return nil, 0, err
	}
	moved, total = p.result()
	return moved, total, nil
}

// turn moves along h by amount, and back by one way or by several, whichever is
// cheaper: several that are free beat one that is not.
func (p *Paths) turn(m *Meter, h int32, amount int64) error {
	found, err := p.search(m, h, amount)
	if err != nil {
		return err
	}
	if !found {
		return p.several(m, h, amount)
	}
	one, cost := slices.Clone(p.path), p.far[p.to[h^1]].cost
	if cost > 0 {
		err := p.several(m, h, amount)
		if err != nil && !errors.Is(err, ErrNoWay) {
			return err
		}
		if err == nil && p.paid(h) < cost {
			return nil
		}
		p.takeBack()
	}
	p.push(h, one, amount)
	return nil
}

// several moves along h by amount, and back by as many ways as that takes, each
// the cheapest for what it brings.
func (p *Paths) several(m *Meter, h int32, amount int64) error {
	for amount > 0 {
		by, err := p.round(m, h, amount)
		if err != nil {
			return err
		}
		if by == 0 {
			return ErrNoWay
		}
		p.push(h, p.best, by)
		amount -= by
	}
	return nil
}

// paid is what all that has been moved so far costs, h aside.
func (p *Paths) paid(h int32) (total int64) {
	for _, a := range p.which {
		if p.change[a] != 0 && a != h>>1 {
			total = addCost(total, p.cost[a])
		}
	}
	return total
}

// round finds, among the cheapest ways with room for all of the amount, for half of
// it, and so on, the one that costs least for what it brings, and how much that is.
func (p *Paths) round(m *Meter, h int32, amount int64) (int64, error) {
	var best, bestCost int64
	for least := amount; least > 0; least /= 2 {
		found, err := p.search(m, h, least)
		if err != nil {
			return 0, err
		}
		if !found {
			continue
		}
		by, cost := amount, p.far[p.to[h^1]].cost
		for _, b := range p.path {
			by = min(by, p.roomOf(b))
		}
		if best == 0 || cheaper(cost, by, bestCost, best) {
			best, bestCost = by, cost
			p.best = append(p.best[:0], p.path...)
		}
	}
	return best, nil
}

// cheaper says whether cost/by is less than otherCost/other.
func cheaper(cost, by, otherCost, other int64) bool {
	hi1, lo1 := bits.Mul64(uint64(cost), uint64(other))
	hi2, lo2 := bits.Mul64(uint64(otherCost), uint64(by))
	return hi1 < hi2 || hi1 == hi2 && lo1 < lo2
}

// roomOf is how far the flow can still move along a half-arc. No arc ever moves by
// more than the amount asked for, so that room beyond largest is as good as endless.
func (p *Paths) roomOf(h int32) int64 {
	if h&1 == 0 {
		return min(max(0, p.maxUp[h>>1]), Largest) - p.change[h>>1]
	}
	return min(max(0, p.maxDown[h>>1]), Largest) + p.change[h>>1]
}

// push moves along h and the way back.
func (p *Paths) push(h int32, way []int32, by int64) {
	p.pushOne(h, by)
	for _, b := range way {
		p.pushOne(b, by)
	}
}

func (p *Paths) pushOne(h int32, by int64) {
	a := h >> 1
	p.change[a] += along(h, by)
	if !p.used[a] {
		p.used[a] = true
		p.which = append(p.which, a)
	}
}

// takeBack undoes all that has been moved.
func (p *Paths) takeBack() {
	for _, a := range p.which {
		p.change[a], p.used[a] = 0, false
	}
	p.which = p.which[:0]
}

func (p *Paths) result() (moved []Term, total int64) {
	slices.Sort(p.which)
	for _, a := range p.which {
		if p.change[a] != 0 {
			moved = append(moved, Term{int(a), p.change[a]})
			total = addCost(total, p.cost[a])
		}
	}
	return moved, total
}

func (p *Paths) forget() {
	p.takeBack()
	p.cost, p.maxUp, p.maxDown = nil, nil, nil
}

// addCost adds without going beyond unbounded-1.
func addCost(sum, cost int64) int64 {
	cost = max(0, cost)
	if cost > Unbounded-1-sum {
		return Unbounded - 1
	}
	return sum + cost
}

// search puts into path the cheapest way from the end of h back to its beginning,
// without h itself, on which every step has room for least (Dijkstra's method).
func (p *Paths) search(m *Meter, h int32, least int64) (bool, error) {
	from, to, own := p.to[h], p.to[h^1], h>>1
	for i := range p.far {
		p.far[i], p.done[i] = distance{cost: Unbounded}, false
	}
	p.far[from] = distance{}
	p.heap = append(p.heap[:0], stop{node: from})
	work := p.nodes
	for len(p.heap) > 0 {
		j := p.nearest()
		if j == to {
			p.trace(from, to)
			return true, m.Spend(work)
		}
		if p.done[j] {
			continue
		}
		p.done[j] = true
		half := p.adj[p.start[j]:p.start[j+1]]
		work += len(half)
		for _, b := range half {
			if p.roomOf(b) >= least && !p.done[p.to[b]] && b>>1 != own {
				p.reach(j, b)
			}
		}
	}
	return false, m.Spend(work)
}

// reach notes that the node to which b leads is reached from node j by b, if that
// is the best way so far.
func (p *Paths) reach(j, b int32) {
	d := distance{p.far[j].cost, p.far[j].steps + 1}
	if !p.used[b>>1] {
		d.cost = addCost(d.cost, p.cost[b>>1])
	}
	if i := p.to[b]; d.less(p.far[i]) {
		p.far[i], p.via[i] = d, b
		p.enter(stop{d, i})
	}
}

// trace puts into path the way found, last step first.
func (p *Paths) trace(from, to int32) {
	p.path = p.path[:0]
	for i := to; i != from; {
		b := p.via[i]
		p.path = append(p.path, b)
		i = p.to[b^1]
	}
}

// A stop is a node to go on from.
type stop struct {
	distance
	node int32
}

// enter adds a stop to the heap.
func (p *Paths) enter(s stop) {
	p.heap = append(p.heap, s)
	i := len(p.heap) - 1
	for i > 0 && s.less(p.heap[(i-1)/2].distance) {
		p.heap[i] = p.heap[(i-1)/2]
		i = (i - 1) / 2
	}
	p.heap[i] = s
}

// nearest takes the nearest stop from the heap.
func (p *Paths) nearest() int32 {
	node := p.heap[0].node
	end := len(p.heap) - 1
	s := p.heap[end]
	p.heap = p.heap[:end]
	for i := 0; end > 0; {
		c := 2*i + 1
		if c+1 < end && p.heap[c+1].less(p.heap[c].distance) {
			c++
		}
		if c >= end || !p.heap[c].less(s.distance) {
			p.heap[i] = s
			break
		}
		p.heap[i] = p.heap[c]
		i = c
	}
	return node
}
