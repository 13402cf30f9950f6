package training

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/merge"
)

// MergeKind offers courses as records of which two may be one.
func (r *Room) MergeKind() merge.Kind {
	return merge.Kind{
		ID: "course", Subject: courseSubject,
		Candidates: mergeCandidates,
		Record: func(ctx context.Context, q db.Reader, id string) (merge.Record, error) {
			c, err := courseByID(ctx, q, id)
			if err != nil {
				return merge.Record{}, err
			}
			same, err := db.Get[db.Opt](ctx, q, `SELECT same_as FROM training_courses WHERE id = $1`, id)
			return merge.Record{ID: c.ID, Name: c.Title, Href: courseHref(c.ID), Merged: same != "",
				Facts: []merge.Fact{{Key: "Programme", Value: c.Programme}, {Key: "Kind", Value: kindWords(c.Kind)},
					{Key: "Length", Value: c.Length}, {Key: "About", Value: c.About}}}, err
		},
		Lock: func(ctx context.Context, q db.Q, id string) error {
			_, err := lockCourse(ctx, q, id)
			return err
		},
		Retire: func(ctx context.Context, q db.Q, from, to string) (bool, error) {
			return true, retireCourse(ctx, q, from, to)
		},
		Revive: func(ctx context.Context, q db.Q, id string, _ bool) error { return reviveCourse(ctx, q, id) },
	}
}

// Merges offers what of this room points at people, organisations and courses.
func (r *Room) Merges() []merge.Offer {
	key, replaced := []string{"id"}, []string{"by_import", "id"}
	const replacedOne, replacedMany = "booking kept aside", "bookings kept aside"
	return []merge.Offer{
		{Kind: "person", Blocks: r.bothComing, Before: oneBookingEach, Settle: settleMerge, Refs: []merge.Ref{
			{Table: "training_bookings", Column: "person_id", Key: key, One: "booking", Many: "bookings"},
			{Table: "training_waiting", Column: "person_id", Key: key, One: "place on a waiting list",
				Many: "places on waiting lists"},
			{Table: "training_attended", Column: "person_id"}, // made anew from the bookings
			{Table: "training_replaced_bookings", Column: "person_id", Key: replaced, One: replacedOne, Many: replacedMany},
		}},
		{Kind: "organisation", Refs: []merge.Ref{
			{Table: "training_bookings", Column: "organisation_id", Key: key, One: "booking", Many: "bookings"},
			{Table: "training_replaced_bookings", Column: "organisation_id", Key: replaced, One: replacedOne,
				Many: replacedMany},
		}},
		{Kind: "course", Refs: []merge.Ref{
			{Table: "training_sessions", Column: "course_id", Key: key, One: "session", Many: "sessions"},
		}},
		r.sessionOffer(),
	}
}

// bothComing names the sessions to come on which both of two people have a place or
// wait. One of them has to be given back, so that whoever waits gets it.
func (r *Room) bothComing(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	type session struct {
		Course string
		Day    db.Date
	}
	list, err := db.All[session](ctx, q, `
		SELECT c.title, s.starts_on FROM training_sessions s JOIN training_courses c ON c.id = s.course_id
		WHERE s.starts_on >= $3 AND s.state <> 'cancelled' AND s.same_as IS NULL
			AND `+onSession("$1")+` AND `+onSession("$2")+`
		ORDER BY s.starts_on, s.id`, from, to, r.Now.Today())
	var out []string
	for _, s := range list {
		out = append(out, "Both have a place, or wait for one, on “"+s.Course+"” on "+lang.Date(s.Day)+
			": give one of the two back first.")
	}
	return out, err
}

// onSession is true when a person has a place on session s or waits for one.
func onSession(person string) string {
	return `(EXISTS (SELECT 1 FROM training_bookings b WHERE b.session_id = s.id AND b.person_id = ` + person + `
			AND b.status NOT IN ('cancelled', 'late-cancelled'))
		OR EXISTS (SELECT 1 FROM training_waiting w WHERE w.session_id = s.id AND w.person_id = ` + person + `))`
}

