package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"kith/internal/testkit"
)

// TestDependencies: every direct dependency has a line with its reason.
func TestDependencies(t *testing.T) {
	root := testkit.Root(t)
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", b, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]string{}
	tool := func(path string) bool {
		return slices.ContainsFunc(mod.Tool, func(t *modfile.Tool) bool { return strings.HasPrefix(t.Path, path+"/") })
	}
	for _, r := range mod.Require {
		if !r.Indirect || tool(r.Mod.Path) {
			direct[r.Mod.Path] = r.Mod.Version
		}
	}
	for path, version := range direct {
		if !strings.Contains(string(doc), fmt.Sprintf("`%s` %s", path, version)) {
			t.Errorf("docs/dependencies.md does not say why %s %s is used", path, version)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^- `([^`]+/[^`]+)` (v\\S+)").FindAllStringSubmatch(string(doc), -1) {
		if direct[m[1]] == "" {
			t.Errorf("docs/dependencies.md explains %s, which is not used", m[1])
		}
	}
}

// once are calls that stand in one package, which all others use: what they make
// is to be the same everywhere.
var once = map[string]struct{ pkg, use string }{
	"goldmark.New":            {"internal/kit/markdown", "markdown.New"},
	"bluemonday.NewPolicy":    {"internal/kit/markdown", "markdown.Policy"},
	"bluemonday.UGCPolicy":    {"internal/kit/markdown", "markdown.Policy"},
	"bluemonday.StrictPolicy": {"internal/kit/markdown", "markdown.Policy"},
	"time.LoadLocation":       {"internal/kit/clock", "clock.London"},
	"gzip.NewWriter":          {"internal/kit/zipped", "zipped.New"},
	"gzhttp.NewWrapper":       {"internal/kit/zipped", "zipped.New"},
	"gzhttp.GzipHandler":      {"internal/kit/zipped", "zipped.New"},
}

// notASlug is how a slug is cut with an expression.
var notASlug = regexp.MustCompile(`\[\^a-z0-9\]`)

// TestOnce: there is one set-up of Markdown and of what it may become, one time
// zone, one way of zipping pages and one maker of slugs.
func TestOnce(t *testing.T) {
	used := map[string]bool{}
	for _, f := range sources(t) {
		if f.test || f.pkg == "internal/arch" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok {
					break
				}
				call := x.Name + "." + n.Sel.Name
				if at, ok := once[call]; ok && f.pkg != at.pkg {
					t.Errorf("%s calls %s: use %s", f.path, call, at.use)
				} else if ok {
					used[call] = true
				}
			case *ast.CallExpr:
				if joinsWithHyphens(n) && f.path != "internal/kit/lang/lang.go" {
					t.Errorf("%s makes slugs: use lang.Slug", f.path)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && notASlug.MatchString(n.Value) {
					t.Errorf("%s makes slugs with %s: use lang.Slug", f.path, n.Value)
				}
			}
			return true
		})
	}
	for _, call := range []string{
		"goldmark.New", "bluemonday.NewPolicy", "time.LoadLocation", "gzip.NewWriter", "gzhttp.NewWrapper",
	} {
		if !used[call] {
			t.Errorf("%s is called nowhere: the test does not see it any more", call)
		}
	}
}

// joinsWithHyphens reports whether a call sets the words of a text behind each
// other with hyphens, as a slug has them.
func joinsWithHyphens(call *ast.CallExpr) bool {
	if len(call.Args) != 2 || !isSelector(call.Fun, "strings", "Join") {
		return false
	}
	hyphen, ok := call.Args[1].(*ast.BasicLit)
	words, cut := call.Args[0].(*ast.CallExpr)
	return ok && cut && hyphen.Value == `"-"` &&
		(isSelector(words.Fun, "strings", "FieldsFunc") || isSelector(words.Fun, "strings", "Fields"))
}

func isSelector(x ast.Expr, pkg, name string) bool {
	sel, ok := x.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == name && isIdent(sel.X, pkg)
}
