package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// bySMTP hands a letter to the mail server.
func (o *Outbox) bySMTP(ctx context.Context, s Sender, from string, e Entry, raw []byte) (got, error) {
	c, err := o.dial(ctx, s, DomainOf(from))
	if err != nil {
		return got{}, err
	}
	defer c.Close()
	to, err := asciiDomain(e.ToAddress)
	if err != nil {
		return got{}, err
	}
	mail := &smtp.MailOptions{}
	if !ascii(to) || !ascii(from) {
		if ok, _ := c.Extension("SMTPUTF8"); !ok {
			return got{}, &Refusal{Permanent: true, Address: true, Words: "our mail server does not handle addresses with " +
				"an accent or of another script; ask for another address"}
		}
		mail.UTF8 = true
	}
	rcpt := &smtp.RcptOptions{}
	if ok, _ := c.Extension("DSN"); ok {
		mail.Return, mail.EnvelopeID = smtp.DSNReturnHeaders, e.Token
		rcpt.Notify = []smtp.DSNNotify{smtp.DSNNotifyFailure, smtp.DSNNotifyDelayed}
	}
	if err := c.Mail(returnPath(s, from, e.Token), mail); err != nil {
		f := said(err, false)
		f.Ours = f.Permanent
		return got{}, f
	}
	if err := c.Rcpt(to, rcpt); err != nil {
		return got{}, said(err, true)
	}
	w, err := c.Data()
	if err != nil {
		return got{}, said(err, false)
	}
	if _, err := io.Copy(w, bytes.NewReader(raw)); err != nil {
		return got{}, said(err, false)
	}
	answer, err := w.CloseWithResponse()
	if err != nil {
		return got{}, said(err, false)
	}
	_ = c.Quit() // it has the letter, whatever it says now
	return got{answer: oneLine(answer.StatusText)}, nil
}

// dial opens a line to the mail server, encrypted and signed in as it was set.
func (o *Outbox) dial(ctx context.Context, s Sender, helo string) (*smtp.Client, error) {
	if s.Host == "" {
		return nil, &Refusal{Ours: true, Words: "the mail server's address is not one; choose it in Settings"}
	}
	secret, err := o.open(s)
	if err != nil {
		return nil, err
	}
	at := net.JoinHostPort(s.Host, strconv.FormatInt(s.Port, 10))
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
	if err != nil {
		return nil, &Refusal{Ours: true, Words: "the mail server " + at + " does not answer", Detail: err.Error()}
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(patience)
	}
	if err := conn.SetDeadline(deadline); err != nil {
		conn.Close()
		return nil, fmt.Errorf("set how long the mail server may take: %w", err)
	}
	c, err := encrypted(ctx, conn, s, &tls.Config{ServerName: s.Host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12})
	if err != nil {
		conn.Close()
		return nil, err
	}
	if err := c.Hello(helo); err != nil {
		c.Close()
		var answer *smtp.SMTPError
		if s.Security != Plain && !errors.As(err, &answer) { // the first thing said shows whose certificate it is
			return nil, notEncrypted(err)
		}
		return nil, said(err, false)
	}
	if s.Username == "" {
		return c, nil
	}
	if s.Security == Plain && !OnThisMachine(s.Host) {
		c.Close()
		return nil, &Refusal{Ours: true, Words: "the password is not sent over a line that is not encrypted; choose " +
			"encryption in Settings"}
	}
	auth := sasl.NewPlainClient("", s.Username, secret)
	if !c.SupportsAuth(sasl.Plain) && c.SupportsAuth(sasl.Login) {
		auth = sasl.NewLoginClient(s.Username, secret)
	}
	if err := c.Auth(auth); err != nil {
		c.Close()
		f := said(err, false)
		f.Ours = true
		if f.Permanent {
			f.Words = "the user name or password for the mail server is wrong"
		}
		return nil, f
	}
	return c, nil
}

// encrypted makes a line a client's, encrypted as it was set.
func encrypted(ctx context.Context, conn net.Conn, s Sender, cfg *tls.Config) (*smtp.Client, error) {
	switch s.Security {
	case Plain:
		return smtp.NewClient(conn), nil
	case TLS:
		over := tls.Client(conn, cfg)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, notEncrypted(err)
		}
		return smtp.NewClient(over), nil
	}
	c, err := smtp.NewClientStartTLS(conn, cfg)
	if err != nil {
		return nil, notEncrypted(err)
	}
	return c, nil
}

func notEncrypted(err error) error {
	return &Refusal{Ours: true, Words: "the line to the mail server could not be encrypted", Detail: err.Error()}
}

// said turns what a mail server answered into a refusal.
func said(err error, atRecipient bool) *Refusal {
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) {
		return &Refusal{Words: "the mail server broke off", Detail: err.Error()}
	}
	status := ""
	if c := answer.EnhancedCode; c[0] > 0 {
		status = fmt.Sprintf("%d.%d.%d", c[0], c[1], c[2])
	}
	return Verdict(answer.Code, status, oneLine(answer.Message), atRecipient)
}

// returnPath is where a letter comes back to that cannot be delivered: the mailbox for it, with
// the letter's token, by which it is known again.
func returnPath(s Sender, from, token string) string {
	a, err := netmail.ParseAddress(s.Returns)
	if err != nil || token == "" {
		return from
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	return local + "+" + token + "@" + domain
}
