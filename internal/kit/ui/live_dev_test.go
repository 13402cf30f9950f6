//go:build dev

package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEditedTemplateIsSeen: in the build of "make dev" a page is what its file says
// when it is asked for, and the program's own templates are those on the disk.
func TestEditedTemplateIsSeen(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		t.Helper()
		err := os.WriteFile(filepath.Join(dir, "page.html"), []byte(`{{define "main"}}`+text+`{{end}}`), 0o600)
		if err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	set, err := NewSet(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"before", "after"} {
		write(text)
		var b strings.Builder
		if err := set.Content(&b, "page", Base{}); err != nil || b.String() != text {
			t.Errorf("the page says %q, not %q: %v", b.String(), text, err)
		}
	}
	write("{{broken")
	if err := set.Content(&strings.Builder{}, "page", Base{}); err == nil {
		t.Error("a broken template is shown as it was")
	}
	if onDisk(0, layoutFiles) == layoutFiles || onDisk(0, dist) == dist {
		t.Error("layouts and assets are not read from the disk")
	}
	if Assets().Path("app.css") == "" {
		t.Error("there is no stylesheet")
	}
}
