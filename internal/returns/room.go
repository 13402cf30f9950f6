package returns

import (
	"context"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/register"
)

// Deps is what the room needs.
type Deps struct {
	Work *db.DB
	// Beside lists the parts of years, and what is provisional, that are kept of a kind beside
	// the years, in words, of an authority or of all (""); nil where nobody knows.
	Beside func(ctx context.Context, q db.Reader, kind, authority string) ([]string, error)
}

// Room is the room. Reading and counting need no Room: see Read.
type Room struct{ Deps }

// New makes the room.
func New(d Deps) (*Room, error) { return &Room{d}, nil }

// Kinds gives the kinds of file that the room reads.
func (r *Room) Kinds() []intake.Kind {
	census := r.kind(CINCensus, "Children in need census",
		"The XML file of one year. Add the looked-after children files of the same year, and children in need can be "+
			"told from those who are {looked after}.", false, false)
	census.With = []string{SSDA903}
	return []intake.Kind{
		census,
		r.kind(SSDA903, "Looked-after children (SSDA903)", "All the CSV files of one year’s return together, or its XML.",
			true, true),
		r.kind(Contacts, "Contacts with the {front door}",
			"A CSV file or workbook with a row for each contact, its date and what came of it.", false,
			true),
		r.kind(EarlyHelp, "Early help", "A CSV file or workbook with a row for each child helped and the date it started.",
			false, true),
		{
			ID: Measures, Title: "Measures counted by a council",
			Accepts:    "The file of counts that a council made of a return on its own machines.",
			Permission: access.FiguresRestricted, Reading: access.FiguresRestricted,
			Reader: ReaderVersion, NoChildren: true, Replaces: true, Parts: true,
			Read:   r.readMeasures,
			Resume: r.resume,
			Pack:   pack, Unpack: unpack, Withdraw: forget, CountedFrom: loadsFrom,
		},
	}
}

// kind makes one kind of return. One whose files do not say their year, or their
// authority, needs to be told.
func (r *Room) kind(id, title, accepts string, year, authority bool) intake.Kind {
	k := intake.Kind{
		ID: id, Title: title, Accepts: accepts, Reader: ReaderVersion,
		// What comes of a return says how many children there are of each sort, however few.
		Permission: access.FiguresRestricted, Reading: access.FiguresRestricted,
		NeedsYear: year, NeedsAuthority: authority, Replaces: true, Parts: true,
		Rolling: lists[id].kind != "", Resume: r.resume,
		Pack: pack, Unpack: unpack, Withdraw: forget,
		Look: func(files []intake.File) error { return Look(id, files) },
		Read: func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			res, err := Read(ctx, id, src)
			if err != nil {
				return nil, err
			}
			return r.batch(res, nil), nil
		},
	}
	if k.Rolling {
		k.Fields = func(context.Context) ([]intake.Field, error) { return lists[id].fields(), nil }
		k.Match = func(_ context.Context, files []intake.File, said intake.Matching) (*intake.Draft, error) {
			return matchList(id, files, said)
		}
	}
	return k
}

// readMeasures reads a file of measures, which loads as the return that it was
// counted from.
func (r *Room) readMeasures(_ context.Context, src intake.Source) (*intake.Batch, error) {
	if len(src.Files) != 1 {
		return nil, intake.Refuse("", "give one file of measures at a time")
	}
	f := src.Files[0]
	in, err := f.Open()
	if err != nil {
		return nil, fatal(f.Name, err)
	}
	defer in.Close()
	res, from, err := ReadMeasures(f.Name, in)
	if err != nil {
		return nil, err
	}
	if src.Year != 0 && src.Year != res.Year {
		return nil, intake.Refuse(f.Name, "the measures are of %s and not of %s", res.Year, src.Year)
	}
	if src.Authority != "" && src.Authority != res.Authority {
		return nil, intake.Refuse(f.Name, "the measures are of %s and not of %s", res.Authority, src.Authority)
	}
	src.Recognise()
	res.Summary = append([]string{"Measures of " + res.Kind + " for " + res.Year.String() + ", counted elsewhere."},
		res.Summary...)
	return r.batch(res, from), nil
}

// batch makes of a result what intake loads.
func (r *Room) batch(res *Result, from []SourceFile) *intake.Batch {
	var counted []intake.LoadedFile
	for _, f := range from {
		counted = append(counted, intake.LoadedFile{Name: f.Name, SHA256: f.SHA256, Rows: int(f.Rows)})
	}
	b := &intake.Batch{
		From: counted,
		As:   res.Kind, Year: res.Year, Authority: res.Authority, Rows: res.Rows, FileRows: res.FileRows,
		FileContents: res.FileContents, FileSketches: res.FileSketches,
		Findings: res.Findings, Found: res.Found, Summary: res.Summary, Readings: res.Readings,
		Happened: res.Happened, Events: res.Events, Doubts: res.Doubts,
	}
	if b.Events == 0 {
		b.Happened, b.Events = happened(res)
	}
	r.wire(b, packed(res, from))
	return b
}

// happened tells from the counts of months when the first and the last thing happened that a
// return tells of, and how many there were. Counts of a day do not tell.
func happened(res *Result) (period.Span, int64) {
	n, count := &notes{}, int64(0)
	for _, m := range res.Measures {
		if m.Dimension == "" && specOfMeasure[m.ID].flow && m.Numerator > 0 {
			n.event(m.Span.From, res.Year.Span())
			n.event(m.Span.To, res.Year.Span())
			count += m.Numerator
		}
	}
	return n.happened, count
}

// resume makes of counts that were held a batch that can be loaded.
func (r *Room) resume(_ context.Context, content []byte, b *intake.Batch) error {
	p, err := opened(content)
	if err == nil {
		r.wire(b, p)
	}
	return err
}

// wire gives a batch what it does with what was counted.
func (r *Room) wire(b *intake.Batch, p *packedLoad) {
	b.Moves = func(ctx context.Context, q db.Reader) ([]intake.Move, error) {
		return r.moves(ctx, q, p.of(b.Part.Span), b.Year, b.Part.Span)
	}
	b.Store = p.store
	b.Hold = func() ([]byte, error) { return p.of(b.Part.Span).hold() }
}

// nameOf gives an authority's name by its code, or the code.
func nameOf(code string) string {
	if a, ok := register.AuthorityByCode(code); ok {
		return a.Name
	}
	return code
}

// years writes the years of loads as people read them: 2021-22, 2022-23.
func years(loads []load) string {
	var out []string
	for _, l := range loads {
		if len(out) == 0 || out[len(out)-1] != l.Year {
			out = append(out, l.Year)
		}
	}
	return strings.Join(out, ", ")
}
