package identity

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// AddPasskey adds the passkey that a browser made. With the first second factor come
// recovery codes, which are given once; session is the secret of the person's session,
// which goes on while their others end. It returns ErrBegun, ErrPasskey or ErrNoParty.
func (r *Room) AddPasskey(ctx context.Context, by web.Person, name string, proof Proof, session string,
	req *http.Request) ([]string, error) {
	name = tidy(name)
	if err := checkFactorName(name); err != nil {
		return nil, err
	}
	p, err := personByID(ctx, r.Work, by.ID)
	if err != nil {
		return nil, fmt.Errorf("add a passkey: %w", err)
	}
	c, host, err := r.readPasskey(ctx, p, proof, req)
	if err != nil {
		return nil, fmt.Errorf("add a passkey: %w", err)
	}
	record, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("add a passkey: %w", err)
	}
	f := Factor{Kind: KindPasskey, Name: name, Host: host, Record: string(record),
		Counter: int64(c.Authenticator.SignCount)}
	codes, err := r.addFactor(ctx, by, f, base64.RawURLEncoding.EncodeToString(c.ID), session, nil)
	return codes, db.Wrap(db.TakenAs(err, ErrPasskey), "add a passkey")
}

// BeginApp begins to set an app up, in the place of one that was begun before.
func (r *Room) BeginApp(ctx context.Context, by web.Person) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := personByID(ctx, q, by.ID)
		if err != nil {
			return err
		}
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		key, err := newAppKey(p, site.Name)
		if err != nil {
			return err
		}
		if key, err = r.sealed(begunPlace(appHash(by)), key); err != nil {
			return err
		}
		if err := deleteBegun(ctx, q, by.ID, begunApp); err != nil {
			return err
		}
		return insertBegun(ctx, q, appHash(by), begunApp, by.ID, key, db.At(r.Now().Add(ceremonyLife)))
	})
	return db.Wrap(err, "begin to set an app up")
}

// appHash is what an app that is being set up is kept under: a person sets up one at a
// time, and only they see it.
func appHash(by web.Person) string { return hashed("app\x00" + by.ID) }

// BegunApp gives the key of the app that a person is setting up, or ErrBegun.
func (r *Room) BegunApp(ctx context.Context, by web.Person) (string, error) {
	b, err := begunBy(ctx, r.Work, appHash(by), begunApp, db.At(r.Now()))
	if errors.Is(err, db.ErrNotFound) {
		err = ErrBegun
	}
	key := ""
	if err == nil {
		key, err = r.unsealed(begunPlace(appHash(by)), b.Data)
	}
	return key, db.Wrap(err, "read the app that is set up")
}

// AddApp adds the app that was begun, once it shows the right code; see AddPasskey. It
// returns ErrBegun, ErrWrongCode or a *Wait.
func (r *Room) AddApp(ctx context.Context, by web.Person, name, code, session string) ([]string, error) {
	name = tidy(name)
	if err := checkFactorName(name); err != nil {
		return nil, err
	}
	key, err := r.BegunApp(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("add an app: %w", err)
	}
	step, err := appStepOf(key, cleanCode(code), r.Now(), 0)
	if err == nil && step == 0 {
		err = ErrWrongCode
	}
	if err != nil {
		return nil, fmt.Errorf("add an app: %w", err)
	}
	f := Factor{Kind: KindApp, Name: name, Record: key, Counter: step}
	codes, err := r.addFactor(ctx, by, f, "", session, func(q db.Q) error {
		_, err := endBegun(ctx, q, appHash(by), begunApp, db.At(r.Now()))
		if errors.Is(err, db.ErrNotFound) {
			err = ErrBegun
		}
		return err
	})
	return codes, db.Wrap(err, "add an app")
}

// addFactor keeps a new factor and tells the person by e-mail.
func (r *Room) addFactor(ctx context.Context, by web.Person, f Factor, credential, session string,
	also func(db.Q) error) (codes []string, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockFactors(ctx, q, by.ID); err != nil {
			return err
		}
		had, err := factorsLeft(ctx, q, by.ID)
		if err != nil {
			return err
		}
		if had >= maxFactors {
			return ErrFactors
		}
		if err := r.waited(ctx, q, by.ID); err != nil {
			return err
		}
		if also != nil {
			if err := also(q); err != nil {
				return err
			}
		}
		before, err := factorsOf(ctx, q, by.ID)
		if err != nil {
			return err
		}
		// Recovery codes that came with codes by e-mail may be those of whoever reads the mailbox.
		first := len(before) == 0 || f.Kind != KindEmail && onlyMailed(before)
		f.ID, f.PersonID, f.CreatedAt = r.NewID(), by.ID, db.At(r.Now())
		if f.Kind == KindApp {
			if f.Record, err = r.sealed(factorPlace(f.ID), f.Record); err != nil {
				return err
			}
		}
		if err := insertFactor(ctx, q, f, credential); err != nil {
			return err
		}
		if first {
			// Who signed in with the password alone, elsewhere, has to show it too.
			if _, err := deleteSessions(ctx, q, by.ID, hashed(session)); err != nil {
				return err
			}
			if codes, err = r.freshCodes(ctx, q, by.ID); err != nil {
				return err
			}
		}
		all, err := factorsOf(ctx, q, by.ID)
		if err != nil {
			return err
		}
		if err := strengthen(ctx, q, hashed(session), worth(all), db.At(r.Now())); err != nil {
			return err
		}
		if err := r.tellOfFactor(ctx, q, by.ID, factorAdded(f)); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added a second factor", by.ID, f.KindWords())
	})
	return codes, err
}

