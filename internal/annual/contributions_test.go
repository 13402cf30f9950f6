package annual

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestContributions: whoever is asked is told and has it on Home, is reminded until they give it
// or decline, and whoever asked is told what they answered.
func TestContributions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := nodeOf(t, s, &hand{t: morning}), t.Context()
		registered(t, r)
		if err := r.AddReport(ctx, ann, period.Year(2023), "Yearly report 2023-24", ""); err != nil {
			t.Fatal(err)
		}
		news := letters(t, r)
		want := func(step string, err error, what ...string) {
			t.Helper()
			got := news()
			if err != nil || len(got) != len(what) {
				t.Fatalf("%s: %v: %q", step, err, got)
			}
			for i, w := range what {
				if !strings.HasPrefix(got[i], w) || !strings.Contains(got[i], "https://kith.example/work/contributions/") {
					t.Errorf("%s: got\n%s\nwant %s", step, got[i], w)
				}
			}
		}
		due := period.MustDate("2024-09-26")
		waits := func(step string, who ...string) {
			t.Helper()
			var list []remind.Item
			err := s.Work.Snapshot(ctx, func(q db.Reader) (err error) { list, err = r.contributionsOpen(ctx, q); return err })
			var got []string
			for _, x := range list {
				got = append(got, x.PersonID)
				subject, text := x.Letter(remind.Moment{Today: due.AddDays(-1), Due: due})
				if x.Due != due || !strings.HasPrefix(x.Path, "/work/contributions/") ||
					subject != "Your contribution: Yearly report 2023-24, by 26 September 2024" ||
					!strings.Contains(text, "It is due tomorrow, 26 September 2024.\n\nWhat did you do?") {
					t.Errorf("%s: %+v %s\n%s", step, x, subject, text)
				}
			}
			for _, p := range []web.Person{pat, lea, dot} {
				todos, err := r.contributionTodos(ctx, p)
				if has := slices.Contains(who, p.ID); err != nil || (len(todos) == 1) != has {
					t.Errorf("%s: Home of %s: %+v, %v", step, p.Name, todos, err)
				}
			}
			slices.Sort(got)
			if err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: reminded %q, %v; want %q", step, got, err, who)
			}
		}
		ask := func(p web.Person) string {
			t.Helper()
			id, err := r.AddContribution(ctx, gil, Contribution{Year: "2023-24", PersonID: p.ID, Asked: "What did you do?",
				DueOn: due})
			want("asked", err, p.ID+": Your contribution: Yearly report 2023-24, by 26 September 2024\nDear "+
				p.Name+",\n\nGil Writer asks you to contribute to the yearly report 2023-24.\n\nWhat did you do?\n\nPlease write it "+
				"there by 26 September 2024, or decline.")
			return id
		}
		var invalid *ui.Invalid
		if _, err := r.AddContribution(ctx, gil, Contribution{Year: "2023-24", PersonID: "stranger", Asked: "x",
			DueOn: due}); !errors.As(err, &invalid) {
			t.Errorf("somebody without an account: %v", err)
		}
		one, two, three := ask(pat), ask(lea), ask(dot)
		waits("asked", "dot", "lea", "pat")
		if err := r.GiveContribution(ctx, lea, one, "Mine.", web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		want("given", r.GiveContribution(ctx, pat, one, "We taught.", web.Unwatched), "gil: Given: contribution to Yearly "+
			"report 2023-24\nDear Gil Writer,\n\nPat Practitioner gave the contribution to Yearly report "+
			"2023-24.\n\nWe taught.\n")
		waits("one gave", "dot", "lea")
		want("declined", r.DeclineContribution(ctx, lea, two, "No time.", web.Unwatched), "gil: Declined: contribution")
		waits("one declined", "dot")
		want("called back", r.TakeBackContribution(ctx, ann, three, web.Unwatched), "dot: No longer needed: your")
		waits("called back")
		for _, err := range []error{r.GiveContribution(ctx, dot, three, "Much.", web.Unwatched),
			r.DeclineContribution(ctx, pat, one, "After all.", web.Unwatched),
			r.UseContribution(ctx, ann, two, web.Unwatched), r.UseContribution(ctx, ann, one, web.Unwatched)} {
			if !errors.Is(err, ErrAnswered) {
				t.Errorf("what was answered: %v", err)
			}
		}

		// What was given for a chapter is on the Home of whoever asked until it is in the chapter.
		chapterID, err := r.AddChapter(ctx, ann, "2023-24", PartReport, "Training", "Many came.")
		if err != nil {
			t.Fatal(err)
		}
		id, err := r.AddContribution(ctx, gil, Contribution{Year: "2023-24", ChapterID: db.Opt(chapterID), PersonID: pat.ID,
			Asked: "What did you teach?", DueOn: due})
		want("asked for a chapter", err, "pat: Your contribution: Training, by 26 September 2024")
		want("given", r.GiveContribution(ctx, pat, id, "Neglect.", web.Unwatched), "gil: Given: contribution to Training")
		given := func() string {
			t.Helper()
			list, err := r.contributionTodos(ctx, gil)
			if err != nil || len(list) > 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			for _, x := range list {
				return x.Title
			}
			return ""
		}
		if got := given(); got != "Given: contribution to Training" {
			t.Errorf("Home says %q", got)
		}
		if err := r.UseContribution(ctx, gil, id, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		c, err := chapter(ctx, r.Work, chapterID)
		if err != nil || c.Markdown != "Many came.\n\nNeglect.\n" || given() != "" {
			t.Errorf("the chapter is %q, %v; Home says %q", c.Markdown, err, given())
		}
	})
}
