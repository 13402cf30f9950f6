package sdc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// A bytesReader makes small tables from bytes; after the last all are 0.
type bytesReader struct{ b []byte }

func (b *bytesReader) next() int {
	if len(b.b) == 0 {
		return 0
	}
	x := b.b[0]
	b.b = b.b[1:]
	return int(x)
}

// fuzzRelease makes one or two tables that need not be any, and how they are to be
// judged.
func fuzzRelease(t *testing.T, data []byte) (Release, Options) {
	b := &bytesReader{data}
	names := []string{"dfe", "nhs", "round5", "threshold10"}
	first := b.next()
	o := Options{Profile: mustProfile(t, names[first%4]), Know: Knowledge(first / 4 % 7), Budget: 20_000_000}
	r := Release{Name: "now"}
	for range 1 + first/32%2 {
		r.Tables = append(r.Tables, b.table())
	}
	if ties := b.next(); ties&1 != 0 {
		r.Identities = []Identity{{Parts: b.parts(), Sum: int64(b.next()) - 100}}
	} else if ties&2 != 0 {
		low := int64(b.next()) - 20
		r.Facts = []Fact{{Name: "a fact", Parts: b.parts(), Low: low, High: low + int64(b.next()%16)}}
	}
	if first/64%2 == 1 {
		o.Ledger = &Ledger{}
		if _, err := o.Ledger.Append(Release{Name: "before", Tables: []Table{b.table()}}, o.Profile); err != nil {
			o.Ledger = nil
		}
	}
	return r, o
}

func (b *bytesReader) parts() []Part {
	var out []Part
	for range 1 + b.next()%3 {
		codes := map[string]string{"A": b.code(0)}
		if b.next()&1 != 0 {
			codes["B"] = b.code(1)
		}
		out = append(out, Part{Ref{Codes: codes}, int64(b.next()%9) - 4})
	}
	return out
}

func (b *bytesReader) code(d int) string { return fmt.Sprintf("%c%d", 'a'+d, b.next()%4) }

// table makes a table; most of its totals are the sums of their parts.
func (b *bytesReader) table() Table {
	table := Table{Name: "t"}
	var codes [][]string
	shape := b.next()
	for d := range 1 + shape%3 {
		x := b.next()
		dim := Dimension{Name: string(rune('A' + d)), Sensitive: x&0x80 != 0 && x&0x40 != 0}
		var list []string
		for i := range 1 + x%4 {
			list = append(list, fmt.Sprintf("%c%d", 'a'+d, i))
		}
		switch x / 4 % 8 {
		case 1, 2:
			dim.Parent = map[string]string{list[0]: "sub", list[len(list)/2]: "sub"}
			list = append(list, "sub")
		case 3:
			dim.Parent = map[string]string{list[0]: list[len(list)-1], "sub": list[0]}
		}
		if x&0x20 == 0 {
			list = append(list, Total)
		}
		table.Dimensions, codes = append(table.Dimensions, dim), append(codes, list)
	}
	for _, c := range product(codes) {
		if cell, ok := b.cell(&table, c); ok {
			table.Cells = append(table.Cells, cell)
		}
	}
	return table
}

// cell makes one cell: the low bits are its count if it is no total.
func (b *bytesReader) cell(table *Table, codes []string) (Cell, bool) {
	x := b.next()
	c := Cell{Codes: codes, Count: int64(x % 24), Hidden: x&0x80 != 0, Keep: x&0x60 == 0x60}
	if sum, total := sumOfParts(table, codes); total {
		c.Count = sum
	}
	switch x {
	case 0xff:
		c.Count = int64(b.next()) - 20
	case 0xfe:
		c.Count = 1 << (b.next() % 64)
	case 0xfd:
		return c, false
	case 0xfc:
		c.Contributors, c.Largest = int64(b.next()%8), int64(b.next())
	}
	return c, true
}

