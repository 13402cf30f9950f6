package annual

import (
	"fmt"
	"slices"
	"strings"
)

// The most that is read between {{ and }}, and the most settings in it.
const (
	maxDirective = 600
	maxSettings  = 16
)

// A directive is what stands between {{ and }} in a text.
type directive struct {
	Verb string // figure, change or list
	ID   string // of the figure
	Args settings
}

// A setting is one key="value".
type setting struct{ Key, Value string }

// settings keep the order in which they were written.
type settings []setting

// get gives the value of a key, or "".
func (s settings) get(key string) string {
	for _, a := range s {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// has reports whether a key was written.
func (s settings) has(key string) bool {
	return slices.ContainsFunc(s, func(a setting) bool { return a.Key == key })
}

// verbs are the directives there are.
var verbs = []string{"figure", "change", "list"}

// A wording is an error in words for the author: what is wrong, and the fix.
type wording struct {
	text, fix string
	instead   []string // words that would be true in the place of those that are not
}

func (e *wording) Error() string { return strings.TrimSpace(e.text + " " + e.fix) }

func wrong(fix, format string, args ...any) error {
	return &wording{text: fmt.Sprintf(format, args...), fix: fix}
}

// untrue refuses words, with those that would be true.
func untrue(instead []string, format string, args ...any) error {
	return &wording{fmt.Sprintf(format, args...), "These words would be true: " + quoteAll(instead) + ".", instead}
}

// with gives the settings with another value of a key.
func (s settings) with(key, value string) settings {
	out := slices.Clone(s)
	for i := range out {
		if out[i].Key == key {
			out[i].Value = value
		}
	}
	return out
}

// closing finds the end of a directive that begins at the start of line: the
// length up to and with its }}, or -1 when it is not closed on the line. Braces
// inside quotes do not close it.
func closing(line string) int {
	quoted := false
	for i := 2; i < len(line) && i <= maxDirective; i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == '\n':
			return -1
		case !quoted && strings.HasPrefix(line[i:], "}}"):
			return i + 2
		}
	}
	return -1
}

// parseDirective reads the inside of {{ }}:
//
//	figure "training.attendances" period="2023-24" programme="multi-agency"
func parseDirective(s string) (directive, error) {
	var d directive
	if strings.ContainsAny(s, "“”„‟«»") {
		return d, wrong(`Type the plain quote mark " around each value.`, "The braces hold curly quotes.")
	}
	p := scanner{rest: strings.TrimSpace(s)}
	d.Verb = p.name()
	if !slices.Contains(verbs, d.Verb) {
		return d, wrong(`Write {{figure "id" …}}, {{change "id" …}} or {{list "id" …}}.`,
			"%q is not something Kith can put here.", d.Verb)
	}
	p.space()
	id, ok := p.quoted()
	if !ok || id == "" {
		return d, wrong(fmt.Sprintf(`Write {{%s "training.attendances" period="2023-24"}}.`, d.Verb),
			"The figure's id is missing or has no quote marks around it.")
	}
	d.ID = id
	for p.space(); p.rest != ""; p.space() {
		key := p.name()
		if key == "" || !p.take("=") {
			return d, wrong(`Write each setting as key="value".`, "Kith cannot read %q.", short(p.rest))
		}
		value, ok := p.quoted()
		if !ok {
			return d, wrong(fmt.Sprintf(`Write %s="…".`, key), "The value of %s has no quote marks around it.", key)
		}
		if d.Args.has(key) {
			return d, wrong("Keep one of them.", "%s is there twice.", key)
		}
		if len(d.Args) == maxSettings {
			return d, wrong("", "There are more than %d settings.", maxSettings)
		}
		d.Args = append(d.Args, setting{key, value})
	}
	return d, nil
}

func short(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

// A scanner walks along a directive.
type scanner struct{ rest string }

func (p *scanner) space() { p.rest = strings.TrimLeft(p.rest, " \t") }

func (p *scanner) take(s string) bool {
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return ok
}

// name reads a word of small letters, digits, hyphens and underscores.
func (p *scanner) name() string {
	n := 0
	for n < len(p.rest) && isNameByte(p.rest[n]) {
		n++
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return name
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_'
}

// quoted reads "…".
func (p *scanner) quoted() (string, bool) {
	if !strings.HasPrefix(p.rest, `"`) {
		return "", false
	}
	value, rest, ok := strings.Cut(p.rest[1:], `"`)
	if !ok {
		return "", false
	}
	p.rest = rest
	return value, true
}

// String writes the directive as it is written in a text.
func (d directive) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, `{{%s "%s"`, d.Verb, d.ID)
	for _, a := range d.Args {
		fmt.Fprintf(&b, ` %s="%s"`, a.Key, a.Value)
	}
	return b.String() + "}}"
}
