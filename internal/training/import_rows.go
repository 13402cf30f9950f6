package training

import (
	"cmp"
	"fmt"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/sheet"
	"kith/internal/register"
)

// rowReader reads one row, noting what is wrong with it.
type rowReader struct {
	h     *history
	cells *sheet.Cells
	l     layout
	row   sheet.Row
	file  string
}

// readRow makes a record of a row; nil when it cannot be counted, which is then
// noted. meant says that the person wants such rows left out.
func (h *history) readRow(file string, cells *sheet.Cells, l layout, row sheet.Row) (rec *record, meant bool) {
	for _, c := range all {
		cells.Text(string(c), row.Cell(l.index(c)), row.Line) // which notes a word for nothing once, however often it is read
	}
	x := &rowReader{h: h, cells: cells, l: l, row: row, file: file}
	if x.unwanted(colStatus) || x.unwanted(colKind) {
		return nil, true
	}
	rec = &record{file: file, line: row.Line}
	if x.adds(rec) {
		return nil, true
	}
	if !x.who(rec) || !x.what(rec) || !x.when(rec) || !x.became(rec) {
		return nil, false
	}
	x.from(rec)
	return rec, false
}

// unwanted reports whether the person wants rows with the word in a column left out,
// and notes it once for the word.
func (x *rowReader) unwanted(c column) bool {
	word := x.get(c)
	if !x.l.words.LeavesOut(string(c), word) {
		return false
	}
	if key := "left out " + string(c) + sheet.FoldName(word); !x.h.told[key] {
		x.h.told[key] = true
		x.find(c, "left-out", "Rows that have %q here are left out, as you chose. Said once.", word)
	}
	return true
}

func (x *rowReader) get(c column) string { return x.l.get(x.row, c) }

func (x *rowReader) date(c column) (db.Date, string, error) {
	return when(x.cells, c, x.get(c), x.row.Line)
}

func (x *rowReader) find(c column, rule, format string, args ...any) {
	x.h.batch.Add(intake.Finding{File: x.file, Line: x.row.Line, Field: string(c), Rule: rule,
		Message: fmt.Sprintf(format, args...)})
}

// adds reads whom a row names, and reports whether it names nobody because it adds up
// others, which is then noted.
func (x *rowReader) adds(rec *record) bool {
	rec.name, rec.email = x.get(colPerson), addressIn(names.Email(x.get(colEmail)))
	if rec.name == "" {
		rec.name = strings.TrimSpace(x.get(colFirstName) + " " + x.get(colLastName))
	}
	if x.rowOf(rec.name, rec.email) != ofTotal {
		return false
	}
	x.find(colPerson, "total", "This row is a total of others and was left out. Take it out of the file.")
	return true
}

// addressIn takes the address out of how mail programs write it, as <a@b.c> or Name <a@b.c>:
// kept whole, it would be none, and the person told apart by name. A cell with anything else,
// such as two addresses, is left as it is.
func addressIn(cell string) string {
	name, rest, found := strings.Cut(cell, "<")
	address, closed := strings.CutSuffix(rest, ">")
	if address = strings.TrimSpace(address); found && closed && !strings.Contains(name, "@") && intake.IsAddress(address) {
		return address
	}
	return cell
}

func (x *rowReader) who(rec *record) bool {
	if rec.email != "" && !intake.IsAddress(rec.email) {
		x.find(colEmail, "email", "%q is not an e-mail address; the person was told apart by name and organisation.",
			rec.email)
		rec.email = ""
	}
	if rec.name == "" && rec.email == "" {
		x.find(colPerson, "person", "Nobody is named. The row was left out: give the person's name or e-mail address.")
		return false
	}
	if kind := x.rowOf(rec.name, rec.email); kind != ofBooking {
		x.h.nobodies.see(rec.name, kind)
		x.find(colPerson, "nobody", "%q is nobody's name. The row was left out: give the person's name or e-mail address.",
			rec.name)
		return false
	}
	if rec.name == "" || names.IsNobody(rec.name) {
		rec.name = rec.email // which tells who it is
	}
	return true
}

func (x *rowReader) what(rec *record) bool {
	rec.course = x.get(colCourse)
	if rec.course == "" {
		x.find(colCourse, "course", "No course is named. The row was left out: give the course's title.")
		return false
	}
	rec.programmeAs = x.get(colProgramme)
	rec.programme = lang.Slug(rec.programmeAs)
	if rec.programme == "" {
		x.find(colProgramme, "programme", "No programme is named; the booking is counted under Other.")
		rec.programme = "other"
	}
	kind := x.get(colKind)
	known := false
	if rec.kind, known = x.l.kindOf(kind); !known {
		x.find(colKind, "kind", "%q is not a kind of course; it was read as other, and is not counted as a full training "+
			"event. Use course, briefing, annual event, e-learning or other.", kind)
		rec.kind = "other"
		x.h.oddKinds = append(x.h.oddKinds, x.h.word(kind))
	}
	return true
}

