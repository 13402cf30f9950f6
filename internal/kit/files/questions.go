package files

import (
	"encoding/csv"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/width"
)

// Some papers do not belong beside a plan or a meeting: a certificate of somebody's record,
// a child's NHS number, a list of names with dates of birth. A file that looks like one is
// asked about before it is kept. The words are read as far as that is cheap: text, tables
// and Office documents, and of any file its name. What stands in PDFs and in pictures is
// not read.

// maxWords is how many bytes of a file's words are looked at.
const maxWords = 2 << 20

// A Question is a reason to ask whether a file belongs where it was added.
type Question string

// The questions.
const (
	LooksDBS   Question = "dbs"
	LooksNHS   Question = "nhs"
	LooksBirth Question = "birth"
)

// Words say what was seen.
func (q Question) Words() string {
	switch q {
	case LooksDBS:
		return "It looks like a certificate of the Disclosure and Barring Service. Whoever checks certificates may note " +
			"that one was seen, and must not keep a copy for longer than is needed."
	case LooksNHS:
		return "It has at least one NHS number, which says who somebody is."
	case LooksBirth:
		return "It has dates of birth, which with names say who children or adults are."
	}
	return string(q)
}

var (
	dbsName    = regexp.MustCompile(`(?i)\bdbs\b.*\bcert|\bcert.*\bdbs\b|\bdisclosure certificate\b`)
	dbsWords   = regexp.MustCompile(`(?i)disclosure (?:and|&) barring service`)
	dbsStated  = regexp.MustCompile(`\bdbs\b[^\n]{0,30}\b(?:number|no\.?|cert[a-z]*)\b[^\n]{0,20}\b\d{12}\b`)
	dbsCell    = regexp.MustCompile(`(?i)^[ "']*(?:enhanced )?dbs (?:certificate )?(?:number|no\.?)[ "':]*$`)
	dbsNumber  = regexp.MustCompile(`(?i)certificate number|(?:enhanced|standard|basic) (?:dbs )?certificate|police records of convictions`)
	nhsName    = regexp.MustCompile(`(?i)\bnhs (?:no|num|number|id)\b`)
	nhsSpaced  = regexp.MustCompile(`\b\d{3}[ -]\d{3}[ -]\d{4}\b`)
	nhsPlain   = regexp.MustCompile(`\b\d{10}\b`)
	nhsLabel   = regexp.MustCompile(`(?i)\bnhs[ _-]?(?:no\b|num|id\b)`)
	birthLabel = `(?:date[ _]of[ _]birth|birth[ _]?date|d\.?o\.?b\b\.?|born(?: on)?)`
	aDate      = `(?:\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?(?: of)? ` +
		`(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,? (?:19|20)\d{2})`
	birthWord = regexp.MustCompile(`\b` + birthLabel)
	dateSoon  = regexp.MustCompile(`(?s)^.{0,40}?\b` + aDate)
	birthCell = regexp.MustCompile(`(?i)^[ "']*(?:child(?:'s|’s)? |pupil |patient )?(?:dob|d\.o\.b\.?|date[ _]of[ _]birth|birth[ _]?date)` +
		`[ "':]*$`)
)

// questions lists what a file's name and words give reason to ask. table says that the
// words are a table's, where a label may stand far from what it is of.
func questions(name, words string, table bool) []Question {
	var out []Question
	words = strings.ToLower(width.Fold.String(words))
	title := strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(name)
	if dbsName.MatchString(title) || strings.Contains(words, "barring service") &&
		dbsWords.MatchString(words) && dbsNumber.MatchString(words) || dbsStated.MatchString(words) ||
		table && strings.Contains(words, "dbs") && hasCell(words, dbsCell) {
		out = append(out, LooksDBS)
	}
	if nhsName.MatchString(title) || hasNHSNumber(words) || table && areNHSNumbers(words) {
		out = append(out, LooksNHS)
	}
	if hinted(words) && (hasBirthDate(words) || table && hasCell(words, birthCell)) {
		out = append(out, LooksBirth)
	}
	return out
}

// birthHints are parts of every label of a date of birth: looking for them is quick, and
// most texts have none.
var birthHints = []string{"birth", "dob", "d.o.b", "born"}

func hinted(words string) bool {
	return slices.ContainsFunc(birthHints, func(hint string) bool { return strings.Contains(words, hint) })
}

// hasBirthDate finds a date soon after a label that says that it is somebody's birth.
func hasBirthDate(words string) bool {
	for _, at := range birthWord.FindAllStringIndex(words, -1) {
		if dateSoon.MatchString(words[at[1]:min(len(words), at[1]+80)]) {
			return true
		}
	}
	return false
}

// hasNHSNumber finds a number of ten digits whose check digit is right. One that is not
// written in groups counts only where something is called an NHS number: one in eleven of
// all numbers has a right check digit.
func hasNHSNumber(words string) bool {
	for _, s := range nhsSpaced.FindAllString(words, -1) {
		if isNHSNumber(s) {
			return true
		}
	}
	if !strings.Contains(words, "nhs") || !nhsLabel.MatchString(words) {
		return false
	}
	for _, s := range nhsPlain.FindAllString(words, -1) {
		if isNHSNumber(s) {
			return true
		}
	}
	return false
}

// areNHSNumbers reports whether a table has numbers of ten digits whose check digits are right
// nearly throughout, whatever the column is called.
func areNHSNumbers(words string) bool {
	const few, wrongOneIn = 3, 10
	all := nhsPlain.FindAllString(words, -1)
	right := 0
	for _, s := range all {
		if isNHSNumber(s) {
			right++
		}
	}
	return right >= few && (len(all)-right)*wrongOneIn <= len(all)
}

// isNHSNumber checks the last digit: eleven less the remainder of the others, each times
// its weight from 10 to 2 (NHS Data Dictionary, "NHS number").
func isNHSNumber(s string) bool {
	sum, n := 0, 0
	for _, c := range s {
		if c < '0' || c > '9' {
			continue
		}
		d := int(c - '0')
		if n < 9 {
			sum += d * (10 - n)
		} else if check := (11 - sum%11) % 11; check == 10 || check != d {
			return false
		}
		n++
	}
	return n == 10 && sum > 0
}

// hasCell finds a line, or a cell of a line, that a pattern fits.
func hasCell(words string, pattern *regexp.Regexp) bool {
	for line := range strings.Lines(words) {
		if len(line) > 4096 {
			continue
		}
		for _, sep := range ",;\t" {
			r := csv.NewReader(strings.NewReader(line))
			r.Comma, r.LazyQuotes = sep, true
			cells, err := r.Read()
			for _, cell := range cells {
				if err == nil && pattern.MatchString(strings.TrimSpace(cell)) {
					return true
				}
			}
		}
	}
	return false
}

// readText gives the words of a text, whatever it is encoded in.
func readText(in io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(in, maxWords))
	if err != nil {
		return "", err
	}
	if len(b) > 1 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF) {
		b, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b[:len(b)&^1])
		return string(b), err
	}
	if !utf8.Valid(b) { // letters with accents are lost, and no digit or label has one
		return strings.ToValidUTF8(string(b), "?"), nil
	}
	return string(b), nil
}
