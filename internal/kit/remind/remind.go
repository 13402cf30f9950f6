// Package remind reminds people of what is due, by itself.
//
// A room offers a Kind: what its people are reminded of, how many days before and after the
// day it is due, and how to list what is open. Within working hours the kinds are gone through
// once an hour, by a job that one node begins. Somebody is reminded once of each occasion (one
// thing, due on one day, at one distance from it), whatever is restarted or runs twice: the row
// of the occasion and the letter are written together.
//
// Nobody is sent to a page that does not open for them. Who has no address, no account or no
// role for the page, or whose mail comes back, is named to those who can put it right instead.
//
// Tables: remind_kinds, remind_sent and remind_hours, in the work store.
package remind

import (
	"context"
	"slices"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// JobKind is the kind of job that goes through one kind of reminders; its payload is the
// kind's id.
const JobKind = "remind"

// A Kind is something that people are reminded of. Days are kept in Settings; those here are
// what an installation begins with.
type Kind struct {
	ID    string // "audits.answers"
	Title string // "Answers to a self-assessment", with terms marked
	Words string // who is reminded, and of what, in a sentence
	// Before are how many days before the day it is due somebody is reminded, After how many
	// days late.
	Before, After []int
	// Officer is held by those who are told whom a reminder cannot reach.
	Officer web.Permission
	// Open lists everything that is not done yet, whenever it is due.
	Open func(ctx context.Context, q db.Reader) ([]Item, error)
}

// An Item is one thing that one person is to do by a day.
type Item struct {
	RecordID string // of what it is about, by which Sent finds it again
	Title    string // "Section 11 2024: Tidewell Health"
	Due      period.Date
	// Since is the day it became theirs: nobody is reminded of an occasion before it. Zero for
	// always.
	Since    period.Date
	PersonID string // whose account has to open the page; "" for somebody without one
	Name     string
	Address  string // "" where none is known
	Path     string // the page where they do it
	Public   bool   // the page opens without an account
	FixPath  string // where the officer puts right who is asked; Path where it is empty
	// Letter gives the subject, and what stands between the greeting and the link.
	Letter func(Moment) (subject, text string)
	// Done notes at the record that somebody was reminded, in the transaction of the letter; nil
	// notes nothing there.
	Done func(ctx context.Context, q db.Q) error
}

// A Moment is when somebody is reminded.
type Moment struct{ Today, Due period.Date }

// Late reports whether the day has passed.
func (m Moment) Late() bool { return m.Due.Before(m.Today) }

// Words says when it is due: "It is due on 3 March 2026, in 7 days."
func (m Moment) Words() string {
	switch n := m.Today.DaysUntil(m.Due); {
	case n < 0:
		return "It was due on " + m.Due.Words() + ", " + days(-n) + " ago."
	case n == 0:
		return "It is due today, " + m.Due.Words() + "."
	case n == 1:
		return "It is due tomorrow, " + m.Due.Words() + "."
	default:
		return "It is due on " + m.Due.Words() + ", in " + days(n) + "."
	}
}

// A Setting says when one kind reminds.
type Setting struct {
	Kind          string
	Active        bool
	Before, After []int // days, each once, the furthest first and the least late first
}

// A Sent is one occasion that was seen to.
type Sent struct {
	Kind      string
	RecordID  string
	ToAddress string
	DueOn     period.Date
	Days      int64
	ToName    string
	Title     string
	Path      string
	Problem   string // why it was not sent; "" where it was
	At        db.Time
}

// A Receiver is somebody who is told whom a reminder cannot reach.
type Receiver struct{ Name, Address string }

// A Mailer queues a letter in the caller's transaction.
type Mailer interface {
	Queue(ctx context.Context, q db.Q, m mail.Message) error
	// CameBack says why nothing is sent to an address any more; "" where mail is.
	CameBack(ctx context.Context, q db.Reader, address string) (string, error)
}

// An Enqueuer adds a job in the caller's transaction.
type Enqueuer interface {
	Enqueue(ctx context.Context, q db.Q, kind, payload string) error
}

// Deps is what reminders need.
type Deps struct {
	Work *db.DB
	Now  clock.Clock
	Mail Mailer
	Jobs Enqueuer
	Site mail.Sited
	// Opens reports whether a page opens for the person with an account.
	Opens func(ctx context.Context, personID, path string) (bool, error)
	// Holders lists who holds a permission and can be written to.
	Holders func(ctx context.Context, q db.Reader, permission web.Permission) ([]Receiver, error)
}

// Reminders goes through what is due.
type Reminders struct {
	Deps
	kinds []Kind
}

// New makes reminders of nothing yet.
func New(d Deps) *Reminders { return &Reminders{Deps: d} }

// Offer adds kinds. It is called before Run.
func (r *Reminders) Offer(kinds ...Kind) { r.kinds = append(r.kinds, kinds...) }

// Kinds lists what people are reminded of.
func (r *Reminders) Kinds() []Kind { return slices.Clone(r.kinds) }

// Kind gives one kind, and whether it is offered.
func (r *Reminders) Kind(id string) (Kind, bool) {
	i := slices.IndexFunc(r.kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return r.kinds[i], true
}

// fresh is how many days an occasion that was missed, by a stop or because reminders were off,
// is made up for: what comes later than that would puzzle.
const fresh = 3

// on gives the day somebody is reminded that is n days before due: a working day, the one
// before where it is not late yet.
func on(due period.Date, n int) period.Date {
	d, step := due.AddDays(-n), -1
	if n < 0 {
		step = 1
	}
	for !period.IsWorkingDay(d) {
		d = d.AddDays(step)
	}
	return d
}

// occasion gives the occasion an item has today: how many days before it is due, by the
// setting. There is none where the last one is long past or came before the item was theirs.
func occasion(s Setting, it Item, today period.Date) (days int, ok bool) {
	if it.Due.IsZero() {
		return 0, false
	}
	var last period.Date
	for _, n := range s.all() {
		if d := on(it.Due, n); !d.After(today) && !d.Before(last) {
			days, last, ok = n, d, true
		}
	}
	if !ok || last.AddDays(fresh).Before(today) || !it.Since.IsZero() && last.Before(it.Since) {
		return 0, false
	}
	// What is said before the day is not said after it.
	return days, days < 0 || !it.Due.Before(today)
}

// all lists the days from the furthest before to the latest after, which is below 0.
func (s Setting) all() []int {
	out := slices.Clone(s.Before)
	for _, n := range s.After {
		out = append(out, -n)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}
