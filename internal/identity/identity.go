// Package identity is the room of people: who works with children here, what
// they may do, and how they sign in.
//
// A person is somebody the partnership knows: they came with a file of training
// bookings, or somebody added them. Most never sign in. Those who do have a role,
// which gives permissions, and a password that only they know: they choose it
// behind a link that works once and is sent to their address, and what is kept
// of it is an argon2id hash. Signing in makes a session: a random secret in a
// cookie, of which the database has the hash. Every request looks the session up
// in one query, together with the person and their roles, so that signing out,
// deactivating somebody or taking a role away holds from the next request on
// every node.
//
// Guessing is made slow, not forbidden: failures are counted for each account
// from each address, and an account that does not exist answers exactly as one
// that does.
//
// Beside the password a person may have second factors: passkeys, an app that shows a
// code of the minute, codes by e-mail, and recovery codes on paper. Who has one is asked
// for it at every sign-in, and a role can need one. What is weighty asks again who it is.
//
// Tables: people, identity_person_roles, identity_roles, identity_roles_state,
// identity_role_versions, identity_passwords, identity_sessions, identity_links,
// identity_invitations, identity_attempts, identity_browsers, identity_requests,
// identity_factors, identity_factor_roles, identity_recovery_codes, identity_begun,
// identity_codes, identity_guests, identity_providers, identity_linked, identity_staff_lists,
// identity_staff_rows,
// identity_personas, all in the work store.
package identity

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/names"
	"kith/internal/kit/seal"
	"kith/internal/kit/search"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Errors a person can act on; those of the sign-in pages get their words there.
var (
	ErrWrong       = errors.New("wrong e-mail address or password")
	ErrTooMany     = errors.New("too many attempts")
	ErrBusy        = errors.New("too many people are signing in at once")
	ErrLinkSpent   = errors.New("the link was used or is too old")
	ErrUnknownRole = errors.New("no such role")
	ErrSignsIn     = errors.New("somebody with this e-mail address signs in already")
	ErrNoPassword  = errors.New("nobody with this e-mail address signs in")

	ErrPersonTaken error = &ui.Taken{Field: "email", Text: "A person of this name has this e-mail address already"}
	ErrAddressUsed error = &ui.Taken{Field: "email",
		Text: "Somebody else signs in with this e-mail address; each person who signs in needs their own"}
	ErrAddressOfAnother = web.Conflict("Somebody else signs in with this e-mail address",
		"Each person who signs in needs an e-mail address of their own: change this person’s first.")
	ErrOwnRoles error = &ui.Taken{Field: "roles",
		Text: "You cannot take your own way to manage people away; ask another administrator"}
	ErrMergedAway = web.Conflict("This record was merged into another",
		"Change the record that was kept. If the two are not the same person, take the merge back in Possible duplicates.")
	ErrNameMeanwhile = web.Conflict("It cannot be taken back",
		"There is a person of this name with this e-mail address meanwhile. Change that one first.")
	ErrYourself = web.Conflict("You cannot deactivate yourself",
		"Ask another administrator, so that somebody can always manage people.")
	ErrNoAddress = web.Conflict("No link can be sent yet",
		"The address of this website is not known, so a link would lead nowhere. Somebody who may manage the settings "+
			"enters it in Settings; then send the link.")
	ErrNoEmail   = web.Conflict("There is no e-mail address to send to", "Add the person’s e-mail address first.")
	ErrNotActive = web.Conflict("This person is deactivated", "Activate them first.")
	ErrActive    = web.Conflict("This person is active", "They can sign in, if they have a role and a password.")
)

// How long a session and a link live, and how often a door may be tried.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 2 * time.Hour
	seenEvery   = time.Minute
	linkLife    = time.Hour
	browserLife = 365 * 24 * time.Hour // since somebody last signed in from it
	provedFor   = 15 * time.Minute     // before what is weighty asks again who it is

	emailsByAccount = 3 // e-mails with a link, asked for by anybody
)

// A Person is one row of people.
type Person struct {
	ID             string
	Name           string
	Email          string // lower case; "" when not known
	JobTitle       string
	OrganisationID db.Opt
	Active         bool
	SameAs         db.Opt // the record that this one was merged into
	CreatedAt      db.Time
	Mailbox        string // "one" or "several" as an officer said; "" as the address itself says
	Organisation   string // the organisation's name, for showing
}

// Addressed reports whether e-mails can be sent to the person.
func (p Person) Addressed() bool { return p.Email != "" }

// Shared reports whether several people read the person's mailbox.
func (p Person) Shared() bool { return sharedMailbox(p.Email, p.Mailbox) }

// A Mailer queues an e-mail in the caller's transaction.
type Mailer interface {
	Queue(ctx context.Context, q db.Q, m mail.Message) error
}

