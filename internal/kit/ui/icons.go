package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed pictures
var pictureFiles embed.FS

// pictures are our own drawings by name: icons, the mark, illustrations.
var pictures = sync.OnceValue(func() map[string]template.HTML {
	all := map[string]template.HTML{}
	err := fs.WalkDir(pictureFiles, "pictures", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		svg, err := fs.ReadFile(pictureFiles, name)
		if err != nil {
			return err
		}
		key := strings.TrimSuffix(strings.TrimPrefix(name, "pictures/"), path.Ext(name))
		all[key] = template.HTML(strings.TrimSpace(string(svg)))
		return nil
	})
	if err != nil {
		panic("ui: the embedded pictures cannot be read: " + err.Error())
	}
	return all
})

func picture(name string) (template.HTML, error) {
	svg, ok := pictures()[name]
	if !ok {
		return "", fmt.Errorf("there is no picture %q", name)
	}
	return svg, nil
}

// icon is a small drawing beside words that say the same.
func icon(name string) (template.HTML, error) { return picture("icon/" + name) }

// mark is the partnership's mark.
func mark() (template.HTML, error) { return picture("mark") }

// illustration is a large drawing, hidden from those who listen: the words
// beside it say what matters.
func illustration(name string) (template.HTML, error) { return picture("illustration/" + name) }
