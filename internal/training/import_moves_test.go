package training

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// A file that would move a year's attendances by more than a third is asked about, whichever
// way, unless what it adds is of days that nothing was loaded of; one whose kinds of course
// are not known is refused.
func TestImportAsks(t *testing.T) {
	t.Parallel()
	rows := func(n int, day, from, to string) (out []string) {
		for i := range n {
			out = append(out, strings.Replace(row(fmt.Sprint("P", i), day, "attended"), from, to, 1))
		}
		return out
	}
	loaded := append(rows(20, "2023-06-05", "", ""), rows(20, "2023-09-05", "", "")...)
	loaded = append(loaded, rows(40, "2023-07-05", "", "")...)
	const ofCourse = "Working together,multi-agency,course"
	for name, c := range map[string]struct {
		rows []string
		want string // the attendances now and after, and whether it is asked
	}{
		"all but one":              {loaded[1:], "80 to 79"},
		"other titles":             {rows(40, "2023-07-05", "Working together", "Neglect"), "80 to 120, asked"},
		"another month":            {rows(60, "2024-01-05", "", ""), "80 to 140"},
		"a few more":               {rows(20, "2023-07-06", "", ""), "80 to 100"},
		"briefings":                {rows(60, "2023-07-05", ofCourse, "Talk,multi-agency,briefing"), "80 to 80"},
		"fewer":                    {rows(5, "2023-07-05", "", ""), "80 to 45, asked"},
		"its course is a briefing": {rows(20, "2023-06-05", "course", "briefing"), "80 to 0, asked"},
		"the time of a session":    {rows(20, "2023-06-05 13:00", "", ""), "80 to 80"},
		"a kind that is not known": {rows(40, "2023-07-05", "course", "webinar"), "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
			_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, loaded...)}, ledger.Options{})
			h.ok(err)
			was := h.attendances(2023)
			rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, c.rows...)}, ledger.Options{})
			var fatal *intake.Fatal
			if errors.As(err, &fatal) {
				h.want("refused", "refused", c.want)
				h.want("said", fmt.Sprint(strings.Contains(fatal.Words, `The first is "webinar"`)), "true")
				return
			}
			got := fmt.Sprintf("%d to %d", rep.Moves[0].Before, rep.Moves[0].After)
			if errors.Is(err, ledger.ErrChange) {
				got += ", asked"
			} else {
				h.ok(err)
				h.want("the figure after", h.attendances(2023), fmt.Sprint(rep.Moves[0].After))
			}
			h.want("moves", got, c.want)
			h.want("the figure before", was, fmt.Sprint(rep.Moves[0].Before))
		})
	}
}
