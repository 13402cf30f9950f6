package identity

import (
	"encoding/csv"
	"log/slog"
	"maps"
	"net/http"
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

// browser is somebody who has not signed in.
func (w *world) browser() *testkit.Browser {
	mux := web.NewMux(slog.New(slog.NewTextHandler(w.t.Output(), nil)))
	mux.Person, mux.Confirm = w.Person, w.Confirm
	mux.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base {
		return ui.Base{SiteName: "Tidewell", Layout: ui.LayoutWork}
	}
	mux.Handle(w.Routes()...)
	if w.Demo {
		mux.Handle(w.DemoRoutes()...)
	}
	return testkit.NewBrowser(w.t, mux)
}

func TestSignInPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		b := w.browser()
		b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		b.Want("GET", "/sign-in?next=/work/account", nil, 200, `name="next" value="/work/account"`)
		b.Want("GET", "/sign-in?next=//evil.example", nil, 200, `name="next" value=""`)
		if page := b.Want("POST", "/sign-in", testkit.Pairs("email", "", "password", ""), 422,
			"Enter your e-mail address"); !strings.Contains(page, "Enter your password") {
			t.Error("problems are shown one at a time")
		}
		if page := b.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", "a wrong password"), 422,
			"is not right"); strings.Contains(page, "a wrong password") {
			t.Error("a password is sent back")
		}
		w.site.Address = "http://work.tidewell.example"
		// A cookie that somebody planted is not taken for the session's.
		b.Cookies[cookieName] = strings.Repeat("a", 52)
		rec := b.Do("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", password, "next", "//evil.example/"))
		if rec.Code != 303 || rec.Header().Get("Location") != "/work" {
			t.Errorf("%d %s", rec.Code, rec.Header().Get("Location"))
		}
		c := rec.Result().Cookies()[0]
		if c.Name != "kith_session" || c.Value == strings.Repeat("a", 52) || !c.HttpOnly ||
			c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.Domain != "" {
			t.Errorf("%+v", c)
		}
		for next, to := range map[string]string{"/work/x?a=b": "/work/x?a=b", "https://evil.example": "/work",
			`/\evil.example`: "/work", "": "/work"} {
			b.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", password, "next", next), 303, to)
		}
		b.Want("GET", "/sign-in", nil, 200, "You are signed in as Ben")
		secret := b.Cookies[cookieName]
		b.Want("POST", "/sign-out", nil, 303, "/sign-in")
		if w.who(secret).ID != "" || b.Cookies[cookieName] != "" {
			t.Error("signing out leaves a session")
		}
		b.Want("POST", "/sign-out", nil, 303, "/sign-in")

		b.Handler.(*web.Mux).Secure = func(*http.Request) bool { return true }
		answer := b.Do("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", password))
		for _, c := range answer.Result().Cookies() {
			if !c.Secure || !c.HttpOnly || !strings.HasPrefix(c.Name, "__") {
				t.Errorf("%+v", c)
			}
		}
		secret = b.Cookies["__Host-"+cookieName]
		out := b.Do("POST", "/sign-out", nil)
		if got := out.Header().Get("Clear-Site-Data"); got != `"cache", "storage"` || w.who(secret).ID != "" {
			t.Errorf("signing out leaves %q, and a session", got)
		}
		for range freeTries {
			b.Do("POST", "/sign-in", testkit.Pairs("email", "x@x.example", "password", "a wrong password"))
		}
		b.Want("POST", "/sign-in", testkit.Pairs("email", "x@x.example", "password", "a wrong password"), 429,
			"Too many wrong passwords. Wait 1 second and try again")
		b.Want("POST", "/demo/sign-in", testkit.Pairs("persona", "editor"), 404, "")
	})
}

func TestPasswordPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		b := w.browser()
		b.Want("GET", "/sign-in/forgotten", nil, 200, "We send a link")
		b.Want("POST", "/sign-in/forgotten", testkit.Pairs("email", "ben"), 422, "name@example.org")
		known := b.Want("POST", "/sign-in/forgotten", testkit.Pairs("email", ben.Email), 200, "is on its way")
		if known != b.Want("POST", "/sign-in/forgotten", testkit.Pairs("email", "nobody@x.example"), 200, "is on its way") {
			t.Error("the answer tells who has an account")
		}
		w.work(2)
		link := "/sign-in/password/" + w.email(1)
		b.Want("GET", "/sign-in/password/x", nil, 410, "works no more")
		b.Want("POST", "/sign-in/password/x", testkit.Pairs("password", password), 410, "works no more")
		b.Want("GET", link, nil, 200, "For Ben, who signs in as ben@tidewell.example")
		b.Want("POST", link, testkit.Pairs("password", "short"), 422, "Use 12 characters or more")
		b.Want("POST", link, testkit.Pairs("password", "gull pebble tides"), 303, "/sign-in")
		b.Want("GET", link, nil, 410, "works no more")
		b.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", "gull pebble tides"), 303, "/work")

		b.Want("GET", "/work/account", nil, 200, "This one")
		other := w.browser()
		other.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", "gull pebble tides"), 303, "/work")
		b.Want("POST", "/work/account/change-password", testkit.Pairs("old", "", "fresh", "short"), 422,
			"Enter the password you have now")
		b.Want("POST", "/work/account/change-password", testkit.Pairs("old", "a wrong password", "fresh", password), 422,
			"That is not the password")
		b.Want("POST", "/work/account/change-password", testkit.Pairs("old", "gull pebble tides", "fresh", password), 303,
			"/work/account")
		other.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		other.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", password), 303, "/work")
		m := regexp.MustCompile(`/work/account/sessions/[0-9a-z]+/end`).FindString(b.Want("GET", "/work/account", nil, 200,
			""))
		b.Want("POST", m, nil, 303, "/work/account")
		b.Want("POST", m, nil, 404, "")
		other.Want("GET", "/work/account", nil, 303, "")
		b.Want("POST", "/work/account/sign-out-everywhere", nil, 303, "/sign-in")
		b.Want("GET", "/work/account", nil, 303, "")
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
		page := b.Want("GET", "/sign-in?next=/work/training", nil, 200, "Run the programme")
		if strings.Contains(page, `value="administrator"`) {
			t.Error("a persona that nobody plays is offered")
		}
		b.Want("POST", "/demo/sign-in", testkit.Pairs("persona", "training-officer", "next", "/work/training"), 303,
			"/work/training")
		if p := w.who(b.Cookies[cookieName]); p.ID != id || p.Organisation != "Tidewell Health" ||
			!p.May(access.TrainingManage) {
			t.Errorf("%+v", p)
		}
		b.Want("POST", "/demo/sign-in", testkit.Pairs("persona", "administrator"), 400, "Choose one on the sign-in page")
	})
}

