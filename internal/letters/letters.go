// Package letters is the room that knows how the installation's e-mails go out, whether they
// arrive, and when people are reminded by themselves.
//
// It shows and changes what kit/mail and kit/remind keep: the way that mail is sent, the keys it
// is signed with, the addresses that mail came back from and the reports that said so, and which
// reminders are switched on. The tables are theirs; the room has none.
package letters

import (
	"context"
	"embed"
	"fmt"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

//go:embed templates/*.html
var files embed.FS

// A People is the room of people, as far as this one needs it.
type People interface {
	// AskMail asks a second person to agree to another way to send mail, in words that go on from
	// "e-mails go", and gives the id of the request; "" where there is nobody to ask.
	AskMail(ctx context.Context, q db.Q, by web.Person, words, reason string) (string, error)
	// NeedsSecond reports whether AskMail would ask somebody.
	NeedsSecond(ctx context.Context, by web.Person) (bool, error)
	// WaitingMail says which other way waits, and where; no text where none does.
	WaitingMail(ctx context.Context) (ui.NavItem, error)
	// TellOfMail tells others who keep the workspace that mail goes another way.
	TellOfMail(ctx context.Context, q db.Q, by web.Person, was, now string) error
}

// Deps is what the room needs from the rest of the house.
type Deps struct {
	Work   *db.DB
	Now    clock.Clock
	NewID  func() string
	Mail   *mail.Outbox
	Remind *remind.Reminders
	People People
}

// Room is the room of e-mail and reminders.
type Room struct {
	Deps
	pages *ui.Set
}

// New makes the room.
func New(d Deps) (*Room, error) {
	pages, err := ui.NewSet(files)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return &Room{Deps: d, pages: pages}, nil
}

// What the audit trail calls the room's records.
const (
	settingsSubject = "settings"
	emailID         = "e-mail"
	remindersID     = "reminders"
)

func (r *Room) trail() audittrail.Trail { return audittrail.Trail{Now: r.Now, NewID: r.NewID} }

// Errors of the room's actions that a person can do something about.
var (
	// ErrNoDomain is returned where there is no address that mail comes from.
	ErrNoDomain = web.Conflict("No address that e-mails come from is set",
		"Enter it in Settings, under The partnership, first.")
	// ErrNotPublished is returned where a key was to sign whose record is not there.
	ErrNotPublished = web.Conflict("The record of this key is not published yet",
		"E-mails signed with it would look forged. Ask your IT service to publish the record, and try again: it can take "+
			"an hour until it is seen.")
	// ErrNoKey is returned where secrets cannot be sealed.
	ErrNoKey = web.Conflict("Secrets cannot be kept",
		"The key that keeps secrets in the database is missing on the server. Whoever looks after the server finds what to "+
			"do in its log.")
	// ErrAskAgain is returned where what was asked for is not there any more.
	ErrAskAgain = web.Conflict("It cannot be agreed any more",
		"What was asked for was forgotten, or its password cannot be read. Decline it; it can be asked for again.")
	// ErrGone is returned where an e-mail cannot be sent again.
	ErrGone = web.Conflict("This e-mail cannot be sent again",
		"It has gone out before, or is on its way. What only its reader was to have, such as a link, is no longer in it: "+
			"send a new one.")
)
