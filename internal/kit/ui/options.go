package ui

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"
)

// Option changes one thing about a component. Options are made by template
// functions: {{input .Form "age" "Age" (hint "In years") (width 3)}}.
type Option func(*options)

// options is everything a component can be told beyond its main arguments.
// One struct for all components keeps a page's vocabulary small; a component
// ignores what it does not know.
type options struct {
	// fields
	Hint         any
	Kind         string
	Autocomplete string
	InputMode    string
	Spellcheck   string
	Width        int
	Prefix       string
	Suffix       string
	Lines        int
	MaxLength    int
	MaxWords     int
	FirstChoice  string
	Accept       string
	Multiple     bool
	Several      bool
	Inline       bool
	Small        bool
	Heading      bool
	Size         string
	HiddenLabel  bool
	Fallback     string
	reveals      []revealedField

	// buttons
	Secondary bool
	Warning   bool
	Inverse   bool
	Start     bool
	OneClick  bool
	Leave     string
	Also      []template.HTML
	ActName   string
	ActValue  string

	// blocks
	Tone     string
	Note     any
	Links    []NavItem
	Due      bool
	Level    int
	Datum    string
	DatumRaw string
	Numeric  bool
	Opened   bool

	// all
	Disabled bool
	GivenID  string
	classes  []string
	attrs    []string
}

type revealedField struct {
	value string
	html  template.HTML
}

func gather(opts []Option) options {
	o := options{}
	for _, set := range opts {
		if set != nil {
			set(&o)
		}
	}
	return o
}

// Class lists the extra classes, each with a space before it.
func (o options) Class() string {
	if len(o.classes) == 0 {
		return ""
	}
	return " " + strings.Join(o.classes, " ")
}

// Attrs are the extra attributes, escaped by attribute.
func (o options) Attrs() template.HTMLAttr {
	return template.HTMLAttr(strings.Join(o.attrs, " "))
}

func (o options) revealFor(value string) template.HTML {
	for _, r := range o.reveals {
		if r.value == value {
			return r.html
		}
	}
	return ""
}

// attributeName admits what a page may add; event handlers and style would
// break the Content-Security-Policy and are refused.
var attributeName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func attr(name, value string) (Option, error) {
	if !attributeName.MatchString(name) || strings.HasPrefix(name, "on") || name == "style" {
		return nil, fmt.Errorf("attribute %q may not be set on a component", name)
	}
	text := name + `="` + html.EscapeString(value) + `"`
	return func(o *options) { o.attrs = append(o.attrs, text) }, nil
}

// hint says what helps to fill a field in; nothing where there are no words.
func hint(words any) Option {
	return func(o *options) {
		if words != "" {
			o.Hint = words
		}
	}
}

func kind(name string) Option          { return func(o *options) { o.Kind = name } }
func autocomplete(token string) Option { return func(o *options) { o.Autocomplete = token } }
func inputmode(mode string) Option     { return func(o *options) { o.InputMode = mode } }
func width(characters int) Option      { return func(o *options) { o.Width = characters } }
func prefix(text string) Option        { return func(o *options) { o.Prefix = text } }
func suffix(text string) Option        { return func(o *options) { o.Suffix = text } }
func rows(n int) Option                { return func(o *options) { o.Lines = n } }
func maxLength(characters int) Option  { return func(o *options) { o.MaxLength = characters } }
func maxWords(words int) Option        { return func(o *options) { o.MaxWords = words } }
func firstChoice(text string) Option   { return func(o *options) { o.FirstChoice = text } }
func accept(types string) Option       { return func(o *options) { o.Accept = types } }
func multiple() Option                 { return func(o *options) { o.Multiple = true } }
func several() Option                  { return func(o *options) { o.Several = true } }
func inline() Option                   { return func(o *options) { o.Inline = true } }
func small() Option                    { return func(o *options) { o.Small = true } }
func heading() Option                  { return func(o *options) { o.Heading = true } }
func size(letter string) Option        { return func(o *options) { o.Size = letter } }
func hiddenLabel() Option              { return func(o *options) { o.HiddenLabel = true } }
func fallback(value string) Option     { return func(o *options) { o.Fallback = value } }
func secondary() Option                { return func(o *options) { o.Secondary = true } }
func warning() Option                  { return func(o *options) { o.Warning = true } }
func inverse() Option                  { return func(o *options) { o.Inverse = true } }
func start() Option                    { return func(o *options) { o.Start = true } }
func leave(text string) Option         { return func(o *options) { o.Leave = text } }
func oneClick() Option                 { return func(o *options) { o.OneClick = true } }
func named(name, value string) Option {
	return func(o *options) { o.ActName, o.ActValue = name, value }
}
func tone(name string) Option { return func(o *options) { o.Tone = name } }
func note(words any) Option   { return func(o *options) { o.Note = words } }
func due() Option             { return func(o *options) { o.Due = true } }
func level(n int) Option      { return func(o *options) { o.Level = n } }

// also puts a second button beside a form's main one, such as Preview.
func also(button template.HTML) Option {
	return func(o *options) { o.Also = append(o.Also, button) }
}

func datum(figure, value string) Option {
	return func(o *options) { o.Datum, o.DatumRaw = figure, value }
}
func opened() Option         { return func(o *options) { o.Opened = true } }
func numeric() Option        { return func(o *options) { o.Numeric = true } }
func disabled() Option       { return func(o *options) { o.Disabled = true } }
func id(value string) Option { return func(o *options) { o.GivenID = value } }
func class(names string) Option {
	return func(o *options) { o.classes = append(o.classes, strings.Fields(names)...) }
}
func spellcheck(on bool) Option {
	return func(o *options) { o.Spellcheck = fmt.Sprint(on) }
}
func link(text, href string) Option {
	return func(o *options) { o.Links = append(o.Links, NavItem{Text: text, Href: href}) }
}
func reveal(value string, inside template.HTML) Option {
	return func(o *options) { o.reveals = append(o.reveals, revealedField{value, inside}) }
}
