package mail

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"kith/internal/kit/db"
)

// What a report says.
const (
	OutcomeReturned  = "returned"
	OutcomeDelivered = "delivered"
	OutcomeDelayed   = "delayed"
	OutcomeUnknown   = "unknown" // it belongs to no letter of ours
	OutcomeUnread    = "unread"  // it could not be read
)

// A Report says what came of a letter: one that a mail system sent back (RFC 3464), or what
// GOV.UK Notify answered.
type Report struct {
	Way     string // file, command or notify
	Outcome string
	Address string // whom it was for, as the report says
	Refusal Refusal
	tokens  []string
}

// A Noted is a report that was taken in, with what came of it.
type Noted struct {
	ID       string
	At       db.Time
	Way      string
	Outcome  string
	Address  string // of the letter; "" where it is none of ours
	Words    string
	LetterID string
}

// reportLimit is how many bytes of a report are read.
const reportLimit = 4 << 20

var (
	// tokenInID is the token in the id of one of our letters, tokenInPath in the address that it
	// comes back to.
	tokenInID   = regexp.MustCompile(`[0-9a-z]{26}\.([0-9a-z]{16})@`)
	tokenInPath = regexp.MustCompile(`\+([0-9a-z]{16})@`)
	tokenAlone  = regexp.MustCompile(`^[0-9a-z]{16}$`)
)

// errNoReport is returned for a message that is no report.
var errNoReport = errors.New("it is no report on an e-mail that could not be delivered")

// ReadReport reads a message that a mail system sent back.
func ReadReport(r io.Reader) (Report, error) {
	m, err := netmail.ReadMessage(io.LimitReader(r, reportLimit))
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", errNoReport, err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" ||
		!strings.EqualFold(params["report-type"], "delivery-status") {
		return Report{}, errNoReport
	}
	var out Report
	for _, h := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To"} {
		out.found(tokenInPath, strings.Join(m.Header[h], " "))
	}
	for _, h := range []string{"In-Reply-To", "References"} {
		out.found(tokenInID, m.Header.Get(h))
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	read := false
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Report{}, fmt.Errorf("%w: %w", errNoReport, err)
		}
		b, err := decoded(p)
		if err != nil {
			return Report{}, fmt.Errorf("%w: %w", errNoReport, err)
		}
		switch kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); kind {
		case "message/delivery-status", "message/global-delivery-status":
			read = out.status(b) || read
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "text/rfc822-header":
			head, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(b, "\r\n\r\n"...)))).ReadMIMEHeader()
			out.found(tokenInID, head.Get("Message-Id"))
		}
	}
	if !read {
		return Report{}, errNoReport
	}
	return out, nil
}

// decoded gives the content of a part.
func decoded(p *multipart.Part) ([]byte, error) {
	var r io.Reader = p
	switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, p)
	case "quoted-printable":
		r = quotedprintable.NewReader(p)
	}
	return io.ReadAll(r)
}

// found adds the tokens in a text.
func (r *Report) found(shape *regexp.Regexp, text string) {
	for _, m := range shape.FindAllStringSubmatch(text, -1) {
		r.tokens = append(r.tokens, m[1])
	}
}

// status reads the part that says what came of it: fields of the message, and of each recipient,
// of which ours have one. It reports whether it said anything.
func (r *Report) status(b []byte) bool {
	fields := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(b, "\r\n\r\n"...))))
	for {
		h, err := fields.ReadMIMEHeader()
		if len(h) == 0 {
			if err != nil {
				return r.Outcome != ""
			}
			continue
		}
		if id := h.Get("Original-Envelope-Id"); tokenAlone.MatchString(id) {
			r.tokens = append(r.tokens, id)
		}
		if action := strings.ToLower(strings.TrimSpace(h.Get("Action"))); action != "" && r.Outcome == "" {
			r.recipient(h, action)
		}
		if err != nil {
			return r.Outcome != ""
		}
	}
}

var smtpCode = regexp.MustCompile(`^\D{0,12}([245]\d\d)\b`)

