// Package markdown turns what people write into HTML: one reader, and one list of
// what it may become. The list is a second lock: it runs over the HTML, so that
// nothing rests on the reader alone. A room adds what only its own texts have.
package markdown

import (
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// New makes the reader: plain Markdown, with the quotation marks and dashes that
// print has.
func New(more ...goldmark.Option) goldmark.Markdown {
	return goldmark.New(append([]goldmark.Option{goldmark.WithExtensions(extension.Typographer)}, more...)...)
}

// Policy lets through what plain Markdown makes below a page's own headings, and
// nothing else: no pictures, no tables, no scripts and no styles.
func Policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h3", "h4", "h5", "h6")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}
