package sheet

import (
	"encoding/xml"
	"strings"
)

// A formulaWatch looks in one sheet for formulas whose result the workbook does not hold.
// A spreadsheet saves each with its result. A program that writes a workbook cannot work
// them out: it leaves them without one, or writes nought and asks the spreadsheet to work
// all out when it opens the workbook. Read as they stand they would be empty, or nought.
type formulaWatch struct {
	missing, nought unsavedCell // the first without a result, and the first of nought
	cell            unsavedCell // the one that is being read
	kind            string      // its type
	formula, value  bool        // it has a formula; its value is being read
	result          strings.Builder
}

// An unsavedCell is the cell of a formula; its line is 0 where there is none.
type unsavedCell struct {
	line int64
	name string // as the workbook has it, C5; it may be empty
}

// take sees the next token of the sheet, in the row that stands on the line.
func (w *formulaWatch) take(token xml.Token, line int64) {
	switch x := token.(type) {
	case xml.StartElement:
		switch x.Name.Local {
		case "c":
			w.cell = unsavedCell{line, attribute(x, "r")}
			w.kind, w.formula = attribute(x, "t"), false
			w.result.Reset()
		case "f":
			w.formula = true
		case "v", "is":
			w.value = true
		}
	case xml.CharData:
		if w.value && w.result.Len() == 0 {
			w.result.Write(x)
		}
	case xml.EndElement:
		switch x.Name.Local {
		case "c":
			w.end()
		case "v", "is":
			w.value = false
		}
	}
}

// end judges a cell once it is read. A formula that gives an empty text is of a type that
// says so.
func (w *formulaWatch) end() {
	if !w.formula {
		return
	}
	switch result := w.result.String(); {
	case w.missing.line == 0 && result == "" && w.kind != "str":
		w.missing = w.cell
	case w.nought.line == 0 && result == "0" && w.kind == "":
		w.nought = w.cell
	}
}

// unsaved gives the first cell whose formula has no saved result; line 0 where all have one.
// Where the workbook asks for all to be worked out, which no spreadsheet that saved it
// does, a nought is none either.
func (w *formulaWatch) unsaved(asksForAll bool) unsavedCell {
	switch {
	case !asksForAll || w.nought.line == 0:
		return w.missing
	case w.missing.line == 0 || w.nought.line < w.missing.line:
		return w.nought
	}
	return w.missing
}

// refuse says what is wrong with the cell, and what mends it.
func (c unsavedCell) refuse() error {
	which := "a cell of the row"
	if c.name != "" {
		which = "the cell " + printable(c.name)
	}
	return problem(ErrCells, c.line, "%s holds a formula whose result is not saved in the workbook, because a program "+
		"wrote the workbook and no spreadsheet has saved it since: it would be read as empty or as 0. Open it in Excel "+
		"and save it, then give it again", which)
}
