package csvtable

import (
	"fmt"
	"slices"
	"strings"

	"kith/sdc"
	"kith/sdc/internal/input"
)

// columnSet says what each column of a file is; -1 is a column that is not there.
type columnSet struct {
	names                 []string
	dims                  []int
	counts                []int // of each measure, or of each category of a crosstab
	across                string
	acrossCodes           []string
	largest, contributors int
	low, high             int
	out                   []int // left out
}

// unnamedAcross is what the dimension of a crosstab is called that has no name.
const unnamedAcross = "columns"

// readHeader reads the names of the columns and settles what each of them is.
func (c *File) readHeader() error {
	set := &c.columns
	*set = columnSet{largest: -1, contributors: -1, low: -1, high: -1}
	if err := c.twoHeadings(); err != nil {
		return err
	}
	head := &c.grid.rows[c.head]
	for at := range head.fields {
		set.names = append(set.names, c.o.unguarded(head.value(at)))
	}
	for n := len(set.names); n > 1 && set.names[n-1] == "" && c.emptyColumn(n-1); n-- {
		set.names = set.names[:n-1]
	}
	if len(set.names) > 1 && set.names[0] == "" && !slices.Contains(set.names[1:], "") && set.find("count") < 0 {
		set.names[0] = "rows" // the corner of a crosstab
	}
	for at, name := range set.names {
		if err := input.Label(name); err != nil {
			return c.fault(c.head, "the name of column %d %v; name each column", at+1, err)
		}
		if first := set.find(name); first != at {
			return c.fault(c.head, "columns %d and %d are both named %s; name each column differently", first+1, at+1,
				input.Short(name))
		}
	}
	if err := c.namedColumns(); err != nil {
		return err
	}
	return c.settleColumns()
}

// emptyColumn says whether no row below the header has anything in a column.
func (c *File) emptyColumn(at int) bool {
	empty := true
	c.eachRow(func(r *gridRow) { empty = empty && r.value(at) == "" })
	return empty
}

// twoHeadings refuses a table that has the names of its columns in two rows.
func (c *File) twoHeadings() error {
	const advice = "headings in two rows are not read: write one row with one heading each, or one row for each count"
	if c.head > 0 && c.grid.rows[c.head-1].filled() > 1 {
		return c.fault(c.head, advice)
	}
	return nil
}

// eachRow calls f for the rows of the table.
func (c *File) eachRow(f func(r *gridRow)) {
	for i := c.head + 1; i < len(c.grid.rows); i++ {
		if !c.notes[i] {
			f(&c.grid.rows[i])
		}
	}
}

// find gives the first column with a name, whatever its case; -1 for none.
func (c *columnSet) find(name string) int {
	return slices.IndexFunc(c.names, func(n string) bool { return strings.EqualFold(n, name) })
}

// namedColumns finds the columns that options name.
func (c *File) namedColumns() (err error) {
	set := &c.columns
	if set.largest, err = c.named(c.o.Largest, ", for the largest contribution"); err != nil {
		return err
	}
	if set.contributors, err = c.named(c.o.Contributors, ", for the number of contributors"); err != nil {
		return err
	}
	if set.largest >= 0 && set.largest == set.contributors {
		return c.fault(c.head, "the column %s cannot be both the largest contribution and the number of contributors",
			input.Short(c.o.Largest))
	}
	for _, name := range c.o.LeaveOut {
		at, err := c.named(name, " to leave out")
		if err != nil {
			return err
		}
		if at >= 0 {
			set.out = append(set.out, at)
		}
	}
	for _, name := range c.o.Keep {
		if _, err := c.named(name, " to be a dimension"); err != nil {
			return err
		}
	}
	for _, name := range c.o.Measures {
		at, err := c.named(name, ", for the counts")
		if err != nil {
			return err
		}
		if at >= 0 && !slices.Contains(set.counts, at) {
			set.counts = append(set.counts, at)
		}
	}
	for _, at := range []int{set.largest, set.contributors} {
		if at >= 0 && (slices.Contains(set.counts, at) || len(set.counts) == 0 && at == set.find("count")) {
			return c.fault(c.head, "the column count cannot be the largest contribution or the number of contributors as well")
		}
	}
	return nil
}

// named finds a column that options name.
func (c *File) named(name, what string) (int, error) {
	if name == "" {
		return -1, nil
	}
	at := c.columns.find(strings.TrimSpace(name))
	if at < 0 && !c.o.Lenient {
		return -1, c.fault(c.head, "no column is named %s%s", input.Short(name), what)
	}
	return at, nil
}

// settleColumns finds the counts and takes every other column as a dimension, unless it
// may be something that must not be printed.
func (c *File) settleColumns() error {
	set := &c.columns
	if len(set.counts) == 0 && c.o.Across == "" {
		if at := set.find("count"); at >= 0 {
			set.counts = []int{at}
		}
	}
	if len(set.counts) > 0 {
		set.intervals()
	}
	var texts, wholes []int
	for at := range set.names {
		if set.taken(at) {
			continue
		}
		kind := c.kindOf(at)
		if c.o.keeps(set.names[at]) && kind != derivedColumn {
			kind = textColumn
		}
		switch kind {
		case derivedColumn:
			c.ask(Question{Kind: AskDerived, Column: set.names[at], Words: fmt.Sprintf("the column %s has percentages, "+
				"rates or decimals: numbers made from the counts give hidden ones back", set.names[at])})
			set.out = append(set.out, at)
		case wholeColumn:
			wholes = append(wholes, at)
		default:
			texts = append(texts, at)
		}
	}
	if len(set.counts) == 0 {
		if err := c.findCounts(texts, wholes); err != nil || len(set.counts) == 0 {
			return err
		}
		wholes = slices.DeleteFunc(slices.Clone(wholes), func(at int) bool { return slices.Contains(set.counts, at) })
	}
	set.dims = append(texts, wholes...)
	slices.Sort(set.dims)
	if set.across == "" && len(set.counts) > 0 {
		c.askWholes(wholes)
	}
	return c.dimensions()
}

