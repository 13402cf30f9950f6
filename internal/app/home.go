package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"kith/internal/access"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/plan"
	"kith/internal/register"
)

// homePage is what a person begins at: what needs them, by when; what is with others; how the
// partnership does, for those who look at figures; and the year.
type homePage struct {
	ui.Base
	Greeting  string
	Line      string // the day, and what the reader is here
	Steps     []step // the first steps of a new installation; nil when they are taken
	Needs     []need
	More      []need // those after the first few
	Others    []need
	Report    *reportCard
	Own       *plan.Standing // of the reader's organisation
	Year      string
	Figures   []homeFigure
	NoFigures bool // the public store, which some are read from, does not answer
	Sessions  []homeSession
	Calendar  calendar
}

// A need is a row of Home.
type need struct {
	web.Todo
	When, Left string
	First      bool // it has the page's main button
}

// A homeFigure is one of the figures that Home shows.
type homeFigure struct{ Value, Meaning, Before, Href string }

// A homeSession is a training session that is coming.
type homeSession struct{ Title, Href, When, Where, Booked, Tone, Status string }

// mostNeeds is how many rows Home shows before the others are folded away.
const mostNeeds = 8

// home says what needs the person, by day.
func (a *App) home(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), web.PersonOf(r)
	version, err := db.Version(ctx, a.Work)
	if err != nil {
		return err
	}
	todos, err := a.todos(ctx, p)
	if err != nil {
		return err
	}
	waits := a.keepRail(p, version, todos)
	page := homePage{Base: web.Base(r, "Home"), Line: a.homeLine(p)}
	page.Nav = counted(page.Nav, waits)
	for i, x := range todos {
		todos[i].Title, todos[i].Words = page.Put(x.Title), page.Put(x.Words)
	}
	page.Needs, page.Others = needs(todos, a.Now.Today())
	page.Greeting = greeting(a.Now(), p.Name, len(page.Needs))
	if len(page.Needs) > mostNeeds {
		page.Needs, page.More = page.Needs[:mostNeeds], page.Needs[mostNeeds:]
	}
	if page.Steps, err = a.firstSteps(ctx, p); err != nil {
		return err
	}
	if len(page.Steps) > 0 && len(page.Needs) > 0 {
		page.Needs[0].First = false // the next step is the one filled button
	}
	if page.Report, err = a.reportCard(ctx, p); err != nil {
		return err
	}
	if page.Own, err = a.Plan.Standing(ctx, p); err != nil {
		return err
	}
	if err := a.homeFigures(ctx, p, &page); err != nil {
		// Figures are read over both stores. Without the public one, Home has to say
		// all the same what is still public and should not be.
		if _, unknown := a.Cache.View(ctx); unknown == nil && !a.Cache.Away() {
			return err
		}
		a.Log.Error("home without figures", "error", err)
		page.Figures, page.NoFigures = nil, true
	}
	if err := a.homeSessions(ctx, p, &page); err != nil {
		return err
	}
	if page.Calendar, err = a.calendar(ctx, p, page.Put); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, a.pages, "home", page)
}

// homeLine says which day it is, and what the reader is here.
func (a *App) homeLine(p web.Person) string {
	out := []string{a.Now.Today().Format("Monday 2 January 2006")}
	for _, x := range []string{p.Role, p.Organisation} {
		if x != "" {
			out = append(out, x)
		}
	}
	return strings.Join(out, " · ")
}

// needs parts what needs the reader from what is with others, each by day: first what cannot
// wait, then by when it is due, and last what has no day.
func needs(todos []web.Todo, today period.Date) (mine, others []need) {
	slices.SortStableFunc(todos, func(x, y web.Todo) int {
		urgent := func(t web.Todo) int {
			switch {
			case t.Late:
				return 0
			case t.Due.IsZero():
				return 2
			}
			return 1
		}
		return cmp.Or(cmp.Compare(urgent(x), urgent(y)), x.Due.Compare(y.Due))
	})
	for _, t := range todos {
		n := need{Todo: t}
		n.When, n.Left = dayWords(t, today)
		if t.Others {
			others = append(others, n)
			continue
		}
		n.First = len(mine) == 0
		mine = append(mine, n)
	}
	return mine, others
}

// dayWords say when something is due, and how long that is.
func dayWords(t web.Todo, today period.Date) (when, left string) {
	n := today.DaysUntil(t.Due)
	switch {
	case t.Due.IsZero() && t.Late:
		return "Now", ""
	case t.Due.IsZero():
		return "When you can", ""
	case n < 0:
		return t.Due.Format("Mon 2 January"), lang.Plural(-n, "day", "days") + " late"
	case n == 0:
		return "Today", ""
	case n == 1:
		return "Tomorrow", t.Due.Format("Mon 2 January")
	case n > 300:
		return t.Due.Words(), ""
	}
	return t.Due.Format("Mon 2 January"), "in " + lang.Plural(n, "day", "days")
}

