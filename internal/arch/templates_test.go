package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/kit/ui"
	"kith/internal/testkit"
)

// TestEveryPageParses: a page is parsed when somebody first asks for it, which must
// not be when it is found broken.
func TestEveryPageParses(t *testing.T) {
	t.Parallel()
	pages := 0
	err := filepath.WalkDir(filepath.Join(testkit.Root(t), "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "templates" || !d.IsDir() {
			return err
		}
		set, err := ui.NewSet(os.DirFS(filepath.Dir(path)))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		for _, name := range set.Names() {
			pages++
			if _, err := set.Template(name); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 100 {
		t.Errorf("only %d pages were looked at", pages)
	}
}