func (x *rowReader) when(rec *record) bool {
	var err error
	if rec.start, rec.startTime, err = x.date(colStart); err != nil || rec.start.IsZero() {
		x.find(colStart, "date", "The session's start, %q, is not a date such as 14/06/2023 or 2023-06-14. The row was "+
			"left out.", x.get(colStart))
		return false
	}
	if rec.startTime == "" {
		rec.startTime = x.clock(colStartTime)
	}
	x.until(rec)
	if cell := x.get(colBookedOn); cell != "" {
		if rec.bookedOn, _, err = x.date(colBookedOn); err != nil {
			x.find(colBookedOn, "date", "The day of booking, %q, is not a date; it was left blank.", cell)
		}
	}
	return true
}

// until reads when the session ends: a date with or without a time, or a time alone
// in either column.
func (x *rowReader) until(rec *record) {
	alone := x.clock(colEndTime)
	rec.end, rec.endTime = rec.start, alone
	if cell := x.get(colEnd); cell != "" {
		end, at, err := x.date(colEnd)
		switch {
		case err == nil && !end.IsZero():
			rec.end, rec.endTime = end, cmp.Or(at, alone)
		case err != nil:
			if at, err = x.cells.Time(string(colEnd), cell, x.row.Line); err == nil {
				rec.endTime = cmp.Or(at, alone)
				break
			}
			x.find(colEnd, "date", "The session's end, %q, is not a date; the session is taken to end on the day that it "+
				"starts.", cell)
		}
	}
	if rec.end.Before(rec.start) || rec.end == rec.start && rec.endTime != "" && rec.endTime < rec.startTime {
		x.find(colEnd, "ends-before-start",
			"The session ends before it starts; it is taken to end on the day that it starts.")
		rec.end, rec.endTime = rec.start, ""
	}
}

// clock reads the time in a column of its own.
func (x *rowReader) clock(c column) string {
	at, err := x.cells.Time(string(c), x.get(c), x.row.Line)
	if err != nil {
		x.find(c, "time", "%q is not a time such as 09:30 or 2pm; the time is not known.", x.get(c))
	}
	return at
}

func (x *rowReader) became(rec *record) bool {
	cell := x.get(colStatus)
	status, ok := x.l.statusOf(cell)
	if !ok {
		x.find(colStatus, "status", "%q is not a status. The row was left out: use attended, walk-in, left-early, "+
			"partly, no-show, late-cancelled, cancelled or booked.", cell)
		return false
	}
	rec.status = status
	return true
}

func (x *rowReader) from(rec *record) {
	rec.jobTitle, rec.organisation, rec.venue = x.get(colJobTitle), x.get(colOrganisation), x.get(colVenue)
	if cell := x.get(colMode); cell != "" {
		mode, ok := fileModes[lang.Slug(cell)]
		if !ok {
			x.find(colMode, "mode", "%q is not a way to hold a session; use online or room.", cell)
		}
		rec.mode = mode
	}
	cell := x.get(colSector)
	sector, ok := x.h.sectorOf(cell)
	rec.sector = sector
	switch {
	case ok:
	case sector != "":
		x.h.once("new sector"+sector, rec, colSector, "sector",
			"%q is not a sector that Kith knows, and is added to its sectors. If it is another name for one of them, give "+
				"that sector the word in Settings, under Sectors, before you import.", cell)
	case cell == "":
		x.find(colSector, "sector", "No sector is given; the booking is counted under the organisation's own, or else "+
			"under Other.")
	default:
		x.find(colSector, "sector", "%q is not a sector; the booking is counted under the organisation's own, or else "+
			"under Other.", cell)
	}
}

// A file may name sectors that are not known: how many, and how long a name of
// one is. Beyond that the column holds something else, such as people's names.
const mostNewSectors, longestSector = 10, 60

// sectorOf reads a sector by its id, its title or another word for it. Of one
// that is not known, and can be added, it gives the word.
func (h *history) sectorOf(cell string) (id string, known bool) {
	if s, ok := h.sectors.Find(cell); ok {
		return s.ID, true
	}
	word := register.Word(cell)
	if _, named := h.newSectors[word]; named {
		return word, false
	}
	if word == "" || len(cell) > longestSector || len(h.newSectors) >= mostNewSectors {
		return "", false
	}
	h.newSectors[word] = cell
	return word, false
}

// sectorTitle gives a sector in words, known or new.
func (h *history) sectorTitle(id string) string {
	if as, ok := h.newSectors[id]; ok {
		return as
	}
	return h.sectors.Title(id)
}

