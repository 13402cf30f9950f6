package arch

import (
	"go/ast"
	"strings"
	"testing"
)

// TestDeletesSaySeen: an action by which a person deletes a record is told what they saw
// of it, so that what somebody wrote in between is not lost unread.
func TestDeletesSaySeen(t *testing.T) {
	deletes := 0
	for _, f := range sources(t) {
		if f.test || roomOf(f.pkg) == "" {
			continue
		}
		for _, decl := range f.ast.Decls {
			d, ok := decl.(*ast.FuncDecl)
			if !ok || d.Recv == nil || !strings.HasPrefix(d.Name.Name, "Delete") || !takes(d, "Person") {
				continue
			}
			deletes++
			if !takes(d, "Seen") {
				t.Errorf("%s: %s does not take what the person saw, a web.Seen", f.path, d.Name.Name)
			}
		}
	}
	if deletes < 8 {
		t.Fatalf("only %d actions that delete were found: the test does not see them any more", deletes)
	}
}

// takes reports whether a function has a parameter of a type of the kit's package web.
func takes(d *ast.FuncDecl, name string) bool {
	for _, p := range d.Type.Params.List {
		sel, ok := p.Type.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != name {
			continue
		}
		if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "web" {
			return true
		}
	}
	return false
}
