package returns

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// headerWithin is how many rows may stand above a table's header row.
const headerWithin = 20

// A foundTable is one SSDA903 table in one of the files given.
type foundTable struct {
	file  intake.File
	sheet string
	spec  *tableSpec
	head  sheet.Head
	line  int64 // of the header row
	place placeColumn
	says  stated // above the table
}

// readLookedAfter reads the tables of one SSDA903 and counts children looked after.
func readLookedAfter(ctx context.Context, src intake.Source, n *notes) (*Result, error) {
	if src.Year == 0 || src.Authority == "" {
		return nil, untold(SSDA903, src.Files, intake.Matching{},
			"an SSDA903 return says neither its year nor its authority: say both")
	}
	r, err := read903(ctx, src.Files, src.Year, src.Authority, n)
	if err != nil {
		return nil, err
	}
	t := newTally()
	r.count(t)
	end := src.Year.End()
	if t.total(lookedAfter, on(end)) == 0 && len(r.episodes) >= largeTable {
		n.doubt("", 0, "", ruleNothingOf, "No child would be counted as looked after on %s, of %s. Look whether the ends "+
			"and the legal statuses are right: children in short breaks alone (V3, V4) are not counted.", end.Words(),
			lang.Plural(len(r.episodes), "episode", "episodes"))
	}
	return &Result{
		Year: src.Year, Authority: src.Authority, Measures: t.sorted(),
		Summary: append([]string{lang.Plural(int(t.total(lookedAfter, on(end))), "child", "children") + " looked after on " +
			end.Words() + "."}, n.sentences()...),
	}, nil
}

// read903 reads every table of the return into memory, checked.
func read903(ctx context.Context, files []intake.File, year period.Year, authority string, n *notes) (*lookedReader,
	error) {
	r := newLookedReader(year, n)
	r.authority = authority
	var tables []foundTable
	taken := map[string]string{}
	for _, f := range files {
		format, err := sheet.Sniff(f)
		if err != nil {
			return nil, fatal(f.Name, err)
		}
		if format == sheet.XML {
			if err := take(taken, tableEpisodes, f.Name); err != nil {
				return nil, err
			}
			taken[tableHeader] = f.Name
			if err := r.readXML(ctx, f); err != nil {
				return nil, err
			}
			continue
		}
		more, err := findTables(f, n)
		if err != nil {
			return nil, err
		}
		for _, t := range more {
			if err := take(taken, t.spec.name, f.Name); err != nil {
				return nil, err
			}
		}
		tables = append(tables, more...)
	}
	if taken[tableEpisodes] == "" {
		return nil, intake.Refuse("", "none of the files is the Episodes table of the SSDA903 (CHILD, DECOM, RNE, LS, …), "+
			"which %s is counted from; give that file too", lookedAfter)
	}
	r.hasHeader = taken[tableHeader] != ""
	for _, table := range []string{tableHeader, tableEpisodes} { // the others are only checked
		if taken[table] != "" {
			n.kinds[taken[table]] = SSDA903
		}
	}
	if !r.hasHeader {
		n.add(taken[tableEpisodes], 0, "", ruleMissingTable,
			"The Header table (CHILD, SEX, DOB, ETHNIC, …) is not among the files. Children are counted; their age, sex and "+
				"ethnic group are not known. Give the Header table too.")
	}
	for _, first := range []bool{true, false} {
		for _, t := range tables {
			if (t.spec.name == tableHeader) != first {
				continue
			}
			if err := r.readTable(ctx, t); err != nil {
				return nil, err
			}
		}
	}
	return r, r.finish(taken[tableEpisodes])
}

// take notes which file is a table, and refuses a second one for it.
func take(taken map[string]string, table, file string) error {
	if other := taken[table]; other != "" {
		return intake.Refuse(file, "this is the %s table of the SSDA903, and so is %s; give one of the two, or they would "+
			"be counted together", table, other)
	}
	taken[table] = file
	return nil
}

// findTables finds the SSDA903 tables in a file by their headers.
func findTables(f intake.File, n *notes) ([]foundTable, error) {
	book, err := openBook(f, SSDA903)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	var out []foundTable
	var others []string
	var seen []string
	for _, name := range book.Sheets() {
		t, first, err := findHeader(book, name, recognise)
		if err != nil {
			return nil, fatal(f.Name, err)
		}
		if t.spec == nil {
			others = append(others, name)
			if seen == nil {
				seen = first
			}
			continue
		}
		t.file, t.sheet = f, name
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, notOfKind(f, SSDA903, book, seen)
	}
	for _, t := range out {
		if err := checkColumns(t, n); err != nil {
			return nil, err
		}
	}
	for _, name := range others {
		n.add(f.Name, 0, cut(name), ruleExtraTable, "The sheet is none of the tables of the SSDA903 and was left out.")
	}
	return out, nil
}

