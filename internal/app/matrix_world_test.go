package app

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"testing"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// A thing is what an address with a part to fill in is about. Its query gives one
// row for each of them, with a column for each part of the address, in order. A
// thing that belongs to people or organisations has three queries, which take the
// person ($1) and their organisation ($2); one that belongs to nobody has one.
//
// This is the only table to add to: a new address under one of these prefixes needs
// no line.
type thing struct {
	prefix                     string // the address up to and with its last part to fill in
	any                        string
	own, organisation, another string
	fixed                      []string // instead of a query
	// alone says why no such thing is there to be asked for, and why one that is
	// missing is not answered as a page that is.
	alone string
}

const (
	sessionsEnd = `SELECT id FROM identity_sessions WHERE person_id `
	factorsEnd  = `SELECT id FROM identity_factors WHERE person_id `
	linkedEnd   = `SELECT id FROM identity_linked WHERE person_id `
	bookingsOf  = `SELECT b.id FROM training_bookings b JOIN training_sessions s ON s.id = b.session_id
		WHERE b.status = 'booked' AND s.starts_on > 'TODAY' AND `
	turnsOf      = `SELECT w.id FROM training_waiting w JOIN people p ON p.id = w.person_id WHERE `
	twoOf        = `SELECT a.id, b.id FROM `
	otherOne     = ` ON b.id > a.id WHERE a.same_as IS NULL AND b.same_as IS NULL ORDER BY a.id DESC, b.id DESC LIMIT 20`
	mergesOf     = `SELECT id FROM duplicates_merges WHERE undone_at IS NULL AND kind = `
	chapterTexts = `SELECT c.year, c.id, CAST(v.version AS TEXT) FROM annual_chapters c
		JOIN annual_versions v ON v.chapter_id = c.id WHERE c.removed_at IS NULL `
	roundsAsking = `FROM audits_participants p WHERE p.round_id = r.id AND p.organisation_id = $2)`
)

