package csvtable

import (
	"strings"

	"kith/sdc/internal/input"
)

// columnSet says what each column of a file is; -1 is a column that is not there.
type columnSet struct {
	names                        []string
	dims                         []int
	count, largest, contributors int
	low, high                    int
}

// readHeader reads the names of the columns.
func readHeader(s *scanner, head []string, o Options) (columnSet, error) {
	c := columnSet{count: -1, largest: -1, contributors: -1, low: -1, high: -1}
	for _, raw := range head {
		c.names = append(c.names, o.unguarded(fieldValue(raw)))
	}
	for at, name := range c.names {
		if err := input.Label(name); err != nil {
			return c, s.fault("the name of column %d %v; name each column", at+1, err)
		}
		if first := c.find(name); first != at {
			return c, s.fault("columns %d and %d are both named %s; name each column differently", first+1, at+1,
				input.Short(name))
		}
	}
	if c.count = c.find("count"); c.count < 0 {
		return c, s.fault("no column is named count; %s", commaAdvice(c.names))
	}
	var err error
	if c.largest, err = c.named(s, o.Largest, "largest contribution"); err != nil {
		return c, err
	}
	if c.contributors, err = c.named(s, o.Contributors, "number of contributors"); err != nil {
		return c, err
	}
	if c.largest >= 0 && c.largest == c.contributors {
		return c, s.fault("the column %s cannot be both the largest contribution and the number of contributors",
			input.Short(o.Largest))
	}
	c.intervals()
	return c, c.dimensions(s)
}

// find gives the first column with a name, whatever its case; -1 for none.
func (c *columnSet) find(name string) int {
	for at, n := range c.names {
		if strings.EqualFold(n, name) {
			return at
		}
	}
	return -1
}

// named finds a column that options name.
func (c *columnSet) named(s *scanner, name, what string) (int, error) {
	if name == "" {
		return -1, nil
	}
	at := c.find(strings.TrimSpace(name))
	if at < 0 {
		return -1, s.fault("no column is named %s, for the %s", input.Short(name), what)
	}
	if at == c.count {
		return -1, s.fault("the column count cannot be the %s as well", what)
	}
	return at, nil
}

// intervals finds the two columns that an attack has added. They are no
// dimensions.
func (c *columnSet) intervals() {
	low, high := c.find("low"), c.find("high")
	for _, at := range []int{low, high} {
		if at < c.count || at == c.largest || at == c.contributors {
			return
		}
	}
	c.low, c.high = low, high
}

// dimensions takes every other column as one.
func (c *columnSet) dimensions(s *scanner) error {
	for at := range c.names {
		switch at {
		case c.count, c.largest, c.contributors, c.low, c.high:
		default:
			c.dims = append(c.dims, at)
		}
	}
	if len(c.dims) == 0 {
		return s.fault("no column besides count is there; give the table one for each dimension, such as age or sex")
	}
	if len(c.dims) > input.MaxDimensions {
		return s.fault("there are %d columns besides count, and a table may have %d dimensions; leave out what is none",
			len(c.dims), input.MaxDimensions)
	}
	return nil
}

// commaAdvice helps where a file is parted by something other than commas.
func commaAdvice(names []string) string {
	if len(names) == 1 && strings.ContainsAny(names[0], ";\t|") {
		return "part the columns with commas"
	}
	return "give that name to the column of counts"
}
