package training

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// people12 are names for the rows of a file.
var people12 = strings.Fields("Ann Bob Cat Dan Eve Fay Guy Hal Ida Jon Kay Lee")

// rowsOf makes a row for each person, of days and statuses in turn.
func rowsOf(days, statuses string) (out []string) {
	d, s := strings.Fields(days), strings.Fields(statuses)
	for i, p := range people12 {
		out = append(out, row(p, d[i%len(d)], s[i%len(s)]))
	}
	return out
}

// named makes a row of somebody without an address.
func named(person string) string {
	return "Working together,multi-agency,course,2023-06-14,,room,Harbour Hall," + person + ",,,,health,attended,"
}

// A file that can be read without a fault and is most likely not what was meant is asked
// about, and nothing of it is loaded until somebody says that it is right. The tests are on 25
// March 2024.
func TestImportDoubts(t *testing.T) {
	t.Parallel()
	all := slices.Clip(rowsOf("2023-06-14", "attended")) // so that no two cases share what they add
	for name, c := range map[string]struct {
		above string
		rows  []string
		asked string // "" for a file that is not asked about
		came  string // in 2023-24 once somebody has said that it is right
	}{
		"as it should be":        {"", all, "", "12"},
		"a year that is to come": {"", rowsOf("2032-06-14", "attended"), "12 rows say who attended, or did not", "0"},
		"one row of such a year": {"", append(all, row("Moe", "2042-06-14", "no-show")), "1 row says who attended", "12"},
		"booked far ahead":       {"", append(all, row("Moe", "2042-06-14", "booked")), "more than 2 years from now", "12"},
		"booked for next month":  {"", append(all, row("Moe", "2024-04-14", "booked")), "", "12"},
		"a year only booked":     {"", rowsOf("2023-06-14", "booked confirmed"), "12 are only booked and not said", "0"},
		"most of a year booked": {"", rowsOf("2023-06-14", "booked booked attended"), "Of the 12 bookings on sessions",
			"4"},
		"some of a year booked":   {"", rowsOf("2023-06-14", "booked attended attended"), "", "8"},
		"one of two years booked": {"", append(all, rowsOf("2022-06-14", "booked")...), "sessions of 2022-23", "12"},
		"only cancelled":          {"", rowsOf("2023-06-14", "cancelled"), "12 bookings of 2023-24 that are over were", "0"},
		"nobody came":             {"", rowsOf("2023-06-14", "no-show"), "Nobody came to any session of 2023-24", "0"},
		"names that are nobody's": {"", append(all, named("TBC"), named("Delegate 1"), named("Guest 2"), named("Place "+
			"holder"),
			named("Unknown")), "5 rows name nobody (TBC, Delegate 1, Guest 2, Place holder and Unknown) and were left", "12"},
		"a number for a name": {"", append(all, named("72")), "1 row names nobody (72) and was left out", "12"},
		"a stand-in with an address": {"", append(all, strings.Replace(row("Moe", "2023-06-14", "attended"), ",Moe,",
			",Guest,",
			1)), "", "13"},
		"a stand-in with an address as mail programs write it": {"", append(all, strings.Replace(row("Moe", "2023-06-14",
			"attended"), ",Moe,moe@example.org,", ",Guest,Moe Ash <Moe@example.org>,", 1)), "", "13"},
		"a stand-in with an address in marks": {"", append(all, strings.Replace(row("Moe", "2023-06-14", "attended"),
			",Moe,moe@example.org,", ",Guest,<moe@example.org>,", 1)), "", "13"},
		"a stand-in with two addresses": {"", append(all, strings.Replace(row("Moe", "2023-06-14", "attended"),
			",Moe,moe@example.org,", ",Guest,a@b.example <moe@example.org>,", 1)), "1 row names nobody (Guest)", "12"},
		"totals": {"", append(all, "Total,,,,,,,,,,,,12,", "Total,multi-agency,course,2023-06-14,,,,72,,,,health,attended,",
			strings.Replace(named("Total"), "Working", "Not working", 1)), "", "12"},
		"a course that begins as a total": {"", append(all, strings.Replace(row("Ann", "2023-06-15", "attended"),
			"Working together", "Total respect", 1)), "", "13"},
		"a title of another year": {"Training 2022-23", all, "has “Training 2022-23” above its headings, and 12 of its 12",
			"12"},
		"a title of the year": {"From 01/04/2023 to 31/03/2024", all, "", "12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
			path := write(t, c.rows...)
			if c.above != "" {
				text, err := os.ReadFile(path)
				h.ok(err)
				h.ok(os.WriteFile(path, append([]byte(c.above+"\n\n"), text...), 0o600))
			}
			rep, err := h.imports.Load(t.Context(), "training-history", []string{path}, ledger.Options{})
			if c.asked != "" {
				if !errors.Is(err, ledger.ErrDoubts) || !strings.Contains(strings.Join(rep.Batch.Doubts, "\n"), c.asked) {
					t.Fatalf("not asked about: %v, %q", err, rep.Batch.Doubts)
				}
				h.want("people before it is loaded", h.counted("people"), "0")
				_, err = h.imports.Load(t.Context(), "training-history", []string{path}, sure)
			}
			h.ok(err)
			h.want("attendances", h.attendances(2023), c.came)
			for _, p := range []string{"Total", "72", "TBC", "Unknown"} {
				n, err := db.Get[int](t.Context(), h.Work, `SELECT count(*) FROM people WHERE name = $1`, p)
				if h.ok(err); n > 0 {
					t.Errorf("%s is a person", p)
				}
			}
		})
	}
}

