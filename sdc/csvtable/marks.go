package csvtable

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/sdc"
	"kith/sdc/internal/input"
)

// MarkSensitive marks a dimension as one whose categories tell something about a
// person.
func (c *File) MarkSensitive(dimension string) error {
	d := c.dimension(strings.TrimSpace(dimension))
	if d < 0 {
		return input.Refusal("the table has no column " + input.Short(dimension) + " to mark as sensitive")
	}
	for _, t := range c.all() {
		t.Dimensions[d].Sensitive = true
	}
	return nil
}

// MarkTotal says that a code is the total of its dimension, though it is not named
// Total. What the labels or a hierarchy call a part of it is then directly below Total.
func (c *File) MarkTotal(dimension, code string) error {
	d, err := c.place(dimension, code)
	if err != nil {
		return err
	}
	if code = totalCode(strings.TrimSpace(code)); code == sdc.Total {
		return nil
	}
	if c.codes(d)[sdc.Total] {
		return input.Refusal(fmt.Sprintf("the column %s has both Total and %s; leave the rows of one of them out",
			input.Short(c.Table.Dimensions[d].Name), input.Short(code)))
	}
	for _, t := range c.all() {
		dim := &t.Dimensions[d]
		delete(dim.Parent, code)
		for child, parent := range dim.Parent {
			if parent == code {
				delete(dim.Parent, child)
			}
		}
		for i := range t.Cells {
			if codes := t.Cells[i].Codes; codes[d] == code {
				codes[d] = sdc.Total
			}
		}
	}
	return nil
}

// Has refuses a code that a dimension does not have.
func (c *File) Has(dimension, code string) error {
	_, err := c.place(dimension, code)
	return err
}

func (c *File) place(dimension, code string) (int, error) {
	d := c.dimension(strings.TrimSpace(dimension))
	if d < 0 {
		return d, input.Refusal("the table has no column " + input.Short(dimension))
	}
	if code = totalCode(strings.TrimSpace(code)); !c.codes(d)[code] {
		return d, input.Refusal(fmt.Sprintf("the column %s has no code %s", input.Short(c.Table.Dimensions[d].Name),
			input.Short(code)))
	}
	return d, nil
}

// MarkKept marks the cell that must be shown, by its code in each dimension. A
// dimension that is left out stands for its total.
func (c *File) MarkKept(codes map[string]string) error {
	want := slices.Repeat([]string{sdc.Total}, len(c.Table.Dimensions))
	for _, name := range slices.Sorted(maps.Keys(codes)) {
		d := c.dimension(strings.TrimSpace(name))
		if d < 0 {
			return input.Refusal("the table has no column " + input.Short(name) + ", of which a count is to be kept")
		}
		want[d] = totalCode(strings.TrimSpace(codes[name]))
	}
	for i := range c.Table.Cells {
		if slices.Equal(c.Table.Cells[i].Codes, want) {
			for _, t := range c.all() {
				t.Cells[i].Keep = true
			}
			return nil
		}
	}
	return input.Refusal(fmt.Sprintf("the table has no row for %s, which is to be kept", c.Table.Label(want)))
}
