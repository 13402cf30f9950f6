package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// awaitSecond begins a sign-in that goes on with a second factor: nil when the person has
// none and the first, which first says in words, is enough.
func (r *Room) awaitSecond(ctx context.Context, q db.Q, p Person, first string) (*NeedSecond, error) {
	n, err := factorsLeft(ctx, q, p.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	if err := deleteOldBegun(ctx, q, db.At(r.Now())); err != nil {
		return nil, err
	}
	secret, until := ids.Secret(), db.At(r.Now().Add(ceremonyLife))
	return &NeedSecond{secret}, insertBegun(ctx, q, hashed(secret), begunSecond, p.ID, first, until)
}

// Awaited tells who is signing in and has yet to show their second factor, with what they
// have; ErrBegun when it was too long ago.
func (r *Room) Awaited(ctx context.Context, secret string) (Person, []Factor, error) {
	b, err := begunBy(ctx, r.Work, hashed(secret), begunSecond, db.At(r.Now()))
	if errors.Is(err, db.ErrNotFound) {
		return Person{}, nil, ErrBegun
	}
	var p Person
	if err == nil {
		p, err = personByID(ctx, r.Work, string(b.Person))
	}
	if err != nil {
		return p, nil, fmt.Errorf("read a sign-in that waits: %w", err)
	}
	if !p.Active {
		return p, nil, ErrBegun
	}
	all, err := factorsOf(ctx, r.Work, p.ID)
	return p, all, db.Wrap(err, "read a sign-in that waits")
}

// SignInSecond ends a sign-in by its second factor and begins the session, whose secret it
// returns. It returns ErrBegun, ErrWrongCode, ErrPasskey, a *Wait or ErrBusy.
func (r *Room) SignInSecond(ctx context.Context, pending string, proof Proof, v Visit, req *http.Request) (string,
	error) {
	p, all, err := r.Awaited(ctx, pending)
	if err != nil {
		return "", err
	}
	var secret string
	err = r.try(ctx, p, v, func() error {
		answer, err := r.answerOf(ctx, p.ID, proof, req)
		if err != nil {
			return err
		}
		mailed, err := r.mailed(ctx, p, proof, v)
		if err != nil {
			return err
		}
		return r.Work.Tx(ctx, func(q db.Q) error {
			b, err := endBegun(ctx, q, hashed(pending), begunSecond, db.At(r.Now()))
			if errors.Is(err, db.ErrNotFound) {
				return ErrBegun
			} else if err != nil {
				return err
			}
			with, err := r.prove(ctx, q, p, proof, answer, mailed)
			if err != nil {
				return err
			}
			secret, err = r.begin(ctx, q, p, worth(all), b.Data+" and "+with, v)
			return err
		})
	})
	if errors.Is(err, ErrWrongCode) || errors.Is(err, ErrPasskey) {
		err = cmp.Or(r.warn(ctx, p, v), err)
	}
	return secret, db.Wrap(err, "sign in with a second factor")
}

// answerOf reads a passkey's answer, where the proof is one.
func (r *Room) answerOf(ctx context.Context, personID string, proof Proof, req *http.Request) (*passkeyAnswer, error) {
	if len(proof.Passkey) == 0 {
		return nil, nil
	}
	a, err := r.readAnswer(ctx, personID, proof, req)
	return &a, err
}

// SignInByPasskey begins a session for the holder of a passkey that asked them who they
// are. It returns ErrBegun or ErrPasskey.
func (r *Room) SignInByPasskey(ctx context.Context, proof Proof, v Visit, req *http.Request) (string, error) {
	a, err := r.readAnswer(ctx, "", proof, req)
	if err == nil && !a.verified {
		err = ErrPasskey
	}
	if err != nil {
		return "", fmt.Errorf("sign in by passkey: %w", err)
	}
	var secret string
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, err := personByID(ctx, q, a.factor.PersonID)
		if err != nil {
			return err
		}
		held, err := rolesOf(ctx, q, p.ID)
		if err != nil {
			return err
		}
		if !p.Active || p.SameAs != "" || len(held) == 0 {
			return ErrPasskey
		}
		if err := a.keep(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		secret, err = r.begin(ctx, q, p, wayTwo, "by passkey", v)
		return err
	})
	return secret, db.Wrap(err, "sign in by passkey")
}

