package exact

// A graph is the equations of a system seen as nodes and its unknowns as arcs
// between them: an unknown that is added in one equation and taken away in another
// flows from the one to the other. What is in one equation only flows from or to
// the root, which is the last node.
//
// Half-arc 2a leaves the tail of arc a (moving along it, the unknown rises), and
// half-arc 2a+1 leaves its head (the unknown falls).
type graph struct {
	nodes int
	to    []int32 // the node to which each half-arc leads
	start []int32 // where the half-arcs that leave each node begin in adj
	adj   []int32 // half-arcs, node by node
}

// newGraph sees a system as a graph, where it is one, and gives what each node
// sends out more than it receives.
func newGraph(s *System) (g *graph, supply []int64, ok bool) {
	places, used, ok := placesOf(s)
	if !ok {
		return nil, nil, false
	}
	signs := newSigns(len(used))
	for _, p := range places {
		if p.n == 2 && !signs.join(p.eq[0], p.eq[1], -p.c[0]*p.c[1]) {
			return nil, nil, false
		}
	}
	g = &graph{nodes: len(used) + 1, to: make([]int32, 0, 2*(len(places)+len(used)))}
	for _, p := range places {
		tail, head := int32(len(used)), int32(len(used))
		for k := range p.n {
			if p.c[k]*signs.of(p.eq[k]) > 0 {
				tail = p.eq[k]
			} else {
				head = p.eq[k]
			}
		}
		g.to = append(g.to, head, tail)
	}
	supply = make([]int64, len(used))
	for i, e := range used {
		supply[i] = s.Eqs[e].RHS * int64(signs.of(int32(i)))
	}
	return g, supply, true
}

// A place says in which equations an unknown is, at most two, and how.
type place struct {
	eq [2]int32
	c  [2]int8
	n  int8
}

// placesOf finds the place of every unknown, and which equations are in use. It
// fails when an unknown is in too many, or with a coefficient other than 1 and −1.
func placesOf(s *System) (places []place, used []int32, ok bool) {
	if len(s.Hi) != len(s.Lo) {
		return nil, nil, false
	}
	places = make([]place, len(s.Lo))
	sum := make([]int64, len(s.Lo)) // within one equation
	for e := range s.Eqs {
		if s.Eqs[e].Redundant {
			continue
		}
		terms := s.Eqs[e].Terms
		for _, t := range terms {
			if t.V < 0 || t.V >= len(sum) || t.C < -1 || t.C > 1 {
				return nil, nil, false
			}
			sum[t.V] += t.C
		}
		for _, t := range terms {
			c := sum[t.V]
			sum[t.V] = 0
			if c == 0 {
				continue
			}
			if p := &places[t.V]; c < -1 || c > 1 || !p.add(int32(len(used)), int8(c)) {
				return nil, nil, false
			}
		}
		used = append(used, int32(e))
	}
	return places, used, true
}

func (p *place) add(eq int32, c int8) bool {
	if p.n == 2 {
		return false
	}
	p.eq[p.n], p.c[p.n] = eq, c
	p.n++
	return true
}

// signs says which equations are to be turned round, so that every unknown is
// added in one and taken away in the other: a forest in which each node knows
// whether it is turned against the one above it.
type signs struct {
	above, size []int32
	turned      []int8 // 1, or −1
}

func newSigns(n int) *signs {
	f := &signs{make([]int32, n), make([]int32, n), make([]int8, n)}
	for i := range n {
		f.above[i], f.size[i], f.turned[i] = int32(i), 1, 1
	}
	return f
}

func (f *signs) find(i int32) (top int32, sign int8) {
	sign = 1
	for f.above[i] != i {
		sign *= f.turned[i]
		i = f.above[i]
	}
	return i, sign
}

func (f *signs) of(i int32) int8 {
	_, sign := f.find(i)
	return sign
}

// join demands that i and j are turned alike (relation 1) or unlike (−1), and says
// whether that can be.
func (f *signs) join(i, j int32, relation int8) bool {
	a, si := f.find(i)
	b, sj := f.find(j)
	if a == b {
		return si*sj == relation
	}
	if f.size[a] < f.size[b] {
		a, b = b, a
	}
	f.above[b], f.turned[b] = a, si*sj*relation
	f.size[a] += f.size[b]
	return true
}

// index lists the half-arcs by the node that they leave. An arc from a node to
// itself is on no way between two nodes and is left out.
func (g *graph) index() {
	g.start = make([]int32, g.nodes+1)
	for h := range g.to {
		if from := g.to[h^1]; from != g.to[h] {
			g.start[from+1]++
		}
	}
	for i := range g.nodes {
		g.start[i+1] += g.start[i]
	}
	g.adj = make([]int32, g.start[g.nodes])
	next := append([]int32(nil), g.start...)
	for h := range g.to {
		if from := g.to[h^1]; from != g.to[h] {
			g.adj[next[from]] = int32(h)
			next[from]++
		}
	}
}
