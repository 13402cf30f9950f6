package remind_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A world has letters that were queued, jobs that were begun, and what there is to remind of.
type world struct {
	*remind.Reminders
	letters []mail.Message
	jobs    []string
	items   []remind.Item
	back    string // why mail comes back
	shut    bool   // the page opens for nobody
	fail    bool   // no letter can be queued
}

func (w *world) Queue(_ context.Context, _ db.Q, m mail.Message) error {
	if w.fail {
		return errors.New("no")
	}
	w.letters = append(w.letters, m)
	return nil
}

func (w *world) CameBack(_ context.Context, _ db.Reader, address string) (string, error) {
	if strings.HasPrefix(address, "ann@") {
		return w.back, nil
	}
	return "", nil
}

func (w *world) Enqueue(_ context.Context, _ db.Q, _, payload string) error {
	w.jobs = append(w.jobs, payload)
	return nil
}

func (w *world) on(day string, hour int) *world {
	d := period.MustDate(day)
	w.Now = clock.Fixed(time.Date(d.Year, d.Month, d.Day, hour, 30, 0, 0, clock.London))
	return w
}

const kind = "plan.actions"

func newWorld(work *db.DB) *world {
	w := &world{}
	w.Reminders = remind.New(remind.Deps{Work: work, Mail: w, Jobs: w,
		Site: mail.Fixed(mail.Site{Name: "Tidewell SCP", Address: "https://work.tidewell.example"}),
		Opens: func(_ context.Context, personID, path string) (bool, error) {
			return personID == "ann" && path == "/work/plan/actions/1" && !w.shut, nil
		},
		Holders: func(context.Context, db.Reader, web.Permission) ([]remind.Receiver, error) {
			return []remind.Receiver{{Name: "Olu Demo", Address: "olu@tidewell.example"}}, nil
		}})
	w.Offer(remind.Kind{ID: kind, Title: "Actions", Before: []int{14, 7, 1}, After: []int{1, 7},
		Officer: access.PlanManage,
		Open:    func(context.Context, db.Reader) ([]remind.Item, error) { return w.items, nil }})
	w.items = []remind.Item{{RecordID: "1", Title: "Write the policy", Due: period.MustDate("2026-03-18"), PersonID: "ann",
		Name: "Ann Demo", Address: "ann@health.example", Path: "/work/plan/actions/1", FixPath: "/work/plan/actions/1/edit",
		Letter: func(m remind.Moment) (string, string) { return "Action: write the policy", m.Words() }}}
	return w
}

func (w *world) remind(t *testing.T) {
	t.Helper()
	if err := w.Remind(t.Context(), kind); err != nil {
		t.Fatal(err)
	}
}

// TestOccasions: each occasion is seen to once, on a working day, and never when it is long past.
func TestOccasions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		due, since string
		setting    *remind.Setting
		days       []string // on which the job runs
		want       []string // what the letters say
	}{
		"all of them": {due: "2026-03-18", // a Wednesday
			days: []string{"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-11", "2026-03-16", "2026-03-17", "2026-03-18",
				"2026-03-19", "2026-03-20", "2026-03-25", "2026-04-20"},
			want: []string{"It is due on 18 March 2026, in 14 days.", "It is due on 18 March 2026, in 7 days.",
				"It is due tomorrow, 18 March 2026.", "It was due on 18 March 2026, 1 day ago.",
				"It was due on 18 March 2026, 7 days ago."}},
		"a day of rest": {due: "2026-03-16", // a Monday
			days: []string{"2026-03-02", "2026-03-09", "2026-03-13", "2026-03-16", "2026-03-17"},
			want: []string{"It is due on 16 March 2026, in 14 days.", "It is due on 16 March 2026, in 7 days.",
				"It is due on 16 March 2026, in 3 days.", "It was due on 16 March 2026, 1 day ago."}},
		"over Easter": {due: "2026-04-07", days: []string{"2026-04-02", "2026-04-07", "2026-04-08"},
			want: []string{"It is due on 7 April 2026, in 5 days.", "It was due on 7 April 2026, 1 day ago."}},
		"it was stopped": {due: "2026-03-18", days: []string{"2026-03-06", "2026-03-12"},
			want: []string{"It is due on 18 March 2026, in 12 days.", "It is due on 18 March 2026, in 6 days."}},
		"it was stopped for long": {due: "2026-03-18", days: []string{"2026-03-10", "2026-03-24"}},
		"not before it was theirs": {due: "2026-03-18", since: "2026-03-05", days: []string{"2026-03-05", "2026-03-11"},
			want: []string{"It is due on 18 March 2026, in 7 days."}},
		"as Settings have it": {due: "2026-03-18", setting: &remind.Setting{Kind: kind, Active: true, Before: []int{3}},
			days: []string{"2026-03-04", "2026-03-13", "2026-03-16", "2026-03-19"}, // 3 days before is a Sunday
			want: []string{"It is due on 18 March 2026, in 5 days."}},
		"switched off": {due: "2026-03-18", setting: &remind.Setting{Kind: kind, Before: []int{14}},
			days: []string{"2026-03-04"}},
		"no day": {days: []string{"2026-03-04"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				w := newWorld(s.Work)
				w.items[0].Due, w.items[0].Since = period.Date{}, period.Date{}
				if c.due != "" {
					w.items[0].Due = period.MustDate(c.due)
				}
				if c.since != "" {
					w.items[0].Since = period.MustDate(c.since)
				}
				if c.setting != nil {
					if err := s.Work.Tx(t.Context(), func(q db.Q) error {
						return remind.Save(t.Context(), q,
							*c.setting)
					}); err != nil {
						t.Fatal(err)
					}
				}
				for _, day := range c.days {
					for _, hour := range []int{9, 10} { // once, whatever is restarted
						w.on(day, hour).remind(t)
					}
				}
				var got []string
				for _, m := range w.letters {
					got = append(got, strings.Split(m.Body, "\n\n")[1])
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
				}
			})
		})
	}
}

