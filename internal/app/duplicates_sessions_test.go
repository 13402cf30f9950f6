package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/training"
)

// booked is a row of a training history: a person at a session of a course on a day.
func booked(course, day, person, status string) string {
	return fmt.Sprintf("%s,education,course,%s,,room,Hall,%s,%s@x.example,,Harbour School,education,%s,", course, day,
		person,
		strings.ToLower(person), status)
}

// sessionIDs gives the sessions of a day, the oldest first.
func (w mergeWorld) sessionIDs(day string) []string {
	w.t.Helper()
	ids, err := db.All[string](w.t.Context(), w.Work,
		`SELECT id FROM training_sessions WHERE starts_on = $1 ORDER BY id`, day)
	w.ok(err)
	return ids
}

// merge makes the record from one with to.
func (w mergeWorld) merge(kind, from, to string) string {
	w.t.Helper()
	m, err := w.Duplicates.Merge(w.t.Context(), w.by, kind, from, to, web.Unwatched)
	w.ok(err)
	return m.ID
}

func (w mergeWorld) undo(kind, id string) {
	w.t.Helper()
	_, back, of, err := w.Duplicates.Undo(w.t.Context(), w.by, kind, id)
	if w.ok(err); back != of {
		w.t.Errorf("%d of %d changes were put back", back, of)
	}
}

// twins loads a morning of a course under two titles and makes the courses one: Ann and Bob
// are in both files, Cat in the first and Dan in the second only.
func (w mergeWorld) twins() (first, second string) {
	w.t.Helper()
	first = w.load(booked("Level 1", "14/06/2023", "Ann", "booked"), booked("Level 1", "14/06/2023", "Bob", "attended"),
		booked("Level 1", "14/06/2023", "Cat", "attended"), booked("Level 1", "15/06/2023", "Eve", "attended"))
	second = w.load(booked("Levell 1", "14/06/2023", "Ann", "attended"), booked("Levell 1", "14/06/2023", "Bob",
		"no-show"),
		booked("Levell 1", "14/06/2023", "Dan", "attended"))
	w.merge("course", w.id("training_courses", "title", "Levell 1"), w.id("training_courses", "title", "Level 1"))
	return first, second
}

// Two sessions of one morning are offered as one when their courses are, and made one: each
// person counts once, as what they attended, and all is as it was when that is taken back.
func TestMergeSessions(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		w.twins()
		w.want("before", whoCame(w.t, w.App), "5 5 3 1")
		w.want("pairs", w.pairsOf("session"),
			"Level 1 on 14 June 2023 / Level 1 on 14 June 2023: One course on one day, and 2 of the 3 people of one on the "+
				"other too")
		ids := w.sessionIDs("2023-06-14")
		was := w.statuses()
		m := w.merge("session", ids[1], ids[0])
		w.want("merged", whoCame(w.t, w.App), "5 5 2 1") // Ann, Bob, Cat, Dan and, on another day, Eve
		w.want("pairs when merged", w.pairsOf("session"), "")
		if _, err := w.Training.Book(w.t.Context(), w.by, ids[1], "olive"); err == nil {
			w.t.Error("somebody was booked on the session that went")
		}
		w.undo("session", m)
		w.want("taken back", whoCame(w.t, w.App), "5 5 3 1")
		w.want("statuses taken back", w.statuses(), was)

		w.merge("session", ids[0], ids[1])
		w.want("merged the other way", whoCame(w.t, w.App), "5 5 2 1")
	})
}

// A file of the same morning, under either title of its course or both, is of the session that
// was kept; withdrawing files brings back what they had taken the place of.
func TestImportMeetsMergedSessions(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		first, second := w.twins()
		ids := w.sessionIDs("2023-06-14")
		w.merge("session", ids[1], ids[0])
		withdraw := func(id string) {
			w.t.Helper()
			_, err := w.Imports.Withdraw(w.t.Context(), id, w.by)
			w.ok(err)
		}
		one := []string{booked("Levell 1", "14/06/2023", "Ann", "attended"), booked("Levell 1", "14/06/2023", "Fay",
			"attended")}
		both := append(slices.Clone(one), booked("Level 1", "14/06/2023", "Ann", "attended"),
			booked("Level 1", "14/06/2023", "Guy", "attended"), booked("Level 1", "15/06/2023", "Eve", "attended"))
		w.want("looked at", w.lookAt(both...), "Training attendances 5 to 4")
		third := w.load(both...)
		w.want("both titles", whoCame(w.t, w.App), "4 4 2 1") // Ann, Fay, Guy and Eve
		fourth := w.load(one...)
		w.want("one title", whoCame(w.t, w.App), "3 3 2 1") // Ann, Fay and Eve
		withdraw(fourth)
		w.want("without the fourth", whoCame(w.t, w.App), "4 4 2 1")
		withdraw(third)
		w.want("without the third", whoCame(w.t, w.App), "5 5 2 1")
		withdraw(first)
		w.want("without the first", whoCame(w.t, w.App), "2 2 1 1") // Ann and Dan, of the second
		withdraw(second)
		w.want("without any", whoCame(w.t, w.App), "0 0 0 1")
	})
}

