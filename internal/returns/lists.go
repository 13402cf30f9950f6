package returns

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A listSpec is a kind of list kept locally, with a row for each thing that
// happened. No national form exists, so its columns go by many names.
type listSpec struct {
	kind    string
	thing   [2]string // what a row is: one, many
	date    string    // the column that says when
	columns []sheet.Column
	needs   map[string]string // columns without which it is not read → the figure
	about   []string          // columns of which it has one at least, or it is some other list
	cuts    map[string]string // columns that figures are cut by → what is lost without
	// ofsted are the columns that make a list one of Ofsted's Annex A, which has
	// no outcome.
	ofsted []string
	// said is what a person said of the columns of a file whose headers are not known.
	said intake.Matching
}

// The columns of lists.
const (
	colChild    = "child_id"
	colRecord   = "record_id"
	colBorn     = "date_of_birth"
	colExpected = "expected_date_of_birth"
	colAge      = "age"
	colSex      = "sex"
	colEthnic   = "ethnicity"
	colSource   = "source"
	colOutcome  = "outcome"
	colContact  = "contact_date"
	colStart    = "start_date"
	colEnd      = "end_date"
)

// About children, lists say the same things in the same ways.
var childColumns = []sheet.Column{
	{Name: colChild, Also: []string{"child unique id", "unique child id", "child", "child number", "person id",
		"client id", "la child id", "mosaic id", "liquidlogic id", "lcs id", "eclipse id"}},
	{Name: colBorn, Also: []string{"dob", "birth date", "born", "person birth date", "child date of birth"}},
	{Name: colExpected, Also: []string{"edd", "expected date of delivery", "expected dob", "expected person birth date"}},
	{Name: colAge, Also: []string{"age at contact", "age of child", "age (years)", "age of child (years)"}},
	{Name: colSex, Also: []string{"gender", "gender current"}},
	{Name: colEthnic, Also: []string{"ethnic group", "ethnic origin", "ethnicity code", "ethnic"}},
}

var lists = map[string]listSpec{
	Contacts: {
		kind: Contacts, thing: [2]string{"contact", "contacts"}, date: colContact,
		columns: append([]sheet.Column{
			{Name: colRecord, Also: []string{"contact id", "contact number", "contact ref", "contact reference", "reference"}},
			{Name: colContact, Also: []string{"date of contact", "date", "contact start date", "contact received",
				"date received", "received", "received on", "received date", "contact received date", "date contact received",
				"contacted on", "start date"}},
			{Name: colSource, Also: []string{"contact source", "source of contact", "contact by", "contacted by",
				"referral source", "referrer", "contact agency", "agency", "contact made by", "source agency"}},
			{Name: colOutcome, Also: []string{"contact outcome", "outcome of contact", "decision", "contact decision", "result",
				"next step", "outcome description", "progressed to referral", "became referral", "led to referral"}},
		}, childColumns...),
		needs:  map[string]string{colContact: contactsReceived, colOutcome: contactsReferred},
		about:  []string{colRecord, colChild, colBorn, colAge, colSource},
		cuts:   map[string]string{colSource: "source", colBorn: "age"},
		ofsted: []string{"child unique id", "date of contact"},
	},
	EarlyHelp: {
		kind: EarlyHelp, thing: [2]string{"episode of early help", "episodes of early help"}, date: colStart,
		columns: append([]sheet.Column{
			{Name: colRecord, Also: []string{"episode id", "early help id", "assessment id", "case id", "reference"}},
			{Name: colStart, Also: []string{"assessment start date", "early help start date", "episode start date",
				"date started", "started", "started on", "date opened", "opened", "open date", "eha start date",
				"early help assessment start date", "plan start date", "start"}},
			{Name: colEnd, Also: []string{"assessment completion date", "early help end date", "episode end date", "date ended",
				"ended", "ended on", "date closed", "closed", "close date", "closure date", "eha end date",
				"early help assessment completion date", "completion date", "end"}},
			{Name: colSource, Also: []string{"referral source", "source of referral", "requested by", "request source",
				"referrer", "source agency", "initiated by"}},
			{Name: "organisation", Also: []string{"organisation completing assessment", "lead organisation",
				"lead professional organisation", "lead agency", "team", "service", "lead professional", "lead"}},
		}, childColumns...),
		needs: map[string]string{colStart: helpStarted},
		about: []string{colChild, colBorn, colAge, colSex, colSource},
		cuts:  map[string]string{colSource: "source", colBorn: "age", colSex: "sex"},
	},
}

// A foundList is the table of a list in a file.
type foundList struct {
	file  intake.File
	sheet string
	head  sheet.Head
	line  int64
	place placeColumn
	spare struckCheck // of the columns that are not read
	says  stated      // above the table
}

