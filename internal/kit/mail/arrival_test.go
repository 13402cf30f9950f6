package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/mail"
	"kith/internal/kit/seal"
	"kith/internal/testkit"
)

// box is a box with a key.
func box(t *testing.T) *seal.Box {
	t.Helper()
	b, err := seal.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const council = "Tidewell <kith@tidewell.example>"

// outbox gives an outbox that sends through a mail server, as Settings have it.
func outbox(t *testing.T, work *db.DB, s mail.Sender) (*mail.Outbox, *inline) {
	t.Helper()
	q := &inline{}
	o := &mail.Outbox{DB: work, Now: clock.Fixed(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)), NewID: ids.New, Jobs: q,
		Site: mail.Fixed(mail.Site{Name: "Tidewell Safeguarding Children Partnership", From: council}), Seal: box(t)}
	save(t, o, s)
	return o, q
}

func save(t *testing.T, o *mail.Outbox, s mail.Sender) {
	t.Helper()
	if err := o.DB.Tx(t.Context(), func(q db.Q) error { return mail.SaveSender(t.Context(), q, s) }); err != nil {
		t.Fatal(err)
	}
}

// signing makes a key that signs, and gives the line of the zone that publishes it.
func signing(t *testing.T, o *mail.Outbox, domain string) (mail.Key, string) {
	t.Helper()
	var k mail.Key
	if err := o.DB.Tx(t.Context(), func(q db.Q) (err error) {
		if k, err = o.MakeKey(t.Context(), q, domain); err != nil {
			return err
		}
		return o.UseKey(t.Context(), q, k.Selector)
	}); err != nil {
		t.Fatal(err)
	}
	return k, zoneLine(k)
}

// zoneLine writes a key's record as name servers have it, in pieces of 255 signs at most.
func zoneLine(k mail.Key) string {
	name, value := k.Record()
	return fmt.Sprintf(`%s. 60 IN TXT "%s" "%s"`, name, value[:200], value[200:])
}

const (
	mx   = `tidewell.example. 60 IN MX 10 in.tidewell.example.`
	spf  = `tidewell.example. 60 IN TXT "v=spf1 ip4:192.0.2.7 include:relay.example -all"`
	relA = `smtp.relay.example. 60 IN A 192.0.2.9`
	relS = `relay.example. 60 IN TXT "v=spf1 ip4:192.0.2.9 ~all"`
	pol  = `_dmarc.tidewell.example. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@tidewell.example"`
)

