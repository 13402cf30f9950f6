package lang

import "testing"

func TestStandard(t *testing.T) {
	t.Parallel()
	own := Terms{"committee": "subgroup", "committees": "subgroups", "front door": "MASH"}
	for typed, want := range map[string]string{
		"Added Subgroup": "added committee", "subgroups of the mash": "committees of the front door", "": "",
		"police": "police",
	} {
		if got := own.Standard(typed); got != want {
			t.Errorf("%q is looked for as %q", typed, got)
		}
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	own := Terms{"front door": "MASH", "committees": "subgroups"}
	for _, c := range []struct {
		terms      Terms
		text, want string
	}{
		{nil, "Contacts with the {front door}", "Contacts with the front door"},
		{own, "Contacts with the {front door}", "Contacts with the MASH"},
		{own, "{Committees} and {committees}", "Subgroups and subgroups"},
		{own, "{Front door}: {looked-after children}", "MASH: looked-after children"},
		{own, "No braces, front door", "No braces, front door"},
		{own, "{{figure \"x\"}} {1} {} {", "{{figure \"x\"}} {1} {} {"},
	} {
		if got := c.terms.Put(c.text); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}
