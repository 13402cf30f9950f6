package identity

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// A Visit is where somebody signs in from.
type Visit struct {
	Address string // of the network
	Browser string // as it names itself
	Old     string // the secret of the session they had before, which ends
	Known   string // the secret of a browser that somebody has signed in from before
}

// SignIn checks an address and a password and begins a session, whose secret it
// returns. It returns ErrWrong, a *Wait, ErrBusy, or *NeedSecond where the person has a
// second factor.
func (r *Room) SignIn(ctx context.Context, email, password string, v Visit) (string, error) {
	email = cleanEmail(email)
	leave, err := r.keeper.enter(ctx, attemptKey("sign-in", email, network(v.Address)+v.Known))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	defer leave()
	p, hash, err := r.account(ctx, email)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	here, err := r.doorsOf(ctx, "sign-in", email, p.ID, v)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if err := r.mayTry(ctx, here); err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if len(password) > maxPassword {
		password = "" // wrong, in the same time as any other
	}
	ok, weak, err := r.hasher.check(ctx, here.line(), password, hash)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if !ok || !p.Active {
		return "", fmt.Errorf("sign in: %w", cmp.Or(r.failed(ctx, here), r.noteGuessing(ctx, here, p), ErrWrong))
	}
	var better string
	if weak {
		if better, err = r.hasher.hash(ctx, here.line(), password); err != nil {
			return "", fmt.Errorf("sign in: %w", err)
		}
	}
	var secret string
	var second *NeedSecond
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := forgetAttempts(ctx, q, here.account); err != nil {
			return err
		}
		if better != "" {
			if err := putPassword(ctx, q, p.ID, better, db.At(r.Now())); err != nil {
				return err
			}
		}
		if second, err = r.awaitSecond(ctx, q, p, "by password"); err != nil || second != nil {
			return err
		}
		secret, err = r.begin(ctx, q, p, wayPassword, "by password", v)
		return err
	})
	if err == nil && second != nil {
		return "", second
	}
	return secret, db.Wrap(err, "sign in")
}

// account finds who has an address and the hash of their password; where there
// is nobody, or no password, the hash is the decoy, which nothing matches.
func (r *Room) account(ctx context.Context, email string) (Person, string, error) {
	p, err := accountByEmail(ctx, r.Work, email)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return p, "", err
	}
	// Asked also where there is nobody, so that both take as many queries.
	hash, err := passwordOf(ctx, r.Work, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return p, r.hasher.decoy, nil
	}
	return p, hash, err
}

// SignInAs begins a session for whoever plays a role in the demonstration.
func (r *Room) SignInAs(ctx context.Context, role string, v Visit) (string, error) {
	id, err := persona(ctx, r.Work, role)
	if err != nil {
		return "", fmt.Errorf("sign in as %s: %w", role, err)
	}
	var secret string
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, err := personByID(ctx, q, id)
		if err != nil {
			return err
		}
		secret, err = r.begin(ctx, q, p, wayDemo, "to the demonstration", v)
		return err
	})
	return secret, db.Wrap(err, "sign in as %s", role)
}

// begin makes a session with a fresh secret, never one that came with the
// request, and ends the one the browser had. The trail says how, in words.
func (r *Room) begin(ctx context.Context, q db.Q, p Person, way, how string, v Visit) (string, error) {
	now := r.Now()
	if v.Old != "" {
		if err := deleteSession(ctx, q, hashed(v.Old)); err != nil {
			return "", err
		}
	}
	if err := deleteDeadSessions(ctx, q, db.At(now), db.At(now.Add(-sessionIdle))); err != nil {
		return "", err
	}
	if err := deleteOldAttempts(ctx, q, db.At(now)); err != nil {
		return "", err
	}
	if err := deleteOldBrowsers(ctx, q, db.At(now.Add(-browserLife))); err != nil {
		return "", err
	}
	secret := ids.Secret()
	s := Session{ID: r.NewID(), Browser: clip(v.Browser, 300), Network: coarse(v.Address), CreatedAt: db.At(now),
		SeenAt: db.At(now), ExpiresAt: db.At(now.Add(sessionLife))}
	if err := insertSession(ctx, q, hashed(secret), p.ID, way, s); err != nil {
		return "", err
	}
	if v.Known != "" {
		if err := putBrowser(ctx, q, hashed(v.Known), p.ID, db.At(now)); err != nil {
			return "", err
		}
	}
	by := web.Person{ID: p.ID, Name: p.Name}
	return secret, r.note(ctx, q, by, "signed in "+how, p.ID, p.Name)
}

// seen notes that a session is in use.
func (r *Room) seen(ctx context.Context, secret string, now time.Time) error {
	return r.Work.Tx(ctx, func(q db.Q) error {
		return touch(ctx, q, hashed(secret), db.At(now),
			db.At(now.Add(-seenEvery)))
	})
}

// SignOut ends the session of a secret.
func (r *Room) SignOut(ctx context.Context, secret string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error { return deleteSession(ctx, q, hashed(secret)) })
	return db.Wrap(err, "sign out")
}