var things = []thing{
	{prefix: "/hubs/{slug}",
		any: `SELECT slug FROM sites_pages WHERE section = 'hub' AND state = 'published' ORDER BY slug`},
	{prefix: "/about/{slug}",
		any: `SELECT slug FROM sites_pages WHERE section = 'about' AND state = 'published' ORDER BY slug`},
	{prefix: "/help/{slug}",
		any: `SELECT slug FROM sites_pages WHERE section = 'help' AND state = 'published' ORDER BY slug`},
	{prefix: "/legal/{slug}",
		any: `SELECT slug FROM sites_pages WHERE section = 'legal' AND state = 'published' ORDER BY slug`},
	{prefix: "/report/{year}", any: `SELECT year FROM annual_reports WHERE state = 'published'`},
	{prefix: "/report/{year}/{path...}", any: `SELECT year, path FROM annual_contents ORDER BY path DESC`},
	{prefix: "/sign-in/password/{secret}",
		alone: "a link to set a password is known to its owner only; one that has ended says so"},

	{prefix: "/sign-in/join/{secret}", alone: "the code of an invitation is known to whoever has the paper; another says so"},
	{prefix: "/work/joiners/{id}", any: `SELECT id FROM identity_staff_lists WHERE done_at IS NULL ORDER BY id`},
	{prefix: "/work/invitations/{id}", any: `SELECT id FROM identity_invitations WHERE state = 'waiting' ORDER BY id`},

	{prefix: "/sign-in/code/{purpose}", fixed: []string{"training"}},
	{prefix: "/sign-in/with/{id}", any: `SELECT id FROM identity_providers`},
	{prefix: "/work/settings/directories/{id}", any: `SELECT id FROM identity_providers`},
	{prefix: "/sign-in/link/{secret}",
		alone: "a link with a code is known to its owner only; one that has ended says so"},
	{prefix: "/training/mine/{id}",
		alone: "who has shown no code is led to the page that asks for one, whatever is there"},
	{prefix: "/training/dates/{id}",
		any: `SELECT id FROM training_sessions
			WHERE state = 'open' AND starts_on > 'TODAY' AND taken < capacity ORDER BY starts_on DESC`},
	{prefix: "/training/waiting/{id}",
		alone: "who has shown no code is led to the page that asks for one, whatever is there"},
	{prefix: "/training/my-calendar/{person}",
		alone: "who has shown no code is led to the page that asks for one, whatever is there"},
	{prefix: "/training/calendar/{secret}", fixed: []string{"matrix.ics"}}, // which feed makes
	{prefix: "/sign-in/agree/{id}", alone: "the page of a code tells nobody whether there is a request"},

	{prefix: "/work/settings/outbox/{id}", any: `SELECT id FROM mail_outbox ORDER BY id`},
	{prefix: "/work/settings/outbox/returned/{address}", any: `SELECT address FROM mail_returned ORDER BY address`},
	{prefix: "/work/settings/reminders/{id}", fixed: []string{"audits.answers"}},
	{prefix: "/work/settings/roles/{id}", any: `SELECT id FROM identity_roles ORDER BY title_key`},
	{prefix: "/work/settings/contacts/{id}", any: `SELECT id FROM partnership_contacts ORDER BY position`},
	{prefix: "/work/settings/sectors/{id}", any: `SELECT id FROM register_sectors ORDER BY place`},
	{prefix: "/work/account/sessions/{id}", own: sessionsEnd + `= $1`,
		another: sessionsEnd + `<> $1 AND person_id IN (SELECT person_id FROM identity_personas) ORDER BY id`},
	// Who manages people ends no session of somebody who manages people or settings: a practitioner's is taken.
	{prefix: "/work/sessions/{id}", own: sessionsEnd + `= $1`, another: sessionsEnd + `<> $1 AND person_id IN (
		SELECT person_id FROM identity_person_roles WHERE role = 'practitioner') ORDER BY person_id, id`},
	{prefix: "/work/account/factors/{id}", own: factorsEnd + `= $1`, another: factorsEnd + `<> $1 ORDER BY id`},
	{prefix: "/work/account/directories/{id}", own: linkedEnd + `= $1`, another: linkedEnd + `<> $1 ORDER BY id`},
	{prefix: "/work/people/{id}", own: `SELECT id FROM people WHERE id = $1`,
		organisation: `SELECT id FROM people WHERE organisation_id = $2 AND id <> $1 AND same_as IS NULL ORDER BY id DESC`,
		another:      `SELECT id FROM people WHERE organisation_id <> $2 AND same_as IS NULL ORDER BY id DESC`},
	{prefix: "/work/requests/{id}", any: `SELECT id FROM identity_requests WHERE state = 'waiting'`},
	{prefix: "/work/organisations/{id}", organisation: `SELECT id FROM organisations WHERE id = $2`,
		another: `SELECT id FROM organisations WHERE id <> $2 AND same_as IS NULL ORDER BY id DESC`},
	{prefix: "/work/committees/{id}", any: `SELECT id FROM partnership_committees ORDER BY id`},
	{prefix: "/work/members/{id}", any: `SELECT id FROM partnership_members ORDER BY id`},
	{prefix: "/work/meetings/{id}", any: `SELECT id FROM partnership_meetings ORDER BY id`},
	{prefix: "/work/areas/{code}", any: `SELECT code FROM partnership_areas ORDER BY code`},
	{prefix: "/work/funding/{id}", any: `SELECT id FROM partnership_funding ORDER BY id`},

	{prefix: "/work/imports/sources/{id}", any: `SELECT id FROM imports_sources ORDER BY id`},
	{prefix: "/work/imports/{id}", any: `SELECT id FROM imports_ledger ORDER BY id`},
	{prefix: "/work/performance/figures/{id}", fixed: []string{"training.attendances", "cla.open"}},
	{prefix: "/work/performance/supplied/{id}", any: `SELECT id FROM indicators_attested ORDER BY id`},

	{prefix: "/work/training/sessions/{id}",
		any: `SELECT id FROM training_sessions
			WHERE state = 'open' AND starts_on > 'TODAY' AND taken < capacity ORDER BY starts_on DESC`},
	{prefix: "/work/training/sessions/{id}/presentations/{item}",
		any: `SELECT session_id, id FROM training_presentations ORDER BY id`},
	{prefix: "/work/training/sessions/{id}/stalls/{item}",
		any: `SELECT session_id, id FROM training_stalls ORDER BY id`},
	{prefix: "/work/training/bookings/{id}", own: bookingsOf + `b.person_id = $1`,
		organisation: bookingsOf + `b.organisation_id = $2 AND b.person_id <> $1 ORDER BY b.id`,
		another:      bookingsOf + `b.organisation_id <> $2 AND b.person_id <> $1 ORDER BY b.id`},
	{prefix: "/work/training/waiting/{id}", own: turnsOf + `w.person_id = $1`,
		organisation: turnsOf + `p.organisation_id = $2 AND w.person_id <> $1 ORDER BY w.id`,
		another:      turnsOf + `p.organisation_id <> $2 AND w.person_id <> $1 ORDER BY w.id`},
	{prefix: "/work/training/courses/{id}", any: `SELECT id FROM training_courses WHERE same_as IS NULL ORDER BY id`},

	{prefix: "/work/duplicates/people/{id}/{other}", any: twoOf + `people a JOIN people b` + otherOne},
	{prefix: "/work/duplicates/organisations/{id}/{other}", any: twoOf + `organisations a JOIN organisations b` + otherOne},
	{prefix: "/work/duplicates/courses/{id}/{other}", any: twoOf + `training_courses a JOIN training_courses b` + otherOne},
	{prefix: "/work/duplicates/sessions/{id}/{other}", any: twoOf + `training_sessions a JOIN training_sessions b` +
		` ON a.course_id = b.course_id AND a.starts_on = b.starts_on AND b.id > a.id` +
		` WHERE a.same_as IS NULL AND b.same_as IS NULL ORDER BY a.id DESC, b.id DESC LIMIT 20`},
	{prefix: "/work/duplicates/sessions/merges/{id}", any: mergesOf + `'session'`},
	{prefix: "/work/duplicates/people/merges/{id}", any: mergesOf + `'person'`},
	{prefix: "/work/duplicates/organisations/merges/{id}", any: mergesOf + `'organisation'`},
	{prefix: "/work/duplicates/courses/merges/{id}", any: mergesOf + `'course'`},

	{prefix: "/work/audits/multi-agency/{id}", any: `SELECT id FROM audits_multi_agency ORDER BY id`},
	{prefix: "/work/audits/rounds/{id}",
		organisation: `SELECT r.id FROM audits_rounds r WHERE r.closed_on IS NULL AND EXISTS (SELECT 1 ` + roundsAsking,
		another:      `SELECT r.id FROM audits_rounds r WHERE r.closed_on IS NULL AND NOT EXISTS (SELECT 1 ` + roundsAsking},
	{prefix: "/work/audits/rounds/{id}/organisations/{org}",
		organisation: `SELECT round_id, organisation_id FROM audits_participants
			WHERE organisation_id = $2 ORDER BY asked_on DESC`,
		another: `SELECT round_id, organisation_id FROM audits_participants
			WHERE organisation_id <> $2 ORDER BY asked_on DESC, organisation_id`},

	{prefix: "/work/reviews/{id}", any: `SELECT id FROM reviews_register ORDER BY id`},
	{prefix: "/work/plan/years/{year}", any: `SELECT year FROM plan_years ORDER BY year`},
	{prefix: "/work/plan/priorities/{id}", any: `SELECT id FROM plan_priorities ORDER BY id`},
	{prefix: "/work/plan/actions/{id}/helpers/{person}",
		own: `SELECT action_id, person_id FROM plan_helpers WHERE person_id = $1`,
		organisation: `SELECT h.action_id, h.person_id FROM plan_helpers h JOIN plan_actions a ON a.id = h.action_id
			WHERE a.organisation_id = $2`,
		another: `SELECT h.action_id, h.person_id FROM plan_helpers h JOIN plan_actions a ON a.id = h.action_id
			WHERE a.organisation_id <> $2 AND h.person_id <> $1`},
	{prefix: "/work/plan/actions/{id}",
		organisation: `SELECT id FROM plan_actions WHERE organisation_id = $2 ORDER BY id`,
		another:      `SELECT id FROM plan_actions WHERE organisation_id IS NULL OR organisation_id <> $2 ORDER BY id`},
	evidence("", "f.record_id, f.id", ""),
	evidence("/preview", "f.record_id, f.id", "AND v.preview IS NOT NULL "),
	evidence("/versions/{version}", "f.record_id, f.id, CAST(v.version AS TEXT)", ""),
	{prefix: "/work/plan/recommendations/{id}", any: `SELECT id FROM plan_recommendations ORDER BY id`},
	{prefix: "/work/plan/scrutiny/{id}", own: `SELECT id FROM plan_scrutiny WHERE author_id = $1 ORDER BY id`,
		another: `SELECT id FROM plan_scrutiny WHERE author_id IS NULL OR author_id <> $1 ORDER BY id`},
	{prefix: "/work/plan/enquiries/{id}",
		own:     `SELECT id FROM plan_enquiries WHERE author_id = $1 ORDER BY id`,
		another: `SELECT id FROM plan_enquiries WHERE author_id IS NULL OR author_id <> $1 ORDER BY id`},

	{prefix: "/work/sites/pages/{slug}", any: `SELECT slug FROM sites_pages WHERE state = 'published' ORDER BY slug`},
	{prefix: "/work/sites/pages/{slug}/versions/{version}",
		any: `SELECT slug, CAST(version AS TEXT) FROM sites_versions ORDER BY slug`},
	{prefix: "/work/report/{year}", any: `SELECT year FROM annual_reports WHERE state = 'published'`},
	{prefix: "/work/report/{year}/draft/{path...}",
		any: `SELECT year, path FROM annual_contents WHERE path LIKE '%.html' ORDER BY path DESC`},
	{prefix: "/work/contributions/{id}", own: `SELECT id FROM annual_contributions WHERE person_id = $1 ORDER BY state DESC`,
		another: `SELECT id FROM annual_contributions WHERE person_id <> $1 ORDER BY state DESC`},
	{prefix: "/work/report/{year}/chapters/{id}",
		own: `SELECT year, id FROM annual_chapters WHERE removed_at IS NULL AND owner_id = $1 ORDER BY year, id`,
		another: `SELECT year, id FROM annual_chapters
			WHERE removed_at IS NULL AND (owner_id IS NULL OR owner_id <> $1) ORDER BY year, id`},
	{prefix: "/work/report/{year}/chapters/{id}/put-back",
		any: `SELECT year, id FROM annual_chapters WHERE removed_at IS NOT NULL ORDER BY year`},
	{prefix: "/work/report/{year}/chapters/{id}/versions/{version}",
		own:     chapterTexts + `AND c.owner_id = $1 ORDER BY c.year, c.id`,
		another: chapterTexts + `AND (c.owner_id IS NULL OR c.owner_id <> $1) ORDER BY c.year, c.id`},
}

