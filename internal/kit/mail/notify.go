package mail

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kith/internal/kit/db"
)

// NotifyBase is where GOV.UK Notify's API is.
const NotifyBase = "https://api.notifications.service.gov.uk"

// idLength is that of the two ids that end an API key of Notify.
const idLength = 36

// notifyToken signs a request, as Notify's documentation has it (“Authorisation header”): the
// service is the issuer, and the token counts for half a minute.
func notifyToken(key string, now time.Time) (string, error) {
	if !NotifyKey(key) {
		return "", &Refusal{Ours: true, Words: "the API key of GOV.UK Notify is not whole; enter it again in Settings"}
	}
	service, secret := key[len(key)-2*idLength-1:len(key)-idLength-1], key[len(key)-idLength:]
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": service,
		"iat": now.Unix()}).SignedString([]byte(secret))
}

// NotifyKey reports whether a text has the shape of an API key: a name, the service's id and the
// secret.
func NotifyKey(key string) bool {
	n := len(key)
	return n > 2*idLength+2 && key[n-idLength-1] == '-' && key[n-2*idLength-2] == '-' && !strings.ContainsAny(key, " "+
		"\r\n\t")
}

// byNotify hands a letter to GOV.UK Notify. It sends no files: what is in the calendar is in the
// text as well.
func (o *Outbox) byNotify(ctx context.Context, s Sender, e Entry) (got, error) {
	var taken struct {
		ID string `json:"id"`
	}
	err := o.askNotify(ctx, s, http.MethodPost, "/v2/notifications/email", map[string]any{
		"email_address": e.ToAddress, "template_id": s.Template, "reference": e.ID,
		"personalisation": map[string]string{"subject": oneLine(e.Subject), "body": e.Body}}, &taken)
	if err != nil {
		return got{}, err
	}
	return got{answer: "GOV.UK Notify took it", remoteID: taken.ID}, nil
}

// askNotify asks Notify's API and reads its answer into out.
func (o *Outbox) askNotify(ctx context.Context, s Sender, method, path string, in, out any) error {
	key, err := o.open(s)
	if err != nil {
		return err
	}
	token, err := notifyToken(key, o.Now())
	if err != nil {
		return err
	}
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("write to GOV.UK Notify: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(cmp.Or(s.Base, NotifyBase), "/")+path, body)
	if err != nil {
		return &Refusal{Ours: true, Words: "the address of GOV.UK Notify is not one", Detail: err.Error()}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	client := o.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return &Refusal{Ours: true, Words: "GOV.UK Notify does not answer", Detail: err.Error()}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return &Refusal{Ours: true, Words: "GOV.UK Notify broke off", Detail: err.Error()}
	}
	if res.StatusCode >= http.StatusBadRequest {
		return notifyRefusal(res.StatusCode, b)
	}
	if err := json.Unmarshal(b, out); err != nil {
		return &Refusal{Words: "GOV.UK Notify’s answer was not understood", Detail: err.Error()}
	}
	return nil
}

// notifyRefusal reads an error of Notify's API.
func notifyRefusal(status int, body []byte) *Refusal {
	var said struct {
		Errors []struct{ Error, Message string }
	}
	_ = json.Unmarshal(body, &said) // whatever stands before it may answer in HTML
	var parts []string
	for _, e := range said.Errors {
		parts = append(parts, strings.TrimSpace(e.Error+": "+e.Message))
	}
	r := &Refusal{Detail: fmt.Sprintf("%d %s", status, strings.Join(parts, "; "))}
	has := func(words string) bool { return strings.Contains(strings.ToLower(r.Detail), words) }
	switch {
	case status == http.StatusBadRequest && has("team-only"), status == http.StatusBadRequest && has("trial mode"):
		r.Words, r.Ours = "GOV.UK Notify sends to your own team only, as the service is not live yet", true
	case status == http.StatusBadRequest && has("email_address"):
		r.Words, r.Permanent, r.Address = "the address is not one that GOV.UK Notify takes", true, true
	case status == http.StatusBadRequest && (has("template") || has("personalisation")):
		r.Words, r.Ours = "the template of GOV.UK Notify is not as it has to be", true
	case status == http.StatusBadRequest:
		r.Words, r.Permanent = "GOV.UK Notify refused it", true
	case status == http.StatusUnauthorized, status == http.StatusForbidden && has("system clock"):
		r.Words, r.Ours = "GOV.UK Notify did not accept the request; is the server's clock right?", true
	case status == http.StatusForbidden:
		r.Words, r.Ours = "the API key of GOV.UK Notify is wrong", true
	case status == http.StatusTooManyRequests:
		r.Words = "GOV.UK Notify takes no more for now"
	default:
		r.Words = "GOV.UK Notify has a fault"
	}
	return r
}

// followed is how long Notify is asked what came of a letter: it tries for three days.
const followed = 75 * time.Hour

// Follow asks Notify what came of the letters that it took, and keeps it.
func (o *Outbox) Follow(ctx context.Context) error {
	how, err := o.Using(ctx, o.DB)
	if err != nil || how.How != ByNotify {
		return err
	}
	open, err := db.All[string](ctx, o.DB, `SELECT id FROM mail_outbox WHERE state = 'sent' AND remote_id <> ''
		AND delivered_at IS NULL AND sent_at > $1 ORDER BY sent_at, id`, db.At(o.Now().Add(-followed)))
	if err != nil {
		return fmt.Errorf("look what GOV.UK Notify has not said of: %w", err)
	}
	var faults []error
	for _, id := range open {
		if err := o.follow(ctx, how, id); err != nil {
			faults = append(faults, err)
			var f *Refusal
			if errors.As(err, &f) && f.Ours {
				break // the others would meet the same
			}
		}
	}
	return errors.Join(faults...)
}

func (o *Outbox) follow(ctx context.Context, how Sender, id string) error {
	e, err := o.Message(ctx, id)
	if err != nil {
		return err
	}
	var came struct {
		Status string `json:"status"`
	}
	if err := o.askNotify(ctx, how, http.MethodGet, "/v2/notifications/"+url.PathEscape(e.RemoteID), nil,
		&came); err != nil {
		return fmt.Errorf("ask GOV.UK Notify of letter %s: %w", id, err)
	}
	r := Report{Way: "notify", Outcome: OutcomeReturned}
	switch came.Status {
	case "delivered":
		r.Outcome = OutcomeDelivered
	case "permanent-failure":
		r.Refusal = Refusal{Permanent: true, Address: true, Words: "there is no such mailbox", Detail: "permanent-failure"}
	case "temporary-failure":
		r.Refusal = Refusal{Permanent: true, Words: "their mail system did not take it for three days; the mailbox may be " +
			"full",
			Detail: "temporary-failure"}
	case "technical-failure":
		r.Refusal = Refusal{Permanent: true, Words: "GOV.UK Notify could not send it", Detail: "technical-failure"}
	default:
		return nil // under way
	}
	return o.DB.Tx(ctx, func(q db.Q) error { return o.settleReport(ctx, q, e, r) })
}

// Run asks every few minutes what came of letters, and forgets what waited too long for a second
// person, until ctx ends. A fault is reported and tried again.
func (o *Outbox) Run(ctx context.Context, report func(error)) {
	t := time.NewTicker(followEvery)
	defer t.Stop()
	for {
		if err := errors.Join(o.Follow(ctx), o.forgetLate(ctx)); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

const followEvery = 5 * time.Minute
