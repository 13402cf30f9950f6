package sites

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kith/internal/kit/db"
)

//go:embed standard/*.md
var standardFiles embed.FS

// standardSlugs are the pages that the law asks of a public website, and how to reach whoever
// runs it. They are there from the start in standard words, and an editor may publish others.
var standardSlugs = []string{"privacy", "accessibility", "contact"}

// Standard gives the standard words of a page that the law asks for; ok is false for any other.
func Standard(slug string) (d PageDraft, ok bool) {
	if !slices.Contains(standardSlugs, slug) {
		return d, false
	}
	text, err := standardFiles.ReadFile(path.Join("standard", slug+".md"))
	if err == nil {
		d, err = parseSample(slug, string(text))
	}
	if err != nil {
		panic(fmt.Sprintf("the standard words of %s: %v", slug, err)) // they are part of the program
	}
	return d, true
}

// standardPages are the pages that nobody has published words for, in the standard ones.
func (f *face) standardPages() []shownPage {
	var out []shownPage
	for _, slug := range standardSlugs {
		d, _ := Standard(slug)
		if f.byAddress[Address(d.Section, slug)] == nil {
			out = append(out, shownPage{publishedPage: publishedOf(Page{Slug: slug, Section: d.Section, Words: d.Words},
				db.Time{})})
		}
	}
	return out
}

// fill writes what is known of the partnership where a page's HTML has fields in braces. A
// paragraph or an item with a field that nothing is known for is left out, and so is a heading
// with nothing under it: the public never sees a gap.
func fill(body string, p Profile) string {
	if !strings.Contains(body, "{") {
		return body
	}
	values := map[string][]string{}
	used := false
	for _, f := range fields {
		values[f.Name] = f.Values(p)
		used = used || strings.Contains(body, "{"+f.Name+"}")
	}
	if !used {
		return body
	}
	nodes, err := html.ParseFragment(strings.NewReader(body), &html.Node{Type: html.ElementNode, Data: "div",
		DataAtom: atom.Div})
	if err != nil {
		return body // reading from memory does not fail
	}
	top := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		top.AppendChild(n)
	}
	fillIn(top, values)
	dropEmpty(top)
	var b strings.Builder
	for n := range top.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return body
		}
	}
	return b.String()
}

// fillIn fills what is under a node, and takes out the blocks that cannot be.
func fillIn(n *html.Node, values map[string][]string) {
	for _, c := range slices.Collect(n.ChildNodes()) {
		if c.DataAtom != atom.P && c.DataAtom != atom.Li || c.DataAtom == atom.Li && holdsBlocks(c) {
			fillIn(c, values)
			continue
		}
		text := textOf(c)
		for _, f := range fields {
			if !strings.Contains(text, "{"+f.Name+"}") {
				continue
			}
			if v := values[f.Name]; len(v) == 0 {
				n.RemoveChild(c)
				break
			} else if len(v) > 1 && c.DataAtom == atom.Li { // an item for each
				for _, line := range v {
					li := &html.Node{Type: html.ElementNode, Data: "li", DataAtom: atom.Li}
					li.AppendChild(&html.Node{Type: html.TextNode, Data: strings.ReplaceAll(text, "{"+f.Name+"}", line)})
					n.InsertBefore(li, c)
				}
				n.RemoveChild(c)
				break
			} else {
				fillTexts(c, f, strings.Join(v, ", "))
			}
		}
	}
}

func holdsBlocks(n *html.Node) bool {
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.P || c.DataAtom == atom.Ul || c.DataAtom == atom.Ol {
			return true
		}
	}
	return false
}

// fillTexts puts a value into the texts under a node, as a link where the field is one.
func fillTexts(n *html.Node, f fieldOf, value string) {
	for _, c := range slices.Collect(n.ChildNodes()) {
		if c.Type != html.TextNode {
			fillTexts(c, f, value)
			continue
		}
		before, after, found := strings.Cut(c.Data, "{"+f.Name+"}")
		for found {
			n.InsertBefore(&html.Node{Type: html.TextNode, Data: before}, c)
			n.InsertBefore(f.node(value), c)
			c.Data = after
			before, after, found = strings.Cut(c.Data, "{"+f.Name+"}")
		}
	}
}

// node is a field's value on a page.
func (f fieldOf) node(value string) *html.Node {
	value = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' }), ", ")
	text := &html.Node{Type: html.TextNode, Data: value}
	to := ""
	switch {
	case f.Link == "mailto" && strings.Count(value, "@") == 1 && !strings.ContainsAny(value, " ,"):
		to = "mailto:" + value
	case f.Link == "tel":
		to = "tel:" + Contact{Phone: value}.Dial()
	case f.Link == "https" && strings.HasPrefix(value, "https://"):
		to = value
	default:
		return text
	}
	a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: to}}}
	a.AppendChild(text)
	return a
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// dropEmpty takes out lists without items, sentences that led to one, and headings with
// nothing under them.
func dropEmpty(top *html.Node) {
	heading := func(n *html.Node) bool {
		return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] > '0' && n.Data[1] < '7'
	}
	next := func(n *html.Node) *html.Node {
		for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
		}
		return n
	}
	all := slices.Collect(top.ChildNodes())
	for _, n := range slices.Backward(all) {
		if n.Type != html.ElementNode {
			continue
		}
		list := n.DataAtom == atom.Ul || n.DataAtom == atom.Ol
		empty := list && strings.TrimSpace(textOf(n)) == ""
		if after := next(n); heading(n) {
			empty = after == nil || heading(after) && after.Data <= n.Data
		} else if n.DataAtom == atom.P && strings.HasSuffix(strings.TrimSpace(textOf(n)), ":") {
			empty = after == nil || after.DataAtom != atom.Ul && after.DataAtom != atom.Ol
		}
		if empty {
			top.RemoveChild(n)
		}
	}
}