// shownAtHome are the figures that Home shows, and what each means.
var shownAtHome = []struct{ id, meaning string }{
	{"contacts.received", "contacts with the {front door}"},
	{"cpp.open", "children with a child protection plan"},
	{"cla.open", "children {looked after}"},
	{"training.attendances", "training attendances"},
}

// homeFigures shows four figures of the newest year, beside the year before, to
// those who may read figures.
func (a *App) homeFigures(ctx context.Context, p web.Person, page *homePage) error {
	if !p.May(access.FiguresRead) {
		return nil
	}
	return a.Figures.Snapshot(ctx, func(s *figure.Snapshot) error {
		latest, err := register.LatestYear(ctx, s.Work)
		if err != nil || latest == "" { // nothing is imported yet
			return err
		}
		year, err := period.ParseYear(latest)
		if err != nil {
			return fmt.Errorf("the newest year imported: %w", err)
		}
		page.Year = year.String()
		for _, x := range shownAtHome {
			now, held, err := oneHeld(ctx, s, x.id, year)
			if err != nil {
				return err
			}
			if !held {
				continue
			}
			f := homeFigure{Value: countFor(p, now), Meaning: page.Put(x.meaning), Before: "not held",
				Href: "/work/performance/figures/" + x.id + "?period=" + page.Year}
			before, held, err := oneHeld(ctx, s, x.id, year-1)
			if err != nil {
				return err
			}
			if held {
				f.Before = countFor(p, before)
			}
			page.Figures = append(page.Figures, f)
		}
		return nil
	})
}

// countFor writes a count for a person: who may not see small counts of children is told
// only that it is one.
func countFor(p web.Person, v figure.Value) string {
	if v.Small() && !access.SeesSmallCounts(p) {
		return figure.FewerWords
	}
	return lang.Number(int(v.Numerator))
}

// oneHeld gives a figure of a year, and whether the records can answer for it: 0 counted of no
// record at all says that nothing was entered, and is no answer.
func oneHeld(ctx context.Context, s *figure.Snapshot, id string, year period.Year) (figure.Value, bool, error) {
	v, err := s.One(ctx, id, figure.Ask{Period: year.Span()})
	var none *figure.NotHeld
	if errors.As(err, &none) {
		return v, false, nil
	}
	if err != nil || v.Numerator != 0 {
		return v, err == nil, err
	}
	counted, err := s.One(ctx, id, figure.Ask{Period: year.Span(), Sources: true})
	return v, err == nil && figure.RowsRead([]figure.Value{counted}) > 0, err
}

// trains reports whether training is the reader's work here: they run it, book others, or come
// for it alone. Who only may go to a course finds courses under Training.
func trains(p web.Person) bool {
	return p.May(access.TrainingManage) || p.May(access.TrainingBookOthers) ||
		p.May(access.TrainingBook) && !p.May(access.PlanRead)
}

// homeSessions shows the training of the next 30 days to those who train.
func (a *App) homeSessions(ctx context.Context, p web.Person, page *homePage) error {
	if !p.May(access.TrainingRead) || !trains(p) {
		return nil
	}
	list, err := a.Training.Upcoming(ctx, a.Now.Today().AddDays(30), 8)
	if err != nil {
		return err
	}
	for _, s := range list {
		tone, status := s.Tag(a.Now())
		page.Sessions = append(page.Sessions, homeSession{Title: s.Course, Href: "/work/training/sessions/" + s.ID,
			When: s.When(), Where: s.Where(),
			Booked: fmt.Sprintf("%d of %d", s.Taken, s.Capacity), Tone: tone, Status: status})
	}
	return nil
}

// greeting is what Home begins with: "Good morning, Maren. Four things need you."
func greeting(now time.Time, name string, needs int) string {
	hello := "Good evening"
	switch h := now.In(clock.London).Hour(); {
	case h >= 4 && h < 12:
		hello = "Good morning"
	case h >= 12 && h < 18:
		hello = "Good afternoon"
	}
	if first := firstName(name); first != "" {
		hello += ", " + first
	}
	if needs == 0 {
		return hello + ". Nothing needs you today."
	}
	return hello + ". " + lang.Sentence(lang.Words(needs)) + " " + lang.Noun(needs, "thing needs", "things need") +
		" you."
}

// titles are what stands before a name: whoever is called so is not called by what follows.
var titles = []string{"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "rev",
	"revd", "the", "dci", "di", "ds", "ch", "supt", "cllr", "councillor"}

// firstName gives what somebody is greeted by; "" where their name does not say: of a title,
// an initial, or words in brackets.
func firstName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || strings.ContainsAny(name, "(),@0123456789") {
		return ""
	}
	first := strings.TrimSuffix(words[0], ".")
	if len([]rune(first)) < 2 || slices.Contains(titles, strings.ToLower(first)) {
		return ""
	}
	return first
}
