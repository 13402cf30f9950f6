package ui

import (
	"bytes"
	"html/template"
	"regexp"
)

// said is what the page of a workspace says of what its person just did: one quiet line.
// Other pages show a banner (flash).
func (b Base) said() (template.HTML, error) {
	if b.Flash == nil || b.Layout != LayoutWork {
		return "", nil
	}
	f := *b.Flash
	if f.Kind == "" {
		f.Kind = FlashNote
	}
	shape := "warning"
	if f.Kind == FlashDone {
		shape = "check"
	}
	mark, err := icon(shape)
	if err != nil {
		return "", err
	}
	return render("said", struct {
		Flash
		Icon template.HTML
	}{f, mark})
}

// divs finds where a div begins or ends.
var divs = regexp.MustCompile(`<div\b|</div>`)

// putSaid puts what is said where it is looked for: under the heading and its tabs, which
// the page's own template writes.
func putSaid(page []byte, words template.HTML) []byte {
	if words == "" {
		return page
	}
	start := bytes.Index(page, []byte(`id="content">`))
	if start < 0 {
		return page
	}
	at := start + len(`id="content">`)
	main := page[at:]
	end := 0
	if i := bytes.Index(main, []byte("</h1>")); i >= 0 {
		end = i + len("</h1>")
	}
	if i := bytes.Index(main, []byte(`<div class="page-head"`)); i >= 0 && i < end {
		depth := 0
		for _, d := range divs.FindAllIndex(main[i:], -1) {
			if main[i+d[0]+1] == '/' {
				depth--
			} else {
				depth++
			}
			if depth == 0 {
				end = i + d[1]
				break
			}
		}
	}
	rest := bytes.TrimLeft(main[end:], " \n")
	if bytes.HasPrefix(rest, []byte(`<nav class="subnav"`)) {
		if i := bytes.Index(rest, []byte("</nav>")); i >= 0 {
			end = len(main) - len(rest) + i + len("</nav>")
		}
	}
	out := make([]byte, 0, len(page)+len(words))
	out = append(out, page[:at+end]...)
	out = append(out, words...)
	return append(out, page[at+end:]...)
}
