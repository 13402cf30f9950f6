package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What is asked for somebody, until a second person agrees.
const (
	askRole     = "role"     // a role
	askAddress  = "address"  // another e-mail address
	askMailbox  = "mailbox"  // that their address is read by one person alone
	askActivate = "activate" // that they may sign in again
	askChange   = "change"   // that a role becomes another: of no person, but of whoever asked
	askFactor   = "factor"   // that somebody whose password was set by a link is who they say
	askWebsite  = "website"  // that the address of the website becomes another: of no person either
	askFrom     = "from"     // that e-mails come from another address: of no person either
	askMail     = "mail"     // that e-mails are sent another way: of no person either
)

// ofFactors is the value of askActivate where they come in again by a second factor that is
// reset, and not by an account that is activated.
const ofFactors = "factors"

// resets reports whether a second factor is to be reset.
func (q Request) resets() bool { return q.Kind == askActivate && q.Value == ofFactors }

// OfNobody reports whether a request is for no person, and so stands under whoever asked.
func (q Request) OfNobody() bool { return q.Kind == askChange || q.keptSetting() }

// keptSetting reports whether a request is for a setting that nobody changes alone.
func (q Request) keptSetting() bool { return keptSettings[q.Kind].about != "" }

// Explained reports whether a request says what it comes to, and not what it lets somebody do.
func (q Request) Explained() bool { return q.OfNobody() || q.Kind == askFactor }

// requestLife is how long a request waits.
const requestLife = 14 * 24 * time.Hour

// Errors of giving and asking.
var (
	ErrBeyond error = &web.Refusal{Status: http.StatusForbidden, Title: "You cannot do this to this account",
		Words: "This person’s roles give what yours do not. Ask somebody who has the same roles, or may manage the settings."}
	ErrLinkBeyond error = &web.Refusal{Status: http.StatusForbidden, Title: "You cannot send a link to this account",
		Words: "This person’s roles give what yours do not. They can ask for a link themselves on the sign-in page, under " +
			"Forgotten your password."}
	ErrOrganisation error = &ui.Taken{Field: "organisation",
		Text: "Their roles count in their own organisation. Take those roles away, change the organisation, then ask " +
			"for them again"}
	ErrNoReason error = &ui.Invalid{Problems: []ui.Problem{{Field: "reason",
		Text: "Say why, for the second person who agrees"}}}
	ErrOwnMerge = web.Conflict("This is your own record",
		"What belongs to the other record would become yours. Ask somebody else who keeps training to merge the two.")
	ErrDecided   = web.Conflict("This was decided already", "Somebody agreed, declined, or took it back meanwhile.")
	ErrTooLate   = web.Conflict("This has waited too long", "Nobody agreed within two weeks. It can be asked for again.")
	ErrNotAgreed = web.Conflict("It cannot be agreed any more",
		"Whoever asked no longer manages people, or the account was merged or got another address meanwhile. Decline it; "+
			"it can be asked for again.")
)

// A Request is what one person asked for somebody, and a second person decides.
type Request struct {
	ID       string
	PersonID string
	Kind     string
	Value    string
	Reason   string
	AskedBy  string
	AskedAt  db.Time
	Until    db.Time
	State    string // waiting, agreed, declined, withdrawn
	Decider  string // name of who decided; "" while it waits
	Decided  db.Time
	Email    string // address of for whom, when it was asked
	Person   string // name of for whom
	Asker    string // name of who asked

	role string // the role that is asked for or is to change, in words; "" for anything else
}

// What says what is asked for, as the rest of "X asks …".
func (q Request) What() string {
	switch q.Kind {
	case askRole:
		return "that " + q.Person + " becomes " + q.role
	case askAddress:
		if q.Value == "" {
			return "that " + q.Person + " has no e-mail address, and so cannot sign in"
		}
		return "that " + q.Person + " signs in with " + q.Value
	case askMailbox:
		return "that the address of " + q.Person + " counts as read by one person alone"
	case askChange:
		return "that the role " + q.role + " allows more"
	case askFactor:
		return "that somebody vouches for them, so that they may add a passkey or an app"
	case askWebsite, askFrom, askMail:
		return keptSettings[q.Kind].what + q.Value
	}
	if q.resets() {
		return "that the second factor of " + q.Person + " is reset"
	}
	return "that " + q.Person + " may sign in again"
}

