package mail_test

import (
	"context"
	"errors"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/testkit"
)

// inline is a queue that remembers what is to be done.
type inline struct{ payloads []string }

func (q *inline) Enqueue(_ context.Context, _ db.Q, kind, payload string) error {
	if kind != mail.JobKind {
		return errors.New("unknown kind " + kind)
	}
	q.payloads = append(q.payloads, payload)
	return nil
}

// TestHeadersHoldAnyName: a name or a title with quotes or line ends reaches the
// person, and adds no header and no reader.
func TestHeadersHoldAnyName(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		be, at := testkit.NewMailServer(t)
		q := &inline{}
		o := &mail.Outbox{DB: s.Work, Now: clock.System, NewID: ids.New, Jobs: q, Server: at,
			Site: mail.Fixed(mail.Site{From: "Tidewell <training@tidewell.example>"})}
		for i, name := range []string{`Robert "Bob" Smith`, "Ann\r\nBcc: thief@evil.example", `x" <thief@evil.example>, "y`,
			"Zoë Ünal", `back\`, ""} {
			if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
				return o.Queue(t.Context(), tx, mail.Message{ToAddress: "ann@health.example", ToName: name,
					Subject: "Your place on\r\nBcc: thief@evil.example", Body: "Dear " + name})
			}); err != nil {
				t.Fatal(err)
			}
			if err := o.Send(t.Context(), q.payloads[i]); err != nil {
				t.Errorf("%q: %v", name, err)
				continue
			}
			m, err := netmail.ReadMessage(strings.NewReader(be.Got()[len(be.Got())-1]))
			if err != nil {
				t.Fatal(err)
			}
			to, err := m.Header.AddressList("To")
			if err != nil || len(to) != 1 || to[0].Address != "ann@health.example" || m.Header.Get("Bcc") != "" {
				t.Errorf("%q: to %v, %v, Bcc %q", name, to, err, m.Header.Get("Bcc"))
			}
		}
	})
}

func TestSend(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		be, at := testkit.NewMailServer(t)
		q := &inline{}
		o := &mail.Outbox{DB: s.Work, Now: clock.Fixed(time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)), NewID: ids.New, Jobs: q,
			Server: at, Site: mail.Fixed(mail.Site{From: "Tidewell <training@tidewell.example>"}),
			Spend: func(body string) string { return strings.ReplaceAll(body, "a place", "…") }}
		put := func(m mail.Message) error {
			return s.Work.Tx(t.Context(), func(tx db.Q) error { return o.Queue(t.Context(), tx, m) })
		}
		if err := put(mail.Message{ToAddress: "not an address", Subject: "x", Body: "y"}); err == nil {
			t.Fatal("an address that is none was taken")
		}
		if err := put(mail.Message{ToAddress: "ann@health.example", ToName: "Ann Demo", Subject: "Your place",
			Body: "You have a place.\n", Calendar: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}); err != nil {
			t.Fatal(err)
		}
		id := q.payloads[0]
		be.Answer(&smtp.SMTPError{Code: 450, Message: "come back later"})
		var later *jobs.Later
		if err := o.Send(t.Context(), id); !errors.As(err, &later) || !later.At.Equal(o.Now().Add(30*time.Second)) {
			t.Fatal("the server put it off, and it was not kept to be tried again:", err)
		}
		if e, err := o.Message(t.Context(), id); err != nil || e.State != "waiting" ||
			!strings.Contains(e.Problem, "come back later") {
			t.Fatalf("%+v %v", e, err)
		}
		be.Answer(nil)
		for range 2 { // a job may run twice; a message goes out once
			if err := o.Send(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if len(be.Got()) != 1 {
			t.Fatalf("the server got %d messages", len(be.Got()))
		}
		for _, want := range []string{"Subject: Your place", "Ann Demo", "You have a place.", "text/calendar", "<" + id + ".",
			"@tidewell.example>", "Auto-Submitted: auto-generated", "Date: Fri, 01 Mar 2024 09:00:00 +0000"} {
			if !strings.Contains(be.Got()[0], want) {
				t.Errorf("%q is not in\n%s", want, be.Got()[0])
			}
		}
		// What only its reader is to have is in their mailbox, and no longer here.
		if e, err := o.Message(t.Context(), id); err != nil || e.State != "sent" || e.SentAt.IsZero() ||
			e.Body != "You have ….\n" {
			t.Fatalf("%+v %v", e, err)
		}
	})
}

func TestKeptWithoutServer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		q := &inline{}
		o := &mail.Outbox{DB: s.Work, Now: clock.System, NewID: ids.New, Jobs: q}
		if err := s.Work.Tx(t.Context(), func(tx db.Q) error {
			return o.Queue(t.Context(), tx, mail.Message{ToAddress: "ann@health.example", Subject: "Hello", Body: "x"})
		}); err != nil {
			t.Fatal(err)
		}
		kept, err := o.Newest(t.Context(), 10)
		if err != nil || len(kept) != 1 || kept[0].State != "kept" || len(q.payloads) != 0 {
			t.Fatalf("%v %v %v", kept, q.payloads, err)
		}
	})
}
