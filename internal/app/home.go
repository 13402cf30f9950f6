package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/clock"
	"kith/internal/kit/figure"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type homePage struct {
	ui.Base
	Greeting  string
	Todos     []web.Todo
	Year      string
	Figures   []homeFigure
	NoFigures bool // the public store, which some are read from, does not answer
	Sessions  []homeSession
	Places    []place
}

// A homeFigure is one of the figures that Home shows.
type homeFigure struct{ Value, Meaning, Before, Href string }

// A homeSession is a training session that is coming.
type homeSession struct{ Title, Href, When, Where, Booked, Tone, Status string }

// home says what needs the person, the most urgent first.
func (a *App) home(w http.ResponseWriter, r *http.Request) error {
	p := web.PersonOf(r)
	page := homePage{Base: web.Base(r, "Home")}
	for _, ask := range []func(context.Context, web.Person) ([]web.Todo, error){
		a.Reviews.Todos, a.Audits.Todos, a.Plan.Todos, a.Training.Todos, a.Annual.Todos, a.Sites.Todos, a.Partnership.Todos,
		a.Imports.Todos, a.Duplicates.Todos, a.Identity.Todos,
	} {
		todos, err := ask(r.Context(), p)
		if err != nil {
			return err
		}
		page.Todos = append(page.Todos, todos...)
	}
	slices.SortStableFunc(page.Todos, func(x, y web.Todo) int {
		switch {
		case x.Late != y.Late:
			if x.Late {
				return -1
			}
			return 1
		case x.Due.IsZero() != y.Due.IsZero():
			if y.Due.IsZero() {
				return -1
			}
			return 1
		}
		return x.Due.Compare(y.Due)
	})
	for i, x := range page.Todos {
		page.Todos[i].Title, page.Todos[i].Words = page.Put(x.Title), page.Put(x.Words)
	}
	page.Greeting = greeting(a.Now(), len(page.Todos))
	if err := a.homeFigures(r.Context(), p, &page); err != nil {
		// Figures are read over both stores. Without the public one, Home has to say
		// all the same what is still public and should not be.
		if _, unknown := a.Cache.View(r.Context()); unknown == nil && !a.Cache.Away() {
			return err
		}
		a.Log.Error("home without figures", "error", err)
		page.Figures, page.NoFigures = nil, true
	}
	if err := a.homeSessions(r.Context(), p, &page); err != nil {
		return err
	}
	for _, x := range placesOf(p) {
		if x.Href != workPrefix {
			x.Words = page.Put(x.Words)
			page.Places = append(page.Places, x)
		}
	}
	return web.Render(w, http.StatusOK, a.pages, "home", page)
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
			f := homeFigure{Value: countFor(p, now), Meaning: page.Put(x.meaning),
				Href: "/work/performance/figures/" + x.id + "?period=" + page.Year}
			before, held, err := oneHeld(ctx, s, x.id, year-1)
			if err != nil {
				return err
			}
			if held {
				f.Before = countFor(p, before) + " the year before"
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

// homeSessions shows the training of the next 30 days.
func (a *App) homeSessions(ctx context.Context, p web.Person, page *homePage) error {
	if !p.May(access.TrainingRead) {
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

// greeting is what Home begins with.
func greeting(now time.Time, todos int) string {
	hello := "Good evening."
	switch h := now.In(clock.London).Hour(); {
	case h >= 4 && h < 12:
		hello = "Good morning."
	case h >= 12 && h < 18:
		hello = "Good afternoon."
	}
	if todos == 0 {
		return hello + " Nothing needs you today."
	}
	return hello + " " + lang.Sentence(lang.Words(todos)) + " " + lang.Noun(todos, "thing needs", "things need") + " you."
}

type outboxPage struct {
	ui.Base
	List     ui.List
	States   []ui.Choice
	Messages []mail.Entry
	Server   bool
}

func (a *App) outbox(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	l := ui.ReadList("/work/settings/outbox", v, "-created")
	l.One, l.Many = "e-mail", "e-mails"
	messages, total, err := a.Mail.Find(r.Context(), v.Get("q"), v.Get("state"), l.Size, l.Offset())
	if err != nil {
		return err
	}
	l.Total = total
	return web.Render(w, http.StatusOK, a.pages, "outbox", outboxPage{
		Base: web.Crumbs(web.Base(r, "Outbox"), "Settings", "/work/settings", "Outbox", ""), List: l, Messages: messages,
		Server: a.Config.Mail != "",
		States: ui.Choices("waiting", "Waiting", "sent", "Sent", "failed", "Failed", "kept", "Not sent: no mail server")})
}

type messagePage struct {
	ui.Base
	Message mail.Entry
}

func (a *App) message(w http.ResponseWriter, r *http.Request) error {
	m, err := a.Mail.Message(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	// Once it is sent, a link is the business of whoever received it alone.
	may, err := a.Identity.MayReadLinks(r.Context(), web.PersonOf(r), m.ToAddress)
	if err != nil {
		return err
	}
	m.Body = identity.HideRequestCodes(m.Body)
	if m.State != "kept" || !may {
		m.Body = identity.HideLinks(m.Body)
	}
	base := web.Crumbs(web.Base(r, m.Subject), "Settings", "/work/settings", "Outbox", "/work/settings/outbox", m.Subject,
		"")
	return web.Render(w, http.StatusOK, a.pages, "message", messagePage{Base: base, Message: m})
}

type jobsPage struct {
	ui.Base
	Failed []jobs.Failed
}

func (a *App) failedJobs(w http.ResponseWriter, r *http.Request) error {
	failed, err := a.Jobs.Failures(r.Context())
	if err != nil {
		return err
	}
	base := web.Crumbs(web.Base(r, "What could not be done"), "Settings", "/work/settings", "What could not be done", "")
	return web.Render(w, http.StatusOK, a.pages, "jobs", jobsPage{Base: base, Failed: failed})
}

func (a *App) styleGuide(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := ui.StyleGuide(&b, web.Base(r, "Style guide")); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := b.WriteTo(w)
	return err
}