// freshCodes gives a person new recovery codes, in the place of any they had.
func (r *Room) freshCodes(ctx context.Context, q db.Q, personID string) ([]string, error) {
	if err := deleteRecoveryCodes(ctx, q, personID); err != nil {
		return nil, err
	}
	var codes []string
	for range recoveryCodes {
		code := ids.Code()
		if err := insertRecoveryCode(ctx, q, recoveryHash(personID, code), personID); err != nil {
			return nil, err
		}
		codes = append(codes, groupsOfFour(code))
	}
	return codes, nil
}

func recoveryHash(personID, code string) string {
	return hashed("recovery\x00" + personID + "\x00" + code)
}

// RenewRecoveryCodes gives a person who has a second factor new recovery codes; the old
// ones stop working. It returns ErrNoFactors or ErrFactorWaits.
func (r *Room) RenewRecoveryCodes(ctx context.Context, by web.Person) (codes []string, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockFactors(ctx, q, by.ID); err != nil {
			return err
		}
		n, err := factorsLeft(ctx, q, by.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoFactors
		}
		if err := r.waited(ctx, q, by.ID); err != nil {
			return err
		}
		if codes, err = r.freshCodes(ctx, q, by.ID); err != nil {
			return err
		}
		return r.note(ctx, q, by, "made new recovery codes", by.ID, by.Name)
	})
	return codes, db.Wrap(err, "replace recovery codes")
}

// RenameFactor changes what a person calls a factor of theirs.
func (r *Room) RenameFactor(ctx context.Context, by web.Person, id, name string, seen web.Seen) error {
	name = tidy(name)
	if err := checkFactorName(name); err != nil {
		return err
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockFactors(ctx, q, by.ID); err != nil {
			return err
		}
		f, err := factorOf(ctx, q, by.ID, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, by.ID, fillFactor(f), actRenamed); err != nil {
			return err
		}
		if err := renameFactor(ctx, q, id, name); err != nil {
			return err
		}
		return r.note(ctx, q, by, actRenamed, by.ID, f.KindWords())
	})
	return db.Wrap(err, "rename a second factor")
}

const actRenamed = "renamed a second factor"

// RemoveFactor takes a factor of a person's own away, and tells them by e-mail. It returns
// ErrFactorNeeded for the last passkey or app of somebody whose role needs one.
func (r *Room) RemoveFactor(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockFactors(ctx, q, by.ID); err != nil {
			return err
		}
		f, err := factorOf(ctx, q, by.ID, id)
		if err != nil {
			return err
		}
		if err := deleteFactor(ctx, q, by.ID, id); err != nil {
			return err
		}
		left, err := factorsOf(ctx, q, by.ID)
		if err != nil {
			return err
		}
		if len(left) == 0 || onlyMailed(left) {
			needed, err := needsFactor(ctx, q, by.ID)
			if err != nil {
				return err
			}
			if needed {
				return ErrFactorNeeded
			}
		}
		if len(left) == 0 {
			if err := deleteRecoveryCodes(ctx, q, by.ID); err != nil {
				return err
			}
		}
		if err := r.tellOfFactor(ctx, q, by.ID, factorRemoved(f)); err != nil {
			return err
		}
		return r.note(ctx, q, by, "removed a second factor", by.ID, f.KindWords())
	})
	return db.Wrap(err, "remove a second factor")
}

// ResetFactors takes away every second factor of somebody who lost theirs, and every link to a
// directory, ends what they are signed in to and tells them by e-mail. Their mailbox alone opens
// the account then; so where their roles give what by does not hold, it waits for a second
// person, with the reason why, and waits is true. It returns ErrOwnFactors, ErrNoFactors or
// ErrNoReason.
func (r *Room) ResetFactors(ctx context.Context, by web.Person, personID, reason string) (waits bool, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, held, err := r.governed(ctx, q, by, personID, anybody)
		if err != nil {
			return err
		}
		if by.ID == personID {
			return ErrOwnFactors
		}
		if waits = !mayBecome(by, held, string(p.OrganisationID)); !waits {
			return r.resetFactors(ctx, q, by, p)
		}
		n, err := factorsLeft(ctx, q, personID)
		if err != nil {
			return err
		}
		linked, err := linkedOf(ctx, q, personID)
		if err != nil {
			return err
		}
		if n == 0 && len(linked) == 0 {
			return ErrNoFactors
		}
		return r.ask(ctx, q, by, p, askActivate, ofFactors, reason)
	})
	return waits, db.Wrap(err, "reset the second factor of %s", personID)
}

