package identity

import (
	"encoding/csv"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A browser keeps cookies and follows nothing.
type browser struct {
	t       testing.TB
	handler http.Handler
	cookies map[string]string
}

func (w *world) browser() *browser {
	mux := web.NewMux(slog.New(slog.NewTextHandler(w.t.Output(), nil)))
	mux.Person = w.Person
	mux.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base {
		return ui.Base{SiteName: "Tidewell", Layout: ui.LayoutWork}
	}
	mux.Handle(w.Routes()...)
	if w.Demo {
		mux.Handle(w.DemoRoutes()...)
	}
	return &browser{t: w.t, handler: mux, cookies: map[string]string{}}
}

var seenMark = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// do asks for a page, or posts a form as it was last opened at its address.
func (b *browser) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	if method == "POST" && (strings.HasSuffix(path, "/edit") || strings.HasSuffix(path, "/deactivate")) {
		if m := seenMark.FindStringSubmatch(b.do("GET", path, nil).Body.String()); m != nil {
			form = maps.Clone(form)
			if form == nil {
				form = url.Values{}
			}
			form.Set("seen", html.UnescapeString(m[1]))
		}
	}
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, req)
	for _, c := range rec.Result().Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") && rec.Code != http.StatusSeeOther {
		uitest.HTML(b.t, method+" "+path, rec.Body.String())
	}
	return rec
}

// want checks an answer: its status, and some text or, for a redirect, where to.
func (b *browser) want(method, path string, form url.Values, status int, text string) string {
	b.t.Helper()
	rec := b.do(method, path, form)
	got := rec.Body.String()
	if status == http.StatusSeeOther {
		got = rec.Header().Get("Location")
		if text == "" {
			text = got
		}
		if got != text {
			b.t.Errorf("%s %s: %d, leads to %q, not %q", method, path, rec.Code, got, text)
		}
	}
	if rec.Code != status || !strings.Contains(got, text) {
		if _, main, ok := strings.Cut(got, "<main"); ok {
			got = main
		}
		b.t.Errorf("%s %s: %d without %q: %.700s", method, path, rec.Code, text, got)
	}
	return got
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestSignInPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		b := w.browser()
		b.want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		b.want("GET", "/sign-in?next=/work/account", nil, 200, `name="next" value="/work/account"`)
		b.want("GET", "/sign-in?next=//evil.example", nil, 200, `name="next" value=""`)
		if page := b.want("POST", "/sign-in", values("email", "", "password", ""), 422, "Enter your e-mail address"); !strings.Contains(page, "Enter your password") {
			t.Error("problems are shown one at a time")
		}
		if page := b.want("POST", "/sign-in", values("email", ben.Email, "password", "a wrong password"), 422, "is not right"); strings.Contains(page, "a wrong password") {
			t.Error("a password is sent back")
		}
		w.site.Address = "http://work.tidewell.example"
		// A cookie that somebody planted is not taken for the session's.
		b.cookies[cookieName] = strings.Repeat("a", 52)
		rec := b.do("POST", "/sign-in", values("email", ben.Email, "password", password, "next", "//evil.example/"))
		if rec.Code != 303 || rec.Header().Get("Location") != "/work" {
			t.Errorf("%d %s", rec.Code, rec.Header().Get("Location"))
		}
		c := rec.Result().Cookies()[0]
		if c.Name != "kith_session" || c.Value == strings.Repeat("a", 52) || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.Domain != "" {
			t.Errorf("%+v", c)
		}
		for next, to := range map[string]string{"/work/x?a=b": "/work/x?a=b", "https://evil.example": "/work", `/\evil.example`: "/work", "": "/work"} {
			b.want("POST", "/sign-in", values("email", ben.Email, "password", password, "next", next), 303, to)
		}
		b.want("GET", "/sign-in", nil, 200, "You are signed in as Ben")
		secret := b.cookies[cookieName]
		b.want("POST", "/sign-out", nil, 303, "/sign-in")
		if w.who(secret).ID != "" || b.cookies[cookieName] != "" {
			t.Error("signing out leaves a session")
		}
		b.want("POST", "/sign-out", nil, 303, "/sign-in")

		w.site.Address = "https://work.tidewell.example"
		if c := b.do("POST", "/sign-in", values("email", ben.Email, "password", password)).Result().Cookies()[0]; !c.Secure {
			t.Errorf("%+v", c)
		}
		for range attemptsByAccount {
			b.do("POST", "/sign-in", values("email", "x@x.example", "password", "a wrong password"))
		}
		b.want("POST", "/sign-in", values("email", "x@x.example", "password", "a wrong password"), 429, "Too many attempts")
		b.want("POST", "/demo/sign-in", values("persona", "editor"), 404, "")
	})
}

func TestPasswordPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		b := w.browser()
		b.want("GET", "/sign-in/forgotten", nil, 200, "We send a link")
		b.want("POST", "/sign-in/forgotten", values("email", "ben"), 422, "name@example.org")
		known := b.want("POST", "/sign-in/forgotten", values("email", ben.Email), 200, "is on its way")
		if known != b.want("POST", "/sign-in/forgotten", values("email", "nobody@x.example"), 200, "is on its way") {
			t.Error("the answer tells who has an account")
		}
		link := "/sign-in/password/" + w.email(1)
		b.want("GET", "/sign-in/password/x", nil, 410, "works no more")
		b.want("POST", "/sign-in/password/x", values("password", password), 410, "works no more")
		b.want("GET", link, nil, 200, "For Ben, who signs in as ben@tidewell.example")
		b.want("POST", link, values("password", "short"), 422, "Use 12 characters or more")
		b.want("POST", link, values("password", "gull pebble tides"), 303, "/sign-in")
		b.want("GET", link, nil, 410, "works no more")
		b.want("POST", "/sign-in", values("email", ben.Email, "password", "gull pebble tides"), 303, "/work")

		b.want("GET", "/work/account", nil, 200, "This one")
		other := w.browser()
		other.want("POST", "/sign-in", values("email", ben.Email, "password", "gull pebble tides"), 303, "/work")
		b.want("POST", "/work/account/change-password", values("old", "", "fresh", "short"), 422, "Enter the password you have now")
		b.want("POST", "/work/account/change-password", values("old", "a wrong password", "fresh", password), 422, "That is not the password")
		b.want("POST", "/work/account/change-password", values("old", "gull pebble tides", "fresh", password), 303, "/work/account")
		other.want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		other.want("POST", "/sign-in", values("email", ben.Email, "password", password), 303, "/work")
		m := regexp.MustCompile(`/work/account/sessions/[0-9a-z]+/end`).FindString(b.want("GET", "/work/account", nil, 200, ""))
		b.want("POST", m, nil, 303, "/work/account")
		b.want("POST", m, nil, 404, "")
		other.want("GET", "/work/account", nil, 303, "")
		b.want("POST", "/work/account/sign-out-everywhere", nil, 303, "/sign-in")
		b.want("GET", "/work/account", nil, 303, "")
	})
}

func TestPersonas(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.Demo = true
		w.organisation("nhs", "Tidewell Health")
		id, err := w.EnsurePersona(w.ctx(), "training-officer", "Tess Training", "nhs")
		w.is(err, nil)
		again, err := w.EnsurePersona(w.ctx(), "training-officer", "Tess Training", "nhs")
		if err != nil || again != id {
			t.Fatal(again, err)
		}
		_, err = w.EnsurePersona(w.ctx(), "king", "K", "")
		w.is(err, ErrUnknownRole)
		b := w.browser()
		page := b.want("GET", "/sign-in?next=/work/training", nil, 200, "Run the programme")
		if strings.Contains(page, `value="administrator"`) {
			t.Error("a persona that nobody plays is offered")
		}
		b.want("POST", "/demo/sign-in", values("persona", "training-officer", "next", "/work/training"), 303, "/work/training")
		if p := w.who(b.cookies[cookieName]); p.ID != id || p.Organisation != "Tidewell Health" || !p.May(access.TrainingManage) {
			t.Errorf("%+v", p)
		}
		b.want("POST", "/demo/sign-in", values("persona", "administrator"), 400, "Choose one on the sign-in page")
	})
}

