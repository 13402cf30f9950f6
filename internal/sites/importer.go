package sites

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// Kinds lists the kinds of file this room reads.
func (r *Room) Kinds() []intake.Kind {
	return []intake.Kind{{
		ID:    "visits",
		Title: "Visits to websites",
		Accepts: "A CSV or XLSX table with a month or a date, the visits, and the site where there is more than one. " +
			"A row for a day is added to its month. One financial year at a time. Where its headings are others, you are " +
			"asked which column is what.",
		Permission: access.SitesPublish,
		Reader:     "visits 5",
		NoChildren: true, Partnership: true,
		Replaces: true,
		Fields:   func(context.Context) ([]intake.Field, error) { return visitFields, nil },
		Match:    r.matchVisits,
		Read:     r.readVisits,
		Resume:   r.resumeVisits,
		Pack:     packTotals,
		Unpack:   unpackTotals,
		Withdraw: func(ctx context.Context, q db.Q, id string) error { return deleteTotals(ctx, q, id) },
	}}
}

// visitColumns are the columns of a table of visits, with the names that other
// counters give them.
var visitColumns = []sheet.Column{
	{Name: "date", Also: []string{"month", "day", "period", "month of year", "year month"}},
	{Name: "site", Also: []string{"website", "property", "hostname", "host", "domain", "site name", "web site",
		"host name"}},
	{Name: "visits", Also: []string{"sessions", "visit", "total visits", "number of visits", "visits total",
		"website visits", "nb_visits", "total sessions"}},
}

// Limits of a table of visits, far above any real one.
const (
	maxVisitRows = 200_000
	maxVisits    = 1_000_000_000 // of one row
)

func visitLimits() sheet.Limits {
	l := sheet.Usual
	l.Bytes, l.Unzip, l.Rows, l.Columns = 32<<20, 64<<20, maxVisitRows, 100
	return l
}

// visitReader gathers the totals of files.
type visitReader struct {
	src    intake.Source
	batch  *intake.Batch
	totals map[monthOfSite]int64
	other  map[period.Year]int64 // rows of years that were not asked for
	lost   int                   // rows that could not be read
	kept   int                   // rows that are counted
	// What the rows add up to, of whole months and of single days.
	months, days map[monthOfSite]*countOfRows
	looks        string              // what a row above says that the table is of instead; see looksLike
	placed       map[place]placedRow // the first of the plain rows of each place
	points       pointLog            // of the table being read
	firsts       firstsLog           // of the table being read
	second       secondLog           // of the table being read
	words        intake.Said         // what the person said of sites
	told         map[string]bool     // sites of which it is noted that they are left out
	contents     intake.Contents
	dated        map[db.Date]int // the rows that are counted, by day: of the table being read
	title        intake.TitleLog // of the table being read
}

type monthOfSite struct {
	month db.Date
	site  string
}

func newVisits(src intake.Source) *visitReader {
	return &visitReader{src: src, batch: &intake.Batch{Year: src.Year, FileRows: map[string]int64{}},
		totals: map[monthOfSite]int64{}, other: map[period.Year]int64{},
		months: map[monthOfSite]*countOfRows{}, days: map[monthOfSite]*countOfRows{}, placed: map[place]placedRow{},
		words: src.Matching.Said(), told: map[string]bool{}, contents: intake.Contents{}, dated: map[db.Date]int{}}
}

// readVisits reads tables of past visits.
func (r *Room) readVisits(ctx context.Context, src intake.Source) (*intake.Batch, error) {
	v := newVisits(src)
	for _, f := range src.Files {
		if err := v.file(ctx, f); err != nil {
			return nil, intake.Unreadable(f.Name, err)
		}
	}
	if err := v.addUp(); err != nil {
		return nil, err
	}
	if err := v.settleYear(); err != nil {
		return nil, err
	}
	if v.lost >= fewLost && v.lost > v.kept {
		return nil, intake.Refuse("", "%s of the %s rows cannot be read, so that most visits would be missing: fix the form "+
			"of the cells and give the file again%s", lang.Number(v.lost), lang.Number(v.kept+v.lost), v.firstFinding())
	}
	v.doubtSpellings()
	v.batch.FileContents, _ = v.contents.Sums()
	totals, total := v.rows()
	v.batch.Summary = []string{fmt.Sprintf("%s in %s, over %s.", lang.Plural(int(total), "visit", "visits"), v.batch.Year,
		lang.Plural(countMonths(totals), "month", "months"))}
	wireVisits(v.batch, totals)
	return v.batch, nil
}

// wireVisits gives a batch what it does with the totals that were read.
func wireVisits(b *intake.Batch, totals []totalRow) {
	b.Store = func(ctx context.Context, q db.Q, id string) error { return insertTotals(ctx, q, id, totals) }
	b.Hold = func() ([]byte, error) { return json.Marshal(totals) }
	b.Moves = func(ctx context.Context, q db.Reader) ([]intake.Move, error) {
		return visitMoves(ctx, q, b.Year, totals)
	}
}

// resumeVisits makes of totals that were held a batch that can be loaded.
func (r *Room) resumeVisits(_ context.Context, content []byte, b *intake.Batch) error {
	totals, err := openTotals(content)
	wireVisits(b, totals)
	return err
}

// visitMoves compares the visits of a year in files with those of files loaded before.
func visitMoves(ctx context.Context, q db.Reader, y period.Year, totals []totalRow) ([]intake.Move, error) {
	loaded := map[period.Year]int64{}
	for _, of := range []period.Year{y, y - 1} {
		list, err := importedTotals(ctx, q, of.Span().From, of.Span().To)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			loaded[of] += t.Visits
		}
	}
	var after int64
	for _, t := range totals {
		after += t.Visits
	}
	return []intake.Move{intake.NewMove("Visits to websites", y, loaded, after)}, nil
}