// Withdrawing one of the two files whose sessions were made one leaves what the other says,
// also under a later file that took the place of both.
func TestWithdrawMergedSessions(t *testing.T) {
	t.Parallel()
	for name, withdrawn := range map[string][]int{"the first": {0}, "the second": {1}, "the third, the second": {2, 1},
		"the second, the third": {1, 2}, "the first, the third": {0, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := mergeWorld{install(t, db.SQLite).opened, t, web.Person{ID: "olive", Name: "Olive"}}
			first, second := w.twins()
			ids := w.sessionIDs("2023-06-14")
			w.merge("session", ids[1], ids[0])
			imports := []string{first, second}
			if len(withdrawn) > 1 {
				imports = append(imports, w.load(booked("Level 1", "14/06/2023", "Guy", "attended"),
					booked("Level 1", "14/06/2023", "Hal", "attended")))
			}
			for _, i := range withdrawn {
				_, err := w.Imports.Withdraw(t.Context(), imports[i], w.by)
				w.ok(err)
			}
			want := map[string]string{
				"the first":             "2 2 1 1", // Ann and Dan of the second
				"the second":            "4 4 2 1", // Bob, Cat and Ann, who was marked by hand when they were made one, and Eve
				"the third, the second": "4 4 2 1",
				"the second, the third": "4 4 2 1",
				"the first, the third":  "2 2 1 1",
			}[name]
			w.want("what is left", whoCame(t, w.App), want)
		})
	}
}

// Sessions that are not one, or would leave somebody without a place, are not made one.
func TestMergeSessionsIsHeldUp(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		officer := web.Person{ID: "olive", Name: "Olive", Permissions: map[web.Permission]bool{access.TrainingManage: true}}
		w.ok(w.Training.AddProgramme(ctx, w.by, training.Programme{ID: "education", Title: "Education"}))
		course := func(title string) string {
			id, err := w.Training.AddCourse(ctx, w.by, training.Course{ProgrammeID: "education", Title: title, Kind: "course"})
			w.ok(err)
			return id
		}
		session := func(course string, days, capacity int, start, venue string) string {
			day := w.Now.Today().AddDays(days)
			id, err := w.Training.AddSession(ctx, w.by, training.Session{CourseID: course, StartsOn: day, EndsOn: day,
				StartTime: start, EndTime: "16:00", Mode: "room", Venue: venue, Capacity: int64(capacity), State: training.Open})
			w.ok(err)
			return id
		}
		person := func(name string) string {
			id, err := w.Identity.AddPerson(ctx, w.by, identity.Person{Name: name, Email: strings.ToLower(name) + "@x.example"})
			w.ok(err)
			return id
		}
		one, two := course("Level 1"), course("Level 2")
		kept := session(one, 20, 2, "09:30", "Hall")
		ann, bob, cat, dan := person("Anna"), person("Bobby"), person("Catty"), person("Danny")
		same := session(one, 20, 9, "09:30", "Hall")
		for s, people := range map[string][]string{kept: {ann, bob}, same: {bob, cat}} {
			for _, p := range people {
				_, err := w.Training.Book(ctx, officer, s, p)
				w.ok(err)
			}
		}
		w.ok(w.Training.Wait(ctx, officer, kept, dan))
		for name, c := range map[string]struct{ from, want string }{
			"another course": {session(two, 20, 9, "09:30", "Hall"), "They are of two courses"},
			"another day":    {session(one, 21, 9, "09:30", "Hall"), "They are on two days"},
			"another time":   {session(one, 20, 9, "13:00", "Hall"), "They begin at two times, 1pm and 9.30am"},
			"another place":  {session(one, 20, 9, "09:30", "Library"), "differ in when or where they are"},
			"too few places": {same, "3 people would be booked on the one that is kept, which has 2 places"},
		} {
			_, err := w.Duplicates.Merge(ctx, w.by, "session", c.from, kept, web.Unwatched)
			var no *web.Refusal
			if !errors.As(err, &no) || !strings.Contains(no.Words, c.want) {
				w.t.Errorf("%s: %v does not say %q", name, err, c.want)
			}
		}
		// The other way there is room, and whoever waits gets a place.
		m := w.merge("session", kept, same)
		taken := func(id string) string {
			n, err := db.Get[int](ctx, w.Work, `SELECT taken FROM training_sessions WHERE id = $1`, id)
			w.ok(err)
			return fmt.Sprint(n)
		}
		w.want("booked", taken(same), "4")
		_, _, _, err := w.Duplicates.Undo(ctx, w.by, "session", m)
		w.ok(err)
		w.want("booked on each", taken(kept)+" and "+taken(same), "2 and 2") // who was offered a place waits again
	})
}
