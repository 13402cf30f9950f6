package identity

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// A Provider is an agency's directory that its staff sign in with, by OpenID Connect. It
// vouches for addresses of its own domains; whoever has none here stays outside, since a
// directory gives nobody a role.
type Provider struct {
	ID           string
	Name         string
	Issuer       string
	ClientID     string
	ClientSecret string // sealed; never shown
	Domains      string // of the addresses it may vouch for, one a line
	EndSession   string // where people sign out there; "" when it does not say
}

// Errors of directories; the sign-in page gives them their words.
var (
	ErrProviderDown  = errors.New("the directory does not answer, or not as OpenID Connect has it")
	ErrProviderSaid  = errors.New("the directory did not sign the person in")
	ErrNotVouched    = errors.New("the directory vouches for no address that it may vouch for")
	ErrNobodyVouched = errors.New("nobody with the address signs in")
	ErrNotAsked      = errors.New("the directory did not ask again who it is")
	ErrNotYou        = errors.New("the directory knows somebody else than who is signed in")

	ErrProviderTaken error = &ui.Taken{Field: "name", Text: "Another directory has this name"}
)

const (
	begunProvider   = "provider" // a sign-in that is at a directory
	wayProvider     = "provider "
	providerTimeout = 10 * time.Second
	providerBack    = "/sign-in/back"
)

// mayVouch reports whether the provider may vouch for an address.
func (p Provider) mayVouch(address string) bool {
	_, domain, ok := strings.Cut(address, "@")
	return ok && !strings.Contains(domain, "@") && slices.Contains(strings.Fields(p.Domains), domain)
}

// checkIssuer says what is wrong with the address of a directory, or "".
func checkIssuer(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "Enter the issuer’s address, such as https://login.example.org"
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())) {
		return "The issuer’s address has to begin with https://"
	}
	return ""
}

// AddProvider adds a directory. It returns ErrProviderTaken.
func (r *Room) AddProvider(ctx context.Context, by web.Person, p Provider) (string, error) {
	p.ID = r.NewID()
	secret, err := r.sealed(providerPlace(p.ID), p.ClientSecret)
	if err != nil {
		return "", fmt.Errorf("add a directory: %w", err)
	}
	p.ClientSecret = secret
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertProvider(ctx, q, p, db.At(r.Now())); err != nil {
			return db.TakenAs(err, ErrProviderTaken)
		}
		return r.noteProvider(ctx, q, by, "added", Provider{}, p)
	})
	return p.ID, db.Wrap(err, "add a directory")
}

// SaveProvider changes a directory, on a form that showed what was seen. An empty secret
// keeps the one there is; another issuer ends what links people to it.
func (r *Room) SaveProvider(ctx context.Context, by web.Person, p Provider, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockProvider(ctx, q, p.ID)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, providerSubject, p.ID, fillProvider(was)); err != nil {
			return err
		}
		if p.ClientSecret == "" {
			p.ClientSecret = was.ClientSecret
		} else if p.ClientSecret, err = r.sealed(providerPlace(p.ID), p.ClientSecret); err != nil {
			return err
		}
		if err := updateProvider(ctx, q, p); err != nil {
			return db.TakenAs(err, ErrProviderTaken)
		}
		if err := keepLinked(ctx, q, was, p); err != nil {
			return err
		}
		return r.noteProvider(ctx, q, by, "changed", was, p)
	})
	return db.Wrap(err, "change a directory")
}

// RemoveProvider takes a directory away: nobody signs in with it any more.
func (r *Room) RemoveProvider(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockProvider(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, providerSubject, id, fillProvider(was)); err != nil {
			return err
		}
		if err := deleteLinkedOfProvider(ctx, q, id); err != nil {
			return err
		}
		if err := deleteProvider(ctx, q, id); err != nil {
			return err
		}
		return r.noteProvider(ctx, q, by, "removed", was, Provider{ID: was.ID})
	})
	return db.Wrap(err, "remove a directory")
}

// providerSubject is what the audit trail calls a directory.
const providerSubject = "directory"

// noteProvider notes what was done to a directory, from what to what: whom it vouches for is power.
func (r *Room) noteProvider(ctx context.Context, q db.Q, by web.Person, act string, was, p Provider) error {
	trail := audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
	return trail.Note(ctx, q, by, act, providerSubject, p.ID, cmp.Or(p.Name, was.Name),
		audittrail.Between(was.told(), p.told()))
}

// told is a directory's form for the trail: its domains in a line are told as they are.
func (p Provider) told() *web.Form {
	p.Domains = strings.ReplaceAll(p.Domains, "\n", ", ")
	return fillProvider(p)
}

