package sheet

// A spreadsheet saves each formula with its result. A program that writes a workbook cannot
// work them out: it leaves them without one, or writes nought and asks the spreadsheet to
// work all out when it opens the workbook. Read as they stand they would be empty, or
// nought. A formula that gives an empty text is of a type that says so.

// unsaved refuses a cell whose formula has no saved result, and says what mends it.
func unsaved(line int64, name string) error {
	which := "a cell of the row"
	if name != "" {
		which = "the cell " + printable(name)
	}
	return problem(ErrCells, line, "%s holds a formula whose result is not saved in the workbook, because a program "+
		"wrote the workbook and no spreadsheet has saved it since: it would be read as empty or as 0. Open it in Excel "+
		"and save it, then give it again", which)
}