// act says what is asked for without a name: the trail outlives people.
func (q Request) act() string {
	switch q.Kind {
	case askRole:
		return "the role " + q.role
	case askAddress:
		return "another e-mail address"
	case askMailbox:
		return "a mailbox that one person alone reads"
	case askChange:
		return "a change of the role " + q.role
	case askFactor:
		return "the first passkey or app after a password was set by a link"
	case askWebsite, askFrom, askMail:
		return keptSettings[q.Kind].act
	}
	if q.resets() {
		return "a reset of the second factor"
	}
	return "signing in again"
}

// An account is somebody with roles who signs in, as far as agreeing goes.
type account struct {
	ID             string
	Name           string
	Email          string
	OrganisationID db.Opt
	Mailbox        string
	roles          roles
}

func (a account) person() web.Person {
	p := a.roles.person(web.Person{ID: a.ID, Name: a.Name, Email: a.Email, OrganisationID: string(a.OrganisationID)})
	if sharedMailbox(a.Email, a.Mailbox) {
		p.Permissions = ofMailbox(p.Permissions)
	}
	return p
}

// needs gives what a request gives to somebody above what they have.
func (q Request) needs(p Person, held roles, known catalogue) (map[access.Power]bool, error) {
	if q.Kind != askRole {
		return held.powers(string(p.OrganisationID)), nil
	}
	chosen, err := known.give([]string{q.Value})
	return added(held, chosen, string(p.OrganisationID)), err
}

// ask keeps that by asks for something, in by's own transaction.
func (r *Room) ask(ctx context.Context, q db.Q, by web.Person, p Person, kind, value, reason string) error {
	_, err := r.askOf(ctx, q, by, p, kind, value, reason)
	return err
}

// askOf is ask, and gives the id of the request; "" where the same is asked for already.
func (r *Room) askOf(ctx context.Context, q db.Q, by web.Person, p Person, kind, value, reason string) (string,
	error) {
	if reason = tidy(reason); reason == "" {
		return "", ErrNoReason
	}
	now := r.Now()
	if err := endRequests(ctx, q, p.ID, by.ID, db.At(now)); err != nil {
		return "", err
	}
	rq := Request{ID: r.NewID(), PersonID: p.ID, Kind: kind, Value: value, Reason: reason, AskedBy: by.ID,
		AskedAt: db.At(now), Until: db.At(now.Add(requestLife)), Email: p.Email, Person: p.Name}
	added, err := insertRequest(ctx, q, rq)
	if err != nil || !added { // it is asked for already
		return "", err
	}
	if rq, err = requestByID(ctx, q, rq.ID); err != nil { // with the role in words
		return "", err
	}
	if err := r.tellSeconds(ctx, q, by, rq); err != nil {
		return "", err
	}
	return rq.ID, r.note(ctx, q, by, "asked a second person to agree to "+rq.act(), p.ID, p.Name,
		audittrail.Because(reason))
}

// AgreeRequests agrees to several requests, each by itself and by the rules of one. failed
// says of those that could not be agreed to why not; what went wrong otherwise is returned.
func (r *Room) AgreeRequests(ctx context.Context, by web.Person, ids []string) (agreed int, failed []error, err error) {
	for _, id := range ids {
		err := r.AgreeRequest(ctx, by, id)
		var refusal *web.Refusal
		switch {
		case errors.As(err, &refusal):
			failed = append(failed, refusal)
		case errors.Is(err, db.ErrNotFound):
			failed = append(failed, web.ErrNotFound)
		case err != nil:
			return agreed, failed, err
		default:
			agreed++
		}
	}
	return agreed, failed, nil
}

// A weighing is a request with what it takes to decide it.
type weighing struct {
	may    []account // who may agree
	person Person    // for whom it is
	held   roles     // what they have
	known  catalogue
}

