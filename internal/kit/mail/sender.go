package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"kith/internal/kit/db"
	"kith/internal/kit/seal"
)

// A How is a way that mail is sent.
type How string

// The ways.
const (
	BySMTP   How = "smtp"
	ByNotify How = "notify"
	ByNone   How = "none" // letters are kept, and handed over
)

// Words names the way.
func (h How) Words() string {
	switch h {
	case BySMTP:
		return "Through a mail server"
	case ByNotify:
		return "Through GOV.UK Notify"
	case ByNone:
		return "Not at all: e-mails are kept, and handed over on paper"
	}
	return string(h)
}

// The ways a mail server's line is encrypted.
const (
	StartTLS = "starttls" // begun in the clear and encrypted before anything is said
	TLS      = "tls"      // from the first byte
	Plain    = "plain"    // not: for a relay on this machine or a closed network
)

// A Sender is how mail is sent.
type Sender struct {
	How      How
	Host     string
	Port     int64
	Security string
	Username string
	Secret   string // the password or API key, sealed
	Template string // of GOV.UK Notify, which has to hold ((subject)) and ((body))
	Base     string // of GOV.UK Notify's API; "" for the usual one
	Returns  string // the mailbox that what cannot be delivered comes back to; "" for the one that mail is from
	Leaves   string // addresses that mail leaves the relay from, one a line; "" for the host's own
	// Given says that nobody has chosen in Settings, and it is as the process was started.
	Given bool
	// secret is the password as it was given to the process.
	secret string
}

// Using gives how mail is sent now: as Settings have it, else as the process was started.
func (o *Outbox) Using(ctx context.Context, q db.Reader) (Sender, error) {
	s, err := db.Get[savedSender](ctx, q,
		`SELECT how, host, port, security, username, secret, template, base, returns, leaves
		FROM mail_sender WHERE id = 1`)
	if err == nil {
		return s.sender(), nil
	}
	if !errors.Is(err, db.ErrNotFound) {
		return Sender{}, fmt.Errorf("read how mail is sent: %w", err)
	}
	return given(o.Server), nil
}

type savedSender struct {
	How                                                         string
	Host                                                        string
	Port                                                        int64
	Security, Username, Secret, Template, Base, Returns, Leaves string
}

func (s savedSender) sender() Sender {
	return Sender{How: How(s.How), Host: s.Host, Port: s.Port, Security: s.Security, Username: s.Username,
		Secret:   s.Secret,
		Template: s.Template, Base: s.Base, Returns: s.Returns, Leaves: s.Leaves}
}

// given reads a mail server's address as the process was started with it. On this machine no
// encryption is asked for.
func given(server string) Sender {
	if server == "" {
		return Sender{How: ByNone, Given: true}
	}
	s := Sender{How: BySMTP, Given: true, Security: StartTLS, Port: 587}
	u, err := url.Parse(server)
	if err != nil {
		return s // its host is "", which is said when something is sent: the text may hold a password
	}
	s.Host = u.Hostname()
	if u.Scheme == "smtps" {
		s.Security, s.Port = TLS, 465
	} else if OnThisMachine(s.Host) {
		s.Security = Plain
	}
	if p, err := strconv.ParseInt(u.Port(), 10, 64); err == nil {
		s.Port = p
	}
	if u.User != nil {
		s.Username = u.User.Username()
		s.secret, _ = u.User.Password()
	}
	return s
}

// OnThisMachine reports whether a host is this machine by its name.
func OnThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

var secretPlace = seal.Place{Table: "mail_sender", Row: "1", Column: "secret"}

// SealSecret seals a password or an API key for Settings.
func (o *Outbox) SealSecret(secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	return o.Seal.Seal(secretPlace, secret)
}

// open gives the password or API key.
func (o *Outbox) open(s Sender) (string, error) {
	if s.Secret == "" {
		return s.secret, nil
	}
	secret, err := o.Seal.Open(secretPlace, s.Secret)
	if err != nil {
		return "", &Refusal{Ours: true, Words: "the password for sending cannot be read, as the key of the sealed " +
			"secrets is not there or another; enter it again in Settings", Detail: err.Error()}
	}
	return secret, nil
}

// SameWay reports whether mail would go the way it goes now, and come back to where it does: through
// the same account of the same server. Another password of that account is no other way; another
// key of GOV.UK Notify may be of another service.
func (s Sender) SameWay(now Sender, newSecret bool) bool {
	s.Security, now.Security = cmp.Or(s.Security, StartTLS), cmp.Or(now.Security, StartTLS)
	s.Secret, s.secret, s.Given, s.Leaves = now.Secret, now.secret, now.Given, now.Leaves
	return s == now && (s.How != ByNotify || !newSecret)
}

// First reports whether nobody has said how mail is sent, and none is.
func (s Sender) First() bool { return s.Given && s.How == ByNone }

// Onward says how mail is sent, as the rest of "e-mails go".
func (s Sender) Onward() string {
	switch s.How {
	case BySMTP:
		return "through the mail server " + s.Host
	case ByNotify:
		return "through GOV.UK Notify"
	}
	return "nowhere: they are kept, and handed over on paper"
}

// KeepsSecret reports whether a sender has the password or key of the one before it where no other
// was entered. To another host it would be a password given away.
func (s Sender) KeepsSecret(was Sender) bool {
	return was.How == s.How && was.Host == s.Host && was.Base == s.Base
}

// HoldSender holds how mail is sent until the caller's transaction ends.
func HoldSender(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `UPDATE mail_sender SET id = id`)
	return db.Wrap(err, "hold how mail is sent")
}

// ForgetSender forgets how Settings send mail, in the caller's transaction: it goes as the process
// was started.
func ForgetSender(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `DELETE FROM mail_sender`)
	return db.Wrap(err, "forget how mail is sent")
}

// SaveSender keeps how mail is sent, in the caller's transaction. What waits while there was no
// way to send it stays as it is: it may be old.
func SaveSender(ctx context.Context, q db.Q, s Sender) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO mail_sender (id, how, host, port, security, username, secret, template, base, returns, leaves)
		VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET how = excluded.how, host = excluded.host, port = excluded.port,
			security = excluded.security, username = excluded.username, secret = excluded.secret,
			template = excluded.template, base = excluded.base, returns = excluded.returns, leaves = excluded.leaves`,
		string(s.How), s.Host, s.Port, cmp.Or(s.Security, StartTLS), s.Username, s.Secret, s.Template, s.Base, s.Returns,
		s.Leaves)
	return db.Wrap(err, "keep how mail is sent")
}
