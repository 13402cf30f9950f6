package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// A directory is entered in Settings by one person, and could be their own: that it vouches
// for an address is not enough. The first time, whoever comes shows that the account here is
// theirs; from then on the directory's own account is known, whatever address it has.

// A Linked is an account of a directory that signs in as a person.
type Linked struct {
	ID         string
	ProviderID string
	Issuer     string
	Subject    string // what the issuer calls the account for ever
	PersonID   string
	Address    string // that was vouched for when it was linked
	LinkedAt   db.Time
	UsedAt     db.Time
	Provider   string // the directory's name, for showing
}

// A NeedLink is returned when a directory vouches for somebody for the first time. Its secret
// goes on with the sign-in.
type NeedLink struct{ Secret string }

// Error implements error.
func (*NeedLink) Error() string { return "it has to be shown once whose account it is" }

const (
	begunLink      = "link"      // a sign-in with a directory that is to be linked
	linkingPurpose = "directory" // of the code by e-mail that links it
)

// A linkingAt is what is kept while somebody shows that an account is theirs.
type linkingAt struct{ Provider, Issuer, Subject, Address, Next string }

// offerLinking offers codes that show whose account it is. They have no page of their own.
func (r *Room) offerLinking() {
	r.Codes.Offer(Purpose{ID: linkingPurpose, Does: "let your organisation’s sign-in open your account here",
		Known: knownAccount})
}

// awaitLink begins the proof that links an account of a directory to a person.
func (r *Room) awaitLink(ctx context.Context, q db.Q, personID string, at linkingAt) (*NeedLink, error) {
	kept, err := json.Marshal(at)
	if err != nil {
		return nil, err
	}
	if err := deleteOldBegun(ctx, q, db.At(r.Now())); err != nil {
		return nil, err
	}
	secret, until := ids.Secret(), db.At(r.Now().Add(linkingLife))
	return &NeedLink{secret}, insertBegun(ctx, q, hashed(secret), begunLink, personID, string(kept), until)
}

// Linking tells whose account a sign-in with a directory opens once they have shown that it
// is theirs, and with which directory; ErrBegun when it was too long ago.
func (r *Room) Linking(ctx context.Context, secret string) (Person, Provider, error) {
	p, v, _, err := r.linking(ctx, r.Work, secret)
	return p, v, db.Wrap(err, "read a sign-in that is to be linked")
}

func (r *Room) linking(ctx context.Context, q db.Reader, secret string) (Person, Provider, linkingAt, error) {
	var at linkingAt
	b, err := begunBy(ctx, q, hashed(secret), begunLink, db.At(r.Now()))
	if err == nil {
		err = json.Unmarshal([]byte(b.Data), &at)
	}
	var p Person
	if err == nil {
		p, err = personByID(ctx, q, string(b.Person))
	}
	var v Provider
	if err == nil {
		v, err = providerByID(ctx, q, at.Provider)
	}
	if errors.Is(err, db.ErrNotFound) || err == nil && (!p.Active || v.Issuer != at.Issuer) {
		err = ErrBegun
	}
	return p, v, at, err
}

// Link ends the first sign-in with a directory, by the password or a code by e-mail: the
// session's secret, and the page that was asked for. It returns ErrBegun, ErrWrong,
// ErrWrongCode, a *Wait, ErrBusy, or *NeedSecond as after a password.
func (r *Room) Link(ctx context.Context, secret string, proof Proof, v Visit) (session, next string, err error) {
	p, _, _, err := r.linking(ctx, r.Work, secret)
	if err != nil {
		return "", "", fmt.Errorf("link a directory: %w", err)
	}
	var second *NeedSecond
	err = r.try(ctx, p, v, func() error {
		if err := r.owns(ctx, p, proof, v); err != nil {
			return err
		}
		return r.Work.Tx(ctx, func(q db.Q) error {
			session, next, second, err = r.link(ctx, q, secret, v)
			return err
		})
	})
	if err == nil && second != nil {
		return "", next, second
	}
	return session, next, db.Wrap(err, "link a directory")
}