// TestArrival: SPF, DKIM and DMARC are read from a name server and evaluated as a receiver does.
func TestArrival(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	smtp := mail.Sender{How: mail.BySMTP, Host: "smtp.relay.example", Port: 587, Security: mail.StartTLS}
	o, _ := outbox(t, s.Work, smtp)
	k, line := signing(t, o, "tidewell.example")
	other := k
	other.Public = strings.Replace(k.Public, "MII", "MIJ", 1)
	for name, c := range map[string]struct {
		records []string
		leaves  string
		want    string // id and tone of each finding
		words   string // what one of them says
		record  string // what one of them asks for
	}{
		"all is well": {records: []string{mx, spf, relA, relS, pol, line}, want: "spf good, dkim good, dmarc good",
			words: "by its signature (DKIM) and by where it comes from (SPF)"},
		"nothing is published": {want: "spf watch, dkim bad, dmarc watch", words: "has no address in the DNS"},
		"no SPF, no DMARC": {records: []string{mx, relA, line}, want: "spf bad, dkim good, dmarc watch",
			record: "tidewell.example v=spf1 ip4:192.0.2.9 ~all"},
		"a policy is wanted": {records: []string{mx, relA, line}, want: "spf bad, dkim good, dmarc watch",
			record: "_dmarc.tidewell.example v=DMARC1; p=none; rua=mailto:kith@tidewell.example"},
		"SPF forbids it": {records: []string{mx, relA, line,
			`tidewell.example. 60 IN TXT "v=spf1 mx include:other.example -all"`, `other.example. 60 IN TXT "v=spf1 -all"`,
			`in.tidewell.example. 60 IN A 192.0.2.1`}, want: "spf bad, dkim good, dmarc watch",
			record: "tidewell.example v=spf1 mx include:other.example ip4:192.0.2.9 -all"},
		"SPF does not say": {records: []string{mx, relA, line, `tidewell.example. 60 IN TXT "v=spf1 ~all"`},
			want: "spf watch, dkim good, dmarc watch", words: "It does not say that 192.0.2.9 may send"},
		"SPF twice": {records: []string{mx, relA, line, spf, `tidewell.example. 60 IN TXT "v=spf1 mx -all"`},
			want: "spf bad, dkim good, dmarc watch", words: "there more than once"},
		"it leaves elsewhere": {records: []string{mx, spf, relA, relS, pol, line}, leaves: "192.0.2.9 198.51.100.4",
			want: "spf bad, dkim good, dmarc good", record: "tidewell.example v=spf1 ip4:192.0.2.7 include:relay.example " +
				"ip4:198.51.100.4 -all"},
		"it leaves from inside": {records: []string{mx, spf, relS, pol, line, `smtp.relay.example. 60 IN A 10.1.2.3`},
			want: "spf watch, dkim good, dmarc good", words: "inside a network"},
		"the key is not published": {records: []string{mx, spf, relA, relS, pol}, want: "spf good, dkim bad, dmarc watch",
			words: "There is no record " + k.Selector + "._domainkey.tidewell.example."},
		"another key is published": {records: []string{mx, spf, relA, relS, pol, zoneLine(other)},
			want: "spf good, dkim bad, dmarc watch", words: "is not the one of this key"},
		"neither passes, and the policy is to refuse": {records: []string{mx, relA, pol}, want: "spf bad, dkim bad, dmarc " +
			"bad",
			words: "so it does not arrive"},
		"the policy has a fault": {records: []string{mx, spf, relA, relS, line,
			`_dmarc.tidewell.example. 60 IN TXT "v=DMARC1; p=all"`}, want: "spf good, dkim good, dmarc bad"},
		"nothing receives": {records: []string{spf, relA, relS, pol, line, `tidewell.example. 60 IN MX 0 .`},
			want: "spf good, dkim good, dmarc good, returns bad", words: "Nothing receives e-mail at tidewell.example"},
	} {
		t.Run(name, func(t *testing.T) {
			smtp.Leaves = c.leaves
			save(t, o, smtp)
			o.DNS = mail.ResolverAt(testkit.NewNameServer(t, c.records...))
			got, err := o.CheckArrival(t.Context(), o.DB)
			if err != nil {
				t.Fatal(err)
			}
			var tones, words, records []string
			for _, f := range got {
				tones = append(tones, f.ID+" "+f.Tone)
				words = append(words, f.Words)
				records = append(records, f.Name+" "+f.Value)
			}
			if all := strings.Join(tones, ", "); !strings.HasPrefix(all, c.want) {
				t.Errorf("got %s\n%s", all, strings.Join(words, "\n"))
			}
			if all := strings.Join(words, "\n"); !strings.Contains(all, c.words) {
				t.Errorf("%q is not in\n%s", c.words, all)
			}
			if all := strings.Join(records, "\n"); !strings.Contains(all, c.record) {
				t.Errorf("%q is not in\n%s", c.record, all)
			}
		})
	}
}

// TestArrivalAligned: what passes for another domain does not count for ours.
func TestArrivalAligned(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, _ := outbox(t, s.Work, mail.Sender{How: mail.BySMTP, Host: "smtp.relay.example", Port: 587, Security: mail.StartTLS,
		Returns: "bounces@relay.example"})
	o.DNS = mail.ResolverAt(testkit.NewNameServer(t, relA, relS, pol, `relay.example. 60 IN MX 10 in.relay.example.`))
	got, err := o.CheckArrival(t.Context(), o.DB)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Tone != mail.Good || got[2].Tone != mail.Bad ||
		!strings.Contains(got[2].Words, "SPF passes for relay.example, which does not count for tidewell.example") {
		t.Errorf("%+v", got)
	}
	if got[3].Tone != mail.Good {
		t.Errorf("%+v", got[3])
	}
}

// TestArrivalUnanswered: a name server that does not answer is no verdict.
func TestArrivalUnanswered(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	o, _ := outbox(t, s.Work, mail.Sender{How: mail.BySMTP, Host: "broken.relay.example", Port: 587,
		Security: mail.StartTLS})
	o.Site = mail.Fixed(mail.Site{From: "kith@broken.example"})
	signing(t, o, "broken.example")
	o.DNS = mail.ResolverAt(testkit.NewNameServer(t))
	got, err := o.CheckArrival(t.Context(), o.DB)
	if err != nil {
		t.Fatal(err)
	}
	if f := got[0]; f.Tone != mail.Watch || !strings.Contains(f.Words, "did not answer") {
		t.Errorf("%+v", f)
	}
}
