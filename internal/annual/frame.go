package annual

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"kith/internal/kit/ui"
)

// framedPage is content of the report with a frame round it.
type framedPage struct {
	ui.Base
	Notice  string
	Content template.HTML
}

// framed puts content into a frame.
func framed(base ui.Base, f File, notice string) framedPage {
	base.Title, base.Description = f.Title, f.Description
	return framedPage{base, notice, template.HTML(f.Body)}
}

// Folder makes a built report into a folder that opens by itself: its pages in the
// frame that the public site has now, and the assets they need beside them. What
// leads out of the report leads to the public site's address.
func (r *Room) Folder(b Built) (Built, error) {
	base := r.PublicBase()
	base.Path, base.Nav = "", slices.Clone(base.Nav)
	for i := range base.Nav {
		base.Nav[i].Current = base.Nav[i].Href == "/report"
	}
	out := b
	out.Files = nil
	for _, f := range b.Files {
		if path.Ext(f.Path) == ".html" {
			var err error
			if f.Body, err = r.inFolder(base, f); err != nil {
				return Built{}, fmt.Errorf("page %s of report %s: %w", f.Path, b.Year, err)
			}
		}
		out.Files = append(out.Files, f)
	}
	for _, name := range ui.Assets().Names() {
		// Modules are left out, which a browser does not load from a folder.
		if body, ok := ui.Assets().Read(name); ok && path.Ext(name) != ".js" {
			out.Files = append(out.Files, File{Path: "assets/" + name, ContentType: ui.ContentType(name), Body: body})
		}
	}
	var err error
	out.Files, err = inOrder(out.Files)
	return out, err
}

func (r *Room) inFolder(base ui.Base, f File) ([]byte, error) {
	up := strings.Repeat("../", strings.Count(f.Path, "/"))
	content, err := relink(string(f.Body), func(at string) string {
		if strings.HasPrefix(at, "/") {
			return r.publicURL() + at
		}
		return at
	})
	if err != nil {
		return nil, err
	}
	f.Body = []byte(content)
	var page bytes.Buffer
	err = r.pages.Render(&page, "released", framed(base.InFolder(r.publicURL(), up+"assets/"), f, ""))
	return page.Bytes(), err
}

// relink leads every link and picture of content elsewhere. What has none is left
// as it is, to the byte.
func relink(content string, to func(at string) string) (string, error) {
	var out strings.Builder
	for z := html.NewTokenizer(strings.NewReader(content)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return "", fmt.Errorf("read content: %w", err)
			}
			return out.String(), nil
		}
		raw := string(z.Raw()) // before Token, which may write over it
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if t := z.Token(); lead(&t, to) {
				raw = t.String()
			}
		}
		out.WriteString(raw)
	}
}

// lead changes where a tag leads, and tells whether it did.
func lead(t *html.Token, to func(at string) string) bool {
	changed := false
	for i, a := range t.Attr {
		if a.Key != "href" && a.Key != "src" {
			continue
		}
		if at := to(a.Val); at != a.Val {
			t.Attr[i].Val, changed = at, true
		}
	}
	return changed
}
