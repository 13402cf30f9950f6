package ui

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"kith/internal/kit/zipped"
)

// AssetsPrefix is where assets are served.
const AssetsPrefix = "/assets/"

//go:embed all:dist
var dist embed.FS

var builtAssets = sync.OnceValue(func() *AssetFiles {
	inside, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("ui: the embedded assets cannot be opened: " + err.Error())
	}
	files, err := newAssetFiles(inside)
	if err != nil {
		panic("ui: the embedded assets cannot be read: " + err.Error())
	}
	return files
})

// AssetsBuilt says whether there are any: on a fresh clone there are none
// until "make assets" has run, and pages are unstyled.
func AssetsBuilt() bool { return Assets().Path("app.css") != "" }

// AssetFiles serves files under two names each: with a hash of the content,
// which may be kept for ever, and without, for files that refer to each other
// by plain relative addresses, which is checked by its ETag.
type AssetFiles struct {
	byName map[string]*assetFile
	byPath map[string]*assetFile
}

type assetFile struct {
	name string // fonts/text.woff2
	*zipped.Body
}

func newAssetFiles(fsys fs.FS) (*AssetFiles, error) {
	a := &AssetFiles{byName: map[string]*assetFile{}, byPath: map[string]*assetFile{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f, err := newAssetFile(name, content)
		if err != nil {
			return err
		}
		a.byName[name] = f
		a.byPath[f.hashedName()] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	return a, nil
}

func newAssetFile(name string, content []byte) (*assetFile, error) {
	body, err := zipped.New(content, ContentType(name))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return &assetFile{name: name, Body: body}, nil
}

// ContentType is what a file of ours is served as, by its name. It does not ask the
// machine's own list, which differs by machine.
func ContentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

func (f *assetFile) hashedName() string {
	ext := path.Ext(f.name)
	return strings.TrimSuffix(f.name, ext) + "." + f.Hash()[:12] + ext
}

// Path is the address of a file with its hash, "" when there is no such file.
func (a *AssetFiles) Path(name string) string {
	f := a.byName[name]
	if f == nil {
		return ""
	}
	return AssetsPrefix + f.hashedName()
}

// Names lists the files in order, without hashes.
func (a *AssetFiles) Names() []string { return slices.Sorted(maps.Keys(a.byName)) }

// Read is a file's content, for a report that is written to a folder.
func (a *AssetFiles) Read(name string) ([]byte, bool) {
	f := a.byName[name]
	if f == nil {
		return nil, false
	}
	return slices.Clone(f.Plain()), true
}

// ServeHTTP serves GET and HEAD under [AssetsPrefix].
func (a *AssetFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, AssetsPrefix)
	f, lasting := a.byPath[name], true
	if f == nil {
		f, lasting = a.byName[name], false
	}
	if f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, no-cache")
	if lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	f.Body.ServeHTTP(w, r)
}