// Deps is what the room needs.
type Deps struct {
	Work  *db.DB
	Now   clock.Clock
	NewID func() string
	Mail  Mailer
	Jobs  *jobs.Queue
	// Site tells where the workspace is, for links in e-mails, and who they are from.
	// Where its address begins with https, cookies are for TLS only, also behind a
	// proxy that ends it.
	Site mail.Sited
	// Website keeps the address of the website and the one that e-mails come from, and Sending how
	// e-mail is sent; without them nobody can be asked for another.
	Website Website
	Sending Sending
	// Demo shows the demonstration's people on the sign-in page.
	Demo bool
	// Tabs are the pages beside the list of people, some of them another room's.
	Tabs []web.Tab
	// Address gives where a request came from.
	Address func(*http.Request) string
	// Holdings lists what hangs on a person, for handing over when they leave; nil for nothing.
	Holdings func(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error)
	// Seal keeps the secrets of apps and directories; nil has no key and keeps none.
	Seal *seal.Box
	// Search is what can be found in the workspace; nil keeps nothing of it.
	Search *search.Index
}

// Room is the room of people.
type Room struct {
	Deps
	pages  *ui.Set
	hasher *hasher
	keeper *keeper
	// Codes are codes by e-mail, for people without an account.
	Codes *Codes
}

//go:embed templates/*.html
var files embed.FS

// New opens the room.
func New(d Deps) (*Room, error) {
	if d.Work == nil || d.Now == nil || d.NewID == nil || d.Mail == nil || d.Site == nil ||
		d.Jobs == nil || d.Address == nil {
		return nil, errors.New("open identity: Work, Now, NewID, Mail, Jobs, Site and Address are needed")
	}
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("open identity: %w", err)
	}
	r := &Room{Deps: d, pages: pages, hasher: newHasher(strong), keeper: newKeeper()}
	r.Codes = &Codes{room: r, purposes: map[string]Purpose{}}
	r.offerMailed()
	r.offerLinking()
	d.Jobs.Handle(ForgottenKind, r.sendForgotten)
	d.Jobs.Handle(StaffListKind, r.doStaffList)
	d.Jobs.Handle(CodeKind, r.Codes.send)
	return r, nil
}

// foldedPerson is the search column of people.
func foldedPerson(name, email string) string { return db.Fold(name + " " + email) }

// cleanEmail is how addresses are kept: people type them in any case.
func cleanEmail(s string) string { return names.Email(clip(s, 254)) }

// Shortest and longest password. Length is what makes a password hard to guess;
// rules about kinds of characters make it hard to remember.
const (
	minPassword = 12
	maxPassword = 200
)

// checkPassword says what is wrong with a password for a person of a site, or "".
func checkPassword(password, name, email, site string) string {
	switch {
	case password == "":
		return "Enter a password"
	case utf8.RuneCountInString(password) < minPassword:
		return fmt.Sprintf("Use %s characters or more; three or four words are good", lang.Words(minPassword))
	case len(password) > maxPassword:
		return fmt.Sprintf("Use %d characters or fewer", maxPassword)
	case guessable(password, name, email) || madeOf(password, name+" "+email+" "+site):
		return "This is guessed quickly. Use three or four words that nobody would link with you or your work"
	}
	return ""
}

// everyday are words that people here would try first, beside their own names and the
// site's: what they work for, and what a password is changed to each season.
var everyday = strings.Fields(`safeguarding children child partnership council training health police school family
	families welcome password secret hello kith correct horse battery staple spring summer autumn winter january february
	march april may june july august september october november december monday tuesday wednesday thursday friday`)

// A password has to have so many letters beyond words that are known, or signs of any kind.
const leastLetters, leastSigns = 6, 12

// madeOf reports whether a password is little but everyday words and words of a text, with
// numbers and signs between them: the name of the partnership’s area and a year.
func madeOf(password, text string) bool {
	known := append(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }),
		everyday...)
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	rest := strings.ToLower(password)
	for _, word := range known {
		if len(word) >= 3 {
			rest = strings.ReplaceAll(rest, word, " ")
		}
	}
	letters, signs := 0, 0
	for _, r := range rest {
		switch {
		case unicode.IsLetter(r):
			letters++
			fallthrough
		case !unicode.IsSpace(r):
			signs++
		}
	}
	return letters < leastLetters && signs < leastSigns
}

// leastScore is how hard to guess a password has to be, of 0 to 4: more than a hundred
// million guesses, by words and passwords that people use, dates, names, keyboard walks
// and what is repeated.
const leastScore = 3

// guessable reports whether a password is soon guessed by who knows the person. It looks
// at no more than its beginning, which is long enough to be hard.
func guessable(password, name, email string) bool {
	const looked = 64
	r := []rune(password)
	account, _, _ := strings.Cut(email, "@")
	known := []string{strings.ToLower(name), email, account}
	known = append(known, strings.FieldsFunc(known[0]+" "+email, func(r rune) bool {
		return strings.ContainsRune(" @.-_'’", r)
	})...)
	return zxcvbn.PasswordStrength(string(r[:min(len(r), looked)]), known).Score < leastScore
}
