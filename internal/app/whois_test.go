package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/partnership"
	"kith/internal/testkit"
	"kith/internal/training"
)

// Who is who, with the rooms that the program has: rows that were once taken for one
// person, one school or one event too many or too few.
func TestWhoIsWho(t *testing.T) {
	t.Parallel()
	const head = "course,programme,kind,session_start,session_end,mode,venue,person,email,job_title,organisation,sector," +
		"status,booked_on\n"
	shared := func(parts ...string) func(*testing.T) string {
		return func(t *testing.T) string {
			return testkit.Shared(t, append([]string{"cases", "inputs"}, parts...)...)
		}
	}
	rows := func(lines ...string) func(*testing.T) string {
		return func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "history.csv")
			if err := os.WriteFile(path, []byte(head+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	for _, c := range []struct {
		name     string
		file     func(*testing.T) string
		want     string // attendances, people, events, organisations
		findings string
	}{
		{"k09 an office's address", shared("k09-who-is-who", "history.csv"), "4 3 2 1", "line 3 shared-address"},
		{"k09 apostrophes and accents", shared("k09-who-is-who", "apostrophes-accents.csv"), "3 2 3 1",
			"line 3 duplicate-row"},
		{"k10 dashes in titles", shared("k10-dashes-in-titles", "history.csv"), "5 4 2 1", ""},
		{"one in all the ways there are", rows(
			"Level 1 - A,education,course,14/06/2023,,room,Hall,Sean O'Brien,Sean.OBrien@x.example,,St Mary's,education,attended,",
			"Level 1 \u2011 A,education,course,14/06/2023,,room,Hall,SEAN O\u02bcBRIEN,sean.obrien@X.example,,St\u00a0Mary\u2018s,"+
				"education,attended,",
			"Level 1 − A,education,course,15/06/2023,,room,Hall,Sean  O`Brien,\u200bsean.obrien@x.example,,ST MARY\u2019S,"+
				"education,attended,"),
			"2 1 2 1", "line 3 duplicate-row"},
		{"an address without a name, and with one", rows(
			"Level 1,education,course,14/06/2023,,room,Hall,,ann@x.example,,Harbour School,education,attended,",
			"Level 2,education,course,15/06/2023,,room,Hall,Ann Ash,ann@x.example,,Harbour School,education,attended,"),
			"2 1 2 1", ""},
		{"accents tell two people apart", rows(
			"Level 1,education,course,14/06/2023,,room,Hall,Rene Ash,,,Harbour School,education,attended,",
			"Level 1,education,course,14/06/2023,,room,Hall,René Ash,,,Harbour School,education,attended,"),
			"2 2 1 1", ""},
	} {
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			t.Run(c.name+" "+string(engine), func(t *testing.T) {
				t.Parallel()
				path := c.file(t)
				a := install(t, engine).opened
				rep, err := a.Imports.Load(t.Context(), "training-history", []string{path}, imports.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var found []string
				for _, f := range rep.Batch.Findings {
					found = append(found, fmt.Sprintf("line %d %s", f.Line, f.Rule))
				}
				slices.Sort(found)
				if got := strings.Join(found, ", "); got != c.findings {
					t.Errorf("findings: %s; want %s", got, c.findings)
				}
				if got := whoCame(t, a); got != c.want {
					t.Errorf("attendances, people, events, organisations: %s; want %s", got, c.want)
				}
			})
		}
	}
}

// whoCame gives attendances, people and events of 2023-24, and how many organisations
// there are.
func whoCame(t *testing.T, a *App) string {
	t.Helper()
	var out []string
	for _, id := range []string{"training.attendances", "training.people", "training.events"} {
		v, err := a.Figures.One(t.Context(), id, figure.Ask{Period: period.Year(2023).Span()})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(v.Numerator))
	}
	n, err := db.Get[int](t.Context(), a.Work, `SELECT count(*) FROM organisations WHERE ended_on IS NULL`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(out, fmt.Sprint(n)), " ")
}

// At the door as well three who give their office's address are three people, and one
// in two spellings is one.
func TestWhoIsAtTheDoor(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		school, err := w.Partnership.AddOrganisation(ctx, w.by, partnership.Organisation{Name: "Harbour School",
			Sector: "education"})
		w.ok(err)
		w.ok(w.Training.AddProgramme(ctx, w.by, training.Programme{ID: "education", Title: "Education"}))
		course, err := w.Training.AddCourse(ctx, w.by, training.Course{ProgrammeID: "education", Title: "Level 1",
			Kind: "course"})
		w.ok(err)
		today := w.Now.Today()
		session, err := w.Training.AddSession(ctx, w.by, training.Session{CourseID: course, StartsOn: today, EndsOn: today,
			StartTime: "09:30", EndTime: "16:00", Mode: "online", Capacity: 10, State: training.Open})
		w.ok(err)
		door := func(name string) error {
			return w.Training.AddWalkIn(ctx, w.by, session, training.NewLearner{Name: name,
				Email: "office@harbour.sch.example", OrganisationID: school})
		}
		w.ok(door("Sean O'Brien"))
		w.ok(door("Bob Birch"))
		w.ok(door("Cat Cedar"))
		if err := door("SEAN O’Brien"); !errors.Is(err, training.ErrBooked) {
			w.t.Error("one person in two spellings came twice:", err)
		}
		w.want("who came", w.statuses(), "Bob Birch walk-in, Cat Cedar walk-in, Sean O'Brien walk-in")
	})
}