// taken says whether a column is known to be no dimension.
func (c *columnSet) taken(at int) bool {
	return slices.Contains(c.counts, at) || slices.Contains(c.out, at) || at == c.largest || at == c.contributors ||
		at == c.low || at == c.high
}

func (o *Options) keeps(column string) bool { return containsFold(o.Keep, column) }

// intervals finds the two columns that an attack has added. They are no
// dimensions.
func (c *columnSet) intervals() {
	low, high := c.find("low"), c.find("high")
	for _, at := range []int{low, high} {
		if at < c.counts[0] || at == c.largest || at == c.contributors {
			return
		}
	}
	c.low, c.high = low, high
}

// findCounts looks for the counts where no column is named for them: the one column that
// is called a number, or the categories of a crosstab, which a total gives away.
func (c *File) findCounts(texts, wholes []int) error {
	set := &c.columns
	if c.o.Across != "" {
		return c.crosstab(c.o.Across, texts, wholes)
	}
	var called []int
	for _, at := range wholes {
		if countish.MatchString(set.names[at]) {
			called = append(called, at)
		}
	}
	switch {
	case len(called) == 1:
		set.counts = called
	case len(wholes) >= 2 && len(texts) > 0 && c.hasTotalColumn(wholes):
		if c.o.Strict {
			c.ask(Question{Kind: AskAcross, Words: "the columns " + c.list(wholes) + " are the categories of a dimension that " +
				"has no name, by which it is known in what was released before"})
		}
		return c.crosstab(unnamedAcross, texts, wholes)
	case len(wholes) > 0:
		q := Question{Kind: AskCounts, Words: "no column is named count"}
		for _, at := range wholes {
			q.Columns = append(q.Columns, set.names[at])
		}
		c.ask(q)
		set.counts = wholes // so that all else is asked as well
	default:
		return c.fault(c.head, "no column is named count; give that name to the column of counts")
	}
	return nil
}

func (c *File) crosstab(name string, texts, wholes []int) error {
	set := &c.columns
	if len(wholes) == 0 {
		return c.fault(c.head, "no column has counts, to be categories of %s", input.Short(name))
	}
	for _, at := range texts {
		if strings.EqualFold(set.names[at], name) {
			return c.fault(c.head, "a column is named %s already; give the dimension of the crosstab another name",
				input.Short(name))
		}
	}
	set.across, set.counts = strings.TrimSpace(name), wholes
	for _, at := range wholes {
		set.acrossCodes = append(set.acrossCodes, totalCode(c.code(set.across, set.names[at])))
	}
	for i, code := range set.acrossCodes {
		if slices.Index(set.acrossCodes, code) != i {
			return c.fault(c.head, "two columns are %s", input.Short(code))
		}
	}
	return nil
}

// list names columns.
func (c *File) list(columns []int) string {
	var names []string
	for _, at := range columns {
		names = append(names, c.columns.names[at])
	}
	return strings.Join(names, ", ")
}

// hasTotalColumn says whether one of the columns is the total of the others: by its name,
// or in every row.
func (c *File) hasTotalColumn(columns []int) bool {
	for _, at := range columns {
		if sdc.NamedTotal(c.columns.names[at]) {
			return true
		}
	}
	for _, total := range columns {
		if len(columns) > 2 && c.sumsUp(total, columns) {
			return true
		}
	}
	return false
}

// sumsUp says whether a column is the sum of others in every row, and not always none.
func (c *File) sumsUp(total int, columns []int) bool {
	agrees, some := true, false
	c.eachRow(func(r *gridRow) {
		sum := int64(0)
		for _, at := range columns {
			n, err := parseCount(r.value(at))
			if err != nil {
				agrees = false
				return
			}
			if at == total {
				n, some = -n, some || n > 0
			}
			sum += n
		}
		agrees = agrees && sum == 0
	})
	return agrees && some
}

// askWholes asks about columns of whole numbers that no row needs to be told from
// another: they may be counts, that would be printed as they are.
func (c *File) askWholes(wholes []int) {
	for _, at := range wholes {
		others := slices.DeleteFunc(slices.Clone(c.columns.dims), func(d int) bool { return d == at })
		if len(others) == 0 || !c.toldApart(others) {
			continue
		}
		name := c.columns.names[at]
		c.ask(Question{Kind: AskWhole, Column: name, Words: fmt.Sprintf("the column %s has whole numbers, and may be a "+
			"measure of its own, a dimension, or neither", name)})
	}
}

// toldApart says whether the codes of some columns tell every row from all others.
func (c *File) toldApart(columns []int) bool {
	seen := map[string]bool{}
	apart := true
	var key strings.Builder
	c.eachRow(func(r *gridRow) {
		if !apart {
			return
		}
		key.Reset()
		for _, at := range columns {
			key.WriteString(totalCode(r.value(at)))
			key.WriteByte(0)
		}
		apart = !seen[key.String()]
		seen[key.String()] = true
	})
	return apart
}

// dimensions sees that there are some, and not too many.
func (c *File) dimensions() error {
	n := len(c.columns.dims)
	if c.columns.across != "" {
		n++
	}
	if n == 0 {
		return c.fault(c.head, "no column besides count is there; give the table one for each dimension, such as age or sex")
	}
	if n > input.MaxDimensions {
		return c.fault(c.head, "there are %d columns besides count, and a table may have %d dimensions; leave out what "+
			"is none", n, input.MaxDimensions)
	}
	return nil
}
