package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/duplicates"
	"kith/internal/identity"
	"kith/internal/imports"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/training"
)

// Columns that hold ids of people, organisations, courses or sessions and stay as they are when
// two are merged, each with the reason. Every other is a room's to offer.
var staysAtMerge = map[string]string{
	"audit_trail.person_id":           "who did it is history, with the name as it was",
	"identity_person_roles.person_id": "whoever has a role is never merged away",
	"identity_passwords.person_id":    "whoever can sign in is never merged away",
	"identity_sessions.person_id":     "nobody is signed in as a record that never signs in",
	"identity_links.person_id":        "a link to set a password stops with the record, which is no longer active",
	"identity_personas.person_id":     "a persona has a role",
	"people.same_as":                  "one merged before leads on to the other",
	"organisations.same_as":           "one merged before leads on to the other",
	"organisations.successor_id":      "one that ended leads on to the other",
	"training_courses.same_as":        "one merged before leads on to the other",
	"identity_browsers.person_id":     "nobody signs in as a record that never signs in",
	"identity_requests.person_id":     "what was asked for a record that was merged is not agreed any more",
	"identity_requests.asked_by":      "whoever asked signs in, and is never merged away",
	"identity_invitations.person_id":  "who is invited has a role, and is never merged away",
	"identity_invitations.made_by":    "whoever printed it signs in, and is never merged away",
	"identity_invitations.ended_by":   "whoever used or withdrew it signs in, and is never merged away",
	"identity_staff_lists.made_by":    "whoever sent it signs in, and is never merged away",
	"identity_staff_lists.begun_by":   "whoever confirmed it signs in, and is never merged away",
	"identity_staff_lists.done_by":    "whoever confirmed it signs in, and is never merged away",
	"identity_requests.decided_by":    "whoever decided signs in, and is never merged away",
	"annual_asked.person_id":          "whoever signs for a partner signs in, and is never merged away",
	"annual_contributions.person_id":  "whoever is asked signs in, and is never merged away",
	"annual_answers.person_id":        "who answered is history, with the name as it was",
	"plan_decisions.person_id":        "who decided is history, with the name as it was",
	"plan_said.person_id":             "who said it is history, with the name as it was",
	"imports_waiting.person_id":       "whoever can sign in is never merged away, and files wait for a day",
	"identity_factors.person_id":      "who has a second factor signs in, and is never merged away",
	"identity_linked.person_id":       "whom a directory signs in signs in, and is never merged away",
	"identity_begun.person_id":        "a sign-in that was begun is over in ten minutes",

	"identity_recovery_codes.person_id": "who has recovery codes signs in, and is never merged away",

	"training_feeds.person_id":              "a calendar's address stops with the record, which is no longer active",
	"training_last_marks.session_id":        "a saving of its register that could be undone goes with the session",
	"training_sessions.same_as":             "one merged before leads on to the other",
	"training_replaced.session_id":          "what an import took the place of comes back to the session it was of",
	"training_replaced_bookings.session_id": "what an import took the place of comes back to the session it was of",
	"training_replaced_marks.session_id":    "what an import took the place of comes back to the session it was of",

	"training_replaced_courses.course_id": "the kind that an earlier import had comes back to the record it was of",
}

// TestMergeMovesEverything: a column that points at people, organisations, courses or sessions is
// offered by its room, or stays for a reason that is written down.
func TestMergeMovesEverything(t *testing.T) {
	t.Parallel()
	a := install(t, db.SQLite).opened
	offered := map[string]bool{}
	for _, o := range a.merges() {
		for _, r := range o.Refs {
			offered[r.Table+"."+r.Column] = true
		}
	}
	type reference struct{ Table, Column string }
	list, err := db.All[reference](t.Context(), a.Work, `
		SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f."table" IN ('people', 'organisations', 'training_courses', 'training_sessions')`)
	if err != nil || len(list) < 20 {
		t.Fatalf("only %d references were found: %v", len(list), err)
	}
	schema, err := a.Work.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range schema { // some point without a foreign key
		name, _, _ := strings.Cut(line, " ")
		table, column, _ := strings.Cut(name, ".")
		if slices.Contains([]string{"person_id", "organisation_id", "course_id", "session_id", "owner_id",
			"contact_id"}, column) {
			list = append(list, reference{table, column})
		}
	}
	seen := map[string]bool{}
	for _, r := range list {
		name := r.Table + "." + r.Column
		seen[name] = true
		if offered[name] == (staysAtMerge[name] != "") {
			t.Errorf("%s points at people, organisations, courses or sessions: its room offers it in Merges, or staysAtMerge "+
				"says why "+
				"it stays", name)
		}
	}
	for name := range staysAtMerge {
		if !seen[name] {
			t.Errorf("%s is not there any more", name)
		}
	}
}

