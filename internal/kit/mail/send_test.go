package mail_test

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/testkit"
)

// locked gives an outbox that sends through a mail server that wants encryption and a password.
func locked(t *testing.T, work *db.DB, secret string) (*mail.Outbox, *inline, *testkit.MailServer) {
	t.Helper()
	be, at, roots := testkit.NewLockedMailServer(t, "kith", "right")
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(port, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	o, q := outbox(t, work, mail.Sender{How: mail.ByNone})
	o.Roots = roots
	sealed, err := o.SealSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	save(t, o, mail.Sender{How: mail.BySMTP, Host: host, Port: n, Security: mail.StartTLS, Username: "kith",
		Secret:  sealed,
		Returns: "bounces@tidewell.example"})
	return o, q, be
}

func put(t *testing.T, o *mail.Outbox, m mail.Message) {
	t.Helper()
	if err := o.DB.Tx(t.Context(), func(q db.Q) error { return o.Queue(t.Context(), q, m) }); err != nil {
		t.Fatal(err)
	}
}

// newest gives the letter queued last.
func newest(t *testing.T, o *mail.Outbox) mail.Entry {
	t.Helper()
	all, err := o.Newest(t.Context(), 1)
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all[0]
}

var toAnn = mail.Message{ToAddress: "ann@health.example", ToName: "Ann Demo", Subject: "Zoë’s place",
	Body: "Dear Ann\n\n" + strings.Repeat("Safeguarding is everyone’s business. ", 60) +
		"\n\nhttps://work.tidewell.example/" + strings.Repeat("x", 90) + "\n.\nFrom here on\n",
	Calendar: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", Unsubscribe: "https://work.tidewell.example/stop"}

// TestSigned: what arrives over a real line is verified by another's verifier with the record as
// it is published, no line of it is too long, and it comes back to the mailbox for that.
func TestSigned(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, q, be := locked(t, s.Work, "right")
	_, line := signing(t, o, "tidewell.example")
	dns := mail.ResolverAt(testkit.NewNameServer(t, line))
	put(t, o, toAnn)
	if err := o.Send(t.Context(), q.payloads[0]); err != nil {
		t.Fatal(err)
	}
	raw := be.Got()[0]
	checks, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return dns.LookupTXT(t.Context(), name) }})
	if err != nil || len(checks) != 1 || checks[0].Err != nil || checks[0].Domain != "tidewell.example" {
		t.Fatalf("%+v %v\n%s", checks, err, raw)
	}
	forged := strings.Replace(raw, "Ann Demo", "Ben Demo", 1)
	if checks, err := dkim.VerifyWithOptions(strings.NewReader(forged), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return dns.LookupTXT(t.Context(), name) }}); err != nil ||
		checks[0].Err == nil {
		t.Error("a letter that was changed on the way is taken for ours")
	}
	for l := range strings.Lines(raw) {
		if len(l) > 998+2 {
			t.Errorf("a line has %d octets", len(l))
		}
	}
	for _, want := range []string{"List-Unsubscribe: <https://work.tidewell.example/stop>", "Auto-Submitted: " +
		"auto-generated",
		`From: "Tidewell" <kith@tidewell.example>`} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is not in\n%s", want, raw)
		}
	}
	e := newest(t, o)
	if from := be.From()[0]; from != "bounces+"+e.Token+"@tidewell.example" || len(e.Token) != 16 {
		t.Errorf("it comes back to %s", from)
	}
	if e.State != "sent" || e.Answer == "" {
		t.Errorf("%+v", e)
	}
}

// TestWrongPassword says so, sends nothing and blames no address.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, q, be := locked(t, s.Work, "wrong")
	put(t, o, toAnn)
	var later *jobs.Later
	if err := o.Send(t.Context(), q.payloads[0]); !errors.As(err, &later) {
		t.Fatal(err)
	}
	if e := newest(t, o); e.State != "waiting" ||
		!strings.HasPrefix(e.Problem, "The user name or password for the mail server is wrong.") {
		t.Errorf("%+v", e)
	}
	if len(be.Got()) != 0 {
		t.Error("it went out")
	}
}

