package testkit

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// A MailServer is a real mail server that keeps what it receives.
type MailServer struct {
	mu     sync.Mutex
	got    []string
	refuse bool
}

// NewMailServer starts a mail server for a test and gives its smtp:// address.
func NewMailServer(t testing.TB) (*MailServer, string) {
	t.Helper()
	be := &MailServer{}
	s := smtp.NewServer(be)
	s.Domain, s.AllowInsecureAuth = "localhost", true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return be, "smtp://" + l.Addr().String()
}

// Got gives the messages received, with their headers.
func (s *MailServer) Got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

// Refuse makes the server know no mailbox, or all of them again.
func (s *MailServer) Refuse(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// NewSession makes it a backend of the server.
func (s *MailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{s}, nil }

type mailSession struct{ s *MailServer }

func (x *mailSession) Reset()                               {}
func (x *mailSession) Logout() error                        { return nil }
func (x *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (x *mailSession) Rcpt(string, *smtp.RcptOptions) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if x.s.refuse {
		return &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	}
	return nil
}
func (x *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	x.s.mu.Lock()
	x.s.got = append(x.s.got, string(b))
	x.s.mu.Unlock()
	return err
}
