package sites

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// visitFields is what is read of each row, for a person to match where a counter has headings
// of its own.
var visitFields = []intake.Field{
	{Name: "date", Title: "Month or day", Hint: "When the visits were", Needed: true},
	{Name: "visits", Title: "Visits", Hint: "How many; not pages looked at, and not people", Needed: true},
	{Name: "site", Title: "Site", Hint: "Where there is more than one", Words: siteChoices},
}

// head reads a row as the headings: by what a person said, where it names all the columns that
// they chose, and else by the names that are known.
func (v *visitReader) head(cells []string) (h sheet.Head, found bool) {
	h, said := v.src.Matching.Head(cells)
	if !said {
		h = sheet.MatchHead(cells, visitColumns)
	}
	return h, h.Index("date") >= 0 && h.Index("visits") >= 0
}

// matchVisits drafts how tables of visits would be read; nil where there is none.
func (r *Room) matchVisits(
	_ context.Context, files []intake.File, said intake.Matching,
) (*intake.Draft, error) {
	return intake.DraftOf(files, visitLimits(), visitFields, said, func(f intake.File) (*intake.Drafting, error) {
		v := newVisits(intake.Source{Matching: said})
		var head sheet.Head
		return &intake.Drafting{
			Within: headWithin, Least: 2, // a month and its visits
			Head: func(row sheet.Row) (map[string]int, bool) {
				h, found := v.head(row.Cells)
				return h.At, found
			},
			Begin: func(row sheet.Row) { head, _ = v.head(row.Cells) },
			Cell:  func(row sheet.Row, field string) string { return row.Cell(head.Index(field)) },
			Value: func(field, word string) string { return v.siteValue(word) },
			Heads: []string{"Month or day", "Site", "Visits"},
			Row: func(cells *sheet.Cells, row sheet.Row) ([]string, string) {
				found := len(v.batch.Findings)
				c, ok := v.row(f.Name, cells, head, row)
				switch {
				case ok && c.whole && v.told[c.site]:
					return nil, ""
				case ok && c.whole:
					v.told[c.site] = true
					return nil, "Rows of “" + c.named + "” are left out beside those of single sites, unless you say that it " +
						"is a site of its own."
				case ok:
				case len(v.batch.Findings) == found, v.words.LeavesOut("site", row.Cell(head.Index("site"))):
					return nil, ""
				default:
					return nil, v.batch.Findings[len(v.batch.Findings)-1].Message
				}
				return []string{whenWords(c.when, c.month), c.named, lang.Number(int(c.count))}, ""
			},
		}, nil
	})
}

// siteValue gives what a word in the place of a site is read as; "" where a person has to say,
// since it may be all sites together.
func (v *visitReader) siteValue(word string) string {
	if said := v.words.Of("site", word); said != "" || isWhole(word) {
		return said
	}
	return intake.AsItIs
}

func whenWords(when db.Date, month bool) string {
	if month {
		return when.Format("January 2006")
	}
	return when.Words()
}
