package sdc

import (
	"slices"
	"sort"
	"strings"
)

// A second reading of a release, made from the documentation of Table alone: it
// shares no code with the package, so that a mistake there cannot hide here.

// A judgeModel is a release as unknowns and rows.
type judgeModel struct {
	judgeProgram
	at     map[string]int // population and codes → unknown
	hidden []bool
	shown  []bool  // perhaps rounded
	known  []bool  // exactly, from what is printed or is a count of none
	floor  []int64 // the least that a hidden count can be when zeros are shown
	// least is what a count is at least for whoever sees only which counts are none.
	least []int64
	// special says that more than small counts may be hidden for their own sake.
	special bool
}

// judgeRead reads a release as an attacker does who knows k (K0, K1 or K2).
func judgeRead(r *Release, p *Profile, k Knowledge) *judgeModel {
	m := &judgeModel{at: map[string]int{}}
	for i := range r.Tables {
		m.readCells(&r.Tables[i], p)
	}
	for i := range r.Tables {
		m.readSums(&r.Tables[i])
	}
	for _, id := range r.Identities {
		m.readParts(id.Parts, id.Sum, id.Sum)
	}
	m.known = make([]bool, len(m.low))
	for v := range m.low {
		m.known[v] = m.low[v] == m.high[v]
	}
	for v, h := range m.hidden {
		if h && k != K0 && !m.known[v] {
			m.low[v] = max(m.low[v], m.floor[v])
		}
	}
	m.tighten()
	m.leastByZeros()
	m.shorten()
	m.untie()
	if k != K0 && k != K1 {
		return m.grouped(p)
	}
	return m
}

// judgeName names a count: its population and its codes that are not Total, by
// dimension name.
func judgeName(population string, codes map[string]string) string {
	var parts []string
	for d, c := range codes {
		if c != "Total" {
			parts = append(parts, d+"="+c)
		}
	}
	sort.Strings(parts)
	return population + "|" + strings.Join(parts, "|")
}

func judgeNames(t *Table, codes []string) map[string]string {
	named := map[string]string{}
	for d, c := range codes {
		named[t.Dimensions[d].Name] = c
	}
	return named
}

// unknown finds or makes the unknown of a count, which is 0 or more until
// something is known of it.
func (m *judgeModel) unknown(name string) int {
	v, ok := m.at[name]
	if !ok {
		v = len(m.low)
		m.at[name] = v
		m.low = append(m.low, 0)
		m.high = append(m.high, judgeCap)
		m.hidden = append(m.hidden, false)
		m.shown = append(m.shown, false)
		m.floor = append(m.floor, 0)
	}
	return v
}

// readCells takes what each cell says: printed counts, symbols, and counts of none
// where a combination of lowest codes is missing.
func (m *judgeModel) readCells(t *Table, p *Profile) {
	for _, d := range t.Dimensions {
		m.special = m.special || d.Sensitive
	}
	printed := map[string]bool{}
	for _, c := range t.Cells {
		name := judgeName(t.Population, judgeNames(t, c.Codes))
		printed[name] = true
		v := m.unknown(name)
		secret := false // of a category of which nobody may be known to be
		for d, code := range c.Codes {
			secret = secret || t.Dimensions[d].Sensitive && code != "Total"
		}
		if p.ZerosShown && !(secret && p.Threshold > 0) {
			m.floor[v] = 1
		}
		if c.Hidden {
			m.hidden[v] = true
			continue
		}
		m.shown[v] = true
		low, high := judgePrinted(c.Count, p)
		m.low[v], m.high[v] = max(m.low[v], low), min(m.high[v], high)
	}
	for _, codes := range judgeGrid(t) {
		name := judgeName(t.Population, judgeNames(t, codes))
		lowest := true
		for d, c := range codes {
			lowest = lowest && len(judgeParts(t, d, c)) == 0
		}
		if lowest && !printed[name] {
			m.high[m.unknown(name)] = 0
		}
	}
}