func (r *Report) recipient(h textproto.MIMEHeader, action string) {
	switch action {
	case "failed":
		r.Outcome = OutcomeReturned
	case "delivered": // "relayed" and "expanded" do not say that it arrived
		r.Outcome = OutcomeDelivered
	case "delayed":
		r.Outcome = OutcomeDelayed
	default:
		return
	}
	_, r.Address, _ = strings.Cut(h.Get("Final-Recipient"), ";")
	r.Address = strings.TrimSpace(r.Address)
	status, _, _ := strings.Cut(strings.TrimSpace(h.Get("Status")), " ")
	_, said, _ := strings.Cut(h.Get("Diagnostic-Code"), ";")
	said = oneLine(said)
	code := 0
	if m := smtpCode.FindStringSubmatch(said); m != nil {
		fmt.Sscan(m[1], &code)
	}
	if status == "5.0.0" || status == "4.0.0" {
		status = "" // it says nothing that the code does not
	}
	v := Verdict(code, status, "", true)
	v.Permanent, v.Detail = r.Outcome == OutcomeReturned, said
	r.Refusal = *v
}

// TakeReport takes in a message that came back, in the caller's transaction. One that is none
// of ours, or that somebody made up, changes nothing and is noted.
func (o *Outbox) TakeReport(ctx context.Context, q db.Q, way string, message io.Reader) (Noted, error) {
	r, err := ReadReport(message)
	if err != nil {
		if !errors.Is(err, errNoReport) {
			return Noted{}, err
		}
		return o.note(ctx, q, Noted{Way: way, Outcome: OutcomeUnread,
			Words: "The message is no report of a mail system on an e-mail that could not be delivered."})
	}
	r.Way = way
	for _, token := range r.tokens {
		e, err := db.Get[Entry](ctx, q, `SELECT `+entryColumns+` FROM mail_outbox WHERE token = $1`, token)
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return Noted{}, fmt.Errorf("look for the letter that came back: %w", err)
		}
		return o.settled(ctx, q, e, r)
	}
	return o.note(ctx, q, Noted{Way: way, Outcome: OutcomeUnknown,
		Words: "The report belongs to no e-mail that was sent from here. Nothing was changed."})
}

// settleReport keeps what a report says of a letter.
func (o *Outbox) settleReport(ctx context.Context, q db.Q, e Entry, r Report) error {
	_, err := o.settled(ctx, q, e, r)
	return err
}

func (o *Outbox) settled(ctx context.Context, q db.Q, e Entry, r Report) (Noted, error) {
	n := Noted{Way: r.Way, Outcome: r.Outcome, Address: e.ToAddress, LetterID: e.ID}
	switch r.Outcome {
	case OutcomeDelivered:
		n.Words = "It arrived."
		if _, err := db.Exec(ctx, q, `UPDATE mail_outbox SET delivered_at = $2 WHERE id = $1 AND delivered_at IS NULL`, e.ID,
			db.At(o.Now())); err != nil {
			return n, fmt.Errorf("keep that a letter arrived: %w", err)
		}
	case OutcomeDelayed:
		n.Words = "It is delayed, and is being tried again: " + r.Refusal.Words + "."
	case OutcomeReturned:
		n.Words = r.Refusal.sentence()
		if e.State == sent || e.State == waiting {
			if err := o.giveUp(ctx, q, e, &r.Refusal); err != nil {
				return n, err
			}
		}
	}
	return o.note(ctx, q, n)
}

// note keeps a report.
func (o *Outbox) note(ctx context.Context, q db.Q, n Noted) (Noted, error) {
	n.ID, n.At = o.NewID(), db.At(o.Now())
	_, err := db.Exec(ctx, q, `INSERT INTO mail_reports (id, at, way, outcome, address, words, letter_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, n.ID, n.At, n.Way, n.Outcome, n.Address, n.Words, n.LetterID)
	return n, db.Wrap(err, "keep a report on mail")
}

// Reports lists the newest reports that were taken in.
func Reports(ctx context.Context, q db.Reader, n int) ([]Noted, error) {
	return db.All[Noted](ctx, q, `SELECT id, at, way, outcome, address, words, letter_id FROM mail_reports
		ORDER BY at DESC, id DESC LIMIT $1`, n)
}
