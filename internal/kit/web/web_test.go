package web_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

func mux(log io.Writer, p web.Person) *web.Mux {
	m := web.NewMux(slog.New(slog.NewTextHandler(log, nil)))
	m.Person = func(*http.Request) (web.Person, error) { return p, nil }
	m.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base { return ui.Base{SiteName: "Tidewell"} }
	answer := func(err error) web.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) error {
			if err == nil {
				_, err := io.WriteString(w, "hello "+web.PersonOf(r).Name)
				return err
			}
			return err
		}
	}
	m.Handle(
		web.Route{Pattern: "GET /open", Permission: web.Anyone, Handle: answer(nil)},
		web.Route{Pattern: "GET /mine", Permission: web.SignedIn, Handle: answer(nil)},
		web.Route{Pattern: "GET /manage", Permission: "widgets:manage", Handle: answer(nil)},
		web.Route{Pattern: "GET /gone", Permission: web.Anyone, Handle: answer(db.ErrNotFound)},
		web.Route{Pattern: "GET /full", Permission: web.Anyone,
			Handle: answer(web.Conflict("This session is full", "Join the waiting list."))},
		web.Route{Pattern: "GET /broken", Permission: web.Anyone, Handle: answer(errors.New("the secret reason"))},
		web.Route{Pattern: "GET /panic", Permission: web.Anyone,
			Handle: func(http.ResponseWriter, *http.Request) error { panic("the secret reason") }},
	)
	return m
}

func TestMux(t *testing.T) {
	t.Parallel()
	ann := web.Person{ID: "p1", Name: "Ann"}
	officer := web.Person{ID: "p2", Name: "Omar", Permissions: map[web.Permission]bool{"widgets:manage": true}}
	for _, c := range []struct {
		name   string
		who    web.Person
		path   string
		status int
		text   string
	}{
		{"the public reads what is open", web.Person{}, "/open", 200, "hello "},
		{"the public is asked to sign in", web.Person{}, "/mine?a=1", 303, "/sign-in?next=%2Fmine%3Fa%3D1"},
		{"somebody signed in", ann, "/mine", 200, "hello Ann"},
		{"no permission looks like no page", ann, "/manage", 404, "Page not found"},
		{"with permission", officer, "/manage", 200, "hello Omar"},
		{"no such record", ann, "/gone", 404, "Page not found"},
		{"no such address", ann, "/nowhere", 404, "Page not found"},
		{"an address that is no text", ann, "/open?q=%ff", 400, "not understood"},
		{"an address with a NUL", ann, "/open%00", 400, "not understood"},
		{"a refusal says why", ann, "/full", 409, "Join the waiting list."},
		{"a fault gives a number", ann, "/broken", 500, "Request number"},
		{"a panic is a fault", ann, "/panic", 500, "Request number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			w := httptest.NewRecorder()
			mux(&log, c.who).ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
			body := w.Body.String() + w.Header().Get("Location")
			if w.Code != c.status || !strings.Contains(body, c.text) {
				t.Errorf("got %d %s", w.Code, body)
			}
			if strings.Contains(body, "secret") {
				t.Error("the page tells what only the log may")
			}
			if c.status == 500 && (!strings.Contains(log.String(), "secret") ||
				!strings.Contains(log.String(), w.Header().Get("X-Request-Id"))) {
				t.Errorf("the log lacks the reason or the number: %s", log.String())
			}
			policy := w.Header().Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';",
				"frame-ancestors 'none'"} {
				if !strings.Contains(policy, want) || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
					t.Errorf("the policy is %q, without %q or too wide", policy, want)
				}
			}
		})
	}
}

