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
	ann, bob := row("Ann", "2023-06-05", "attended"), row("Bob", "2023-06-05", "attended")
	both := []string{ann, bob}
	with := func(from, to string) (out []string) {
		for _, r := range both {
			out = append(out, strings.Replace(r, from, to, 1))
		}
		return out
	}
	for name, again := range map[string][]string{
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
			row("Ann", "2024-04-10", "attended"))}, ledger.Options{})
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
