package ui

import (
	"strings"
	"testing"
)

func TestPersonPicker(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		form Form
		at   string
		want []string
		not  string
	}{
		"empty": {nil, "owner", []string{
			`data-picker="/work/pick?kind=person"`, `name="owner"`, `<input type="hidden" name="owner-chosen" value="">`,
			"Type a name or an e-mail address", `value="person owner"`}, "radio"},
		"filled": {guideForm{values: map[string]string{"owner": "Sam Lee", "owner-chosen": "p1 Sam Lee"}}, "owner", []string{
			`value="Sam Lee"`, `<input type="hidden" name="owner-chosen" value="p1 Sam Lee">`}, "radio"},
		"several": {wrongForm(), "w_owner", []string{
			`name="w_owner-chosen" type="radio" value="1 Lee"`, "Who is meant?", "Head teacher, Gull Lane School",
			"Several people fit"}, `type="hidden"`},
		"nobody": {wrongForm(), "w_chair", []string{`href="/work/people/new"`, "Nobody here fits"}, "radio"},
	} {
		html, err := personPicker(c.form, c.at, "Owner")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(string(html), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, html)
			}
		}
		if strings.Contains(string(html), c.not) {
			t.Errorf("%s has %s:\n%s", name, c.not, html)
		}
	}
}

// TestLongSelect: only a list too long to look through can be searched.
func TestLongSelect(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{searchedFrom - 1: false, searchedFrom: true} {
		html, err := selectBox(nil, "organisation", "Organisation", make([]Choice, n))
		if err != nil || strings.Contains(string(html), "data-searched") != want {
			t.Errorf("of %d choices: %v", n, err)
		}
	}
}
