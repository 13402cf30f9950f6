package training

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
)

// Two sessions of a course on one day with mostly the same people are most likely one: two
// files named its course in two ways. A person says so. What is recorded of the one that goes
// moves to the one that is kept, but for what that has too: it stays with the session that is
// set aside, and counts nowhere.

// byMerge is who the audit trail names where a merge gives somebody a place.
var byMerge = web.Person{Name: "A merge of two sessions"}

// live is true of a booking that stands, whatever it is called.
func live(booking string) string { return booking + `.status NOT IN ('cancelled', 'late-cancelled')` }

// SessionKind offers sessions as records of which two may be one.
func (r *Room) SessionKind() merge.Kind {
	return merge.Kind{
		ID: "session", Subject: sessionSubject, Pairs: twinSessions,
		Record: sessionRecord,
		Lock: func(ctx context.Context, q db.Q, id string) error {
			return db.Must(ctx, q, `UPDATE training_sessions SET taken = taken WHERE id = $1`, id)
		},
		Retire: func(ctx context.Context, q db.Q, from, to string) (bool, error) {
			err := db.Must(ctx, q, `UPDATE training_sessions SET same_as = $2 WHERE id = $1 AND same_as IS NULL`, from, to)
			return true, errors.Join(err, r.settleAll(ctx, q, byMerge, from, to))
		},
		Revive: func(ctx context.Context, q db.Q, id string, _ bool) error {
			return db.Must(ctx, q, `UPDATE training_sessions SET same_as = NULL WHERE id = $1`, id)
		},
	}
}

// sessionOffer is what of this room points at sessions.
func (r *Room) sessionOffer() merge.Offer {
	key := []string{"id"}
	same := func(table, column string) string {
		return `EXISTS (SELECT 1 FROM ` + table + ` k WHERE k.session_id = $2 AND k.` + column + ` = x.` + column + `)`
	}
	booked := `EXISTS (SELECT 1 FROM training_bookings k WHERE k.session_id = $2 AND k.person_id = x.person_id AND ` +
		live("k") + `)`
	return merge.Offer{Kind: "session", Blocks: r.sessionBlocks, Tells: bothBooked, Before: oneBookingOfSession,
		Settle: r.settleSessions,
		Refs: []merge.Ref{
			{Table: "training_bookings", Column: "session_id", Key: key, One: "booking", Many: "bookings",
				Stays: live("x") + ` AND ` + booked},
			{Table: "training_waiting", Column: "session_id", Key: key, One: "place on its waiting list",
				Many: "places on its waiting list", Stays: booked + ` OR ` + same("training_waiting", "person_id")},
			{Table: "training_presentations", Column: "session_id", Key: key, One: "presentation", Many: "presentations",
				Stays: same("training_presentations", "title")},
			{Table: "training_stalls", Column: "session_id", Key: key, One: "stall", Many: "stalls",
				Stays: same("training_stalls", "folded")},
			{Table: "training_tallies", Column: "session_id"}, // these are made anew from the bookings
			{Table: "training_attended", Column: "session_id"},
			{Table: "training_sources", Column: "session_id"},
		}}
}

// A twin is two sessions of a course on one day.
type twin struct {
	A, B                  string // their ids
	PeopleA, PeopleB, Two int    // how many stand on each, and on both
}

