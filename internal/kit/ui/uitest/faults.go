package uitest

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Faults lists what is wrong with a page of HTML, in plain words.
func Faults(page string) []string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{"cannot be parsed: " + err.Error()}
	}
	c := &checker{ids: map[string]int{}, labels: map[string]bool{}}
	c.collect(root)
	c.check(root)
	c.headings()
	for _, id := range c.references {
		if c.ids[id] == 0 {
			c.fault("refers to id %q, which is not on the page", id)
		}
	}
	return c.faults
}

type checker struct {
	ids        map[string]int
	labels     map[string]bool // ids that a label names
	references []string
	levels     []int
	faults     []string
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// collect finds ids and labels first, since a label may come after its field.
func (c *checker) collect(n *html.Node) {
	if n.Type == html.ElementNode {
		if id := attribute(n, "id"); id != "" {
			c.ids[id]++
			if c.ids[id] == 2 {
				c.fault("has the id %q twice", id)
			}
		}
		if n.Data == "label" {
			c.labels[attribute(n, "for")] = true
		}
	}
	for child := range n.ChildNodes() {
		c.collect(child)
	}
}

func (c *checker) check(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	for child := range n.ChildNodes() {
		c.check(child)
	}
}

func (c *checker) element(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style":
			c.fault("<%s> has an inline style", n.Data)
		case strings.HasPrefix(a.Key, "on"):
			c.fault("<%s> has the inline script %s", n.Data, a.Key)
		case slices.Contains([]string{"aria-describedby", "aria-labelledby", "aria-controls", "for"}, a.Key):
			c.references = append(c.references, strings.Fields(a.Val)...)
		}
		if strings.Contains(a.Val, "ZgotmplZ") {
			c.fault("<%s %s> holds a value that html/template refused", n.Data, a.Key)
		}
	}
	if n.Data == "form" && attribute(n, "autocomplete") != "off" && holdsSeen(n) {
		// Going back would show what was entered earlier beside the mark of what is
		// kept now, and saving that would undo another person's change in silence.
		c.fault("a <form> says what was seen and lets the browser fill old values in: autocomplete=\"off\"")
	}
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.levels = append(c.levels, int(n.Data[1]-'0'))
	case "style":
		if n.Namespace == "" {
			c.fault("has an inline <style>")
		}
	case "script":
		if attribute(n, "src") == "" {
			c.fault("has an inline <script>")
		}
	case "input", "select", "textarea":
		c.field(n)
	case "img":
		if !has(n, "alt") {
			c.fault("an <img> has no alt")
		}
	case "table":
		if find(n, "caption") == nil && attribute(n, "aria-label") == "" {
			c.fault("a <table> has no caption")
		}
	case "th":
		if attribute(n, "scope") == "" {
			c.fault("<th>%s has no scope", text(n))
		}
	case "a":
		if text(n) == "" && attribute(n, "aria-label") == "" {
			c.fault("a link to %q has no words", attribute(n, "href"))
		}
	case "button":
		if text(n) == "" && attribute(n, "aria-label") == "" {
			c.fault("a button has no words")
		}
	}
}

func (c *checker) field(n *html.Node) {
	if slices.Contains([]string{"hidden", "submit", "button"}, attribute(n, "type")) {
		return
	}
	named := c.labels[attribute(n, "id")] || attribute(n, "aria-label") != "" || attribute(n, "aria-labelledby") != ""
	for p := n.Parent; p != nil && !named; p = p.Parent {
		named = p.Data == "label"
	}
	if !named {
		c.fault("the field %q has no label", attribute(n, "name"))
	}
}

func (c *checker) headings() {
	ones, last := 0, 0
	for _, level := range c.levels {
		if level == 1 {
			ones++
		}
		// An error summary or a banner may stand before the h1 with its h2.
		if last > 0 && level > last+1 {
			c.fault("a heading goes from h%d to h%d", last, level)
		}
		last = level
	}
	if ones != 1 {
		c.fault("has %d h1 headings, and should have one", ones)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func find(n *html.Node, name string) *html.Node {
	for child := range n.Descendants() {
		if child.Type == html.ElementNode && child.Data == name {
			return child
		}
	}
	return nil
}

func text(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// holdsSeen reports whether a form has the hidden mark of what a person saw.
func holdsSeen(n *html.Node) bool {
	if n.Type == html.ElementNode && n.Data == "input" && attribute(n, "name") == "seen" {
		return true
	}
	for child := range n.ChildNodes() {
		if holdsSeen(child) {
			return true
		}
	}
	return false
}
