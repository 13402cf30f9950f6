package csvtable

import (
	"slices"
	"strings"
)

// A Code names a category: one code of one column.
type Code struct{ Column, Code string }

// Options say how the table in a file is to be read, and answer what it does not say of
// itself.
type Options struct {
	Name, Population string
	// Symbol stands in the place of a hidden count; empty when there is none.
	Symbol string
	// Largest and Contributors name the columns with the largest contribution of one
	// contributor and the number of contributors; empty when there are none.
	Largest, Contributors string
	// Guard gives a cell as it may stand in a file that people open in a spreadsheet; nil
	// leaves all as it is. What it put before a cell is taken off again when that is read.
	Guard func(cell string) string
	// Measures name the columns of counts; without one it is that named count. Of several,
	// each is a population of its own.
	Measures []string
	// Across names the dimension whose categories are the columns of a crosstab.
	Across string
	// Keep names columns of whole numbers that are dimensions, and LeaveOut columns that
	// are neither read nor written.
	Keep, LeaveOut []string
	// Renames gives codes another name, by which they are written too.
	Renames map[Code]string
	// AsWritten names columns whose codes are meant as they are, though some are dates or
	// differ in their spelling only; NotTotals codes that are no totals, though they are
	// the sums of others.
	AsWritten []string
	NotTotals []Code
	// Hidden and Zero are words that stand for a hidden count, and for none.
	Hidden, Zero []string
	// Strict asks for the name of a crosstab's dimension, since what was released before
	// may have that dimension.
	Strict bool
	// Lenient passes over columns that options name and the table does not have.
	Lenient bool
}

func (o *Options) asWritten(column string) bool { return containsFold(o.AsWritten, column) }
func (o *Options) hiddenWord(v string) bool     { return containsFold(o.Hidden, v) }
func (o *Options) zeroWord(v string) bool       { return containsFold(o.Zero, v) }

func (o *Options) notTotal(column, code string) bool {
	return slices.ContainsFunc(o.NotTotals, func(n Code) bool {
		return strings.EqualFold(strings.TrimSpace(n.Column), column) && strings.TrimSpace(n.Code) == code
	})
}

func containsFold(list []string, v string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(strings.TrimSpace(x), v) })
}

// unguarded takes off what Guard puts before a cell, so that a table that was written
// guarded has the codes of the one that it was made from.
func (o *Options) unguarded(v string) string {
	if o.Guard == nil || v == "" {
		return v
	}
	for at := range v {
		if at > 0 { // what is put before it is one character
			if o.Guard(v[at:]) == v {
				return v[at:]
			}
			break
		}
	}
	return v
}