// A doubled is two bookings of one session, of two people who are one.
type doubled struct {
	From       string
	FromStatus Status
	To         string
	ToStatus   Status
}

// oneBookingEach makes one of two bookings of the same session: the one that is kept
// says what is known of either, and the other is cancelled.
func oneBookingEach(ctx context.Context, m *merge.Moves, from, to string) error {
	both, err := db.All[string](ctx, m.Q, `
		SELECT x.session_id FROM training_waiting x JOIN training_waiting k ON k.session_id = x.session_id
		WHERE x.person_id = $1 AND k.person_id = $2 ORDER BY x.session_id`, from, to)
	if err != nil {
		return err
	}
	for _, session := range both { // one of the two turns ends, and with it a place that was held for it
		if _, err := db.Exec(ctx, m.Q, `DELETE FROM training_waiting WHERE person_id = $1 AND session_id = $2`, from,
			session); err != nil {
			return err
		}
		if err := recount(ctx, m.Q, session); err != nil {
			return err
		}
	}
	list, err := db.All[doubled](ctx, m.Q, `
		SELECT a.id, a.status, b.id, b.status FROM training_bookings a
			JOIN training_bookings b ON b.session_id = a.session_id AND b.person_id = $2
				AND b.status NOT IN ('cancelled', 'late-cancelled')
		WHERE a.person_id = $1 AND a.status NOT IN ('cancelled', 'late-cancelled')
		ORDER BY a.created_at, a.id`, from, to)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := d.keep(ctx, m); err != nil {
			return err
		}
		if err := setMerged(ctx, m, d.From, d.FromStatus, Cancelled); err != nil {
			return err
		}
	}
	return nil
}

// keep makes the booking that is kept say what is known of either.
func (d doubled) keep(ctx context.Context, m *merge.Moves) error {
	now := d.kept()
	if now == d.ToStatus {
		return nil
	}
	return setMerged(ctx, m, d.To, d.ToStatus, now)
}

// setMerged changes the status of a booking as part of a merge.
func setMerged(ctx context.Context, m *merge.Moves, id string, was, now Status) error {
	return m.Set(ctx, merge.Change{Table: "training_bookings", Key: []string{"id", id}, Column: "status",
		Was: string(was), Now: string(now)})
}

// kept is what became of somebody of whom two bookings say something.
func (d doubled) kept() Status {
	switch {
	case d.ToStatus.Came():
		return d.ToStatus
	case d.FromStatus == WalkIn:
		return Attended // they had a booking after all
	case d.FromStatus.Came(), d.ToStatus == Booked, d.FromStatus == Partly:
		return d.FromStatus
	}
	return d.ToStatus
}

// settleMerge makes sessions agree with bookings that went from one person to another,
// or back.
func settleMerge(ctx context.Context, q db.Q, changes []merge.Change) error {
	done := map[string]bool{}
	for _, c := range changes {
		if c.Table != "training_bookings" || c.Column == "organisation_id" {
			continue
		}
		sessions, err := db.All[string](ctx, q, `SELECT session_id FROM training_bookings WHERE id = $1`, c.Of("id"))
		if err != nil {
			return err
		}
		for _, id := range sessions { // none, where an import has replaced the booking since
			if done[id] {
				continue
			}
			done[id] = true
			for _, step := range []func(context.Context, db.Q, string) error{recount, tally, restate} {
				if err := step(ctx, q, id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func mergeCandidates(ctx context.Context, q db.Reader) ([]merge.Candidate, error) {
	return db.All[merge.Candidate](ctx, q, `
		SELECT c.id, c.title, '', c.programme_id, p.title
		FROM training_courses c JOIN training_programmes p ON p.id = c.programme_id
		WHERE c.same_as IS NULL ORDER BY c.folded, c.id`)
}

// retireCourse sets a course aside that is another. It is no import's any more: what
// was decided by hand stays.
func retireCourse(ctx context.Context, q db.Q, from, to string) error {
	return db.Must(ctx, q, `UPDATE training_courses SET same_as = $2 WHERE id = $1 AND same_as IS NULL`, from, to)
}

func reviveCourse(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `UPDATE training_courses SET same_as = NULL WHERE id = $1`, id)
}
