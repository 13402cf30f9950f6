package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// Passkeys, by WebAuthn. A challenge is kept for ten minutes and answered once; which of
// the person's passkeys may answer it, and whether it alone is enough, is kept with it.

// What a challenge is for, as identity_begun has it.
const (
	begunPasskey = "passkey" // one to be added
	begunAnswer  = "answer"  // one to be shown
	begunSecond  = "second"  // a sign-in whose password was right
	begunApp     = "app"     // an app to be added
)

// A holder is a person as WebAuthn knows them.
type holder struct {
	person Person
	keys   []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (h holder) WebAuthnID() []byte { return []byte(h.person.ID) }

// WebAuthnName implements webauthn.User.
func (h holder) WebAuthnName() string { return h.person.Email }

// WebAuthnDisplayName implements webauthn.User.
func (h holder) WebAuthnDisplayName() string { return h.person.Name }

// WebAuthnCredentials implements webauthn.User.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// holderOf gives a person with their passkeys for a host.
func holderOf(ctx context.Context, q db.Reader, p Person, host string) (holder, error) {
	h := holder{person: p}
	all, err := factorsOf(ctx, q, p.ID)
	for _, f := range all {
		if f.Kind != KindPasskey || f.Host != host {
			continue
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(f.Record), &c); err != nil {
			return h, fmt.Errorf("read passkey %s: %w", f.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, err
}

// authn gives the library for the host that a request is at.
func (r *Room) authn(ctx context.Context, q db.Reader, req *http.Request) (*webauthn.WebAuthn, error) {
	site, err := r.Site(ctx, q)
	if err != nil {
		return nil, err
	}
	host, origin, err := r.party(site, req)
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: sender(site.Name), RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred,
			UserVerification: protocol.VerificationPreferred}})
}

// A Challenge is what a browser gives to its passkeys.
type Challenge struct {
	Secret  string `json:"challenge"` // sent back with the answer
	Options any    `json:"options"`   // as navigator.credentials takes them
}

// BeginPasskey begins to add a passkey.
func (r *Room) BeginPasskey(ctx context.Context, by web.Person, req *http.Request) (Challenge, error) {
	var out Challenge
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := r.authn(ctx, q, req)
		if err != nil {
			return err
		}
		p, err := personByID(ctx, q, by.ID)
		if err != nil {
			return err
		}
		h, err := holderOf(ctx, q, p, a.Config.RPID)
		if err != nil {
			return err
		}
		options, session, err := a.BeginRegistration(h,
			webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
		if err != nil {
			return err
		}
		if err := deleteBegun(ctx, q, by.ID, begunPasskey); err != nil {
			return err
		}
		out.Options = options.Response
		out.Secret, err = r.keepChallenge(ctx, q, begunPasskey, by.ID, session)
		return err
	})
	return out, db.Wrap(err, "begin a passkey")
}

// BeginAnswer begins to show a passkey: one of a person's when personID is given, or any
// that tells whose it is and has asked its holder who they are.
func (r *Room) BeginAnswer(ctx context.Context, personID string, req *http.Request) (Challenge, error) {
	var out Challenge
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := r.authn(ctx, q, req)
		if err != nil {
			return err
		}
		var options *protocol.CredentialAssertion
		var session *webauthn.SessionData
		if personID == "" {
			options, session, err = a.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		} else {
			var p Person
			if p, err = personByID(ctx, q, personID); err != nil {
				return err
			}
			var h holder
			if h, err = holderOf(ctx, q, p, a.Config.RPID); err != nil {
				return err
			}
			if len(h.keys) == 0 {
				return ErrPasskey
			}
			options, session, err = a.BeginLogin(h)
		}
		if err != nil {
			return err
		}
		out.Options = options.Response
		out.Secret, err = r.keepChallenge(ctx, q, begunAnswer, personID, session)
		return err
	})
	return out, db.Wrap(err, "begin to show a passkey")
}

func (r *Room) keepChallenge(ctx context.Context, q db.Q, kind, personID string, s *webauthn.SessionData) (string,
	error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	secret, now := ids.Secret(), r.Now()
	if err := deleteOldBegun(ctx, q, db.At(now)); err != nil {
		return "", err
	}
	return secret, insertBegun(ctx, q, hashed(secret), kind, personID, string(b), db.At(now.Add(ceremonyLife)))
}

