package annual

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A chapter may be given to somebody to write, by a day: anybody who can open the report. Who
// may not write every chapter may then write that one. Its owner says how far it is.

// A Stage is how far a chapter is said to be.
type Stage string

// The stages that are said. Whether a chapter is begun follows from its text.
const (
	Writing Stage = "" // not begun, or being written
	Ready   Stage = "ready"
	Done    Stage = "done"
)

// A Given says who writes a chapter, by when, and how far they are. Its fields are in the order
// of the columns.
type Given struct {
	OwnerID    db.Opt
	DueOn      period.Date
	GivenByID  string
	GivenOn    period.Date
	Stage      Stage
	Owner      string // read only
	OwnerEmail string // read only
}

// of gives whose a chapter is.
func (c Chapter) of() access.Object { return access.Object{PersonID: string(c.OwnerID)} }

// StageWords says how far a chapter is.
func (c Chapter) StageWords() string {
	switch {
	case c.Stage == Done:
		return "Done"
	case c.Stage == Ready:
		return "Ready to read"
	case strings.TrimSpace(c.Markdown) != "":
		return "Being written"
	}
	return "Not begun"
}

// StageTone is the shape and colour of it.
func (c Chapter) StageTone() string {
	switch c.Stage {
	case Done:
		return "good"
	case Ready:
		return "watch"
	}
	return "quiet"
}

// Overdue reports whether its day has passed and it is neither ready to read nor done.
func (c Chapter) Overdue(today period.Date) bool {
	return c.Stage == Writing && !c.DueOn.IsZero() && c.DueOn.Before(today)
}

// fillGive is the form that gives a chapter to somebody.
func fillGive(c Chapter) *web.Form {
	f := web.NewForm()
	if c.OwnerID != "" {
		f.Choose("owner", string(c.OwnerID), personWords(c))
	}
	f.SetDate("due", c.DueOn)
	return f
}

// writing stands in a form for what is neither ready nor done.
const writing = "writing"

// fillStage is the form that says how far a chapter is.
func fillStage(c Chapter) *web.Form { return web.NewForm("stage", cmp.Or(string(c.Stage), writing)) }

// ownerTodos lists the chapters that somebody was given, on their Home.
func (r *Room) ownerTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if p.ID == "" || !p.May(access.ReportRead) {
		return nil, nil
	}
	list, err := chaptersOf(ctx, r.Work, p.ID)
	if err != nil {
		return nil, err
	}
	today := r.Now.Today()
	var out []web.Todo
	for _, c := range list {
		t := web.Todo{Title: "Your chapter: " + c.readTitle(), Words: "Of the yearly report " + c.Year + ". " +
			c.StageWords() + ".", Due: c.DueOn, Late: c.Overdue(today), Href: chapterHref(c), Act: "Write it",
			Also: []web.TodoLink{{Text: "Say how far it is", Href: stepHref(c)}}}
		if c.Stage == Ready {
			t.Words, t.Act, t.Others = "You said that it is ready to read.", "See it", true
		}
		out = append(out, t)
	}
	if !chapterRules.MayAll(p, access.Change) {
		return out, nil
	}
	ready, err := chaptersReady(ctx, r.Work, p.ID)
	for _, c := range ready {
		out = append(out, web.Todo{Title: "Ready to read: " + c.readTitle(), Words: c.Owner + " says so. Of the yearly " +
			"report " + c.Year + ".", Href: chapterHref(c), Act: "Read it",
			Also: []web.TodoLink{{Text: "Say that it is done", Href: stepHref(c)}}})
	}
	return out, err
}

// sortChapters puts the rows of a table in the order that was asked for.
func sortChapters(rows []chapterRow, list ui.List) {
	later := func(d period.Date) string { return cmp.Or(d.String(), "9999") }
	slices.SortStableFunc(rows, func(a, b chapterRow) int {
		c := 0
		switch list.Sort {
		case "title":
			c = strings.Compare(db.Fold(a.Title), db.Fold(b.Title))
		case "owner":
			c = strings.Compare(cmp.Or(db.Fold(a.Owner), "\uffff"), cmp.Or(db.Fold(b.Owner), "\uffff"))
		case "due":
			c = strings.Compare(later(a.DueOn), later(b.DueOn))
		case "stage":
			c = cmp.Compare(stageOrder(a.Chapter), stageOrder(b.Chapter))
		}
		if c = cmp.Or(c, cmp.Compare(a.N, b.N)); list.Desc {
			return -c
		}
		return c
	})
}

func stageOrder(c Chapter) int {
	return slices.Index([]string{"Not begun", "Being written", "Ready to read", "Done"}, c.StageWords())
}

// overdueWords says how many of the chapters are overdue; "" for none.
func overdueWords(all []Chapter, today period.Date) string {
	n := 0
	for _, c := range all {
		if c.Overdue(today) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return lang.Plural(n, "chapter is", "chapters are") + " overdue"
}
