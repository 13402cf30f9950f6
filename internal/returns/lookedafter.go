package returns

import (
	"cmp"
	"slices"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A lookedAfterChild is a child of an SSDA903, as far as counting needs.
type lookedAfterChild struct {
	born        period.Date
	sex, ethnic string
	inHeader    bool
}

// An episode is one episode of being looked after. Its child is an index, so that
// a quarter of a million fit in little memory.
type episode struct {
	child    int32
	line     int64
	from, to period.Date // to is zero while it is open
	legal    string      // group of the legal status
	place    string      // group of the placement
}

// shortBreaks is the group of V3 and V4: children looked after only in a series
// of short-term placements, whom no count of children looked after has in it.
const shortBreaks = "short-breaks"

// openOn reports whether the episode counts on a day.
func (e episode) openOn(d period.Date) bool {
	return e.legal != shortBreaks && !e.from.After(d) && (e.to.IsZero() || e.to.After(d))
}

// A lookedReader gathers the children and episodes of one SSDA903.
type lookedReader struct {
	year      period.Year
	authority string
	n         *notes
	hasHeader bool
	index     map[string]int32 // child's number → place in children
	children  []lookedAfterChild
	episodes  []episode
	absent    map[absence]bool
	ids       *sheet.Identifiers // children's numbers, in all tables
	lost      losses             // episodes
	dated     bool               // a date of an episode falls in the year
	leaver    map[int32]bool     // children in the OC3 table, who may have no episode
	ages      ageCheck
	ended     gap // episodes
	closed    int // episodes that have an end
	outside   int // episodes that start after the year
	swaps     swaps
	copies    int // episodes that are there twice
	overlaps  tallied
	totals    int     // rows of the Episodes table taken for totals
	unruled   tallied // episodes with no legal status that is read
}

type absence struct {
	table string
	child int32
}

func newLookedReader(year period.Year, n *notes) *lookedReader {
	return &lookedReader{year: year, n: n, index: map[string]int32{}, absent: map[absence]bool{},
		ids: sheet.NewIdentifiers(), leaver: map[int32]bool{}}
}

func (r *lookedReader) childOf(id string) int32 {
	i, ok := r.index[id]
	if !ok {
		i = int32(len(r.children))
		r.index[id] = i
		r.children = append(r.children, lookedAfterChild{sex: "not-recorded", ethnic: unknown})
	}
	return i
}

// A record is one row of a table on its way in.
type record struct {
	r      *lookedReader
	file   string
	spec   *tableSpec
	dates  dater
	cells  []string
	date   []period.Date
	bad    []bool // the cell is no date
	group  []string
	blanks map[string]bool // columns whose empty cells are noted: those figures need
	id     int
	rows   int
	// strayed says that a cell of the row belongs in another column, and shifted counts such rows.
	strayed bool
	shifted tallied
}

func (r *lookedReader) record(file string, spec *tableSpec) *record {
	n := len(spec.columns)
	rec := &record{r: r, file: file, spec: spec, cells: make([]string, n), date: make([]period.Date, n),
		bad: make([]bool, n), group: make([]string, n), blanks: map[string]bool{}}
	for i, c := range spec.columns {
		if c.name == "CHILD" {
			rec.id = i
		}
		rec.blanks[c.name] = c.needs != "" && c.name != "DEC"
	}
	return rec
}

// take checks the row in cells and keeps what counting needs. An error is a fault
// for which the whole return is refused.
func (rec *record) take(line int64) error {
	n := rec.r.n
	if sheet.IsSummary(rec.cells[rec.id]) || sheet.IsPeriod(rec.cells[rec.id]) && rec.saysNothing() {
		n.add(rec.file, line, "CHILD", ruleTotal, totalLeftOut)
		if rec.spec.name == tableEpisodes {
			rec.r.totals++
		}
		return nil
	}
	id, err := rec.r.ids.Read("CHILD", rec.dates.cells.Text("CHILD", rec.cells[rec.id], line), line)
	if err != nil {
		return err
	}
	if id == "" {
		n.add(rec.file, line, "CHILD", ruleMissingValue,
			"The row does not say which child it is about and was left out. Put in the child's number.")
		if rec.spec.name == tableEpisodes {
			rec.r.lost.add(n)
		}
		return nil
	}
	lost := false
	rec.rows++
	rec.strayed = false
	for i, c := range rec.spec.columns {
		switch {
		case c.date:
			read := rec.dates.read
			if c.name == rec.spec.end {
				read = rec.dates.end
			}
			d, ok := read(rec.cells[i], c.name, line, rec.without(c.name))
			if ok && d.IsZero() && rec.blanks[c.name] {
				n.add(rec.file, line, c.name, ruleMissingValue, "The cell is empty. %s Put in the date.", rec.without(c.name))
			}
			rec.date[i], rec.bad[i] = d, !ok
			if !lost && rec.spec.name == tableEpisodes && (c.name == "DECOM" && d.IsZero() || c.name == "DEC" && !ok) {
				lost = true
				rec.r.lost.add(n)
			}
		case c.codes != "":
			rec.group[i] = rec.code(c, rec.cells[i], line)
		}
	}
	if rec.strayed {
		rec.shifted.add(line)
	}
	if rec.spec.name == tableEpisodes {
		rec.ends(line)
	}
	sound := rec.inOrder(line)
	if !sound && !lost && rec.spec.name == tableEpisodes {
		rec.r.lost.add(n)
	}
	switch rec.spec.name {
	case tableHeader:
		rec.header(id, line)
	case tableEpisodes:
		rec.inHeader(id, line)
		rec.r.n.contents.Hold(rec.file, id, id, rec.dateOf("DECOM").String(), rec.dateOf("DEC").String(),
			rec.group[rec.at("LS")])
		if sound {
			rec.episode(id, line)
		}
	default:
		rec.inHeader(id, line)
		if rec.spec.name == tableLeavers {
			rec.r.leaver[rec.r.childOf(id)] = true
		}
	}
	return nil
}

// saysNothing reports whether no code is filled in.
func (rec *record) saysNothing() bool {
	for i, c := range rec.spec.columns {
		if c.codes != "" && !sheet.IsNothing(rec.cells[i]) {
			return false
		}
	}
	return true
}

// ends notes an episode that has a reason for its end and no end.
func (rec *record) ends(line int64) {
	end, reason := rec.at("DEC"), rec.at("REC")
	if !rec.date[end].IsZero() {
		rec.r.closed++
	}
	if !rec.bad[end] {
		rec.r.ended.see(rec.r.n, rec.file, "DEC", "REC", line, rec.cells[reason], rec.date[end])
	}
}

// without says what becomes of a row whose cell cannot be read.
func (rec *record) without(column string) string {
	switch {
	case rec.spec.name == tableEpisodes && (column == "DECOM" || column == "DEC"):
		return "The episode was left out of the counts."
	case rec.spec.name == tableHeader && column == "DOB":
		return "The child's age is counted as not known."
	}
	return "No figure depends on it."
}

// code gives the group of a cell and notes a code that is not one.
func (rec *record) code(c columnSpec, cell string, line int64) string {
	cell = rec.dates.cells.Text(c.name, cell, line)
	g, how := codes()[c.codes].group(cell)
	switch how {
	case odd:
		rec.strayed = rec.strayed || rec.spec.elsewhere(c.codes, cell)
		rec.r.n.add(rec.file, line, c.name, ruleCode, "%s is not a code of %s. It is counted as not known.", shown(cell),
			c.name)
	case inWords:
		if c.codes != "sex" {
			rec.r.n.add(rec.file, line, c.name, ruleCode, "%s is not how the guide writes a code of %s; it was understood.",
				shown(cell), c.name)
		}
	case blank:
		if rec.blanks[c.name] {
			rec.r.n.add(rec.file, line, c.name, ruleMissingValue, "The cell is empty. It is counted as not known.")
		}
	}
	return g
}

// inOrder notes a row whose end is before its start.
func (rec *record) inOrder(line int64) bool {
	if rec.spec.start == "" {
		return true
	}
	from, to := rec.dateOf(rec.spec.start), rec.dateOf(rec.spec.end)
	if from.IsZero() || to.IsZero() || !to.Before(from) {
		return true
	}
	then := "No figure depends on it."
	if rec.spec.name == tableEpisodes {
		then = "The episode was left out of the counts."
	}
	rec.r.n.add(rec.file, line, rec.spec.end, ruleEndsBefore, "%s is before %s. %s Fix one of the two.", rec.spec.end,
		rec.spec.start, then)
	return false
}

func (rec *record) at(column string) int {
	return slices.IndexFunc(rec.spec.columns, func(c columnSpec) bool { return c.name == column })
}

func (rec *record) dateOf(column string) period.Date { return rec.date[rec.at(column)] }

func (rec *record) header(id string, line int64) {
	r := rec.r
	child := &r.children[r.childOf(id)]
	if child.inHeader {
		r.n.add(rec.file, line, "CHILD", ruleDuplicate,
			"The child is in the Header table twice. The first row was used; take one out.")
		return
	}
	child.inHeader = true
	child.born = r.ages.see(r.n, rec.file, "DOB", line, rec.dateOf("DOB"), r.year.Span().From)
	if g := rec.group[rec.at("SEX")]; g != unknown {
		child.sex = g
	}
	child.ethnic = rec.group[rec.at("ETHNIC")]
}

// inHeader notes, once for each child and table, a child that the Header table
// does not have.
func (rec *record) inHeader(id string, line int64) {
	r := rec.r
	if !r.hasHeader {
		return
	}
	i, ok := r.index[id]
	if ok && r.children[i].inHeader {
		return
	}
	i = r.childOf(id)
	if k := (absence{rec.spec.name, i}); !r.absent[k] {
		r.absent[k] = true
		r.n.add(rec.file, line, "CHILD", ruleNotInHeader,
			"The child is not in the Header table. The child is counted, with age, sex and ethnic group not known; add the "+
				"child there.")
	}
}

func (rec *record) episode(id string, line int64) {
	r := rec.r
	from, to := rec.at("DECOM"), rec.at("DEC")
	if rec.bad[from] || rec.bad[to] || rec.date[from].IsZero() {
		return
	}
	e := episode{child: r.childOf(id), line: line, from: rec.date[from], to: rec.date[to], legal: rec.group[rec.at("LS")],
		place: rec.group[rec.at("PLACE")]}
	if e.legal == unknown {
		r.unruled.add(line)
	}
	span := r.year.Span()
	r.n.event(e.from, span)
	r.n.event(e.to, span)
	r.dated = r.dated || span.Contains(e.from) || span.Contains(e.to)
	r.swaps.see(e.to, span, line)
	if e.from.After(span.To) {
		r.outside++
		r.swaps.see(e.from, span, line)
		r.n.add(rec.file, line, "DECOM", ruleOutsideYear,
			"The episode starts after the year's end on %s and is not counted in it.", span.To.Words())
	}
	if born := r.children[e.child].born; !born.IsZero() && born.After(e.from) {
		r.n.add(rec.file, line, "DECOM", ruleBorn,
			"The episode starts before the child was born. It is counted; fix one of the two dates.")
	}
	r.episodes = append(r.episodes, e)
}

// manyEpisodes is how many make it certain that a return of the year would have a
// date in the year.
const manyEpisodes = 20

// finish puts the episodes in order, checks them against one another, and refuses
// a return of another year.
func (r *lookedReader) finish(file string) error {
	if err := r.lost.refuse(len(r.episodes)); err != nil {
		return err
	}
	slices.SortFunc(r.episodes, func(a, b episode) int {
		return cmp.Or(cmp.Compare(a.child, b.child), a.from.Compare(b.from), cmp.Compare(a.line, b.line))
	})
	span := r.year.Span()
	within := false
	for i := range r.episodes {
		e := &r.episodes[i]
		within = within || !e.from.After(span.To) && (e.to.IsZero() || !e.to.Before(span.From))
		if i == 0 || r.episodes[i-1].child != e.child {
			continue
		}
		switch before := &r.episodes[i-1]; {
		case before.from == e.from && before.to == e.to && before.legal == e.legal && before.place == e.place:
			r.copies++
			r.n.add(file, e.line, "DECOM", ruleDuplicate,
				"The row has the same CHILD, DECOM, DEC, LS and PLACE as line %d, so the two rows are one episode. It is counted "+
					"once; take one row out.", before.line)
		case before.to.IsZero() && before.from.Before(e.from):
			// A child has one episode at a time: the next begins where one ends.
			before.to = e.from
			r.overlaps.add(e.line)
			r.n.add(file, before.line, "DEC", ruleOverlap,
				"The episode has no end, though the child's next episode, on line %d, begins on a later day. It is taken to "+
					"have ended on that day; put in its DEC.", e.line)
		case before.to.IsZero() || before.to.After(e.from):
			r.overlaps.add(e.line)
			r.n.add(file, e.line, "DECOM", ruleOverlap,
				"The episode starts before the child's episode on line %d has ended. The child is counted once, in the later "+
					"episode; fix the dates.", before.line)
		}
	}
	if !within || !r.dated && len(r.episodes) >= manyEpisodes {
		return intake.Refuse(file, "nothing in the return falls in %s: this looks like the return of another year; give "+
			"the right year, or the right files", r.year)
	}
	if !r.ended.ask(r.n, file, "DEC", "REC", "episodes") && r.closed == 0 && len(r.episodes) >= manyEpisodes {
		r.n.doubt(file, 0, "DEC", ruleNothingOf, "Of the %s episodes not one has an end (DEC). Look whether the column was "+
			"exported with what is in it.", lang.Number(len(r.episodes)))
	}
	askUncounted(r.n, file, "DECOM", "episodes", len(r.episodes)+r.lost.count+r.totals,
		reason{r.lost.count, "a cell cannot be read or is empty"}, reason{r.copies, "there twice"},
		reason{r.outside, "starting after " + r.year.String()},
		reason{r.totals, "taken for totals"})
	if r.overlaps.count > max(len(r.episodes)/uncountedOneIn, fewLosses) {
		r.n.doubt(file, r.overlaps.line, "CHILD", ruleOverlap, "%s of the %s episodes start before the child’s last has "+
			"ended, and a child is counted once. Look whether each child has a number of their own in CHILD, and no "+
			"word stands there for several.", lang.Number(r.overlaps.count), lang.Number(len(r.episodes)))
	}
	r.swaps.ask(r.n, file, "DEC", r.year)
	r.checkLegal(file)
	r.checkCut(file)
	r.checkTwins(file)
	r.ages.ask(r.n, file, "DOB")
	return nil
}

// count counts the children looked after at the end of every month, each child
// once, and cuts them at the end of every quarter.
func (r *lookedReader) count(t *tally) {
	for _, d := range monthEnds(r.year) {
		t.none(lookedAfter, on(d), false)
		for _, e := range r.open(d) {
			child := r.children[e.child]
			if !isQuarterEnd(d) {
				t.add(lookedAfter, on(d))
				continue
			}
			t.add(lookedAfter, on(d), "age_band", ageBand(child.born, period.Date{}, d), "sex", child.sex, "ethnic_group",
				child.ethnic, "placement", e.place, "legal_status", e.legal)
		}
	}
}

// open gives the episodes open on a day, one for each child: the latest.
func (r *lookedReader) open(d period.Date) []episode {
	var out []episode
	for _, e := range r.episodes {
		if !e.openOn(d) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].child == e.child {
			out[n-1] = e
			continue
		}
		out = append(out, e)
	}
	return out
}
