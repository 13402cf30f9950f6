package letters

import (
	"context"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
	"kith/internal/kit/seal"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// manager is who acts in the tests.
var manager = web.Person{ID: "may", Name: "May Demo", Email: "may@tidewell.example",
	Permissions: map[web.Permission]bool{access.SettingsManage: true, access.OutboxRead: true, access.PeopleManage: true}}

// jobsOf keeps what is to be sent.
type jobsOf struct{ ids []string }

func (j *jobsOf) Enqueue(_ context.Context, _ db.Q, _, payload string) error {
	j.ids = append(j.ids, payload)
	return nil
}

// alone is a room of people in which nobody else signs in.
type alone struct{}

func (alone) AskMail(context.Context, db.Q, web.Person, string, string) (string, error) {
	return "", nil
}
func (alone) NeedsSecond(context.Context, web.Person) (bool, error)              { return false, nil }
func (alone) WaitingMail(context.Context) (ui.NavItem, error)                    { return ui.NavItem{}, nil }
func (alone) TellOfMail(context.Context, db.Q, web.Person, string, string) error { return nil }

func newRoom(t testing.TB, s testkit.Stores) (*Room, *jobsOf) {
	t.Helper()
	box, err := seal.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	now, jobs := clock.Fixed(time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)), &jobsOf{}
	o := &mail.Outbox{DB: s.Work, Now: now, NewID: ids.New, Jobs: jobs, Seal: box,
		Site: mail.Fixed(mail.Site{Name: "Tidewell SCP", From: "kith@tidewell.example",
			Address: "https://work.tidewell.example"})}
	rem := remind.New(remind.Deps{Work: s.Work, Now: now, Mail: o, Jobs: jobs, Site: o.Site,
		Opens: func(context.Context, string, string) (bool, error) { return false, nil },
		Holders: func(context.Context, db.Reader, web.Permission) ([]remind.Receiver, error) {
			return []remind.Receiver{{Name: manager.Name, Address: manager.Email}}, nil
		}})
	rem.Offer(remind.Kind{ID: "audits.answers", Title: "Answers", Words: "The contacts.", Before: []int{14, 7, 1},
		After:   []int{1},
		Officer: access.AuditsManage, Open: func(context.Context, db.Reader) ([]remind.Item, error) {
			return []remind.Item{{RecordID: "1", Title: "Section 11: Tidewell Health", Due: period.MustDate("2026-03-11"),
				Name: "Ann Demo", Address: "ann@health.example", PersonID: "ann", Path: "/work/audits"}}, nil
		}})
	r, err := New(Deps{Work: s.Work, Now: now, NewID: ids.New, Mail: o, Remind: rem, People: alone{}})
	if err != nil {
		t.Fatal(err)
	}
	return r, jobs
}

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{"manager": manager, "stranger": {ID: "z", Name: "Zed Demo"}}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, jobs := newRoom(t, s)
		be, at := testkit.NewMailServer(t)
		r.Mail.Server = at
		if err := s.Work.Tx(t.Context(), func(q db.Q) error {
			return db.Insert(t.Context(), q, `INSERT INTO people (id, name, folded, email, active, created_at)`, [][]any{
				{"ann", "Ann Demo", "ann demo", "Ann@health.example", true, db.At(r.Now())},
				{"ben", "Ben Demo", "ben demo", "ben@health.example", true, db.At(r.Now())}}, "")
		}); err != nil {
			t.Fatal(err)
		}
		put := func(subject string) mail.Entry {
			if err := s.Work.Tx(t.Context(), func(q db.Q) error {
				return r.Mail.Queue(t.Context(), q, mail.Message{ToAddress: "ann@health.example", ToName: "Ann Demo",
					Subject: subject,
					Body:    "x"})
			}); err != nil {
				t.Fatal(err)
			}
			all, err := r.Mail.Newest(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			return all[0]
		}
		sent := put("It went out")
		if err := r.Mail.Send(t.Context(), jobs.ids[0]); err != nil {
			t.Fatal(err)
		}
		be.Refuse(true)
		put("It was refused")
		if err := r.Mail.Send(t.Context(), jobs.ids[1]); err != nil {
			t.Fatal(err)
		}
		held := put("It is held")
		if err := r.Remind.Remind(t.Context(), "audits.answers"); err != nil {
			t.Fatal(err)
		}
		todos, err := r.Todos(t.Context(), manager)
		if err != nil || len(todos) != 1 || todos[0].Title != "E-mail to 1 person came back" ||
			todos[0].Words != "Nothing more is sent to Ann Demo until the address is put right." {
			t.Errorf("%+v %v", todos, err)
		}
		vars := map[string]string{"SENT": sent.ID, "HELD": held.ID, "TOKEN": sent.Token,
			"DNS": testkit.NewNameServer(t, `tidewell.example. 60 IN MX 10 in.tidewell.example.`)}
		r.Mail.DNS = mail.ResolverAt(vars["DNS"])
		testkit.Scripts(t, people, vars, r.Routes()...)
	})
}

