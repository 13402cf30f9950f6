package letters

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/mail"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const (
	settingsPath  = "/work/settings"
	emailPath     = settingsPath + "/email"
	outboxPath    = settingsPath + "/outbox"
	returnedPath  = outboxPath + "/returned"
	remindersPath = settingsPath + "/reminders"
)

// Routes are the room's addresses.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/settings/email", Permission: access.SettingsManage, Handle: r.showEmail},
		{Pattern: "GET /work/settings/email/arrival", Permission: access.SettingsManage, Handle: r.showArrival},
		{Pattern: "GET /work/settings/email/edit", Permission: access.SettingsManage, Handle: r.editEmail},
		{Pattern: "POST /work/settings/email/edit", Permission: access.SettingsManage, Handle: r.saveEmail,
			Confirm: web.Always},
		{Pattern: "POST /work/settings/email/test", Permission: access.SettingsManage, Handle: r.testEmail, Adds: true},
		{Pattern: "GET /work/settings/email/make-key", Permission: access.SettingsManage, Handle: r.confirmMakeKey},
		{Pattern: "POST /work/settings/email/make-key", Permission: access.SettingsManage, Handle: r.makeKey},
		{Pattern: "GET /work/settings/email/use-key", Permission: access.SettingsManage, Handle: r.confirmUseKey},
		{Pattern: "POST /work/settings/email/use-key", Permission: access.SettingsManage, Handle: r.useKey},

		{Pattern: "GET /work/settings/outbox/{id}/again", Permission: access.PeopleManage, Handle: r.confirmAgain},
		{Pattern: "POST /work/settings/outbox/{id}/again", Permission: access.PeopleManage, Handle: r.again},
		{Pattern: "GET /work/settings/outbox/returned", Permission: access.OutboxRead, Handle: r.listReturned},
		{Pattern: "GET /work/settings/outbox/returned/new", Permission: access.PeopleManage, Handle: r.newReport},
		{Pattern: "POST /work/settings/outbox/returned/new", Permission: access.PeopleManage, Handle: r.addReport},
		{Pattern: "GET /work/settings/outbox/returned/{address}/try", Permission: access.PeopleManage, Handle: r.confirmTry},
		{Pattern: "POST /work/settings/outbox/returned/{address}/try", Permission: access.PeopleManage, Handle: r.try},

		{Pattern: "GET /work/settings/reminders", Permission: access.SettingsManage, Handle: r.listReminders},
		{Pattern: "GET /work/settings/reminders/sent", Permission: access.SettingsManage, Handle: r.listSent},
		{Pattern: "GET /work/settings/reminders/{id}/edit", Permission: access.SettingsManage, Handle: r.editReminder},
		{Pattern: "POST /work/settings/reminders/{id}/edit", Permission: access.SettingsManage, Handle: r.saveReminder},
	}
}

// base is the frame of a page of settings, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"Settings", settingsPath}, way...)...)
}

type emailPage struct {
	ui.Base
	Form    ui.Form
	How     string
	Sending bool
	Given   bool // as the process was started
	Rows    []ui.Row
	Keys    []keyRow
	NoKey   bool       // of the sealed secrets
	Waits   bool       // a key waits to be published
	Asked   ui.NavItem // another way to send that waits for a second person; no text where none does
	Address string
	History []audittrail.Entry
}

// A keyRow is a key with its record.
type keyRow struct {
	mail.Key
	Tone, Status, Name, Value string
}

