package partnership

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/sheet"
	"kith/internal/register"
)

// A partnership begins with the list of organisations that it has somewhere: it is read once, as
// names with their sectors. What an organisation is to the partnership, a statutory partner or a
// relevant agency, a list never says: a person does.

// Kinds lists the kinds of file this room reads.
func (r *Room) Kinds() []intake.Kind {
	return []intake.Kind{{
		ID:    "organisations",
		Title: "Organisations",
		Accepts: "A CSV or XLSX table with the name of each organisation and its type. Names that are there already stay " +
			"as " +
			"" +
			"" +
			"" +
			"" +
			"" +
			"" +
			"they are. None becomes a relevant agency by it. Where its headings are others, you are asked which column is what.",
		Permission: access.PartnershipManage,
		Reader:     "organisations 1",
		NoChildren: true, Partnership: true, Timeless: true,
		Fields:   r.organisationFields,
		Match:    r.matchOrganisations,
		Read:     r.readOrganisations,
		Resume:   r.resumeOrganisations,
		Withdraw: r.withdrawOrganisations,
		// A list takes the place of no other: what both name stays the first one's.
		ComesBack: func(context.Context, db.Reader, string) ([]string, error) { return nil, nil },
	}}
}

// organisationHeads are the columns of a list of organisations.
var organisationHeads = []sheet.Column{
	{Name: "name", Also: []string{"organisation", "organisation name", "organization", "agency", "agency name", "school",
		"school name", "setting", "setting name", "establishment name", "provider name", "name of organisation"}},
	{Name: "sector", Also: []string{"type", "organisation type", "agency type", "sector name", "type of organisation",
		"category"}},
}

// organisationFields is what is read of each row, for a person to match.
func (r *Room) organisationFields(ctx context.Context) ([]intake.Field, error) {
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return nil, err
	}
	return []intake.Field{
		{Name: "name", Title: "Name", Hint: "Of the organisation", Needed: true},
		{Name: "sector", Title: "Type", Hint: "The sector that it is of", Needed: true, Whole: sectors.All(),
			Words: append(slices.Clone(sectors.All()), intake.LeaveChoice)},
	}, nil
}

// An importedOrganisation is one that a list names.
type importedOrganisation struct{ Name, Sector string }

// An organisationReader gathers the organisations of lists.
type organisationReader struct {
	src      intake.Source
	batch    *intake.Batch
	sectors  register.Sectors
	words    intake.Said
	contents intake.Contents
	held     map[string]Organisation // those that are there, by key
	first    map[string]int64        // the line of the first row of each name, by key
	fresh    []importedOrganisation
	there    int             // of the list, that are there already
	lost     int             // rows without a name that could be one
	told     map[string]bool // words of which it is noted that their rows are left out
}

func (r *Room) organisationReader(ctx context.Context, src intake.Source) (*organisationReader, error) {
	o := &organisationReader{src: src, batch: &intake.Batch{FileRows: map[string]int64{}}, words: src.Matching.Said(),
		contents: intake.Contents{}, held: map[string]Organisation{}, first: map[string]int64{}, told: map[string]bool{}}
	var err error
	if o.sectors, err = r.Register.Sectors(ctx); err != nil || r.Work == nil {
		return o, err
	}
	list, err := allOrganisations(ctx, r.Work)
	for _, x := range list {
		o.held[names.Key(x.Name)] = x
	}
	return o, err
}

