package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxMerged is how many merged areas a sheet may have, each of which is kept.
const maxMerged = 50_000

// An area is cells of a sheet merged into one: rows and columns from 1.
type area struct {
	name                   string // as the workbook has it, A2:A4
	top, left, bottom, end int
	says                   string
	alone                  bool // nothing else stands in its first row, as with a title
}

func areaOf(ref string) (area, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return area{}, false
	}
	left, err1 := columnOf(from)
	end, err2 := columnOf(to)
	top, bottom := rowOf(from), rowOf(to)
	if err1 != nil || err2 != nil || left > end || top > bottom {
		return area{}, false
	}
	return area{name: ref, top: top, left: left, bottom: bottom, end: end}, true
}

// rowOf gives the row of a cell by its name, which has one.
func rowOf(ref string) int {
	return digits(strings.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
}

// areasOf gives the merged areas of a sheet, from the top down.
func (l *layoutOfBook) areasOf(part string) []area {
	out := slices.Clone(l.merged[part])
	slices.SortStableFunc(out, func(a, b area) int { return cmp.Compare(a.top, b.top) })
	return out
}

// A filler puts what merged cells say where it belongs, row by row.
type filler struct {
	table  *Table
	coming []area // areas that begin further down
	open   []area // those that the row is in
}

// fill gives the row's cells with what merged cells above say. A workbook keeps
// only the first cell of those merged: a text is meant for each of the rows it
// spans; a number may be meant for all of them together, so that it is refused.
func (f *filler) fill(line int64, cells []string) ([]string, error) {
	f.open = slices.DeleteFunc(f.open, func(a area) bool { return int64(a.bottom) < line })
	for _, a := range f.open {
		if a.says == "" || a.alone {
			continue
		}
		if _, err := strconv.ParseFloat(a.says, 64); err == nil {
			return nil, problem(ErrCells, line, "the cells %s are merged into one that holds a number or a date, and it cannot "+
				"be told whether it is meant for each of their rows or for all together; unmerge them, put the value in each row "+
				"that it is meant for, and give the workbook again", a.name)
		}
		for len(cells) < a.left {
			cells = append(cells, "")
		}
		if cells[a.left-1] == "" {
			cells[a.left-1] = a.says
		}
	}
	for len(f.coming) > 0 && int64(f.coming[0].top) <= line {
		a := f.coming[0]
		f.coming = f.coming[1:]
		a.says, a.alone = f.begin(a, cells)
		if a.says != "" && !a.alone {
			f.say(line, a)
		}
		if a.bottom > a.top {
			f.open = append(f.open, a)
		}
	}
	return cells, nil
}

func (f *filler) begin(a area, cells []string) (says string, alone bool) {
	alone = true
	for i, c := range cells {
		switch {
		case i == a.left-1:
			says = c
		case c != "" && (i < a.left-1 || i >= a.end):
			alone = false
		}
	}
	return says, alone
}

func (f *filler) say(line int64, a area) {
	words := fmt.Sprintf("the cells %s are merged, and what they say was read in ", a.name)
	switch {
	case a.end > a.left:
		words += "the first of their columns only; unmerge them and give each column its own"
	default:
		words += "each of their rows; if that is wrong, unmerge them and fill in each"
	}
	f.table.fix(line, words)
}
