package sites

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

//go:embed sample/*.md
var sampleFiles embed.FS

// Sample gives the pages of the demonstration's invented area: the front pages,
// and a page behind each subject of the yearly summary. What they say of their
// subjects is true; the area is made up.
func Sample() ([]PageDraft, error) {
	names, err := fs.Glob(sampleFiles, "sample/*.md")
	if err != nil {
		return nil, fmt.Errorf("list the sample pages: %w", err)
	}
	out := make([]PageDraft, 0, len(names))
	for _, name := range names {
		text, err := sampleFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read sample page: %w", err)
		}
		d, err := parseSample(strings.TrimSuffix(path.Base(name), ".md"), string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	for _, slug := range standardSlugs {
		d, _ := Standard(slug)
		out = append(out, d)
	}
	return out, nil
}

// sampleFacts are what the demonstration's pages that the law asks for say.
func sampleFacts(today db.Date) Facts {
	return Facts{Email: "office@tidewell.example", Telephone: "01632 960 180", Hours: "on working days from 9 am to 5 pm",
		Reply: "within 10 working days", Controller: "Tidewell Council", Officer: "data.protection@tidewell.example",
		Hosting:    "The server before the website keeps network addresses in its log for 30 days, to fend off attacks.",
		Compliance: "part", NotAccessible: []string{
			"Reports of years before 2021 are scanned and cannot be read by a screen reader"},
		PreparedOn: today, TestedOn: today, TestedBy: "the partnership’s office, by keyboard, screen reader and axe"}
}

// parseSample reads a page's head ("Title: …" lines) and its Markdown, with an
// empty line between.
func parseSample(slug, text string) (PageDraft, error) {
	d := PageDraft{Slug: slug, Note: "First version"}
	head, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		return d, fmt.Errorf("sample page %s has no words", slug)
	}
	d.Markdown = strings.TrimSpace(body)
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Title":
			d.Title = value
		case "Section":
			d.Section = value
		case "Summary":
			d.Summary = value
		case "Shelves":
			d.Shelves = strings.Fields(value)
		case "Quiet":
			d.Quiet = value == "yes"
		default:
			return d, fmt.Errorf("sample page %s: there is no field %q", slug, name)
		}
	}
	return d, nil
}

// LoadSample enters the sample pages through the room's own actions, with an
// owner and a review a year from now, and publishes them. Pages that are there
// already are left as they are.
func (r *Room) LoadSample(ctx context.Context, by web.Person) error {
	pages, err := Sample()
	if err != nil {
		return err
	}
	if err := r.SaveFacts(ctx, by, sampleFacts(r.Now.Today()), web.Unwatched); err != nil {
		return err
	}
	for _, d := range pages {
		d.OwnerID, d.ReviewOn = by.ID, r.Now.Today().AddYears(1)
		err := r.AddPage(ctx, by, d)
		if errors.Is(err, ErrTaken) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.PublishPage(ctx, by, d.Slug, 1); err != nil {
			return err
		}
	}
	return nil
}