// readOrganisations reads lists of organisations.
func (r *Room) readOrganisations(ctx context.Context, src intake.Source) (*intake.Batch, error) {
	o, err := r.organisationReader(ctx, src)
	if err != nil {
		return nil, err
	}
	for _, f := range src.Files {
		if err := o.file(ctx, f); err != nil {
			return nil, intake.Unreadable(f.Name, err)
		}
	}
	if len(o.fresh)+o.there == 0 || o.lost > len(o.fresh)+o.there {
		return nil, intake.Refuse(src.Files[0].Name, "of its %s none or too few name an organisation: see which column has "+
			"the names, and whether each row is one organisation", lang.Plural(int(o.batch.Rows), "row", "rows"))
	}
	o.pointOut(src.Files[0].Name)
	o.batch.FileContents, _ = o.contents.Sums()
	o.batch.Summary = []string{fmt.Sprintf("%s: %s new, and %s there already.", lang.Plural(len(o.fresh)+o.there,
		"organisation", "organisations"), lang.Plural(len(o.fresh), "is", "are"), lang.Plural(o.there, "is", "are"))}
	if len(o.fresh) > 0 {
		o.batch.Summary = append(o.batch.Summary, "New: "+namesInShort(o.fresh)+".")
	}
	r.wireOrganisations(o.batch, o.fresh)
	return o.batch, nil
}

// wireOrganisations gives a batch what it does with what was read.
func (r *Room) wireOrganisations(b *intake.Batch, list []importedOrganisation) {
	b.Hold = func() ([]byte, error) { return json.Marshal(list) }
	b.Store = func(ctx context.Context, q db.Q, importID string) error {
		return r.storeOrganisations(ctx, q, importID, list)
	}
}

func (r *Room) resumeOrganisations(_ context.Context, content []byte, b *intake.Batch) error {
	var list []importedOrganisation
	if err := json.Unmarshal(content, &list); err != nil {
		return fmt.Errorf("read a list of organisations that was held: %w", err)
	}
	r.wireOrganisations(b, list)
	return nil
}