// twinSessions lists the sessions of which two may be one: of one course on one day, at one
// time where both say theirs, with at least half of the people of the smaller on both.
func twinSessions(ctx context.Context, q db.Reader) ([]merge.Pair, error) {
	count := func(session string) string {
		return `(SELECT count(*) FROM training_bookings x WHERE x.session_id = ` + session + `.id AND ` + live("x") + `)`
	}
	list, err := db.All[twin](ctx, q, `
		SELECT a.id, b.id, `+count("a")+`, `+count("b")+`, (
			SELECT count(*) FROM training_bookings x JOIN training_bookings y ON y.person_id = x.person_id
			WHERE x.session_id = a.id AND y.session_id = b.id AND `+live("x")+` AND `+live("y")+`)
		FROM training_sessions a JOIN training_sessions b ON b.course_id = a.course_id AND b.starts_on = a.starts_on
			AND b.id > a.id
		WHERE a.same_as IS NULL AND b.same_as IS NULL AND a.state <> 'cancelled' AND b.state <> 'cancelled'
			AND (a.start_time = b.start_time OR a.start_time = '' OR b.start_time = '')
		ORDER BY a.starts_on DESC, a.id, b.id`)
	if err != nil {
		return nil, err
	}
	var out []merge.Pair
	for _, t := range list {
		fewer := min(t.PeopleA, t.PeopleB)
		if t.Two == 0 || 2*t.Two < fewer {
			continue
		}
		p := merge.Pair{Why: fmt.Sprintf("One course on one day, and %s of the %s of one on the other too",
			lang.Number(t.Two), lang.Plural(fewer, "person", "people"))}
		if p.A, err = twinSide(ctx, q, t.A, t.PeopleA); err != nil {
			return nil, err
		}
		if p.B, err = twinSide(ctx, q, t.B, t.PeopleB); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// twinSide is one of two sessions as the list of pairs shows it.
func twinSide(ctx context.Context, q db.Reader, id string, people int) (merge.Candidate, error) {
	s, err := sessionByID(ctx, q, id)
	details := []string{lang.Plural(people, "person", "people")}
	if s.StartTime != "" {
		details = append(details, clockWords(s.StartTime))
	}
	if s.Venue != "" || s.Mode != "" {
		details = append(details, s.Where())
	}
	return merge.Candidate{ID: id, Name: s.Course + " on " + s.StartsOn.Words(), GroupName: strings.Join(details, " · "+
		"")}, err
}

// bothBooked says how many people are on both of two sessions, and what becomes of them.
func bothBooked(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	n, err := db.Get[int](ctx, q, `
		SELECT count(*) FROM training_bookings x JOIN training_bookings y ON y.person_id = x.person_id
		WHERE x.session_id = $1 AND y.session_id = $2 AND `+live("x")+` AND `+live("y"), from, to)
	if err != nil || n == 0 {
		return nil, err
	}
	who := lang.Sentence(lang.Plural(n, "person is", "people are"))
	return []string{who + " on both. Their bookings on the other do not move: each has one booking, which counts once, " +
		"and who attended either has attended."}, nil
}

// anySession reads a session, also one that is merged into another, with that one's id.
func anySession(ctx context.Context, q db.Reader, id string) (Session, string, error) {
	s, err := db.Get[Session](ctx, q, `SELECT `+sessionColumns+` FROM training_sessions s
		JOIN training_courses c ON c.id = s.course_id WHERE s.id = $1`, id)
	if err != nil {
		return s, "", err
	}
	same, err := db.Get[db.Opt](ctx, q, `SELECT same_as FROM training_sessions WHERE id = $1`, id)
	return s, string(same), err
}

// sessionRecord is what a person compares two sessions by.
func sessionRecord(ctx context.Context, q db.Reader, id string) (merge.Record, error) {
	s, same, err := anySession(ctx, q, id)
	if err != nil {
		return merge.Record{}, err
	}
	bookings, err := bookingsOf(ctx, q, id)
	if err != nil {
		return merge.Record{}, err
	}
	var standing []string
	var came int
	for _, b := range bookings {
		if b.Status.Live() {
			standing = append(standing, b.Name)
		}
		if b.Status.Came() {
			came++
		}
	}
	facts := []merge.Fact{{Key: "When", Value: s.When()}, {Key: "Came", Value: lang.Plural(came, "person", "people")},
		{Key: "Who", Value: firstOf(standing)}}
	if s.Venue != "" || s.Mode != "" { // what nobody recorded is no fact
		facts = append(facts, merge.Fact{Key: "Where", Value: s.Where()})
	}
	if s.Mode != "" {
		facts = append(facts, merge.Fact{Key: "How it was held", Value: modeWords(s.Mode)})
	}
	if s.Capacity > 0 {
		facts = append(facts, merge.Fact{Key: "Places", Value: lang.Number(int(s.Capacity))})
	}
	return merge.Record{ID: s.ID, Name: s.Course + " on " + s.StartsOn.Words(), Href: sessionHref(s.ID),
		Merged: same != "",
		Facts:  facts}, nil
}

// sessionBlocks says what has to be settled before two sessions can be one: that they may be,
// and that nobody is without a place then, or comes to the wrong one.
func (r *Room) sessionBlocks(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	a, _, err := anySession(ctx, q, from)
	if err != nil {
		return nil, err
	}
	b, _, err := anySession(ctx, q, to)
	if err != nil {
		return nil, err
	}
	switch {
	case a.CourseID != b.CourseID:
		return []string{"They are of two courses. If the courses are one, say so under Courses first."}, nil
	case a.StartsOn != b.StartsOn:
		return []string{"They are on two days, " + a.StartsOn.Words() + " and " + b.StartsOn.Words() +
			". If one of the days is wrong, change that session first."}, nil
	case a.StartTime != "" && b.StartTime != "" && a.StartTime != b.StartTime:
		return []string{"They begin at two times, " + clockWords(a.StartTime) + " and " + clockWords(b.StartTime) +
			". If one of the times is wrong, change that session first."}, nil
	case a.StartsOn.Before(r.Now.Today()):
		return nil, nil
	}
	var out []string
	if a.When() != b.When() || a.Where() != b.Where() || a.Mode != b.Mode {
		out = append(out, "They are still to come, and differ in when or where they are. Make both the same first, so that "+
			"everybody who is booked is told.")
	}
	together, err := db.Get[int](ctx, q, `
		SELECT count(DISTINCT person_id) FROM training_bookings
		WHERE session_id IN ($1, $2) AND status IN ('booked', 'attended', 'left-early', 'partly', 'no-show')`, from, to)
	if err == nil && b.Capacity > 0 && together > int(b.Capacity) {
		out = append(out, lang.Sentence(lang.Plural(together, "person", "people"))+" would be booked on the one that is "+
			"kept, "+
			"which has "+lang.Plural(int(b.Capacity), "place", "places")+". Give it more places first.")
	}
	return out, err
}

// oneBookingOfSession makes the booking that is kept say what is known of either, of each
// person who is on both sessions.
func oneBookingOfSession(ctx context.Context, m *merge.Moves, from, to string) error {
	list, err := db.All[doubled](ctx, m.Q, `
		SELECT a.id, a.status, b.id, b.status FROM training_bookings a
			JOIN training_bookings b ON b.person_id = a.person_id AND b.session_id = $2 AND `+live("b")+`
		WHERE a.session_id = $1 AND `+live("a")+`
		ORDER BY a.created_at, a.id`, from, to)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := d.keep(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// settleSessions makes the sessions that a merge changed agree with their bookings.
func (r *Room) settleSessions(ctx context.Context, q db.Q, changes []merge.Change) error {
	var touched []string
	for _, c := range changes {
		switch {
		case c.Column == "session_id":
			touched = append(touched, c.Was, c.Now)
		case c.Table == "training_bookings":
			ids, err := db.All[string](ctx, q, `SELECT session_id FROM training_bookings WHERE id = $1`, c.Of("id"))
			if err != nil {
				return err
			}
			touched = append(touched, ids...)
		}
	}
	return r.settleAll(ctx, q, byMerge, touched...)
}

// settleAll settles sessions, each once.
func (r *Room) settleAll(ctx context.Context, q db.Q, by web.Person, ids ...string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if err := r.settle(ctx, q, by, id); err != nil {
			return err
		}
	}
	return nil
}

// A mergedSessions is the sessions that were merged into others.
type mergedSessions map[string]string

func readMergedSessions(ctx context.Context, q db.Reader) (mergedSessions, error) {
	type row struct{ ID, SameAs string }
	list, err := db.All[row](ctx, q, `SELECT id, same_as FROM training_sessions WHERE same_as IS NOT NULL
		ORDER BY created_at, id`)
	out := mergedSessions{}
	for _, r := range list {
		out[r.ID] = r.SameAs
	}
	return out, err
}

// kept gives the session that stands for one.
func (m mergedSessions) kept(id string) string {
	for n := 0; m[id] != "" && n <= len(m); n++ { // merged into another, which may have been since
		id = m[id]
	}
	return id
}

// into lists the sessions that one stands for besides itself.
func (m mergedSessions) into(kept string) []string {
	var out []string
	for id := range m {
		if m.kept(id) == kept {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// adopt moves to a session what was left with those merged into it, of people of whom it has
// nothing any more: an import that had brought the same for both was withdrawn.
func (m mergedSessions) adopt(ctx context.Context, q db.Q, kept string) error {
	for _, id := range m.into(kept) {
		left, err := db.All[string](ctx, q, `SELECT b.id FROM training_bookings b WHERE b.session_id = $1 AND `+live("b")+`
			ORDER BY b.created_at, b.id`, id)
		if err != nil {
			return err
		}
		for _, b := range left {
			if _, err := db.Exec(ctx, q, `
				UPDATE training_bookings SET session_id = $2
				WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM training_bookings k
					WHERE k.session_id = $2 AND k.person_id = training_bookings.person_id AND `+live("k")+`)`, b, kept); err != nil {
				return err
			}
		}
	}
	return nil
}