func TestPeoplePages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("nhs", "Tidewell Health")
		boss := w.user("Ada", "business-manager")
		w.user("Pat", "practitioner")
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, "/work")

		b.Want("GET", "/work/people/new?organisation=nhs", nil, 200, `name="organisation-chosen" value="nhs `)
		b.Want("POST", "/work/people/new", testkit.Pairs("name", "", "email", "x", "organisation", "moon"), 422,
			"Enter the person’s name")
		b.Want("POST", "/work/people/new", testkit.Pairs("name", "ada", "email", "ADA@tidewell.example"), 409,
			"A person of this name has this e-mail address already")
		at := b.Want("POST", "/work/people/new", testkit.Pairs("name", "Ben <b>Ode</b>", "email", "ben@tidewell.example",
			"job_title", "=SUM(1)", "organisation", "tidewell health"), 303, "")
		id := strings.TrimPrefix(at, "/work/people/")
		b.Want("GET", at, nil, 200, "Ben &lt;b&gt;Ode&lt;/b&gt;")
		b.Want("GET", at, nil, 200, "They have not set a password yet")
		b.Want("GET", "/work/people/"+id+"/edit", nil, 200, `value="ben@tidewell.example"`)
		b.Want("POST", "/work/people/"+id+"/edit", testkit.Pairs("name", "Ada", "email", "ada@tidewell.example"), 409,
			"A person of this name has")
		b.Want("POST", "/work/people/"+id+"/edit", testkit.Pairs("name", "", "email", ""), 422, "Enter the person’s name")
		b.Want("POST", "/work/people/"+id+"/edit", testkit.Pairs("name", "Ben Ode", "email", "ben@tidewell.example",
			"job_title", "=SUM(1)", "organisation", "tidewell health"), 303, at)
		b.Want("GET", "/work/people/"+id+"/roles/edit", nil, 200, "Independent scrutineer")
		b.Want("POST", "/work/people/"+id+"/roles/edit", testkit.Pairs("roles", "king"), 422, "Choose among the roles listed")
		b.Want("POST", "/work/people/"+boss.ID+"/roles/edit", nil, 409, "ask another administrator")
		b.Want("POST", "/work/people/"+id+"/roles/edit", testkit.Pairs("roles", "editor", "roles", "analyst"), 303, at)
		b.Want("GET", "/work/people/"+id+"/roles/edit", nil, 200, `value="analyst" checked`)
		b.Want("POST", "/work/people/"+id+"/send-link", nil, 303, at)
		w.email(1)
		b.Want("GET", at, nil, 200, "sent a link to set a password")
		b.Want("POST", "/work/people/"+id+"/sign-out", nil, 303, at)
		b.Want("GET", "/work/people/"+id+"/deactivate", nil, 200, "can no longer sign in")
		b.Want("POST", "/work/people/"+boss.ID+"/deactivate", nil, 409, "You cannot deactivate yourself")
		b.Want("POST", "/work/people/"+id+"/deactivate", nil, 303, at)
		b.Want("GET", at, nil, 200, "Deactivated")
		b.Want("POST", "/work/people/"+id+"/send-link", nil, 409, "Activate them first")
		b.Want("GET", "/work/people?active=no", nil, 200, "Ben Ode")
		b.Want("POST", "/work/people/"+id+"/activate", nil, 303, at)
		b.Want("GET", "/work/people/nobody", nil, 404, "Page not found")

		for filter, names := range map[string]string{
			"": "Ada,Ben Ode,Pat", "q=ben": "Ben Ode", "q=TIDEWELL.example": "Ada,Ben Ode,Pat", "q=%25": "",
			"organisation=nhs": "Ben Ode", "role=practitioner": "Pat",
			"active=all&sort=name&dir=desc": "Pat,Ben Ode,Ada", "active=no": "", "sort=organisation": "Ben Ode,Ada,Pat",
			"sort=organisation&dir=desc": "Ben Ode,Ada,Pat", "sort=job&dir=desc": "Ben Ode,Ada,Pat",
			"sort=moon": "Ada,Ben Ode,Pat",
		} {
			b.Want("GET", "/work/people?"+filter, nil, 200, "<h1>People</h1>")
			rows, err := csv.NewReader(b.Do("GET", "/work/people?format=csv&"+filter, nil).Body).ReadAll()
			w.is(err, nil)
			var got []string
			for _, row := range rows[1:] {
				got = append(got, row[0])
			}
			if strings.Join(got, ",") != names {
				t.Errorf("%s: %v", filter, got)
			}
		}
		b.Want("GET", "/work/people?format=csv&q=ben", nil, 200,
			"Ben Ode,ben@tidewell.example,'=SUM(1),Tidewell Health,Analyst and Editor,No password yet")
		b.Want("GET", "/work/people?q=zzz", nil, 200, "No people match")
		b.Want("GET", "/work/people?size=1&page=2", nil, 200, "1 of 3 people")

		// Who only reads takes no list of addresses away.
		w.user("Una", "agency-lead")
		u := w.browser()
		u.Want("POST", "/sign-in", testkit.Pairs("email", "una@tidewell.example", "password", password), 303, "/work")
		if got := u.Want("GET", "/work/people?format=csv", nil, 200,
			"Ben Ode,'=SUM(1),Tidewell Health"); strings.Contains(got, "@") || strings.Contains(got, "Editor") {
			t.Errorf("addresses or powers in a reader's list: %s", got)
		}

		// Somebody without the permission is told of nothing.
		c := w.browser()
		c.Want("POST", "/sign-in", testkit.Pairs("email", "pat@tidewell.example", "password", password), 303, "/work")
		for _, path := range []string{"/work/people", at, "/work/people/new", "/work/people/edit/" + id,
			"/work/people/roles/" + id} {
			c.Want("GET", path, nil, 404, "Page not found")
		}
		c.Want("POST", "/work/people/"+id+"/roles/edit", testkit.Pairs("roles", "administrator"), 404, "")
	})
}