// challenge takes the challenge of a secret away, whatever comes of the answer.
func (r *Room) challenge(ctx context.Context, kind, secret string) (personID string, s webauthn.SessionData,
	err error) {
	var b begun
	err = r.Work.Tx(ctx, func(q db.Q) (err error) {
		b, err = endBegun(ctx, q, hashed(secret), kind, db.At(r.Now()))
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return "", s, ErrBegun
	}
	if err == nil {
		err = json.Unmarshal([]byte(b.Data), &s)
	}
	return string(b.Person), s, err
}

// A passkeyAnswer is what a passkey's answer comes to.
type passkeyAnswer struct {
	factor   Factor
	fresh    webauthn.Credential // as it is to be kept
	verified bool                // it asked its holder who they are
}

// readAnswer checks what a passkey answered to a challenge that is spent by it. personID is
// who has to have been asked; "" is whoever the passkey says.
func (r *Room) readAnswer(ctx context.Context, personID string, proof Proof, req *http.Request) (passkeyAnswer, error) {
	asked, session, err := r.challenge(ctx, begunAnswer, proof.Challenge)
	if err != nil {
		return passkeyAnswer{}, err
	}
	if asked != personID {
		return passkeyAnswer{}, ErrPasskey
	}
	a, err := r.authn(ctx, r.Work, req)
	if err != nil {
		return passkeyAnswer{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(proof.Passkey)
	if err != nil {
		return passkeyAnswer{}, refusedPasskey(err)
	}
	f, err := factorByCredential(ctx, r.Work, base64.RawURLEncoding.EncodeToString(parsed.RawID))
	if errors.Is(err, db.ErrNotFound) {
		return passkeyAnswer{}, ErrPasskey
	} else if err != nil {
		return passkeyAnswer{}, err
	}
	p, err := personByID(ctx, r.Work, f.PersonID)
	if err != nil {
		return passkeyAnswer{}, err
	}
	h, err := holderOf(ctx, r.Work, p, a.Config.RPID)
	if err != nil {
		return passkeyAnswer{}, err
	}
	var c *webauthn.Credential
	if personID == "" {
		_, c, err = a.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			if string(handle) != p.ID {
				return nil, ErrPasskey
			}
			return h, nil
		}, session, parsed)
	} else {
		c, err = a.ValidateLogin(h, session, parsed)
	}
	if err != nil {
		return passkeyAnswer{}, refusedPasskey(err)
	}
	// A counter that has not gone on is that of a copy.
	if c.Authenticator.CloneWarning {
		return passkeyAnswer{}, fmt.Errorf("%w: its counter went back", ErrPasskey)
	}
	return passkeyAnswer{factor: f, fresh: *c, verified: parsed.Response.AuthenticatorData.Flags.HasUserVerified()}, nil
}

// refusedPasskey keeps the library's reason beside ours, for the log.
func refusedPasskey(err error) error {
	var e *protocol.Error
	if errors.As(err, &e) {
		return fmt.Errorf("%w: %s %s", ErrPasskey, e.Details, e.DevInfo)
	}
	return fmt.Errorf("%w: %w", ErrPasskey, err)
}

// keep notes that the passkey was used.
func (a passkeyAnswer) keep(ctx context.Context, q db.Q, at db.Time) error {
	record, err := json.Marshal(a.fresh)
	if err != nil {
		return err
	}
	ok, err := useFactor(ctx, q, a.factor, int64(a.fresh.Authenticator.SignCount), string(record), at)
	if err == nil && !ok {
		err = ErrPasskey
	}
	return err
}

// readPasskey checks a new passkey, whose challenge is spent by it.
func (r *Room) readPasskey(ctx context.Context, p Person, proof Proof, req *http.Request) (*webauthn.Credential, string,
	error) {
	asked, session, err := r.challenge(ctx, begunPasskey, proof.Challenge)
	if err != nil {
		return nil, "", err
	}
	if asked != p.ID {
		return nil, "", ErrPasskey
	}
	a, err := r.authn(ctx, r.Work, req)
	if err != nil {
		return nil, "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(proof.Passkey)
	if err != nil {
		return nil, "", refusedPasskey(err)
	}
	c, err := a.CreateCredential(holder{person: p}, session, parsed)
	if err != nil {
		return nil, "", refusedPasskey(err)
	}
	return c, a.Config.RPID, nil
}
