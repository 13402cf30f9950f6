package identity

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
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// An invitation is a sheet of paper with a code, handed over where there is no mail. Whoever
// has it chooses the password of one account, once within a week. It opens what the
// person's roles gave when it was made, and nothing that they are given later.

// inviteLife is how long an invitation works.
const inviteLife = 7 * 24 * time.Hour

// Errors of invitations.
var (
	ErrInviteNobody = web.Conflict("There is nothing to invite them to",
		"Give them a role first: an invitation opens what their roles do.")
	ErrInviteNoEmail = web.Conflict("They need an e-mail address to sign in with",
		"Add it first. Nothing is sent to it: it is the name they sign in by.")
	ErrInviteNoAddress = web.Conflict("The address of this website is not known",
		"The sheet has to say where to go. Somebody who may manage the settings enters the address in Settings.")
	ErrInviteRoles = web.Conflict("Their roles were changed meanwhile",
		"Open the page again: it says what the invitation opens now.")
	ErrInviteEnded = web.Conflict("This invitation has ended", "It was used or withdrawn meanwhile, or is too old.")
	ErrInviteSpent = &web.Refusal{Status: http.StatusGone, Title: "This invitation works no more",
		Words: "An invitation works once, within seven days, and only while nobody changes what it opens. Ask whoever " +
			"gave it to you for another."}
	ErrInviteCode = errors.New("that is no code of an invitation")
)

// An Invitation is one that was printed.
type Invitation struct {
	ID           string
	PersonID     string
	Roles        string // the roles that it opens, as they are given, with commas
	Hands        string // who hands it over
	MadeBy       string
	MadeAt       db.Time
	Until        db.Time
	State        string // waiting, used or withdrawn
	EndedAt      db.Time
	Person       string // name of for whom
	Organisation string // the name of theirs
	Email        string
	Maker        string // name of who printed it
	now          time.Time
	opens        string
	gained       bool // they were given more since it was printed, and so it opens nothing
}

// Opens gives the roles in words.
func (i Invitation) Opens() string { return i.opens }

// given lists the roles as they were given when it was printed.
func (i Invitation) given() []string { return strings.Split(i.Roles, ",") }

// Works reports whether the code can still be used.
func (i Invitation) Works() bool { return i.State == "waiting" && i.Until.After(i.now) && !i.gained }

// Words say what became of it.
func (i Invitation) Words() string {
	switch {
	case i.State == "used":
		return "Used " + lang.DateTime(i.EndedAt.Time)
	case i.State == "withdrawn":
		return "Withdrawn " + lang.DateTime(i.EndedAt.Time)
	case i.Works():
		return "Until " + lang.DateTime(i.Until.Time)
	case i.gained && i.Until.After(i.now):
		return "Works no more: their roles were changed since"
	}
	return "Too old"
}

// outgrown reports whether an invitation opens nothing any more since who it is for was given more
// meanwhile, perhaps by a second person, or has no role left. Each counts as it was given: for
// another organisation it is another power. What a role lets people do besides ends the
// invitations of who has it (makeRole).
func (i Invitation) outgrown(held roles) bool {
	return len(held) == 0 || len(without(held.ids(), i.given())) > 0
}

// Tone is the colour and shape of what became of it.
func (i Invitation) Tone() string {
	if i.Works() {
		return "watch"
	}
	return "quiet"
}

// Invite makes an invitation for somebody with the roles that whoever prints it was shown,
// in the place of one that waits, and gives its code, which is kept as a hash only. hands
// names who hands it over. by has to hold all that it opens. It returns an error that says
// who holds it, ErrInviteNobody, ErrInviteNoEmail, ErrInviteNoAddress or ErrInviteRoles.
func (r *Room) Invite(ctx context.Context, by web.Person, personID, hands string, shown []string) (code string,
	i Invitation, err error) {
	if hands = tidy(hands); hands == "" {
		return "", i, &ui.Invalid{Problems: []ui.Problem{{Field: "hands", Text: "Enter who hands it over"}}}
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, held, err := r.governed(ctx, q, by, personID, anybody)
		if err != nil {
			return err
		}
		if err := r.invitable(ctx, q, by, p, held); err != nil {
			return err
		}
		if !slices.Equal(held.ids(), shown) {
			return ErrInviteRoles
		}
		if err := onlyAccount(ctx, q, p); err != nil {
			return err
		}
		now := r.Now()
		if err := endInvitations(ctx, q, p.ID, db.Opt(by.ID), db.At(now)); err != nil {
			return err
		}
		code = ids.Code()
		i = Invitation{ID: r.NewID(), PersonID: p.ID, Roles: strings.Join(held.ids(), ","), Hands: hands, MadeBy: by.ID,
			MadeAt: db.At(now), Until: db.At(now.Add(inviteLife)), State: "waiting", Person: p.Name, Email: p.Email,
			Organisation: p.Organisation, Maker: by.Name, now: now}
		if err := insertInvitation(ctx, q, i, inviteHash(code)); err != nil {
			return err
		}
		return r.note(ctx, q, by, "printed an invitation for", p.ID, p.Name+", handed over by "+hands)
	})
	return code, i, db.Wrap(err, "invite %s", personID)
}