// A mergeWorld is an installation with two of everything.
type mergeWorld struct {
	*App
	t  *testing.T
	by web.Person
}

func (w mergeWorld) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w mergeWorld) load(rows ...string) string {
	w.t.Helper()
	rep, err := w.Imports.Load(w.t.Context(), "training-history", []string{w.history(rows)}, imports.Options{})
	w.ok(err)
	return rep.ImportID
}

// history writes a training history to a file.
func (w mergeWorld) history(rows []string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "history.csv")
	w.ok(os.WriteFile(path, []byte("course,programme,kind,session_start,session_end,mode,venue,person,email,job_title,"+
		"organisation,sector,status,booked_on\n"+strings.Join(rows, "\n")+"\n"), 0o600))
	return path
}

// lookAt gives what loading a file would do, without loading it.
func (w mergeWorld) lookAt(rows ...string) string {
	w.t.Helper()
	rep, err := w.Imports.Load(w.t.Context(), "training-history", []string{w.history(rows)}, imports.Options{DryRun: true})
	w.ok(err)
	var out []string
	for _, m := range rep.Moves {
		out = append(out, fmt.Sprintf("%s %d to %d", m.Title, m.Before, m.After))
	}
	return strings.Join(out, "; ")
}

func (w mergeWorld) id(table, column, name string) string {
	w.t.Helper()
	id, err := db.Get[string](w.t.Context(), w.Work, fmt.Sprintf(`SELECT id FROM %s WHERE %s = $1 ORDER BY created_at, id`,
		table, column), name)
	w.ok(err)
	return id
}

// pairsOf names the pairs of a kind, with why.
func (w mergeWorld) pairsOf(kind string) string {
	w.t.Helper()
	list, err := w.Duplicates.Pairs(w.t.Context(), kind)
	w.ok(err)
	var out []string
	for _, p := range list {
		out = append(out, p.A.Name+" / "+p.B.Name+": "+p.Why)
	}
	return strings.Join(out, "; ")
}

func (w mergeWorld) want(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: %s; want %s", what, got, want)
	}
}

func eachInstalled(t *testing.T, f func(w mergeWorld)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			f(mergeWorld{install(t, engine).opened, t, web.Person{ID: "olive", Name: "Olive"}})
		})
	}
}

