package testkit

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A MailServer is a real mail server that keeps what it receives.
type MailServer struct {
	mu      sync.Mutex
	got     []string
	from    []string
	refusal *smtp.SMTPError
	user    string
	secret  string
}

// NewMailServer starts a mail server for a test and gives its smtp:// address.
func NewMailServer(t testing.TB) (*MailServer, string) {
	t.Helper()
	be := &MailServer{}
	s := smtp.NewServer(be)
	s.AllowInsecureAuth = true
	return be, "smtp://" + be.serve(t, s)
}

// NewLockedMailServer starts a mail server that takes nothing before its line is encrypted
// (STARTTLS) and a user has signed in. It gives its host:port and whose certificates are to be
// believed.
func NewLockedMailServer(t testing.TB, user, secret string) (*MailServer, string, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate, which is of 127.0.0.1
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	be := &MailServer{user: user, secret: secret}
	s := smtp.NewServer(be)
	s.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
	s.EnableDSN = true
	return be, be.serve(t, s), roots
}

func (s *MailServer) serve(t testing.TB, server *smtp.Server) string {
	t.Helper()
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		l.Close() // the server has not got it yet, where a test ends at once
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// Got gives the messages received, with their headers.
func (s *MailServer) Got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

// From gives the addresses that the messages received come back to.
func (s *MailServer) From() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.from...)
}

// Refuse makes the server know no mailbox, or all of them again.
func (s *MailServer) Refuse(refuse bool) {
	if !refuse {
		s.Answer(nil)
		return
	}
	s.Answer(&smtp.SMTPError{Code: 550, Message: "no such mailbox"})
}

// Answer makes the server answer so to every recipient; nil takes them again.
func (s *MailServer) Answer(refusal *smtp.SMTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = refusal
}

// NewSession makes it a backend of the server.
func (s *MailServer) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailSession{s: s, in: s.user == ""}, nil
}

type mailSession struct {
	s    *MailServer
	in   bool // signed in
	from string
}

func (x *mailSession) Reset()        {}
func (x *mailSession) Logout() error { return nil }

// AuthMechanisms makes it a session that can be signed in to.
func (x *mailSession) AuthMechanisms() []string {
	if x.s.user == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth signs in.
func (x *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, secret string) error {
		if user != x.s.user || secret != x.s.secret {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "authentication failed"}
		}
		x.in = true
		return nil
	}), nil
}

func (x *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !x.in {
		return smtp.ErrAuthRequired
	}
	x.from = from
	return nil
}

func (x *mailSession) Rcpt(string, *smtp.RcptOptions) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if x.s.refusal != nil {
		return x.s.refusal
	}
	return nil
}

func (x *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	x.s.mu.Lock()
	x.s.got = append(x.s.got, string(b))
	x.s.from = append(x.s.from, x.from)
	x.s.mu.Unlock()
	return err
}
