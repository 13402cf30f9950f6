package annual

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// begun makes a report with two chapters and gives their ids.
func begun(t *testing.T, r *Room) (one, two string) {
	t.Helper()
	ctx := t.Context()
	if err := r.AddReport(ctx, ann, period.Year(2023), "Our year", ""); err != nil {
		t.Fatal(err)
	}
	one, err := r.AddChapter(ctx, ann, "2023-24", PartReport, "Introduction", "Hello.\r\n\r\nAgain.  \n\n")
	if err != nil {
		t.Fatal(err)
	}
	two, err = r.AddChapter(ctx, ann, "2023-24", PartReport, "Training", "What we did.")
	if err != nil {
		t.Fatal(err)
	}
	return one, two
}

func TestWriting(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, r := t.Context(), newRoom(t, s)
		one, two := begun(t, r)
		if err := r.AddReport(ctx, ann, period.Year(2023), "Another", ""); !errors.Is(err, ErrYearTaken) {
			t.Errorf("a second report of a year: %v", err)
		}
		if _, err := r.AddChapter(ctx, ann, "2023-24", PartReport, "introduction!", ""); !errors.Is(err, ErrTitleTaken) {
			t.Errorf("a second chapter of a name: %v", err)
		}
		if _, err := r.AddChapter(ctx, ann, "1999-00", PartReport, "Lost", ""); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("a chapter of no report: %v", err)
		}
		saw := seen(fillChapter(Chapter{Title: "Introduction", Markdown: "Hello.\n\nAgain.\n"}))
		if err := r.SaveChapter(ctx, ann, one, "Welcome", "Good day.", saw); err != nil {
			t.Errorf("save: %v", err)
		}
		var changed *web.Changed
		if err := r.SaveChapter(ctx, ann, one, "Welcome", "Mine.", saw); !errors.As(err, &changed) || changed.By != ann.Name {
			t.Errorf("save over another: %v", err)
		}
		if err := r.RestoreVersion(ctx, ann, one, 1, 2); err != nil {
			t.Error(err)
		}
		order := seen(fillMove(Chapter{ID: two}, []Chapter{{ID: one}, {ID: two}}))
		if err := r.MoveChapter(ctx, ann, two, "", order); err != nil {
			t.Error(err)
		}
		if err := r.MoveChapter(ctx, ann, two, one, order); !errors.As(err, &changed) {
			t.Errorf("move in an order that is no longer so: %v", err)
		}
		if err := r.MoveChapter(ctx, ann, two, two, web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("move behind itself: %v", err)
		}
		if err := r.MoveChapter(ctx, ann, two, "", web.Unwatched); err != nil { // it is there already
			t.Error(err)
		}
		if err := r.RemoveChapter(ctx, ann, two, 9); !errors.Is(err, ErrStale) {
			t.Errorf("remove another text: %v", err)
		}
		if err := r.RemoveChapter(ctx, ann, two, 1); err != nil {
			t.Error(err)
		}
		if err := r.SaveChapter(ctx, ann, two, "Training", "x", web.Unwatched); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("save what was taken out: %v", err)
		}
		if err := r.PutBackChapter(ctx, ann, "2022-23", two); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("put back into another year: %v", err)
		}
		if err := r.PutBackChapter(ctx, ann, "2023-24", two); err != nil {
			t.Error(err)
		}
		got, err := chapters(ctx, s.Work, "2023-24")
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, c := range got {
			rows = append(rows, fmt.Sprintf("%d %s %q version %d by %s", c.Position, c.Slug, c.Markdown, c.Version, c.ChangedBy))
		}
		want := []string{`1 training "What we did.\n" version 1 by Ann Author`,
			`2 introduction "Hello.\n\nAgain.\n" version 3 by Ann Author`}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Error(diff)
		}
		kept, err := versions(ctx, s.Work, one)
		if err != nil || len(kept) != 3 || kept[0].Why != "Version 1 restored" || kept[1].Markdown != "Good day.\n" {
			t.Errorf("%+v %v", kept, err)
		}
		trail, err := audittrail.Of(ctx, s.Work, "yearly report", "2023-24")
		if err != nil || len(trail) != 8 {
			t.Errorf("%d entries in the audit trail: %v", len(trail), err)
		}
	})
}

// Of many who save over one text at once, one does; every text that was saved
// is kept.
func TestManySaveAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, r := t.Context(), newRoom(t, s)
		one, _ := begun(t, r)
		saw := seen(fillChapter(Chapter{Title: "Introduction", Markdown: "Hello.\n\nAgain.\n"}))
		var wait sync.WaitGroup
		saved := make([]error, 8)
		for i := range saved {
			wait.Go(func() {
				saved[i] = r.SaveChapter(ctx, ann, one, "Introduction", fmt.Sprint("text ", i), saw)
			})
		}
		wait.Wait()
		done := 0
		for _, err := range saved {
			switch {
			case err == nil:
				done++
			case !errors.As(err, new(*web.Changed)):
				t.Error(err)
			}
		}
		kept, err := versions(ctx, s.Work, one)
		if done != 1 || len(kept) != 2 || err != nil {
			t.Errorf("%d saved, %d versions kept, %v", done, len(kept), err)
		}
	})
}

