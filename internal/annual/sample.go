package annual

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

//go:embed sample
var sampleFiles embed.FS

// A Text is a report as it is entered whole: its chapters in order and the tiles
// of its summary.
type Text struct {
	Year     period.Year
	Title    string
	Lead     string
	Chapters []ChapterText
	Tiles    []Tile
}

// A ChapterText is one chapter of a Text.
type ChapterText struct{ Part, Title, Markdown string }

// Sample is the text of the demonstration year, about an invented place and
// about nobody. Its figures are live.
func Sample() (Text, error) {
	t := Text{
		Year: 2023, Title: "Yearly report 2023-24",
		Lead: "What the partnership did for children in Tidewell, and what comes next. Every figure is counted from our " +
			"records; press any to see how.",
	}
	for _, part := range []string{PartReport, PartSummary} {
		names, err := fs.Glob(sampleFiles, "sample/2023-24/"+part+"/*.md") // in order of their numbers
		if err != nil {
			return t, fmt.Errorf("sample report: %w", err)
		}
		for _, name := range names {
			b, err := sampleFiles.ReadFile(name)
			if err != nil {
				return t, fmt.Errorf("sample report: %w", err)
			}
			title, text, ok := strings.Cut(strings.TrimPrefix(string(b), "# "), "\n")
			if !ok {
				return t, fmt.Errorf("sample report: %s has no title", name)
			}
			t.Chapters = append(t.Chapters, ChapterText{part, strings.TrimSpace(title), strings.TrimSpace(text)})
		}
	}
	b, err := sampleFiles.ReadFile("sample/2023-24/tiles.txt")
	if err != nil {
		return t, fmt.Errorf("sample report: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if title, href, ok := strings.Cut(strings.TrimSpace(line), " | "); ok {
			t.Tiles = append(t.Tiles, Tile{title, href})
		}
	}
	return t, nil
}

// Enter enters a whole text as a new report, through the same actions as people
// use.
func (r *Room) Enter(ctx context.Context, by web.Person, t Text) error {
	year := t.Year.String()
	if err := r.AddReport(ctx, by, t.Year, t.Title, t.Lead); err != nil {
		return err
	}
	for _, c := range t.Chapters {
		if _, err := r.AddChapter(ctx, by, year, c.Part, c.Title, c.Markdown); err != nil {
			return err
		}
	}
	return r.SaveTiles(ctx, by, year, t.Tiles, web.Unwatched)
}
