package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// staffFile is an upload of a table with the template's columns.
func staffFile(rows ...string) intake.File {
	raw := "Name,Email,Organisation,Role,Joins or leaves\n" + strings.Join(rows, "\n") + "\n"
	return intake.File{Name: "staff.csv", Content: bytes.NewReader([]byte(raw)), Size: int64(len(raw))}
}

// TestReadStaffList: what is read of rows, and what is wrong with them by themselves and
// beside each other.
func TestReadStaffList(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		rows []string
		want string // of each row: its change, its address, and what is odd
	}{
		"plain":               {[]string{"Ann Lee,Ann@x.example,,Editor,Joins"}, "joins ann@x.example "},
		"other words":         {[]string{"Ann Lee,ann@x.example,,,LEAVER"}, "leaves ann@x.example "},
		"spaces nobody sees":  {[]string{"Ann\u00a0 Lee,\u200b ANN@X.example ,,,joins"}, "joins ann@x.example "},
		"full width":          {[]string{"Ann Lee,ａnn@x.example,,,joins"}, "joins ann@x.example "},
		"a Turkish capital i": {[]string{"Ipek,İpek@x.example,,,joins"}, "only looks like one of a to z: 'İ'"},
		"a dotless i":         {[]string{"Ipek,ıpek@x.example,,,joins"}, "only looks like one of a to z: 'ı'"},
		"no name":             {[]string{",ann@x.example,,,joins"}, "There is no name"},
		"no address":          {[]string{"Ann Lee,nowhere,,,joins"}, "not of the form"},
		"two addresses":       {[]string{"Ann Lee,a@x.example b@x.example,,,joins"}, "not of the form"},
		"neither word":        {[]string{"Ann Lee,ann@x.example,,,maybe"}, "Write joins or leaves"},
		"a Cyrillic a":        {[]string{"Ann Lee,аnn@x.example,,,joins"}, "only looks like one of a to z: 'а'"},
		"a role, no address":  {[]string{"Ann Lee,,,Editor,joins"}, "needs an e-mail address"},
		"two roles":           {[]string{"Ann Lee,ann@x.example,,Editor; ANALYST,joins"}, "joins ann@x.example "},
		"the same twice": {[]string{"Ann Lee,ann@x.example,,,joins", "\"Lee, Ann\",ANN@x.example ,,,Joiner"},
			"joins ann@x.example |The same as row 2"},
		"one person, two roles": {[]string{"Ann Lee,ann@x.example,,Editor,joins", "Ann Lee,ann@x.example,,Analyst,joins"},
			"Row 3 has the same person with something else|Row 2 has the same person with something else"},
		"joins and leaves": {[]string{"Ann Lee,ann@x.example,,,joins", "Ann Lee,ann@x.example,,,leaves"},
			"Row 3 says that the same person leaves|Row 2 says that the same person joins"},
		"one address, two who sign in": {[]string{"Ann Lee,office@x.example,,Editor,joins",
			"Bob Ode,office@x.example,,Editor,joins"}, "joins office@x.example |Row 2 gives a role to somebody else"},
		"one address, one signs in": {[]string{"Ann Lee,office@x.example,,Editor,joins", "Bob Ode,office@x.example,,,joins"},
			"joins office@x.example |joins office@x.example "},
	} {
		t.Run(what, func(t *testing.T) {
			rows, err := readStaffList(staffFile(c.rows...))
			if err != nil {
				t.Fatal(err)
			}
			markDoubles(rows)
			wants := strings.Split(c.want, "|")
			if len(rows) != len(wants) {
				t.Fatalf("%d rows", len(rows))
			}
			for i, s := range rows {
				got := s.Change + " " + s.Email + " " + s.Odd
				if !strings.Contains(got, wants[i]) || s.Odd != "" && strings.HasSuffix(wants[i], " ") {
					t.Errorf("row %d: %q, want %q", i, got, wants[i])
				}
			}
		})
	}
	for what, raw := range map[string]string{
		"no header":         "Ann Lee,ann@x.example,joins\n",
		"no change":         "Name,Email\nAnn,ann@x.example\n",
		"nothing below":     "Name,Email,Joins or leaves\n",
		"an empty file":     "",
		"a picture":         "\x89PNG\r\n\x1a\n0000",
		"a cell too many":   "Name,Email,Joins or leaves\nLee, Ann,ann@x.example,joins\n",
		"a column twice":    "Name,Email,Email,Joins or leaves\nAnn,a@x.example,b@x.example,joins\n",
		"more rows than it": "Name,Email,Joins or leaves\n" + strings.Repeat("Ann,ann@x.example,joins\n", maxStaffRows+1),
	} {
		_, err := readStaffList(intake.File{Name: "x.csv", Content: bytes.NewReader([]byte(raw)), Size: int64(len(raw))})
		var why *intake.Fatal
		if !errors.As(err, &why) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// plan reads rows, and says what would be done.
func (w *world) plan(by web.Person, rows ...string) (id string, planned []PlannedRow) {
	w.t.Helper()
	id, err := w.AddStaffList(w.ctx(), by, staffFile(rows...))
	w.is(err, nil)
	_, planned, err = w.PlannedStaff(w.ctx(), by, id)
	w.is(err, nil)
	return id, planned
}

// TestPlanStaff: what rows would do to the people there are, and to whom nobody does anything.
func TestPlanStaff(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("nhs", "Tidewell Health")
		w.organisation("school", "Quay School")
		chief := w.chief("Cleo")
		w.user("Ada", "administrator")
		w.user("Ben", "practitioner")
		add := func(p Person) string {
			id, err := w.AddPerson(w.ctx(), chief, p)
			w.is(err, nil)
			return id
		}
		add(Person{Name: "Una Weir", Email: "una@nhs.example", OrganisationID: "nhs"})
		add(Person{Name: "Kim Ash", OrganisationID: "nhs"})
		add(Person{Name: "Kim Ash", OrganisationID: "school"})
		gone := add(Person{Name: "Dee Day", Email: "dee@nhs.example", OrganisationID: "nhs"})
		w.is(w.DeactivatePerson(w.ctx(), chief, gone, web.Unwatched), nil)
		lesser := web.Person{ID: "x", Permissions: map[web.Permission]bool{access.PeopleManage: true}}
		for _, c := range []struct {
			row, want string
			by        web.Person
		}{
			{"Eve New,eve@nhs.example,Tidewell Health,Practitioner,joins", "Adds them and gives Practitioner", chief},
			{"Eve New,eve@nhs.example,Tidewell Health,,joins", "Adds them", chief},
			{"Eve New,eve@nhs.example,Tidewell Health,Queen,joins", "There is no role called Queen", chief},
			{"Eve New,eve@nhs.example,Tidewell Health,Editor,joins", "Adds them and asks a second person to agree to Editor",
				lesser},
			{"Una Weir,una@nhs.example,Tidewell Health,,joins", "Nothing to do: they are here already", chief},
			{"\"WEIR, Una\",UNA@nhs.example,,Analyst,joins", "Gives Analyst", chief},
			{"Una Weir,una@nhs.example,Quay School,,joins", "Their record says Tidewell Health", chief},
			{"Una Weir,una@quay.example,Tidewell Health,,joins", "Perhaps known already: Una Weir of Tidewell Health", chief},
			{"Una Weir,una@quay.example,Quay School,,joins", "Adds them", chief},
			{"Dr Una Weir,,Tidewell Health,,joins", "Perhaps known already", chief},
			{"Dee Day,dee@nhs.example,,Practitioner,joins", "Lets them in again and gives Practitioner", chief},
			{"Dee Day,dee@nhs.example,,,leaves", "closed already", chief},
			{"Bob Ode,ben@tidewell.example,,Practitioner,joins", "Somebody else signs in with this address", chief},
			{"Ben,ben@tidewell.example,,Practitioner,joins", "Nothing to do: they are here already, as Practitioner", chief},
			{"Eve New,eve@nhs.example,Tidewel Health,,joins", "Is it Tidewell Health?", chief},
			{"Eve New,eve@nhs.example,Nowhere,,joins", "Add it first", chief},
			{"Ben,ben@tidewell.example,,,leaves", "Closes their account, and signs them out", chief},
			{"Ben,ben@tidewell.example,Quay School,,leaves", "Their record says no organisation", chief},
			{"Bob,ben@tidewell.example,,,leaves", "This address belongs to Ben", chief},
			{"Nobody,nobody@x.example,,,leaves", "Nobody here has this address", chief},
			{"Kim Ash,,,,leaves", "Two people have this name", chief},
			{"Kim Ash,,Quay School,,leaves", "Closes their record", chief},
			{"Zed,,Quay School,,leaves", "Nobody here has this name at Quay School", chief},
			{"Cleo,cleo@tidewell.example,,,leaves", "This is you", chief},
			{"Ada,ada@tidewell.example,,,leaves", "ask somebody who manages the settings", lesser},
		} {
			rows, err := readStaffList(staffFile(c.row))
			w.is(err, nil)
			planned, err := w.planStaff(w.ctx(), s.Work, c.by, rows)
			w.is(err, nil)
			p := planned[0]
			got := p.Does + p.Nothing
			if strings.HasPrefix(c.want, "Perhaps") {
				got = p.Ask
			} else if p.Ask != "" {
				t.Errorf("%s: asks %s", c.row, p.Ask)
			}
			if !strings.Contains(got, c.want) || strings.HasPrefix(c.want, "Adds") && got != c.want {
				t.Errorf("%s: %q, want %q", c.row, got, c.want)
			}
		}
	})
}

