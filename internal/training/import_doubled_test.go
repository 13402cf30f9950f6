package training

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// Each of these files has some of its bookings twice, written in two ways: they are counted
// once, in one file and across two.
func TestDoubledRows(t *testing.T) {
	t.Parallel()
	ann, bob := row("Ann", "2023-06-05 13:00", "attended"), row("Bob", "2023-06-05 13:00", "attended")
	both := []string{ann, bob}
	with := func(from, to string) (out []string) {
		for _, r := range both {
			out = append(out, strings.ReplaceAll(r, from, to))
		}
		return out
	}
	for name, again := range map[string][]string{
		"no time":                      with(" 13:00", ""),
		"a full stop behind the title": with("Working together", "Working together."),
		"a space and a mark behind it": with("Working together", "WORKING together ;"),
		"two marks behind the title":   with("Working together", "Working together;."),
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				h := newHouse(t, s.Work)
				for i, files := range [][][]string{{slices.Concat(both, again)}, {slices.Concat(again, both)}, {both, again},
					{again, both}} {
					for _, rows := range files {
						text := strings.ReplaceAll(strings.Join(rows, "\n"), "2023-", fmt.Sprint(2019+i)+"-")
						_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, text)}, ledger.Options{})
						h.ok(err)
					}
					h.want(fmt.Sprint("attendances of files ", i), h.attendances(period.Year(2019+i)), "2")
				}
				h.want("sessions", h.counted("training_sessions")+" of "+h.counted("training_courses"), "4 of 1")
			})
		})
	}
}

// A row without a time is of the one session of its day, with what it says more; of a day
// with two sessions it is left out if the person is on one of them, and else kept apart.
func TestRowsWithoutTime(t *testing.T) {
	t.Parallel()
	at := func(person, time string) string { return row(person, "2023-06-05"+time, "attended") }
	two := []string{at("Ann", " 09:00"), at("Bob", " 13:00")}
	for name, c := range map[string]struct {
		rows           []string
		came, sessions string
		told           int // rows that were left out
	}{
		"one session":            {[]string{at("Ann", ""), at("Ann", " 13:00"), at("Bob", "")}, "2", "1", 1},
		"another's row only":     {[]string{at("Ann", " 13:00"), at("Bob", "")}, "2", "1", 0},
		"the same, three times":  {[]string{at("Ann", ""), at("Ann", " 13:00"), at("Ann", "")}, "1", "1", 2},
		"two sessions":           {append([]string{at("Ann", ""), at("Bob", "")}, two...), "2", "2", 2},
		"two, and somebody else": {append([]string{at("Ann", ""), at("Cat", "")}, two...), "3", "3", 1},
		"not come by the other":  {[]string{at("Ann", " 13:00"), row("Ann", "2023-06-05", "no-show")}, "1", "1", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
			rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, c.rows...)}, ledger.Options{})
			h.ok(err)
			h.want("attendances", h.attendances(2023), c.came)
			h.want("sessions", h.counted("training_sessions"), c.sessions)
			told := 0
			for _, f := range rep.Batch.Findings {
				if f.Rule == "duplicate-row" {
					told++
				}
			}
			h.want("told", fmt.Sprint(told), fmt.Sprint(c.told))
		})
	}
}

// A person whose name is turned about, at the same address, is one person.
func TestNamesTurnedAbout(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
	as := func(name string) string {
		return strings.Replace(row("Ann", "2023-06-05", "attended"), ",Ann,", ","+name+",", 1)
	}
	_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, as("Ann Ash"), as(`"Ash, Ann"`))},
		ledger.Options{})
	h.ok(err)
	h.want("attendances", h.attendances(2023), "1")
}

// Two courses that an earlier version loaded apart are not loaded a third time: a file finds
// the sessions of both.
func TestTitlesLoadedApart(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		plain, stopped := h.course("Working together", "course"), h.course("Working together.", "course")
		h.sessionOf(plain, "2024-04-09", 9)
		h.sessionOf(stopped, "2024-04-10", 9)
		_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, row("Ann", "2024-04-09", "attended"),
			row("Ann", "2024-04-10", "attended"))}, sure)
		h.ok(err)
		h.want("sessions", h.counted("training_sessions"), "2")
	})
}

// Marks within a title tell courses apart, and a title of nothing but marks is one.
func TestTitleKey(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{"Neglect. ": "neglect", "Neglect!": "neglect",
		"Neglect: level 2": "neglect: level 2",
		"Why?":             "why?", "...": "..."} {
		if got := titleKey(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

// counted counts the rows of a table.
func (h *house) counted(table string) string {
	h.t.Helper()
	n, err := db.Get[string](h.t.Context(), h.Work, `SELECT CAST(count(*) AS TEXT) FROM `+table)
	h.ok(err)
	return n
}
