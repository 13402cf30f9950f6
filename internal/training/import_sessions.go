package training

import "slices"

// A sessionGroup is one session as a file names it: in rows of one title of its course, or of
// several, where courses were merged.
type sessionGroup struct {
	at    int          // its place among the groups
	rec   *record      // the first row that names it
	known knownSession // the session that is there already; without an id where there is none
}

// groupSessions finds for each session of a file the one that it is: one that is there, also
// where that was merged into another, or else a new one. Two of a file are one when a course
// that has two titles in it was on one day, at one time where both say theirs.
func groupSessions(records []*record, held []knownSession, courseOf func(id string) string,
	courseID func(rec *record) string) (of []int, groups []*sessionGroup) {
	byDay, byID, merged := sessionsByDay(held, courseOf), map[string]knownSession{}, mergedSessions{}
	for _, s := range held {
		byID[s.ID] = s
		if s.SameAs != "" {
			merged[s.ID] = s.SameAs
		}
	}
	taken, ofDay := map[string]*sessionGroup{}, map[string][]*sessionGroup{}
	for _, rec := range records {
		course := courseID(rec)
		day := course + "\x00" + rec.start.String()
		known, found := takeSession(byDay, course, rec)
		if found {
			known = byID[merged.kept(known.ID)]
		}
		g := taken[known.ID]
		if !found {
			g = sameGroup(ofDay[day], rec)
		}
		if g == nil {
			g = &sessionGroup{at: len(groups), rec: rec, known: known}
			groups, ofDay[day] = append(groups, g), append(ofDay[day], g)
			if found {
				taken[known.ID] = g
			}
		}
		of = append(of, g.at)
	}
	return of, groups
}

// sameGroup finds among the sessions of a course on a day the one that a row of another title
// of the course is of; nil where there is none, or it may be of several.
func sameGroup(ofDay []*sessionGroup, rec *record) *sessionGroup {
	for _, g := range ofDay {
		if g.rec.startTime == rec.startTime && g.rec.courseKey() != rec.courseKey() {
			return g
		}
	}
	if len(ofDay) == 1 && ofDay[0].rec.courseKey() != rec.courseKey() &&
		(rec.startTime == "" || ofDay[0].rec.startTime == "") {
		return ofDay[0]
	}
	return nil
}

// sessionsByDay sorts sessions by their course, as courseOf gives it, and their day.
func sessionsByDay(known []knownSession, courseOf func(id string) string) map[string][]knownSession {
	byDay := map[string][]knownSession{}
	for _, s := range known {
		day := courseOf(s.CourseID) + "\x00" + s.StartsOn.String()
		byDay[day] = append(byDay[day], s)
	}
	return byDay
}

// takeSession finds the session that a row of a file is of, and takes it out: it is not
// another row's too.
func takeSession(byDay map[string][]knownSession, courseID string, rec *record) (knownSession, bool) {
	day := courseID + "\x00" + rec.start.String()
	i := sameStart(byDay[day], rec.startTime)
	if i < 0 {
		return knownSession{}, false
	}
	s := byDay[day][i]
	byDay[day] = slices.Delete(byDay[day], i, i+1)
	return s, true
}

// sameStart finds the session of a day that begins at a time. Where either does
// not know its time, the only session of the day is the one.
func sameStart(ofDay []knownSession, startTime string) int {
	i := slices.IndexFunc(ofDay, func(s knownSession) bool { return s.StartTime == startTime })
	if i < 0 && len(ofDay) == 1 && (startTime == "" || ofDay[0].StartTime == "") {
		return 0
	}
	return i
}