func (v *visitReader) file(ctx context.Context, f intake.File) error {
	v.looks = ""
	file, err := sheet.Open(f, f.Limits(visitLimits()))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, name := range file.Sheets() {
		table, err := file.Table(name)
		if err != nil {
			return err
		}
		found, err := v.table(ctx, f.Name, table)
		if err := errors.Join(err, table.Close()); err != nil {
			return err
		}
		if found {
			return nil
		}
	}
	if v.looks != "" {
		return intake.Refuse(f.Name, "%s", v.looks)
	}
	return intake.Refuse(f.Name, "this does not look like a table of visits: there is no row of headings with a month "+
		"or date and visits (or sessions)")
}

// headWithin is how many rows may stand before the headings: titles and notes
// that other counters put at the top of an export.
const headWithin = 15

func (v *visitReader) table(ctx context.Context, name string, table *sheet.Table) (bool, error) {
	var head sheet.Head
	var rows []countedRow
	cells := table.Cells()
	v.points, v.firsts, v.title, v.dated = pointLog{}, firstsLog{}, intake.TitleLog{}, map[db.Date]int{}
	found := false
	for n := 0; ; n++ {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, err
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if !found {
			if head, found = v.head(row.Cells); found {
				if len(head.Same) > 0 {
					return false, intake.SameTwice(name, row.Line, head.As[head.Same[0]])
				}
				v.src.Recognise()
				v.second = secondOf(row.Cells, head)
				continue
			}
			v.title.See(row)
			v.looks = cmp.Or(v.looks, looksLike(row.Cells))
			if n >= headWithin {
				break
			}
			continue
		}
		if err := table.Within(head.Width, row); err != nil {
			return false, err
		}
		if counted, ok := v.row(name, cells, head, row); ok {
			rows = append(rows, counted)
		}
	}
	if !found {
		return false, nil
	}
	if err := cells.Sound(); err != nil {
		return false, err
	}
	if err := v.points.sound(name); err != nil {
		return false, err
	}
	if err := v.firsts.sound(name); err != nil {
		return false, err
	}
	if err := v.add(name, rows, head); err != nil {
		return false, err
	}
	v.doubtSecond(name)
	if words := v.title.Doubt(name, v.dated); words != "" {
		v.batch.Doubts = append(v.batch.Doubts, words)
	}
	v.batch.Readings = sheet.Together(v.batch.Readings, cells.Readings())
	for _, m := range cells.Remarks() {
		v.fault(name, m.Line, m.Column, m.Rule, "%s", m.Words)
	}
	for _, m := range table.Fixes() {
		v.batch.Add(intake.Finding{File: name, Line: m.Line, Rule: "form", Message: m.Words})
	}
	return true, nil
}

// settleYear finds the one year that an import is of.
func (v *visitReader) settleYear() error {
	var years []string
	for k := range v.totals {
		y := period.YearOf(k.month)
		if !slices.Contains(years, y.String()) {
			years = append(years, y.String())
			v.batch.Year = y
		}
	}
	slices.Sort(years)
	switch {
	case len(years) == 0 && len(v.other) > 0:
		return &intake.Fatal{Words: fmt.Sprintf("nothing here is of %s: the visits are of %s", v.src.Year,
			lang.Join(yearNames(v.other)))}
	case len(years) == 0:
		return &intake.Fatal{Words: "no row could be read as visits; " +
			"check that the first column is a month or a date and that visits are whole numbers" + v.firstFinding()}
	case len(years) > 1:
		return &intake.Fatal{Words: fmt.Sprintf(
			"the visits are of %s; import the file once for each year and say which, such as %s", lang.Join(years), years[0])}
	}
	return nil
}

func (v *visitReader) firstFinding() string {
	if len(v.batch.Findings) == 0 {
		return ""
	}
	return ": " + v.batch.Findings[0].Message
}

func yearNames(years map[period.Year]int64) []string {
	var out []string
	for _, y := range slices.Sorted(maps.Keys(years)) {
		out = append(out, y.String())
	}
	return out
}

func (v *visitReader) rows() ([]totalRow, int64) {
	var out []totalRow
	var total int64
	for k, n := range v.totals {
		out = append(out, totalRow{Month: k.month, Site: k.site, Visits: n})
		total += n
	}
	slices.SortFunc(out, func(a, b totalRow) int {
		if c := a.Month.Compare(b.Month); c != 0 {
			return c
		}
		return strings.Compare(a.Site, b.Site)
	})
	return out, total
}

func countMonths(rows []totalRow) int {
	months := map[db.Date]bool{}
	for _, r := range rows {
		months[r.Month] = true
	}
	return len(months)
}

// mainNames are what files call the partnership's own site.
var mainNames = []string{"", "main", "main-site", "website", "partnership", "partnership-website", "partnership-site"}

// bareHost writes the address of a site in one way: www.example.org/ and https://example.org are
// both example.org.
func bareHost(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, front := range []string{"https://", "http://", "//", "www."} {
		name = strings.TrimPrefix(name, front)
	}
	return strings.TrimRight(name, "/")
}

// SiteID makes the short name of a site from what a file calls it.
func SiteID(name string) string {
	id := lang.Slug(bareHost(name))
	if slices.Contains(mainNames, id) {
		return MainSite
	}
	return id[:min(len(id), 60)]
}