func TestPeoplePages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("nhs", "Tidewell Health")
		boss := w.user("Ada", "administrator")
		w.user("Pat", "practitioner")
		b := w.browser()
		b.want("POST", "/sign-in", values("email", boss.Email, "password", password), 303, "/work")

		b.want("GET", "/work/people/new?organisation=nhs", nil, 200, `<option value="nhs" selected>`)
		b.want("POST", "/work/people/new", values("name", "", "email", "x", "organisation", "moon"), 422, "Enter the person’s name")
		b.want("POST", "/work/people/new", values("name", "Ben", "email", "ADA@tidewell.example"), 409, "Another person has this e-mail address")
		at := b.want("POST", "/work/people/new", values("name", "Ben <b>Ode</b>", "email", "ben@tidewell.example", "job_title", "=SUM(1)", "organisation", "nhs"), 303, "")
		id := strings.TrimPrefix(at, "/work/people/")
		b.want("GET", at, nil, 200, "Ben &lt;b&gt;Ode&lt;/b&gt;")
		b.want("GET", at, nil, 200, "They have not set a password yet")
		b.want("GET", "/work/people/"+id+"/edit", nil, 200, `value="ben@tidewell.example"`)
		b.want("POST", "/work/people/"+id+"/edit", values("name", "Ben", "email", "ada@tidewell.example"), 409, "Another person has")
		b.want("POST", "/work/people/"+id+"/edit", values("name", "", "email", ""), 422, "Enter the person’s name")
		b.want("POST", "/work/people/"+id+"/edit", values("name", "Ben Ode", "email", "ben@tidewell.example", "job_title", "=SUM(1)", "organisation", "nhs"), 303, at)
		b.want("GET", "/work/people/"+id+"/roles/edit", nil, 200, "Independent scrutineer")
		b.want("POST", "/work/people/"+id+"/roles/edit", values("roles", "king"), 422, "Choose among the roles listed")
		b.want("POST", "/work/people/"+boss.ID+"/roles/edit", nil, 409, "ask another administrator")
		b.want("POST", "/work/people/"+id+"/roles/edit", values("roles", "editor", "roles", "analyst"), 303, at)
		b.want("GET", "/work/people/"+id+"/roles/edit", nil, 200, `value="analyst" checked`)
		b.want("POST", "/work/people/"+id+"/send-link", nil, 303, at)
		w.email(1)
		b.want("GET", at, nil, 200, "sent a link to set a password")
		b.want("POST", "/work/people/"+id+"/sign-out", nil, 303, at)
		b.want("GET", "/work/people/"+id+"/deactivate", nil, 200, "can no longer sign in")
		b.want("POST", "/work/people/"+boss.ID+"/deactivate", nil, 409, "You cannot deactivate yourself")
		b.want("POST", "/work/people/"+id+"/deactivate", nil, 303, at)
		b.want("GET", at, nil, 200, "Deactivated")
		b.want("POST", "/work/people/"+id+"/send-link", nil, 409, "Activate them first")
		b.want("GET", "/work/people?active=no", nil, 200, "Ben Ode")
		b.want("POST", "/work/people/"+id+"/activate", nil, 303, at)
		b.want("GET", "/work/people/nobody", nil, 404, "Page not found")

		for filter, names := range map[string]string{
			"": "Ada,Ben Ode,Pat", "q=ben": "Ben Ode", "q=TIDEWELL.example": "Ada,Ben Ode,Pat", "q=%25": "", "organisation=nhs": "Ben Ode", "role=practitioner": "Pat",
			"active=all&sort=name&dir=desc": "Pat,Ben Ode,Ada", "active=no": "", "sort=organisation": "Ben Ode,Ada,Pat", "sort=organisation&dir=desc": "Ben Ode,Ada,Pat", "sort=job&dir=desc": "Ben Ode,Ada,Pat", "sort=moon": "Ada,Ben Ode,Pat",
		} {
			b.want("GET", "/work/people?"+filter, nil, 200, "<h1>People</h1>")
			rows, err := csv.NewReader(b.do("GET", "/work/people?format=csv&"+filter, nil).Body).ReadAll()
			w.is(err, nil)
			var got []string
			for _, row := range rows[1:] {
				got = append(got, row[0])
			}
			if strings.Join(got, ",") != names {
				t.Errorf("%s: %v", filter, got)
			}
		}
		b.want("GET", "/work/people?format=csv&q=ben", nil, 200, "Ben Ode,ben@tidewell.example,'=SUM(1),Tidewell Health,Analyst and Editor,No password yet")
		b.want("GET", "/work/people?q=zzz", nil, 200, "No people match")
		b.want("GET", "/work/people?size=1&page=2", nil, 200, "1 of 3 people")

		// Who only reads takes no list of addresses away.
		w.user("Una", "agency-lead")
		u := w.browser()
		u.want("POST", "/sign-in", values("email", "una@tidewell.example", "password", password), 303, "/work")
		if got := u.want("GET", "/work/people?format=csv", nil, 200, "Ben Ode,'=SUM(1),Tidewell Health"); strings.Contains(got, "@") || strings.Contains(got, "Administrator") {
			t.Errorf("addresses or powers in a reader's list: %s", got)
		}

		// Somebody without the permission is told of nothing.
		c := w.browser()
		c.want("POST", "/sign-in", values("email", "pat@tidewell.example", "password", password), 303, "/work")
		for _, path := range []string{"/work/people", at, "/work/people/new", "/work/people/edit/" + id, "/work/people/roles/" + id} {
			c.want("GET", path, nil, 404, "Page not found")
		}
		c.want("POST", "/work/people/"+id+"/roles/edit", values("roles", "administrator"), 404, "")
	})
}