// TestEncryptionIsRequired: a server whose line cannot be encrypted, or whose certificate nobody
// vouches for, is told nothing.
func TestEncryptionIsRequired(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, q, _ := locked(t, s.Work, "right")
	o.Roots = nil
	put(t, o, toAnn)
	if err := o.Send(t.Context(), q.payloads[0]); err == nil || !strings.Contains(err.Error(), "could not be encrypted") {
		t.Error("a certificate that nobody vouches for was believed:", err)
	}
	be, at := testkit.NewMailServer(t)
	host, port, _ := strings.Cut(strings.TrimPrefix(at, "smtp://"), ":")
	n, err := strconv.ParseInt(port, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, security := range []string{mail.StartTLS, mail.TLS} {
		save(t, o, mail.Sender{How: mail.BySMTP, Host: host, Port: n, Security: security})
		if err := o.Send(t.Context(), q.payloads[0]); err == nil || !strings.Contains(err.Error(), "could not be encrypted") {
			t.Errorf("%s: %v", security, err)
		}
	}
	if len(be.Got()) != 0 {
		t.Error("it went out in the clear")
	}
}

// TestGivenUp: what a mail system refuses for good is not tried again. An address that is wrong
// gets nothing more until somebody says so; a letter that was refused says nothing of its
// address.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer *smtp.SMTPError
		state  string
		words  string
	}{
		"no mailbox": {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "user unknown"},
			"returned",
			"There is no such mailbox. The answer was: 550 5.1.1 user unknown"},
		"a bare 550": {&smtp.SMTPError{Code: 550, Message: "no"}, "returned", "There is no such mailbox."},
		"not trusted": {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 26}, Message: "DMARC"}, "failed",
			"Their mail system did not trust it"},
		"full": {&smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "quota"}, "failed",
			"The mailbox is full."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				o, q, be := locked(t, s.Work, "right")
				put(t, o, toAnn)
				be.Answer(c.answer)
				if err := o.Send(t.Context(), q.payloads[0]); err != nil {
					t.Fatal(err)
				}
				if e := newest(t, o); e.State != c.state || !strings.HasPrefix(e.Problem, c.words) {
					t.Fatalf("%+v", e)
				}
				be.Answer(nil)
				other := toAnn
				other.ToAddress, other.Subject = "Ann@Health.example", "Another"
				put(t, o, other)
				back, err := o.CameBack(t.Context(), s.Work, "ANN@health.example")
				if err != nil {
					t.Fatal(err)
				}
				if c.state == "failed" {
					if len(q.payloads) != 2 || back != "" {
						t.Fatalf("the address was blamed: %s", back)
					}
					return
				}
				if len(q.payloads) != 1 || back != "e-mail to ANN@health.example came back on 3 March 2026: there is no such "+
					"mailbox" {
					t.Fatalf("%q %v", back, q.payloads)
				}
				list, _, err := o.Find(t.Context(), "Another", "held", 10, 0)
				if err != nil || len(list) != 1 {
					t.Fatal("what would have been sent is not listed", list, err)
				}
				if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
					n, err := o.TryAgain(t.Context(), tx, "ann@health.example")
					if n != 1 {
						t.Errorf("%d letters are sent again", n)
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if err := o.Send(t.Context(), q.payloads[1]); err != nil {
					t.Fatal(err)
				}
				if len(be.Got()) != 1 || !strings.Contains(be.Got()[0], "Subject: Another") {
					t.Errorf("%v", be.Got())
				}
			})
		})
	}
}

