package sheet

import (
	"regexp"
	"strings"

	"kith/internal/kit/period"
)

// nothings are the words that databases and spreadsheets write for no value. Words
// that people choose, such as "not known", are values and stay.
var nothings = map[string]bool{
	"null": true, "(null)": true, "<null>": true, "[null]": true, "n/a": true, "#n/a": true, "none": true, "nil": true,
	"nan": true, "nat": true, "-": true, "--": true, "---": true, "–": true, "—": true, ".": true, "..": true,
	"(blank)": true, "#null!": true, "#value!": true, "#ref!": true, "n.a.": true, "n.a": true, `\n`: true, "<na>": true,
}

// IsNothing reports whether a cell says that there is no value.
func IsNothing(cell string) bool {
	const longest = 8
	return cell == "" || len(cell) <= longest && nothings[strings.ToLower(cell)]
}

// notKnown are the words, in the place of a date, for one that nobody knows or has put in yet:
// as FoldName writes them.
var notKnown = map[string]bool{
	"unknown": true, "unknowndate": true, "dateunknown": true, "notknown": true, "datenotknown": true, "unk": true,
	"tbc": true, "tobeconfirmed": true, "tba": true, "tbd": true, "notrecorded": true, "notgiven": true, "notstated": true,
	"notspecified": true, "notavailable": true, "notprovided": true, "missing": true, "nodate": true, "nodategiven": true,
}

// saysUnknown reports whether a cell for a date says in words that the date is not known. An
// end that is not known is none of these: what ended on an unknown day is not open.
func saysUnknown(cell string) bool {
	const longest = 24
	if cell == "" || len(cell) > longest || cell[0] >= '0' && cell[0] <= '9' {
		return false
	}
	return strings.Trim(cell, "?") == "" || notKnown[strings.Trim(FoldName(cell), "[]<>*\"")]
}

// isOpen reports whether a date stands for "none": the last or first day that a
// database or a spreadsheet can write.
func isOpen(d period.Date) bool {
	switch {
	case d.Year == 9999, d.Year == 1, d.Year == 4712: // Oracle's first and last year
		return true
	case d.Month == 12 && d.Day == 31:
		return d.Year >= 2099 || d.Year == 1899
	case d.Month == 1 && d.Day == 1:
		return d.Year >= 2100 || d.Year == 1900 || d.Year == 1753
	}
	// A spreadsheet's nought, and the last days of a small date of SQL Server and of pandas.
	return d == period.Date{Year: 1899, Month: 12, Day: 30} || d == period.Date{Year: 2079, Month: 6, Day: 6} ||
		d == period.Date{Year: 2262, Month: 4, Day: 11}
}

// noDate are dates in noughts alone, and the nought of a spreadsheet as it shows it, with
// or without a time.
var noDate = regexp.MustCompile(`^0{1,2}[-/. ](?:0{1,2}[-/. ](?:0000|00)|(?:0?1|[Jj]an)[-/. ](?:1900|00))(?:[T ]00:00.*)?$|` +
	`^0000[-/. ]0{1,2}[-/. ]0{1,2}(?:[T ]00:00.*)?$|^0{8}$`)

// stillOpen are the words, in the place of an end, for what has not ended: as FoldName
// writes them.
var stillOpen = map[string]bool{
	"open": true, "openended": true, "openatyearend": true, "stillopen": true, "remainsopen": true, "currentlyopen": true,
	"caseopen": true, "opencase": true, "planopen": true, "openplan": true, "episodeopen": true, "openepisode": true,
	"ongoing": true, "current": true, "currently": true, "currentplan": true, "active": true, "stillactive": true,
	"live":       true,
	"continuing": true, "continues": true, "continued": true, "present": true, "topresent": true, "todate": true,
	"inprogress": true, "now": true, "notended": true, "notyetended": true, "notclosed": true, "notyetclosed": true,
	"noend": true, "noenddate": true, "notapplicable": true, "na": true, "stillincare": true, "stilllookedafter": true,
	"stillonplan": true, "unended": true,
}

// saysOpen reports whether a cell for an end says in words that there is none yet.
func saysOpen(cell string) bool {
	const longest = 24
	if cell == "" || len(cell) > longest || cell[0] >= '0' && cell[0] <= '9' || IsNothing(cell) {
		return false
	}
	return stillOpen[strings.Trim(FoldName(cell), "[]<>*\"")]
}
