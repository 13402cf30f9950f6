package arch

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kith/internal/testkit"
)

// TestMutantsAreFound: make mutants takes controls away where scripts/mutants.json
// says, at night. The list stays true when code moves: each place is there once.
func TestMutantsAreFound(t *testing.T) {
	root := testkit.Root(t)
	b, err := os.ReadFile(filepath.Join(root, "scripts", "mutants.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Name, File, Find, Put, Test string }
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 30 {
		t.Errorf("%d controls are listed", len(list))
	}
	names := map[string]bool{}
	for _, m := range list {
		text, err := os.ReadFile(filepath.Join(root, m.File))
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if n := strings.Count(string(text), m.Find); n != 1 {
			t.Errorf("%s: %q stands %d times in %s", m.Name, m.Find, n, m.File)
		}
		if names[m.Name] || m.Find == m.Put || m.Test == "" {
			t.Errorf("%s: listed twice, changes nothing or runs no test", m.Name)
		}
		names[m.Name] = true
	}
}

// TestLineLength: lines of code are at most 120 characters. What stands in backquotes
// is written as it will be read, and a test quotes what it wants whole.
func TestLineLength(t *testing.T) {
	root := testkit.Root(t)
	for _, rel := range filesUnder(t, root) {
		if !strings.HasSuffix(rel, ".go") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, rel))
		if err != nil {
			t.Fatal(err)
		}
		quoted := stringLines(t, rel, b)
		for i, line := range strings.Split(string(b), "\n") {
			if n := utf8.RuneCountInString(line); n > 120 && !quoted[i+1] {
				t.Errorf("%s:%d is %d characters long", rel, i+1, n)
			}
		}
	}
}

// stringLines are the lines that a string makes long: any in backquotes, and in a test
// every string of more than 60 characters.
func stringLines(t *testing.T, name string, source []byte) map[int]bool {
	t.Helper()
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if lit.Value[0] == '`' || strings.HasSuffix(name, "_test.go") && len(lit.Value) > 60 {
			for line := set.Position(lit.Pos()).Line; line <= set.Position(lit.End()).Line; line++ {
				out[line] = true
			}
		}
		return true
	})
	return out
}

// TestFileLength: no file is so long that nobody reads it to the end.
func TestFileLength(t *testing.T) {
	root := testkit.Root(t)
	for _, rel := range filesUnder(t, root) {
		if !strings.HasSuffix(rel, ".go") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, rel))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n > 500 {
			t.Errorf("%s has %d lines: split it by what it is about", rel, n)
		}
	}
}