// ChangePassword gives a person who knows their password another, and ends every session
// they have; renewed is the secret of the one they go on with in the place of keep's, so
// that whoever has a copy of that is out too. It returns ErrWrong or a *Wait.
func (r *Room) ChangePassword(ctx context.Context, by web.Person, old, fresh, keep string) (renewed string, err error) {
	renewed = ids.Secret()
	return renewed, db.Wrap(r.replacePassword(ctx, by, old, fresh, keep, renewed), "change password")
}

func (r *Room) replacePassword(ctx context.Context, by web.Person, old, fresh, keep, renewed string) error {
	door := doors{account: attemptKey("change", by.ID, "")}
	leave, err := r.keeper.enter(ctx, door.account)
	if err != nil {
		return err
	}
	defer leave()
	if err := r.mayTry(ctx, door); err != nil {
		return err
	}
	hash, err := passwordOf(ctx, r.Work, by.ID)
	if errors.Is(err, db.ErrNotFound) {
		hash, err = r.hasher.decoy, nil
	}
	if err != nil {
		return err
	}
	if len(old) > maxPassword {
		old = ""
	}
	ok, _, err := r.hasher.check(ctx, door.line(), old, hash)
	if err != nil {
		return err
	}
	if !ok {
		return cmp.Or(r.failed(ctx, door), ErrWrong)
	}
	return r.setPassword(ctx, by, by.ID, fresh, renewed, func(q db.Q) (doubt bool, err error) {
		if err := renewSession(ctx, q, hashed(keep), hashed(renewed)); err != nil {
			return false, err
		}
		return false, forgetAttempts(ctx, q, door.account)
	})
}

// setPassword keeps a new password and ends every session but keep's. also tells whether it may
// have been set by somebody else who reads the mailbox.
func (r *Room) setPassword(ctx context.Context, by web.Person, personID, fresh, keep string,
	also func(db.Q) (doubt bool, err error)) error {
	hash, err := r.hasher.hash(ctx, lineOf(personID), fresh)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		doubt, err := also(q)
		if err != nil {
			return err
		}
		if err := putPassword(ctx, q, personID, hash, db.At(r.Now())); err != nil {
			return err
		}
		if err := r.endWays(ctx, q, by, personID); err != nil {
			return err
		}
		if _, err := deleteSessions(ctx, q, personID, hashed(keep)); err != nil {
			return err
		}
		if keep == "" { // who begins again, by a link or an invitation, ends what others may have begun
			if _, err := deleteAllLinked(ctx, q, personID); err != nil {
				return err
			}
		}
		if keep == "" && !doubt { // somebody handed over how to begin
			if err := setPasswordMailed(ctx, q, personID, db.Time{}); err != nil {
				return err
			}
		}
		if doubt {
			p, err := personByID(ctx, q, personID)
			if err != nil {
				return err
			}
			if err := r.doubtPassword(ctx, q, p); err != nil {
				return err
			}
		}
		return r.note(ctx, q, by, "set a password", personID, by.Name)
	})
	return db.Wrap(err, "set password")
}

// endWays ends the ways to choose a person's password that are on their way to them: links
// by e-mail, and invitations on paper.
func (r *Room) endWays(ctx context.Context, q db.Q, by web.Person, personID string) error {
	if err := deleteLinks(ctx, q, personID); err != nil {
		return err
	}
	return endInvitations(ctx, q, personID, db.Opt(by.ID), db.At(r.Now()))
}

// SendLink sends a person a link to set their password with, which works once
// within an hour. Earlier links stop working. It returns ErrLinkBeyond for somebody whose
// roles give what by does not hold.
func (r *Room) SendLink(ctx context.Context, by web.Person, personID string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, held, err := r.governed(ctx, q, by, personID, anybody)
		if err != nil {
			return err
		}
		if !mayBecome(by, held, string(p.OrganisationID)) {
			return ErrLinkBeyond
		}
		return r.mailLink(ctx, q, by, p)
	})
	return db.Wrap(err, "send a link to %s", personID)
}

// ForgottenKind is the kind of job that sends a link to whoever forgot their password.
const ForgottenKind = "forgotten"

// Forgotten has the link sent to whoever has an address, if they have a role. The same
// is done whether there is somebody or not, so that neither the answer nor its time tells.
// It returns ErrTooMany, ErrBusy, or ErrNoAddress whoever asks.
func (r *Room) Forgotten(ctx context.Context, email string, v Visit) error {
	email = cleanEmail(email)
	if err := r.mayAsk(ctx, "forgotten", email, v); err != nil {
		return fmt.Errorf("forgotten password: %w", err)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if site, err := r.Site(ctx, q); err != nil {
			return err
		} else if !site.Known() {
			return ErrNoAddress
		}
		return r.Jobs.Enqueue(ctx, q, ForgottenKind, email)
	})
	return db.Wrap(err, "forgotten password")
}

