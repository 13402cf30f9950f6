package sites

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// Facts are what the pages that the law asks for say of the partnership, and where leaving a
// page leads. They are entered by an editor and published with the profile.
type Facts struct {
	Email     string `json:"email,omitempty"`     // where the public writes to
	Telephone string `json:"telephone,omitempty"` // of the office
	Hours     string `json:"hours,omitempty"`     // when it answers
	Reply     string `json:"reply,omitempty"`     // "within 10 working days"

	Controller string `json:"controller,omitempty"` // the data controller in law
	Officer    string `json:"officer,omitempty"`    // how to reach the data protection officer
	Hosting    string `json:"hosting,omitempty"`    // what the server's own logs keep, and how long; a sentence

	Compliance    string   `json:"compliance,omitempty"` // full, part or none of WCAG 2.2 AA
	NotAccessible []string `json:"not_accessible,omitempty"`
	PreparedOn    db.Date  `json:"prepared_on,omitzero"`
	TestedOn      db.Date  `json:"tested_on,omitzero"`
	TestedBy      string   `json:"tested_by,omitempty"` // who, and how

	LeaveTo    string `json:"leave_to,omitempty"`    // where leaving a page leads
	LeaveWords string `json:"leave_words,omitempty"` // what that opens: "the weather"
}

// compliances are what an accessibility statement may say of itself, in the words of the
// regulations' model statement.
var compliances = []struct{ value, words, how, status string }{
	{"full", "Fully: everything meets the guidelines", "We know of no part that does not meet the guidelines.",
		"This website is fully compliant with the Web Content Accessibility Guidelines version 2.2 AA standard."},
	{"part", "Partly: some things do not", "We know that some parts of this website are not fully accessible.",
		"This website is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard, due to " +
			"the non-compliances listed above."},
	{"none", "Not: most things do not", "We know that many parts of this website are not accessible.",
		"This website is not compliant with the Web Content Accessibility Guidelines version 2.2 AA standard. The " +
			"non-compliances are listed above."},
}

func complianceChoices() []ui.Choice {
	out := make([]ui.Choice, len(compliances))
	for i, c := range compliances {
		out[i] = ui.Choice{Value: c.value, Text: c.words}
	}
	return out
}

// A fieldOf is a field of a page's words: {email} stands for what the partnership's e-mail
// address is.
type fieldOf struct {
	Name   string // in braces
	Title  string // for editors
	At     string // where it is entered
	Link   string // what it is a link to: mailto, tel, https or nothing
	Values func(Profile) []string
}

const (
	factsHref    = root + "/facts/edit"
	settingsHref = "/work/settings"
)

// one gives a field's value from a text.
func one(text func(Profile) string) func(Profile) []string {
	return func(p Profile) []string {
		if s := strings.TrimSpace(text(p)); s != "" {
			return []string{s}
		}
		return nil
	}
}

// fields are all that a page's words may have in braces.
var fields = []fieldOf{
	{"name", "The partnership’s name", settingsHref, "", one(func(p Profile) string { return p.Name })},
	{"site", "Address of the website", settingsHref, "https", one(func(p Profile) string { return p.Site })},
	{"address", "Address for post", settingsHref, "", one(func(p Profile) string { return p.Post })},
	{"email", "E-mail address for the public", factsHref, "mailto", one(func(p Profile) string { return p.Facts.Email })},
	{"telephone", "Telephone of the office", factsHref, "tel", one(func(p Profile) string { return p.Facts.Telephone })},
	{"hours", "When the telephone is answered", factsHref, "", one(func(p Profile) string { return p.Facts.Hours })},
	{"reply", "How soon you reply", factsHref, "", one(func(p Profile) string { return p.Facts.Reply })},
	{"controller", "Data controller", factsHref, "", one(func(p Profile) string { return p.Facts.Controller })},
	{"officer", "Data protection officer", factsHref, "mailto", one(func(p Profile) string { return p.Facts.Officer })},
	{"hosting", "What the server’s own logs keep", factsHref, "", one(func(p Profile) string { return p.Facts.Hosting })},
	{"compliance", "How accessible the website is", factsHref, "", one(func(p Profile) string { return p.Facts.how() })},
	{"status", "How accessible the website is", factsHref, "", one(func(p Profile) string { return p.Facts.status() })},
	{"not accessible", "What is not accessible", factsHref, "", func(p Profile) []string { return p.Facts.NotAccessible }},
	{"prepared on", "When the statement was prepared", factsHref, "",
		one(func(p Profile) string { return p.Facts.PreparedOn.Words() })},
	{"tested on", "When the website was tested", factsHref, "",
		one(func(p Profile) string { return p.Facts.TestedOn.Words() })},
	{"tested by", "Who tested the website, and how", factsHref, "",
		one(func(p Profile) string { return p.Facts.TestedBy })},
}

func (f Facts) how() string {
	for _, c := range compliances {
		if c.value == f.Compliance {
			return c.how
		}
	}
	return ""
}

func (f Facts) status() string {
	for _, c := range compliances {
		if c.value == f.Compliance {
			return c.status
		}
	}
	return ""
}

// missing lists the fields of some words that nothing is known for, each title once. What is
// not accessible is nothing to enter where everything is.
func missing(markdown string, p Profile) []fieldOf {
	var out []fieldOf
	seen := map[string]bool{}
	for _, f := range fields {
		if !strings.Contains(markdown, "{"+f.Name+"}") || len(f.Values(p)) > 0 || seen[f.Title] ||
			f.Name == "not accessible" && (p.Facts.Compliance == "full" || p.Facts.Compliance == "") {
			continue
		}
		seen[f.Title] = true
		out = append(out, f)
	}
	return out
}

// factsSubject is what the audit trail calls the facts, and shutting the site.
const factsSubject = "public site"

func factsOf(ctx context.Context, q db.Reader) (Facts, error) {
	var f Facts
	text, err := db.Get[string](ctx, q, `SELECT facts FROM sites_facts WHERE id = 'facts'`)
	if err != nil {
		return f, fmt.Errorf("read the facts of the site: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, fmt.Errorf("read the facts of the site: %w", err)
	}
	return f, nil
}

func lockFacts(ctx context.Context, q db.Q) error {
	return db.Must(ctx, q, `UPDATE sites_facts SET facts = facts WHERE id = 'facts'`)
}

func putFacts(ctx context.Context, q db.Q, text string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE sites_facts SET facts = $1, changed_at = $2 WHERE id = 'facts'`, text, at)
}
