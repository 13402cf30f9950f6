package arch

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
