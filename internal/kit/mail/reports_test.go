package mail_test

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/testkit"
)

// dsn writes a report as mail systems send it (RFC 3464).
func dsn(to, envelope, action, status, said, messageID string) string {
	return strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@in.health.example
To: %s
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at in.health.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; in.health.example
Original-Envelope-Id: %s

Final-Recipient: rfc822; ann@health.example
Action: %s
Status: %s
Diagnostic-Code: smtp; %s

--b
Content-Type: text/rfc822-headers

From: kith@tidewell.example
Message-ID: <%s>

--b--
`, to, envelope, action, status, said, messageID), "\n", "\r\n")
}

// TestReports: a report is believed with the token of a letter, wherever it has it, and with
// nothing else.
func TestReports(t *testing.T) {
	t.Parallel()
	const none, wrong = "bounces@tidewell.example", "0123456789abcdef"
	for name, c := range map[string]struct {
		message func(e mail.Entry) string
		outcome string
		state   string
		words   string
	}{
		"by the address it comes back to": {func(e mail.Entry) string {
			return dsn("bounces+"+e.Token+"@tidewell.example", "", "failed", "5.1.1", "550 5.1.1 user unknown", "other@x")
		}, "returned", "returned", "There is no such mailbox. The answer was: 550 5.1.1 user unknown"},
		"by the letter's own id": {func(e mail.Entry) string {
			return dsn(none, "", "failed", "5.2.1", "550 disabled", e.ID+"."+e.Token+"@tidewell.example")
		}, "returned", "returned", "The mailbox was closed."},
		"by the envelope's id": {func(e mail.Entry) string {
			return dsn(none, e.Token, "failed", "5.0.0", "550 no such user", "other@x")
		}, "returned", "returned", "There is no such mailbox."},
		"refused for what it is": {func(e mail.Entry) string {
			return dsn(none, e.Token, "failed", "5.7.1", "550 5.7.1 blocked", "other@x")
		}, "returned", "failed", "Their mail system did not trust it"},
		"given up by them": {func(e mail.Entry) string {
			return dsn(none, e.Token, "failed", "4.4.1", "connection timed out", "other@x")
		}, "returned", "failed", "Their mail system could not be reached."},
		"delayed": {func(e mail.Entry) string { return dsn(none, e.Token, "delayed", "4.4.1", "busy", "x@y") },
			"delayed", "sent", "It is delayed"},
		"delivered": {func(e mail.Entry) string { return dsn(none, e.Token, "delivered", "2.0.0", "250 ok", "x@y") },
			"delivered", "sent", "It arrived."},
		"made up": {func(e mail.Entry) string {
			return dsn("bounces+"+wrong+"@tidewell.example", wrong, "failed", "5.1.1", "550 no",
				e.ID+"."+wrong+"@tidewell.example")
		}, "unknown", "sent", "The report belongs to no e-mail that was sent from here. Nothing was changed."},
		"of its address alone": {func(mail.Entry) string { return dsn(none, "", "failed", "5.1.1", "550 no", "x@y") },
			"unknown", "sent", "The report belongs to no e-mail"},
		"an answer of a person": {func(e mail.Entry) string {
			return "From: ann@health.example\r\nIn-Reply-To: <" + e.ID + "." + e.Token + "@tidewell.example>\r\n\r\nI am " +
				"away.\r\n"
		}, "unread", "sent", "The message is no report"},
		"cut off": {func(e mail.Entry) string {
			all := dsn(none, e.Token, "failed", "5.1.1", "550 no", "x@y")
			return all[:strings.Index(all, "Reporting-MTA")]
		}, "unread", "sent", "The message is no report"},
		"nothing": {func(mail.Entry) string { return "" }, "unread", "sent", "The message is no report"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				o, q, _ := locked(t, s.Work, "right")
				put(t, o, toAnn)
				if err := o.Send(t.Context(), q.payloads[0]); err != nil {
					t.Fatal(err)
				}
				message := c.message(newest(t, o))
				var n mail.Noted
				for range 2 { // a report may come twice
					if err := s.Work.Tx(t.Context(), func(tx db.Q) (err error) {
						n, err = o.TakeReport(t.Context(), tx, "file", strings.NewReader(message))
						return err
					}); err != nil {
						t.Fatal(err)
					}
				}
				e := newest(t, o)
				if n.Outcome != c.outcome || e.State != c.state || !strings.HasPrefix(n.Words, c.words) {
					t.Errorf("%+v\n%+v", n, e)
				}
				back, err := o.CameBack(t.Context(), s.Work, toAnn.ToAddress)
				if err != nil || (back != "") != (c.state == "returned") {
					t.Error(back, err)
				}
				if (c.outcome == "delivered") == e.DeliveredAt.IsZero() {
					t.Errorf("%+v", e)
				}
				list, err := mail.Reports(t.Context(), s.Work, 10)
				if err != nil || len(list) != 2 {
					t.Error("reports are not noted", list, err)
				}
			})
		})
	}
}

// FuzzReadReport: whatever comes back is read or refused.
func FuzzReadReport(f *testing.F) {
	f.Add(dsn("bounces+0123456789abcdef@x.example", "0123456789abcdef", "failed", "5.1.1", "550 no", "x@y"))
	f.Add("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n")
	f.Fuzz(func(t *testing.T, message string) {
		r, err := mail.ReadReport(strings.NewReader(message))
		if err == nil && r.Outcome == "" {
			t.Errorf("a report that says nothing was read from %q", message)
		}
	})
}
