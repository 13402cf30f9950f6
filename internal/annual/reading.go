package annual

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/release"
	"kith/internal/kit/web"
)

// A reading is what somebody reads when they read a report whole: the words of each chapter with
// the figures as they were shown, and what stands round the chapters. What was agreed is a
// reading, so that it can be said afterwards what is not as it was.
type reading []textRead

// frameTitle names what stands round the chapters.
const frameTitle = "Title and links of the summary"

// A textRead is one text of a reading. Its fields are in the order of the columns.
type textRead struct {
	ChapterID string // "" for what stands round the chapters
	Title     string // of the summary's sections too: "Summary: Training"
	Version   int64  // of the chapter's text
	Text      string // SHA-256 of the words
	Figures   string // SHA-256 of the figures as they are shown; "" for none
}

func digest(parts ...string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(parts, "\x00"))))
}

// readTitle names a chapter among those of both parts.
func (c Chapter) readTitle() string {
	if c.Part == PartSummary {
		return "Summary: " + c.Title
	}
	return c.Title
}

// reading gives what a build of the report says.
func (b *build) reading() reading {
	figures := map[place][]string{}
	for _, e := range b.ledger.in() {
		line := release.Key(e.def.ID, e.ask)
		for _, v := range e.values {
			// Two decimals are as many as a text can show; what is hidden differs in nothing.
			line += fmt.Sprintf("|%v=%s", v.Dims, v.Shown(2))
		}
		for _, at := range e.uses {
			if !slices.Contains(figures[at], line) {
				figures[at] = append(figures[at], line)
			}
		}
	}
	frame := []string{b.text.report.Title, b.text.report.Lead}
	for _, t := range b.text.tiles {
		frame = append(frame, t.Title, t.Href)
	}
	out := reading{{Title: frameTitle, Text: digest(frame...)}}
	for _, c := range b.text.chapters {
		t := textRead{ChapterID: c.ID, Title: c.readTitle(), Version: c.Version, Text: digest(c.Title, c.Markdown)}
		if lines := figures[place{c.Part, c.Slug, c.Title}]; len(lines) > 0 {
			slices.Sort(lines)
			t.Figures = digest(lines...)
		}
		out = append(out, t)
	}
	return out
}

// since lists what is not as it was in an earlier reading, by the names of the chapters.
func (now reading) since(was reading) []string {
	var out []string
	stayed := func(list, in reading) (ids []string) {
		for _, t := range list {
			if slices.ContainsFunc(in, func(x textRead) bool { return x.ChapterID == t.ChapterID }) {
				ids = append(ids, t.ChapterID)
			}
		}
		return ids
	}
	for _, t := range now {
		i := slices.IndexFunc(was, func(x textRead) bool { return x.ChapterID == t.ChapterID })
		switch {
		case i < 0:
			out = append(out, t.Title+", which is new")
		case was[i].Text != t.Text:
			out = append(out, t.Title)
		case was[i].Figures != t.Figures:
			out = append(out, "the figures of "+t.Title)
		}
	}
	for _, t := range was {
		if !slices.ContainsFunc(now, func(x textRead) bool { return x.ChapterID == t.ChapterID }) {
			out = append(out, t.Title+", which was taken out")
		}
	}
	if !slices.Equal(stayed(now, was), stayed(was, now)) {
		out = append(out, "the order of the chapters")
	}
	return out
}

// orderField is the field that says which chapters there are, and in which order.
const orderField = "order"

// form is what a person saw when they read it, in fields that no page has.
func (now reading) form() *web.Form {
	f := web.NewForm()
	var order []string
	for _, t := range now {
		f.Set("text-"+t.ChapterID, t.Text)
		f.Set("figures-"+t.ChapterID, t.Figures)
		order = append(order, t.ChapterID)
	}
	f.Set(orderField, strings.Join(order, " "))
	return f
}

// changedIn lists what is not as it was when a form was opened that met a change.
func (now reading) changedIn(f *web.Form) []string {
	var out []string
	differs := func(name string) bool { _, yes := f.Theirs(name); return yes }
	for _, t := range now {
		switch {
		case differs("text-" + t.ChapterID):
			out = append(out, t.Title)
		case differs("figures-" + t.ChapterID):
			out = append(out, "the figures of "+t.Title)
		}
	}
	if differs(orderField) {
		out = append(out, "which chapters there are, or their order")
	}
	return out
}
