package annual

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kith/internal/kit/lang"
	"kith/internal/kit/markdown"
)

// MaxMarkdown is the longest text of a chapter, in bytes.
const MaxMarkdown = 100_000

// A text becomes HTML in three steps. Markdown is read and rendered with a mark
// in the place of each figure, table and chart; the HTML is put through a
// sanitiser, which lets through only what Markdown makes; then the marks are
// replaced by what was computed. So nothing an author writes is ever trusted,
// and nothing that we draw is taken apart.

// Marks are made of two private characters, which are taken out of every text.
const (
	markOpen  = '\uE000'
	markClose = '\uE001'
)

var (
	marks      = regexp.MustCompile(`\x{E000}(\d+)\x{E001}`)
	markRemove = strings.NewReplacer(string(markOpen), "", string(markClose), "", "\r\n", "\n", "\r", "\n")
)

func mark(n int) string { return string(markOpen) + strconv.Itoa(n) + string(markClose) }

// directiveNode is a directive in the tree of a text.
type directiveNode struct {
	ast.BaseInline
	inside string // between the braces
	open   bool   // not closed on its line
	start  int    // in the text
	slot   int
}

var kindDirective = ast.NewNodeKind("Directive")

// Kind implements ast.Node.
func (n *directiveNode) Kind() ast.NodeKind { return kindDirective }

// Dump implements ast.Node.
func (n *directiveNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// blockNode stands where a fenced block of figures stood.
type blockNode struct {
	ast.BaseBlock
	slot int
}

var kindBlock = ast.NewNodeKind("FigureBlock")

// Kind implements ast.Node.
func (n *blockNode) Kind() ast.NodeKind { return kindBlock }

// Dump implements ast.Node.
func (n *blockNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// directiveParser finds {{ … }} in running text.
type directiveParser struct{}

// Trigger implements parser.InlineParser.
func (directiveParser) Trigger() []byte { return []byte{'{'} }

// Parse implements parser.InlineParser.
func (directiveParser) Parse(_ ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("{{")) {
		return nil
	}
	end := closing(string(line))
	if end < 0 {
		block.Advance(2)
		return &directiveNode{open: true, start: segment.Start}
	}
	block.Advance(end)
	return &directiveNode{inside: string(line[2 : end-2]), start: segment.Start}
}

// slotRenderer writes marks.
type slotRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (slotRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	write := func(w util.BufWriter, slot int, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		_, err := w.WriteString(mark(slot))
		return ast.WalkContinue, err
	}
	r.Register(kindDirective, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return write(w, n.(*directiveNode).slot, entering)
	})
	r.Register(kindBlock, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return write(w, n.(*blockNode).slot, entering)
	})
}

// newMarkdown makes the reader of texts: plain Markdown with tables and directives.
func newMarkdown() goldmark.Markdown {
	return markdown.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(directiveParser{}, 150))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(slotRenderer{}, 100))),
	)
}

// newPolicy lets through what a chapter may be made of: tables, and headings that
// can be pointed at.
func newPolicy() *bluemonday.Policy {
	p := markdown.Policy().AllowElements("table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)).OnElements("h3", "h4", "h5", "h6")
	return p
}

// text turns a chapter's Markdown into HTML, and notes every problem in it. The
// error is only for what no author can fix.
func (w *writer) text(ctx context.Context, words string) (template.HTML, error) {
	if len(words) > MaxMarkdown {
		w.problem(Error, 1, wrong("Make it two chapters.", "The text is longer than %s.", lang.Bytes(MaxMarkdown)))
		return "", nil
	}
	source := []byte(markRemove.Replace(words))
	md := newMarkdown()
	tree := md.Parser().Parse(gtext.NewReader(source))
	lines := newLines(source)
	w.headings(tree, source, lines)
	if err := w.fill(ctx, tree, source, lines); err != nil {
		return "", err
	}
	w.gather(tree, source, lines)
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, source, tree); err != nil {
		return "", fmt.Errorf("render %s: %w", w.place.Title, err)
	}
	safe := newPolicy().Sanitize(b.String())
	tables := 0
	safe = tableOpen.ReplaceAllStringFunc(safe, func(string) string {
		tables++
		label := html.EscapeString(fmt.Sprintf("%s: table %d", w.place.Title, tables))
		return `<div class="table-scroll" role="region" aria-label="` + label + `" tabindex="0"><table aria-label="` + label +
			`">`
	})
	safe = strings.NewReplacer("</table>", "</table></div>", "<th>", `<th scope="col">`).Replace(safe)
	return template.HTML(marks.ReplaceAllStringFunc(safe, func(m string) string {
		n, err := strconv.Atoi(strings.Trim(m, string(markOpen)+string(markClose)))
		if err != nil || n >= len(w.slots) {
			return ""
		}
		return string(w.slots[n])
	})), nil
}

