package training

import (
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A file can be read without a fault and still not be what somebody meant to give: bookings
// without attendance, sessions that have not been yet, rows that name nobody. Each is asked
// about before it is loaded.

// A rowKind is what a row is that is of no booking.
type rowKind int

const (
	ofBooking rowKind = iota
	ofNobody          // somebody is meant whose name is not known
	ofCount           // a number stands in the place of the person
	ofTotal           // it adds up others
)

// rowOf tells what a row is by the name and the address on it.
func (x *rowReader) rowOf(name, email string) rowKind {
	switch nobody := names.IsNobody(name); {
	case email != "":
		return ofBooking
	case sheet.IsTotal(name), nobody && sheet.IsTotal(x.get(colCourse)):
		return ofTotal
	case name == "" || !nobody:
		return ofBooking
	case isCount(name):
		return ofCount
	}
	return ofNobody
}

// isCount reports whether a cell is a number.
func isCount(cell string) bool {
	for _, r := range cell {
		if (r < '0' || r > '9') && r != '.' && r != ',' && r != ' ' {
			return false
		}
	}
	return cell != ""
}

// nobodies is what was found of rows that name nobody.
type nobodies struct {
	rows, counts int
	as           []string // how they are called, each once
}

// mostQuoted is how many names are quoted.
const mostQuoted = 5

func (n *nobodies) see(name string, kind rowKind) {
	if n.rows++; kind == ofCount {
		n.counts++
	}
	if len(n.as) < mostQuoted && !slices.Contains(n.as, name) {
		n.as = append(n.as, name)
	}
}

// headCounts refuses a file with a row for each session and how many people came.
func (h *history) headCounts(file string) error {
	if n := h.nobodies.counts; n > 0 && 2*int64(n) > h.batch.Rows {
		return intake.Refuse(file, "this file has a number in the place of the person in %s of its %s rows: it looks to "+
			"have one row a session, with how many came. %s", lang.Number(n), lang.Number(int(h.batch.Rows)), rowAPerson)
	}
	return nil
}

// rowAPerson says what is needed in the place of numbers.
const rowAPerson = "What is needed is one row for each person on a session, since people and their sectors are " +
	"counted: export the " +
	"list of bookings or of delegates"

// doubt asks about what is read without a fault and is most likely not what was meant.
func (h *history) doubt() {
	if n := h.nobodies; n.rows > 0 {
		h.doubted("%s %s nobody (%s) and %s left out: they count neither as people nor as attendances. Put in the names or "+
			"e-mail addresses if they are known.", lang.Plural(n.rows, "row", "rows"), lang.Noun(n.rows, "names", "name"),
			lang.Join(n.as), lang.Noun(n.rows, "was", "were"))
	}
	h.doubtWhole()
	h.doubtYears()
	if h.today.IsZero() {
		return
	}
	h.doubtFuture()
	h.doubtPast()
}

func (h *history) doubted(format string, args ...any) {
	h.batch.Doubts = append(h.batch.Doubts, fmt.Sprintf(format, args...))
}

// doubtWhole asks about one sector said for a whole file whose people are of several
// organisations, and one kind said for several courses: all of them would count in it.
func (h *history) doubtWhole() {
	if n := len(h.organisations.records); h.said.Whole[string(colSector)] != "" && n > 1 {
		h.doubted("You said one sector, %s, for the whole file, and its people are of %s. All of them are counted in that "+
			"sector, whatever it is: if they are of several, add a column with the sector of each.",
			h.sectorTitle(h.organisations.records[0].sector), lang.Plural(n, "organisation", "organisations"))
	}
	if n := len(h.courses.records); h.said.Whole[string(colKind)] != "" && n > 1 {
		h.doubted("You said one kind, %s, for the whole file, and it has %s. Each of them is taken for that kind, and what "+
			"is counted of courses, briefings and events apart follows it: if they are of several kinds, add a column with "+
			"the kind of each.", kindWords(h.courses.records[0].kind), lang.Plural(n, "title", "titles"))
	}
}

// doubtYears asks about files whose rows are of other years than they say above their headers,
// or than the person said.
func (h *history) doubtYears() {
	days := map[string]map[db.Date]int{} // the rows of each file by day
	for _, b := range h.bookings {
		if days[b.file] == nil {
			days[b.file] = map[db.Date]int{}
		}
		days[b.file][h.sessions.records[b.session].start]++
	}
	for _, file := range slices.Sorted(maps.Keys(days)) {
		if words := h.titles[file].Doubt(file, days[file]); words != "" {
			h.batch.Doubts = append(h.batch.Doubts, words)
		}
		all, other := 0, 0
		for day, n := range days[file] {
			if all += n; period.YearOf(day) != h.asked {
				other += n
			}
		}
		if h.asked != 0 && 2*other > all {
			h.doubted("You said that %s is of %s, and %s of its %s are of other years. Rows of a training history count in the "+
				"year of their own date, whatever is said of the file.", file, h.asked, lang.Number(other),
				lang.Plural(all, "row", "rows"))
		}
	}
}

// farAhead is how many years ahead no session is dated yet.
const farAhead = 2

// doubtFuture asks about sessions to come of which people are said to have come, or not, and
// about sessions so far ahead that their year is most likely a slip.
func (h *history) doubtFuture() {
	var became, far int
	var firstBecame, firstFar *record
	for _, b := range h.bookings {
		s := h.sessions.records[b.session]
		switch {
		case !s.start.After(h.today):
		case b.status.Came() || b.status == Partly || b.status == NoShow:
			if became++; firstBecame == nil {
				firstBecame = s
			}
		case s.start.After(h.today.AddYears(farAhead)):
			if far++; firstFar == nil {
				firstFar = s
			}
		}
	}
	if became > 0 {
		h.doubted("%s who attended, or did not come to, a session that has not been yet, such as %s on %s. Most likely the "+
			"year of the date is wrong, or the status.", lang.Plural(became, "row says", "rows say"), firstBecame.course,
			firstBecame.start.Words())
	}
	if far > 0 {
		h.doubted("%s of a session more than %s years from now, such as %s on %s. Most likely the year of the date is wrong.",
			lang.Plural(far, "row is", "rows are"), lang.Number(farAhead), firstFar.course, firstFar.start.Words())
	}
}

// A pastYear is what became of the bookings of a year on sessions that are over.
type pastYear struct{ all, live, booked, came int }

// doubtPast asks about years of which most of what stands is only booked, or in which nobody
// came at all: the file most likely does not say who attended.
func (h *history) doubtPast() {
	years := map[period.Year]*pastYear{}
	for _, b := range h.bookings {
		s := h.sessions.records[b.session]
		if !s.end.Before(h.today) {
			continue
		}
		y := period.YearOf(s.start)
		if years[y] == nil {
			years[y] = &pastYear{}
		}
		years[y].see(b.status)
	}
	for _, y := range slices.Sorted(maps.Keys(years)) {
		switch n := years[y]; {
		case n.all <= fewLost:
		case 2*n.booked > n.live:
			h.doubted("Of the %s on sessions of %s that are over, %s only booked and not said to have attended, so that "+
				"they count as no attendance. Most likely attendance is not in this file: export it with who attended, or say "+
				"what the "+
				"words of its status column stand for.", lang.Plural(n.live, "booking", "bookings"), y,
				lang.Plural(n.booked, "is", "are"))
		case n.live == 0:
			h.doubted("All %s of %s that are over were cancelled, so that nobody counts as having attended. Most likely it is "+
				"a "+
				"list of cancellations only: export all bookings.", lang.Plural(n.all, "booking", "bookings"), y)
		case n.came == 0:
			h.doubted("Nobody came to any session of %s in this file: of %s none is said to have been attended. Make sure that "+
				"it is read rightly who attended.", y, lang.Plural(n.all, "booking", "bookings"))
		}
	}
}

func (n *pastYear) see(s Status) {
	n.all++
	if s.Live() {
		n.live++
	}
	if s == Booked {
		n.booked++
	}
	if s.Came() {
		n.came++
	}
}
