package sheet

import (
	"hash/maphash"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kith/internal/kit/names"
)

var (
	exponentNumber = regexp.MustCompile(`^([1-9](?:\.\d+)?)[eE]\+?(\d{1,3})$`)
	pointNought    = regexp.MustCompile(`^\d+\.0+$`)
	thousands      = regexp.MustCompile(`^[1-9]\d{0,2}(?:,\d{3})+(?:\.0+)?$`)
)

// identifierKey gives what is compared in the place of an identifier: one record is
// written C1, c1, 'C1, C 1 and in the characters of other keyboards, and a number of
// digits alone with separators.
func identifierKey(cell string) string {
	plain := true
	for i := 0; i < len(cell) && plain; i++ {
		c := cell[i]
		plain = c >= '0' && c <= '9' || c >= 'a' && c <= 'z'
	}
	if plain {
		return cell // as most are
	}
	key := names.Key(norm.NFKC.String(names.Key(cell))) // first the apostrophes: NFKC takes some apart
	key = strings.TrimLeft(strings.ReplaceAll(key, " ", ""), "'")
	if thousands.MatchString(key) {
		key = strings.ReplaceAll(key, ",", "")
	}
	return key
}

// ReadIdentifier reads a number that tells records apart, and gives its key: two are
// the same when their keys are, however they are written. Case, spaces, the kind of
// dash and of digit, an apostrophe in front and the separators of thousands do not
// count. The key is for comparing and is never shown; it is "" for none.
//
// A spreadsheet writes 1001 as 1001.0, which is taken back. Of a long number it may keep the beginning
// only, 1.23457E+11: different ones are then the same, and the file is refused.
func ReadIdentifier(column, cell string, line int64) (string, error) {
	cell = identifierKey(cell)
	if cell == "" || cell[0] < '0' || cell[0] > '9' {
		return cell, nil
	}
	if pointNought.MatchString(cell) {
		whole, _, _ := strings.Cut(cell, ".")
		return whole, nil
	}
	m := exponentNumber.FindStringSubmatch(cell)
	if m == nil || !strings.ContainsAny(cell, ".+") {
		return cell, nil // 12E4 may be a number that somebody gave
	}
	whole := strings.Replace(m[1], ".", "", 1)
	if digits(m[2]) == len(whole)-1 {
		return whole, nil // all its digits are there
	}
	return "", problem(ErrCells, line, "the numbers of the column %s were spoilt by a spreadsheet, which wrote a long "+
		"number as 1.23457E+11 and lost the rest of it, so that different ones look the same; export the file again from "+
		"the system it comes from and give it unopened, or in the spreadsheet set the column's format to Text before the "+
		"numbers are put in", column)
}

// Identifiers reads the numbers of one column, or of several with the same ones,
// and sees when one is written with and without noughts before it.
type Identifiers struct {
	seed maphash.Seed
	seen map[uint64]identifier // by the number without its noughts
}

type identifier struct {
	line    int64
	noughts int32
}

// NewIdentifiers gives a reader that has seen nothing.
func NewIdentifiers() *Identifiers {
	return &Identifiers{seed: maphash.MakeSeed(), seen: map[uint64]identifier{}}
}

// Read reads a number as ReadIdentifier does. 000777 beside 777 is refused: they
// may be one child whose noughts a spreadsheet took away, or two.
func (i *Identifiers) Read(column, cell string, line int64) (string, error) {
	id, err := ReadIdentifier(column, cell, line)
	if err != nil || digits(id) < 0 && !allDigits(id) || id == "" {
		return id, err
	}
	bare := strings.TrimLeft(id, "0")
	noughts := int32(len(id) - len(bare))
	key := maphash.String(i.seed, bare)
	first, ok := i.seen[key]
	if !ok {
		i.seen[key] = identifier{line, noughts}
		return id, nil
	}
	if first.noughts != noughts {
		return "", problem(ErrCells, line, "the column %s has the same number with and without noughts before it (here, and "+
			"on line %d of it or of another table), as 000777 and 777: a spreadsheet takes noughts away, and it cannot be told "+
			"whether they are one or two; write such numbers in one way and export the file again", column, first.line)
	}
	return id, nil
}

// allDigits reports whether s is digits alone, of any length.
func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
