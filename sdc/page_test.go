package sdc_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// Every table of docs/disclosure.md that is marked as worked out is what an attack
// finds, and every one marked as protected is what protecting the one before gives. The
// costs are those of the first table.
func TestDisclosurePage(t *testing.T) {
	page, err := os.ReadFile("../docs/disclosure.md")
	if err != nil {
		t.Fatal(err)
	}
	seen, before := map[string]int{}, ""
	for _, m := range regexp.MustCompile("(?ms)^```csv (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		kind, text := m[1], m[2]
		seen[kind]++
		switch kind {
		case "true":
			before = text
		case "protected":
			if got := rewrite(t, before, false); got != text {
				t.Errorf("protected, the table before it is\n%s\nnot\n%s", got, text)
			}
		case "worked-out":
			if got := rewrite(t, text, true); got != text {
				t.Errorf("an attack works out\n%s\nnot\n%s", got, text)
			}
		default:
			t.Errorf("a table is marked %q", kind)
		}
	}
	first := regexp.MustCompile("(?ms)^```csv true\n(.*?)^```$").FindStringSubmatch(string(page))[1]
	costs := regexp.MustCompile("(?ms)^```costs\n(.*?)^```$").FindStringSubmatch(string(page))
	r := sdc.Release{Tables: []sdc.Table{table("children", first)}}
	losses, err := sdc.Compare(context.Background(), r, sdc.Options{Profile: dfe()}, 3, 5, 10)
	if got := sdc.LossTable(losses); err != nil || costs == nil || got != costs[1] {
		t.Errorf("the page has the costs\n%s\nnot\n%s(%v)", costs, got, err)
	}
	if seen["true"] == 0 || seen["protected"] == 0 || seen["worked-out"] == 0 {
		t.Errorf("the page has %v", seen)
	}
}

// rewrite gives the rows of a table with the intervals of its hidden counts, or
// protected.
func rewrite(t *testing.T, text string, intervals bool) string {
	t.Helper()
	c, err := csvtable.Read(strings.NewReader(text), csvtable.Options{Symbol: "[c]"})
	if err != nil {
		t.Fatal(err)
	}
	r, o := sdc.Release{Tables: []sdc.Table{c.Table}}, sdc.Options{Profile: dfe()}
	var out strings.Builder
	if !intervals {
		res, err := sdc.Protect(context.Background(), r, o)
		if err != nil || !res.Safe {
			t.Fatalf("%v\n%s", err, text)
		}
		err = c.Write(&out, &res.Released.Tables[0])
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	a, err := sdc.Attack(context.Background(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]sdc.Verdict{}
	for _, j := range a.Cells {
		found[j.Cell] = j
	}
	err = c.WriteIntervals(&out, &c.Table, func(cell int) (int64, int64, bool) {
		j, ok := found[cell]
		return j.Low, j.High, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
