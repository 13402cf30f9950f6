package app

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type homePage struct {
	ui.Base
	Greeting string
	Todos    []web.Todo
	Places   []ui.NavItem
}

// home says what needs the person, the most urgent first.
func (a *App) home(w http.ResponseWriter, r *http.Request) error {
	p := web.PersonOf(r)
	page := homePage{Base: web.Base(r, "Home")}
	for _, ask := range []func(context.Context, web.Person) ([]web.Todo, error){
		a.Reviews.Todos, a.Audits.Todos, a.Plan.Todos, a.Training.Todos, a.Annual.Todos, a.Sites.Todos, a.Partnership.Todos,
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
	page.Greeting = greeting(a.Now(), len(page.Todos))
	for _, item := range page.Nav {
		if item.Href != workPrefix {
			page.Places = append(page.Places, item)
		}
	}
	return web.Render(w, http.StatusOK, a.pages, "home", page)
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
	Messages []mail.Entry
	Server   bool
}

// newest is how many lines the outbox and the trail show.
const newest = 200

func (a *App) outbox(w http.ResponseWriter, r *http.Request) error {
	messages, err := a.Mail.Newest(r.Context(), newest)
	if err != nil {
		return err
	}
	base := web.Crumbs(web.Base(r, "Outbox"), "Settings", "/work/settings", "Outbox", "")
	return web.Render(w, http.StatusOK, a.pages, "outbox", outboxPage{Base: base, Messages: messages, Server: a.Config.Mail != ""})
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
	base := web.Crumbs(web.Base(r, m.Subject), "Settings", "/work/settings", "Outbox", "/work/settings/outbox", m.Subject, "")
	return web.Render(w, http.StatusOK, a.pages, "message", messagePage{Base: base, Message: m})
}

type trailPage struct {
	ui.Base
	Entries []audittrail.Entry
}

func (a *App) trail(w http.ResponseWriter, r *http.Request) error {
	entries, err := audittrail.Newest(r.Context(), a.Work, newest)
	if err != nil {
		return err
	}
	base := web.Crumbs(web.Base(r, "Who did what"), "Settings", "/work/settings", "Who did what", "")
	return web.Render(w, http.StatusOK, a.pages, "trail", trailPage{Base: base, Entries: entries})
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
	base := web.Crumbs(web.Base(r, "Work that failed"), "Settings", "/work/settings", "Work that failed", "")
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