func (r *Room) showEmail(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	s, err := r.Mail.Using(ctx, r.Work)
	if err != nil {
		return err
	}
	site, err := r.Mail.Site(ctx, r.Work)
	if err != nil {
		return err
	}
	page := emailPage{Base: base(req, "E-mail", "E-mail", ""), Form: web.NewRecord(), How: s.How.Words(), Given: s.Given,
		Sending: s.How != mail.ByNone, NoKey: !r.Mail.Seal.Ready(), Address: web.PersonOf(req).Email,
		Rows: senderRows(s, site)}
	keys, err := mail.Keys(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, k := range keys {
		row := keyRow{Key: k, Tone: "quiet", Status: "Retired"}
		row.Name, row.Value = k.Record()
		switch k.State {
		case mail.KeySigning:
			row.Tone, row.Status = "good", "Signs"
		case mail.KeyWaiting:
			row.Tone, row.Status, page.Waits = "watch", "Waits to be published", true
		}
		page.Keys = append(page.Keys, row)
	}
	if page.Asked, err = r.People.WaitingMail(ctx); err != nil {
		return err
	}
	if page.History, err = audittrail.Of(ctx, r.Work, settingsSubject, emailID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "email", page)
}

// senderRows say how mail is sent.
func senderRows(s mail.Sender, site mail.Site) []ui.Row {
	from := site.From
	if from == "" {
		from = "Not set"
	}
	rows := []ui.Row{{Key: "How", Value: s.How.Words()}}
	if s.How != mail.ByNotify {
		rows = append(rows, ui.Row{Key: "From", Value: from, Href: settingsPath, Act: "Change", About: "where e-mails come " +
			"from"})
	}
	switch s.How {
	case mail.BySMTP:
		user := s.Username
		if user == "" {
			user = "Without signing in"
		}
		rows = append(rows, ui.Row{Key: "Mail server", Value: s.Host}, ui.Row{Key: "Encryption",
			Value: securityWords(s.Security)},
			ui.Row{Key: "User", Value: user})
		if s.Returns != "" {
			rows = append(rows, ui.Row{Key: "What cannot be delivered comes back to", Value: s.Returns})
		}
	case mail.ByNotify:
		rows = append(rows, ui.Row{Key: "Template", Value: s.Template})
	}
	return rows
}

func securityWords(s string) string {
	for _, c := range securities {
		if c.Value == s {
			return c.Text
		}
	}
	return s
}

var securities = []ui.Choice{
	{Value: mail.StartTLS, Text: "Begun and then encrypted (STARTTLS)", Hint: "Usual, with port 587"},
	{Value: mail.TLS, Text: "Encrypted from the start (TLS)", Hint: "Usual with port 465"},
	{Value: mail.Plain, Text: "Not encrypted", Hint: "Only for a relay on the same machine or a closed network, without " +
		"a password"},
}

type arrivalPage struct {
	ui.Base
	Findings []mail.Finding
}

func (r *Room) showArrival(w http.ResponseWriter, req *http.Request) error {
	found, err := r.Mail.CheckArrival(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "arrival", arrivalPage{Findings: found,
		Base: base(req, "Will our e-mail arrive?", "E-mail", emailPath, "Will it arrive?", "")})
}

type emailFormPage struct {
	ui.FormPage
	Hows, Securities      []ui.Choice
	PasswordHint, KeyHint string
	Second                bool       // another way needs a second person
	Asked                 ui.NavItem // another way that waits for one; no text where none does
}

func (r *Room) emailForm(w http.ResponseWriter, req *http.Request, was mail.Sender) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := emailFormPage{Securities: securities, FormPage: ui.FormPage{Form: f, Cancel: emailPath,
			Base: base(req, "How e-mail is sent", "E-mail", emailPath, "How it is sent", "")}}
		for _, h := range []mail.How{mail.BySMTP, mail.ByNotify, mail.ByNone} {
			page.Hows = append(page.Hows, ui.Choice{Value: string(h), Text: h.Words()})
		}
		var err error
		if page.Asked, err = r.People.WaitingMail(req.Context()); err != nil {
			return err
		}
		if !was.First() {
			if page.Second, err = r.People.NeedsSecond(req.Context(), web.PersonOf(req)); err != nil {
				return err
			}
		}
		if was.Secret != "" {
			const keep = "Leave it empty to keep the one there is"
			if was.How == mail.BySMTP {
				page.PasswordHint = keep
			} else {
				page.KeyHint = keep
			}
		}
		return web.Render(w, status, r.pages, "email-form", page)
	}
}

func (r *Room) editEmail(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Mail.Using(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.emailForm(w, req, s)(http.StatusOK, fillEmail(s))
}

func (r *Room) saveEmail(w http.ResponseWriter, req *http.Request) error {
	was, err := r.Mail.Using(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.emailForm(w, req, was), func(f *web.Form) (web.Done, error) {
		s, secret := readEmail(f, was)
		if !f.OK() {
			return web.Done{}, nil
		}
		words := "Saved. Send yourself a test e-mail now."
		if s.How == mail.ByNone {
			words = "Saved. From now on e-mails are kept in the outbox."
		}
		waits, err := r.SaveEmail(req.Context(), web.PersonOf(req), s, secret, f.Text("reason", "", 300), f.Seen())
		if waits {
			words = "Asked. E-mails go as before until a second person agrees."
		}
		return web.Done{To: emailPath, Words: words}, err
	})
}

func (r *Room) testEmail(w http.ResponseWriter, req *http.Request) error {
	return web.Press(w, req, func(*web.Form) (web.Done, error) {
		id, err := r.TestEmail(req.Context(), web.PersonOf(req))
		return web.Done{To: outboxPath + "/" + id, Words: "Written. This page says what came of it: open it again in a " +
				"moment."},
			err
	})
}

func (r *Room) confirmMakeKey(w http.ResponseWriter, req *http.Request) error {
	domain, err := r.domain(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return web.Confirm(w, req, web.NewForm(), base(req, "Make a key that e-mails are signed with?", "E-mail", emailPath,
		"Make a key", ""), "Make a key", emailPath, "It signs nothing until its record is published for "+domain+
		" by whoever keeps that name: usually the council’s IT service. The key that signs now goes on until then.")
}

func (r *Room) makeKey(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmMakeKey, func(web.Seen) (web.Done, error) {
		return web.Done{To: emailPath, Words: "The key is made. Ask your IT service to publish its record, below."},
			r.MakeKey(req.Context(), web.PersonOf(req))
	})
}

func (r *Room) confirmUseKey(w http.ResponseWriter, req *http.Request) error {
	return web.Confirm(w, req, web.NewForm(), base(req, "Begin to sign with the new key?", "E-mail", emailPath,
		"Begin to sign", ""), "Begin to sign", emailPath, "It is looked first whether its record is published. The key "+
		"before "+
		"it is retired: leave its record for a week, as e-mails signed with it may still be on their way.")
}

func (r *Room) useKey(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmUseKey, func(web.Seen) (web.Done, error) {
		return web.Done{To: emailPath, Words: "E-mails are signed with the new key from now on."},
			r.UseKey(req.Context(), web.PersonOf(req))
	})
}

type remindersPage struct {
	ui.Base
	Kinds   []reminderRow
	History []audittrail.Entry
}

// A reminderRow is a kind with when it reminds.
type reminderRow struct {
	remind.Kind
	Active bool
	When   string
}