// A file with a row for each session, and how many came, is refused with what is needed, and
// so is one of a meeting, before anybody is asked what its columns are.
func TestHeadCounts(t *testing.T) {
	t.Parallel()
	var persons, statuses []string
	for i, n := range []int{12, 15, 20, 9} {
		persons = append(persons, strings.Replace(named(fmt.Sprint(n)), "2023-06-14", fmt.Sprintf("2023-06-%d", 14+i), 1))
		statuses = append(statuses, fmt.Sprintf("Neglect,multi-agency,course,2023-06-%d,health,%d", 14+i, n))
	}
	file := filepath.Join(t.TempDir(), "sessions.csv")
	text := "course,programme,kind,session_start,sector,attended\n" + strings.Join(statuses, "\n") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const online = "this is the attendance file of an online meeting. Open the session it is of, choose Mark the register"
	for path, want := range map[string]string{
		write(t, persons...): "has a number in the place of the person in 4 of its 4 rows: it looks to have one row a " +
			"session",
		file:                                 "in one row for each person on a session; how many came to each cannot be loaded",
		filepath.Join(meetings, "teams.tsv"): online,
		filepath.Join(meetings, "teams-2022.tsv"):  online,
		filepath.Join(meetings, "zoom.csv"):        online,
		filepath.Join(meetings, "zoom-unique.csv"): online,
	} {
		h := newHouse(t, testkit.NewStores(t, db.SQLite).Work)
		_, err := h.imports.Load(t.Context(), "training-history", []string{path}, sure)
		var why *intake.Fatal
		if !errors.As(err, &why) || !strings.Contains(why.Words, want) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		_, err = h.match(t.Context(), []intake.File{{Name: "a", Path: path}}, intake.Matching{})
		if (err != nil) != (want == online) {
			t.Errorf("%s, asked what its columns are: %v", filepath.Base(path), err)
		}
	}
}

// A history that is saved anew is known again, whatever its form, and one that is given as of
// another year, or of one authority, is asked about or refused.
func TestHistoryAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		all := slices.Clip(rowsOf("2023-06-14", "attended"))
		turned := slices.Clone(all)
		slices.Reverse(turned)
		doubts := func(o ledger.Options, rows ...string) string {
			rep, err := h.imports.Load(t.Context(), "training-history", []string{write(t, rows...)}, o)
			if !errors.Is(err, ledger.ErrDoubts) {
				h.ok(err)
			}
			return strings.Join(rep.Batch.Doubts, "\n")
		}
		h.want("asked of the first", doubts(ledger.Options{}, all...), "")
		if got := doubts(ledger.Options{}, turned...); !strings.HasPrefix(got, "The same rows are loaded already") {
			t.Errorf("in another order: %q", got)
		}
		if got := doubts(ledger.Options{DryRun: true}, append(all, row("Moe", "2023-06-14", "attended"))...); got != "" {
			t.Errorf("with a row more: %q", got)
		}
		if got := doubts(ledger.Options{Year: 2022, DryRun: true}, rowsOf("2023-06-15",
			"attended")...); !strings.Contains(got,
			"is of 2022-23, and 12 of its 12 rows are of other years") {
			t.Errorf("of another year: %q", got)
		}
		h.want("of its own year", doubts(ledger.Options{Year: 2023, DryRun: true}, rowsOf("2023-06-15", "attended")...), "")
		_, err := h.imports.Load(t.Context(), "training-history", []string{write(t, all...)},
			ledger.Options{Authority: "E08000015", Cover: true})
		var why *intake.Fatal
		if !errors.As(err, &why) || !strings.Contains(why.Words, "of the whole partnership") {
			t.Errorf("of one authority: %v", err)
		}
	})
}
