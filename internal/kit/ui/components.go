package ui

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"sync/atomic"

	"kith/internal/kit/lang"
)

//go:embed components/*.html
var componentFiles embed.FS

// components are the templates behind the functions, parsed when the first one
// is used.
var components = sync.OnceValue(parseComponents)

func parseComponents() *template.Template {
	return template.Must(template.New("components").ParseFS(onDisk(0, componentFiles), "components/*.html"))
}

// render executes one component. Its output is HTML that html/template has
// already escaped.
func render(name string, data any) (template.HTML, error) {
	var b strings.Builder
	all := components()
	if Live {
		all = parseComponents()
	}
	if err := all.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("render component %s: %w", name, err)
	}
	return template.HTML(strings.TrimSpace(b.String())), nil
}

type buttonView struct {
	options
	Text any
	Href string
}

// Classes are the button's kind.
func (b buttonView) Classes() string {
	names := "govuk-button"
	for _, k := range []struct {
		on   bool
		name string
	}{
		{b.Secondary, "secondary"}, {b.Warning, "warning"}, {b.Inverse, "inverse"}, {b.Start, "start"},
	} {
		if k.on {
			names += " govuk-button--" + k.name
		}
	}
	return names + b.Class()
}

func button(text any, opts ...Option) (template.HTML, error) {
	return render("button", buttonView{options: gather(opts), Text: text})
}

// linkButton is a link that looks like the button it stands beside.
func linkButton(text any, href string, opts ...Option) (template.HTML, error) {
	return render("link-button", buttonView{options: gather(opts), Text: text, Href: href})
}

// tones are the states a tag can show: each has a shape as well as a colour.
var tones = map[string]struct{ class, shape string }{
	"good":  {"govuk-tag--green tag-good", "●"},
	"watch": {"govuk-tag--yellow tag-watch", "◆"},
	"bad":   {"govuk-tag--red tag-bad", "▲"},
	"quiet": {"govuk-tag--grey tag-quiet", "○"},
}

// written keeps tags that were rendered: a list shows the same few in every row,
// and a room has a dozen. Words that people write could be without end, so no
// more than maxWritten are kept.
var (
	written     sync.Map // of tagKey to template.HTML
	writtenSize atomic.Int32
)

const maxWritten = 500

type tagKey struct{ tone, text string }

// tag is a status: shape, word and colour together.
func tag(tone, text string) (template.HTML, error) {
	key := tagKey{tone, text}
	if done, ok := written.Load(key); ok {
		return done.(template.HTML), nil
	}
	t, ok := tones[tone]
	if !ok {
		return "", fmt.Errorf("tag %q: unknown tone %q: use good, watch, bad or quiet", text, tone)
	}
	html, err := render("tag", struct{ Class, Shape, Text string }{t.class, t.shape, text})
	if err == nil && writtenSize.Load() < maxWritten {
		if _, was := written.LoadOrStore(key, html); !was {
			writtenSize.Add(1)
		}
	}
	return html, err
}

type bannerView struct {
	options        // its Kind is the banner's
	Title          string
	Text           any
	Href, LinkText string
}

// TitleID is the id of the banner's title; a page with two banners gives one
// of them an id of its own.
func (v bannerView) TitleID() string {
	if v.GivenID != "" {
		return v.GivenID
	}
	return "govuk-notification-banner-title"
}

func banner(kind string, text any, opts ...Option) (template.HTML, error) {
	v := bannerView{options: gather(opts), Text: text}
	v.Kind = kind
	return v.html()
}

// flash is the banner for what just happened.
func flash(f *Flash) (template.HTML, error) {
	if f == nil {
		return "", nil
	}
	v := bannerView{Text: f.Text, Href: f.Href, LinkText: f.LinkText}
	v.Kind = f.Kind
	return v.html()
}

func (v bannerView) html() (template.HTML, error) {
	switch v.Kind {
	case FlashDone:
		v.Title = "Success"
	case FlashProblem:
		v.Title = "There is a problem"
	case FlashNote, "":
		v.Kind, v.Title = FlashNote, "Important"
	default:
		return "", fmt.Errorf("banner: unknown kind %q: use done, note or problem", v.Kind)
	}
	return render("banner", v)
}