// An awayAt is what is kept while somebody is at a directory.
type awayAt struct {
	Provider, Nonce, Verifier, Next string
	Session                         string    // the hash of the session that is confirmed; "" where one is to begin
	At                              time.Time // when they left
}

// providerContext has the library ask with a limit of time.
func providerContext(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: providerTimeout})
}

// reach asks a directory how it is used.
func (r *Room) reach(ctx context.Context, p Provider) (*oidc.Provider, *oauth2.Config, error) {
	site, err := r.Site(ctx, r.Work)
	if err != nil {
		return nil, nil, err
	}
	if !site.Known() {
		return nil, nil, ErrNoAddress
	}
	found, err := oidc.NewProvider(providerContext(ctx), p.Issuer)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	secret, err := r.unsealed(providerPlace(p.ID), p.ClientSecret)
	if err != nil {
		return nil, nil, err
	}
	return found, &oauth2.Config{ClientID: p.ClientID, ClientSecret: secret, Endpoint: found.Endpoint(),
		RedirectURL: site.Link(providerBack), Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

// LeaveFor begins a sign-in with a directory: the address to go to, and the secret that the
// browser brings back. Where session is the secret of one, that is to be confirmed: the
// directory has to ask again who it is. It returns ErrProviderDown or ErrNoAddress.
func (r *Room) LeaveFor(ctx context.Context, id, next, session string) (to, secret string, err error) {
	p, err := providerByID(ctx, r.Work, id)
	if err != nil {
		return "", "", fmt.Errorf("sign in with a directory: %w", err)
	}
	_, config, err := r.reach(ctx, p)
	if err != nil {
		return "", "", fmt.Errorf("sign in with %s: %w", p.Name, err)
	}
	away := awayAt{Provider: p.ID, Nonce: ids.Secret(), Verifier: oauth2.GenerateVerifier(), Next: next,
		At: r.Now()}
	how := []oauth2.AuthCodeOption{oidc.Nonce(away.Nonce), oauth2.S256ChallengeOption(away.Verifier)}
	if session != "" {
		away.Session = hashed(session)
		how = append(how, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	kept, err := json.Marshal(away)
	if err != nil {
		return "", "", fmt.Errorf("sign in with %s: %w", p.Name, err)
	}
	secret = ids.Secret()
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := deleteOldBegun(ctx, q, db.At(r.Now())); err != nil {
			return err
		}
		return insertBegun(ctx, q, hashed(secret), begunProvider, "", string(kept), db.At(r.Now().Add(ceremonyLife)))
	})
	return config.AuthCodeURL(secret, how...), secret, db.Wrap(err, "sign in with %s", p.Name)
}

// ComeBack ends a sign-in with a directory, by what it sent: the session's secret, and the
// page that was asked for. It returns ErrBegun, ErrProviderSaid, ErrProviderDown,
// ErrNotVouched, ErrNobodyVouched, *NeedLink the first time, or *NeedSecond as after a password. Where a session was
// to be confirmed it gives none, and returns ErrNotAsked and ErrNotYou too.
func (r *Room) ComeBack(ctx context.Context, secret, code string, v Visit) (session, next string, err error) {
	var b begun
	err = r.Work.Tx(ctx, func(q db.Q) (err error) {
		b, err = endBegun(ctx, q, hashed(secret), begunProvider, db.At(r.Now()))
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return "", "", ErrBegun
	}
	var away awayAt
	if err == nil {
		err = json.Unmarshal([]byte(b.Data), &away)
	}
	if err != nil {
		return "", "", fmt.Errorf("come back from a directory: %w", err)
	}
	p, err := providerByID(ctx, r.Work, away.Provider)
	if errors.Is(err, db.ErrNotFound) {
		err = ErrBegun // removed meanwhile
	}
	var said vouch
	if err == nil {
		said, err = r.vouched(ctx, p, away, code)
	}
	if err == nil && away.Session != "" {
		return "", away.Next, db.Wrap(r.confirmVouched(ctx, p, away, said, v), "confirm with %s", p.Name)
	}
	if err != nil {
		return "", "", fmt.Errorf("come back from %s: %w", p.Name, err)
	}
	session, err = r.enterVouched(ctx, p, away, said, v)
	return session, away.Next, err
}

// clocksApart is how much a directory's clock may be behind.
const clocksApart = time.Minute

// confirmVouched notes that a session's person has shown who they are, where their
// directory has just asked them.
func (r *Room) confirmVouched(ctx context.Context, p Provider, away awayAt, said vouch, v Visit) error {
	if said.at.Before(away.At.Add(-clocksApart)) { // also where it did not say when
		return ErrNotAsked
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		l, err := linkedBySubject(ctx, q, p.ID, p.Issuer, said.subject)
		if errors.Is(err, db.ErrNotFound) {
			return ErrNotYou
		} else if err != nil {
			return err
		}
		now := r.Now()
		rows, err := lookUp(ctx, q, away.Session, db.At(now), db.At(now.Add(-sessionIdle)))
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].PersonID != l.PersonID || hashed(v.Old) != away.Session {
			return ErrNotYou
		}
		return proveSession(ctx, q, away.Session, db.At(now))
	})
}

// A vouch is what a directory says of who came back.
type vouch struct {
	subject string    // what it calls the account for ever
	address string    // that it may vouch for; "" for none
	out     string    // where people sign out there
	at      time.Time // when it last asked them who they are; zero where it does not say
}

// vouched asks a directory who came back with a code.
func (r *Room) vouched(ctx context.Context, p Provider, away awayAt, code string) (vouch, error) {
	found, config, err := r.reach(ctx, p)
	if err != nil {
		return vouch{}, err
	}
	if code == "" {
		return vouch{}, ErrProviderSaid
	}
	ctx = providerContext(ctx)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(away.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.ErrorCode != "" {
		return vouch{}, fmt.Errorf("%w: %w", ErrProviderSaid, err)
	} else if err != nil {
		return vouch{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: r.Now}).Verify(ctx, raw)
	if err != nil {
		return vouch{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	if id.Nonce != away.Nonce {
		return vouch{}, fmt.Errorf("%w: another nonce", ErrProviderDown)
	}
	var said struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		AuthTime int64  `json:"auth_time"`
	}
	if err := id.Claims(&said); err != nil {
		return vouch{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	if said.Email == "" { // where a directory gives it only to who asks
		info, err := found.UserInfo(ctx, config.TokenSource(ctx, token))
		if err == nil && info.Subject == id.Subject {
			said.Email, said.Verified = info.Email, info.EmailVerified
		}
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return vouch{}, fmt.Errorf("%w: %w", ErrProviderDown, err)
	}
	if checkIssuer(more.EndSession) != "" {
		more.EndSession = ""
	}
	out := vouch{subject: id.Subject, out: more.EndSession}
	if said.AuthTime > 0 {
		out.at = time.Unix(said.AuthTime, 0)
	}
	if address := cleanEmail(said.Email); said.Verified && p.mayVouch(address) {
		out.address = address
	}
	return out, nil
}

// enterVouched begins the session of whoever a directory's account is linked to, or asks the
// person whose address it vouches for to link it.
func (r *Room) enterVouched(ctx context.Context, p Provider, away awayAt, said vouch, v Visit) (string, error) {
	var secret string
	var second *NeedSecond
	var link *NeedLink
	err := r.Work.Tx(ctx, func(q db.Q) error {
		who, known, err := r.vouchedFor(ctx, q, p, said)
		if err != nil {
			return err
		}
		held, err := rolesOf(ctx, q, who.ID)
		if err != nil {
			return err
		}
		if !who.Active || who.SameAs != "" || len(held) == 0 {
			return ErrNobodyVouched
		}
		if err := setEndSession(ctx, q, p.ID, said.out); err != nil {
			return err
		}
		if !known {
			link, err = r.awaitLink(ctx, q, who.ID, linkingAt{Provider: p.ID, Issuer: p.Issuer, Subject: said.subject,
				Address: said.address, Next: away.Next})
			return err
		}
		secret, second, err = r.enterBy(ctx, q, p, who, v)
		return err
	})
	switch {
	case err == nil && link != nil:
		return "", link
	case err == nil && second != nil:
		return "", second
	}
	return secret, db.Wrap(err, "sign in with %s", p.Name)
}

// vouchedFor finds whom a directory means: known is whoever its account is linked to, else
// who has the address that it vouches for.
func (r *Room) vouchedFor(ctx context.Context, q db.Q, p Provider, said vouch) (who Person, known bool, err error) {
	l, err := linkedBySubject(ctx, q, p.ID, p.Issuer, said.subject)
	if err == nil {
		if err := useLinked(ctx, q, l.ID, db.At(r.Now())); err != nil {
			return who, false, err
		}
		who, err = personByID(ctx, q, l.PersonID)
		return who, true, err
	}
	if !errors.Is(err, db.ErrNotFound) {
		return who, false, err
	}
	if said.address == "" {
		return who, false, ErrNotVouched
	}
	if who, err = accountByEmail(ctx, q, said.address); errors.Is(err, db.ErrNotFound) {
		err = ErrNobodyVouched
	}
	return who, false, err
}
