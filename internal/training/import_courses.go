package training

import (
	"cmp"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/names"
)

// titleKey gives what is compared in the place of a course's title in a file: its key, less
// the full stop or other mark that people put behind it or do not.
func titleKey(title string) string {
	key := names.Key(title)
	return cmp.Or(strings.TrimRight(key, ".:;,! "), key)
}

// A courseList is the courses that are there before an import, for finding those that it
// names: by the very title first, and else by a title that differs in the mark at its end.
// A course that was merged into another stands for that one.
type courseList struct {
	exact, alike map[string]knownCourse // by programme and names.Key, and by courseKey
	keys         map[string]string      // the courseKey of each by its id
}

func heldCourses(known []knownCourse) courseList {
	l := courseList{exact: map[string]knownCourse{}, alike: map[string]knownCourse{}, keys: map[string]string{}}
	byID := map[string]knownCourse{}
	for _, c := range known {
		byID[c.ID] = c
	}
	for _, c := range known {
		as := c
		for n := 0; as.SameAs != "" && n < len(known); n++ { // merged into another, which may have been since
			as = byID[as.SameAs]
		}
		alike := c.ProgrammeID + "\x00" + titleKey(c.Key)
		l.exact[c.ProgrammeID+"\x00"+c.Key], l.keys[c.ID] = as, alike
		if _, ok := l.alike[alike]; !ok || c.Key == titleKey(c.Key) {
			l.alike[alike] = as
		}
	}
	return l
}

// find gives the course that a row of a file names.
func (l courseList) find(rec *record) (knownCourse, bool) {
	if c, ok := l.exact[rec.programme+"\x00"+names.Key(rec.course)]; ok {
		return c, true
	}
	c, ok := l.alike[rec.courseKey()]
	return c, ok
}

// courseOf gives the course of the file that a course in the database is, by its id: of two
// there whose titles differ in the mark at the end, the one that the file's rows go to, so
// that a session of the other is found and not made again.
func (st *storing) courseOf(id string) string {
	if c, ok := st.courses[st.held.keys[id]]; ok {
		return c.ID
	}
	return id
}

// kindsKnown refuses a file of which most rows have a kind of course that is not known: as
// other kinds they would not be counted, and courses that are loaded would not be any more.
func (h *history) kindsKnown(file string) error {
	if n := len(h.oddKinds); n > fewLost && 2*int64(n) > h.batch.Rows {
		return intake.Refuse(file, "the kind of course in %s of the %s rows is not known, so that most bookings would not "+
			"be counted; use course, briefing, annual event, e-learning or other, or say which of them each word means. "+
			"The first is %q", lang.Number(n), lang.Number(int(h.batch.Rows)), h.oddKinds[0])
	}
	return nil
}