// judgePrinted says of which counts a printed one can be.
func judgePrinted(count int64, p *Profile) (int64, int64) {
	if p.Base <= 1 {
		return count, count
	}
	low, high := int64(-1), int64(-1)
	for x := int64(0); x <= count+p.Base; x++ {
		hides := x >= 1 && x <= p.Threshold || x == 0 && !p.ZerosShown
		nearest := x - x%p.Base
		if 2*(x%p.Base) >= p.Base {
			nearest += p.Base
		}
		if !hides && nearest == count {
			if low < 0 {
				low = x
			}
			high = x
		}
	}
	return low, high
}

// judgeParent is the code that a code is directly part of; "" for Total, and for
// what is directly part of it in a dimension that prints no Total at all.
func judgeParent(t *Table, d int, code string) string {
	if code == "Total" {
		return ""
	}
	if p, ok := t.Dimensions[d].Parent[code]; ok {
		return p
	}
	for _, c := range t.Cells {
		if c.Codes[d] == "Total" {
			return "Total"
		}
	}
	return ""
}

// judgeCodes are the codes of a dimension: those of cells, and what they are part of.
func judgeCodes(t *Table, d int) []string {
	seen := map[string]bool{}
	for _, c := range t.Cells {
		for code := c.Codes[d]; code != "" && !seen[code]; code = judgeParent(t, d, code) {
			seen[code] = true
		}
	}
	var codes []string
	for code := range seen {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

// judgeParts are the codes that are directly part of a code.
func judgeParts(t *Table, d int, code string) []string {
	var parts []string
	for _, c := range judgeCodes(t, d) {
		if judgeParent(t, d, c) == code {
			parts = append(parts, c)
		}
	}
	return parts
}

// judgeGrid is every combination of the codes of a table.
func judgeGrid(t *Table) [][]string {
	grid := [][]string{nil}
	for d := range t.Dimensions {
		var longer [][]string
		for _, g := range grid {
			for _, c := range judgeCodes(t, d) {
				longer = append(longer, append(append([]string(nil), g...), c))
			}
		}
		grid = longer
	}
	return grid
}

// readSums says that each total is the sum of its parts along each dimension.
func (m *judgeModel) readSums(t *Table) {
	for _, codes := range judgeGrid(t) {
		for d := range t.Dimensions {
			parts := judgeParts(t, d, codes[d])
			if len(parts) == 0 {
				continue
			}
			row := judgeRow{}
			add := func(code string, factor int64) {
				other := append([]string(nil), codes...)
				other[d] = code
				row.vars = append(row.vars, m.unknown(judgeName(t.Population, judgeNames(t, other))))
				row.coefs = append(row.coefs, factor)
			}
			add(codes[d], -1)
			for _, c := range parts {
				add(c, 1)
			}
			m.rows = append(m.rows, row)
		}
	}
}

func (m *judgeModel) readParts(parts []Part, low, high int64) {
	row := judgeRow{low: low, high: high}
	for _, p := range parts {
		row.vars = append(row.vars, m.unknown(judgeName(p.Ref.Population, p.Ref.Codes)))
		row.coefs = append(row.coefs, p.Factor)
	}
	m.rows = append(m.rows, row)
}

// tighten lowers the upper ends that are only judgeCap by what the rows say of
// totals, so that the factor of a group's choice is small.
func (m *judgeModel) tighten() {
	for changed := true; changed; {
		changed = false
		for _, r := range m.rows {
			for i, v := range r.vars {
				if r.low != 0 || r.high != 0 || len(r.vars) < 2 || !judgeSum(r) {
					continue
				}
				limit := m.high[r.vars[0]] // of a part: its total
				if i == 0 {                // of the total: its parts together
					limit = 0
					for _, p := range r.vars[1:] {
						limit += m.high[p]
					}
				}
				if !m.known[v] && limit < m.high[v] && limit >= m.low[v] {
					m.high[v], changed = limit, true
				}
			}
		}
	}
}

// leastByZeros works out least: what is printed as none is none, all else that has a
// cell is its floor or more, and every row holds. Ends are drawn in, row by row,
// until none moves.
func (m *judgeModel) leastByZeros() {
	low, high := slices.Clone(m.floor), make([]int64, len(m.low))
	for v := range high {
		high[v] = judgeCap
		if m.known[v] && m.low[v] == 0 {
			low[v], high[v] = 0, 0
		}
	}
	for rounds, moved := 0, true; moved && rounds < 100; rounds++ {
		moved = false
		for _, r := range m.rows {
			for i, v := range r.vars {
				// c·v = the sum of the row less the others, which are least and greatest:
				others, most := -r.low, -r.low
				for j, o := range r.vars {
					switch {
					case j == i:
					case r.coefs[j] > 0:
						others, most = others+r.coefs[j]*low[o], most+r.coefs[j]*high[o]
					default:
						others, most = others+r.coefs[j]*high[o], most+r.coefs[j]*low[o]
					}
				}
				from, to := others, most // of v where its factor is −1
				if r.coefs[i] > 0 {
					from, to = -most, -others
				}
				if from > low[v] {
					low[v], moved = from, true
				}
				if to < high[v] {
					high[v], moved = to, true
				}
			}
		}
	}
	m.least = low
}

// shorten moves what is known exactly from the rows to their sums, so that rows tie
// only what is not known.
func (m *judgeModel) shorten() {
	var rows []judgeRow
	for _, r := range m.rows {
		short := judgeRow{low: r.low, high: r.high}
		for i, v := range r.vars {
			if m.known[v] {
				short.low -= r.coefs[i] * m.low[v]
				short.high -= r.coefs[i] * m.low[v]
				continue
			}
			short.vars = append(short.vars, v)
			short.coefs = append(short.coefs, r.coefs[i])
		}
		if len(short.vars) > 0 || short.low > 0 || short.high < 0 {
			rows = append(rows, short)
		}
	}
	m.rows = rows
}

// untie leaves out rows that only say what a total is that is printed nowhere and
// stands in no other row: they tell a reader nothing, and tie nothing together.
func (m *judgeModel) untie() {
	printed := map[int]bool{}
	for v := range m.low {
		printed[v] = m.hidden[v] || m.known[v] || m.shown[v]
	}
	for again := true; again; {
		again = false
		uses := map[int]int{}
		for _, r := range m.rows {
			for _, v := range r.vars {
				uses[v]++
			}
		}
		for i, r := range m.rows {
			least, free := -r.low, false
			for j, v := range r.vars {
				switch {
				case r.coefs[j] > 0:
					least += r.coefs[j] * m.low[v]
				case r.coefs[j] == -1 && !printed[v] && uses[v] == 1 && !free:
					free = true
				default:
					least = -judgeCap
				}
			}
			if free && least >= 0 {
				m.rows = append(m.rows[:i], m.rows[i+1:]...)
				again = true
				break
			}
		}
	}
}

// judgeSum says whether a row is a total (first, −1) of parts (all 1).
func judgeSum(r judgeRow) bool {
	for i, c := range r.coefs {
		if i == 0 && c != -1 || i > 0 && c != 1 {
			return false
		}
	}
	return true
}

// grouped is the same reading by who knows besides that among hidden counts that
// rows tie together, at least one is small. It shares the rows.
func (m *judgeModel) grouped(p *Profile) *judgeModel {
	out := *m
	out.any = nil
	if m.special {
		return &out
	}
	for _, group := range m.hiddenGroups() {
		out.any = append(out.any, judgeAny{group, p.Threshold})
	}
	return &out
}

// hiddenGroups are the hidden unknowns, by what rows tie together.
func (m *judgeModel) hiddenGroups() [][]int {
	var groups [][]int
	done := map[int]bool{}
	for v, h := range m.hidden {
		if !h || done[v] || m.known[v] {
			continue
		}
		reached := map[int]bool{v: true}
		for before := 0; before < len(reached); {
			before = len(reached)
			for _, r := range m.rows {
				if anyReached(reached, r.vars) {
					for _, x := range r.vars {
						reached[x] = true
					}
				}
			}
		}
		var group []int
		for x := range m.low {
			if reached[x] {
				done[x] = true
				if m.hidden[x] {
					group = append(group, x)
				}
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// cell gives the unknown of a cell.
func (m *judgeModel) cell(t *Table, c int) int {
	return m.at[judgeName(t.Population, judgeNames(t, t.Cells[c].Codes))]
}
