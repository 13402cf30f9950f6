package exact

import "errors"

// Largest is the greatest size of a number that a network works with. Sums and
// differences of two such numbers cannot overflow.
const Largest = 1 << 61

// ErrTooLarge says that a number is beyond what can be worked with exactly here.
var ErrTooLarge = errors.New("a number is too large to be worked with exactly")

// A network answers questions about a system that is a graph, by integer flow. Its
// flow is kept from question to question. Beside the arcs of the unknowns it has
// one arc from each node to the root that may carry nothing: at the start these
// carry what the nodes have over, and making the flow feasible empties them.
type network struct {
	graph
	unknowns  int
	lo, hi, x []int64 // bounds and flow of each arc
	room      []int64 // how far the flow can still move along each half-arc
	live      []int32 // where the half-arcs end, at each node, that can ever move
	pos       []int32 // where each half-arc is in adj
	outside   []int32 // arcs whose flow may be outside its bounds
	listed    []bool  // which arcs are in outside
	huge      int     // how many have bounds beyond largest

	dist, queue, next, path []int32 // of the search
}

// newNetwork sees a system as a network. It is none when an unknown is in more
// than two equations (those marked redundant are left out), or with coefficients
// other than 1 and −1 that can be made to differ, or when its numbers are too large.
func newNetwork(s *System) (*network, bool) {
	g, supply, ok := newGraph(s)
	if !ok {
		return nil, false
	}
	n := &network{graph: *g, unknowns: len(s.Lo)}
	if !n.fill(s, supply) {
		return nil, false
	}
	n.index()
	n.live = append([]int32(nil), n.start[1:]...)
	n.pos = make([]int32, len(n.to))
	for p, h := range n.adj {
		n.pos[h] = int32(p)
	}
	n.listed = make([]bool, len(n.x))
	n.room = make([]int64, len(n.to))
	for a := range n.x {
		n.count(a, 1)
		n.settle(int32(a))
	}
	n.dist = make([]int32, n.nodes)
	n.next = make([]int32, n.nodes)
	n.queue = make([]int32, 0, n.nodes)
	n.path = make([]int32, 0, n.nodes)
	return n, n.huge == 0
}

// fill sets the bounds and the first flow: each unknown at the bound nearest to
// none, and what then does not balance on the arcs that may carry nothing.
func (n *network) fill(s *System, supply []int64) bool {
	arcs, root := n.unknowns+len(supply), int32(n.nodes-1)
	n.lo = append(make([]int64, 0, arcs), s.Lo...)
	n.hi = append(make([]int64, 0, arcs), s.Hi...)
	n.x = make([]int64, n.unknowns, arcs)
	over := append(append([]int64(nil), supply...), 0)
	for a := range n.x {
		n.x[a] = min(max(0, s.Lo[a]), max(s.Lo[a], s.Hi[a]))
		tail, head := n.to[2*a+1], n.to[2*a]
		if tail == head {
			continue
		}
		over[tail] -= n.x[a]
		over[head] += n.x[a]
		if beyond(n.x[a]) || beyond(over[tail]) || beyond(over[head]) {
			return false
		}
	}
	for i := range supply {
		if beyond(over[i]) {
			return false
		}
		n.to = append(n.to, root, int32(i))
		n.lo, n.hi, n.x = append(n.lo, 0), append(n.hi, 0), append(n.x, over[i])
	}
	return true
}

func beyond(x int64) bool { return x > Largest || x < -Largest }

// count keeps the number of arcs with bounds that are too large.
func (n *network) count(a, by int) {
	if beyond(n.lo[a]) || beyond(n.hi[a]) && n.hi[a] != Unbounded {
		n.huge += by
	}
}

// settle brings what is known of an arc up to date after its bounds changed: its
// room, whether a search need look at it, whether it must be repaired.
func (n *network) settle(a int32) {
	n.measure(a)
	live := n.lo[a] != n.hi[a] || n.x[a] != n.lo[a]
	n.place(2*a, live)
	n.place(2*a+1, live)
	if (n.x[a] < n.lo[a] || n.x[a] > n.hi[a]) && !n.listed[a] {
		n.listed[a] = true
		n.outside = append(n.outside, a)
	}
}

// measure works out the room of an arc. A flow outside its bounds has room (above
// 0) only towards them.
func (n *network) measure(a int32) {
	n.room[2*a] = Unbounded
	if n.hi[a] != Unbounded {
		n.room[2*a] = n.hi[a] - n.x[a]
	}
	n.room[2*a+1] = n.x[a] - n.lo[a]
}

// place puts a half-arc among those of its node that a search looks at, or behind.
func (n *network) place(h int32, live bool) {
	node := n.to[h^1]
	if node == n.to[h] || (n.pos[h] < n.live[node]) == live {
		return
	}
	p, end := n.pos[h], n.live[node]
	if live {
		n.live[node]++
	} else {
		end--
		n.live[node]--
	}
	other := n.adj[end]
	n.adj[p], n.adj[end] = other, h
	n.pos[other], n.pos[h] = p, end
}

// Limit implements solver. The flow is repaired when the next question is asked.
func (n *network) Limit(v int, lo, hi int64) {
	n.count(v, -1)
	n.lo[v], n.hi[v] = lo, hi
	n.count(v, 1)
	n.settle(int32(v))
}

// Known implements solver. A flow is found so soon that no other is of use.
func (n *network) Known([]int64) bool { return false }

// Feasible implements solver.
func (n *network) Feasible(m *Meter) ([]int64, error) {
	if err := n.repair(m); err != nil {
		return nil, err
	}
	return n.point(), nil
}

func (n *network) point() []int64 {
	return append([]int64(nil), n.x[:n.unknowns]...)
}

