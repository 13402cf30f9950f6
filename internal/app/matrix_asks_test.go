package app

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// parts finds what is to be filled in in a pattern.
var parts = regexp.MustCompile(`\{([a-z]+)(?:\.\.\.)?\}`)

// thingOf finds what a pattern is about; false when nothing says so.
func thingOf(pattern string) (thing, bool) {
	at := parts.FindAllStringIndex(pattern, -1)
	prefix := pattern[:at[len(at)-1][1]]
	i := slices.IndexFunc(things, func(x thing) bool { return x.prefix == pattern })
	if i < 0 {
		i = slices.IndexFunc(things, func(x thing) bool { return x.prefix == prefix })
	}
	if i < 0 {
		return thing{}, false
	}
	return things[i], true
}

// asks lists, for one address and role, the things there are; and as many addresses
// of things that are missing or are a child under another parent.
func (w *world) asks(t *testing.T, rt web.Route, role string) (there, missing []ask) {
	t.Helper()
	names := parts.FindAllStringSubmatch(rt.Pattern, -1)
	if len(names) == 0 {
		return []ask{{rt: rt, role: role, class: anybodys}}, nil
	}
	_, pattern, _ := strings.Cut(rt.Pattern, " ")
	x, ok := thingOf(pattern)
	if !ok {
		t.Errorf("nothing says what %s is about: add a line with its prefix to the table things, then run\n"+
			"\tgo test ./internal/app -run TestPermissionMatrix -update\nand read what has changed in docs/permissions.md",
			rt.Pattern)
		return nil, nil
	}
	gone := make([]string, len(names))
	for i, n := range names {
		gone[i] = missingValue(n[1])
	}
	if x.alone != "" {
		return []ask{{rt: rt, role: role, class: anybodys, values: gone}}, nil
	}
	var rows [][]string
	for _, c := range []struct {
		class class
		query string
	}{{anybodys, x.any}, {own, x.own}, {ownOrganisation, x.organisation}, {another, x.another}} {
		found := w.query(t, c.query, w.person[role])
		if len(found) > 0 {
			there = append(there, ask{rt, role, c.class, found[0]})
		}
		rows = append(rows, found...)
	}
	for _, id := range x.fixed {
		rows = append(rows, []string{id})
	}
	if x.fixed != nil {
		there = append(there, ask{rt, role, anybodys, rows[0]})
	}
	if len(rows) == 0 {
		t.Errorf("%s: there is nothing of the kind for %s", rt.Pattern, cmp.Or(role, "the public"))
		return nil, nil
	}
	for i := range names {
		values := slices.Clone(rows[0])
		values[i] = gone[i]
		missing = append(missing, ask{rt, role, "", values})
		if i < len(names)-1 {
			if values := underAnother(rows, i); values != nil {
				missing = append(missing, ask{rt, role, "", values})
			}
		}
	}
	return there, missing
}

// underAnother gives a row with its part i of another row, so that there is no such
// row; nil when there is only one parent.
func underAnother(rows [][]string, i int) []string {
	for _, row := range rows {
		values := slices.Clone(rows[0])
		values[i] = row[i]
		if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, values) }) {
			return values
		}
	}
	return nil
}

func missingValue(part string) string {
	switch part {
	case "year":
		return "1999-00"
	case "version":
		return "99999"
	case "path":
		return "no-such-page.html"
	case "code":
		return "E00000000"
	}
	return ids.New()
}