// keep takes a record in, unless the same booking is there already, and notes
// where it does not agree with the rows before it.
func (h *history) keep(rec *record) {
	b := booking{organisation: none, status: rec.status, bookedOn: rec.bookedOn, file: rec.file, line: rec.line,
		sector: h.word(rec.sector)}
	// A row that is left out is of a session and of a person that are known already.
	session, person := rec.sessionKey(), rec.personKey()
	if at, ok := h.known(session, person); ok && h.seen[at].clashes(rec.status) {
		h.find(rec, colPerson, "duplicate-row", "%s has a booking on this session in an earlier row. This row was left out.",
			rec.name)
		return
	}
	b.session, b.person = h.sessions.first(session, rec), h.people.first(person, rec)
	h.seen[place{b.session, b.person}] |= bit(rec.status)
	h.sameAddress(rec)
	if b.name = h.people.records[b.person].name; b.name != rec.name {
		b.name = rec.name
	}
	h.sameCourse(h.courses.records[h.courses.first(rec.courseKey(), rec)], rec)
	h.sameSession(h.sessions.records[b.session], rec)
	if rec.organisation != "" {
		b.organisation = h.organisations.first(names.Key(rec.organisation), rec)
		h.sameOrganisation(h.organisations.records[b.organisation], rec)
	}
	h.bookings = append(h.bookings, b)
}

// sameCourse notes what a later row of a course says otherwise than its first.
func (h *history) sameCourse(c, rec *record) {
	if c.course != rec.course && names.Key(c.course) != names.Key(rec.course) {
		h.once("title"+names.Key(rec.course), rec, colCourse, "course-differs",
			"%q is read as the course that an earlier row calls %q: only the mark at the end differs.", rec.course, c.course)
	}
	if c.kind != rec.kind {
		h.once("kind"+rec.courseKey(), rec, colKind, "course-differs",
			"%s is a %s here and a %s in an earlier row; the earlier counts.", rec.course, rec.kind, c.kind)
	}
}

// known finds a person's place on a session of which there were rows before.
func (h *history) known(session, person string) (place, bool) {
	s, ok := h.sessions.at[session]
	p, known := h.people.at[person]
	return place{s, p}, ok && known
}

// word gives a text that many rows have, kept once and not with each row's line.
func (h *history) word(s string) string {
	kept, ok := h.words[s]
	if !ok {
		kept = strings.Clone(s)
		h.words[kept] = kept
	}
	return kept
}

// sameAddress notes where an address is of two people: an office's, as a rule, and
// sometimes one person in two spellings.
func (h *history) sameAddress(rec *record) {
	if rec.email == "" || rec.name == rec.email {
		return
	}
	first, ok := h.addresses[rec.email]
	if !ok {
		h.addresses[rec.email] = rec
		return
	}
	if names.Person(first.name) != names.Person(rec.name) {
		h.once("address"+rec.email, rec, colEmail, "shared-address",
			"%s is the address of %s here and of %s in an earlier row: each name is counted as a person. If it is one person, "+
				"say so in Possible duplicates.", rec.email, rec.name, first.name)
	}
}

// sameOrganisation fills in the sector that the first row of an organisation left
// blank, and notes what a later one says otherwise.
func (h *history) sameOrganisation(o, rec *record) {
	if o.sector == "" {
		o.sector = rec.sector
	}
	if o.sector != rec.sector && rec.sector != "" {
		h.once("sector"+names.Key(rec.organisation)+rec.sector, rec, colSector, "organisation-sector",
			"%s is in %s here and in %s in an earlier row; each booking is counted under the sector of its own row.",
			rec.organisation, h.sectorTitle(rec.sector), h.sectorTitle(o.sector))
	}
}

// sameSession fills in what the first row of a session left blank, and notes what
// a later one says otherwise.
func (h *history) sameSession(s, rec *record) {
	if s.venue == "" {
		s.venue = rec.venue
	}
	if s.mode == "" {
		s.mode = rec.mode
	}
	key := rec.sessionKey()
	if rec.venue != "" && names.Key(rec.venue) != names.Key(s.venue) {
		h.once("venue"+key, rec, colVenue, "session-differs",
			"The session is at %s here and at %s in an earlier row; it is counted as one session. Two sessions on one day "+
				"need a time each.", rec.venue, s.venue)
	}
	if rec.mode != "" && rec.mode != s.mode {
		h.once("mode"+key, rec, colMode, "session-differs",
			"The session is held %s here and %s in an earlier row; the earlier counts.", strings.ToLower(modeWords(rec.mode)),
			strings.ToLower(modeWords(s.mode)))
	}
	if rec.end != s.end {
		h.once("end"+key, rec, colEnd, "session-differs",
			"The session ends on %s here and on %s in an earlier row; the earlier counts.", rec.end.Words(), s.end.Words())
	}
}

func (h *history) find(rec *record, c column, rule, format string, args ...any) {
	h.batch.Add(intake.Finding{File: rec.file, Line: rec.line, Field: string(c), Rule: rule,
		Message: fmt.Sprintf(format, args...)})
}

// once notes a finding the first time only: a slip in a session's first row would
// otherwise be noted for all the others.
func (h *history) once(key string, rec *record, c column, rule, format string, args ...any) {
	if !h.told[key] {
		h.told[key] = true
		h.find(rec, c, rule, format, args...)
	}
}
