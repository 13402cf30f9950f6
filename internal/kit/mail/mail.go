// Package mail sends e-mails to people.
//
// A Message is queued in the transaction of what it tells about, so nobody is
// told of a booking that was not kept, and is sent by a job through the
// installation's mail server. Without a mail server messages are kept in the
// outbox, where they can be read: so it is in the demonstration.
//
// Table: mail_outbox, in the work store.
package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
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
}

// An Entry is a message in the outbox.
type Entry struct {
	ID        string
	ToAddress string
	ToName    string
	Subject   string
	Body      string
	Calendar  string
	State     string // waiting, sent, failed, or kept when there is no mail server
	Problem   string
	CreatedAt db.Time
	SentAt    db.Time
}

// An Enqueuer adds a job in the caller's transaction.
type Enqueuer interface {
	Enqueue(ctx context.Context, q db.Q, kind, payload string) error
}

// Outbox queues messages and sends them.
type Outbox struct {
	DB     *db.DB
	Now    clock.Clock
	NewID  func() string
	Jobs   Enqueuer
	Server string // smtp://user:password@host:587, smtps://…:465, or "" to keep messages
	Site   Sited  // whom mail is from
	// Spend takes out of the text of a message that was sent what only its reader is to have:
	// a link or a code lives on in their mailbox, and not in the database and its copies.
	Spend func(body string) string
}

// Queue adds a message in the caller's transaction.
func (o *Outbox) Queue(ctx context.Context, q db.Q, m Message) error {
	if _, err := netmail.ParseAddress(m.ToAddress); err != nil {
		return fmt.Errorf("mail to %q: %w", m.ToAddress, err)
	}
	id, state := o.NewID(), "waiting"
	if o.Server == "" {
		state = "kept"
	}
	if _, err := db.Exec(ctx, q, `
		INSERT INTO mail_outbox (id, to_address, to_name, subject, body, calendar, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, m.ToAddress, m.ToName, m.Subject, m.Body, m.Calendar, state, db.At(o.Now())); err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	if o.Server == "" {
		return nil
	}
	return o.Jobs.Enqueue(ctx, q, JobKind, id)
}

// patience is how long a mail server may take over one message.
const patience = 100 * time.Second

// Send is the job: it sends one message of the outbox, unless it was sent before.
func (o *Outbox) Send(ctx context.Context, id string) error {
	e, err := o.Message(ctx, id)
	if errors.Is(err, db.ErrNotFound) || err == nil && e.State == "sent" {
		return nil
	}
	if err != nil {
		return err
	}
	state, problem, sentAt, body := "sent", "", db.At(o.Now()), e.Body
	delivering, cancel := context.WithTimeout(ctx, patience)
	sent := o.deliver(delivering, e)
	cancel()
	if sent != nil {
		state, problem, sentAt = "failed", sent.Error(), db.Time{}
	} else if o.Spend != nil {
		body = o.Spend(body)
	}
	err = o.DB.Tx(ctx, func(q db.Q) error {
		return db.Must(ctx, q, `UPDATE mail_outbox SET state = $2, problem = $3, sent_at = $4, body = $5 WHERE id = $1`, id,
			state, problem, sentAt, body)
	})
	return errors.Join(sent, err)
}

func (o *Outbox) deliver(ctx context.Context, e Entry) error {
	u, err := url.Parse(o.Server)
	if err != nil {
		// The reason quotes the address, which may hold a password.
		return errors.New("the mail server's address is not one: write % and other signs of a password as %25 and the like")
	}
	m := gomail.NewMsg()
	site, err := o.Site(ctx, o.DB)
	if err != nil {
		return err
	}
	if site.From == "" {
		return errors.New("no address that e-mails come from is set: enter it in Settings")
	}
	if err := m.From(site.From); err != nil {
		return err
	}
	// The name is written as the header needs it: people are called Robert "Bob"
	// Smith, and what comes with a file may hold anything.
	to := netmail.Address{Name: strings.Join(strings.Fields(e.ToName), " "), Address: e.ToAddress}
	if err := m.To(to.String()); err != nil {
		return err
	}
	m.Subject(e.Subject)
	m.SetDate()
	// One id for each row of the outbox: a message sent twice after a crash is
	// recognised as one.
	m.SetMessageIDWithValue(e.ID + "@kith")
	m.SetBodyString(gomail.TypeTextPlain, e.Body)
	if e.Calendar != "" {
		if err := m.AttachReader("event.ics", strings.NewReader(e.Calendar),
			gomail.WithFileContentType(gomail.ContentType("text/calendar; charset=utf-8; method="+
				calendarMethod(e.Calendar)))); err != nil {
			return err
		}
	}
	options := []gomail.Option{gomail.WithTLSPortPolicy(gomail.TLSOpportunistic)}
	if u.Scheme == "smtps" {
		options = []gomail.Option{gomail.WithSSL()}
	}
	if p, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, gomail.WithPort(p))
	}
	if u.User != nil {
		pass, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()),
			gomail.WithPassword(pass))
	}
	c, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, m)
}

// calendarMethod is what a calendar file asks of the program that opens it, such as REQUEST.
// The type of the attached file has to say the same.
func calendarMethod(file string) string {
	_, after, _ := strings.Cut(file, "\nMETHOD:")
	method, _, _ := strings.Cut(after, "\r")
	return cmp.Or(strings.Trim(method, " \n"), "PUBLISH")
}

// Message gives one message of the outbox.
func (o *Outbox) Message(ctx context.Context, id string) (Entry, error) {
	return db.Get[Entry](ctx, o.DB, `
		SELECT id, to_address, to_name, subject, body, calendar, state, problem, created_at, sent_at
		FROM mail_outbox WHERE id = $1`, id)
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
		SELECT id, to_address, to_name, subject, body, calendar, state, problem, created_at, sent_at`+found+`
		ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5`, search, db.LikeLower(search), state, limit, offset)
	return list, total, err
}
