package arch

import (
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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

// TestFramesAreNotHidden: the frame asks the page's struct for what ui.Base has, such as
// .Rooms. A field of the struct's own with that name would be given to it instead, and the
// page fail for whoever has a navigation.
func TestFramesAreNotHidden(t *testing.T) {
	t.Parallel()
	base := reflect.TypeFor[ui.Base]()
	pages := 0
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			page, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			fields, ok := page.Type.(*ast.StructType)
			if !ok || !slices.ContainsFunc(fields.Fields.List, framed) {
				return true
			}
			pages++
			for _, field := range fields.Fields.List {
				for _, name := range field.Names {
					_, isField := base.FieldByName(name.Name)
					_, isMethod := base.MethodByName(name.Name)
					if isField || isMethod {
						t.Errorf("%s: %s.%s hides what the frame asks ui.Base for: call it something else",
							f.path, page.Name.Name, name.Name)
					}
				}
			}
			return true
		})
	}
	if pages < 100 {
		t.Errorf("only %d pages were looked at", pages)
	}
}

// framed reports whether a field embeds a page's frame.
func framed(field *ast.Field) bool {
	return len(field.Names) == 0 && (isSelector(field.Type, "ui", "Base") || isSelector(field.Type, "ui", "FormPage"))
}
