package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// mailedPurpose is what codes are for that stand in the place of a second factor.
const mailedPurpose = "second-factor"

// offerMailed offers such codes to those who sign in. They have no page of their own.
func (r *Room) offerMailed() {
	r.Codes.Offer(Purpose{ID: mailedPurpose, Does: "sign in, or confirm that it is you", Known: knownAccount})
}

// knownAccount reports whether somebody signs in with an address.
func knownAccount(ctx context.Context, q db.Reader, address string) (bool, error) {
	p, err := accountByEmail(ctx, q, address)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil || !p.Active {
		return false, err
	}
	held, err := rolesOf(ctx, q, p.ID)
	return len(held) > 0, err
}

// onlyMailed reports whether codes by e-mail are all that somebody has beside the password.
func onlyMailed(all []Factor) bool {
	for _, f := range all {
		if f.Kind != KindEmail {
			return false
		}
	}
	return len(all) > 0
}

// worth says how a session begins after a second factor was shown: where there is none but
// codes by e-mail, it is less than two.
func worth(all []Factor) string {
	if onlyMailed(all) {
		return wayMailed
	}
	return wayTwo
}

// mayMail returns ErrMailedWeak for somebody whose role needs a second factor.
func mayMail(ctx context.Context, q db.Reader, personID string) error {
	needed, err := needsFactor(ctx, q, personID)
	if err == nil && needed {
		err = ErrMailedWeak
	}
	return err
}

// AddMailed makes codes by e-mail the person's second factor, once they have shown that they
// arrive; see AddPasskey. It returns ErrWrongCode, a *Wait, or ErrMailedWeak for whose role
// needs a second factor.
func (r *Room) AddMailed(ctx context.Context, by web.Person, code, session string, v Visit) ([]string, error) {
	p, err := personByID(ctx, r.Work, by.ID)
	if err == nil {
		err = r.Codes.Check(ctx, mailedPurpose, p.Email, code, v)
	}
	if err != nil {
		return nil, fmt.Errorf("add codes by e-mail: %w", err)
	}
	codes, err := r.addFactor(ctx, by, Factor{Kind: KindEmail, Name: "My e-mail"}, "", session, func(q db.Q) error {
		all, err := factorsOf(ctx, q, by.ID)
		if err == nil && len(all) > 0 {
			err = ErrFactors
		}
		return cmp.Or(err, mayMail(ctx, q, by.ID))
	})
	return codes, db.Wrap(err, "add codes by e-mail")
}

// mailed checks a code by e-mail of somebody who has nothing else beside the password, or
// nothing at all, as who signs in with a directory; false for any other.
func (r *Room) mailed(ctx context.Context, p Person, proof Proof, v Visit) (bool, error) {
	if len(cleanCode(proof.Code)) != codeDigits {
		return false, nil
	}
	all, err := factorsOf(ctx, r.Work, p.ID)
	if err != nil || len(all) > 0 && !onlyMailed(all) {
		return false, err
	}
	if len(all) == 0 {
		if _, err := passwordOf(ctx, r.Work, p.ID); !errors.Is(err, db.ErrNotFound) {
			return false, err
		}
	}
	err = r.Codes.Check(ctx, mailedPurpose, p.Email, proof.Code, v)
	if errors.Is(err, ErrWrongCode) {
		return false, nil
	}
	return err == nil, err
}

// useMailed notes that the code of an e-mail was used.
func (r *Room) useMailed(ctx context.Context, q db.Q, personID string) error {
	all, err := factorsOf(ctx, q, personID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return nil // there is nothing to note it at
	}
	if !onlyMailed(all) {
		return ErrWrongCode
	}
	_, err = useFactor(ctx, q, all[0], all[0].Counter, all[0].Record, db.At(r.Now()))
	return err
}