// owns checks the password of an account, or the code that was sent to it.
func (r *Room) owns(ctx context.Context, p Person, proof Proof, v Visit) error {
	if proof.Password == "" {
		return r.Codes.Check(ctx, linkingPurpose, p.Email, proof.Code, v)
	}
	ok, err := r.knows(ctx, p.ID, proof.Password)
	if err == nil && !ok {
		err = fmt.Errorf("%w: %w", ErrWrong, ErrWrongCode)
	}
	return err
}

// link keeps whose an account of a directory is, and signs them in.
func (r *Room) link(ctx context.Context, q db.Q, secret string, v Visit) (session, next string, second *NeedSecond,
	err error) {
	who, provider, at, err := r.linking(ctx, q, secret)
	if err != nil {
		return "", "", nil, err
	}
	if provider, err = lockProvider(ctx, q, provider.ID); err != nil {
		return "", "", nil, err
	}
	if provider.Issuer != at.Issuer {
		return "", "", nil, ErrBegun
	}
	if _, err := endBegun(ctx, q, hashed(secret), begunLink, db.At(r.Now())); errors.Is(err, db.ErrNotFound) {
		return "", "", nil, ErrBegun
	} else if err != nil {
		return "", "", nil, err
	}
	if used, err := linkedBySubject(ctx, q, provider.ID, at.Issuer, at.Subject); err == nil && used.PersonID != who.ID {
		return "", "", nil, ErrBegun // linked to somebody else meanwhile
	} else if err != nil && !errors.Is(err, db.ErrNotFound) {
		return "", "", nil, err
	}
	now := db.At(r.Now())
	if err := putLinked(ctx, q, Linked{ID: r.NewID(), ProviderID: provider.ID, Issuer: at.Issuer, Subject: at.Subject,
		PersonID: who.ID, Address: at.Address, LinkedAt: now, UsedAt: now}); err != nil {
		return "", "", nil, err
	}
	by := web.Person{ID: who.ID, Name: who.Name}
	if err := r.note(ctx, q, by, "linked a directory", who.ID, provider.Name); err != nil {
		return "", "", nil, err
	}
	if err := r.tellOfFactor(ctx, q, who.ID, directoryLinked(provider, at.Address)); err != nil {
		return "", "", nil, err
	}
	session, second, err = r.enterBy(ctx, q, provider, who, v)
	return session, at.Next, second, err
}

// enterBy begins the session of somebody whom a directory signs in, or asks for their second
// factor.
func (r *Room) enterBy(ctx context.Context, q db.Q, p Provider, who Person, v Visit) (string, *NeedSecond, error) {
	second, err := r.awaitSecond(ctx, q, who, "with "+p.Name)
	if err != nil || second != nil {
		return "", second, err
	}
	secret, err := r.begin(ctx, q, who, wayProvider+p.ID, "with "+p.Name, v)
	return secret, nil, err
}

// EndLinked ends what links a person's own account to a directory. Coming from there they
// have to show again that it is theirs.
func (r *Room) EndLinked(ctx context.Context, by web.Person, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := linkedByID(ctx, q, by.ID, id)
		if err != nil {
			return err
		}
		if err := deleteLinked(ctx, q, by.ID, id); err != nil {
			return err
		}
		return r.note(ctx, q, by, "ended the link to a directory", by.ID, l.Provider)
	})
	return db.Wrap(err, "end the link to a directory")
}

// keepLinked ends the links of a directory that its settings no longer bear: all under
// another issuer, and those of domains that it may not vouch for any more.
func keepLinked(ctx context.Context, q db.Q, was, p Provider) error {
	if was.Issuer != p.Issuer {
		return deleteLinkedOfProvider(ctx, q, p.ID)
	}
	all, err := linkedOfProvider(ctx, q, p.ID)
	if err != nil {
		return err
	}
	for _, l := range all {
		if p.mayVouch(l.Address) {
			continue
		}
		if err := deleteLinked(ctx, q, l.PersonID, l.ID); err != nil {
			return err
		}
	}
	return nil
}