// try lets somebody show a second factor, slowed as passwords are: what is wrong counts,
// and enough of it has to wait.
func (r *Room) try(ctx context.Context, p Person, v Visit, show func() error) error {
	leave, err := r.keeper.enter(ctx, attemptKey(secondDoor, p.ID, ""))
	if err != nil {
		return err
	}
	defer leave()
	here, err := r.doorsOf(ctx, secondDoor, p.ID, p.ID, v)
	if err != nil {
		return err
	}
	here.longest = longestSecond
	if err := r.mayTry(ctx, here); err != nil {
		return err
	}
	err = show()
	if errors.Is(err, ErrWrongCode) || errors.Is(err, ErrPasskey) {
		return cmp.Or(r.failed(ctx, here), err)
	}
	if err != nil {
		return err
	}
	return r.Work.Tx(ctx, func(q db.Q) error { return forgetAttempts(ctx, q, here.account) })
}

// warn tells somebody by e-mail, once, that others guess at their second factor: whoever
// comes so far knows their password.
func (r *Room) warn(ctx context.Context, p Person, v Visit) error {
	at, err := r.doorsOf(ctx, secondDoor, p.ID, p.ID, v)
	if err != nil || at.anywhere == "" || !p.Addressed() { // or a browser that the person signs in from
		return err
	}
	f, err := failuresAt(ctx, r.Work, at.anywhere, db.At(r.Now()))
	if err != nil || f.Tried != freeTries {
		return err
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		return r.Mail.Queue(ctx, q, mail.Message{ToAddress: p.Email, ToName: p.Name,
			Subject: "Somebody may know your password", Body: guessedEmail(p, site.Name)})
	})
}

// ConfirmYou checks that whoever has a session is still its person: by their password, a
// passkey or a code. It returns ErrWrong, ErrWrongCode, ErrPasskey, ErrBegun, a *Wait or
// ErrBusy.
func (r *Room) ConfirmYou(ctx context.Context, by web.Person, session string, proof Proof, v Visit,
	req *http.Request) error {
	p, err := personByID(ctx, r.Work, by.ID)
	if err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	err = r.try(ctx, p, v, func() error {
		if proof.Password != "" {
			ok, err := r.knows(ctx, p.ID, proof.Password)
			if err == nil && !ok {
				err = fmt.Errorf("%w: %w", ErrWrong, ErrWrongCode)
			}
			if err != nil {
				return err
			}
			return r.Work.Tx(ctx, func(q db.Q) error { return proveSession(ctx, q, hashed(session), db.At(r.Now())) })
		}
		answer, err := r.answerOf(ctx, p.ID, proof, req)
		if err != nil {
			return err
		}
		mailed, err := r.mailed(ctx, p, proof, v)
		if err != nil {
			return err
		}
		return r.Work.Tx(ctx, func(q db.Q) error {
			if _, err := r.prove(ctx, q, p, proof, answer, mailed); err != nil {
				return err
			}
			return proveSession(ctx, q, hashed(session), db.At(r.Now()))
		})
	})
	return db.Wrap(err, "confirm")
}

// knows reports whether a password is a person's. Who has none takes as long.
func (r *Room) knows(ctx context.Context, personID, password string) (bool, error) {
	hash, err := passwordOf(ctx, r.Work, personID)
	if errors.Is(err, db.ErrNotFound) {
		hash, err = r.hasher.decoy, nil
	}
	if err != nil {
		return false, err
	}
	if len(password) > maxPassword {
		password = ""
	}
	ok, _, err := r.hasher.check(ctx, lineOf(personID), password, hash)
	return ok, err
}
