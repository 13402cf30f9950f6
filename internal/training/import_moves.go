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
	kinds := h.kindsAfter(heldCourses(known))
	brought := make([]int64, len(h.sessions.records))
	for _, b := range h.bookings {
		if b.status.Came() {
			brought[b.session]++
		}
	}
	ofFile := map[period.Year]bool{}
	ofDay := map[string][]int32{} // the file's sessions of a course on a day, whatever their time
	for i, rec := range h.sessions.records {
		ofDay[rec.dayKey()] = append(ofDay[rec.dayKey()], int32(i))
		ofFile[period.YearOf(rec.start)] = true
	}
	loaded, after, spans := map[period.Year]int64{}, map[period.Year]int64{}, map[period.Year]period.Span{}
	var stay []attendance
	found := map[int32]bool{}
	for _, s := range now {
		y := period.YearOf(s.StartsOn)
		loaded[y] += cameToCourse(s.Kind, s.Came)
		if s.Kind == onlyKind && s.Came > 0 {
			spans[y] = reaching(spans[y], s.StartsOn)
		}
		rec := record{programme: s.ProgrammeID, course: s.Course, start: s.StartsOn, startTime: s.StartTime}
		at, same := h.sessions.at[rec.sessionKey()]
		if of := ofDay[rec.dayKey()]; !same && len(of) > 0 && (s.StartTime == "" || len(of) == 1 &&
			h.sessions.records[of[0]].startTime == "") { // only one of the two knows the time
			at, same = of[0], true
		}
		if same && !found[at] {
			found[at], brought[at] = true, max(brought[at], s.CameHere)
			continue
		}
		if kind, ok := kinds[rec.courseKey()]; ok {
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
		rec := h.sessions.records[i]
		count(rec.start, cameToCourse(kinds[rec.courseKey()], n))
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

// kindsAfter gives the kind of each course of the file, by its key, as it would be kept: a
// course that was made here keeps its own.
func (h *history) kindsAfter(held courseList) map[string]string {
	out := map[string]string{}
	for _, rec := range h.courses.records {
		out[rec.courseKey()] = rec.kind
		if c, ok := held.find(rec); ok && c.ImportID == "" {
			out[rec.courseKey()] = c.Kind
		}
	}
	return out
}