// TestApplyStaff: what is ticked is done by the ordinary rules, once, and only as it was seen.
func TestApplyStaff(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.Holdings = nil
		chief, ben, kim := w.user("Cleo", "business-manager"), w.user("Ben", "practitioner"), w.user("Kim", "practitioner")
		ira := w.user("Ira", "administrator")
		secret, err := w.SignIn(w.ctx(), ben.Email, password, Visit{})
		w.is(err, nil)
		rows := []string{"Una Weir,una@x.example,,Practitioner,joins", "Ben,ben@tidewell.example,,,leaves",
			"Kim,kim@tidewell.example,,,leaves", "Zed,zed@x.example,,Queen,joins"}
		id, planned := w.plan(chief, rows...)
		if w.who(secret).ID != ben.ID {
			t.Fatal("something was done before it was confirmed")
		}
		how := Applied{Lines: []int64{2, 3}, Links: true, Seen: markOf(planned)}
		stale := how
		stale.Seen = "something else"
		w.is(w.ApplyStaff(w.ctx(), chief, id, stale), ErrStaffListSeen)
		w.is(w.ApplyStaff(w.ctx(), chief, id, how), nil)
		w.is(w.ApplyStaff(w.ctx(), chief, id, how), ErrStaffListBegun)
		w.is(w.DiscardStaffList(w.ctx(), id), ErrStaffListBegun)
		w.work(1)
		w.is(w.ApplyStaff(w.ctx(), chief, id, how), ErrStaffListDone)
		w.is(w.DiscardStaffList(w.ctx(), id), ErrStaffListDone)
		_, done, err := w.PlannedStaff(w.ctx(), chief, id)
		w.is(err, nil)
		var got []string
		for _, p := range done {
			got = append(got, p.StaffRow.Done)
		}
		want := "Added, given Practitioner and sent a link to set a password|Closed|Left out: it was not ticked|" +
			"Left out: There is no role called Queen"
		if strings.Join(got, "|") != want {
			t.Errorf("done: %q", got)
		}
		if w.who(secret).ID != "" {
			t.Error("who left is signed in")
		}
		if p, _ := w.PersonByID(w.ctx(), kim.ID); !p.Active {
			t.Error("a row that was not ticked was done")
		}
		una, err := accountByEmail(w.ctx(), s.Work, "una@x.example")
		w.is(err, nil)
		w.is(w.UseLink(w.ctx(), w.email(1), "gull pebble tides"), nil)
		if held, _ := rolesOf(w.ctx(), s.Work, una.ID); strings.Join(held.ids(), ",") != "practitioner" {
			t.Errorf("roles %v", held)
		}

		// An administrator books no training, so a practitioner waits for a second person.
		id, planned = w.plan(ira, "Eve New,eve@x.example,,Practitioner,joins")
		how = Applied{Lines: []int64{2}, Seen: markOf(planned)}
		w.is(w.ApplyStaff(w.ctx(), ira, id, how), ErrNoReason)
		if _, err := accountByEmail(w.ctx(), s.Work, "eve@x.example"); !errors.Is(err, db.ErrNotFound) {
			t.Error("somebody was added though nothing was to be done")
		}
		how.Reason = "A new school nurse"
		w.is(w.ApplyStaff(w.ctx(), ira, id, how), nil)
		w.work(1)
		eve, err := accountByEmail(w.ctx(), s.Work, "eve@x.example")
		w.is(err, nil)
		held, _ := rolesOf(w.ctx(), s.Work, eve.ID)
		waiting, err := waitingFor(w.ctx(), s.Work, eve.ID, db.At(w.now))
		if err != nil || len(held) != 0 || len(waiting) != 1 || waiting[0].Reason != "A new school nurse" {
			t.Errorf("%v %v %+v", err, held, waiting)
		}
		// Confirmed again from a page that is open still: nothing is done twice.
		again, planned := w.plan(chief, rows[:2]...)
		w.is(w.ApplyStaff(w.ctx(), chief, again, Applied{Lines: []int64{2, 3}, Seen: markOf(planned)}), nil)
		w.work(1)
		n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM people WHERE email = 'una@x.example'`)
		if err != nil || n != 1 {
			t.Errorf("%d Unas, %v", n, err)
		}
	})
}

// TestStaffListPages: a file is sent, looked at, confirmed and its result taken away.
func TestStaffListPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "business-manager")
		ben := w.user("Ben", "practitioner")
		secret := web.Holding{What: "Action", Title: "Toolkit, due 3 May 2024", Href: "/work/plan/actions/a", May: "nobody"}
		open := web.Holding{What: "Seat", Title: "Board", Href: "/work/committees/b", May: access.PeopleManage}
		w.Holdings = func(_ context.Context, _ db.Reader, id string) ([]web.Holding, error) {
			if id != ben.ID {
				return nil, nil
			}
			return []web.Holding{secret, open}, nil
		}
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, "/work")
		b.Want("GET", "/work/joiners", nil, 200, "Send a list when several people join or leave at once")
		b.Want("GET", "/work/joiners/new", nil, 200, "Take the template")
		b.Want("GET", "/work/joiners/template", nil, 200, "Name,E-mail,Organisation,Job title,Role,Joins or leaves")
		if rec := b.Upload("/work/joiners/new", url.Values{}); rec.Code != 422 {
			t.Errorf("no file: %d", rec.Code)
		}
		rec := b.Upload("/work/joiners/new", url.Values{}, testkit.SentFile{Field: "file", Name: "a.csv",
			Content: "Ann,Ode\n"})
		if rec.Code != 422 || !strings.Contains(rec.Body.String(), "The first row has to name the columns") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		rec = b.Upload("/work/joiners/new", url.Values{}, testkit.SentFile{Field: "file", Name: "a.csv",
			Content: "Name,Email,Role,Joins or leaves\n=Una,una@x.example,Practitioner,joins\nBen,ben@tidewell.example,,leaves\n"})
		at := rec.Header().Get("Location")
		if rec.Code != 303 || !strings.HasPrefix(at, "/work/joiners/") {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		page := b.Want("GET", at, nil, 200, "2 rows would do something")
		if !strings.Contains(page, `<a href="/work/committees/b">Board</a>`) || strings.Contains(page, "Toolkit") ||
			!strings.Contains(page, "Action: 1") {
			t.Errorf("what hangs on Ben:\n%s", page)
		}
		mark := regexp.MustCompile(`name="plan" value="([^"]+)"`).FindStringSubmatch(page)[1]
		b.Want("POST", at+"/apply", testkit.Pairs("plan", mark), 422, "Tick the rows")
		b.Want("POST", at+"/apply", testkit.Pairs("plan", "x", "rows", "2"), 409, "People were changed meanwhile")
		b.Want("GET", "/work/joiners", nil, 200, "Waits to be confirmed")
		b.Want("POST", at+"/apply", testkit.Pairs("plan", mark, "rows", "2", "rows", "3"), 303, at)
		b.Want("GET", at, nil, 200, "0 of 2 rows are done")
		b.Want("GET", "/work/joiners", nil, 200, "Being done")
		b.Want("POST", at+"/apply", testkit.Pairs("plan", mark, "rows", "2"), 409, "This list is being done")
		w.work(1)
		b.Want("GET", at, nil, 200, "Added and given Practitioner")
		csv := b.Want("GET", at+"?format=csv", nil, 200, "'=Una,una@x.example")
		if !strings.Contains(csv, "Closed,Seat: Board; Action: 1") {
			t.Error(csv)
		}
		b.Want("POST", at+"/discard", nil, 409, "This list was done already")
		b.Want("GET", "/work/people/"+ben.ID, nil, 200, "Deactivated")
		rec = b.Upload("/work/joiners/new", url.Values{}, testkit.SentFile{Field: "file", Name: "b.csv",
			Content: "Name,Email,Joins or leaves\nZed,zed@x.example,joins\n"})
		b.Want("POST", rec.Header().Get("Location")+"/discard", nil, 303, "/work/joiners")
		b.Want("GET", rec.Header().Get("Location"), nil, 404, "")
		if n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM people WHERE name = 'Zed'`); err != nil || n != 0 {
			t.Error(fmt.Sprint(n, err))
		}
	})
}