var tableOpen = regexp.MustCompile(`<table>`)

// keep puts finished HTML aside and gives the number of its mark.
func (w *writer) keep(h template.HTML) int {
	w.slots = append(w.slots, h)
	return len(w.slots) - 1
}

// headings moves an author's headings under the chapter's own h2, without gaps,
// and gives each an anchor.
func (w *writer) headings(tree ast.Node, source []byte, lines lineIndex) {
	last := 2
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		if h.Level == 1 {
			w.problem(Warning, lines.of(startOf(h)),
				wrong("Begin at ##.", "The chapter's title is its largest heading; # is read as ##."))
		}
		h.Level = min(max(3, h.Level+1), last+1, 6)
		last = h.Level
		title := Slug(plain(h, source))
		if title == "" {
			title = "part"
		}
		h.SetAttributeString("id", []byte(w.anchor(w.place.Slug+"-"+title)))
	}
}

// fill computes every directive and block, and refuses what has no place here.
func (w *writer) fill(ctx context.Context, tree ast.Node, source []byte, lines lineIndex) error {
	var blocks []*ast.FencedCodeBlock
	var alone []*directiveNode
	var misplaced []ast.Node
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *directiveNode:
			if only(n) {
				alone = append(alone, n)
				return ast.WalkContinue, nil
			}
			h, err := w.directive(ctx, n, lines)
			n.slot = w.keep(h)
			return ast.WalkContinue, err
		case *ast.FencedCodeBlock:
			if l := string(n.Language(source)); l == blockTable || l == blockChart {
				blocks = append(blocks, n)
			}
		case *ast.RawHTML, *ast.HTMLBlock, *ast.Image:
			misplaced = append(misplaced, n)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return err
	}
	for _, n := range misplaced {
		w.displace(n, source, lines)
	}
	for _, n := range alone {
		h, err := w.standing(ctx, n, lines)
		if err != nil {
			return err
		}
		swap(n.Parent(), w.keep(h))
	}
	for _, n := range blocks {
		h, err := w.fenced(ctx, n, source, lines)
		if err != nil {
			return err
		}
		swap(n, w.keep(h))
	}
	return nil
}

// displace refuses what Markdown allows and a report does not, and puts what is wrong in its
// place, with the words that would be lost.
func (w *writer) displace(n ast.Node, source []byte, lines lineIndex) {
	noTags := wrong("Take the tags out; Markdown does the rest.", "HTML is not used in the report.")
	switch n := n.(type) {
	case *ast.RawHTML:
		h := w.fault(lines.of(n.Segments.At(0).Start), noTags)
		n.Parent().ReplaceChild(n.Parent(), n, &directiveNode{slot: w.keep(h)})
	case *ast.HTMLBlock:
		lost := n.Lines().Value(source)
		if n.HasClosure() {
			lost = append(lost, n.ClosureLine.Value(source)...)
		}
		swap(n, w.keep(w.faultBlock(lines.of(startOf(n)), noTags, string(lost))))
	case *ast.Image:
		h := w.fault(lines.of(startOf(n.Parent())), wrong("Take it out; charts are drawn from figures.",
			"A picture cannot be put into the text."))
		n.Parent().ReplaceChild(n.Parent(), n, &directiveNode{slot: w.keep(h)})
	}
}

// swap puts a mark in the place of a block.
func swap(n ast.Node, slot int) { n.Parent().ReplaceChild(n.Parent(), n, &blockNode{slot: slot}) }

