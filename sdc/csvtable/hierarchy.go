package csvtable

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"kith/sdc"
	"kith/sdc/internal/input"
)

// labelParents reads the parents from the codes of a column: a code "a/b/c" is part
// of "a/b" where the column has that code, else of "a". Spaces beside a slash do
// not matter.
func labelParents(codes []string) map[string]string {
	known := map[string]string{} // without spaces beside slashes → as in the column
	for _, c := range codes {
		if path := withoutSlashSpaces(c); known[path] == "" {
			known[path] = c
		}
	}
	var parents map[string]string
	for _, c := range codes {
		path := withoutSlashSpaces(c)
		for cut := strings.LastIndexByte(path, '/'); cut > 0; cut = strings.LastIndexByte(path[:cut], '/') {
			parent, ok := known[path[:cut]]
			if !ok && strings.EqualFold(path[:cut], sdc.Total) {
				parent = known[sdc.Total]
				ok = parent != ""
			}
			if !ok {
				continue
			}
			if parent != sdc.Total {
				if parents == nil {
					parents = map[string]string{}
				}
				parents[c] = parent
			}
			break
		}
	}
	return parents
}

// withoutSlashSpaces takes away the spaces before and after each slash.
func withoutSlashSpaces(code string) string {
	if !strings.Contains(code, "/") {
		return code
	}
	parts := strings.Split(code, "/")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, "/")
}

// A Hierarchy says which codes of dimensions are parts of which sub-totals.
type Hierarchy struct {
	links []hierarchyLink
}

type hierarchyLink struct {
	place                    string // its row
	dimension, child, parent string
}

// ReadHierarchy reads a file with the columns dimension, parent and child, one row
// for each code that is part of a sub-total. A code has one parent; what is part of
// Total need not be there.
func ReadHierarchy(r io.Reader) (*Hierarchy, error) {
	text, err := input.Text(r, maxBytes)
	if err != nil {
		return nil, err
	}
	s := newScanner(text)
	head, err := s.next()
	if err == io.EOF {
		return nil, input.Refusal("the file is empty; its first row is: dimension,parent,child")
	} else if err != nil {
		return nil, err
	}
	columns, err := hierarchyColumns(s, head)
	if err != nil {
		return nil, err
	}
	h, seen := &Hierarchy{}, map[[2]string]int{}
	for {
		fields, err := s.next()
		if err == io.EOF {
			return h, h.noLoops(seen)
		} else if err != nil {
			return nil, err
		}
		if err := h.add(s, fields, columns, seen); err != nil {
			return nil, err
		}
	}
}

var hierarchyNames = [3]string{"dimension", "parent", "child"}

// hierarchyColumns finds the three columns, in the order of their names above.
func hierarchyColumns(s *scanner, head []string) ([3]int, error) {
	columns := [3]int{-1, -1, -1}
	for at, raw := range head {
		for i, name := range hierarchyNames {
			if strings.EqualFold(fieldValue(raw), name) && columns[i] < 0 {
				columns[i] = at
			}
		}
	}
	if len(head) != 3 || columns[0] < 0 || columns[1] < 0 || columns[2] < 0 {
		return columns, s.fault("the columns of a hierarchy are dimension, parent and child")
	}
	return columns, nil
}

// add takes one row. The key of seen is a dimension and a child, both as they are
// compared.
func (h *Hierarchy) add(s *scanner, fields []string, columns [3]int, seen map[[2]string]int) error {
	if len(fields) != len(columns) {
		return s.fault("it has %d cells; a hierarchy has 3: dimension, parent and child", len(fields))
	}
	if len(h.links) == input.MaxRows {
		return s.fault("a hierarchy may have %d rows and this is one more", input.MaxRows)
	}
	var values [3]string
	for i, at := range columns {
		values[i] = fieldValue(fields[at])
		if err := input.Label(values[i]); err != nil {
			return s.fault("the cell in the column %s %v", hierarchyNames[i], err)
		}
	}
	l := hierarchyLink{place: placeName(s.row, s.line), dimension: values[0], parent: totalCode(values[1]),
		child: totalCode(values[2])}
	if l.child == sdc.Total {
		return s.fault("Total is part of nothing; leave this row out")
	}
	if first, ok := seen[l.key(l.child)]; ok {
		return s.fault("%s has a parent already, by %s; keep one of them", input.Short(l.child), h.links[first].place)
	}
	seen[l.key(l.child)] = len(h.links)
	h.links = append(h.links, l)
	return nil
}