// TestScripts runs the page scripts, which say what two people meet at one record.
func TestScripts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		testkit.Scripts(t, map[string]web.Person{
			"boss": w.user("Ada", "administrator"), "other": w.user("Olu", "administrator"), "nurse": w.user("Pat", "practitioner"),
		}, nil, w.Routes()...)
	})
}

// TestTemplates holds every template to its page.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "A page", SiteName: "Tidewell", Layout: ui.LayoutWork}
	person := Person{ID: "p", Name: "Ben", Email: "ben@x.example", Organisation: "Tidewell Health", Active: true}
	problem := web.NewForm()
	problem.Add("email", "Enter an address")
	for name, page := range map[string]any{
		"people":       peoplePage{Base: base, List: ui.ReadList("/work/people", nil, "name"), People: []listedPerson{{ID: "p", Name: "Ben", Active: true, Roles: "editor"}}, MayManage: true},
		"person":       personPage{Base: base, Subject: person, Roles: access.Roles()[:2], SignsIn: true, Sessions: 2, MayManage: true, History: []audittrail.Entry{{Act: "added", At: db.At(time.Unix(0, 0))}}},
		"person-form":  personFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Save: "Save"},
		"roles-form":   rolesFormPage{FormPage: ui.FormPage{Base: base, Cancel: "/"}, Roles: roleChoices()},
		"sign-in":      signInPage{Base: base, Form: problem, Personas: access.Roles()},
		"forgotten":    forgottenPage{Base: base, Sent: true},
		"set-password": setPasswordPage{Base: base, Name: "Ben", Email: "ben@x.example"},
		"account":      accountPage{Base: base, Password: true, Sessions: []Session{{ID: "s"}, {ID: "t", current: true}}},
	} {
		uitest.Page(t, pages, name, page)
	}
	if len(pages.Names()) != 8 {
		t.Errorf("a template is not tested: %v", pages.Names())
	}
}