// invitable says why there can be no invitation for a person; nil when there can.
func (r *Room) invitable(ctx context.Context, q db.Reader, by web.Person, p Person, held roles) error {
	switch {
	case !p.Active:
		return ErrNotActive
	case len(held) == 0:
		return ErrInviteNobody
	case !p.Addressed():
		return ErrInviteNoEmail
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	if !site.Known() {
		return ErrInviteNoAddress
	}
	if mayBecome(by, held, string(p.OrganisationID)) {
		return nil
	}
	all, err := accounts(ctx, q)
	if err != nil {
		return err
	}
	return inviteBeyond(p, held, all)
}

// inviteBeyond says who may print an invitation that opens more than whoever asks holds.
func inviteBeyond(p Person, held roles, all []account) error {
	words := "Their roles give what yours do not. "
	var able []string
	for _, a := range all {
		who := a.person()
		if a.ID != p.ID && who.May(access.PeopleManage) && mayBecome(who, held, string(p.OrganisationID)) {
			able = append(able, a.Name)
		}
	}
	if len(able) == 0 {
		words += "Nobody who manages people holds all of it: with an e-mail address that they read, they ask for a link " +
			"themselves on the sign-in page, under Forgotten your password."
	} else {
		words += "Ask " + lang.JoinOr(able) + " to print it."
	}
	return &web.Refusal{Status: http.StatusForbidden, Title: "You cannot print an invitation to this account",
		Words: words}
}

func inviteHash(code string) string { return hashed("invitation\x00" + cleanCode(code)) }

// WithdrawInvitation ends an invitation that waits, by who manages people: that gives
// nothing to anybody. It returns ErrInviteEnded.
func (r *Room) WithdrawInvitation(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		i, err := lockInvitation(ctx, q, id)
		if err != nil {
			return err
		}
		if i.now = r.Now(); !i.Works() {
			return ErrInviteEnded
		}
		if err := endInvitation(ctx, q, id, "withdrawn", db.Opt(by.ID), db.At(r.Now())); err != nil {
			return err
		}
		return r.note(ctx, q, by, "withdrew the invitation of", i.PersonID, i.Person)
	})
	return db.Wrap(err, "withdraw an invitation")
}

// Invited tells for whom the code of an invitation is, and uses nothing up. It returns
// ErrInviteCode for one that works no more, or never did, and ErrBusy. From a network with
// very many wrong ones the answer comes late; a code of 80 random bits is not guessed.
func (r *Room) Invited(ctx context.Context, code string, v Visit) (Invitation, error) {
	here := doors{source: attemptKey("invitation", "", network(v.Address))}
	if err := r.mayTry(ctx, here); err != nil {
		return Invitation{}, fmt.Errorf("read an invitation: %w", err)
	}
	i, err := r.invited(ctx, r.Work, code)
	if errors.Is(err, ErrInviteCode) {
		err = cmp.Or(r.failed(ctx, here), err)
	}
	return i, db.Wrap(err, "read an invitation")
}

func (r *Room) invited(ctx context.Context, q db.Reader, code string) (Invitation, error) {
	i, err := invitationByHash(ctx, q, inviteHash(code), db.At(r.Now()))
	if errors.Is(err, db.ErrNotFound) {
		return i, ErrInviteCode
	} else if err != nil {
		return i, err
	}
	i.now = r.Now()
	held, err := rolesOf(ctx, q, i.PersonID)
	if err != nil {
		return i, err
	}
	if i.outgrown(held) {
		return i, ErrInviteCode
	}
	return i, nil
}

// UseInvitation sets the password of whom an invitation is for, once. It returns
// ErrInviteCode.
func (r *Room) UseInvitation(ctx context.Context, code, password string) error {
	i, err := r.invited(ctx, r.Work, code)
	if err != nil {
		return db.Wrap(err, "use an invitation")
	}
	me := web.Person{ID: i.PersonID, Name: i.Person}
	return r.setPassword(ctx, me, i.PersonID, password, "", func(q db.Q) (doubt bool, err error) {
		if _, err := lockPerson(ctx, q, i.PersonID); err != nil {
			return false, err
		}
		if _, err := r.invited(ctx, q, code); err != nil { // somebody may have come between
			return false, err
		}
		if err := endInvitation(ctx, q, i.ID, "used", db.Opt(i.PersonID), db.At(r.Now())); err != nil {
			return false, err
		}
		return false, r.note(ctx, q, me, "used the invitation that "+i.Hands+" handed over", i.PersonID, i.Person)
	})
}