// sumOfParts adds up the cells so far that are parts of one, in all dimensions.
func sumOfParts(table *Table, codes []string) (sum int64, total bool) {
	for d, c := range codes {
		total = total || c == Total || c == "sub" && table.Dimensions[d].Parent != nil
	}
	for _, o := range table.Cells {
		in := true
		for d, c := range o.Codes {
			lowest := c != Total && c != "sub"
			in = in && lowest && (codes[d] == c || codes[d] == Total || table.Dimensions[d].Parent[c] == codes[d])
		}
		if in {
			sum += o.Count
		}
	}
	return sum, total
}

// expected says whether an error is one that a release that is none may have.
func expected(err error) bool {
	var bad *TableError
	return errors.As(err, &bad) || err.Error() == "an identity names no count" || err.Error() == "a fact names no count"
}

func FuzzProtect(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, o := fuzzRelease(t, data)
		res, err := Protect(context.Background(), r, o)
		if err != nil {
			if !expected(err) {
				t.Fatalf("%v\n%s", err, show(r))
			}
			return
		}
		if res.Safe != (res.Audit.Stands && !res.exposed()) || res.Audit.Stopped && res.Safe {
			t.Fatalf("safe %v, the audit stands %v and was stopped %v", res.Safe, res.Audit.Stands, res.Audit.Stopped)
		}
		if !res.Safe {
			return
		}
		for i, table := range r.Tables {
			for c, was := range table.Cells {
				now := res.Released.Tables[i].Cells[c]
				if was.Hidden && !now.Hidden || len(r.Tables) == 1 && was.Keep && now.Hidden && !was.Hidden || !now.Hidden &&
					o.Profile.small(was.Count) {
					t.Fatalf("%v: %+v became %+v", was.Codes, was, now)
				}
			}
		}
		if single := len(r.Tables) == 1 && o.Ledger == nil; !single {
			return // who publishes several tables knows which categories they leave out
		}
		again, err := Attack(context.Background(), res.Released, o)
		if err != nil {
			t.Fatalf("called safe, and is no table: %v\n%s", err, show(res.Released))
		}
		if !again.Stands && !again.Stopped {
			t.Fatalf("called safe, and an attack finds %v\n%s", again.faults(5), show(res.Released))
		}
	})
}

func FuzzAttack(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, o := fuzzRelease(t, data)
		a, err := Attack(context.Background(), r, o)
		if err != nil {
			if !expected(err) {
				t.Fatalf("%v\n%s", err, show(r))
			}
			return
		}
		stand := !a.Stopped
		for _, j := range slices.Concat(a.Cells, a.Derived) {
			stand = stand && j.Stands
			if !a.Stopped && (j.Low > j.High || j.Low < 0) {
				t.Fatalf("%s is %d to %d\n%s", j.Label, j.Low, j.High, show(r))
			}
		}
		if a.Stands != stand {
			t.Fatalf("stands %v, and its counts %v", a.Stands, stand)
		}
		if n := cellsHidden(r); len(a.Cells) != n {
			t.Fatalf("%d counts are hidden and %d judged", n, len(a.Cells))
		}
	})
}

// show is a release for people.
func show(r Release) string {
	out := fmt.Sprintf("identities %v, facts %v", r.Identities, r.Facts)
	for i := range r.Tables {
		out += fmt.Sprintf("\n%v\n%s", r.Tables[i].Dimensions, cells(&r.Tables[i]))
	}
	return out
}

func addSeeds(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 1, 2, 3, 3, 7, 22, 5, 1, 9, 14, 2, 18, 4, 12, 20})
	f.Add([]byte{3, 1, 3, 2, 0x83, 7, 0x92, 5, 0x81, 9, 14, 2, 0x98, 4, 12, 20})
	f.Add([]byte{0x2c, 2, 1, 5, 1, 3, 9, 1, 22, 7, 5, 2, 18, 4, 3, 11, 6, 13, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13})
	f.Add([]byte{0x40, 0, 2, 1, 12, 0xff, 30, 0, 0, 0, 0x22, 3, 14, 9})
	f.Add([]byte{9, 0, 0x0d, 9, 0x85, 3, 0xfe, 63, 0xfe, 62, 4, 2, 1, 1, 5, 3})
}
