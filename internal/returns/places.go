package returns

import (
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/register"
)

// A file may say in a column which authority each row is of. It is no column that anything is
// counted from, and tells a file that was given for another authority.

// placeHeaders are what such a column is called, as FoldName writes it.
var placeHeaders = []string{"authority", "authoritycode", "authorityname", "localauthority", "localauthoritycode",
	"localauthorityname", "la", "lacode", "laname", "lea", "leacode", "gsscode", "council", "councilname"}

// A placeColumn is where a table says which authority its rows are of.
type placeColumn struct {
	at     int // -1 where it does not
	header string
}

// findPlace finds that column in a header, among those that are read as nothing else.
func findPlace(cells []string, h sheet.Head) placeColumn {
	for i, cell := range cells {
		if slices.Contains(placeHeaders, sheet.FoldName(cell)) && slices.Contains(h.Extra, cell) {
			return placeColumn{i, strings.Clone(cell)}
		}
	}
	return placeColumn{at: -1}
}

// councilWords are left out of an authority's name where it is not known as it stands.
var councilWords = strings.NewReplacer("metropolitan borough council", "", "metropolitan borough of", "",
	"metropolitan district council", "", "london borough of", "", "royal borough of", "", "borough council", "",
	"county council", "", "city council", "", "city of", "", "council", "", "mbc", "", "unitary authority", "")

// placeOf gives the authority that a cell names by its code, its number or its name.
func placeOf(cell string, year period.Year) (register.Authority, bool) {
	if a, ok := register.AuthorityByCode(strings.ToUpper(cell)); ok {
		return a, true
	}
	if a, ok := authorityOf(cell, year); ok {
		return register.AuthorityByCode(a.gss)
	}
	if a, ok := register.AuthorityByName(cell); ok {
		return a, true
	}
	short := strings.Join(strings.Fields(councilWords.Replace(strings.ToLower(cell))), " ")
	if short == "" {
		return register.Authority{}, false
	}
	return register.AuthorityByName(short)
}

// isPlace reports whether an authority is the one of a code: it, one that came before or after
// it, or a district in it.
func isPlace(a register.Authority, code string) bool {
	given, _ := register.AuthorityByCode(code)
	return a.Code == code || a.Within == code || slices.Contains(a.Successors, code) ||
		slices.Contains(given.Successors, a.Code) || given.Name != "" && a.Name == given.Name
}

// A placeCheck compares what rows say of their authority with the one that they are given for.
type placeCheck struct {
	column placeColumn
	given  string
	year   period.Year // 0 where it is not known yet
	known  map[string]register.Authority
	rows   int
	ours   int
	others tallied
	first  register.Authority // the first other
}

// see takes a row.
func (p *placeCheck) see(row sheet.Row) {
	cell := row.Cell(p.column.at)
	if p.column.at < 0 || sheet.IsNothing(cell) {
		return
	}
	p.rows++
	a, ok := p.known[cell]
	if !ok {
		const most = 2000 // different cells: each is looked for once
		a, _ = placeOf(cell, p.year)
		if p.known == nil {
			p.known = map[string]register.Authority{}
		}
		if len(p.known) < most {
			p.known[strings.Clone(cell)] = a
		}
	}
	switch {
	case a.Code == "":
	case isPlace(a, p.given):
		p.ours++
	default:
		if p.others.add(row.Line); p.others.count == 1 {
			p.first = a
		}
	}
}

// ask refuses a file whose rows say that they are of another authority, and asks about one
// some of whose rows do.
func (p *placeCheck) ask(n *notes, file string) error {
	switch {
	case p.others.count == 0:
		return nil
	case p.ours == 0 && 2*p.others.count > p.rows:
		return &intake.Fatal{File: file, Line: p.others.line, Words: "the column " + cut(p.column.header) + " says that " +
			"the rows are of " + p.first.Named() + ", and the file is given for " + register.Coverage{}.Named(p.given) +
			"; give the right authority, or the right file"}
	}
	n.doubt(file, p.others.line, cut(p.column.header), rulePlace, "%s of the %s rows are of another authority by this "+
		"column, the first of %s, and the file is given for %s. Look whether they are to be counted.",
		lang.Number(p.others.count), lang.Number(p.rows), p.first.Named(), register.Coverage{}.Named(p.given))
	return nil
}