// Two records of one person are made one, and two again, with all that hangs on them.
func TestMergePeople(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		rows := []string{
			"Level 1,education,course,14/06/2023,,room,Hall,Ann Ash,ann@x.example,Teacher,Harbour School,education,booked,",
			"Level 1,education,course,14/06/2023,,room,Hall,A. Ash,office@x.example,Teacher,Harbour School,education,attended,",
			"Level 2,education,course,15/06/2023,,room,Hall,A. Ash,office@x.example,Teacher,Harbour School,education,attended,",
			"Level 2,education,course,15/06/2023,,room,Hall,Bob Birch,bob@x.example,Teacher,Harbour School,education,attended,",
		}
		w.load(rows...)
		w.want("as loaded", whoCame(w.t, w.App), "3 2 2 1")
		w.want("pairs", w.pairsOf("person"), "A. Ash / Ann Ash: The same name with an initial")
		ann, other := w.id("people", "name", "Ann Ash"), w.id("people", "name", "A. Ash")

		// A seat on a committee moves as well.
		board, err := w.Partnership.AddCommittee(ctx, w.by, partnership.Committee{Name: "Board"})
		w.ok(err)
		_, err = w.Partnership.AddMember(ctx, w.by, partnership.Member{CommitteeID: board, PersonID: other, Role: "member",
			FromOn: w.Now.Today()})
		w.ok(err)

		m, err := w.Duplicates.Merge(ctx, w.by, "person", other, ann, web.Unwatched)
		w.ok(err)
		w.want("merged", whoCame(w.t, w.App), "3 2 2 1") // Ann came to both, Bob to one
		w.want("pairs when merged", w.pairsOf("person"), "")
		w.want("seats", w.seats(ann), "1")
		if _, err := w.Identity.ActivatePerson(ctx, w.by, other, ""); !errors.Is(err, identity.ErrMergedAway) {
			w.t.Error("a record that was merged away is active again:", err)
		}
		_, err = w.Duplicates.Merge(ctx, w.by, "person", other, ann, web.Unwatched)
		if !errors.Is(err, duplicates.ErrMerged) {
			w.t.Error("the second to merge is not told:", err)
		}
		if err := w.Duplicates.Apart(ctx, w.by, "person", other, ann); !errors.Is(err, duplicates.ErrMerged) {
			w.t.Error("who says that they are not the same is not told:", err)
		}
		// The same file again, and a new one, find who was kept.
		w.load("Level 3,education,course,16/06/2023,,room,Hall,A. Ash,office@x.example,Teacher,Harbour School,education,attended,")
		w.want("a file that names the record that went", whoCame(w.t, w.App), "4 2 3 1")

		_, back, of, err := w.Duplicates.Undo(ctx, w.by, "person", m.ID)
		w.ok(err)
		if back != of || of < 4 {
			w.t.Errorf("%d of %d changes were put back", back, of)
		}
		w.want("taken back", whoCame(w.t, w.App), "4 3 3 1")
		w.want("seats taken back", w.seats(other), "1")
		w.want("what each has", w.statuses(), "A. Ash attended, A. Ash attended, Ann Ash attended, Ann Ash booked, "+
			"Bob Birch attended")
		if _, _, _, err := w.Duplicates.Undo(ctx, w.by, "person", m.ID); !errors.Is(err, duplicates.ErrUndone) {
			w.t.Error("the second to take it back is not told:", err)
		}
		trail, err := audittrail.Of(ctx, w.Work, "person", other)
		if err != nil || len(trail) != 2 || trail[1].Act != "merged into Ann Ash" {
			w.t.Error(trail, err)
		}

		w.ok(w.Duplicates.Apart(ctx, w.by, "person", other, ann))
		w.want("said not to be the same", w.pairsOf("person"), "")
	})
}

func (w mergeWorld) seats(person string) string {
	w.t.Helper()
	n, err := db.Get[int](w.t.Context(), w.Work, `SELECT count(*) FROM partnership_members WHERE person_id = $1`, person)
	w.ok(err)
	return fmt.Sprint(n)
}

// statuses says what became of every booking that stands, by person.
func (w mergeWorld) statuses() string {
	w.t.Helper()
	list, err := db.All[string](w.t.Context(), w.Work, `
		SELECT p.name || ' ' || b.status FROM training_bookings b JOIN people p ON p.id = b.person_id ORDER BY 1`)
	w.ok(err)
	return strings.Join(list, ", ")
}

// What a person has to settle first is said, and nothing is done.
func TestMergeIsHeldUp(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		person := func(name, email string) string {
			w.t.Helper()
			id, err := w.Identity.AddPerson(ctx, w.by, identity.Person{Name: name, Email: email})
			w.ok(err)
			return id
		}
		ann, other, boss := person("Ann Ash", "ann@x.example"), person("Anne Ash", "office@x.example"), w.id("people",
			"name", "Ann")
		board, err := w.Partnership.AddCommittee(ctx, w.by, partnership.Committee{Name: "Board"})
		w.ok(err)
		for _, p := range []string{ann, other} {
			_, err := w.Partnership.AddMember(ctx, w.by, partnership.Member{CommitteeID: board, PersonID: p, Role: "member",
				FromOn: w.Now.Today()})
			w.ok(err)
		}
		programme := training.Programme{ID: "education", Title: "Education"}
		w.ok(w.Training.AddProgramme(ctx, w.by, programme))
		course, err := w.Training.AddCourse(ctx, w.by, training.Course{ProgrammeID: "education", Title: "Level 1",
			Kind: "course"})
		w.ok(err)
		day := w.Now.Today().AddDays(20)
		session, err := w.Training.AddSession(ctx, w.by, training.Session{CourseID: course, StartsOn: day, EndsOn: day,
			StartTime: "09:30", EndTime: "16:00", Mode: "online", Capacity: 10, State: training.Open})
		w.ok(err)
		officer := web.Person{ID: "olive", Name: "Olive", Permissions: map[web.Permission]bool{access.TrainingManage: true}}
		for _, p := range []string{ann, other} {
			_, err := w.Training.Book(ctx, officer, session, p)
			w.ok(err)
		}
		_, err = w.Duplicates.Merge(ctx, w.by, "person", other, ann, web.Unwatched)
		for _, want := range []string{"give one of the two back first", "end one of the two seats first"} {
			var no *web.Refusal
			if !errors.As(err, &no) || !strings.Contains(no.Words, want) {
				w.t.Errorf("%v does not say %q", err, want)
			}
		}
		// Whoever signs in is the one to keep.
		_, err = w.Duplicates.Merge(ctx, w.by, "person", boss, ann, web.Unwatched)
		var no *web.Refusal
		if !errors.As(err, &no) || !strings.Contains(no.Words, "Ann signs in with this record") {
			w.t.Error(err)
		}
		_, err = w.Duplicates.Merge(ctx, w.by, "person", ann, boss, web.Unwatched)
		w.ok(err)
		if _, err := w.Duplicates.Merge(ctx, w.by, "person", boss, boss, web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			w.t.Error("a record was merged into itself:", err)
		}
	})
}

