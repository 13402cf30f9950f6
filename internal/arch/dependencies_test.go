package arch

import (
	"fmt"
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