// failed counts a try that failed.
func (r *Room) failed(ctx context.Context, d doors) error {
	now := r.Now()
	return r.Work.Tx(ctx, func(q db.Q) error {
		// Always in one order, or two tries could wait for each other.
		for _, key := range []string{d.account, d.anywhere, d.source} {
			if key == "" {
				continue
			}
			if _, err := countAttempt(ctx, q, key, db.At(now), db.At(now.Add(attemptWindow))); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteGuessing keeps in the audit trail that somebody guesses passwords of an account, once for
// a run of wrong ones; of an address that nobody has too, with the same work, and without
// the address: what was typed by mistake may be a password.
func (r *Room) noteGuessing(ctx context.Context, here doors, p Person) error {
	f, err := failuresAt(ctx, r.Work, here.account, db.At(r.Now()))
	if err != nil || f.Tried != freeTries {
		return err
	}
	who, words := p.ID, p.Name
	if who == "" {
		who, words = "nobody", "An address that nobody signs in with"
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		return r.note(ctx, q, web.Person{}, "somebody entered "+lang.Words(freeTries)+" wrong passwords for", who, words)
	})
}

// mayAsk counts one who asks for a link or a code: every e-mail is one to somebody's
// mailbox. A network that asks for very many gets its answers late.
func (r *Room) mayAsk(ctx context.Context, door, email string, v Visit) error {
	now, source := r.Now(), attemptKey(door, "", network(v.Address))
	var mails, asked int64
	err := r.Work.Tx(ctx, func(q db.Q) (err error) {
		until := db.At(now.Add(attemptWindow))
		if mails, err = countAttempt(ctx, q, attemptKey(door, email, ""), db.At(now), until); err != nil {
			return err
		}
		asked, err = countAttempt(ctx, q, source, db.At(now), until)
		return err
	})
	switch {
	case err != nil:
		return err
	case mails > emailsByAccount:
		return ErrTooMany
	case asked > freeBySource:
		return r.keeper.holdBack(ctx, sourceWait)
	}
	return nil
}

// sendForgotten is the job that sends the link, if there is somebody to send it to.
func (r *Room) sendForgotten(ctx context.Context, email string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := accountByEmail(ctx, q, email)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		held, err := rolesOf(ctx, q, p.ID)
		if err != nil || len(held) == 0 || !p.Active {
			return err
		}
		return r.mailLink(ctx, q, web.Person{}, p)
	})
	return db.Wrap(err, "send a link to whoever forgot their password")
}

func (r *Room) mailLink(ctx context.Context, q db.Q, by web.Person, p Person) error {
	switch {
	case !p.Active:
		return ErrNotActive
	case !p.Addressed():
		return ErrNoEmail
	}
	if err := onlyAccount(ctx, q, p); err != nil {
		return err
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	if !site.Known() {
		return ErrNoAddress
	}
	if err := deleteLinks(ctx, q, p.ID); err != nil {
		return err
	}
	secret, now := ids.Secret(), r.Now()
	if err := insertLink(ctx, q, hashed(secret), p.ID, by.ID != "", db.At(now), db.At(now.Add(linkLife))); err != nil {
		return err
	}
	if err := r.Mail.Queue(ctx, q, mail.Message{ToAddress: p.Email, ToName: p.Name, Subject: "Set your password",
		Body: linkEmail(p, site.Name, site.Link(linkPath+secret))}); err != nil {
		return err
	}
	return r.note(ctx, q, by, "sent a link to set a password", p.ID, p.Name)
}

// LinkOwner tells whose password a link sets, or ErrLinkSpent.
func (r *Room) LinkOwner(ctx context.Context, secret string) (Person, error) {
	id, err := linkOwner(ctx, r.Work, hashed(secret), db.At(r.Now()))
	if errors.Is(err, db.ErrNotFound) {
		return Person{}, ErrLinkSpent
	}
	if err != nil {
		return Person{}, fmt.Errorf("read link: %w", err)
	}
	return personByID(ctx, r.Work, id)
}

// UseLink sets the password of the person a link was sent to, once.
func (r *Room) UseLink(ctx context.Context, secret, password string) error {
	p, err := r.LinkOwner(ctx, secret)
	if err != nil {
		return err
	}
	me := web.Person{ID: p.ID, Name: p.Name}
	return r.setPassword(ctx, me, p.ID, password, "", func(q db.Q) (doubt bool, err error) {
		sent, err := spendLink(ctx, q, hashed(secret), db.At(r.Now()))
		if errors.Is(err, db.ErrNotFound) {
			return false, ErrLinkSpent
		} else if err != nil {
			return false, err
		}
		// A first password by a link that somebody had sent is no reset: they know who waits for it.
		_, err = passwordOf(ctx, q, p.ID)
		if errors.Is(err, db.ErrNotFound) {
			return !sent, nil
		}
		return true, err
	})
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// clip shortens text that a browser sent to what can be kept.
func clip(s string, n int) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s[:min(n, len(s))], "\x00", ""), "")
}
