package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var (
	update      = flag.Bool("update", false, "write docs/permissions.md instead of comparing with it")
	everyEngine = flag.Bool("every-engine", false, "walk the permission matrix on PostgreSQL too")
)

var noting sync.Mutex

// note keeps what was answered.
func (m *matrix) note(x ask, a answer) {
	noting.Lock()
	defer noting.Unlock()
	roles := m.cells[x.rt.Pattern]
	if roles == nil {
		roles = map[string]map[class]string{}
		m.cells[x.rt.Pattern] = roles
	}
	if roles[x.role] == nil {
		roles[x.role] = map[class]string{}
	}
	roles[x.role][x.class] = a.word()
}

func (m *matrix) exports(pattern string) {
	noting.Lock()
	defer noting.Unlock()
	m.export[pattern] = true
}

// cell is what a role is answered, in a word: yes, no (–), sign-in, or whose things
// alone are theirs.
func (m *matrix) cell(pattern, role string) string {
	got := m.cells[pattern][role]
	yes, no := "", ""
	for _, c := range []class{anybodys, own, ownOrganisation, another} {
		switch word, ok := got[c]; {
		case !ok:
		case word == "yes":
			yes += string(c) + ";"
		default:
			no = word
		}
	}
	switch {
	case yes == "" && no == "sign-in":
		return "sign-in"
	case yes == "":
		return "–"
	case no == "":
		return "yes"
	case yes == "own;":
		return "own"
	case yes == "own organisation;" || yes == "own;own organisation;":
		return "org"
	}
	return strings.TrimSuffix(yes, ";") + "!"
}

// begin and end are around what is generated.
const (
	begin = "<!-- generated from here: go test ./internal/app -run TestPermissionMatrix -update -->\n"
	end   = "<!-- to here -->\n"
)

// compare holds the table to docs/permissions.md, or writes it.
func (m *matrix) compare(t *testing.T) {
	t.Helper()
	at := filepath.Join(testkit.Root(t), "docs", "permissions.md")
	b, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	was, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has not both of the lines\n%s%s", at, begin, end)
	}
	for _, rt := range m.routes {
		if !slices.ContainsFunc(m.roles(), func(role string) bool {
			return !slices.Contains([]string{"–", "sign-in"}, m.cell(rt.Pattern, role))
		}) {
			t.Errorf("%s is answered to nobody: nobody can use it, or the table things finds nothing that it is for", rt.Pattern)
		}
	}
	is := m.table()
	if *update {
		if err := os.WriteFile(at, []byte(before+begin+is+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if was == is {
		return
	}
	t.Error("what the program answers is not what docs/permissions.md says. If it is what was meant, run\n" +
		"\tgo test ./internal/app -run TestPermissionMatrix -update\nand let somebody read the difference:")
	for _, x := range differing(is, was) {
		t.Error("now:  " + x)
	}
	for _, x := range differing(was, is) {
		t.Error("said: " + x)
	}
}

// differing lists the lines of a that b lacks.
func differing(a, b string) []string {
	var out []string
	for line := range strings.Lines(a) {
		if !strings.Contains(b, line) {
			out = append(out, strings.TrimSuffix(line, "\n"))
		}
	}
	return out
}

// table writes what is generated: the roles with what they hold, and the matrix by
// room.
func (m *matrix) table() string {
	var b strings.Builder
	b.WriteString("\n## Roles\n\n| | role | comes to | permissions |\n|---|---|---|---|\n")
	for _, r := range access.Roles() {
		held := make([]string, len(r.Permissions))
		for i, p := range r.Permissions {
			held[i] = string(p)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", initials(r.ID), r.Title, r.ComesTo, strings.Join(held, ", "))
	}
	room := ""
	for _, rt := range m.routes {
		if in, _ := handler(rt); in != room {
			room = in
			fmt.Fprintf(&b, "\n## %s\n\n| address | what it does | permission |", roomTitle(in))
			for _, role := range m.roles() {
				b.WriteString(" " + initials(role) + " |")
			}
			b.WriteString("\n|---|---|---|" + strings.Repeat("---|", len(m.roles())) + "\n")
		}
		m.row(&b, rt)
	}
	return b.String() + "\n"
}

func (m *matrix) row(b *strings.Builder, rt web.Route) {
	_, words := handler(rt)
	if m.export[rt.Pattern] {
		words += "; also as CSV"
	}
	switch rt.Confirm {
	case web.Always:
		words += "; confirm it is you"
	case web.OnExport:
		words += "; confirm it is you for the file"
	}
	fmt.Fprintf(b, "| `%s` | %s | %s |", rt.Pattern, strings.TrimPrefix(words, "; "), rt.Permission)
	for _, role := range m.roles() {
		b.WriteString(" " + m.cell(rt.Pattern, role) + " |")
	}
	b.WriteString("\n")
}

// initials is a role as the head of a column: SP for safeguarding-partner.
func initials(role string) string {
	if role == nobody {
		return "public"
	}
	first, second, two := strings.Cut(role, "-")
	if !two {
		second = first[1:]
	}
	return strings.ToUpper(first[:1] + second[:1])
}

func roomTitle(room string) string {
	if room == "app" {
		return "Home and the program’s own pages"
	}
	return strings.ToUpper(room[:1]) + room[1:]
}

var (
	method = regexp.MustCompile(`internal/(?:kit/)?(\w+)\.\(\*\w+\)\.(\w+)-fm$`)
	humps  = regexp.MustCompile(`[A-Z]+`)
)

// handler tells the room of a route and what it does in words, by the name of its
// handler: confirmCancelBooking, "confirm cancel booking".
func handler(rt web.Route) (room, words string) {
	name := runtime.FuncForPC(reflect.ValueOf(rt.Handle).Pointer()).Name()
	if f := method.FindStringSubmatch(name); f != nil {
		words = humps.ReplaceAllStringFunc(f[2], func(s string) string { return " " + strings.ToLower(s) })
		return f[1], strings.TrimSpace(words)
	}
	room = "annual" // its public pages are wrapped, to count visits
	if i := strings.LastIndex(name, "internal/"); i >= 0 {
		room, _, _ = strings.Cut(name[i+len("internal/"):], ".")
	}
	return room, ""
}
