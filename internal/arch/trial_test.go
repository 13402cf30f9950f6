package arch

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// trialEdits are what docs/rooms/README.md has a new room change elsewhere, as far as
// the room's own tests and this package see it. add comes before the one place where
// before stands.
var trialEdits = []struct{ file, before, add string }{
	{"internal/access/access.go", "\t// FiguresRead shows",
		"\t// LeafletsRead shows the leaflets there are, and how many are left.\n" +
			"\tLeafletsRead web.Permission = \"leaflets:read\"\n" +
			"\t// LeafletsManage adds, counts and retires leaflets.\n" +
			"\tLeafletsManage web.Permission = \"leaflets:manage\"\n\n"},
	{"internal/access/access.go", "\tFiguresRead, FiguresRestricted,", "\tLeafletsRead, LeafletsManage,\n"},
	{"internal/access/roles.go", "\t\tFiguresRead, FiguresRestricted, FiguresAttest, ImportsRead, " +
		"ImportsManage,\n\t\tSitesRead,",
		"\t\tLeafletsRead, LeafletsManage,\n"},
	{"internal/arch/arch_test.go", "\"imports\"}\n", "\"leaflets\", "},
}

// TestTrialRoom: the room leaflets, made by following docs/rooms/README.md alone, holds
// to the rules of this package and passes its own tests on both engines. It stands in
// testdata/trial and is laid over the tree for the time of the test: when the kit
// changes so that rooms have to change, it is changed with them.
func TestTrialRoom(t *testing.T) {
	root, trial := testkit.Root(t), filepath.Join("testdata", "trial")
	tree, work := t.TempDir(), t.TempDir()
	over := map[string]string{} // what go is to see at a path of the tree
	linkTree(t, root, tree)
	put := func(rel, from string) {
		t.Helper()
		from, err := filepath.Abs(from)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(tree, rel)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		os.Remove(at)
		if err := os.Symlink(from, at); err != nil {
			t.Fatal(err)
		}
		over[filepath.Join(root, rel)] = from
	}
	for _, rel := range filesUnder(t, trial) {
		put(rel, filepath.Join(trial, rel))
	}
	edited := map[string]string{}
	for i, e := range trialEdits {
		text, ok := edited[e.file]
		if !ok {
			b, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		if n := strings.Count(text, e.before); n != 1 {
			t.Fatalf("%q stands %d times in %s: bring trialEdits up to date", e.before, n, e.file)
		}
		edited[e.file] = strings.Replace(text, e.before, e.add+e.before, 1)
		at := filepath.Join(work, strings.ReplaceAll(e.file, "/", "-"))
		if err := os.WriteFile(at, []byte(edited[e.file]), 0o600); err != nil {
			t.Fatal(err, i)
		}
		put(e.file, at)
	}

	arch := buildTest(t, root, work, over, "internal/arch")
	if said, err := runIn(filepath.Join(tree, "internal/arch"), arch, "-test.skip=TestTrialRoom"); err != nil {
		t.Errorf("the rules refuse the room: %v\n%s", err, said)
	}
	own := buildTest(t, root, work, over, "internal/leaflets")
	if said, err := runIn(filepath.Join(tree, "internal/leaflets"), own); err != nil {
		t.Errorf("the room's own tests: %v\n%s", err, said)
	}

	// And the rules are in force there: a room that imports another is refused.
	wrong := filepath.Join(tree, "internal/leaflets/wrong.go")
	if err := os.WriteFile(wrong, []byte("package leaflets\n\nimport _ \"kith/internal/plan\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := runIn(filepath.Join(tree, "internal/arch"), arch, "-test.run=TestImports")
	if err == nil || !strings.Contains(said, "no room imports a room") {
		t.Errorf("a room that imports another is not refused: %v\n%s", err, said)
	}
}

// linkTree makes folders with links to the files of the project, without what is built
// and without other tests' data.
func linkTree(t *testing.T, root, tree string) {
	t.Helper()
	for _, rel := range filesUnder(t, root) {
		at := filepath.Join(tree, rel)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(root, rel), at); err != nil {
			t.Fatal(err)
		}
	}
}

// filesUnder lists the files under a folder, from there.
func filesUnder(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			switch {
			case rel == "internal/arch/testdata", rel == "bin", rel == "demo", d.Name() == "node_modules",
				strings.HasPrefix(d.Name(), ".") && rel != ".":
				return fs.SkipDir
			}
			return nil
		}
		out = append(out, rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// buildTest builds the tests of a package as it stands with the room laid over.
func buildTest(t *testing.T, root, work string, over map[string]string, pkg string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"Replace": over})
	if err != nil {
		t.Fatal(err)
	}
	overlay, program := filepath.Join(work, "overlay.json"), filepath.Join(work, filepath.Base(pkg)+".test")
	if err := os.WriteFile(overlay, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := runIn(root, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, "./"+pkg); err != nil {
		t.Fatalf("build the tests of %s: %v\n%s", pkg, err, said)
	}
	return program
}

func runIn(dir, program string, args ...string) (string, error) {
	c := exec.Command(program, args...)
	c.Dir = dir
	said, err := c.CombinedOutput()
	return string(said), err
}