// TestGivenUpAfterTwoDays: what nobody takes is tried for two days, and no longer.
func TestGivenUpAfterTwoDays(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, q, be := locked(t, s.Work, "right")
	put(t, o, toAnn)
	be.Answer(&smtp.SMTPError{Code: 421, Message: "busy"})
	begun := o.Now()
	for _, c := range []struct{ hours, again int }{{1, 30}, {10, 60}, {47, 60}} {
		o.Now = clock.Fixed(begun.Add(hour(c.hours)))
		var later *jobs.Later
		if err := o.Send(t.Context(), q.payloads[0]); !errors.As(err, &later) {
			t.Fatal(err)
		}
		if got := int(later.At.Sub(o.Now()).Minutes()); got != c.again {
			t.Errorf("after %d hours it is tried in %d minutes", c.hours, got)
		}
	}
	o.Now = clock.Fixed(begun.Add(hour(48)))
	if err := o.Send(t.Context(), q.payloads[0]); err != nil {
		t.Fatal(err)
	}
	if e := newest(t, o); e.State != "failed" {
		t.Errorf("%+v", e)
	}
}

// TestOddAddresses: an address with letters of other scripts is written as mail systems know it,
// or refused in words.
func TestOddAddresses(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, q, be := locked(t, s.Work, "right")
	put(t, o, mail.Message{ToAddress: "ann@bücher.example", Subject: "x", Body: "y"})
	put(t, o, mail.Message{ToAddress: "zoë@health.example", Subject: "x", Body: "y"})
	for _, id := range q.payloads {
		if err := o.Send(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if len(be.Got()) != 1 || !strings.Contains(be.Got()[0], "ann@xn--bcher-kva.example") {
		t.Errorf("%v", be.Got())
	}
	e, err := o.Message(t.Context(), q.payloads[1])
	if err != nil || e.State != "returned" || !strings.Contains(e.Problem, "does not handle addresses with") {
		t.Errorf("%+v %v", e, err)
	}
	for _, bad := range []string{"Ann <ann@health.example>", "ann@health.example\r\nBcc: x@y.example", "a@b.example, " +
		"c@d.example"} {
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
			return o.Queue(t.Context(), tx, mail.Message{ToAddress: bad, Subject: "x", Body: "y"})
		}); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}

// TestKeyRotation: a new key takes over only when it is used, and the one before retires.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		o, _ := outbox(t, s.Work, mail.Sender{How: mail.ByNone})
		first, _ := signing(t, o, "tidewell.example")
		var second mail.Key
		if err := s.Work.Tx(t.Context(), func(q db.Q) (err error) {
			second, err = o.MakeKey(t.Context(), q, "tidewell.example")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if second.Selector == first.Selector || strings.Contains(second.Private, "PRIVATE") {
			t.Errorf("%+v", second)
		}
		if err := s.Work.Tx(t.Context(), func(q db.Q) error {
			_, err := o.MakeKey(t.Context(), q, "tidewell.example")
			return err
		}); !errors.Is(err, mail.ErrKeyWaits) {
			t.Error(err)
		}
		why, _, err := func() (string, []string, error) {
			o.DNS = mail.ResolverAt(testkit.NewNameServer(t, zoneLine(second)))
			return o.Published(t.Context(), second)
		}()
		if err != nil || why != "" {
			t.Error(why, err)
		}
		for range 2 {
			err = s.Work.Tx(t.Context(), func(q db.Q) error { return o.UseKey(t.Context(), q, second.Selector) })
		}
		if !errors.Is(err, db.ErrNotFound) {
			t.Error("a key that signs already began again:", err)
		}
		keys, err := mail.Keys(t.Context(), s.Work)
		if err != nil || len(keys) != 2 {
			t.Fatal(keys, err)
		}
		for _, k := range keys {
			if want := map[string]string{first.Selector: mail.KeyRetired,
				second.Selector: mail.KeySigning}[k.Selector]; k.State != want {
				t.Errorf("%s is %s", k.Selector, k.State)
			}
		}
	})
}
