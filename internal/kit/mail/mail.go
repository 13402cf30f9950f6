// Package mail sends e-mails to people, and keeps what came of them.
//
// A Message is queued in the transaction of what it tells about, so nobody is
// told of a booking that was not kept, and is sent by a job: through a mail server,
// signed with a key of the installation (DKIM), or by GOV.UK Notify, as Settings say.
// Without either, messages are kept in the outbox, where they can be read and handed
// over: so it is in the demonstration.
//
// What the other side refuses for good, or a report says did not arrive, is kept by
// the address; nothing more is sent there until somebody has put it right. Reports
// are believed only with the token of the letter, which nobody but its receiver saw.
//
// Tables: mail_outbox, mail_returned, mail_sender, mail_keys and mail_reports, in the
// work store.
package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"strings"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/seal"
)

// JobKind is the kind of job that sends a message; its payload is the id of a row
// of the outbox.
const JobKind = "mail.send"

// A Message is one e-mail to one person.
type Message struct {
	ToAddress string
	ToName    string
	Subject   string
	Body      string // plain text
	Calendar  string // an iCalendar file to attach, or ""
	// Unsubscribe is the address of a page where such letters are ended; "" for a letter
	// about somebody's own business, which cannot be ended.
	Unsubscribe string
}

// The states of a message.
const (
	waiting  = "waiting"
	sent     = "sent"
	failed   = "failed"   // refused for good, or not taken for two days
	kept     = "kept"     // there is no way to send it
	returned = "returned" // the address is wrong
	held     = "held"     // mail to the address came back before
)

// An Entry is a message in the outbox.
type Entry struct {
	ID          string
	ToAddress   string
	ToName      string
	Subject     string
	Body        string
	Calendar    string
	State       string // waiting, sent, failed, kept, returned or held
	Problem     string
	CreatedAt   db.Time
	SentAt      db.Time
	Token       string
	Unsubscribe string
	Answer      string // what the mail server said when it took it
	RemoteID    string // of GOV.UK Notify
	DeliveredAt db.Time
}

const entryColumns = `id, to_address, to_name, subject, body, calendar, state, problem, created_at, sent_at, token,
	unsubscribe, answer, remote_id, delivered_at`

// An Enqueuer adds a job in the caller's transaction.
type Enqueuer interface {
	Enqueue(ctx context.Context, q db.Q, kind, payload string) error
}

// Outbox queues messages and sends them.
type Outbox struct {
	DB    *db.DB
	Now   clock.Clock
	NewID func() string
	Jobs  Enqueuer
	// Server is how mail is sent until somebody has chosen in Settings, as the process was
	// started: smtp://user:password@host:587, smtps://…:465, or "" to keep messages.
	Server string
	Site   Sited // whom mail is from
	// Spend takes out of the text of a message that was sent what only its reader is to have:
	// a link or a code lives on in their mailbox, and not in the database and its copies.
	Spend func(body string) string
	Seal  *seal.Box      // of passwords and keys
	Log   *slog.Logger   // nil keeps nothing
	Roots *x509.CertPool // whose certificates of mail servers are believed; nil for the machine's
	HTTP  *http.Client   // to GOV.UK Notify; nil for the usual one
	DNS   Resolver       // nil for the machine's
}