// weigh finds who may agree to a request, and for whom it is.
func (r *Room) weigh(ctx context.Context, q db.Reader, rq Request, all []account) (weighing, error) {
	var w weighing
	var err error
	if w.known, err = readCatalogue(ctx, q); err != nil {
		return w, err
	}
	if w.person, err = personByID(ctx, q, rq.PersonID); err != nil {
		return w, err
	}
	if w.held, err = rolesOf(ctx, q, w.person.ID); err != nil {
		return w, err
	}
	i := slices.IndexFunc(all, func(a account) bool { return a.ID == rq.AskedBy })
	if i < 0 || rq.Kind != askFactor && !all[i].person().May(rq.asks()) {
		return w, nil // whoever asked may not ask any more
	}
	made, err := r.made(ctx, q, rq.AskedBy)
	if err != nil {
		return w, err
	}
	switch rq.Kind {
	case askChange:
		w.may, err = changeSeconds(ctx, q, all[i].person(), rq.Value, all, made)
		return w, err
	case askFactor:
		w.may = vouchers(w.person, w.held, all, made)
		return w, nil
	case askWebsite, askFrom, askMail:
		w.may = keptSeconds(rq.AskedBy, all, made)
		return w, nil
	}
	gives, err := rq.needs(w.person, w.held, w.known)
	if errors.Is(err, ErrUnknownRole) {
		return w, nil // it was retired meanwhile
	}
	w.may = seconds(all[i].person(), w.person.ID, gives, string(w.person.OrganisationID), all, made)
	return w, err
}

// asks gives what whoever asked must still hold.
func (q Request) asks() web.Permission {
	if q.OfNobody() {
		return access.SettingsManage
	}
	return access.PeopleManage
}

// AgreeRequest does what was asked, for by who may agree to it. It returns
// db.ErrNotFound for who may not, ErrDecided, ErrTooLate, or ErrNotAgreed.
func (r *Room) AgreeRequest(ctx context.Context, by web.Person, id string) error {
	defer r.siteMoved()
	err := r.Work.Tx(ctx, func(q db.Q) error { return r.agree(ctx, q, by, id, "agreed to ") })
	return db.Wrap(err, "agree to request %s", id)
}

// agree is AgreeRequest in by's transaction; act begins what the trail says of it.
func (r *Room) agree(ctx context.Context, q db.Q, by web.Person, id, act string) error {
	if err := holdRoles(ctx, q); err != nil {
		return err
	}
	rq, w, err := r.decidable(ctx, q, by, id)
	switch {
	case err != nil:
		return err
	case len(w.may) == 0 || w.person.SameAs != "" || !rq.OfNobody() && w.person.Email != rq.Email:
		return ErrNotAgreed
	case !mayAgree(by)(rq, w.may):
		return db.ErrNotFound
	}
	if err := decideRequest(ctx, q, id, "agreed", by.ID, db.At(r.Now())); err != nil {
		return err
	}
	switch rq.Kind {
	case askChange:
		return r.fulfilChange(ctx, q, by, rq, act)
	case askWebsite, askFrom, askMail:
		return r.fulfilKept(ctx, q, by, rq, act)
	}
	if err := r.note(ctx, q, by, act+rq.act(), w.person.ID, w.person.Name, audittrail.Because(rq.Reason)); err != nil {
		return err
	}
	return r.fulfil(ctx, q, by, rq, w)
}

// mayAgree tells whether somebody is among those who may agree.
func mayAgree(by web.Person) func(Request, []account) bool {
	return func(_ Request, may []account) bool {
		return slices.ContainsFunc(may, func(a account) bool { return a.ID == by.ID })
	}
}