// Extreme implements solver: the most by which an arc can rise is the most that
// can flow back from its head to its tail by other ways.
func (n *network) Extreme(m *Meter, v int, up bool, enough int64) (int64, []int64, error) {
	if err := n.repair(m); err != nil {
		return 0, nil, err
	}
	h := int32(2 * v)
	if !up {
		h++
	}
	endless, err := n.move(m, h, n.wanted(v, up, enough))
	if err != nil {
		return 0, nil, err
	}
	if endless {
		return Unbounded, nil, nil
	}
	return n.x[v], n.point(), nil
}

// wanted is how far an unknown has to move to its bound, or to what is enough.
func (n *network) wanted(v int, up bool, enough int64) int64 {
	x := n.x[v]
	if !up {
		return max(0, x-max(n.lo[v], min(enough, Largest)))
	}
	goal := n.hi[v]
	if enough <= Largest {
		goal = min(goal, enough)
	}
	switch {
	case goal <= x:
		return 0
	case goal == Unbounded:
		return Unbounded
	}
	return goal - x
}

// repair brings the flow inside all bounds. Each arc outside is moved back as far
// as the others let it; where they do not let it come inside, those that hold it
// back separate the nodes in two parts, and no flow between these can do better.
func (n *network) repair(m *Meter) error {
	if n.huge > 0 {
		return ErrTooLarge
	}
	for len(n.outside) > 0 {
		a := n.outside[len(n.outside)-1]
		if err := n.inside(m, a); err != nil {
			return err
		}
		n.outside = n.outside[:len(n.outside)-1]
		n.listed[a] = false
		n.settle(a)
	}
	return nil
}

func (n *network) inside(m *Meter, a int32) error {
	var err error
	switch x := n.x[a]; {
	case x < n.lo[a]:
		_, err = n.move(m, 2*a, n.lo[a]-x)
	case x > n.hi[a]:
		_, err = n.move(m, 2*a+1, x-n.hi[a])
	}
	if err == nil && (n.x[a] < n.lo[a] || n.x[a] > n.hi[a]) {
		err = ErrInfeasible
	}
	return err
}

// move sends up to need along half-arc h and back to its beginning by other ways,
// as much as can go (Dinic's method), and says whether there is no end to that.
// When it is stopped, the flow is still one that balances.
func (n *network) move(m *Meter, h int32, need int64) (endless bool, err error) {
	for need > 0 {
		reached, err := n.measureWays(m, h)
		if err != nil || !reached {
			return false, err
		}
		if need, err = n.useWays(m, h, need); err != nil {
			return false, err
		}
		if need < 0 {
			return true, nil
		}
	}
	return false, nil
}

// measureWays finds how many steps each node is from the beginning of h, where the
// flow must get to, and whether it can be reached from the end of h at all.
func (n *network) measureWays(m *Meter, h int32) (bool, error) {
	from, to, own := n.to[h], n.to[h^1], h>>1
	for i := range n.dist {
		n.dist[i] = -1
	}
	n.dist[to] = 0
	queue := append(n.queue[:0], to)
	work := n.nodes
	for k := 0; k < len(queue) && queue[k] != from; k++ {
		j := queue[k]
		half := n.adj[n.start[j]:n.live[j]]
		work += len(half)
		for _, b := range half {
			if i := n.to[b]; n.dist[i] < 0 && n.room[b^1] > 0 && b>>1 != own {
				n.dist[i] = n.dist[j] + 1
				queue = append(queue, i)
			}
		}
	}
	return n.dist[from] >= 0, m.Spend(work)
}

// useWays sends flow along all shortest ways, until none is left or the need is
// met, and returns what is still needed; −1 when a way without end was found.
func (n *network) useWays(m *Meter, h int32, need int64) (int64, error) {
	copy(n.next, n.start)
	for need > 0 {
		found, work := n.findWay(h)
		if err := m.Spend(work); err != nil {
			return 0, err
		}
		if !found {
			break
		}
		by := need
		for _, b := range n.path {
			by = min(by, n.room[b])
		}
		if by == Unbounded {
			return -1, nil
		}
		n.path = append(n.path, h)
		if err := n.push(by); err != nil {
			return 0, err
		}
		if need != Unbounded {
			need -= by
		}
	}
	return need, nil
}

// findWay puts into path a way from the end of h to its beginning on which every
// step comes nearer. Half-arcs found to lead nowhere are not tried again.
func (n *network) findWay(h int32) (found bool, work int) {
	at, to, own := n.to[h], n.to[h^1], h>>1
	n.path = n.path[:0]
	for at != to {
		b := int32(-1)
		for ; n.next[at] < n.live[at]; n.next[at]++ {
			work++
			c := n.adj[n.next[at]]
			if n.room[c] > 0 && n.dist[n.to[c]] == n.dist[at]-1 && c>>1 != own {
				b = c
				break
			}
		}
		switch last := len(n.path) - 1; {
		case b >= 0:
			n.path = append(n.path, b)
			at = n.to[b]
		case last < 0:
			return false, work
		default:
			at = n.to[n.path[last]^1]
			n.path = n.path[:last]
			n.next[at]++
		}
	}
	return true, work + len(n.path) + 1
}

// push moves the flow along every half-arc of path, or along none.
func (n *network) push(by int64) error {
	for _, b := range n.path {
		if beyond(n.x[b>>1] + along(b, by)) {
			return ErrTooLarge
		}
	}
	for _, b := range n.path {
		n.x[b>>1] += along(b, by)
		n.measure(b >> 1)
	}
	return nil
}

// along is what moving along a half-arc adds to the flow of its arc.
func along(h int32, by int64) int64 {
	if h&1 == 1 {
		return -by
	}
	return by
}
