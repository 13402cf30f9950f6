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
	c.Table.Dimensions[d].Sensitive = true
	return nil
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
			c.Table.Cells[i].Keep = true
			return nil
		}
	}
	return input.Refusal(fmt.Sprintf("the table has no row for %s, which is to be kept", c.Table.Label(want)))
}