// storeOrganisations adds those that are not there. What is there stays as it is.
func (r *Room) storeOrganisations(
	ctx context.Context, q db.Q, importID string, list []importedOrganisation,
) error {
	var ids []string
	for _, o := range list {
		id, isNew, err := r.Ensure(ctx, q, o.Name, o.Sector)
		if err != nil {
			return err
		}
		if !isNew { // somebody has added it since the list was read
			continue
		}
		if err := ofImport(ctx, q, id, importID); err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 { // none would be all
		return nil
	}
	return r.Search.Changed(ctx, q, register.OrganisationSubject, ids...)
}

// mostNamed is how many names of a list are given in its summary.
const mostNamed = 20

func namesInShort(list []importedOrganisation) string {
	var all []string
	for _, o := range list {
		all = append(all, o.Name)
	}
	if len(all) <= mostNamed {
		return lang.Join(all)
	}
	return strings.Join(all[:mostNamed], ", ") + " and " + lang.Number(len(all)-mostNamed) + " more"
}

// withdrawOrganisations takes away those that an import added and of which nothing is recorded:
// nobody has looked at them, and nothing points at them. The others stay.
func (r *Room) withdrawOrganisations(ctx context.Context, q db.Q, importID string) error {
	ids, err := organisationsOfImport(ctx, q, importID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		used := r.InUse == nil
		if !used {
			if used, err = r.InUse(ctx, q, id); err != nil {
				return err
			}
		}
		if used {
			continue
		}
		if err := deleteOrganisation(ctx, q, id); err != nil {
			return err
		}
	}
	return r.Search.Changed(ctx, q, register.OrganisationSubject)
}

// organisationLimits are how large a list is read, far above any real one.
func organisationLimits() sheet.Limits {
	l := sheet.Usual
	l.Bytes, l.Unzip, l.Rows, l.Columns = 16<<20, 64<<20, 50_000, 200
	return l
}

// headWithin is how many rows may stand above the headings.
const headWithin = 10

func (o *organisationReader) file(ctx context.Context, f intake.File) error {
	file, err := sheet.Open(f, f.Limits(organisationLimits()))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, name := range file.Sheets() {
		t, err := file.Table(name)
		if err != nil {
			return err
		}
		found, err := o.table(ctx, f.Name, t)
		if err := errors.Join(err, t.Close()); err != nil {
			return err
		}
		if found {
			return nil
		}
	}
	return intake.Refuse(f.Name, "this does not look like a list of organisations: there is no row of headings with a "+
		"name "+
		"and a type")
}

// head reads a row as the headings: by what a person said, and else by the names that are known.
func (o *organisationReader) head(cells []string) (h sheet.Head, found bool) {
	h, said := o.src.Matching.Head(cells)
	if !said {
		h = sheet.MatchHead(cells, organisationHeads)
	}
	return h, h.Index("name") >= 0 && (h.Index("sector") >= 0 || o.src.Matching.Whole["sector"] != "")
}

func (o *organisationReader) table(ctx context.Context, name string, t *sheet.Table) (found bool, err error) {
	var head sheet.Head
	cells := t.Cells()
	for n := 0; ; n++ {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, err
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		switch {
		case !found && n >= headWithin:
			return false, nil
		case !found:
			if head, found = o.head(row.Cells); found {
				if len(head.Same) > 0 {
					return false, intake.SameTwice(name, row.Line, head.As[head.Same[0]])
				}
				o.src.Recognise()
				o.extra(name, row.Line, head)
			}
			continue
		}
		if err := t.Within(head.Width, row); err != nil {
			return false, err
		}
		o.batch.Rows++
		o.batch.FileRows[name]++
		if org, ok := o.row(name, cells, head, row); ok {
			o.take(name, row.Line, org)
		}
	}
	if !found {
		return false, nil
	}
	if err := cells.Sound(); err != nil {
		return false, err
	}
	for _, m := range cells.Remarks() {
		o.find(name, m.Line, m.Column, m.Rule, "%s", m.Words)
	}
	for _, m := range t.Fixes() {
		o.find(name, m.Line, "", "form", "%s", lang.Sentence(m.Words)+".")
	}
	return true, nil
}

// extra notes the columns that are not read.
func (o *organisationReader) extra(name string, line int64, head sheet.Head) {
	for _, c := range slices.Concat(head.Extra, head.Twice) {
		o.find(name, line, c, "unknown-column", "The column %q is not read: of an organisation its name and its type are.", c)
	}
}

func (o *organisationReader) find(file string, line int64, field, rule, format string, args ...any) {
	o.batch.Add(intake.Finding{File: file, Line: line, Field: field, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// sectorOf gives the sector of a word; "" where it is not known.
func (o *organisationReader) sectorOf(word string) string {
	if said := o.words.Of("sector", word); said != "" {
		return said
	}
	s, _ := o.sectors.Find(word)
	return s.ID
}

// row reads one row, or finds fault with it.
func (o *organisationReader) row(
	name string, cells *sheet.Cells, head sheet.Head, row sheet.Row,
) (org importedOrganisation, ok bool) {
	org.Name = tidy(cells.Text("name", row.Cell(head.Index("name")), row.Line))
	word := o.src.Matching.Whole["sector"]
	if i := head.Index("sector"); i >= 0 {
		word = cells.Text("sector", row.Cell(i), row.Line)
	}
	if o.words.LeavesOut("sector", word) {
		if !o.told[word] {
			o.told[word] = true
			o.find(name, row.Line, "sector", "left-out", "Rows that have %q here are left out, as you chose. Said once.", word)
		}
		return org, false
	}
	if sheet.IsTotal(org.Name) {
		o.find(name, row.Line, "name", "total", "This row is a total of others and was left out. Take it out of the file.")
		return org, false
	}
	if names.IsNobody(org.Name) {
		o.lost++
		o.find(name, row.Line, "name", "name", "%q names no organisation. The row was left out: give its name.", org.Name)
		return org, false
	}
	if org.Sector = o.sectorOf(word); org.Sector == "" {
		o.find(name, row.Line, "sector", "sector", "%q is not a type that is known; the organisation is added under Other. "+
			"Change it there, or give a sector this word in Settings, under Sectors.", word)
		org.Sector = register.Other
	}
	return org, true
}

// take keeps an organisation that is neither there already nor on the list before.
func (o *organisationReader) take(file string, line int64, org importedOrganisation) {
	key := names.Key(org.Name)
	o.contents.Hold(file, "", key, org.Sector)
	if first, twice := o.first[key]; twice {
		o.find(file, line, "name", "duplicate-row", "%s is on line %d too. It is added once; take one out.", org.Name, first)
		return
	}
	o.first[key] = line
	was, held := o.held[key]
	if !held {
		o.fresh = append(o.fresh, org)
		return
	}
	o.there++
	switch {
	case was.Ended() && was.SuccessorID == "":
		o.find(file, line, "name", "ended", "%s is there, and has ended. It stays so: open it again there if it goes on.",
			org.Name)
	case was.Sector != org.Sector && org.Sector != register.Other:
		o.find(file, line, "sector", "organisation-sector", "%s is of the type %s here and is %s in Kith, which stays.",
			org.Name, o.sectors.Title(org.Sector), o.sectors.Title(was.Sector))
	}
}

// mostCompared is how many names of a list are compared with those that are there: of a longer
// list, Possible duplicates shows what is alike.
const mostCompared = 1000

// pointOut notes new names that are almost those of one that is there, or of another of the list.
func (o *organisationReader) pointOut(file string) {
	if len(o.fresh) > mostCompared {
		return
	}
	type known struct {
		name string
		form names.Form
	}
	var all []known
	for _, x := range o.held {
		if !x.Ended() {
			all = append(all, known{x.Name, names.Of(x.Name)})
		}
	}
	slices.SortFunc(all, func(a, b known) int { return strings.Compare(a.form.Key, b.form.Key) })
	for _, org := range o.fresh {
		form := names.Of(org.Name)
		i := slices.IndexFunc(all, func(x known) bool {
			near := form.Near(x.form)
			return near != names.Different && near != names.Initials
		})
		if i >= 0 {
			o.find(file, o.first[form.Key], "name", "alike", "%s may be %s. It is added as another: say in Possible duplicates "+
				"whether they are one, or write both in one way.", org.Name, all[i].name)
		}
		all = append(all, known{org.Name, form})
	}
}

// matchOrganisations drafts how lists would be read; nil where there is none.
func (r *Room) matchOrganisations(
	ctx context.Context, files []intake.File, said intake.Matching,
) (*intake.Draft, error) {
	fields, err := r.organisationFields(ctx)
	if err != nil {
		return nil, err
	}
	return intake.DraftOf(files, organisationLimits(), fields, said, func(f intake.File) (*intake.Drafting, error) {
		o, err := r.organisationReader(ctx, intake.Source{Files: []intake.File{f}, Matching: said})
		if err != nil {
			return nil, err
		}
		return o.drafting(f.Name), nil
	})
}

// drafting is what the room knows of a list of organisations.
func (o *organisationReader) drafting(file string) *intake.Drafting {
	var head sheet.Head
	return &intake.Drafting{
		Within: headWithin, Least: 1,
		Head: func(row sheet.Row) (map[string]int, bool) {
			h, found := o.head(row.Cells)
			return h.At, found
		},
		Begin: func(row sheet.Row) { head, _ = o.head(row.Cells) },
		Cell:  func(row sheet.Row, field string) string { return row.Cell(head.Index(field)) },
		Value: func(_, word string) string { return o.sectorOf(word) },
		Heads: []string{"Name", "Type"},
		Row: func(cells *sheet.Cells, row sheet.Row) ([]string, string) {
			found := len(o.batch.Findings)
			org, ok := o.row(file, cells, head, row)
			switch {
			case ok:
				return []string{org.Name, o.sectors.Title(org.Sector)}, ""
			case len(o.batch.Findings) > found:
				return nil, o.batch.Findings[len(o.batch.Findings)-1].Message
			}
			return nil, ""
		},
	}
}