// TestScripts runs the page scripts, which say what two people meet at one record.
func TestScripts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		testkit.Scripts(t, map[string]web.Person{
			"boss": w.user("Ada", "business-manager"), "other": w.user("Olu", "business-manager"),
			"nurse": w.user("Pat", "practitioner"), "admin": w.user("Ira", "administrator"),
			"partner": w.user("Wren", "safeguarding-partner"),
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
	waits := Request{ID: "r", PersonID: "p", Person: "Ben", Asker: "Ada", Kind: askRole, Value: "editor", State: "waiting"}
	other := waits
	other.ID = "s"
	problem := web.NewForm()
	problem.Add("email", "Enter an address")
	all := map[string]any{
		"people": peoplePage{Base: base, List: ui.ReadList("/work/people", nil, "name"),
			People: []listedPerson{{ID: "p", Name: "Ben", Active: true, Roles: "editor"}}, MayManage: true},
		"person": personPage{Base: base, Subject: person, Roles: access.Roles()[:2], SignsIn: true,
			Sessions: []Session{{ID: "s"}}, MayTake: true, MayManage: true,
			History: []audittrail.Entry{{Act: "added", At: db.At(time.Unix(0, 0))}}},
		"person-form": personFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Save: "Save",
			Mailboxes: mailboxes, Second: "Ask"},
		"roles-form": rolesFormPage{FormPage: ui.FormPage{Base: base, Cancel: "/"}, Roles: catalogue{}.choices(),
			Second: true, Waiting: []Request{waits}, Shared: true},
		"activate-form": activateFormPage{FormPage: ui.FormPage{Base: base, Cancel: "/"}, Subject: person, Second: "Ask"},
		"requests": requestsPage{Base: base, Yours: []weighed{{Request: waits, Yours: true}},
			Others: []weighed{{Request: waits, Asked: true}}},
		"decide": decidePage{Base: base, Form: problem},
		"request": requestPage{Base: base, Waits: true,
			Request: weighed{Request: waits, Asked: true, ByEmail: []account{{ID: "w"}}},
			Gives:   []string{"Editor"}},
		"sign-in":      signInPage{Base: base, Form: problem, Personas: access.Roles()},
		"forgotten":    forgottenPage{Base: base, Sent: true},
		"set-password": setPasswordPage{Base: base, Name: "Ben", Email: "ben@x.example"},
		"sessions": sessionsPage{Base: base, List: ui.ReadList(sessionsPath, nil), MayEnd: true,
			Sessions: []listedSession{{Session: Session{ID: "s"}, PersonID: "p", Name: "Ben", mayEnd: true}}},
		"staff-lists": staffListsPage{Base: base, List: ui.ReadList(joinersPath, nil),
			Lists: []StaffList{{ID: "l", File: "staff.csv"}}},
		"staff-list-form":    staffListFormPage{FormPage: ui.FormPage{Base: base, Cancel: "/"}, Roles: access.Roles()},
		"staff-list-running": staffListRunningPage{Base: base, Href: "/", Rows: 3, Total: 1000},
		"staff-list": staffListPage{Base: base, Form: problem, Acts: 1, Nothing: 1, Reason: true, Links: true, Href: "/",
			Rows: []shownRow{{PlannedRow: PlannedRow{StaffRow: StaffRow{Line: 2, Name: "Ben"}, Does: "Adds them", Ask: "Look"},
				Holdings: []web.Holding{{What: "Seat", Title: "Board", Href: "/"}}}}},
		"invite-form": inviteFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Subject: person,
			Opens: access.Roles()[:2], Until: "9 April 2024", Waiting: true},
		"invitation": invitationPage{Base: base, Invitation: Invitation{Person: "Ben", Hands: "Ada"},
			Opens: access.Roles()[:2], Address: "x.example/sign-in/join", Code: "0000-0000", From: "Tidewell", Done: "/"},
		"invitations": invitationsPage{Base: base, List: ui.ReadList(invitationsPath, nil),
			Invitations: []Invitation{{ID: "i", Person: "Ben", State: "waiting", Roles: "editor"}}},
		"join":    joinPage{Base: base, Form: problem},
		"account": accountPage{Base: base, Password: true, Sessions: []Session{{ID: "s"}, {ID: "t", current: true}}},
	}
	maps.Copy(all, doorPages(base))
	maps.Copy(all, rolePages(base))
	uitest.Page(t, pages, "requests", requestsPage{Base: base, Yours: []weighed{{Request: waits}, {Request: other}}})
	uitest.Page(t, pages, "link-account", linkAccountPage{Base: base, Email: "ben@x.example", Provider: "Council"})
	uitest.Page(t, pages, "confirm-you", confirmYouPage{Base: base, Form: problem, To: "/work/people", Mailed: true,
		Sent: true, Stays: true, Provider: Provider{ID: "p", Name: "Council"}, Elsewhere: "/x"})
	for name, page := range all {
		uitest.Page(t, pages, name, page)
	}
	if len(pages.Names()) != len(all) {
		t.Errorf("a template is not tested: %v", pages.Names())
	}
}