// fulfil does what was asked.
func (r *Room) fulfil(ctx context.Context, q db.Q, by web.Person, rq Request, w weighing) error {
	p, held := w.person, w.held
	switch rq.Kind {
	case askRole:
		if err := onlyAccount(ctx, q, p); err != nil {
			return err
		}
		if slices.Contains(held.ids(), rq.Value) {
			return nil
		}
		chosen, err := w.known.give([]string{rq.Value})
		if err != nil {
			return err
		}
		if err := r.giveRoles(ctx, q, by, p, w.known, append(held, chosen...)); err != nil {
			return err
		}
		if _, err := passwordOf(ctx, q, p.ID); !errors.Is(err, db.ErrNotFound) || !p.Active || !p.Addressed() {
			return err
		}
		return r.firstLink(ctx, q, by, p)
	case askAddress:
		to := p
		to.Email = rq.Value
		if err := onlyAccount(ctx, q, to); err != nil {
			return err
		}
		return r.change(ctx, q, by, p, to, held)
	case askFactor:
		return setPasswordMailed(ctx, q, p.ID, db.Time{})
	case askMailbox:
		to := p
		to.Mailbox = mailboxOne
		return r.change(ctx, q, by, p, to, held)
	}
	if rq.resets() {
		return r.resetFactors(ctx, q, by, p)
	}
	if p.Active {
		return nil
	}
	return r.activate(ctx, q, by, p)
}

// firstLink sends somebody the link to set their first password with, where links can be
// sent: they asked nobody for it and do not know where to begin.
func (r *Room) firstLink(ctx context.Context, q db.Q, by web.Person, p Person) error {
	if site, err := r.Site(ctx, q); err != nil || !site.Known() {
		return err
	}
	return r.mailLink(ctx, q, by, p)
}

// DeclineRequest says no to what was asked, by who may agree to it; WithdrawRequest
// takes it back, by who manages people. They return what AgreeRequest does.
func (r *Room) DeclineRequest(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return r.finish(ctx, q, by, id, "declined", "declined ", mayAgree(by))
	})
	return db.Wrap(err, "decline request %s", id)
}

// WithdrawRequest takes back what was asked. See DeclineRequest.
func (r *Room) WithdrawRequest(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return r.finish(ctx, q, by, id, "withdrawn", "took back ", func(rq Request, _ []account) bool {
			return rq.askedBy(by)
		})
	})
	return db.Wrap(err, "withdraw request %s", id)
}

// finish ends a request without doing what was asked.
func (r *Room) finish(ctx context.Context, q db.Q, by web.Person, id, state, act string,
	may func(Request, []account) bool) error {
	rq, w, err := r.decidable(ctx, q, by, id)
	if err != nil {
		return err
	}
	if !may(rq, w.may) {
		return db.ErrNotFound
	}
	if err := decideRequest(ctx, q, id, state, by.ID, db.At(r.Now())); err != nil {
		return err
	}
	switch rq.Kind {
	case askChange:
		return r.noteChange(ctx, q, by, rq, act)
	case askFactor:
		if state == "declined" {
			if err := r.disown(ctx, q, by, w.person); err != nil {
				return err
			}
		}
	case askWebsite, askFrom, askMail:
		return r.dropKept(ctx, q, by, rq, act)
	}
	return r.note(ctx, q, by, act+rq.act(), w.person.ID, w.person.Name, audittrail.Because(rq.Reason))
}

// decidable holds a request that still waits, and weighs it. It returns db.ErrNotFound for who may
// not see it, before it tells anything of it; ErrDecided; or ErrTooLate.
func (r *Room) decidable(ctx context.Context, q db.Q, by web.Person, id string) (rq Request, w weighing, err error) {
	if rq, err = lockRequest(ctx, q, id); err != nil {
		return rq, w, err
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return rq, w, err
	}
	w, err = r.weigh(ctx, q, rq, all)
	switch {
	case err != nil:
		return rq, w, err
	case !rq.askedBy(by) && !mayAgree(by)(rq, w.may):
		return rq, w, db.ErrNotFound
	case rq.State != "waiting":
		return rq, w, ErrDecided
	case !rq.Until.After(r.Now()):
		return rq, w, ErrTooLate
	}
	return rq, w, nil
}

// askedBy reports whether somebody asked for it, or looks after what such requests are about: they
// see it and may take it back.
func (q Request) askedBy(by web.Person) bool { return by.ID == q.AskedBy || by.May(q.asks()) }