// gone is a browser that went away before it was answered.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestBrowserGone: when there is nobody to send an answer to, nothing of ours went
// wrong and the log says nothing; what did go wrong it says all the same.
// TestUnsent: what somebody wrote and sent when they were signed in no more is on the answer,
// to be sent again; a form with nothing written in it, or with a secret, leads to the sign-in.
func TestUnsent(t *testing.T) {
	t.Parallel()
	who := web.Person{}
	kept := ""
	m := mux(io.Discard, who)
	m.Person = func(*http.Request) (web.Person, error) { return who, nil }
	m.Handle(web.Route{Pattern: "POST /write", Permission: web.SignedIn, Many: []string{"of"},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			f, err := web.ReadForm(w, r)
			kept = f.Value("text") + "|" + strings.Join(f.Values("of"), ",") + "|" + f.Value("seen") + "|" + f.Value("act")
			return err
		}})
	send := func(form url.Values) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/write?line=3", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		m.ServeHTTP(rec, r)
		return rec
	}
	text := "Two words,\n\"and\" <b>more</b>."
	form := url.Values{"text": {text}, "of": {"a", "b"}, "seen": {"text~1"}, "act": {"save"}}
	for name, form := range map[string]url.Values{
		"nothing written": {"act": {"save"}}, "a choice": {"of": {"a"}}, "none": {},
		"a secret": {"text": {text}, "new_password": {"correct horse"}}, "a code": {"text": {text}, "code": {"123 456"}},
	} {
		if rec := send(form); rec.Code != http.StatusSeeOther || strings.Contains(rec.Body.String(), "Two words") {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	rec := send(form)
	page := rec.Body.String()
	if rec.Code != http.StatusUnauthorized || strings.Contains(page, "<b>") || kept != "" {
		t.Fatalf("%d %s", rec.Code, page)
	}
	for _, want := range []string{"You were signed out before this was saved", `action="/write?line=3"`,
		"/sign-in?next=%2Fwrite"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	// A browser sends the page's form once the person has signed in.
	who = web.Person{ID: "p1", Name: "Ann"}
	again := url.Values{}
	for _, m := range regexp.MustCompile(`(?s)<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(
		page, -1) {
		again.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	if rec := send(again); rec.Code != http.StatusOK || kept != text+"|a,b|text~1|save" {
		t.Errorf("%d, kept %q", rec.Code, kept)
	}
}

func TestBrowserGone(t *testing.T) {
	t.Parallel()
	for path, logged := range map[string]bool{
		"/open": false, "/gone": false, "/nowhere": false, "/full": false, "/broken": true, "/panic": true,
	} {
		var log bytes.Buffer
		mux(&log, web.Person{}).ServeHTTP(gone{httptest.NewRecorder()}, httptest.NewRequest("GET", path, nil))
		if said := log.String(); (said != "") != logged || strings.Contains(said, "closed pipe") {
			t.Errorf("%s: the log says %q", path, said)
		}
	}
}

func TestRouteNeedsPermission(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a route without permission was taken")
		}
	}()
	web.NewMux(slog.Default()).Handle(web.Route{Pattern: "GET /x",
		Handle: func(http.ResponseWriter, *http.Request) error { return nil }})
}

func form(t *testing.T, values url.Values) *web.Form {
	t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := web.ReadForm(httptest.NewRecorder(), r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForm(t *testing.T) {
	t.Parallel()
	f := form(t, url.Values{"name": {"  Ann  "}, "email": {"ann@"}, "places": {"1,200"}, "mode": {"raft"},
		"on-day": {"31"}, "on-month": {"3"}, "on-year": {"2024"}, "by-day": {"31"}, "by-month": {"2"}, "by-year": {"2024"},
		"agree": {"yes"}})
	if f.Text("name", "Enter a name", 50) != "Ann" || f.Int("places", "Enter places", 1, 5000) != 1200 || !f.Yes("agree") {
		t.Error("what was entered rightly was not read")
	}
	if d := f.Date("on", "Enter the date"); d != period.MustDate("2024-03-31") {
		t.Error(d)
	}
	if !f.OK() {
		t.Fatal(f.Problems())
	}
	f.Email("email", "")
	f.OneOf("mode", "Choose how", "online", "room")
	f.Date("by", "")
	f.Text("missing", "Enter the thing", 10)
	f.Text("name", "", 2)
	var got []string
	for _, p := range f.Problems() {
		got = append(got, p.Field)
	}
	if strings.Join(got, " ") != "email mode by missing name" {
		t.Errorf("problems with %v", got)
	}
	if f.Value("email") != "ann@" {
		t.Error("what was entered wrongly is kept for the person to fix")
	}
}

func TestFormTooLarge(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", strings.NewReader("a="+strings.Repeat("x", web.MaxForm)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var no *web.Refusal
	if _, err := web.ReadForm(httptest.NewRecorder(), r); !errors.As(err, &no) ||
		no.Status != http.StatusRequestEntityTooLarge {
		t.Error(err)
	}
}

func TestFlash(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/", nil)
	if err := web.SeeOther(w, r, "/next", "Saved “x”; é"); err != nil {
		t.Fatal(err)
	}
	r = httptest.NewRequest("GET", "/next", nil)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	w = httptest.NewRecorder()
	if f := web.TakeFlash(w, r); f == nil || f.Text != "Saved “x”; é" || f.Kind != ui.FlashDone {
		t.Errorf("%+v", f)
	}
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Error("the message would be shown twice")
	}
}

// TestChoiceThatIsNoText: a value that no form of ours offers is refused, or finds
// nothing, on both engines; it is no fault of the system.
func TestChoiceThatIsNoText(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		m := web.NewMux(slog.New(slog.NewTextHandler(t.Output(), nil)))
		m.Handle(web.Route{Pattern: "POST /choose", Permission: web.Anyone,
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				f, err := web.ReadForm(w, r)
				if err != nil {
					return err
				}
				_, err = db.Get[string](r.Context(), s.Work, `SELECT name FROM people WHERE id = $1`, f.Value("person"))
				return err
			}})
		for _, body := range []string{"person=%ff", "person=%00", "person=a%C3"} {
			r := httptest.NewRequest("POST", "/choose", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			if w.Code != http.StatusBadRequest && w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", body, w.Code)
			}
		}
	})
}

// TestFlashIsOurs: the cookie can hold anything, and shows only what we write.
func TestFlashIsOurs(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no kind of ours": `{"Kind":"\"><img src=x>","Text":"x"}`, "no kind": `{"Text":"x"}`,
		"another site": `{"Kind":"done","Text":"x","Href":"https://evil.example/"}`,
		"a script":     `{"Kind":"done","Text":"x","Href":"javascript:alert(1)"}`, "no JSON": `x`,
	} {
		r := httptest.NewRequest("GET", "/next", nil)
		r.AddCookie(&http.Cookie{Name: "kith_flash", Value: base64.RawURLEncoding.EncodeToString([]byte(text))})
		if f := web.TakeFlash(httptest.NewRecorder(), r); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/work/training?q=a": "/work/training?q=a", "": "/work", "//evil.example": "/work", "https://evil.example/": "/work",
		`/\evil.example`: "/work", "javascript:alert(1)": "/work", "/\t/evil": "/work", "work": "/work",
	} {
		if got := web.Local(in, "/work"); got != want {
			t.Errorf("%q leads to %q", in, got)
		}
	}
}

// TestFirstAndConfirm: who has a page to see to first is led there from all others, and what
// asks again asks only who has not shown who they are just now.
func TestFirstAndConfirm(t *testing.T) {
	t.Parallel()
	done := func(w http.ResponseWriter, _ *http.Request) error { _, err := io.WriteString(w, "done"); return err }
	var person web.Person
	m := web.NewMux(slog.New(slog.DiscardHandler))
	m.Person = func(*http.Request) (web.Person, error) { return person, nil }
	m.Confirm = func(w http.ResponseWriter, r *http.Request) (bool, error) {
		if r.URL.Query().Has("right") {
			return true, nil
		}
		_, err := io.WriteString(w, "who are you?")
		return false, err
	}
	m.Handle(web.Route{Pattern: "/a", Permission: web.SignedIn, Handle: done, Confirm: web.Always},
		web.Route{Pattern: "/list", Permission: web.SignedIn, Handle: done, Confirm: web.OnExport},
		web.Route{Pattern: "/first", Permission: web.SignedIn, Handle: done, Early: true},
		web.Route{Pattern: "/public", Permission: web.Anyone, Handle: done})
	for _, c := range []struct {
		path          string
		first, proved bool
		want          string
	}{
		{"/a", false, true, "done"}, {"/a", false, false, "who are you?"}, {"/a?right", false, false, "done"},
		{"/list", false, false, "done"}, {"/list?format=csv", false, false, "who are you?"},
		{"/list?format=csv", false, true, "done"},
		{"/a", true, true, "/first"}, {"/list", true, true, "/first"}, {"/first", true, true, "done"},
		{"/public", true, true, "done"},
	} {
		person = web.Person{ID: "p", Proved: c.proved}
		if c.first {
			person.First = "/first"
		}
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, httptest.NewRequest("GET", c.path, nil))
		if got := cmp.Or(rec.Header().Get("Location"), rec.Body.String()); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