// findHeader looks for the header of a known table in the first rows of a sheet,
// and gives the first row of text for a description where there is none.
func findHeader(book *sheet.File, name string, recognise func([]string) (*tableSpec, sheet.Head)) (foundTable, []string,
	error) {
	rows, err := book.Table(name)
	if err != nil {
		return foundTable{}, nil, err
	}
	defer rows.Close()
	var first []string
	var says stated
	says.take(name)
	for range headerWithin {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return foundTable{}, nil, err
		}
		if first == nil {
			first = strings.Split(strings.Join(row.Cells, "\x00"), "\x00") // the cells are only good until the next row
		}
		if spec, head := recognise(row.Cells); spec != nil {
			return foundTable{spec: spec, head: head, line: row.Line, place: findPlace(row.Cells, head), says: says}, nil, nil
		}
		says.take(row.Cells...)
	}
	return foundTable{}, first, nil
}

// checkColumns refuses a table that lacks a column which figures need, and notes
// other differences from the guide.
func checkColumns(t foundTable, n *notes) error {
	var missing []string
	for _, c := range t.spec.columns {
		if t.head.Index(c.name) < 0 && c.needs != "" {
			missing = append(missing, c.name+" ("+c.what+")")
		}
	}
	if len(missing) > 0 {
		return &intake.Fatal{File: t.file.Name, Line: t.line, Words: "this is the " + t.spec.name +
			" table of the SSDA903, but it has no column " + lang.Join(missing) +
			", which the figure " + lookedAfter + " needs; export it again with " + lang.Noun(len(missing), "that column",
			"those columns")}
	}
	for _, c := range t.spec.columns {
		if c.needs != "" && slices.Contains(t.head.Same, c.name) {
			return sameTwice(t.file.Name, t.line, c.name)
		}
	}
	for _, c := range t.spec.columns {
		if t.head.Index(c.name) < 0 {
			n.add(t.file.Name, t.line, c.name, ruleMissingColumn, "The %s table has no column %s. No figure needs it.",
				t.spec.name, c.name)
		}
	}
	for _, name := range t.head.Extra {
		if name == t.place.header {
			continue
		}
		n.add(t.file.Name, t.line, cut(name), ruleExtraColumn, "The column is not one of the %s table. It was not read.",
			t.spec.name)
	}
	for _, name := range t.head.Twice {
		n.add(t.file.Name, t.line, cut(name), ruleTwiceColumn,
			"The column is there twice. The first was read, or the one of its own name; "+
				"take the other out.")
	}
	return nil
}

// sameTwice refuses a table with two columns of one name that figures need: which of
// them is meant cannot be told.
func sameTwice(file string, line int64, name string) error {
	return intake.SameTwice(file, line, cut(name))
}

// cut shortens a header to what fits in a list, and leaves out what no list can
// show.
func cut(s string) string {
	const longest = 60
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

// readTable reads all rows of one table.
func (r *lookedReader) readTable(ctx context.Context, t foundTable) error {
	book, err := sheet.Open(t.file, t.file.Limits(sheet.Usual))
	if err != nil {
		return fatal(t.file.Name, err)
	}
	defer book.Close()
	rows, err := book.Table(t.sheet)
	if err != nil {
		return fatal(t.file.Name, err)
	}
	defer rows.Close()
	at := make([]int, len(t.spec.columns))
	for i, c := range t.spec.columns {
		at[i] = t.head.Index(c.name)
	}
	t.says.ask(r.n, t.file.Name, r.year.Span(), r.year.String())
	places := placeCheck{column: t.place, given: r.authority, year: r.year}
	rec := r.record(t.file.Name, t.spec)
	rec.dates = dater{file: t.file.Name, n: r.n, cells: rows.Cells(), form: dayFirst, wants: "14/06/2023",
		odd: map[string]bool{}}
	if book.Format == sheet.Workbook {
		rec.dates.form = nil
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			r.n.fixes(t.file.Name, rows.Fixes())
			rec.shifted.askShifted(r.n, t.file.Name, rec.rows)
			if err := places.ask(r.n, t.file.Name); err != nil {
				return err
			}
			return rec.dates.finish()
		}
		if err != nil {
			return fatal(t.file.Name, err)
		}
		if row.Line <= t.line {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r.n.row(t.file.Name)
		if err := rows.Within(t.head.Width, row); err != nil {
			return fatal(t.file.Name, err)
		}
		if book.Format == sheet.Text && !t.head.Fits(row.Cells) {
			r.n.add(t.file.Name, row.Line, "", ruleShape, shortRow, lang.Plural(len(row.Cells), "cell", "cells"), t.head.Width)
		}
		places.see(row)
		for i, c := range at {
			rec.cells[i] = row.Cell(c)
		}
		if err := rec.take(row.Line); err != nil {
			return fatal(t.file.Name, err)
		}
	}
}
