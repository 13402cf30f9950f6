package identity

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Kinds of second factor.
const (
	KindPasskey = "passkey" // a key in a device, by WebAuthn
	KindApp     = "app"     // an app that shows a code of the minute, by RFC 6238
	KindEmail   = "email"   // a code sent to the person's own address
)

// How a session began, in identity_sessions.way.
const (
	wayPassword = "password"      // by what is one factor
	wayTwo      = "two"           // by two factors, or a passkey that asked who its holder is
	wayMailed   = "mailed"        // by a code that was sent to the mailbox, which also opens a link to set the password
	wayDemo     = "demonstration" // as a persona: there is nothing to prove
)

// Errors of second factors; pages give them their words.
var (
	ErrWrongCode = errors.New("wrong code, or used before")
	ErrPasskey   = errors.New("the passkey was not accepted")
	ErrBegun     = errors.New("it was begun too long ago, or ended already")
	ErrNoParty   = errors.New("passkeys need the address of the website")

	ErrFactorNeeded = web.Conflict("Your role needs a second factor",
		"Add another one first; then this one can be removed.")
	ErrMailedWeak = web.Conflict("Your role needs a passkey or an app",
		"Whoever reads your e-mail could set your password too, so a code by e-mail is not enough for it.")
	ErrOwnFactors = web.Conflict("You cannot reset your own second factor",
		"Remove it on the page of your account, or ask another administrator.")
	ErrNoFactors = web.Conflict("There is no second factor", "They sign in without one.")
	ErrFactors   = web.Conflict("You have very many of these already", "Remove one that you do not use first.")
)

// Bounds of second factors.
const (
	maxFactors     = 20
	recoveryCodes  = 10
	ceremonyLife   = 10 * time.Minute
	linkingLife    = 30 * time.Minute // as long as the code that it may wait for
	secondDoor     = "second"
	nameOfFactorAt = 60 // characters
)

// A Factor is something that somebody has, beside the password that they know.
type Factor struct {
	ID        string
	PersonID  string
	Kind      string
	Name      string
	Host      string // of a passkey: the host that it was made for
	Record    string // of a passkey: its public key, as JSON; of an app: the key that both know, sealed
	Counter   int64  // the passkey's, or the step of the app's last code
	CreatedAt db.Time
	UsedAt    db.Time
}

// KindWords says what kind of factor it is.
func (f Factor) KindWords() string {
	return map[string]string{KindPasskey: "Passkey", KindApp: "App", KindEmail: "Code by e-mail"}[f.Kind]
}

// A NeedSecond is returned by SignIn when the password was right and a second factor is
// needed. Its secret goes on with the sign-in.
type NeedSecond struct{ Secret string }

// Error implements error.
func (*NeedSecond) Error() string { return "a second factor is needed" }

// A Proof is what somebody shows beside, or in the place of, their password.
type Proof struct {
	Code      string // of an app, an e-mail or a recovery code
	Passkey   []byte // what the browser's passkey answered, as JSON
	Challenge string // the secret of what it answered to
	Password  string // only where somebody who is signed in confirms who they are
}

// cleanCode is a code as it is compared: without spaces and hyphens, in small letters, and
// with the digits that letters were taken for.
func cleanCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
			return -1
		case r >= '０' && r <= '９': // as some keyboards write digits
			return r - '０' + '0'
		case r == 'o':
			return '0'
		case r == 'i' || r == 'l':
			return '1'
		}
		return r
	}, clip(s, 200))
}

// party tells for which host passkeys are made and used, and the origin their browser
// has to be at: those of the address in force. Browsers have passkeys for names by TLS
// and for localhost only; the demonstration, and an installation whose address nobody
// entered yet, are used there.
func (r *Room) party(site mail.Site, req *http.Request) (host, origin string, err error) {
	if r.Demo || !site.Known() {
		if name, _, _ := net.SplitHostPort(req.Host); name != "localhost" || req.TLS != nil {
			return "", "", ErrNoParty
		}
		return "localhost", "http://" + req.Host, nil
	}
	u, err := url.Parse(site.Address)
	if err != nil {
		return "", "", ErrNoParty
	}
	host = strings.ToLower(u.Hostname())
	if net.ParseIP(host) != nil || u.Scheme != "https" && host != "localhost" {
		return "", "", ErrNoParty
	}
	return host, u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// checkFactorName says what is wrong with what a person calls a factor.
func checkFactorName(name string) error {
	var problems []ui.Problem
	if name == "" {
		problems = append(problems, ui.Problem{Field: "name", Text: "Enter a name by which you know it"})
	} else if len([]rune(name)) > nameOfFactorAt {
		problems = append(problems, ui.Problem{Field: "name", Text: "Use 60 characters or fewer"})
	}
	if len(problems) > 0 {
		return &ui.Invalid{Problems: problems}
	}
	return nil
}