// Queue adds a message in the caller's transaction. One to an address that mail came back from
// is held, and not sent.
func (o *Outbox) Queue(ctx context.Context, q db.Q, m Message) error {
	if err := checkAddress(m.ToAddress); err != nil {
		return fmt.Errorf("mail to %q: %w", m.ToAddress, err)
	}
	how, err := o.Using(ctx, q)
	if err != nil {
		return err
	}
	back, err := o.CameBack(ctx, q, m.ToAddress)
	if err != nil {
		return err
	}
	id, state, problem := o.NewID(), waiting, ""
	switch {
	case how.How == ByNone:
		state = kept
	case back != "":
		state, problem = held, heldWords
	}
	if _, err := db.Exec(ctx, q, `
		INSERT INTO mail_outbox (id, to_address, to_name, subject, body, calendar, state, problem, created_at, token,
			unsubscribe)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, id, m.ToAddress, m.ToName, m.Subject, m.Body, m.Calendar,
		state, problem, db.At(o.Now()), ids.Code(), m.Unsubscribe); err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	if state != waiting {
		return nil
	}
	return o.Jobs.Enqueue(ctx, q, JobKind, id)
}

const heldWords = "E-mail to this address came back before, so this was not sent."

// checkAddress refuses what is not one address and nothing else.
func checkAddress(address string) error {
	a, err := netmail.ParseAddress(address)
	if err == nil && (a.Address != strings.TrimSpace(address) || strings.ContainsAny(address, "\r\n")) {
		err = errors.New("it is not an address alone")
	}
	return err
}

const (
	// patience is how long the other side may take over one message.
	patience = 100 * time.Second
	// tries is how long a message is tried again that was not taken.
	tries = 48 * time.Hour
)

// again is how long to wait after a message of some age was not taken: half as long as it is
// old, from half a minute to an hour.
func again(age time.Duration) time.Duration { return min(max(age/2, 30*time.Second), time.Hour) }

// Send is the job: it sends one message of the outbox, unless that was done or given up before.
// What the other side did not take for now is tried again for two days: the job is put off
// (*jobs.Later).
func (o *Outbox) Send(ctx context.Context, id string) error {
	e, err := o.Message(ctx, id)
	if errors.Is(err, db.ErrNotFound) || err == nil && e.State != waiting && e.State != failed {
		return nil
	}
	if err != nil {
		return err
	}
	back, err := o.CameBack(ctx, o.DB, e.ToAddress)
	if err != nil {
		return err
	}
	if back != "" {
		return o.settle(ctx, e, func(e *Entry) { e.State, e.Problem = held, heldWords })
	}
	delivering, cancel := context.WithTimeout(ctx, patience)
	got, refused := o.deliver(delivering, e)
	cancel()
	if refused == nil {
		return o.settle(ctx, e, func(e *Entry) {
			e.State, e.Problem, e.SentAt, e.Answer, e.RemoteID = sent, "", db.At(o.Now()), got.answer, got.remoteID
			if o.Spend != nil {
				e.Body = o.Spend(e.Body)
			}
		})
	}
	if ctx.Err() != nil {
		return refused // this node stops: nothing is known of the letter
	}
	f, age := refusalOf(refused), o.Now().Sub(e.CreatedAt.Time)
	if f.Permanent && !f.Ours || age >= tries {
		return o.DB.Tx(ctx, func(q db.Q) error { return o.giveUp(ctx, q, e, f) })
	}
	if err := o.settle(ctx, e, func(e *Entry) { e.State, e.Problem = waiting, f.sentence() }); err != nil {
		return err
	}
	return &jobs.Later{At: o.Now().Add(again(age)), Why: refused}
}

// settle keeps what came of a message.
func (o *Outbox) settle(ctx context.Context, e Entry, change func(*Entry)) error {
	change(&e)
	return o.DB.Tx(ctx, func(q db.Q) error {
		return db.Must(ctx, q, `UPDATE mail_outbox SET state = $2, problem = $3, sent_at = $4, body = $5, answer = $6,
			remote_id = $7 WHERE id = $1`, e.ID, e.State, e.Problem, e.SentAt, e.Body, e.Answer, e.RemoteID)
	})
}

// got is what the other side said of a message that it took.
type got struct{ answer, remoteID string }

// deliver hands a message to whoever sends it on.
func (o *Outbox) deliver(ctx context.Context, e Entry) (got, error) {
	how, err := o.Using(ctx, o.DB)
	if err != nil {
		return got{}, err
	}
	if how.How == ByNotify {
		return o.byNotify(ctx, how, e)
	}
	if how.How != BySMTP {
		return got{}, &Refusal{Permanent: true, Ours: true, Words: "no way to send e-mail is set"}
	}
	site, err := o.Site(ctx, o.DB)
	if err != nil {
		return got{}, err
	}
	raw, from, err := o.compose(ctx, site, e)
	if err != nil {
		return got{}, err
	}
	return o.bySMTP(ctx, how, from, e, raw)
}

// Message gives one message of the outbox.
func (o *Outbox) Message(ctx context.Context, id string) (Entry, error) {
	return db.Get[Entry](ctx, o.DB, `
		SELECT `+entryColumns+` FROM mail_outbox WHERE id = $1`, id)
}

// Newest lists the last n messages, newest first.
func (o *Outbox) Newest(ctx context.Context, n int) ([]Entry, error) {
	list, _, err := o.Find(ctx, "", "", n, 0)
	return list, err
}

// found keeps what both queries of Find ask: words in the subject or the
// addressee, and the state.
const found = ` FROM mail_outbox
	WHERE ($1 = '' OR lower(subject || ' ' || to_name || ' ' || to_address) LIKE $2 ESCAPE '\')
		AND ($3 = '' OR state = $3)`

// Find lists messages by words in their subject or addressee and by state, newest
// first, and counts all that there are.
func (o *Outbox) Find(ctx context.Context, search, state string, limit, offset int) ([]Entry, int, error) {
	total, err := db.Get[int](ctx, o.DB, `SELECT count(*)`+found, search, db.LikeLower(search), state)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Entry](ctx, o.DB, `
		SELECT `+entryColumns+found+`
		ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5`, search, db.LikeLower(search), state, limit, offset)
	return list, total, err
}
