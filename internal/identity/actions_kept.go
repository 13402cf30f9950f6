package identity

import (
	"context"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Every link in an e-mail begins with the address of the website, goes out the way that e-mail is
// sent, and comes back, where it cannot be delivered, to the address that e-mails come from.
// Whoever changed one of these alone could gather everybody's links to set a password. So they
// change when a second person agrees (docs/adr/0018-giving.md).

// A Website keeps the address of the website, and the one that e-mails come from.
type Website interface {
	// MoveWebsite makes an address that of the website in the caller's transaction, and notes
	// who did what and why. MoveFrom does the same for the address that e-mails come from.
	MoveWebsite(ctx context.Context, q db.Q, by web.Person, address, act, reason string) error
	MoveFrom(ctx context.Context, q db.Q, by web.Person, address, act, reason string) error
	// ForgetSite forgets the addresses that are kept for a moment.
	ForgetSite()
}

// A Sending keeps how e-mail is sent, and what was asked for it by the id of the request.
type Sending interface {
	// UseAsked sends e-mail as was asked from now on, in the caller's transaction, and notes who
	// did what and why. It returns db.ErrNotFound for what was forgotten.
	UseAsked(ctx context.Context, q db.Q, by web.Person, requestID, act, reason string) error
	// AskedWords says how e-mail is sent now, and how it would be; nothing for what was forgotten.
	AskedWords(ctx context.Context, q db.Reader, requestID string) ([]string, error)
	// ForgetAsked forgets all that was asked for, with its password or key.
	ForgetAsked(ctx context.Context, q db.Q) error
}

// A keptSetting is a setting that nobody changes alone.
type keptSetting struct {
	about   string // "X"
	act     string // what is asked for, without a value
	what    string // the same with one: "X asks ", this, the value
	machine string // what can be done at the machine, where nobody may agree
	trail   string // the id of the settings that it stands among
	needed  error  // returned for taking it away; nil where that can be asked for
}

var keptSettings = map[string]keptSetting{
	askWebsite: {about: "the address of the website", act: "another address of the website",
		what: "that the address of the website becomes ", machine: "change the address there", trail: "profile",
		needed: ErrWebsiteNeeded},
	askFrom: {about: "the address that e-mails come from", act: "another address that e-mails come from",
		what: "that e-mails come from ", machine: "change the address there", trail: "profile", needed: ErrFromNeeded},
	askMail: {about: "how e-mails are sent", act: "another way to send e-mails", what: "that e-mails go ",
		machine: "choose there how e-mails are sent", trail: "e-mail"},
}

// Errors of taking an address away: where none is in force somebody alone may enter the first.
var (
	ErrWebsiteNeeded error = &ui.Invalid{Problems: []ui.Problem{{Field: "url",
		Text: "Others sign in here, so the address can be changed but not taken away"}}}
	ErrFromNeeded error = &ui.Invalid{Problems: []ui.Problem{{Field: "mail_from",
		Text: "Others sign in here, so the address can be changed but not taken away"}}}
)

// AskWebsite asks a second person to agree to another address of the website, in the caller's
// transaction; what was asked for before ends. It is false where nobody else has a role or a
// password: there is nobody to ask, and no password to gather. It returns ErrNoReason or
// ErrWebsiteNeeded.
func (r *Room) AskWebsite(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	id, err := r.askKept(ctx, q, by, askWebsite, address, reason)
	return id != "", err
}

// AskFrom is AskWebsite for the address that e-mails come from. It returns ErrNoReason or
// ErrFromNeeded.
func (r *Room) AskFrom(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	id, err := r.askKept(ctx, q, by, askFrom, address, reason)
	return id != "", err
}

// AskMail is AskWebsite for another way to send e-mail, in words that go on from "e-mails go". It
// gives the id of the request, under which the caller keeps what was asked; "" where nobody else
// signs in. What was kept of a request before is forgotten. It returns ErrNoReason.
func (r *Room) AskMail(ctx context.Context, q db.Q, by web.Person, words, reason string) (string, error) {
	id, err := r.askKept(ctx, q, by, askMail, words, reason)
	if err != nil || id == "" {
		return "", err
	}
	return id, r.Sending.ForgetAsked(ctx, q)
}

// askKept asks for another value of a setting. It gives the id of the request, or "".
func (r *Room) askKept(ctx context.Context, q db.Q, by web.Person, kind, value, reason string) (string, error) {
	others, err := othersSignIn(ctx, q, by.ID)
	if err != nil || !others {
		return "", err
	}
	if needed := keptSettings[kind].needed; value == "" && needed != nil {
		return "", needed
	}
	me, err := personByID(ctx, q, by.ID)
	if err != nil {
		return "", err
	}
	if err := endKeptRequests(ctx, q, kind, by.ID, db.At(r.Now())); err != nil {
		return "", err
	}
	return r.askOf(ctx, q, by, me, kind, value, reason)
}

// NeedsSecond reports whether another address of the website, another one that e-mails come from
// or another way to send them needs a second person, as AskWebsite decides it.
func (r *Room) NeedsSecond(ctx context.Context, by web.Person) (bool, error) {
	others, err := othersSignIn(ctx, r.Work, by.ID)
	return others, db.Wrap(err, "whether others sign in")
}

// WaitingWebsite says which other address of the website waits for a second person, with who may
// agree; no text where none does. WaitingFrom and WaitingMail say the same of the address that
// e-mails come from, and of how they are sent.
func (r *Room) WaitingWebsite(ctx context.Context) (ui.NavItem, error) {
	return r.waitingKept(ctx, askWebsite)
}

// WaitingFrom is WaitingWebsite for the address that e-mails come from.
func (r *Room) WaitingFrom(ctx context.Context) (ui.NavItem, error) {
	return r.waitingKept(ctx, askFrom)
}

// WaitingMail is WaitingWebsite for how e-mail is sent.
func (r *Room) WaitingMail(ctx context.Context) (ui.NavItem, error) {
	return r.waitingKept(ctx, askMail)
}

func (r *Room) waitingKept(ctx context.Context, kind string) (ui.NavItem, error) {
	waiting, err := requests(ctx, r.Work, ` WHERE x.state = 'waiting' AND x.kind = $1 AND x.until > $2
		ORDER BY x.asked_at DESC, x.id`, kind, db.At(r.Now()))
	if err != nil || len(waiting) == 0 {
		return ui.NavItem{}, db.Wrap(err, "what waits for a second person")
	}
	all, err := accounts(ctx, r.Work)
	if err != nil {
		return ui.NavItem{}, db.Wrap(err, "what waits for a second person")
	}
	rq := waiting[0]
	w, err := r.weigh(ctx, r.Work, rq, all)
	return ui.NavItem{Text: rq.Asker + " asks " + rq.What() + ". " + rq.secondsInWords(w.may) + ".", Href: rq.Href()},
		db.Wrap(err, "what waits for a second person")
}

// keptSeconds lists who may agree to another value of a setting: whoever manages the settings
// or signs for a safeguarding partner, and is nobody whose account the asker made or
// changed lately.
func keptSeconds(asker string, all []account, made map[string]bool) []account {
	return slices.DeleteFunc(slices.Clone(all), func(a account) bool {
		p := a.person()
		return a.ID == asker || made[a.ID] || !p.May(access.SettingsManage) && !p.May(access.ReportSign)
	})
}

// keptWords says what agreeing to another value of a setting comes to.
func (r *Room) keptWords(ctx context.Context, rq Request) ([]string, error) {
	if rq.Kind == askMail {
		return r.Sending.AskedWords(ctx, r.Work, rq.ID)
	}
	site, err := r.Site(ctx, r.Work)
	if rq.Kind == askFrom {
		return []string{"E-mails come from " + site.From + " now.",
			"What cannot be delivered comes back to the new address, where no other mailbox is set for it. Whoever reads that " +
				"mailbox sees links to set a password in it.",
			"Make sure that it is a mailbox of the partnership’s own."}, err
	}
	was := "There is no address now."
	if site.Known() {
		was = "The address is now " + site.Address + "."
	}
	return []string{was, "Every link in an e-mail will begin with the new one, those to set a password among them. " +
		"Whoever owns that address could then see what people enter there.",
		"Make sure that it is the partnership’s own: open " + rq.Value + ", and ask whoever looks after your websites.",
		"Where the site answers at the new address only, everybody signs in again there."}, err
}

// fulfilKept puts another value of a setting in force.
func (r *Room) fulfilKept(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	act += rq.act() + " that " + rq.Asker + " asked for"
	switch rq.Kind {
	case askMail:
		return r.Sending.UseAsked(ctx, q, by, rq.ID, act, rq.Reason)
	case askFrom:
		return r.Website.MoveFrom(ctx, q, by, rq.Value, act, rq.Reason)
	}
	return r.Website.MoveWebsite(ctx, q, by, rq.Value, act, rq.Reason)
}

// dropKept forgets and notes in the settings what was asked for and did not come.
func (r *Room) dropKept(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	if rq.Kind == askMail {
		if err := r.Sending.ForgetAsked(ctx, q); err != nil {
			return err
		}
	}
	return r.roleTrail().Note(ctx, q, by, act+rq.act(), "settings", keptSettings[rq.Kind].trail, rq.Value,
		audittrail.Because(rq.Reason))
}

// siteMoved is to be done after a request was decided: the addresses may be others.
func (r *Room) siteMoved() {
	if r.Website != nil {
		r.Website.ForgetSite()
	}
}