func (r *Room) resetFactors(ctx context.Context, q db.Q, by web.Person, p Person) error {
	n, err := deleteFactors(ctx, q, p.ID)
	if err != nil {
		return err
	}
	linked, err := deleteAllLinked(ctx, q, p.ID)
	if err != nil {
		return err
	}
	if n+linked == 0 {
		return ErrNoFactors
	}
	if err := deleteRecoveryCodes(ctx, q, p.ID); err != nil {
		return err
	}
	if err := deleteBegun(ctx, q, p.ID, ""); err != nil {
		return err
	}
	if _, err := deleteSessions(ctx, q, p.ID, ""); err != nil {
		return err
	}
	if err := r.tellOfFactor(ctx, q, p.ID, factorsReset(by)); err != nil {
		return err
	}
	return r.note(ctx, q, by, "reset the second factor", p.ID, p.Name)
}

// tellOfFactor writes to somebody about their second factor, if they have an address.
func (r *Room) tellOfFactor(ctx context.Context, q db.Q, personID string, words factorNews) error {
	p, err := personByID(ctx, q, personID)
	if err != nil || !p.Addressed() {
		return err
	}
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	return r.Mail.Queue(ctx, q, mail.Message{ToAddress: p.Email, ToName: p.Name, Subject: words.subject,
		Body: factorEmail(p, words, site.Name)})
}

// RequireFactor says which roles need a second factor, on a form that showed what was
// seen. Who has such a role and no second factor is led to set one up.
func (r *Room) RequireFactor(ctx context.Context, by web.Person, roleIDs []string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		known, err := readCatalogue(ctx, q)
		if err != nil {
			return err
		}
		if _, err := known.give(roleIDs); err != nil {
			return err
		}
		// Held as the partnership's own record is: two who save at once come one after another.
		if _, err := db.Exec(ctx, q, `UPDATE identity_factor_roles SET role = role`); err != nil {
			return err
		}
		was, err := factorRoles(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, signingInSubject, signingInID, fillRoles(was)); err != nil {
			return err
		}
		if err := deleteFactorRoles(ctx, q); err != nil {
			return err
		}
		for _, id := range roleIDs {
			if err := insertFactorRole(ctx, q, id); err != nil {
				return err
			}
		}
		words := lang.Join(known.titles(roleIDs))
		if words == "" {
			words = "no role"
		}
		trail := audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
		return trail.Note(ctx, q, by, "asked for a second factor of", signingInSubject, signingInID, words)
	})
	return db.Wrap(err, "require a second factor")
}

// What the audit trail calls how people sign in.
const (
	signingInSubject = "settings"
	signingInID      = "signing-in"
)

// prove checks a proof of a person in the transaction of whatever it opens, after the
// passkey's answer or the code by e-mail was checked, and says in words what it was. It returns
// ErrWrongCode.
func (r *Room) prove(ctx context.Context, q db.Q, p Person, proof Proof, answer *passkeyAnswer,
	mailed bool) (string, error) {
	if mailed {
		return "a code by e-mail", r.useMailed(ctx, q, p.ID)
	}
	if answer != nil {
		if answer.factor.PersonID != p.ID {
			return "", ErrPasskey
		}
		return "a passkey", answer.keep(ctx, q, db.At(r.Now()))
	}
	code := cleanCode(proof.Code)
	all, err := factorsOf(ctx, q, p.ID)
	if err != nil {
		return "", err
	}
	ok, err := r.useApps(ctx, q, all, code)
	if err != nil && !errors.Is(err, ErrUnsealed) || ok {
		return "a code of an app", err
	}
	unsealed := err // a recovery code is no app's
	ok, err = spendRecoveryCode(ctx, q, recoveryHash(p.ID, code), p.ID, db.At(r.Now()))
	if err != nil {
		return "", err
	}
	if !ok {
		return "", cmp.Or(unsealed, ErrWrongCode)
	}
	left, err := recoveryCodesLeft(ctx, q, p.ID)
	if err != nil {
		return "", err
	}
	if err := r.tellOfFactor(ctx, q, p.ID, recoveryUsed(left)); err != nil {
		return "", err
	}
	return "a recovery code", r.note(ctx, q, web.Person{ID: p.ID, Name: p.Name}, "used a recovery code", p.ID,
		lang.Plural(left, "code is left", "codes are left"))
}
