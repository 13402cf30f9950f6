package app

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/testkit"
	"kith/internal/training"
)

// A changed address, name or sender is in the next e-mail, of the process that
// changed it and of another one beside it, without a restart. Until the address is
// known no e-mail carries a link, and those who manage settings are told.
func TestSettingsAreLive(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			server, at := testkit.NewMailServer(t)
			c := Config{Dir: filepath.Join(t.TempDir(), "kith"), Face: FaceAll, Mail: at}
			if engine == db.Postgres {
				c.DB = testkit.EmptyDatabases(t, "", "_public")
			}
			now := time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC)
			node := func() *App {
				a, err := openAt(t.Context(), c, quiet(), func() time.Time { return now })
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { a.Close() })
				return a
			}
			a, b := node(), node()
			ctx := t.Context()
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			boss := web.Person{Name: "Ada", Permissions: everything()}
			session := func(title string) string {
				// there already the second time
				_ = a.Training.AddProgramme(ctx, boss, training.Programme{ID: "multi-agency", Title: "Multi-agency"})
				course, err := a.Training.AddCourse(ctx, boss, training.Course{ProgrammeID: "multi-agency", Title: title,
					Kind: "course"})
				ok(err)
				day := a.Now.Today().AddDays(30)
				id, err := a.Training.AddSession(ctx, boss, training.Session{CourseID: course, StartsOn: day, EndsOn: day,
					StartTime: "09:30", EndTime: "12:30", Mode: "online", Capacity: 5, State: training.Open})
				ok(err)
				return id
			}
			ann, err := a.Identity.AddUser(ctx, "Ann", "ann@tidewell.example", "administrator", "harbour lantern oats")
			ok(err)
			// told books a place on a node and gives the header From and the text of the
			// e-mail that says so.
			told := func(on *App, title string) (from, body string) {
				t.Helper()
				before := len(server.Got())
				_, err := on.Training.Book(ctx, boss, session(title), ann)
				ok(err)
				_, err = on.Jobs.RunDue(ctx)
				ok(err)
				got := server.Got()
				if len(got) != before+1 {
					failures, err := on.Jobs.Failures(ctx)
					t.Fatalf("%d messages: %v %v", len(got)-before, failures, err)
				}
				return readMail(t, got[before])
			}
			set := func(address, from string) {
				t.Helper()
				ok(a.Work.Tx(ctx, func(q db.Q) error {
					return errors.Join(a.Partnership.MoveWebsite(ctx, q, boss, address, "changed", ""),
						a.Partnership.MoveFrom(ctx, q, boss, from, "changed", ""))
				}))
				_, err := a.Partnership.SaveSettings(ctx, boss, partnership.Profile{Name: "Tidewell SCP", Area: "Tidewell",
					URL: address, MailFrom: from}, "", web.Unwatched)
				ok(err)
				_, err = a.Jobs.RunDue(ctx) // who else keeps the settings is told of another address
				ok(err)
			}
			secure := func() bool {
				t.Helper()
				req := httptest.NewRequest(http.MethodPost, "/sign-in",
					strings.NewReader(url.Values{"email": {"ann@tidewell.example"}, "password": {"harbour lantern oats"}}.Encode()))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.Header.Set("Sec-Fetch-Site", "same-origin")
				if site, err := a.site(ctx, a.Work); err != nil {
					t.Fatal(err)
				} else if at, err := url.Parse(site.Address); err == nil && at.Host != "" {
					req.Host = at.Host
				}
				rec := httptest.NewRecorder()
				b.Handler().ServeHTTP(rec, req)
				if rec.Code != http.StatusSeeOther || len(rec.Result().Cookies()) == 0 {
					t.Fatal(rec.Code, rec.Body)
				}
				return rec.Result().Cookies()[0].Secure
			}

			set("", "one@tidewell.example")
			from, body := told(a, "Neglect")
			if from != `"Tidewell SCP" <one@tidewell.example>` || strings.Contains(body, "/work/") ||
				!strings.Contains(body, "sign in to the workspace") {
				t.Errorf("without an address: from %s: %s", from, body)
			}
			if err := a.Identity.SendLink(ctx, web.Person{Permissions: everything()}, ann); !errors.Is(err,
				identity.ErrNoAddress) {
				t.Errorf("a link without a host: %v", err)
			}
			if todos, err := a.Partnership.Todos(ctx, boss); err != nil || len(todos) == 0 ||
				!strings.Contains(todos[0].Words, "address of the website is not known") {
				t.Errorf("%+v %v", todos, err)
			}
			if secure() {
				t.Error("a secure cookie where there is no TLS")
			}

			set("https://one.tidewell.example", "one@tidewell.example")
			if _, body = told(a, "Neglect again"); !strings.Contains(body,
				"https://one.tidewell.example/work/training/sessions/") {
				t.Error(body)
			}
			now = now.Add(2 * time.Second)
			if _, body = told(b, "The other node"); !strings.Contains(body, "https://one.tidewell.example/work/") {
				t.Error(body)
			}
			set("https://two.tidewell.example/", "two@tidewell.example")
			now = now.Add(2 * time.Second)
			if from, body = told(b, "Moved"); from != `"Tidewell SCP" <two@tidewell.example>` ||
				!strings.Contains(body, "https://two.tidewell.example/work/") {
				t.Errorf("from %s: %s", from, body)
			}
			if !secure() {
				t.Error("a cookie without TLS where the address has it")
			}
			if todos, err := a.Partnership.Todos(ctx, boss); err != nil || strings.Contains(todos[0].Title, "settings") {
				t.Errorf("%+v %v", todos, err)
			}
		})
	}
}

// readMail gives the sender and the text of a message, with its long lines whole.
func readMail(t *testing.T, message string) (from, body string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("From"), strings.ReplaceAll(string(raw), "=\r\n", "")
}
