package training

import (
	"context"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// moves compares the attendances of each year in the file with those that are counted now,
// as the figure of that name counts them: of courses only. The file answers for the sessions
// that it names, and the others stay. Of a session that was booked here too, the more of the
// two is taken, for most of its people are the same.
func (h *history) moves(ctx context.Context, q db.Reader) ([]intake.Move, error) {
	now, err := attendancesNow(ctx, q)
	if err != nil {
		return nil, err
	}
	known, err := knownCourses(ctx, q)
	if err != nil {
		return nil, err
	}
	sessions, err := knownSessions(ctx, q)
	if err != nil {
		return nil, err
	}
	courses := h.coursesAfter(heldCourses(known))
	of, groups := groupSessions(h.sessions.records, sessions, courses.of, func(rec *record) string {
		return courses.ids[rec.courseKey()]
	})
	brought := make([]int64, len(groups))
	counted := map[place]bool{} // who came to each, once
	for _, b := range h.bookings {
		at := place{int32(of[b.session]), b.person}
		if b.status.Came() && !counted[at] {
			counted[at] = true
			brought[at.session]++
		}
	}
	ofFile := map[period.Year]bool{}
	as := map[string]int{} // the place among the groups of each session that the file answers for
	for _, g := range groups {
		ofFile[period.YearOf(g.rec.start)] = true
		if g.known.ID != "" {
			as[g.known.ID] = g.at
		}
	}
	loaded, after, spans := map[period.Year]int64{}, map[period.Year]int64{}, map[period.Year]period.Span{}
	var stay []attendance
	for _, s := range now {
		y := period.YearOf(s.StartsOn)
		loaded[y] += cameToCourse(s.Kind, s.Came)
		if s.Kind == onlyKind && s.Came > 0 {
			spans[y] = reaching(spans[y], s.StartsOn)
		}
		if at, same := as[s.SessionID]; same {
			brought[at] = max(brought[at], s.CameHere)
			continue
		}
		if kind, ok := courses.kinds[courses.of(s.CourseID)]; ok {
			s.Kind = kind
		}
		stay = append(stay, s)
	}
	within := map[period.Year]int64{} // of after, on days between the first and the last that are loaded
	count := func(day db.Date, n int64) {
		y := period.YearOf(day)
		after[y] += n
		if !spans[y].IsZero() && spans[y].Contains(day) {
			within[y] += n
		}
	}
	for _, s := range stay {
		count(s.StartsOn, cameToCourse(s.Kind, s.Came))
	}
	for i, n := range brought {
		rec := groups[i].rec
		count(rec.start, cameToCourse(courses.kinds[courses.ids[rec.courseKey()]], n))
	}
	var out []intake.Move
	for _, y := range slices.Sorted(maps.Keys(ofFile)) {
		m := intake.NewMove("Training attendances", y, loaded, after[y])
		m.Adds = 1
		among := m // as if only the days between had moved: sessions of new months add rightly
		among.Adds, among.After = 0, within[y]
		if among.After > among.Before && among.Replaces() && among.Large() {
			m.Adds = 0
		}
		out = append(out, m)
	}
	return out, nil
}

// onlyKind is the kind of course that the figure of attendances counts.
const onlyKind = "course"

func cameToCourse(kind string, came int64) int64 {
	if kind != onlyKind {
		return 0
	}
	return came
}

// reaching gives a span that a day is in too.
func reaching(s period.Span, day db.Date) period.Span {
	if s.IsZero() {
		return period.Span{From: day, To: day}
	}
	if day.Before(s.From) {
		s.From = day
	}
	if s.To.Before(day) {
		s.To = day
	}
	return s
}

// A coursesAfter is the courses of a file as they would be kept.
type coursesAfter struct {
	held  courseList
	ids   map[string]string // by courseKey; of one that is not there yet, its key in the place of an id
	kinds map[string]string // by id: a course that was made here keeps its own
}

// coursesAfter finds the courses of the file as storeCourses does.
func (h *history) coursesAfter(held courseList) coursesAfter {
	out := coursesAfter{held: held, ids: map[string]string{}, kinds: map[string]string{}}
	for _, rec := range h.courses.records {
		id, kind := rec.courseKey(), rec.kind
		if c, ok := held.find(rec); ok {
			id = c.ID
			if c.ImportID == "" {
				kind = c.Kind
			}
		}
		out.ids[rec.courseKey()], out.kinds[id] = id, kind
	}
	return out
}

// of gives the course of the file that a course in the database is, as storing.courseOf.
func (c coursesAfter) of(id string) string {
	if as, ok := c.ids[c.held.keys[id]]; ok {
		return as
	}
	return id
}
