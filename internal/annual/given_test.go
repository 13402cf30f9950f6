package annual

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestStages: how far a chapter is follows from its text until somebody says so, and what is
// ready or done is not overdue.
func TestStages(t *testing.T) {
	t.Parallel()
	today := period.MustDate("2024-09-12")
	for _, c := range []struct {
		in   Chapter
		want string
		late bool
	}{
		{Chapter{Markdown: "\n"}, "Not begun", false},
		{Chapter{Markdown: "Many came.\n"}, "Being written", false},
		{Chapter{Given: Given{DueOn: today}}, "Not begun", false},
		{Chapter{Given: Given{DueOn: today.AddDays(-1)}}, "Not begun", true},
		{Chapter{Given: Given{DueOn: today.AddDays(-1), Stage: Ready}}, "Ready to read", false},
		{Chapter{Given: Given{DueOn: today.AddDays(-1), Stage: Done}}, "Done", false},
	} {
		if got, late := c.in.StageWords(), c.in.Overdue(today); got != c.want || late != c.late {
			t.Errorf("%+v: %s, overdue %t", c.in, got, late)
		}
	}
}

// TestChaptersSort: chapters without an owner or a day stand last, and each order ends with the
// place in the report.
func TestChaptersSort(t *testing.T) {
	t.Parallel()
	rows := []chapterRow{{N: 1, Chapter: Chapter{Title: "Training", Markdown: "x"}},
		{N: 2, Chapter: Chapter{Title: "audits", Given: Given{Owner: "Zoe", DueOn: period.MustDate("2024-09-01")}}},
		{N: 3, Chapter: Chapter{Title: "Reviews", Given: Given{Owner: "Ann", DueOn: period.MustDate("2024-08-01"),
			Stage: Done}}}}
	for by, want := range map[string]string{"place": "123", "title": "231", "owner": "321", "due": "321", "stage": "213"} {
		got := slices.Clone(rows)
		sortChapters(got, ui.List{Sort: by})
		var order strings.Builder
		for _, x := range got {
			order.WriteByte('0' + byte(x.N))
		}
		if order.String() != want {
			t.Errorf("by %s: %s, want %s", by, order.String(), want)
		}
	}
}

// TestOwners: who is given a chapter is told and has it on Home, is reminded until they say that
// it is ready, and whoever gave it is told of that; nobody is asked for a published report.
func TestOwners(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		at := &hand{t: morning}
		r, ctx := nodeOf(t, s, at), t.Context()
		registered(t, r)
		if err := r.AddReport(ctx, ann, period.Year(2023), "Yearly report 2023-24", ""); err != nil {
			t.Fatal(err)
		}
		id, err := r.AddChapter(ctx, ann, "2023-24", PartReport, "Training", "Many came.")
		if err != nil {
			t.Fatal(err)
		}
		before, err := report(ctx, r.Work, "2023-24")
		if err != nil {
			t.Fatal(err)
		}
		news := letters(t, r)
		due := period.MustDate("2024-09-26")
		want := func(step string, err error, what ...string) {
			t.Helper()
			got := news()
			if err != nil || len(got) != len(what) {
				t.Fatalf("%s: %v: %q", step, err, got)
			}
			for i, w := range what {
				if !strings.HasPrefix(got[i], w) || !strings.Contains(got[i], "https://kith.example"+
					chapterHref(Chapter{Year: "2023-24", ID: id})) {
					t.Errorf("%s: got\n%s\nwant %s", step, got[i], w)
				}
			}
		}
		reminded := func(step string, who ...string) {
			t.Helper()
			var list []remind.Item
			err := s.Work.Snapshot(ctx, func(q db.Reader) (err error) { list, err = r.chaptersOpen(ctx, q); return err })
			var got []string
			for _, x := range list {
				got = append(got, x.PersonID)
				subject, text := x.Letter(remind.Moment{Today: period.MustDate("2024-09-27"), Due: x.Due})
				if x.Due != due || x.Since != period.MustDate("2024-09-12") || subject != "Your chapter: Training" ||
					!strings.Contains(text, "It was due on 26 September 2024, 1 day ago.") {
					t.Errorf("%s: %+v %s %s", step, x, subject, text)
				}
			}
			if err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: reminded %q, %v; want %q", step, got, err, who)
			}
		}
		home := func(step string, p web.Person, want string) {
			t.Helper()
			list, err := r.ownerTodos(ctx, p)
			got := ""
			for _, x := range list {
				got += x.Title + ": " + x.Words
			}
			if err != nil || got != want {
				t.Errorf("%s: Home of %s says %q, %v", step, p.Name, got, err)
			}
		}
		var invalid *ui.Invalid
		if err := r.GiveChapter(ctx, ann, id, "pat", due, web.Unwatched); !errors.As(err, &invalid) {
			t.Errorf("somebody who cannot open it: %v", err)
		}
		want("given to nobody", r.GiveChapter(ctx, ann, id, "", due, web.Unwatched))
		reminded("nobody's")
		want("given", r.GiveChapter(ctx, ann, id, lea.ID, due, web.Unwatched), "lea: A chapter for you: Training\nDear Lea "+
			"Lead,\n\nAnn Author asks you to write this chapter of Yearly report 2023-24: Training.\n\nPlease have it ready to "+
			"read by 26 September 2024.")
		reminded("given", "lea")
		home("given", lea, "Your chapter: Training: Of the yearly report 2023-24. Being written.")
		home("given", sam, "")
		at.move(time.Hour)
		want("another may not say so", nil)
		if err := r.StepChapter(ctx, sam, id, Done, web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		want("ready", r.StepChapter(ctx, lea, id, Ready, web.Unwatched), "ann: Ready to read: Training\nDear Ann Author,\n\n"+
			"Lea Lead says that the chapter Training of the report 2023-24 is ready to read.")
		reminded("ready")
		home("ready", lea, "Your chapter: Training: You said that it is ready to read.")
		home("ready", ann, "Ready to read: Training: Lea Lead says so. Of the yearly report 2023-24.")
		home("ready", gil, "")
		want("not ready after all", r.StepChapter(ctx, lea, id, Writing, web.Unwatched))
		if now, err := report(ctx, r.Work, "2023-24"); err != nil || now.ChangedAt != before.ChangedAt {
			t.Errorf("who writes a chapter is no part of its text: %v, %v", now.ChangedAt, err)
		}
		if _, _, err := r.PublishReport(ctx, ann, "2023-24", unagreed, web.Unwatched); err != nil {
			t.Fatal(err)
		}
		reminded("published")
		home("published", lea, "")
	})
}