// TestLost: nobody is sent to a page that does not open for them, nor where mail comes back; who
// can put it right is told once, and as soon as it is, the person is reminded.
func TestLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w *world)
		want   string
	}{
		"no role":    {func(w *world) { w.shut = true }, "the page does not open for Ann Demo"},
		"no account": {func(w *world) { w.items[0].PersonID = "" }, "Ann Demo has no account"},
		"no address": {func(w *world) { w.items[0].Address = "" }, "there is no e-mail address for Ann Demo"},
		"nobody":     {func(w *world) { w.items[0].Address, w.items[0].Name = "", "" }, "nobody is named for it"},
		"mail comes back": {func(w *world) { w.back = "e-mail to ann@health.example came back on 2 March 2026: gone" },
			"e-mail to ann@health.example came back on 2 March 2026: gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				w := newWorld(s.Work)
				c.change(w)
				for range 2 {
					w.on("2026-03-04", 9).remind(t)
				}
				if len(w.letters) != 1 || w.letters[0].ToAddress != "olu@tidewell.example" ||
					w.letters[0].Subject != "1 reminder could not be sent" || !strings.Contains(w.letters[0].Body, c.want) ||
					!strings.Contains(w.letters[0].Body, "https://work.tidewell.example/work/plan/actions/1/edit") {
					t.Fatalf("%+v", w.letters)
				}
				list, n, err := remind.Find(t.Context(), s.Work, remind.Filter{Lost: true, Limit: 10})
				if err != nil || n != 1 || !strings.Contains(list[0].Problem, c.want) {
					t.Fatalf("%+v %v", list, err)
				}
				w.items[0] = newWorld(s.Work).items[0]
				w.items[0].Address, w.shut, w.back = "ben@health.example", false, ""
				w.on("2026-03-04", 10).remind(t)
				if len(w.letters) != 2 || w.letters[1].ToAddress != "ben@health.example" ||
					!strings.Contains(w.letters[1].Body, "Open it here: https://work.tidewell.example/work/plan/actions/1\n") {
					t.Errorf("%+v", w.letters)
				}
				of, err := remind.Of(t.Context(), s.Work, kind, "1")
				if err != nil || len(of) != 2 || of[0].Problem != "" {
					t.Errorf("%+v %v", of, err)
				}
			})
		})
	}
}

// TestLetterAndRow: a letter that could not be queued is not kept as sent.
func TestLetterAndRow(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := newWorld(s.Work).on("2026-03-04", 9)
		w.fail = true
		if err := w.Remind(t.Context(), kind); err == nil {
			t.Fatal("nobody noticed")
		}
		w.fail = false
		w.remind(t)
		if len(w.letters) != 1 {
			t.Errorf("%+v", w.letters)
		}
	})
}

// TestBegin: the kinds are gone through once in each working hour, whichever node begins.
func TestBegin(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		one, two := newWorld(s.Work), newWorld(s.Work)
		for _, c := range []struct {
			day  string
			hour int
			want int // jobs in all
		}{{"2026-03-04", 7, 0}, {"2026-03-04", 8, 1}, {"2026-03-04", 8, 1}, {"2026-03-04", 9, 2}, {"2026-03-04", 16, 3},
			{"2026-03-04", 17, 3}, {"2026-03-07", 9, 3}, {"2026-04-03", 9, 3}, {"2026-07-01", 8, 4}} {
			for _, w := range []*world{one, two} {
				if err := w.on(c.day, c.hour).Begin(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(one.jobs) + len(two.jobs); got != c.want {
				t.Errorf("%s %d: %d jobs", c.day, c.hour, got)
			}
		}
	})
}
