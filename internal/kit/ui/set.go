package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed layouts/*.html
var layoutFiles embed.FS

// Set is a room's pages. Each is parsed the first time it is asked for: a command
// that shows none, and a node that shows few, should not pay for all. That every
// page can be parsed is held by tests.
type Set struct {
	pages map[string]func() (*template.Template, error)
	base  *template.Template
	paths map[string]string // the file of each page
	files fs.FS             // what they are parsed from
}

// NewSet takes the templates folder of a room. Every file is a page that
// defines "main", and may define "head" and "aside"; each page has its own
// copy of the layouts, so two pages' definitions never meet. A file whose name
// begins with an underscore holds parts that all pages of the room may use.
func NewSet(fsys fs.FS) (*Set, error) { return newSet(onDisk(1, fsys)) }

func newSet(fsys fs.FS) (*Set, error) {
	files, err := templateFiles(fsys)
	if err != nil {
		return nil, err
	}
	base, err := layouts()
	if err != nil {
		return nil, err
	}
	set := &Set{base: base, files: fsys, paths: map[string]string{}}
	set.pages = map[string]func() (*template.Template, error){}
	for _, name := range files {
		if strings.HasPrefix(path.Base(name), "_") {
			if err := parse(base, fsys, name); err != nil {
				return nil, err
			}
			continue
		}
		page := strings.TrimSuffix(path.Base(name), ".html")
		set.paths[page] = name
		set.pages[page] = sync.OnceValues(func() (*template.Template, error) { return set.parsePage(page) })
	}
	return set, nil
}

// parsedLayouts are the frames that every page stands in; no copy of them is executed
// before a page's own parts are in it.
var parsedLayouts = sync.OnceValues(func() (*template.Template, error) { return parseLayouts(layoutFiles) })

func parseLayouts(fsys fs.FS) (*template.Template, error) {
	base, err := template.New("page").Funcs(Funcs()).ParseFS(fsys, "layouts/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse layouts: %w", err)
	}
	return base, nil
}

// layouts gives a copy of the frames for a room to add its own parts to.
func layouts() (*template.Template, error) {
	if Live {
		return parseLayouts(onDisk(0, layoutFiles))
	}
	base, err := parsedLayouts()
	if err != nil {
		return nil, err
	}
	return base.Clone()
}

// parsePage makes the template of one page.
func (s *Set) parsePage(name string) (*template.Template, error) {
	own, err := s.base.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy layouts for %s: %w", name, err)
	}
	if err := parse(own, s.files, s.paths[name]); err != nil {
		return nil, err
	}
	if own.Lookup("main") == nil {
		return nil, fmt.Errorf("template %s does not define \"main\"", s.paths[name])
	}
	return own.Lookup("page"), nil
}

// templateFiles finds templates/*.html, or *.html when the file system is
// already that folder.
func templateFiles(fsys fs.FS) ([]string, error) {
	for _, pattern := range []string{"templates/*.html", "*.html"} {
		files, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", pattern, err)
		}
		if len(files) > 0 {
			return files, nil
		}
	}
	return nil, fmt.Errorf("look for templates: %w", fs.ErrNotExist)
}

func parse(into *template.Template, fsys fs.FS, name string) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read template %s: %w", name, err)
	}
	if _, err := into.New(path.Base(name)).Parse(string(text)); err != nil {
		return fmt.Errorf("parse template: %w", err)
	}
	return nil
}

// Names lists the pages in order.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.paths)) }

// Template is a page's template, for a test to type check: one that is never
// executed, since executing writes escapers into it. It is nil when there is no such page.
func (s *Set) Template(name string) (*template.Template, error) {
	if s.paths[name] == "" {
		return nil, nil
	}
	return s.parsePage(name)
}

// errorSummaryMark stands in every page that shows an error summary.
var errorSummaryMark = []byte(`data-module="govuk-error-summary"`)

// template is what makes a page, nil when there is no such page.
func (s *Set) template(name string) (*template.Template, error) {
	if Live {
		now, err := newSet(s.files)
		if err != nil {
			return nil, err
		}
		s = now
	}
	page := s.pages[name]
	if page == nil {
		return nil, nil
	}
	return page()
}

// execute makes a page.
func (s *Set) execute(name string, data any) ([]byte, error) {
	t, err := s.template(name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, fmt.Errorf("render page: there is no template %q", name)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("render page %s: %w", name, err)
	}
	framed, ok := data.(interface{ said() (template.HTML, error) })
	if !ok {
		return b.Bytes(), nil
	}
	words, err := framed.said()
	return putSaid(b.Bytes(), words), err
}

// Content writes what a page says, without the frame round it, for a page whose
// frame is put round it later.
func (s *Set) Content(w io.Writer, name string, data any) error {
	t, err := s.template(name)
	if err != nil {
		return err
	}
	if t == nil {
		return fmt.Errorf("write content: there is no template %q", name)
	}
	if err := t.ExecuteTemplate(w, "main", data); err != nil {
		return fmt.Errorf("write the content of page %s: %w", name, err)
	}
	return nil
}

// Render writes a page. It goes to a buffer first: a page that fails half way
// is never sent half. A page that shows an error summary says "Error:" first
// in its title, since the title is what is heard first.
func (s *Set) Render(w io.Writer, name string, data any) error {
	out, err := s.execute(name, data)
	if err != nil {
		return err
	}
	if bytes.Contains(out, errorSummaryMark) {
		out = bytes.Replace(out, []byte("<title>"), []byte("<title>Error: "), 1)
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("send page %s: %w", name, err)
	}
	return nil
}