func TestMergeOrganisationsAndCourses(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		file := []string{
			"Level 1,education,course,14/06/2023,,room,Hall,Ann Ash,ann@x.example,,St Mary's School,education,attended,",
			"Level One,education,course,15/06/2023,,room,Hall,Bob Birch,bob@x.example,,St. Marys School,education,attended,",
			"Levell 1,education,course,16/06/2023,,room,Hall,Bob Birch,bob@x.example,,St. Marys School,education,attended,",
		}
		w.load(file...)
		w.want("schools", w.pairsOf("organisation"),
			"St Mary's School / St. Marys School: The same name but for accents or punctuation")
		w.want("courses", w.pairsOf("course"), "Level 1 / Levell 1: Names that differ by one character")
		keep, gone := w.id("organisations", "name", "St Mary's School"), w.id("organisations", "name", "St. Marys School")
		m, err := w.Duplicates.Merge(ctx, w.by, "organisation", gone, keep, web.Unwatched)
		w.ok(err)
		w.want("schools when merged", whoCame(w.t, w.App), "3 2 3 1")
		if err := w.Partnership.ReopenOrganisation(ctx, w.by, gone); !errors.Is(err, partnership.ErrMergedAway) {
			w.t.Error("an organisation that was merged away is there again:", err)
		}
		course, twin := w.id("training_courses", "title", "Level 1"), w.id("training_courses", "title", "Levell 1")
		c, err := w.Duplicates.Merge(ctx, w.by, "course", twin, course, web.Unwatched)
		w.ok(err)
		// What loading the same rows again would do is told as it would be.
		w.want("looked at again", w.lookAt(slices.Concat(file[1:], file[:1])...), "Training attendances 3 to 3")
		// A later file finds what was kept, by either name.
		late := w.load("Levell 1,education,course,17/06/2023,,room,Hall,Cat Cedar,cat@x.example,,St. Marys School,education," +
			"attended,")
		w.want("and a file of the old names", whoCame(w.t, w.App), "4 3 4 1")
		w.want("sessions of the course", w.sessions(course), "3")
		w.want("people of the school", w.peopleAt(keep), "3")
		_, err = w.Imports.Withdraw(ctx, late, web.Person{})
		w.ok(err)

		_, back, of, err := w.Duplicates.Undo(ctx, w.by, "course", c.ID)
		if err != nil || back != of {
			w.t.Error(back, of, err)
		}
		w.want("sessions of the course again", w.sessions(course), "1")
		_, back, of, err = w.Duplicates.Undo(ctx, w.by, "organisation", m.ID)
		if err != nil || back != of {
			w.t.Error(back, of, err)
		}
		w.want("schools again", whoCame(w.t, w.App), "3 2 3 2")
	})
}

func (w mergeWorld) sessions(course string) string {
	w.t.Helper()
	n, err := db.Get[int](w.t.Context(), w.Work, `SELECT count(*) FROM training_sessions WHERE course_id = $1`, course)
	w.ok(err)
	return fmt.Sprint(n)
}

func (w mergeWorld) peopleAt(organisation string) string {
	w.t.Helper()
	n, err := db.Get[int](w.t.Context(), w.Work, `SELECT count(*) FROM people WHERE organisation_id = $1`, organisation)
	w.ok(err)
	return fmt.Sprint(n)
}