// readList reads a local list and counts what it lists, month by month.
func readList(ctx context.Context, spec listSpec, src intake.Source, n *notes) (*Result, error) {
	if src.Authority == "" {
		return nil, untold(spec.kind, src.Files, src.Matching,
			"a list does not say which authority it is of: say that too")
	}
	if len(src.Files) > 1 {
		return nil, intake.Refuse("", "give one file of %s: %s were given, and the same row might be in two of them",
			spec.thing[1], lang.Number(len(src.Files)))
	}
	l, err := findList(src.Files[0], spec, n)
	if err != nil {
		return nil, err
	}
	r := spec.reader(l, n)
	r.year, r.part = src.Year, src.Part
	r.places = placeCheck{column: l.place, given: src.Authority, year: src.Year}
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	if err := r.settleYear(); err != nil {
		return nil, err
	}
	t := newTally()
	r.count(t)
	return &Result{Year: r.year, Authority: src.Authority, Measures: t.sorted(),
		Summary: append(r.summary(), n.sentences()...)}, nil
}

// reader begins to read a list.
func (s listSpec) reader(l foundList, n *notes) *listReader {
	return &listReader{spec: s, list: l, n: n, groups: words{index: map[string]word{}}, seen: map[uint64]int32{},
		ids: sheet.NewIdentifiers(), yesNo: l.asksYesOrNo(), words: s.said.Said(), plain: newRepeats(),
		leftOut: map[string]bool{},
		places:  placeCheck{column: placeColumn{at: -1}}}
}

// findList finds the one table in a file that is the list.
func findList(f intake.File, spec listSpec, n *notes) (foundList, error) {
	book, err := openBook(f, spec.kind)
	if err != nil {
		return foundList{}, err
	}
	defer book.Close()
	var out []foundList
	var near *foundList
	var first []string
	var others []string
	for _, name := range book.Sheets() {
		l, whole, seen, err := findListIn(book, name, spec)
		if err != nil {
			return foundList{}, fatal(f.Name, err)
		}
		l.file, l.sheet = f, name
		switch {
		case whole:
			out = append(out, l)
			continue
		case l.line > 0 && near == nil:
			near = &l
		}
		others = append(others, name)
		if first == nil {
			first = seen
		}
	}
	switch {
	case len(out) == 1:
		for _, name := range others {
			n.add(f.Name, 0, cut(name), ruleExtraTable, "The sheet is no list of %s and was left out.", spec.thing[1])
		}
		return out[0], spec.checkColumns(out[0], n)
	case len(out) > 1:
		return foundList{}, intake.Refuse(f.Name,
			"the sheets “%s” and “%s” are both lists of %s; leave one in the workbook, or they would be counted together",
			cut(out[0].sheet), cut(out[1].sheet), spec.thing[1])
	case near != nil:
		return foundList{}, spec.lacks(*near)
	}
	return foundList{}, notOfKind(f, spec.kind, book, first)
}

// findListIn looks for the header row of the list in one sheet. It is whole when
// it has the columns that figures need; otherwise, with a line, it is a header
// that is very like one.
func findListIn(book *sheet.File, name string, spec listSpec) (l foundList, whole bool, first []string, err error) {
	rows, err := book.Table(name)
	if err != nil {
		return l, false, nil, err
	}
	defer rows.Close()
	var says stated
	says.take(name)
	for range headerWithin {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, false, nil, err
		}
		if first == nil {
			first = strings.Split(strings.Join(row.Cells, "\x00"), "\x00") // the cells are only good until the next row
		}
		h, said := spec.head(row.Cells)
		if spec.is(h, row.Cells, said) {
			return foundList{head: h, line: row.Line, place: findPlace(row.Cells, h),
				spare: newStruckCheck(row.Cells, h), says: says}, true, nil, nil
		}
		says.take(row.Cells...)
		if l.line == 0 && spec.isLike(h, row.Cells) {
			l = foundList{head: h, line: row.Line}
		}
	}
	return l, false, first, nil
}

// head reads a row as the header: by what a person said, where it names all the columns that
// they chose, and else by the names that are known.
func (s listSpec) head(cells []string) (h sheet.Head, said bool) {
	if h, said = s.said.Head(cells); said {
		return h, true
	}
	return sheet.MatchHead(cells, s.columns), false
}

// is reports whether a row is the list's header: it has the columns that figures
// need and, unless a person said which those are, one of those it is about; or it is Ofsted's.
func (s listSpec) is(h sheet.Head, cells []string, said bool) bool {
	if s.isOfsted(cells) && !said {
		return true
	}
	for c := range s.needs {
		if h.Index(c) < 0 && !s.without(c) {
			return false
		}
	}
	if said {
		return true
	}
	for _, c := range s.about {
		if h.Index(c) >= 0 {
			return !foreign(cells)
		}
	}
	return false
}

// isLike reports whether a row is so like the list's header that it is more use to
// say which column is missing than that it is something else.
func (s listSpec) isLike(h sheet.Head, cells []string) bool {
	filled := 0
	for _, c := range cells {
		if c != "" {
			filled++
		}
	}
	return len(h.At) >= 3 && 2*len(h.At) > filled && !foreign(cells)
}

