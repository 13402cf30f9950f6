package web

import (
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/period"
)

// TestDifferences: what was changed is told from what to what, shortly, and of a long
// text, which may say anything of anybody, only how long it is.
func TestDifferences(t *testing.T) {
	t.Parallel()
	was := NewForm("name", "Night work", "meets", "", "position", "3", "purpose", "old", "organisation",
		"01jc5m0q6yk3n8r2t4v6x8z0ab", "themes", "a\nb", "roles", "b", "roles", "a", "same", "x", seenField, "one")
	was.SetDate("due", period.MustDate("2024-03-31"))
	was.Choose("owner", "p1", "Ann Ash (ann@x.example)")
	now := NewForm("name", "Night  work", "meets", "Monthly", "position", "", "purpose", strings.Repeat("word ", 30),
		"organisation", "01jc5m0q6yk3n8r2t4v6x8z0cd", "themes", "a\nc d", "roles", "a", "roles", "c", "same", " x ",
		seenField, "two")
	now.SetDate("due", period.MustDate("2024-04-30"))
	now.Choose("owner", "p2", "Bob Birch (bob@x.example)")
	want := []Difference{
		{"Due", "31 March 2024", "30 April 2024"},
		{"Meets", "", "Monthly"},
		{"Name", "Night work", "Night  work"},
		{"Organisation", "", ""},
		{"Owner", "Ann Ash (ann@x.example)", "Bob Birch (bob@x.example)"},
		{"Position", "3", ""},
		{"Purpose", "old", "a text of 30 words"},
		{"Roles", "a, b", "a, c"},
		{"Themes", "a text of 2 words", "a text of 3 words"},
	}
	if got := Differences(was, now); !slices.Equal(got, want) {
		t.Errorf("%q\nnot\n%q", got, want)
	}
	if got := Differences(was, was); got != nil {
		t.Errorf("nothing was changed: %q", got)
	}
}
