package returns

import (
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// wanted says what each kind of return looks like, for somebody who gave
// something else.
var wanted = map[string]string{
	SSDA903: "an SSDA903 return (the CSV files exported from it, whose Episodes table begins CHILD, DECOM, RNE, LS, " +
		"or its XML)",
	CINCensus: "a children in need census (the XML file sent to the Department for Education, which begins <Message>)",
	Contacts:  "a list of contacts (a CSV file or workbook with a row for each contact, its date and its outcome)",
	EarlyHelp: "a list of early help (a CSV file or workbook with a row for each child helped and the date it started)",
	Measures:  "a file of measures (the counts that a council made of a return on its own machines)",
}

// known tells files that turn up beside returns by the words of their headers:
// all of one row's words must be among them.
var known = []struct {
	words []string // folded headers, all of which the file has
	what  string
	kind  string // what it can be imported as, if anything
}{
	{[]string{"urn", "providertype"}, "a list of Ofsted-registered providers of homes for children", ""},
	{[]string{"urn", "provisiontype"}, "a list of Ofsted-registered providers of homes for children", ""},
	{[]string{"urn", "owntype"}, "a list of Ofsted-registered providers of homes for children", ""},
	{[]string{"urn", "ownertype"}, "a list of Ofsted-registered providers of homes for children", ""},
	{[]string{"dateofcontact", "contactsource"}, "a list of contacts", Contacts},
	{[]string{"assessmentstartdate", "organisationcompletingassessment"}, "a list of early help", EarlyHelp},
	{[]string{"course", "sessionstart", "email"}, "a training history", "training-history"},
	{[]string{"child", "decom"}, "the Episodes table of an SSDA903 return", SSDA903},
	{[]string{"child", "reviewcode"}, "the Reviews table of an SSDA903 return", SSDA903},
	{[]string{"rulecode", "rulemessage"}, "a list of validation rules", ""},
}

// notOfKind refuses a table that is not of the kind, saying what it seems to be.
// Only what looks like headers is repeated, for a row might be about a child.
func notOfKind(f intake.File, kind string, book *sheet.File, first []string) error {
	what := "a text file"
	if book.Format == sheet.Workbook {
		what = "a workbook"
		if names := book.Sheets(); len(names) > 1 {
			what += " with the sheets " + list(names)
		}
	}
	var folded []string
	for _, c := range first {
		folded = append(folded, sheet.FoldName(c))
	}
	for _, k := range known {
		if !hasAll(folded, k.words) || k.kind == kind {
			continue
		}
		also := ""
		if k.kind != "" {
			also = " Import it as " + k.kind + "."
		}
		return intake.Refuse(f.Name, "this is %s, not %s.%s", k.what, wanted[kind], also)
	}
	switch heads := headers(first); {
	case len(first) == 0:
		what += " with nothing in it"
	case len(heads) > 0:
		what += " with the columns " + list(heads)
	default:
		what += " whose first rows are no headers of a return"
	}
	return intake.Refuse(f.Name, "this is %s, not %s. Look whether the right file was given.", what, wanted[kind])
}

func hasAll(have, want []string) bool {
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}

// headers gives the cells when every one of them looks like a header: short, in
// letters mostly, and more than one of them.
func headers(cells []string) []string {
	var out []string
	for _, c := range cells {
		if c == "" {
			continue
		}
		letters := 0
		for _, r := range c {
			if r >= '0' && r <= '9' || r == '@' || r < ' ' {
				return nil
			}
			letters++
		}
		if letters > 60 {
			return nil
		}
		out = append(out, c)
	}
	if len(out) < 2 || !slices.ContainsFunc(out, namesColumn) {
		return nil
	}
	return out
}

// columnWords are words that headers have and people's names do not.
var columnWords = []string{"date", "name", "id", "code", "type", "year", "number", "no", "status", "value", "child",
	"age", "sex", "gender", "source",
	"organisation", "provider", "amount", "total", "description", "category", "string", "strings", "urn", "upn", "period",
	"department", "reference"}

// namesColumn reports whether a cell has a word that headers have. Without one the
// first row of a list may be somebody's name, and is not repeated.
func namesColumn(cell string) bool {
	words := strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(columnWords, w) })
}

// list writes up to five names as a sentence would.
func list(names []string) string {
	const most = 5
	var out []string
	for _, n := range names {
		out = append(out, "“"+cut(n)+"”")
	}
	if len(out) > most {
		return strings.Join(out[:most], ", ") + " and " + lang.Plural(len(out)-most, "more", "more")
	}
	return lang.Join(out)
}

// collections names the returns whose XML has the same frame as the census, by
// the Collection that their header states.
var collections = map[string]string{
	"CSWW": "the social work workforce census", "CSWWW": "the social work workforce census",
	"AP": "the alternative provision census",
	"SC": "the school census", "EYC": "the early years census", "SLASA": "the section 251 return",
	"PF": "the private fostering return",
}

// notXMLOfKind refuses an XML file by its first element.
func notXMLOfKind(f intake.File, kind, root string) error {
	what, also := "an XML file that begins <"+cut(root)+">", ""
	switch {
	case root == "":
		what = "not XML that can be read, though it begins like it"
	case isRoot903(root):
		what, also = "an SSDA903 return", " Import it as "+SSDA903+"."
	case root == "Message":
		what, also = "a return in the Department for Education's frame, such as a children in need census",
			" If that is what it is, import it as "+CINCensus+"."
	case root == "schema":
		what = "an XML schema, which describes a file and holds no records"
	}
	return intake.Refuse(f.Name, "this is %s, not %s.%s", what, wanted[kind], also)
}

// openBook opens a file that a kind of return is read from as tables, and refuses
// what is none in words that name the kind.
func openBook(f intake.File, kind string) (*sheet.File, error) {
	format, err := sheet.Sniff(f)
	if err != nil {
		return nil, fatal(f.Name, err)
	}
	switch format {
	case sheet.XML:
		name, err := root(f)
		if err != nil {
			return nil, err
		}
		return nil, notXMLOfKind(f, kind, name)
	case sheet.JSON, sheet.HTML, sheet.Document, sheet.Slides, sheet.PDF, sheet.Picture, sheet.Binary:
		return nil, intake.Refuse(f.Name, "this is %s, not %s. Look whether the right file was given.", format.Words(),
			wanted[kind])
	}
	book, err := sheet.Open(f, f.Limits(sheet.Usual))
	if err != nil {
		return nil, fatal(f.Name, err)
	}
	return book, nil
}