// TestStuck: whoever keeps the settings is told that nothing goes out, and why.
func TestStuck(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r, jobs := newRoom(t, s)
	r.Mail.Server = "smtp://127.0.0.1:1"
	id, err := r.TestEmail(t.Context(), manager)
	if err != nil || id != jobs.ids[0] {
		t.Fatal(id, err)
	}
	if err := r.Mail.Send(t.Context(), id); err == nil {
		t.Fatal("it went out")
	}
	todos, err := r.Todos(t.Context(), manager)
	if err != nil || len(todos) != 1 || todos[0].Title != "1 e-mail waits to be sent" ||
		!strings.HasPrefix(todos[0].Words, "The mail server 127.0.0.1:1 does not answer.") {
		t.Errorf("%+v %v", todos, err)
	}
}

// TestSecretStays: a password is kept for its own mail server and no other, and is never shown.
func TestSecretStays(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		one := mail.Sender{How: mail.BySMTP, Host: "one.example", Port: 587, Security: mail.StartTLS, Username: "kith"}
		if _, err := r.SaveEmail(t.Context(), manager, one, "secret", "", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		kept := func() string {
			t.Helper()
			got, err := r.Mail.Using(t.Context(), s.Work)
			if err != nil {
				t.Fatal(err)
			}
			return got.Secret
		}
		first := kept()
		if first == "" || strings.Contains(first, "secret") {
			t.Fatalf("%q", first)
		}
		one.Port = 25
		if _, err := r.SaveEmail(t.Context(), manager, one, "", "", web.Unwatched); err != nil || kept() != first {
			t.Error("the password was lost with another port", err)
		}
		one.Host = "two.example"
		if _, err := r.SaveEmail(t.Context(), manager, one, "", "", web.Unwatched); err != nil || kept() != "" {
			t.Error("the password is given to another server", err)
		}
	})
}

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	b := ui.Base{Title: "E-mail", Layout: ui.LayoutWork}
	form := ui.FormPage{Base: b, Cancel: emailPath}
	history := []audittrail.Entry{{Act: "changed"}}
	at := db.At(time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC))
	made := map[string]any{
		"email": emailPage{Asked: ui.NavItem{Text: "x", Href: "/x"},
			Base: b, Form: web.NewRecord(), How: "x", Sending: true, Given: true, NoKey: true, Waits: true,
			Address: "may@tidewell.example", History: history, Rows: []ui.Row{{Key: "How", Value: "x"}},
			Keys: []keyRow{{Key: mail.Key{Selector: "kitha"}, Tone: "good", Status: "Signs", Name: "n", Value: "v"}}},
		"arrival": arrivalPage{Base: b, Findings: []mail.Finding{{Title: "SPF", Tone: mail.Bad, Words: "No.",
			Found: []string{"v=spf1"},
			Name:  "tidewell.example", Value: "v=spf1 ~all"}}},
		"email-form": emailFormPage{Second: true, Asked: ui.NavItem{Text: "x", Href: "/x"},
			FormPage: form, Hows: ui.Choices("smtp", "A mail server"), Securities: securities},
		"returned": returnedPage{Base: b, Manage: true,
			Addresses: []returnedRow{{Returned: mail.Returned{Address: "a@b.example", At: at,
				Words: "gone", Detail: "550", LetterID: "1"}, People: []lost{{ID: "p", Name: "Ann"}}, Held: 2, TryHref: "/x"}},
			Reports: []mail.Noted{{At: at, Outcome: "returned", LetterID: "1", Address: "a@b.example", Words: "Gone."},
				{At: at, Outcome: "unknown"}}},
		"report-form": form,
		"reminders": remindersPage{Base: b, History: history, Kinds: []reminderRow{{Kind: remind.Kind{ID: "x"},
			Active: true, When: "7 days before"}}},
		"reminder-form": reminderFormPage{FormPage: form, Words: "x"},
		"sent": sentPage{Base: b, Kinds: ui.Choices("x", "X"), Sent: []sentRow{{Sent: remind.Sent{Title: "x", Path: "/x",
			Problem: "no", At: at}},
			{Sent: remind.Sent{Title: "y", At: at}}}},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}

// TestReadDays: days are read however they are written, and nonsense is refused.
func TestReadDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"14, 7, 1": "14, 7, 1", "1 7;14 7": "14, 7, 1", "": "", "0": "!",
		"91": "!", "soon": "!",
		"1 2 3 4 5 6 7": "!", "-1": "!"} {
		f := web.NewForm("active", "yes", "before", text, "after", "7, 1")
		s := readReminder(f, "x")
		got := numbers(s.Before)
		if !f.OK() {
			got = "!"
		} else if numbers(s.After) != "1, 7" {
			t.Errorf("%q: late %v", text, s.After)
		}
		if got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
