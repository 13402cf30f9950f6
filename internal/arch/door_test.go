package arch

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// readersSee are the packages whose pages and files everybody reads. Numbers of figures reach
// them as values of kit/release only.
var readersSee = []string{"internal/annual"}

// trueNumbers are what a package that everybody reads may not name: a figure's value, and what
// computes one.
var trueNumbers = map[string][]string{"kith/internal/kit/figure": {"Value", "Of", "Ratio", "CSVRows"}}

// TestNumbersLeaveByOneDoor: what everybody reads is made of released values. A package that
// computes a figure itself has the true number, and could print it, draw it or sort by it.
func TestNumbersLeaveByOneDoor(t *testing.T) {
	seen := 0
	for _, f := range sources(t) {
		if f.test || !slices.Contains(readersSee, f.pkg) {
			continue
		}
		seen++
		names := map[string][]string{}
		for _, im := range f.ast.Imports {
			path, _ := strconv.Unquote(im.Path.Value)
			if words := trueNumbers[path]; words != nil {
				names[path[strings.LastIndex(path, "/")+1:]] = words
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && slices.Contains(names[x.Name], n.Sel.Name) {
					t.Errorf("%s names %s.%s: ask package release for what readers may see", f.path, x.Name, n.Sel.Name)
				}
			case *ast.CallExpr:
				// Only a figure's snapshot and registry have these methods.
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Compute" || s.Sel.Name == "One") {
					t.Errorf("%s computes a figure: ask package release for what readers may see", f.path)
				}
			}
			return true
		})
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}