func (l *hierarchyLink) key(code string) [2]string {
	return [2]string{strings.ToLower(l.dimension), code}
}

// totalCode gives Total for its every spelling, and other codes as they are.
func totalCode(code string) string {
	if strings.EqualFold(code, sdc.Total) {
		return sdc.Total
	}
	return code
}

// noLoops refuses codes that are parts of themselves. It follows each code upward
// once: a code with a row of its own whose way up is known to end is not walked
// again.
func (h *Hierarchy) noLoops(seen map[[2]string]int) error {
	const walking, ends = 1, 2
	state := make([]uint8, len(h.links))
	for i := range h.links {
		var path []int
		at, ok := i, true
		for ok && state[at] == 0 {
			state[at] = walking
			path = append(path, at)
			at, ok = seen[h.links[at].key(h.links[at].parent)]
		}
		if ok && state[at] == walking {
			return input.Refusal(fmt.Sprintf("%s: %s is part of itself; follow its parents and mend one", h.links[at].place,
				input.Short(h.links[at].child)))
		}
		for _, p := range path {
			state[p] = ends
		}
	}
	return nil
}

// Apply puts a hierarchy on the table. It takes the place of what the labels say in
// every dimension that it names. A dimension or a code that the table does not have
// is refused, and the row of the hierarchy named.
func (c *File) Apply(h *Hierarchy) error {
	return c.apply(h, true)
}

// ApplyKnown is Apply for another table than the one the hierarchy was written for,
// such as an earlier one: what it does not have is passed over.
func (c *File) ApplyKnown(h *Hierarchy) {
	// Only what the table lacks is ever refused.
	_ = c.apply(h, false)
}

func (c *File) apply(h *Hierarchy, strict bool) error {
	parents := make([]map[string]string, len(c.Table.Dimensions))
	has := make([]map[string]bool, len(parents))
	for i := range h.links {
		l := &h.links[i]
		d := c.dimension(l.dimension)
		if d < 0 {
			if strict {
				return input.Refusal(fmt.Sprintf("%s: the table has no column %s", l.place, input.Short(l.dimension)))
			}
			continue
		}
		if parents[d] == nil {
			parents[d], has[d] = map[string]string{}, c.codes(d)
		}
		if err := l.known(has[d]); err != nil {
			if strict {
				return err
			}
			continue
		}
		if l.parent != sdc.Total {
			parents[d][l.child] = l.parent
		}
	}
	for d := range parents {
		if parents[d] == nil {
			continue
		}
		for _, t := range c.all() {
			t.Dimensions[d].Parent = maps.Clone(parents[d])
		}
	}
	return nil
}

// known refuses a link between codes of which the table lacks one.
func (l *hierarchyLink) known(codes map[string]bool) error {
	for _, code := range []string{l.parent, l.child} {
		if code != sdc.Total && !codes[code] {
			return input.Refusal(fmt.Sprintf("%s: the table has no row for %s in the column %s", l.place, input.Short(code),
				input.Short(l.dimension)))
		}
	}
	return nil
}

// dimension finds one by name, whatever its case; -1 for none.
func (c *File) dimension(name string) int {
	for d := range c.Table.Dimensions {
		if strings.EqualFold(c.Table.Dimensions[d].Name, name) {
			return d
		}
	}
	return -1
}

// codes gives the codes of a dimension.
func (c *File) codes(d int) map[string]bool {
	out := map[string]bool{}
	for i := range c.Table.Cells {
		out[c.Table.Cells[i].Codes[d]] = true
	}
	return out
}