// evidence is a file at an action, under an address that ends so.
func evidence(end, columns, and string) thing {
	of := func(whose string) string {
		return `SELECT ` + columns + ` FROM files f JOIN files_versions v ON v.file_id = f.id
			JOIN plan_actions a ON a.id = f.record_id WHERE ` + whose + and + ` ORDER BY f.record_id, f.id`
	}
	return thing{prefix: "/work/plan/actions/{id}/files/{file}" + end,
		own:          of(`a.owner_id = $1 `),
		organisation: of(`a.organisation_id = $2 AND a.owner_id <> $1 `),
		another:      of(`a.organisation_id <> $2 AND a.owner_id <> $1 `)}
}

// secrets are words that only those with a permission may meet, on whatever page. What
// a review is called is one until it is completed: then figures and reports name it.
var secrets = map[web.Permission]string{
	access.ReviewsRead: `SELECT reference FROM reviews_register WHERE completed_on IS NULL`,
	access.OutboxRead:  `SELECT id FROM mail_outbox`,
	access.ImportsRead: `SELECT id FROM imports_ledger`,
}

// A world is an installation to walk through, with everybody signed in.
type world struct {
	app     *App
	pages   http.Handler
	session map[string]string // role → session
	person  map[string]web.Person
	secret  map[web.Permission][]string

	mu   sync.Mutex
	rows map[string][][]string // query and person → what it gives
}

