package sdc

import "strings"

// Respell gives the dimensions and codes of a table the spelling that they have in
// the ledger, where only capitals and spaces differ: "Female" now and "female"
// before would else be two counts, and the one would not be judged with the other.
// What the table itself tells apart stays apart.
func (l *Ledger) Respell(t *Table) {
	names, codes := l.spellings()
	taken := make(spelling, len(t.Dimensions))
	for i := range t.Dimensions {
		taken.add(t.Dimensions[i].Name)
	}
	for i := range t.Dimensions {
		d := &t.Dimensions[i]
		d.Name = names.of(d.Name, taken)
		respellCodes(t, i, codes[folded(d.Name)])
	}
}

func respellCodes(t *Table, d int, codes spelling) {
	if codes == nil {
		return
	}
	taken := spelling{}
	for i := range t.Cells {
		taken.add(t.Cells[i].Codes[d])
	}
	for i := range t.Cells {
		t.Cells[i].Codes[d] = codes.of(t.Cells[i].Codes[d], taken)
	}
	var parents map[string]string
	for child, parent := range t.Dimensions[d].Parent {
		if parents == nil {
			parents = map[string]string{}
		}
		parents[codes.of(child, taken)] = codes.of(parent, taken)
	}
	t.Dimensions[d].Parent = parents
}

// A spelling gives for a text without regard to capitals and spaces how it is
// spelt; several spellings of one text are apart by themselves, marked by "".
type spelling map[string]string

func folded(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

func (s spelling) add(text string) {
	k := folded(text)
	if was, ok := s[k]; ok && was != text {
		text = ""
	}
	s[k] = text
}

// of gives the spelling of a text that is among those taken in one spelling alone.
func (s spelling) of(text string, taken spelling) string {
	k := folded(text)
	if s[k] == "" || taken[k] == "" {
		return text
	}
	return s[k]
}

// spellings collects the names of dimensions, and by dimension the codes, of
// everything released.
func (l *Ledger) spellings() (names spelling, codes map[string]spelling) {
	names, codes = spelling{}, map[string]spelling{}
	for _, e := range l.entries {
		for _, t := range e.Tables {
			for d := range t.Dimensions {
				names.add(t.Dimensions[d].Name)
				k := folded(t.Dimensions[d].Name)
				if codes[k] == nil {
					codes[k] = spelling{}
				}
				for i := range t.Cells {
					codes[k].add(t.Cells[i].Codes[d])
				}
			}
		}
	}
	return names, codes
}
