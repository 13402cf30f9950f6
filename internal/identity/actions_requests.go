package identity

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// What is asked for somebody, until a second person agrees.
const (
	askRole     = "role"     // a role
	askAddress  = "address"  // another e-mail address
	askMailbox  = "mailbox"  // that their address is read by one person alone
	askActivate = "activate" // that they may sign in again
)

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
}

// What says what is asked for, as the rest of "X asks …".
func (q Request) What() string {
	switch q.Kind {
	case askRole:
		return "that " + q.Person + " becomes " + lang.Join(titlesOf([]string{q.Value}))
	case askAddress:
		if q.Value == "" {
			return "that " + q.Person + " has no e-mail address, and so cannot sign in"
		}
		return "that " + q.Person + " signs in with " + q.Value
	case askMailbox:
		return "that the address of " + q.Person + " counts as read by one person alone"
	}
	return "that " + q.Person + " may sign in again"
}

// act says what is asked for without a name: the trail outlives people.
func (q Request) act() string {
	switch q.Kind {
	case askRole:
		return "the role " + lang.Join(titlesOf([]string{q.Value}))
	case askAddress:
		return "another e-mail address"
	case askMailbox:
		return "a mailbox that one person alone reads"
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
	roles          []string
}

func (a account) person() web.Person {
	held := access.Of(a.roles...)
	if sharedMailbox(a.Email, a.Mailbox) {
		held = ofMailbox(held)
	}
	return web.Person{ID: a.ID, Name: a.Name, Email: a.Email, OrganisationID: string(a.OrganisationID), Permissions: held}
}

// needs gives what a request gives to somebody above what they have, and the
// organisation in which it counts.
func (q Request) needs(p Person, held []string) (map[web.Permission]bool, string) {
	switch q.Kind {
	case askRole:
		return added(held, []string{q.Value}), string(p.OrganisationID)
	default:
		return access.Of(held...), string(p.OrganisationID)
	}
}

// broughtIn is how long somebody whose account an asker made or changed is no second person
// to them where nobody holds what is asked: they could be the asker under another name.
const broughtIn = 30 * 24 * time.Hour

// seconds lists who may agree to what asker asked for somebody: others than the two,
// who hold all that the asker lacks and belong here. Where different people hold different
// parts of it, it is whoever holds most. Where nobody at all holds some of it, somebody must
// be able to begin: it takes two of whom one manages the settings, and the other manages
// people or the settings, or signs for a safeguarding partner, and the second is nobody
// whose account the first made or changed lately (made).
func seconds(asker web.Person, personID string, gives map[web.Permission]bool, organisationID string,
	all []account, made map[string]bool) []account {
	lacks := access.Lacks(asker, gives, organisationID)
	somebodys := map[web.Permission]bool{} // what of it anybody holds
	holds := func(a account) int {
		p, n := a.person(), 0
		if !p.May(access.PartnershipRead) && (organisationID == "" || string(a.OrganisationID) != organisationID) {
			return -1 // from outside: they cannot tell who belongs here
		}
		for _, x := range lacks {
			if access.Holds(p, x, organisationID) {
				somebodys[x], n = true, n+1
			}
		}
		return n
	}
	var others, begin []account
	for _, a := range all {
		p := a.person()
		if a.ID == asker.ID || a.ID == personID {
			continue
		}
		if holds(a) >= 0 {
			others = append(others, a)
		}
		if !made[a.ID] && (p.May(access.SettingsManage) ||
			asker.May(access.SettingsManage) && (p.May(access.PeopleManage) || p.May(access.ReportSign))) {
			begin = append(begin, a)
		}
	}
	if len(somebodys) < len(lacks) {
		others = begin
	}
	if len(others) == 0 {
		return nil
	}
	most := holds(slices.MaxFunc(others, func(a, b account) int { return cmp.Compare(holds(a), holds(b)) }))
	return slices.DeleteFunc(others, func(a account) bool { return holds(a) < most })
}

// ask keeps that by asks for something, in by's own transaction.
func (r *Room) ask(ctx context.Context, q db.Q, by web.Person, p Person, kind, value, reason string) error {
	if reason = tidy(reason); reason == "" {
		return ErrNoReason
	}
	now := r.Now()
	if err := endRequests(ctx, q, p.ID, by.ID, db.At(now)); err != nil {
		return err
	}
	rq := Request{ID: r.NewID(), PersonID: p.ID, Kind: kind, Value: value, Reason: reason, AskedBy: by.ID,
		AskedAt: db.At(now), Until: db.At(now.Add(requestLife)), Email: p.Email, Person: p.Name}
	added, err := insertRequest(ctx, q, rq)
	if err != nil || !added { // it is asked for already
		return err
	}
	return r.note(ctx, q, by, "asked a second person to agree to "+rq.act(), p.ID, p.Name,
		audittrail.Because(reason))
}

// weigh finds who may agree to a request, and for whom it is.
func (r *Room) weigh(ctx context.Context, q db.Reader, rq Request, all []account) ([]account, Person, []string, error) {
	p, err := personByID(ctx, q, rq.PersonID)
	if err != nil {
		return nil, p, nil, err
	}
	held, err := rolesOf(ctx, q, p.ID)
	if err != nil {
		return nil, p, nil, err
	}
	i := slices.IndexFunc(all, func(a account) bool { return a.ID == rq.AskedBy })
	if i < 0 || !all[i].person().May(access.PeopleManage) {
		return nil, p, held, nil // whoever asked may not ask any more
	}
	gives, organisation := rq.needs(p, held)
	made, err := r.made(ctx, q, rq.AskedBy)
	return seconds(all[i].person(), p.ID, gives, organisation, all, made), p, held, err
}

// made tells whose accounts somebody made or changed lately.
func (r *Room) made(ctx context.Context, q db.Reader, personID string) (map[string]bool, error) {
	list, err := audittrail.Done(ctx, q, personID, subject, r.Now().Add(-broughtIn))
	out := map[string]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// AgreeRequest does what was asked, for by who may agree to it. It returns
// db.ErrNotFound for who may not, ErrDecided, ErrTooLate, or ErrNotAgreed.
func (r *Room) AgreeRequest(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error { return r.agree(ctx, q, by, id, "agreed to ") })
	return db.Wrap(err, "agree to request %s", id)
}

// agree is AgreeRequest in by's transaction; act begins what the trail says of it.
func (r *Room) agree(ctx context.Context, q db.Q, by web.Person, id, act string) error {
	rq, err := r.decidable(ctx, q, id)
	if err != nil {
		return err
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	may, p, held, err := r.weigh(ctx, q, rq, all)
	switch {
	case err != nil:
		return err
	case len(may) == 0 || p.SameAs != "" || p.Email != rq.Email:
		return ErrNotAgreed
	case !mayAgree(by)(rq, may):
		return db.ErrNotFound
	}
	if err := decideRequest(ctx, q, id, "agreed", by.ID, db.At(r.Now())); err != nil {
		return err
	}
	if err := r.note(ctx, q, by, act+rq.act(), p.ID, p.Name, audittrail.Because(rq.Reason)); err != nil {
		return err
	}
	return r.fulfil(ctx, q, by, rq, p, held)
}

// mayAgree tells whether somebody is among those who may agree.
func mayAgree(by web.Person) func(Request, []account) bool {
	return func(_ Request, may []account) bool {
		return slices.ContainsFunc(may, func(a account) bool { return a.ID == by.ID })
	}
}

// fulfil does what was asked.
func (r *Room) fulfil(ctx context.Context, q db.Q, by web.Person, rq Request, p Person, held []string) error {
	switch rq.Kind {
	case askRole:
		if err := onlyAccount(ctx, q, p); err != nil {
			return err
		}
		if slices.Contains(held, rq.Value) {
			return nil
		}
		if err := r.giveRoles(ctx, q, by, p, append(held, rq.Value)); err != nil {
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
	case askMailbox:
		to := p
		to.Mailbox = mailboxOne
		return r.change(ctx, q, by, p, to, held)
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
			return by.ID == rq.AskedBy || by.May(access.PeopleManage)
		})
	})
	return db.Wrap(err, "withdraw request %s", id)
}

// finish ends a request without doing what was asked.
func (r *Room) finish(ctx context.Context, q db.Q, by web.Person, id, state, act string,
	may func(Request, []account) bool) error {
	rq, err := r.decidable(ctx, q, id)
	if err != nil {
		return err
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	who, p, _, err := r.weigh(ctx, q, rq, all)
	if err != nil {
		return err
	}
	if !may(rq, who) {
		return db.ErrNotFound
	}
	if err := decideRequest(ctx, q, id, state, by.ID, db.At(r.Now())); err != nil {
		return err
	}
	return r.note(ctx, q, by, act+rq.act(), p.ID, p.Name, audittrail.Because(rq.Reason))
}

// decidable holds a request that still waits.
func (r *Room) decidable(ctx context.Context, q db.Q, id string) (Request, error) {
	rq, err := lockRequest(ctx, q, id)
	switch {
	case err != nil:
		return rq, err
	case rq.State != "waiting":
		return rq, ErrDecided
	case !rq.Until.After(r.Now()):
		return rq, ErrTooLate
	}
	return rq, nil
}
