package sites

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kith/internal/kit/markdown"
)

// safe is what a page's own words may be made of. Pictures and tables are left
// out: neither can be made accessible in Markdown by itself.
var safe = sync.OnceValue(func() *bluemonday.Policy {
	return markdown.Policy().AllowElements("h2")
})

var reader = sync.OnceValue(func() goldmark.Markdown {
	return markdown.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(headings{}, 100))))
})

// Render turns a page's Markdown into HTML that is safe to put on the site. The
// page's title is its h1, so headings begin at h2 and never skip a level,
// whatever was typed.
func Render(md string) template.HTML {
	var b bytes.Buffer
	if err := reader().Convert([]byte(md), &b); err != nil {
		return "" // only when writing fails, and a buffer's writing does not
	}
	return template.HTML(safe().SanitizeBytes(b.Bytes()))
}

// headings puts headings in order.
type headings struct{}

// Transform implements parser.ASTTransformer.
func (headings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	last := 1
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		h.Level = min(max(h.Level, 2), last+1, 6)
		last = h.Level
	}
}

// A Link is a link in a page's words.
type Link struct {
	Text string
	To   string
	Why  string // what is wrong with it; "" when nothing is
}

// links lists the links of a page's Markdown in order.
func links(md string) []Link {
	src := []byte(md)
	var out []Link
	walk := func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			out = append(out, Link{Text: nodeText(n, src), To: string(n.Destination)})
		case *ast.AutoLink:
			out = append(out, Link{Text: string(n.Label(src)), To: string(n.URL(src))})
		}
		return ast.WalkContinue, nil
	}
	// The walk's own function never fails.
	_ = ast.Walk(reader().Parser().Parse(text.NewReader(src)), walk)
	return out
}

func nodeText(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(src))
			continue
		}
		b.WriteString(nodeText(c, src))
	}
	return b.String()
}

// CheckLinks lists the links of a page that lead nowhere. known reports whether
// something answers at an address of this site.
func CheckLinks(md string, known func(path string) bool) []Link {
	var out []Link
	for _, l := range links(md) {
		if l.Why = checkLink(l, known); l.Why != "" {
			out = append(out, l)
		}
	}
	return out
}

func checkLink(l Link, known func(string) bool) string {
	u, err := url.Parse(l.To)
	switch {
	case err != nil || l.To == "":
		return "This is not an address"
	case strings.TrimSpace(l.Text) == "":
		return "The link has no words to press"
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" {
			return "The address has no website in it"
		}
		return ""
	case u.Scheme == "mailto" || u.Scheme == "tel":
		return ""
	case u.Scheme != "":
		return fmt.Sprintf("Links that begin with %q are taken out of the page", u.Scheme+":")
	case u.Host != "":
		return "Begin the address with https:"
	case u.Path == "":
		return "" // a place on the same page
	case !strings.HasPrefix(u.Path, "/"):
		return fmt.Sprintf("Addresses on this site begin with a slash: /%s", u.Path)
	case !known(u.Path):
		return "There is no published page at this address"
	}
	return ""
}
