package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// besides are the files that compare who asks with something for another reason than to
// decide what they may do with a record.
var besides = map[string]string{
	"internal/identity/":                "whoever acts on their own account",
	"internal/training/web_bookings.go": "“you” in place of a name",
	"internal/training/actions.go":      "“somebody has booked for you”",
	"internal/imports/todos.go":         "“you” in place of a name",
	"internal/annual/mails.go":          "whom of those who may is written to",
	"internal/plan/mails.go":            "whom of those who may is written to",
	"internal/plan/web_action.go":       "“yours” in place of a name",
}

// TestDecisionsAreAsked: what somebody may do with a record is a rule of internal/access,
// which Go and SQL ask alike. A comparison with the id or the organisation of who asks,
// written out in a room, is a second rule that drifts from it.
func TestDecisionsAreAsked(t *testing.T) {
	seen, needed := 0, map[string]bool{}
	for _, f := range sources(t) {
		if f.test || roomOf(f.pkg) == "" && f.pkg != "internal/app" {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			asks := askers(fn)
			seen += len(asks)
			for _, what := range adHoc(fn.Body, asks) {
				if p := excused(f.path); p != "" {
					needed[p] = true
					continue
				}
				t.Errorf("%s: %s looks at %s: say it as a rule of the kind of record (rules.go) and ask May or Where", f.path,
					fn.Name.Name, what)
			}
		}
	}
	for p := range besides {
		if !needed[p] {
			t.Errorf("%s needs no excuse any more", p)
		}
	}
	if seen < 100 {
		t.Errorf("only %d people who ask were found: the test looks at nothing", seen)
	}
}

// TestDecisionsAreWrittenDown: a room has rules about its records, or its page says that the
// permission of the route is all that decides.
func TestDecisionsAreWrittenDown(t *testing.T) {
	const none = "**Decisions.** Nothing here depends on the record"
	root, seen := testkit.Root(t), 0
	for _, room := range rooms {
		if _, err := os.Stat(filepath.Join(root, "internal", room)); err != nil {
			continue
		}
		seen++
		page, err := os.ReadFile(filepath.Join(root, "docs", "rooms", room+".md"))
		if err != nil {
			t.Errorf("%s has no page: %v", room, err)
			continue
		}
		_, err = os.Stat(filepath.Join(root, "internal", room, "rules.go"))
		if says := strings.Contains(string(page), none); says == (err == nil) {
			t.Errorf("%s: its rules.go is there: %v, and its page says “%s”: %v", room, err == nil, none, says)
		}
	}
	if seen < 10 {
		t.Errorf("only %d rooms were looked at", seen)
	}
}

// excused gives what of besides a file is under; "" for nothing.
func excused(path string) string {
	for p := range besides {
		if strings.HasPrefix(path, p) {
			return p
		}
	}
	return ""
}

// askers are the names in a function that stand for who asks: a parameter or a variable
// that is a web.Person.
func askers(fn *ast.FuncDecl) map[string]bool {
	out := map[string]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if s, ok := n.Type.(*ast.SelectorExpr); ok && dotted(s) == "web.Person" {
				for _, name := range n.Names {
					out[name.Name] = true
				}
			}
		case *ast.AssignStmt:
			for i, v := range n.Rhs {
				if c, ok := v.(*ast.CallExpr); ok && dotted(c.Fun) == "web.PersonOf" && len(n.Lhs) == len(n.Rhs) {
					out[dotted(n.Lhs[i])] = true
				}
			}
		}
		return true
	})
	return out
}

// adHoc lists where a body looks at whose a record is by itself.
func adHoc(body ast.Node, asks map[string]bool) []string {
	var out []string
	of := func(e ast.Expr, names ...string) string {
		s, ok := e.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		who := dotted(s.X)
		if c, ok := s.X.(*ast.CallExpr); ok {
			who = dotted(c.Fun)
		}
		for _, name := range names {
			if s.Sel.Name == name && (asks[who] || who == "web.PersonOf") {
				return who + "." + name
			}
		}
		return ""
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if s := of(n, "OrganisationID", "For", "Permissions"); s != "" {
				out = append(out, s)
			}
		case *ast.BinaryExpr:
			if n.Op != token.EQL && n.Op != token.NEQ {
				return true
			}
			for i, side := range []ast.Expr{n.X, n.Y} {
				other := []ast.Expr{n.Y, n.X}[i]
				if s := of(side, "ID"); s != "" && !isEmpty(other) {
					out = append(out, s)
				}
			}
		}
		return true
	})
	return out
}

func isEmpty(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Value == `""`
}

// dotted writes a name such as web.Person; "" for anything else.
func dotted(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x := dotted(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}

// TestAdHocIsFound: the test above finds each of the shapes that it is about.
func TestAdHocIsFound(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", `package p
func a(by web.Person, x Row) bool { return x.OwnerID == by.ID }
func b(req *http.Request) bool { me := web.PersonOf(req); return row.Org == me.OrganisationID }
func c(req *http.Request) string { return web.PersonOf(req).OrganisationID }
func d(by web.Person) bool { return by.ID != "" && by.May("x") }
func e(x Row) bool { return x.OrganisationID == "" }`, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{1, 1, 1, 0, 0} {
		fn := f.Decls[i].(*ast.FuncDecl)
		if got := adHoc(fn.Body, askers(fn)); len(got) != want {
			t.Errorf("%s: %v", fn.Name.Name, got)
		}
	}
}
