package annual

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"strings"
)

// refuse notes what is wrong, and gives what stands in its place in a draft. The error is
// only for what no author can fix.
func (w *writer) refuse(line int, err error) (template.HTML, error) {
	var f *fault
	if errors.As(err, &f) {
		return "", f.err
	}
	return w.fault(line, err), nil
}

// refuseBlock is refuse for a fenced block: its lines stay readable, since a fence that was
// not closed swallows the rest of the chapter.
func (w *writer) refuseBlock(line int, err error, lines string) (template.HTML, error) {
	var f *fault
	if errors.As(err, &f) {
		return "", f.err
	}
	return w.faultBlock(line, err, lines), nil
}

// fault notes an error, and gives the mark that stands in its place: what is wrong, what
// to do, and the way to the line.
func (w *writer) fault(line int, err error) template.HTML {
	w.problem(Error, line, err)
	p := &w.problems[len(w.problems)-1]
	p.Anchor = w.anchor("fault-" + w.place.Slug)
	words := strings.TrimSpace(p.Text + " " + p.Fix)
	way := ""
	if w.fixes != "" {
		way = fmt.Sprintf(` <span class="nowrap"><a href="%s">Fix it<span class="govuk-visually-hidden">: %s, line %d</span></a>`+
			`</span>`, html.EscapeString(lineHref(w.fixes, line)), html.EscapeString(w.place.Title), line)
	}
	return template.HTML(`<mark class="report-fault" id="` + html.EscapeString(p.Anchor) + `">` +
		html.EscapeString(words) + `</mark>` + way)
}

// faultBlock is the mark of a whole block, with the text that stands in it.
func (w *writer) faultBlock(line int, err error, lines string) template.HTML {
	h := "<p>" + w.fault(line, err) + "</p>"
	if lines = strings.TrimSpace(lines); lines != "" {
		h += template.HTML(`<pre class="report-lost" tabindex="0">` + html.EscapeString(lines) + "</pre>")
	}
	return h
}

// lineHref leads to a line of a chapter's text in its editor; without script it leads to
// the text.
func lineHref(editor string, line int) string {
	return fmt.Sprintf("%s?line=%d#markdown", editor, line)
}
