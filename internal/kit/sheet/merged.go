package sheet

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
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

// A layoutOfBook is what has to be known of a workbook besides its rows: which
// part holds which sheet, the cells that are merged in it, the rows it hides and the
// formulas that have no result.
type layoutOfBook struct {
	targets    map[string]string        // a relationship's id → the part's name
	merged     map[string][]area        // a part's name → its merged areas
	hidden     map[string]*hiddenRows   // a part's name → its hidden rows
	formulas   map[string]*formulaWatch // a part's name → its formulas
	asksForAll bool                     // it asks for its formulas to be worked out when it is opened
}

func newLayout() *layoutOfBook {
	return &layoutOfBook{targets: map[string]string{}, merged: map[string][]area{}, hidden: map[string]*hiddenRows{},
		formulas: map[string]*formulaWatch{}}
}

// attribute gives an attribute by its name without prefix; "" where there is none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// take notes an element of a part.
func (l *layoutOfBook) take(part string, e xml.StartElement) error {
	switch {
	case e.Name.Local == "Relationship" && strings.HasSuffix(part, "_rels/workbook.xml.rels"):
		target := partName(attribute(e, "Target"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		l.targets[attribute(e, "Id")] = strings.TrimPrefix(target, "/")
	case e.Name.Local == "calcPr":
		asks := attribute(e, "fullCalcOnLoad")
		l.asksForAll = asks == "1" || asks == "true"
	case e.Name.Local == "mergeCell":
		a, ok := areaOf(attribute(e, "ref"))
		if !ok {
			return nil // the library passes over what is no area
		}
		if len(l.merged[part]) >= maxMerged {
			return problem(ErrTooLarge, 0, "a sheet has more than %d merged cells; unmerge them, or give the table as CSV",
				maxMerged)
		}
		l.merged[part] = append(l.merged[part], a)
	}
	return nil
}

func areaOf(ref string) (area, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return area{}, false
	}
	left, top, err1 := excelize.CellNameToCoordinates(from)
	end, bottom, err2 := excelize.CellNameToCoordinates(to)
	if err1 != nil || err2 != nil || left > end || top > bottom {
		return area{}, false
	}
	return area{name: ref, top: top, left: left, bottom: bottom, end: end}, true
}

// of gives the merged areas of a sheet, from the top down.
func (l *layoutOfBook) of(book *excelize.File, sheet string) []area {
	if book.WorkBook == nil {
		return nil
	}
	for _, s := range book.WorkBook.Sheets.Sheet {
		if s.Name == sheet {
			out := slices.Clone(l.merged[l.targets[s.ID]])
			slices.SortStableFunc(out, func(a, b area) int { return cmp.Compare(a.top, b.top) })
			return out
		}
	}
	return nil
}

// unsavedIn gives the first cell of a sheet whose formula has no saved result.
func (l *layoutOfBook) unsavedIn(book *excelize.File, sheet string) unsavedCell {
	if book.WorkBook == nil {
		return unsavedCell{}
	}
	for _, s := range book.WorkBook.Sheets.Sheet {
		if w := l.formulas[l.targets[s.ID]]; s.Name == sheet && w != nil {
			return w.unsaved(l.asksForAll)
		}
	}
	return unsavedCell{}
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
