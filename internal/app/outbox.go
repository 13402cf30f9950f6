package app

import (
	"bytes"
	"net/http"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type outboxPage struct {
	ui.Base
	List     ui.List
	States   []ui.Choice
	Messages []mail.Entry
	Sending  bool
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
	how, err := a.Mail.Using(r.Context(), a.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, a.pages, "outbox", outboxPage{
		Base: web.Crumbs(web.Base(r, "Outbox"), "Settings", "/work/settings", "Outbox", ""), List: l, Messages: messages,
		Sending: how.How != mail.ByNone,
		States: ui.Choices("waiting", "Waiting", "sent", "Sent", "returned", "Came back", "failed", "Refused", "held",
			"Held", "kept", "Kept")})
}

type messagePage struct {
	ui.Base
	Message mail.Entry
	Again   bool // it may be sent again, by whoever looks
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
	return web.Render(w, http.StatusOK, a.pages, "message", messagePage{Base: base, Message: m,
		Again: m.MayGoAgain() && web.PersonOf(r).May(access.PeopleManage)})
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
