package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// became says what became of each row of a list.
func (w *world) became(id string) string {
	w.t.Helper()
	l, err := staffList(w.ctx(), w.Work, id)
	w.is(err, nil)
	rows, err := l.rows()
	w.is(err, nil)
	var out []string
	for _, s := range rows {
		out = append(out, s.Done)
	}
	return strings.Join(out, "|")
}

// begin confirms a list of which every row is ticked.
func (w *world) begin(by web.Person, rows ...string) (id string) {
	w.t.Helper()
	id, planned := w.plan(by, rows...)
	how := Applied{Seen: markOf(planned), Reason: "new in post"}
	for _, p := range planned {
		how.Lines = append(how.Lines, p.Line)
	}
	w.is(w.ApplyStaff(w.ctx(), by, id, how), nil)
	return id
}

// TestStaffListGoesOn: a node that stops in the middle of a row leaves it and the rest to another,
// which does nothing twice and notes nothing false.
func TestStaffListGoesOn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada, ben := w.user("Ada", "business-manager"), w.user("Ben", "practitioner")
		id := w.begin(ada, "Una Weir,una@x.example,,Practitioner,joins", "Ben,ben@tidewell.example,,,leaves",
			"Kim Ash,kim@x.example,,Practitioner,joins", "Dee Day,dee@x.example,,,joins")
		// The first node did the first row, closed Ben without noting it, and added Kim without the role.
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
			for _, line := range []int64{2, 3, 4} {
				if err := beginStaffRow(w.ctx(), q, id, line); err != nil {
					return err
				}
			}
			return endStaffRow(w.ctx(), q, id, 2, `{"line":2,"name":"Una Weir","done":"Added by the first"}`)
		}), nil)
		w.is(w.DeactivatePerson(w.ctx(), ada, ben.ID, web.Unwatched), nil)
		_, err := w.AddPerson(w.ctx(), ada, Person{Name: "Kim Ash", Email: "kim@x.example"})
		w.is(err, nil)
		w.work(1)
		if got := w.became(id); got != "Added by the first|Done|Given Practitioner|Added" {
			t.Error(got)
		}
		if n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM people WHERE name = 'Una Weir'`); err != nil || n != 0 {
			t.Error("a row that was done is done again", n, err)
		}
		if n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM identity_staff_rows`); err != nil || n != 0 {
			t.Error(n, err)
		}
		w.is(w.doStaffList(w.ctx(), id), nil) // a job that comes late
		w.is(w.doStaffList(w.ctx(), "nothing"), nil)

		// A node that is told to stop notes nothing of what it did not do.
		id = w.begin(ada, "Eve New,eve@x.example,,,joins", "Zed New,zed@x.example,,,joins")
		stopping, stop := context.WithCancelCause(w.ctx())
		stop(errors.New("stopping"))
		if err := w.doStaffList(stopping, id); err == nil {
			t.Error("it went on")
		}
		w.work(1)
		if got := w.became(id); got != "Added|Added" {
			t.Error(got)
		}
	})
}

// TestStaffListByTwo: two nodes at one list do each row once, and say so.
func TestStaffListByTwo(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada := w.user("Ada", "business-manager")
		var rows []string
		for _, name := range []string{"Ann", "Bob", "Cat", "Dan", "Eli", "Fay"} {
			w.user(name, "practitioner")
			rows = append(rows, name+","+strings.ToLower(name)+"@tidewell.example,,,leaves",
				"New "+name+",new."+strings.ToLower(name)+"@x.example,,,joins")
		}
		id := w.begin(ada, rows...)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := w.doStaffList(w.ctx(), id); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		got := strings.Split(w.became(id), "|")
		slices.Sort(got)
		for _, done := range got {
			if !slices.Contains([]string{"Added", "Here already", "Closed", "Done"}, done) {
				t.Errorf("%q", done)
			}
		}
		if n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM people WHERE name LIKE 'New %'`); err != nil || n != 6 {
			t.Error(n, err)
		}
	})
}

// TestStaffListAgain: what was confirmed is done, and nothing else: by the rules of now, for who
// still manages people.
func TestStaffListAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada, cora := w.user("Ada", "business-manager"), w.user("Cora", "coordinator")
		id := w.begin(ada, "Una Weir,una@x.example,,Practitioner,joins", "Zed New,zed@x.example,,,joins")
		_, err := w.AddPerson(w.ctx(), ada, Person{Name: "Una Weir", Email: "una@x.example"})
		w.is(err, nil)
		w.work(1)
		if got := w.became(id); got != "Not done: people were changed meanwhile, and it would do something else now|Added" {
			t.Error(got)
		}
		id = w.begin(cora, "Eve New,eve@x.example,,,joins")
		w.is(w.DeactivatePerson(w.ctx(), ada, cora.ID, web.Unwatched), nil)
		w.work(1)
		if got := w.became(id); got != "Not done: who confirmed the list manages people no more" {
			t.Error(got)
		}
	})
}