func TestPublishing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, r := t.Context(), sampleRoom(t, s)
		if _, _, err := r.Newest(ctx); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("newest of none: %v", err)
		}
		if err := r.WithdrawReport(ctx, ann, "2023-24", "x"); !errors.Is(err, ErrUnpublished) {
			t.Errorf("withdraw a draft: %v", err)
		}
		todos, err := r.Todos(ctx, ann)
		if err != nil || len(todos) != 1 || todos[0].Act != "Go on with it" {
			t.Errorf("%v %v", todos, err)
		}
		v, problems, err := r.PublishReport(ctx, ann, "2023-24", unagreed, web.Unwatched)
		if v != 1 || len(problems) > 0 || err != nil {
			t.Fatal(v, problems, err)
		}
		year, figures, err := r.Newest(ctx)
		if err != nil || year != "2023-24" {
			t.Fatal(year, err)
		}
		var href string
		for _, f := range figures {
			if f.ID == "cla.open" && f.At == "2024-03-31" && *f.Value == 777 {
				href = f.Href
			}
		}
		if href != "/report/2023-24/figures/cla.open-2024-03-31" {
			t.Errorf("the figure's page: %q", href)
		}
		rep, err := report(ctx, s.Work, "2023-24")
		if err != nil || rep.State != Published || rep.Version != 1 || rep.PublishedBy != "Ann Author" || rep.ChangedSince() {
			t.Errorf("%+v %v", rep, err)
		}
		if todos, err := r.Todos(ctx, ann); len(todos) != 0 || err != nil {
			t.Errorf("%v %v", todos, err)
		}
		if todos, err := r.Todos(ctx, web.Person{ID: "x"}); len(todos) != 0 || err != nil {
			t.Errorf("somebody who may not edit: %v %v", todos, err)
		}
	})
}

func TestReportWithErrorsIsNotPublished(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, r := t.Context(), newRoom(t, s)
		one, _ := begun(t, r)
		if err := r.SaveChapter(ctx, ann, one, "Introduction", "\n"+`{{figure "visits.total" as="over 50,000"}}`,
			web.Unwatched); err != nil {
			t.Fatal(err)
		}
		_, problems, err := r.PublishReport(ctx, ann, "2023-24", unagreed, web.Unwatched)
		if !errors.Is(err, ErrProblems) || len(problems) != 1 || problems[0].Line != 2 ||
			!strings.Contains(problems[0].Text, "43,000") {
			t.Errorf("%v %v", problems, err)
		}
		b, err := r.Build(ctx, "2023-24")
		if err != nil || len(b.Files) != 0 || !Failing(b.Problems) {
			t.Errorf("built with errors: %d files, %v", len(b.Files), err)
		}
		if check, err := r.Check(ctx, "2023-24"); err != nil || len(check) != 1 {
			t.Errorf("%v %v", check, err)
		}
	})
}

// TestUnfinishedReportIsNotPublished: a report needs content, and no heading with nothing
// under it is published.
func TestUnfinishedReportIsNotPublished(t *testing.T) {
	t.Parallel()
	words, table := "We met.", fences("'''figure-table\nfigure: visits.total\n'''")
	for name, c := range map[string]struct {
		report, summary []string // texts of chapters
		want            error
	}{
		"no chapters":              {nil, nil, ErrUnfinished},
		"a chapter without text":   {[]string{""}, nil, ErrUnfinished},
		"one that is only heads":   {[]string{"## What we did\n\n### And when"}, nil, ErrUnfinished},
		"one that is only a rule":  {[]string{"---\n\n* \n"}, nil, ErrUnfinished},
		"only a summary":           {nil, []string{words}, ErrUnfinished},
		"an empty section":         {[]string{words}, []string{""}, ErrUnfinished},
		"one chapter of two empty": {[]string{words, ""}, nil, ErrUnfinished},
		"words":                    {[]string{words}, nil, nil},
		"a figure":                 {[]string{`{{figure "visits.total"}}`}, nil, nil},
		"a table":                  {[]string{table}, []string{table}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, testkit.NewStores(t, db.SQLite))
			if err := r.AddReport(t.Context(), ann, y2023, "Yearly report", ""); err != nil {
				t.Fatal(err)
			}
			for part, texts := range map[string][]string{PartReport: c.report, PartSummary: c.summary} {
				for i, text := range texts {
					if _, err := r.AddChapter(t.Context(), ann, "2023-24", part, fmt.Sprint("Chapter ", i), text); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, _, err := r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// seen is what a person saw who opened a form.
func seen(f *web.Form) web.Seen { return web.NewForm("seen", f.Mark()).Seen() }