// only reports whether a list directive is a paragraph by itself: it is then a
// list on the page too.
func only(n *directiveNode) bool {
	p := n.Parent()
	d, err := parseDirective(n.inside)
	return err == nil && d.Verb == "list" && p.Kind() == ast.KindParagraph && p.ChildCount() == 1 &&
		p.Parent().Kind() == ast.KindDocument
}

// directive answers a directive in a sentence. What the author must fix shows
// in its place.
func (w *writer) directive(ctx context.Context, n *directiveNode, lines lineIndex) (template.HTML, error) {
	if n.open {
		return w.refuse(lines.of(n.start),
			wrong("Close it with }} on the same line; to show braces, put them in `backticks`.", "The {{ is not closed."))
	}
	d, err := parseDirective(n.inside)
	if err != nil {
		return w.refuse(lines.of(n.start), err)
	}
	linked := true
	for p := n.Parent(); p != nil; p = p.Parent() {
		linked = linked && p.Kind() != ast.KindLink
	}
	w.hides = nil
	h, err := w.inline(ctx, d, linked)
	if err != nil {
		h, fault := w.refuse(lines.of(n.start), err)
		if said := new(wording); fault == nil && errors.As(err, &said) {
			w.problems[len(w.problems)-1].Offers = said.offers(n, d)
		}
		return h, fault
	}
	w.warnHidden(lines.of(n.start))
	return h, nil
}

// warnHidden tells the author what readers will not see of the directive or block on a line.
func (w *writer) warnHidden(line int) {
	said := map[string]bool{} // a table may have a figure at several times
	for _, err := range w.hides {
		if !said[err.Error()] {
			w.problem(Warning, line, err)
		}
		said[err.Error()] = true
	}
}

// standing answers a list directive that is a paragraph by itself.
func (w *writer) standing(ctx context.Context, n *directiveNode, lines lineIndex) (template.HTML, error) {
	d, err := parseDirective(n.inside)
	if err != nil {
		return w.refuse(lines.of(n.start), err)
	}
	def, err := w.definition(ctx, d.ID)
	if err != nil {
		return w.refuse(lines.of(n.start), err)
	}
	ask, err := w.time(def, d.Args.get("period"), d.Args.get("at"))
	if err != nil {
		return w.refuse(lines.of(n.start), err)
	}
	e, names, err := w.names(ctx, def, ask, d.Args)
	if err != nil {
		return w.refuse(lines.of(n.start), err)
	}
	v := struct {
		Title, Href string
		Names       []string
	}{Title: def.Title, Names: names}
	if w.linked {
		v.Href = "figures/" + e.page + ".html"
	}
	return w.render("list-block", v)
}

// fenced answers a fenced block.
func (w *writer) fenced(ctx context.Context, n *ast.FencedCodeBlock, source []byte, lines lineIndex) (template.HTML,
	error) {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(source))
	}
	first := 1
	if n.Info != nil {
		first = lines.of(n.Info.Segment.Start)
	}
	s, at, err := parseBlock(b.String())
	if err != nil {
		return w.refuseBlock(first+at, err, b.String())
	}
	w.hides = nil
	h, err := w.block(ctx, string(n.Language(source)), s)
	if err != nil {
		return w.refuseBlock(first, err, b.String())
	}
	w.warnHidden(first)
	return h, nil
}

// A lineIndex tells the line of a place in a text.
type lineIndex []int

func newLines(source []byte) lineIndex {
	out := lineIndex{0}
	for i, b := range source {
		if b == '\n' {
			out = append(out, i+1)
		}
	}
	return out
}

// of gives the line, from 1.
func (l lineIndex) of(offset int) int { return sort.SearchInts(l, offset+1) }

// startOf finds where a block's text begins.
func startOf(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
	}
	return 0
}

// plain gives the words of a node without marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			b.WriteString(textOf(c, source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// textOf gives a leaf's own words: text, and the quote marks that were set.
func textOf(n ast.Node, source []byte) string {
	switch n := n.(type) {
	case *ast.Text:
		s := string(n.Segment.Value(source))
		if n.SoftLineBreak() || n.HardLineBreak() {
			s += " "
		}
		return s
	case *ast.String:
		return html.UnescapeString(string(n.Value))
	}
	return ""
}
