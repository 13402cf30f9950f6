package training

import "slices"

// joinUntimed puts together what a file has twice, once with the session's time and once
// with its day alone. Where one session of a course on a day has a time, rows of that day
// without one are of it, as they are in a file that comes later. Where several have, nobody
// says whose such a row is: it is left out if the person is on one of them already.
func (h *history) joinUntimed() {
	timed := map[string][]int32{} // the sessions of a course on a day that have a time
	for i, rec := range h.sessions.records {
		if rec.startTime != "" {
			timed[rec.dayKey()] = append(timed[rec.dayKey()], int32(i))
		}
	}
	joins := map[int32][]int32{}
	for i, rec := range h.sessions.records {
		if rec.startTime != "" || len(timed[rec.dayKey()]) == 0 {
			continue
		}
		joins[int32(i)] = timed[rec.dayKey()]
		if len(joins[int32(i)]) == 1 {
			h.sameSession(h.sessions.records[joins[int32(i)][0]], rec)
		}
	}
	if len(joins) > 0 {
		h.bookings = slices.DeleteFunc(h.bookings, func(b booking) bool { return h.isTwice(b, joins[b.session]) })
		h.join(joins)
	}
}

// isTwice reports whether a row without a time is of somebody whom a row with one has.
func (h *history) isTwice(b booking, timed []int32) bool {
	for _, s := range timed {
		if !h.seen[place{s, b.person}].clashes(b.status) {
			continue
		}
		h.find(&record{file: b.file, line: b.line}, colPerson, "duplicate-row",
			"%s has a booking on this day's session in a row that says its time. This row was left out.", b.name)
		return true
	}
	return false
}

// join moves the bookings that are left of sessions without a time to the one that they are
// of, and lets go of the sessions that have none then.
func (h *history) join(joins map[int32][]int32) {
	left := make([]bool, len(h.sessions.records))
	for i, b := range h.bookings {
		if of := joins[b.session]; len(of) == 1 {
			h.bookings[i].session = of[0]
		}
		left[h.bookings[i].session] = true
	}
	old, now := h.sessions, firsts{}
	to := make([]int32, len(old.records))
	for i, rec := range old.records {
		if left[i] {
			to[i] = now.first(rec.sessionKey(), rec)
		}
	}
	for i := range h.bookings {
		h.bookings[i].session = to[h.bookings[i].session]
	}
	h.sessions, h.seen = now, nil // its places are of the sessions as they were
}
