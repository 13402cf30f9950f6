package sdc

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPropertyKnowledge: who knows more finds no wider interval.
func TestPropertyKnowledge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawPeople(t, 3)
		o := Options{Profile: mustProfile(t, "dfe"), Ledger: &Ledger{}}
		before := hideUpTo(alone(w.table("before", w.whole()[:1], nil)), 5)
		if _, err := o.Ledger.Append(before, o.Profile); err != nil {
			t.Fatal(err)
		}
		truth := alone(headline(w.table("now", w.whole(), nil)))
		r := protected(t, Options{Profile: o.Profile}, truth).Released
		fact := rapid.SampledFrom(truth.Tables[0].Cells).Draw(t, "fact")
		codes := map[string]string{}
		for d, c := range fact.Codes {
			codes[w.names[d]] = c
		}
		r.Facts = []Fact{{Name: "a bar", Parts: []Part{{Ref{Codes: codes}, 1}}, Low: fact.Count - 1, High: fact.Count + 2}}
		var last *Audit
		for k := K0; k <= K5; k++ {
			o.Know = k
			a := attacked(t, o, r)
			for _, j := range a.Cells {
				if x := truth.Tables[0].Cells[j.Cell].Count; k != K4 && k != K5 && (x < j.Low || x > j.High) {
					t.Errorf("%s is %d, and %v says %d to %d", j.Label, x, k, j.Low, j.High)
				}
			}
			if last != nil {
				within(t, k.String(), last, a)
			}
			if k <= K3 { // an insider is tried in each cell: those after K3 need not agree
				last = a
			}
		}
	})
}

// TestPropertyOneMore: hiding one more count narrows nothing.
func TestPropertyOneMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: mustProfile(t, "dfe"), Know: rapid.SampledFrom([]Knowledge{K0, K1}).Draw(t, "know")}
		table := drawPrinted(t)
		more := table
		more.Cells = slices.Clone(table.Cells)
		if i := rapid.IntRange(0, len(more.Cells)-1).Draw(t, "one more"); more.Cells[i].Count > 0 {
			more.Cells[i].Hidden = true
		}
		within(t, "before one more was hidden", attacked(t, o, alone(more)), attacked(t, o, alone(table)))
	})
}

// TestPropertyPrinted: what stands in a hidden cell of a printed table is not
// looked at.
func TestPropertyPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		o.Know = K1
		r := alone(drawPrinted(t))
		if rapid.Bool().Draw(t, "linked") && len(r.Tables[0].Dimensions) > 1 {
			second := Table{Name: "second", Dimensions: r.Tables[0].Dimensions[:1]}
			for _, c := range r.Tables[0].Cells {
				if !slices.ContainsFunc(c.Codes[1:], func(s string) bool { return s != Total }) {
					c.Codes = c.Codes[:1]
					second.Cells = append(second.Cells, c)
				}
			}
			if len(second.Cells) > 0 {
				r.Tables = append(r.Tables, second)
			}
		}
		before := attacked(t, o, r)
		for i := range r.Tables {
			r.Tables[i].Cells = slices.Clone(r.Tables[i].Cells)
			for c := range r.Tables[i].Cells {
				if cell := &r.Tables[i].Cells[c]; cell.Hidden {
					cell.Count = rapid.SampledFrom([]int64{0, -7, 4, 1000, 1 << 40, math.MinInt64}).Draw(t, "garbage")
				}
			}
		}
		after := attacked(t, o, r)
		if a, b := auditText(t, before), auditText(t, after); a != b || before.Work != after.Work {
			t.Errorf("it was %s and is %s", a, b)
		}
	})
}

// TestPropertyLedger: a second release never gives away what the first one hid. It
// is judged by who puts both beside each other and knows no more than K1.
func TestPropertyLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawPeople(t, 3)
		tables := []Table{headline(w.table("first", w.whole(), nil))}
		if len(w.codes) > 1 {
			tables = append(tables, headline(w.table("second", w.whole()[:1], nil)))
		} else {
			tables = append(tables, headline(w.table("second", w.whole(), map[int]bool{0: true})))
		}
		if rapid.Bool().Draw(t, "the other first") {
			slices.Reverse(tables)
		}
		o := Options{Profile: drawProfile(t, "dfe", "threshold10")}
		first := protected(t, o, alone(tables[0]))
		if !first.Safe {
			return
		}
		o.Ledger = &Ledger{}
		if _, err := o.Ledger.Append(first.Released, o.Profile); err != nil {
			t.Fatal(err)
		}
		second := protected(t, o, alone(tables[1]))
		if !second.Safe {
			return
		}
		joint := Release{Tables: []Table{first.Released.Tables[0], second.Released.Tables[0]}}
		a := attacked(t, Options{Profile: o.Profile, Know: K1}, joint)
		for _, j := range a.Cells {
			x := tables[j.Table].Cells[j.Cell].Count
			if o.Profile.small(x) && j.High != Unlimited && j.High-j.Low+1 < o.Profile.Values {
				t.Errorf("%s is %d; after the second release it is known to be %d to %d", j.Label, x, j.Low, j.High)
			}
		}
	})
}