// worldOf makes the world of an installation: whom its roles belong to, with a
// place on a session to come for everybody who may book.
func worldOf(t *testing.T, a *App) *world {
	t.Helper()
	w := &world{app: a, pages: a.Handler(), session: map[string]string{}, person: map[string]web.Person{},
		secret: map[web.Permission][]string{}, rows: map[string][][]string{}}
	type persona struct{ Role, ID, Organisation string }
	for _, x := range must[[]persona](t)(db.All[persona](t.Context(), a.Work,
		`
			SELECT x.role, p.id, coalesce(p.organisation_id, '') FROM identity_personas x JOIN people p
				ON p.id = x.person_id`)) {
		w.person[x.Role] = web.Person{ID: x.ID, OrganisationID: x.Organisation, Permissions: access.Of(x.Role)}
	}
	for p, query := range secrets {
		w.secret[p] = must[[]string](t)(db.All[string](t.Context(), a.Work, query))
		if len(w.secret[p]) == 0 {
			t.Fatalf("no secrets of %s", p)
		}
	}
	return w
}

// furnish adds what the demonstration year lacks: a place on a session to come for
// everybody who may book and for a colleague, and a second report.
func (w *world) furnish(t *testing.T) {
	t.Helper()
	ctx, by := t.Context(), w.person["business-manager"]
	by.Permissions = everything()
	sessions := w.query(t, `SELECT id FROM training_sessions
			WHERE state = 'open' AND starts_on > 'TODAY' AND taken < capacity ORDER BY capacity - taken DESC`, web.Person{})
	book := func(person string) {
		for _, s := range sessions {
			if _, err := w.app.Training.Book(ctx, by, s[0], person); err == nil {
				return
			}
		}
		t.Fatalf("no session to come has a place for %s: %d sessions", person, len(sessions))
	}
	for _, role := range []string{"agency-lead", "school-lead", "practitioner", "coordinator"} {
		book(w.person[role].ID)
		for _, x := range w.query(t, `SELECT id FROM people
			WHERE organisation_id = $2 AND id <> $1 ORDER BY id`, w.person[role])[:1] {
			book(x[0])
		}
	}
	for role, p := range w.person {
		if access.Of(role)[access.TrainingBook] {
			w.wait(t, by, p.ID)
			w.feed(t, p.ID)
		}
	}
	second := must[period.Year](t)(period.ParseYear("2024-25"))
	if err := w.app.Annual.AddReport(ctx, by, second, "A second report", "In draft."); err != nil {
		t.Fatal(err)
	}
	for _, year := range []string{"2023-24", "2024-25"} {
		for _, title := range []string{"A chapter that stays", "A chapter that is taken out"} {
			id := must[string](t)(w.app.Annual.AddChapter(ctx, by, year, "report", title, "Words."))
			if title == "A chapter that is taken out" {
				if err := w.app.Annual.RemoveChapter(ctx, by, id, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	w.addDirectory(t, by)
	w.returnMail(t)
	w.invite(t, by)
	for role, p := range w.person {
		v := newVisitor(t, w.pages)
		v.signIn(role)
		w.session[role] = v.Cookies["kith_session"]
		w.giveFactor(t, p.ID)
		w.link(t, p.ID)
	}
}

// addDirectory adds an agency's directory, which does not answer.
func (w *world) addDirectory(t *testing.T, by web.Person) {
	t.Helper()
	id := must[string](t)(w.app.Identity.AddProvider(t.Context(), by, identity.Provider{Name: "Council",
		Issuer: "http://127.0.0.1:1", ClientID: "kith", ClientSecret: "secret", Domains: "x.example"}))
	err := w.app.Work.Tx(t.Context(), func(q db.Q) error {
		return db.Must(t.Context(), q, `UPDATE identity_providers SET end_session = 'https://x.example/' WHERE id = $1`, id)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// returnMail has mail come back from some addresses.
func (w *world) returnMail(t *testing.T) {
	t.Helper()
	var rows [][]any
	for n := range 20 {
		rows = append(rows, []any{string(rune('a'+n)) + "@returned.example", db.At(w.app.Now()), "there is no such mailbox"})
	}
	if err := w.app.Work.Tx(t.Context(), func(q db.Q) error {
		return db.Insert(t.Context(), q, `INSERT INTO mail_returned (address, at, words)`, rows, "")
	}); err != nil {
		t.Fatal(err)
	}
}

// link has the directory sign a person in.
func (w *world) link(t *testing.T, person string) {
	t.Helper()
	err := w.app.Work.Tx(t.Context(), func(q db.Q) error {
		return db.Must(t.Context(), q, `
			INSERT INTO identity_linked (id, provider_id, issuer, subject, person_id, address, linked_at, used_at)
			SELECT $1, v.id, v.issuer, $2, $2, 'a@x.example', $3, $3 FROM identity_providers v`, ids.New(), person,
			db.At(w.app.Now()))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// invite prints an invitation for somebody who books training, and sends a list of one who
// joins.
func (w *world) invite(t *testing.T, by web.Person) {
	t.Helper()
	const list = "Name,Email,Joins or leaves\nA Joiner,a.joiner@x.example,joins\n"
	must[string](t)(w.app.Identity.AddStaffList(t.Context(), by, intake.File{Name: "list.csv",
		Content: strings.NewReader(list), Size: int64(len(list))}))
	_, _, err := w.app.Identity.Invite(t.Context(), by, w.person["practitioner"].ID, "A colleague",
		[]string{"practitioner"})
	if err != nil {
		t.Fatal(err)
	}
}

// giveFactor gives a person an app that shows codes, and begins to set another up.
func (w *world) giveFactor(t *testing.T, person string) {
	t.Helper()
	if err := w.app.Identity.BeginApp(t.Context(), web.Person{ID: person}); err != nil {
		t.Fatal(err)
	}
	err := w.app.Work.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `INSERT INTO identity_factors (id, person_id, kind, name, created_at)
			VALUES ($1, $2, 'app', 'Phone', $3)`, ids.New(), person, db.At(w.app.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// feed gives the calendar of one person, the first, an address that is known.
func (w *world) feed(t *testing.T, person string) {
	t.Helper()
	sum := sha256.Sum256([]byte("training feed\x00matrix"))
	err := w.app.Work.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `INSERT INTO training_feeds (person_id, hash, created_at)
			SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM training_feeds)`, person, hex.EncodeToString(sum[:]),
			db.At(w.app.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wait puts a person on the waiting list of a session that is full.
func (w *world) wait(t *testing.T, by web.Person, person string) {
	t.Helper()
	for _, s := range w.query(t, `SELECT id FROM training_sessions
			WHERE state = 'open' AND starts_on > 'TODAY' AND taken = capacity ORDER BY id`, web.Person{}) {
		if err := w.app.Training.Wait(t.Context(), by, s[0], person); err == nil {
			return
		}
	}
	t.Fatalf("no session is full, for %s to wait for", person)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// query gives the rows of a query as text.
func (w *world) query(t *testing.T, query string, p web.Person) [][]string {
	t.Helper()
	if query == "" {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	key := query + p.ID
	if rows, ok := w.rows[key]; ok {
		return rows
	}
	args := []any{p.ID, p.OrganisationID}
	switch one, two := strings.Contains(query, "$1"), strings.Contains(query, "$2"); {
	case !one && !two:
		args = nil
	case !two:
		args = args[:1]
	case !one:
		args, query = args[1:], strings.ReplaceAll(query, "$2", "$1")
	}
	query = strings.ReplaceAll(query, "TODAY", w.app.Now.Today().String())
	rows, err := w.app.Work.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close()
	cols, _ := rows.Columns()
	var out [][]string
	for rows.Next() {
		row := make([]string, len(cols))
		to := make([]any, len(cols))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	w.rows[key] = out
	return out
}
