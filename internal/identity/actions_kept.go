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

// Every link in an e-mail begins with the address of the website, those to set a password among
// them: whoever changed it alone could gather everybody's password. So it changes when a second
// person agrees (docs/adr/0018-giving.md).

// A Website keeps the address of the website.
type Website interface {
	// MoveWebsite makes an address that of the website in the caller's transaction, and notes
	// who did what and why.
	MoveWebsite(ctx context.Context, q db.Q, by web.Person, address, act, reason string) error
	// ForgetSite forgets the address that is kept for a moment.
	ForgetSite()
}

// ErrWebsiteNeeded is returned for taking the address away: where none is in force somebody alone
// may enter the first.
var ErrWebsiteNeeded error = &ui.Invalid{Problems: []ui.Problem{{Field: "url",
	Text: "Others sign in here, so the address can be changed but not taken away"}}}

// AskWebsite asks a second person to agree to another address of the website, in the caller's
// transaction; what was asked for before ends. It is false where nobody else has a role or a
// password: there is nobody to ask, and no password to gather. It returns ErrNoReason or
// ErrWebsiteNeeded.
func (r *Room) AskWebsite(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	others, err := othersSignIn(ctx, q, by.ID)
	if err != nil || !others {
		return false, err
	}
	if address == "" {
		return false, ErrWebsiteNeeded
	}
	me, err := personByID(ctx, q, by.ID)
	if err != nil {
		return false, err
	}
	if err := endWebsiteRequests(ctx, q, by.ID, db.At(r.Now())); err != nil {
		return false, err
	}
	return true, r.ask(ctx, q, by, me, askWebsite, address, reason)
}

// NeedsWebsiteSecond reports whether another address of the website needs a second person, as
// AskWebsite decides it.
func (r *Room) NeedsWebsiteSecond(ctx context.Context, by web.Person) (bool, error) {
	others, err := othersSignIn(ctx, r.Work, by.ID)
	return others, db.Wrap(err, "whether others sign in")
}

// WaitingWebsite says which other address of the website waits for a second person, with who may
// agree; no text where none does.
func (r *Room) WaitingWebsite(ctx context.Context) (ui.NavItem, error) {
	waiting, err := requests(ctx, r.Work, ` WHERE x.state = 'waiting' AND x.kind = 'website' AND x.until > $1
		ORDER BY x.asked_at DESC, x.id`, db.At(r.Now()))
	if err != nil || len(waiting) == 0 {
		return ui.NavItem{}, db.Wrap(err, "another address of the website")
	}
	all, err := accounts(ctx, r.Work)
	if err != nil {
		return ui.NavItem{}, db.Wrap(err, "another address of the website")
	}
	rq := waiting[0]
	w, err := r.weigh(ctx, r.Work, rq, all)
	return ui.NavItem{Text: rq.Asker + " asks " + rq.What() + ". " + rq.secondsInWords(w.may) + ".", Href: rq.Href()},
		db.Wrap(err, "another address of the website")
}

// websiteSeconds lists who may agree to another address: whoever manages the settings or people,
// or signs for a safeguarding partner, and is nobody whose account the asker made or changed
// lately.
func websiteSeconds(asker string, all []account, made map[string]bool) []account {
	return slices.DeleteFunc(slices.Clone(all), func(a account) bool {
		p := a.person()
		return a.ID == asker || made[a.ID] ||
			!p.May(access.SettingsManage) && !p.May(access.PeopleManage) && !p.May(access.ReportSign)
	})
}

// websiteWords says what agreeing to another address comes to.
func (r *Room) websiteWords(ctx context.Context, rq Request) ([]string, error) {
	site, err := r.Site(ctx, r.Work)
	was := "There is no address now."
	if site.Known() {
		was = "The address is now " + site.Address + "."
	}
	return []string{was, "Every link in an e-mail will begin with the new one, those to set a password among them. " +
		"Whoever owns that address could then see what people enter there.",
		"Make sure that it is the partnership’s own: open " + rq.Value + ", and ask whoever looks after your websites.",
		"Where the site answers at the new address only, everybody signs in again there."}, err
}

func (r *Room) fulfilWebsite(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	return r.Website.MoveWebsite(ctx, q, by, rq.Value, act+"another address that "+rq.Asker+" asked for", rq.Reason)
}

// noteWebsite notes in the settings what became of an address that was asked for.
func (r *Room) noteWebsite(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	return r.roleTrail().Note(ctx, q, by, act+"another address of the website", "settings", "profile", rq.Value,
		audittrail.Because(rq.Reason))
}

// websiteMoved is to be done after a request was decided: the address may be another.
func (r *Room) websiteMoved() {
	if r.Website != nil {
		r.Website.ForgetSite()
	}
}
