package sdc

import (
	"fmt"
	"strings"

	"kith/sdc/internal/exact"
)

// maxCount is the greatest count of a cell: sums of all cells then stay within 64
// bits.
const maxCount = 1 << 41

// checkTable sees that a table is one: named dimensions, a code in each, no cell
// twice, no negative count.
func checkTable(t *Table) error {
	if len(t.Cells) == 0 {
		return tableError(t, -1, "the table has no rows; give it one row for each count")
	}
	names := map[string]bool{}
	for _, d := range t.Dimensions {
		if d.Name == "" || names[d.Name] {
			return tableError(t, -1, "two columns are named %q; give each dimension a name of its own", d.Name)
		}
		names[d.Name] = true
	}
	seen := make(map[string]int, len(t.Cells))
	for i := range t.Cells {
		c := &t.Cells[i]
		if len(c.Codes) != len(t.Dimensions) {
			return tableError(t, i, "it has %d codes and the table has %d dimensions", len(c.Codes), len(t.Dimensions))
		}
		if !c.Hidden && c.Count < 0 {
			return tableError(t, i, "the count %d is negative; a count is 0 or more", c.Count)
		}
		if !c.Hidden && c.Count > maxCount {
			return tableError(t, i, "the count %d is too large to reckon with", c.Count)
		}
		k := strings.Join(c.Codes, "\x1f")
		if _, ok := seen[k]; ok {
			return tableError(t, i, "%s is there twice; keep one row", t.Label(c.Codes))
		}
		seen[k] = i
	}
	return nil
}

// addsUp sees that true counts add up.
func (p *problem) addsUp() error {
	for _, e := range p.eqs {
		sum, all := int64(0), true
		for _, t := range e.Terms {
			all = all && p.q[t.V].known
			sum += t.C * p.q[t.V].truth
		}
		if all && sum != e.RHS {
			return p.notEqual(e)
		}
	}
	for _, q := range p.q {
		if q.known && q.truth < 0 {
			return &TableError{Cell: -1,
				Words: fmt.Sprintf("%s would be %d: the parts that are given come to more than their total", q.label, q.truth)}
		}
		if q.known && q.prior == shown && (q.truth < q.priorLo || q.truth > q.priorHi) {
			return p.at(&q, "%s comes to %d here and was released before as %s; if it is another count, name its population",
				q.label, q.truth, interval(q.priorLo, q.priorHi))
		}
	}
	return nil
}

// canAddUp sees, for each equation by itself, that printed numbers and hidden
// counts can add up for a reader with that knowledge.
func (p *problem) canAddUp(know Knowledge) error {
	for _, e := range p.eqs {
		if p.oneSided(e, know) {
			return p.notEqual(e)
		}
	}
	return nil
}

// oneSided says whether no numbers within their bounds satisfy an equation.
func (p *problem) oneSided(e exact.Equation, know Knowledge) bool {
	lo, hi, openLo, openHi := int64(0), int64(0), false, false
	for _, t := range e.Terms {
		a, b := p.bounds(&p.q[t.V], know)
		if t.C < 0 {
			a, b = b, a
		}
		if a == unbounded {
			openLo = true
		} else {
			lo += t.C * a
		}
		if b == unbounded {
			openHi = true
		} else {
			hi += t.C * b
		}
	}
	return !openLo && lo > e.RHS || !openHi && hi < e.RHS
}

// notEqual names the total that is not the sum of its parts.
func (p *problem) notEqual(e exact.Equation) error {
	var total *quantity
	parts, hiddenParts := int64(0), 0
	for _, t := range e.Terms {
		q := &p.q[t.V]
		if t.C < 0 && total == nil {
			total = q
			continue
		}
		if q.state == hidden || q.state == absent && !q.known {
			hiddenParts++
			continue
		}
		parts += t.C * p.number(q)
	}
	if total == nil {
		return &TableError{Cell: -1, Words: "an identity between counts does not hold"}
	}
	switch {
	case hiddenParts > 0 && total.state != hidden:
		return p.at(total, "the total %d for %s cannot be: its shown parts come to %d and %s hidden", p.number(total),
			total.label, parts, more(hiddenParts))
	case total.state == hidden:
		return p.at(total, "the parts of %s come to %d, which its hidden total cannot be", total.label, parts)
	}
	return p.at(total, "the total %d for %s is not the sum of its parts, %d", p.number(total), total.label, parts)
}

func (p *problem) number(q *quantity) int64 {
	if q.known {
		return q.truth
	}
	if q.state == shown {
		return q.lo
	}
	return q.priorLo
}

// at makes a TableError error at a quantity's first spot.
func (p *problem) at(q *quantity, format string, args ...any) error {
	if len(q.places) == 0 {
		return &TableError{Cell: -1, Words: fmt.Sprintf(format, args...)}
	}
	return tableError(&p.release.Tables[q.places[0].table], q.places[0].cell, format, args...)
}

func more(n int) string {
	if n == 1 {
		return "one more is"
	}
	return fmt.Sprintf("%d more are", n)
}
