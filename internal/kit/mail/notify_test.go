package mail_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kith/internal/kit/db"
	"kith/internal/kit/jobs"
	"kith/internal/kit/mail"
	"kith/internal/testkit"
)

func hour(n int) time.Duration { return time.Duration(n) * time.Hour }

const (
	notifyService = "26785a09-ab16-4eb0-8407-a37497a57506"
	notifySecret  = "3d844edf-8d35-48ac-975b-e847b4f122b0"
	notifyKey     = "kith-" + notifyService + "-" + notifySecret
	notifyID      = "740e5834-3a29-46b4-9a6f-16142fde533a"
)

// A notify is a server that answers as Notify's documentation has it.
type notify struct {
	status int    // of the next answer; 0 for 201
	body   string // of an error
	came   string // what is said of the letter
	got    map[string]any
}

func (n *notify) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, err := jwt.Parse(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "),
		func(*jwt.Token) (any, error) { return []byte(notifySecret), nil }, jwt.WithoutClaimsValidation(),
		jwt.WithValidMethods([]string{"HS256"}))
	if iss := ""; err == nil {
		iss, err = token.Claims.GetIssuer()
		if iss != notifyService {
			err = errors.New("another service")
		}
	}
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w,
			`{"status_code":403,"errors":[{"error":"AuthError","message":"Invalid token: signature, api token not found"}]}`)
		return
	}
	if n.status != 0 {
		w.WriteHeader(n.status)
		fmt.Fprint(w, n.body)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /v2/notifications/email":
		if err := json.NewDecoder(r.Body).Decode(&n.got); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id":%q,"reference":%q}`, notifyID, n.got["reference"])
	case "GET /v2/notifications/" + notifyID:
		fmt.Fprintf(w, `{"id":%q,"status":%q}`, notifyID, n.came)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func byNotify(t *testing.T, work *db.DB, key string) (*mail.Outbox, *inline, *notify) {
	t.Helper()
	n := &notify{}
	at := httptest.NewServer(n)
	t.Cleanup(at.Close)
	o, q := outbox(t, work, mail.Sender{How: mail.ByNone})
	o.HTTP = at.Client()
	sealed, err := o.SealSecret(key)
	if err != nil {
		t.Fatal(err)
	}
	save(t, o, mail.Sender{How: mail.ByNotify, Base: at.URL, Template: "f33517ff-2a88-4f6e-b855-c550268ce08a",
		Secret: sealed})
	return o, q, n
}

// TestNotify: a letter goes out through GOV.UK Notify, and what came of it is asked for.
func TestNotify(t *testing.T) {
	t.Parallel()
	for came, want := range map[string]struct {
		state     string
		delivered bool
		back      bool
	}{
		"delivered": {"sent", true, false}, "sending": {"sent", false, false}, "created": {"sent", false, false},
		"permanent-failure": {"returned", false, true}, "temporary-failure": {"failed", false, false},
		"technical-failure": {"failed", false, false},
	} {
		t.Run(came, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, s testkit.Stores) {
				o, q, n := byNotify(t, s.Work, notifyKey)
				put(t, o, toAnn)
				if err := o.Send(t.Context(), q.payloads[0]); err != nil {
					t.Fatal(err)
				}
				words, _ := n.got["personalisation"].(map[string]any)
				if n.got["email_address"] != toAnn.ToAddress || words["subject"] != toAnn.Subject || words["body"] != toAnn.Body {
					t.Errorf("%v", n.got)
				}
				n.came = came
				for range 2 {
					if err := o.Follow(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				e := newest(t, o)
				back, err := o.CameBack(t.Context(), s.Work, toAnn.ToAddress)
				if err != nil || e.State != want.state || e.DeliveredAt.IsZero() == want.delivered || (back != "") != want.back {
					t.Errorf("%+v %q %v", e, back, err)
				}
			})
		})
	}
}

// TestNotifyRefuses: each error of the API says what to do, and only what is wrong with an address
// is kept against it.
func TestNotifyRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key    string
		status int
		body   string
		state  string
		words  string
	}{
		"another key": {"kith-" + notifyService + "-" + strings.Replace(notifySecret, "3", "4", 1), 0, "", "waiting",
			"The API key of GOV.UK Notify is wrong."},
		"half a key": {"kith", 0, "", "waiting", "The API key of GOV.UK Notify is not whole"},
		"an address": {notifyKey, 400,
			`{"status_code":400,"errors":[{"error":"ValidationError","message":"email_address Not a ` +
				`valid email address"}]}`, "returned", "The address is not one that GOV.UK Notify takes."},
		"a template": {notifyKey, 400, `{"status_code":400,"errors":[{"error":"BadRequestError","message":"Missing ` +
			`personalisation: body"}]}`, "waiting", "The template of GOV.UK Notify is not as it has to be."},
		"trial": {notifyKey, 400, `{"status_code":400,"errors":[{"error":"BadRequestError","message":"Can’t send to this ` +
			`recipient when service is in trial mode"}]}`, "waiting", "GOV.UK Notify sends to your own team only"},
		"the clock": {notifyKey, 403,
			`{"status_code":403,"errors":[{"error":"AuthError","message":"Error: Your system clock must ` +
				`be accurate to within 30 seconds"}]}`, "waiting", "GOV.UK Notify did not accept the request; is the server’s " +
				"clock right?"},
		"too many": {notifyKey, 429,
			`{"status_code":429,"errors":[{"error":"RateLimitError","message":"Exceeded rate limit"}]}`,
			"waiting", "GOV.UK Notify takes no more for now."},
		"a fault": {notifyKey, 500,
			`{"status_code":500,"errors":[{"error":"Exception","message":"Internal server error"}]}`, "waiting", "GOV.UK " +
				"Notify has a fault."},
		"a gateway": {notifyKey, 502, `<html>`, "waiting", "GOV.UK Notify has a fault."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewStores(t, db.SQLite)
			o, q, n := byNotify(t, s.Work, c.key)
			put(t, o, toAnn)
			n.status, n.body = c.status, c.body
			err := o.Send(t.Context(), q.payloads[0])
			var later *jobs.Later
			if errors.As(err, &later) != (c.state == "waiting") {
				t.Error(err)
			}
			e := newest(t, o)
			if e.State != c.state || !strings.HasPrefix(strings.ReplaceAll(e.Problem, "'", "’"), c.words) {
				t.Errorf("%s: %s", e.State, e.Problem)
			}
			if strings.Contains(e.Problem, notifySecret) {
				t.Error("the key is in the outbox")
			}
		})
	}
}