// block is a heading or summary and what stands under it; Body is text or
// template.HTML.
type block struct {
	options
	Summary, Body any
}

func details(summary, body any, opts ...Option) (template.HTML, error) {
	return render("details", block{gather(opts), summary, body})
}

func inset(body any, opts ...Option) (template.HTML, error) {
	return render("inset-text", block{gather(opts), nil, body})
}

// warn is a doubt or a problem said where it is, with the way out in the same sentence.
func warn(body any, opts ...Option) (template.HTML, error) {
	return render("warn", block{gather(opts), nil, body})
}

// facts is what something is, in a narrow column: the name of each fact beside it.
func facts(rows []Row) (template.HTML, error) { return render("facts", rows) }

func warningText(body any, opts ...Option) (template.HTML, error) {
	return render("warning-text", block{gather(opts), nil, body})
}

func panel(title, body any, opts ...Option) (template.HTML, error) {
	return render("panel", block{gather(opts), title, body})
}

func breadcrumbs(crumbs []NavItem) (template.HTML, error) {
	if len(crumbs) == 0 {
		return "", nil
	}
	return render("breadcrumbs", crumbs)
}

// subnav is the navigation among the pages of one section, at the head of each.
// Fewer than two pages need none.
func subnav(label string, items []NavItem) (template.HTML, error) {
	if len(items) < 2 {
		return "", nil
	}
	return render("subnav", struct {
		Label string
		Items []NavItem
	}{label, items})
}

func backLink(href, text string, opts ...Option) (template.HTML, error) {
	if text == "" {
		text = "Back"
	}
	return render("back-link", struct {
		options
		NavItem
	}{gather(opts), NavItem{Text: text, Href: href}})
}

func skipLink() (template.HTML, error) { return render("skip-link", "Skip to main content") }

// Row is a line of a summary list or of "How this was worked out".
type Row struct {
	Key   string
	Value any // text, or template.HTML
	Href  string
	Act   string // the link's word; "Change" when empty
	About string // what it changes, for those who hear links out of their place
}

// Word is the link's text.
func (r Row) Word() string {
	if r.Act == "" {
		return "Change"
	}
	return r.Act
}

func summaryList(rows []Row, opts ...Option) (template.HTML, error) {
	anyAct := false
	for _, r := range rows {
		anyAct = anyAct || r.Href != ""
	}
	return render("summary-list", struct {
		options
		Rows   []Row
		AnyAct bool
	}{gather(opts), rows, anyAct})
}

// how is the box that says how a figure was worked out. A page has one.
func how(rows []Row) (template.HTML, error) { return render("how", rows) }

// Task is one line of a task list.
type Task struct {
	Title  string
	Href   string // "" when it cannot be begun yet
	Hint   string
	Tone   string // "" for quiet text, which is how "Completed" is shown
	Status string
}

type taskView struct {
	Task
	ID  string
	Tag template.HTML
}

func taskList(idPrefix string, tasks []Task) (template.HTML, error) {
	views := make([]taskView, 0, len(tasks))
	for i, t := range tasks {
		v := taskView{Task: t, ID: fmt.Sprintf("%s-%d", idPrefix, i+1)}
		if t.Tone != "" {
			var err error
			if v.Tag, err = tag(t.Tone, t.Status); err != nil {
				return "", err
			}
		}
		views = append(views, v)
	}
	return render("task-list", views)
}

// Tab is one panel of a set of tabs; without JavaScript they are sections one
// after the other.
type Tab struct {
	ID    string
	Label string
	Body  template.HTML
}

func tabs(id, title string, items []Tab) (template.HTML, error) {
	return render("tabs", struct {
		ID, Title string
		Tabs      []Tab
	}{id, title, items})
}

func progress(words string, done, whole int) (template.HTML, error) {
	return render("progress", struct {
		ID, Words, Share string
		Done, Whole      int
	}{"progress", words, lang.Percent(done, whole), done, whole})
}
