package training

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// On which day a meeting was, its file says: beside each person when they joined, and above
// them when the meeting began. The file of last month's run of a course looks like this
// month's, and would mark people who were not there; so the day has to be the session's.
//
// Programs write days as the person's machine does, with the day or the month first. Which
// it is the file's days say together: 14 is no month. Where they can be either, they are
// read as the session's if they can be that; the page says so where that puts the month first.

// meetingDays is how the days of a meeting's file are read, and which there are.
type meetingDays struct {
	monthFirst bool
	either     bool      // the file does not show which stands first
	days       []db.Date // the days on which people joined, or else on which the meeting was; none where it says none
	others     []db.Date // where it can be either: what the days are in the order that was not taken
}

// isOn reports whether a day is one of the session's.
func (s Session) isOn(d db.Date) bool { return !d.Before(s.StartsOn) && !d.After(s.EndsOn) }

// startLabels are what stands before, or above, the time at which a meeting began.
var startLabels = []string{"starttime", "meetingstarttime", "start", "meetingstart", "date", "meetingdate"}

// daysOf finds the days of a meeting: those on which people joined, else those that stand
// above the list.
func daysOf(s Session, head sheet.Head, rows, above []sheet.Row) meetingDays {
	var joined, left, began []string
	for _, row := range rows {
		joined, left = append(joined, row.Cell(head.Index("join"))), append(left, row.Cell(head.Index("leave")))
	}
	for i, row := range above {
		for n, cell := range row.Cells {
			if !slices.Contains(startLabels, sheet.FoldName(cell)) {
				continue
			}
			began = append(began, row.Cell(n+1))
			if i+1 < len(above) {
				began = append(began, above[i+1].Cell(n))
			}
		}
	}
	var fits []meetingDays
	for _, monthFirst := range []bool{false, true} {
		d := meetingDays{monthFirst: monthFirst}
		fit := d.gather(joined)
		if fit && len(d.days) == 0 {
			fit = d.gather(began)
		}
		if after := d; fit && len(d.days) > 0 && after.gather(left) {
			fits = append(fits, d)
		}
	}
	switch {
	case len(fits) == 0:
		return meetingDays{}
	case len(fits) == 1 || slices.Equal(fits[0].days, fits[1].days):
		return fits[0]
	case !slices.ContainsFunc(fits[0].days, s.isOn) && slices.ContainsFunc(fits[1].days, s.isOn):
		slices.Reverse(fits)
	}
	fits[0].either, fits[0].others = true, fits[1].days
	return fits[0]
}

// gather adds the days of cells; false where one cannot be read in this order.
func (d *meetingDays) gather(cells []string) bool {
	for _, cell := range cells {
		day, dated := d.of(cell)
		if !dated && looksDated.MatchString(cell) {
			return false
		}
		if dated && !slices.Contains(d.days, day) {
			d.days = append(d.days, day)
		}
	}
	slices.SortFunc(d.days, db.Date.Compare)
	return true
}

var (
	// looksDated is a cell with three parts of a date.
	looksDated = regexp.MustCompile(`^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}`)
	// turned is a date whose month may stand first.
	turned = regexp.MustCompile(`^(\d{1,2})([-/. ])(\d{1,2})([-/. ]\d{4}|[-/. ]\d{2}\b)`)
	// timeIn is the time of day in a cell that has no date.
	timeIn = regexp.MustCompile(`(?i)(\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)$`)
)

// moment reads a cell as the day and the time that it says, in England's clock where the
// cell says how far its own is from Greenwich.
func (d *meetingDays) moment(cell string) (sheet.Moment, bool) {
	if d.monthFirst {
		cell = turned.ReplaceAllString(cell, "$3$2$1$4")
	}
	m, err := sheet.ReadDate(cell)
	return m, err == nil
}

// of gives the day that a cell says.
func (d *meetingDays) of(cell string) (db.Date, bool) {
	if !strings.ContainsAny(cell, "-/. ,") {
		return db.Date{}, false // a number alone, or a time
	}
	m, ok := d.moment(cell)
	return m.Date, ok
}

// spell reads when somebody joined and left.
func (d *meetingDays) spell(join, leave string) (spell, bool) {
	from, ok1 := d.instant(join)
	to, ok2 := d.instant(leave)
	return spell{from, to}, ok1 && ok2 && !to.Before(from)
}

// instant is a moment to subtract from others of the file. A time without a day is of one
// day like all others of its file.
func (d *meetingDays) instant(cell string) (time.Time, bool) {
	var day db.Date
	hhmm := ""
	if m, ok := d.moment(cell); ok && m.Time != "" {
		day, hhmm = m.Date, m.Time
	} else if found := timeIn.FindStringSubmatch(cell); found != nil {
		var err error
		if hhmm, err = sheet.ReadTime(found[1]); err != nil {
			return time.Time{}, false
		}
	}
	t, err := time.Parse("15:04", hhmm)
	return time.Date(day.Year, day.Month, day.Day, t.Hour(), t.Minute(), 0, 0, time.UTC), err == nil
}

// refusal says why a file is not this session's; "" where it may be.
func (d *meetingDays) refusal(s Session) string {
	if len(d.days) == 0 || slices.ContainsFunc(d.days, s.isOn) {
		return ""
	}
	words := "this file is of a meeting on " + dayWords(d.days)
	if d.either {
		words += ", or on " + dayWords(d.others) + " if its dates have the month first"
	}
	return words + ", and this session was on " + dayWords(slices.Compact([]db.Date{s.StartsOn, s.EndsOn})) +
		". Nobody is marked by it. Choose the file of this session’s meeting; if the session’s day is wrong, correct " +
		"that first"
}

// mostDays is how many days are named one by one.
const mostDays = 3

func dayWords(days []db.Date) string {
	var words []string
	for _, d := range days {
		if len(words) == mostDays {
			words = append(words, lang.Plural(len(days)-mostDays, "other day", "other days"))
			break
		}
		words = append(words, d.Words())
	}
	return lang.Join(words)
}

// Notes says what an officer has to know of how a file was set beside a session.
func (a *presentList) Notes() []string {
	var out []string
	switch {
	case len(a.days.days) == 0:
		out = append(out, "The file does not say on which day the meeting was, or not in a way that can be read. "+
			"Make sure that it is of this session.")
	case a.days.either && a.days.monthFirst:
		out = append(out, "The dates of the file are read with the month first, which makes them this session’s. With the "+
			"day first they are "+dayWords(a.days.others)+": make sure that the file is of this session.")
	}
	if a.left > 0 {
		out = append(out, lang.Sentence(lang.Plural(a.left, "row of the file is of another day and was",
			"rows of the file are of other days and were"))+" left out.")
	}
	return out
}
