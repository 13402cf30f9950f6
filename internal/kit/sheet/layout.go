package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"path"
	"strings"
)

// A layoutOfBook is what has to be known of a workbook besides its rows.
type layoutOfBook struct {
	main       string // the name of the part that lists the sheets
	sheets     []sheetOfBook
	parts      map[string]*zip.File // the parts that are sheets, by name
	targets    map[string]string    // a relationship's id → the part's name
	merges     map[string]bool      // the parts of sheets that have merged cells
	merged     map[string][]area    // a part's name → its merged areas
	texts      []string             // those that cells share
	from1904   bool                 // dates are counted from 1904
	asksForAll bool                 // it asks for its formulas to be worked out when it is opened
}

// A sheetOfBook is one sheet that has rows.
type sheetOfBook struct {
	name, id, part string
	hidden         bool
}

func newLayout() *layoutOfBook {
	return &layoutOfBook{parts: map[string]*zip.File{}, targets: map[string]string{}, merges: map[string]bool{},
		merged: map[string][]area{}}
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

// attributeOf gives an attribute by its prefix and name, or one of another prefix.
func attributeOf(e xml.StartElement, prefix, name string) string {
	other := ""
	for _, a := range e.Attr {
		switch {
		case a.Name.Local != name || a.Name.Space == "":
		case a.Name.Space == prefix:
			return a.Value
		default:
			other = a.Value
		}
	}
	return other
}

// take notes an element of a part.
func (l *layoutOfBook) take(part string, e xml.StartElement) error {
	switch {
	case e.Name.Local == "Relationship" && part == "_rels/.rels":
		if strings.HasSuffix(attribute(e, "Type"), "/officeDocument") {
			l.main = strings.TrimPrefix(partName(attribute(e, "Target")), "/")
		}
	case e.Name.Local == "Relationship" && strings.HasSuffix(part, "_rels/workbook.xml.rels"):
		target := partName(attribute(e, "Target"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		l.targets[attribute(e, "Id")] = strings.TrimPrefix(target, "/")
	case e.Name.Local == "sheet" && part == "xl/workbook.xml":
		state := attribute(e, "state")
		l.sheets = append(l.sheets, sheetOfBook{name: attribute(e, "name"), id: attributeOf(e, "r", "id"),
			hidden: state == "hidden" || state == "veryHidden"})
	case e.Name.Local == "workbookPr" && part == "xl/workbook.xml":
		l.from1904 = isTrue(attribute(e, "date1904"))
	case e.Name.Local == "calcPr":
		l.asksForAll = isTrue(attribute(e, "fullCalcOnLoad"))
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

// settle finds the part of each sheet, and passes over charts, which have no rows.
func (l *layoutOfBook) settle() error {
	if l.main != "xl/workbook.xml" {
		return errors.New("its parts are not where workbooks have them")
	}
	var out []sheetOfBook
	for _, s := range l.sheets {
		s.part = l.targets[s.id]
		switch {
		case l.parts[s.part] != nil:
			out = append(out, s)
		case !strings.HasPrefix(s.part, "xl/chartsheets/") && !strings.HasPrefix(s.part, "xl/dialogsheets/") &&
			!strings.HasPrefix(s.part, "xl/macrosheets/"):
			return errors.New("a sheet is missing in it")
		}
	}
	l.sheets = out
	return nil
}