// foreign reports whether a header is that of another kind of file known here.
func foreign(cells []string) bool {
	if spec, _ := recognise(cells); spec != nil {
		return true
	}
	var folded []string
	for _, c := range cells {
		folded = append(folded, sheet.FoldName(c))
	}
	for _, k := range known {
		if k.kind != Contacts && k.kind != EarlyHelp && hasAll(folded, k.words) {
			return true
		}
	}
	return false
}

func (s listSpec) isOfsted(cells []string) bool {
	var folded []string
	for _, c := range cells {
		folded = append(folded, sheet.FoldName(c))
	}
	for _, name := range s.ofsted {
		if !hasAll(folded, []string{sheet.FoldName(name)}) {
			return false
		}
	}
	return len(s.ofsted) > 0
}

func (s listSpec) lacks(l foundList) error {
	var missing []string
	for _, c := range s.columns {
		if fig := s.needs[c.Name]; fig != "" && l.head.Index(c.Name) < 0 && !s.without(c.Name) {
			missing = append(missing, fmt.Sprintf("%s (the figure %s needs it)", c.Name, fig))
		}
	}
	return &intake.Fatal{File: l.file.Name, Line: l.line, Words: "this looks like a list of " + s.thing[1] +
		", but it has no column " + lang.Join(missing) + "; export it again with it"}
}

// checkColumns notes what differs from the columns that are read.
func (s listSpec) checkColumns(l foundList, n *notes) error {
	if len(l.head.Same) > 0 {
		return sameTwice(l.file.Name, l.line, l.head.As[l.head.Same[0]])
	}
	for _, c := range s.columns {
		if l.head.Index(c.Name) >= 0 {
			continue
		}
		switch {
		case s.without(c.Name):
			n.add(l.file.Name, l.line, c.Name, ruleMissingColumn,
				"The list does not say the %s, as whoever gave it confirmed, so %s is not counted.", c.Name, s.needs[c.Name])
		case s.needs[c.Name] != "":
			n.add(l.file.Name, l.line, c.Name, ruleMissingColumn,
				"Ofsted's Annex A list has no outcome of a contact, so %s is not counted. Add a column “outcome” to count it.",
				s.needs[c.Name])
		case s.cuts[c.Name] != "" && (c.Name != colBorn || l.head.Index(colAge) < 0):
			n.add(l.file.Name, l.line, c.Name, ruleMissingColumn, "There is no column %s. %s are counted, but not by %s.",
				c.Name, lang.Sentence(s.thing[1]), s.cuts[c.Name])
		}
	}
	for _, name := range l.head.Extra {
		if name == l.place.header {
			continue
		}
		n.add(l.file.Name, l.line, cut(name), ruleExtraColumn,
			"The column is none that is read from a list of %s. It was left out.", s.thing[1])
	}
	for _, name := range l.head.Twice {
		n.add(l.file.Name, l.line, cut(name), ruleTwiceColumn,
			"The column is there twice, under this name or another. The one named as here was read, or else the first; take "+
				"the other out.")
	}
	return nil
}

// A listedCase is one row of a list, as far as counting needs.
type listedCase struct {
	line                      int32
	day, end                  packedDate // end is zero where it is not known
	age, sex, source, outcome word
}

// on and ended are the days on which it was, and on which it ended, if that is known.
func (c listedCase) on() period.Date    { return c.day.date() }
func (c listedCase) ended() period.Date { return c.end.date() }

// A packedDate is a date in little room, for lists have many.
type packedDate int32

func pack32(d period.Date) packedDate { return packedDate(d.Year<<9 | int(d.Month)<<5 | d.Day) }

func (p packedDate) date() period.Date {
	return period.Date{Year: int(p >> 9), Month: time.Month(p >> 5 & 15), Day: int(p & 31)}
}

// A word stands for a group that rows are counted in.
type word uint8

// words are the groups that the rows of a list have, each kept once.
type words struct {
	all   []string
	index map[string]word
}

// of gives the word for a group; there are far fewer groups than words.
func (w *words) of(group string) word {
	i, ok := w.index[group]
	if !ok {
		i = word(len(w.all))
		w.all = append(w.all, group)
		w.index[group] = i
	}
	return i
}

func (w *words) text(i word) string { return w.all[i] }

// marks is what the marks of rows are made with; they are of this process alone.
var marks = maphash.MakeSeed()

// fingerprint makes a short mark of a row, to know it again without keeping it.
func fingerprint(cells ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(marks)
	for _, c := range cells {
		h.WriteString(c)
		h.WriteByte(0)
	}
	return h.Sum64()
}

// asksYesOrNo are the headers of outcomes that ask whether a contact became a
// referral: their cells say yes or no.
var asksYesOrNo = []string{"progressed to referral", "became referral", "led to referral"}

func (l foundList) asksYesOrNo() bool {
	return slices.ContainsFunc(asksYesOrNo, func(name string) bool {
		return sheet.FoldName(name) == sheet.FoldName(l.head.As[colOutcome])
	})
}
