package sdc

import (
	"fmt"
	"strings"
)

// Total is the code that stands for all categories of a dimension together.
const Total = "Total"

// A Dimension is one way in which a table is cut: age, sex, area.
type Dimension struct {
	Name string
	// Parent gives for a code the sub-total it is directly part of. A code that is
	// not in it is directly part of Total.
	Parent map[string]string
	// Sensitive says that a category of this dimension tells something about a
	// person (a harm, a need), so that nobody and everybody in it are also secrets.
	Sensitive bool
}

// A Cell is one row of a table: a count, or a total or sub-total of counts, named
// by one code for each dimension.
type Cell struct {
	Codes []string
	// Count is the true count for Protect, and the printed one for Attack.
	Count int64
	// Hidden says that a symbol stands in the place of the count, which is then
	// not known here.
	Hidden bool
	// Keep says that the cell must be shown: a headline, a statutory total.
	Keep bool
	// Cost is what hiding the cell costs, above 0; 0 means the profile's usual cost.
	Cost int64
	// Largest is the greatest contribution of one contributor, where the count is
	// of things of which one contributor may bring many; 0 when not known.
	Largest int64
	// Contributors is how many contributors there are; 0 when not known.
	Contributors int64
}

// A Table is a set of cells over the same dimensions and the same population.
// Codes named Total, and codes that others have as parent, are totals: each must
// be the sum of its parts. A combination of the lowest codes that has no cell is
// a count of none; a total that has no cell is not published.
type Table struct {
	// Name is for people: "Children in need by age and sex".
	Name string
	// Population names what is counted and when. Counts of tables with the same
	// population and the same codes are the same count.
	Population string
	Dimensions []Dimension
	Cells      []Cell
}

// A TableError says which cell makes a table impossible, and why.
type TableError struct {
	Table string // its name
	Cell  int    // index into Cells, -1 when it is no single cell
	Words string
}

// Error gives the words.
func (e *TableError) Error() string { return e.Words }

func tableError(t *Table, cell int, format string, args ...any) error {
	return &TableError{Table: t.Name, Cell: cell, Words: fmt.Sprintf(format, args...)}
}

// Label names a cell for people: "age 0-4, sex Female".
func (t *Table) Label(codes []string) string {
	var parts []string
	for d, c := range codes {
		if strings.HasPrefix(c, otherCode) {
			c = "in no category shown"
		}
		if c != Total {
			parts = append(parts, t.Dimensions[d].Name+" "+c)
		}
	}
	if len(parts) == 0 {
		return "the grand total"
	}
	return strings.Join(parts, ", ")
}

// A Release is what is published together: tables, and identities that everybody
// knows to hold between their counts.
type Release struct {
	Name       string
	Tables     []Table
	Identities []Identity
	Facts      []Fact
}

// A Ref names a count by population and codes; dimensions that are left out stand
// for their total.
type Ref struct {
	Population string
	Codes      map[string]string // dimension → code
}

// A Part is a count with its factor in an identity or a fact.
type Part struct {
	Ref    Ref
	Factor int64
}

// An Identity says that its parts add up to Sum, as in: open + started − ended −
// open next year = 0.
type Identity struct {
	Parts []Part
	Sum   int64
}

// A Fact is what a reader can tell from something other than a count: a
// percentage, a rate, an average, the length of a bar. Its parts add up to a
// number between Low and High.
type Fact struct {
	Name      string // "percentage of girls aged 0-4"
	Parts     []Part
	Low, High int64
}
