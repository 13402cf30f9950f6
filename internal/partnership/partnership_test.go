package partnership

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// people stands for the room of people: it moves them as that room does.
type people struct{}

func (people) MoveOrganisation(ctx context.Context, q db.Q, _ web.Person, from, to string) (int64, error) {
	return db.Exec(ctx, q, `UPDATE people SET organisation_id = $2 WHERE organisation_id = $1`, from, to)
}

// A world is the room with a clock that tests move.
type world struct {
	*Room
	t   testing.TB
	now time.Time
	by  web.Person
}

func open(t testing.TB, s testkit.Stores) *world {
	w := &world{t: t, now: time.Date(2024, 4, 2, 9, 0, 0, 0, time.UTC), by: web.Person{ID: "ada", Name: "Ada"}}
	r, err := New(Deps{Work: s.Work, Now: func() time.Time { return w.now }, NewID: ids.New, People: people{},
		Tabs: []web.Tab{{Text: "People", Href: "/work/people", Permission: access.PeopleRead},
			{Text: "Organisations", Href: "/work/organisations", Permission: access.PartnershipRead},
			{Text: "Committees", Href: "/work/committees", Permission: access.PartnershipRead}},
		More: []SettingsPage{{"Letters", "/work/settings/outbox", access.OutboxRead},
			{"Secret", "/work/settings/secret", "secret:read"}}})
	if err != nil {
		t.Fatal(err)
	}
	w.Room = r
	return w
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) is(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("got %v, want %v", err, want)
	}
}

func (w *world) organisation(name, sector string) string {
	w.t.Helper()
	id, err := w.AddOrganisation(w.ctx(), w.by, Organisation{Name: name, Sector: sector})
	w.is(err, nil)
	return id
}

func (w *world) person(name, organisationID string) string {
	w.t.Helper()
	id := ids.New()
	w.is(w.Work.Tx(w.ctx(), func(q db.Q) error {
		_, err := db.Exec(w.ctx(), q, `
			INSERT INTO people (id, name, folded, email, job_title, organisation_id, created_at)
				VALUES ($1, $2, $3, '', 'Manager', $4, $5)`,
			id, name, db.Fold(name), db.Opt(organisationID), db.At(w.now))
		return err
	}), nil)
	return id
}

func (w *world) committee(name string) string {
	w.t.Helper()
	id, err := w.AddCommittee(w.ctx(), w.by, Committee{Name: name, Position: 1})
	w.is(err, nil)
	return id
}

var day = period.MustDate

func TestOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		a, b := w.organisation("Tidewell Health", "health"), w.organisation("Tidewell Council", "local-authority")
		_, err := w.AddOrganisation(w.ctx(), w.by, Organisation{Name: " tidewell  HEALTH ", Sector: "health"})
		w.is(err, ErrNameTaken)
		_, err = w.AddOrganisation(w.ctx(), w.by, Organisation{Name: "X", Sector: "moon"})
		w.is(err, ErrUnknownSector)
		w.is(w.SaveOrganisation(w.ctx(), w.by, Organisation{ID: a, Name: "Tidewell council", Sector: "health"},
			web.Unwatched), ErrNameOfAnother)
		w.is(w.SaveOrganisation(w.ctx(), w.by, Organisation{ID: "none", Name: "None", Sector: "health"}, web.Unwatched),
			db.ErrNotFound)
		w.is(w.SaveOrganisation(w.ctx(), w.by, Organisation{ID: a, Name: "NHS Tidewell", Sector: "health", Statutory: true},
			web.Unwatched), nil)
		w.is(w.SetStatutory(w.ctx(), w.by, b, true), nil)
		partners, err := w.StatutoryPartners(w.ctx())
		if err != nil || len(partners) != 2 || partners[0].Name != "NHS Tidewell" {
			t.Fatal(partners, err)
		}
		w.is(w.EndOrganisation(w.ctx(), w.by, b, day("2024-03-31")), nil)
		w.is(w.EndOrganisation(w.ctx(), w.by, b, day("2024-03-31")), ErrEnded)
		if partners, err = w.StatutoryPartners(w.ctx()); err != nil || len(partners) != 1 {
			t.Fatal(partners, err)
		}
		w.is(w.ReopenOrganisation(w.ctx(), w.by, b), nil)
		o, err := w.OrganisationByID(w.ctx(), b)
		if err != nil || o.Ended() || o.SectorTitle != "Local authority" {
			t.Fatal(o, err)
		}
		trail, err := audittrail.Of(w.ctx(), s.Work, "organisation", b)
		if err != nil || len(trail) != 4 || trail[0].Person != "Ada" {
			t.Fatal(trail, err)
		}
	})
}

func TestMerge(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		old, fresh, last := w.organisation("Tidewell CCG", "health"), w.organisation("Tidewell ICB", "health"),
			w.organisation("Coast ICB", "health")
		ann, c := w.person("Ann", old), w.committee("Board")
		seat, err := w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: ann, Role: "member",
			FromOn: day("2022-04-01")})
		w.is(err, nil)
		w.is(w.MergeOrganisation(w.ctx(), w.by, old, old, day("2022-07-01")), ErrSame)
		w.is(w.MergeOrganisation(w.ctx(), w.by, old, "none", day("2022-07-01")), db.ErrNotFound)
		w.is(w.MergeOrganisation(w.ctx(), w.by, old, fresh, day("2022-07-01")), nil)
		w.is(w.MergeOrganisation(w.ctx(), w.by, old, fresh, day("2022-07-01")), ErrEnded)
		w.is(w.MergeOrganisation(w.ctx(), w.by, last, old, day("2022-07-01")), ErrEnded)
		if n, err := countPeopleOf(w.ctx(), s.Work, fresh); err != nil || n != 1 {
			t.Errorf("its people did not move: %d %v", n, err)
		}
		if m, err := memberByID(w.ctx(), s.Work, seat); err != nil || m.Organisation != "Tidewell ICB" {
			t.Errorf("its seats did not move: %+v %v", m, err)
		}
		w.is(w.MergeOrganisation(w.ctx(), w.by, fresh, last, day("2024-04-01")), nil)
		id, created, err := w.ensure("tidewell ccg", "police")
		if id != last || created || err != nil {
			t.Errorf("an old name does not find who took its place: %s %v %v", id, created, err)
		}
	})
}

func (w *world) ensure(name, sector string) (id string, created bool, err error) {
	err = w.Work.Tx(w.ctx(), func(q db.Q) error {
		id, created, err = w.Ensure(w.ctx(), q, name, sector)
		return err
	})
	return id, created, err
}

func TestEnsure(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		id, created, err := w.ensure(" Quay  School ", "education")
		if err != nil || !created {
			t.Fatal(created, err)
		}
		again, created, err := w.ensure("QUAY SCHOOL", "police")
		if err != nil || created || again != id {
			t.Fatal(again, created, err)
		}
		if sector, err := w.Sector(w.ctx(), s.Work, id); sector != "education" || err != nil {
			t.Errorf("a file changed the sector to %s %v", sector, err)
		}
		none, created, err := w.ensure("Harbour Club", "")
		if sector, err2 := w.Sector(w.ctx(), s.Work, none); err != nil || err2 != nil || !created || sector != "other" {
			t.Error(sector, created, err, err2)
		}
		_, _, err = w.ensure("Moon base", "moon")
		w.is(err, ErrUnknownSector)
		if _, _, err = w.ensure("  ", "health"); err == nil {
			t.Error("an organisation without a name was added")
		}
	})
}

func TestCommittees(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		nhs, council := w.organisation("Tidewell Health", "health"), w.organisation("Tidewell Council", "local-authority")
		ann, ben, cat := w.person("Ann", nhs), w.person("Ben", council), w.person("Cat", nhs)
		c := w.committee("Executive")
		_, err := w.AddCommittee(w.ctx(), w.by, Committee{Name: "executive"})
		w.is(err, ErrCommitteeTaken)
		same, err := w.EnsureCommittee(w.ctx(), w.by, Committee{Name: "EXECUTIVE"})
		if same != c || err != nil {
			t.Fatal(same, err)
		}
		from := day("2023-04-01")
		chair, err := w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: ann, Role: "chair", Public: true,
			FromOn: from})
		w.is(err, nil)
		seat, err := w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: ben, OrganisationID: db.Opt(nhs),
			Role: "member", FromOn: from})
		w.is(err, nil)
		_, err = w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: cat, Role: "member", FromOn: from})
		w.is(err, nil)
		for what, m := range map[error]Member{
			ErrMemberAlready: {CommitteeID: c, PersonID: ann, Role: "member", FromOn: from},
			ErrOrder:         {CommitteeID: c, PersonID: ann, Role: "member", FromOn: from, ToOn: from.AddDays(-1)},
			db.ErrNotFound:   {CommitteeID: c, PersonID: "nobody", Role: "member", FromOn: from},
		} {
			_, err = w.AddMember(w.ctx(), w.by, m)
			w.is(err, what)
		}

		groups, err := w.Structure(w.ctx())
		want := "[{Chair Tidewell Health Ann Manager 1} {Member Tidewell Health   2}]"
		if err != nil || len(groups) != 1 || fmt.Sprint(groups[0].Seats) != want {
			t.Errorf("the public is told %v %v", groups, err)
		}
		w.is(w.SaveMember(w.ctx(), w.by, Member{ID: seat, Role: "vice-chair", FromOn: from, ToOn: day("2024-03-31")},
			web.Unwatched), nil)
		w.is(w.SaveMember(w.ctx(), w.by, Member{ID: seat, Role: "vice-chair", FromOn: from, ToOn: day("2023-03-31")},
			web.Unwatched), ErrOrder)
		if groups, err = w.Structure(w.ctx()); err != nil || len(groups[0].Seats) != 2 || groups[0].Seats[1].Count != 1 {
			t.Errorf("somebody who left is still shown: %v %v", groups, err)
		}
		_, err = w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: ben, Role: "member", FromOn: day("2024-04-01")})
		w.is(err, nil) // back again
		w.is(w.SaveMember(w.ctx(), w.by, Member{ID: seat, Role: "member", FromOn: from}, web.Unwatched), ErrSeatAlready)

		met, err := w.AddMeeting(w.ctx(), w.by, Meeting{CommitteeID: c, HeldOn: day("2023-06-01")})
		w.is(err, nil)
		_, err = w.AddMeeting(w.ctx(), w.by, Meeting{CommitteeID: c, HeldOn: day("2023-06-01")})
		w.is(err, ErrMetAlready)
		note := Meeting{ID: met, HeldOn: day("2023-06-02"), About: "Neglect"}
		w.is(w.SaveMeeting(w.ctx(), w.by, note, map[string]string{chair: "present", seat: "apologies"}, web.Unwatched), nil)
		w.is(w.SaveMeeting(w.ctx(), w.by, note, map[string]string{chair: "present", "nobody": "present"}, web.Unwatched),
			db.ErrNotFound)
		if err := w.SaveMeeting(w.ctx(), w.by, note, map[string]string{chair: "asleep"}, web.Unwatched); !db.IsCheck(err) {
			t.Errorf("an unknown state was taken: %v", err)
		}
		held, err := meetingsOf(w.ctx(), s.Work, c, 10)
		if err != nil || len(held) != 1 || held[0].Present != 1 || held[0].Noted != 2 || held[0].HeldOn != day("2023-06-02") {
			t.Errorf("%+v %v", held, err)
		}

		w.is(w.EndCommittee(w.ctx(), w.by, c, day("2024-03-31")), nil)
		w.is(w.EndCommittee(w.ctx(), w.by, c, day("2024-03-31")), ErrEnded)
		_, err = w.AddMember(w.ctx(), w.by, Member{CommitteeID: c, PersonID: cat, Role: "member", FromOn: from})
		w.is(err, ErrEnded)
		members, err := membersOf(w.ctx(), s.Work, c)
		w.is(err, nil)
		for _, m := range members {
			if m.ToOn.IsZero() {
				t.Errorf("the seat of %s did not end", m.Person)
			}
		}
		w.committee("Executive") // the name is free again
	})
}

func TestProfileAndContacts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		p, err := w.Profile(w.ctx())
		if err != nil || p.Name != "Safeguarding children partnership" || p.Demo {
			t.Fatal(p, err)
		}
		want := Profile{Name: "Tidewell Safeguarding Children Partnership", Area: "Tidewell", Address: "1 Quay",
			URL: "https://tidewell.example", MailFrom: "a@tidewell.example", Demo: true}
		_, err = w.SaveSettings(w.ctx(), w.by, want, "", web.Unwatched)
		w.is(err, nil)
		if p, err = w.Profile(w.ctx()); p != want || err != nil {
			t.Fatal(p, err)
		}
		list, err := w.Contacts(w.ctx())
		if err != nil || len(list) != 3 || list[0].Number != "999" || list[0].Dial() != "tel:999" {
			t.Fatal(list, err)
		}
		boss := web.Person{ID: "ada", Permissions: map[web.Permission]bool{access.SettingsManage: true}}
		titles := func() string {
			todos, err := w.Todos(w.ctx(), boss)
			w.is(err, nil)
			var out []string
			for _, d := range todos {
				out = append(out, d.Title)
			}
			return strings.Join(out, "; ")
		}
		if got := titles(); got != "“Worried about a child?” lacks 2 numbers; Check 3 telephone numbers" {
			t.Error(got)
		}
		if todos, err := w.Todos(w.ctx(), web.Person{ID: "pat"}); len(todos) != 0 || err != nil {
			t.Error("somebody who cannot change them is asked to", todos, err)
		}
		for _, c := range list {
			w.is(w.CheckContact(w.ctx(), w.by, c.ID, c.Number), nil)
		}
		door, err := w.AddContact(w.ctx(), w.by, Contact{Purpose: "front-door-day", Name: "Front door",
			Number: "01632 960 001", Position: 2})
		w.is(err, nil)
		_, err = w.AddContact(w.ctx(), w.by, Contact{Purpose: "front-door-night", Name: "Front door at night",
			Number: "01632 960 001", Position: 3})
		w.is(err, nil)
		again, err := w.AddContact(w.ctx(), w.by, Contact{Purpose: "front-door-day", Name: "Tidewell front door",
			Number: "01632 960 001", Position: 2})
		if again != door || err != nil {
			t.Errorf("the same number for the same purpose stands twice: %v", err)
		}
		if got := titles(); got != "" {
			t.Error(got)
		}
		w.now = w.now.AddDate(0, 0, 89)
		if got := titles(); got != "" {
			t.Errorf("asked a day early: %s", got)
		}
		w.now = w.now.AddDate(0, 0, 1)
		if got := titles(); got != "Check 5 telephone numbers" {
			t.Error(got)
		}
		todos, err := w.Todos(w.ctx(), boss)
		if err != nil || todos[0].Due != day("2024-07-01") {
			t.Error(todos, err)
		}
		w.is(w.DeleteContact(w.ctx(), w.by, door, web.Unwatched), nil)
		w.is(w.DeleteContact(w.ctx(), w.by, door, web.Unwatched), db.ErrNotFound)
		w.is(w.CheckContact(w.ctx(), w.by, door, "01632 960 001"), db.ErrNotFound)
		if got := titles(); !strings.Contains(got, "lacks 1 number;") {
			t.Error(got)
		}
	})
}

// The first import brings the partnership's authority; a county brings its districts,
// which are areas inside it and of no return.
func TestCover(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		covered := func(want string) {
			t.Helper()
			list, err := w.Covered(w.ctx(), s.Work)
			if got := fmt.Sprint(list); err != nil || got != want {
				t.Errorf("covered: %s %v", got, err)
			}
		}
		covered("[]")
		w.is(w.AddArea(w.ctx(), w.by, Area{Code: "E10000011", Kind: "county", Name: "East Sussex"}), nil)
		w.is(s.Work.Tx(w.ctx(), func(q db.Q) error { return w.Cover(w.ctx(), q, w.by, "E10000011") }), nil)
		covered("[{E10000011 East Sussex  [] false}]")
		list, n, err := listAreas(w.ctx(), s.Work, areaFilter{Kind: "district", Limit: 10})
		if err != nil || n != 5 || list[0].Name != "Eastbourne" || list[0].ParentCode != "E10000011" || list[0].Covered {
			t.Errorf("%d districts: %+v %v", n, list, err)
		}
		if got := list[0].KindTitle(); got != "District" {
			t.Errorf("a district is called %q", got)
		}
		w.is(w.AddArea(w.ctx(), w.by, Area{Code: "E06000043", Kind: "authority", Name: "Brighton", Covered: true,
			ParentCode: "E10000011", EndedOn: day("2020-03-31")}), nil)
		w.is(w.SaveArea(w.ctx(), w.by, Area{Code: "E06000043", Kind: "authority", Name: "Brighton", Covered: true,
			ParentCode: "E10000011", EndedOn: day("2020-03-31")}, []string{"E10000011"}, web.Unwatched), nil)
		covered("[{E06000043 Brighton 2020-03-31 [East Sussex (E10000011)] true} {E10000011 East Sussex  [] false}]")
	})
}

func TestAreas(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ensure := func(code, name string) error {
			return s.Work.Tx(w.ctx(), func(q db.Q) error { return w.EnsureAuthority(w.ctx(), q, code, name) })
		}
		w.is(ensure("E08000015", ""), nil)
		w.is(ensure("E08000015", "Tidewell"), nil)
		w.is(ensure("E08000015", "Another name"), nil)
		w.is(ensure("Tidewell", "Tidewell"), ErrBadCode)
		list, err := w.Authorities(w.ctx())
		if err != nil || len(list) != 1 || list[0].Name != "Tidewell" || !list[0].Covered {
			t.Fatal(list, err)
		}
		for _, code := range []string{"E05000001", "E05000002", "E05000003"} {
			w.is(w.AddArea(w.ctx(), w.by, Area{Code: code, Kind: "ward", Name: "Ward " + code, ParentCode: "E08000015"}), nil)
		}
		w.is(w.AddArea(w.ctx(), w.by, Area{Code: "E05000001", Kind: "ward", Name: "Again"}), ErrCodeTaken)
		ended := Area{Code: "E05000001", Kind: "ward", Name: "North", ParentCode: "E08000015", EndedOn: day("2023-05-04")}
		w.is(w.SaveArea(w.ctx(), w.by, ended, []string{"E05000002", "E05000003"}, web.Unwatched), nil)
		w.is(w.SaveArea(w.ctx(), w.by, ended, []string{"E05000001"}, web.Unwatched), ErrSame)
		if err := w.SaveArea(w.ctx(), w.by, ended, []string{"E05999999"}, web.Unwatched); !errors.Is(err, ErrUnknownArea) {
			t.Errorf("an unknown successor was taken: %v", err)
		}
		changes, err := changesOf(w.ctx(), s.Work, "E05000001")
		if err != nil || len(changes) != 2 || changes[1].ToCode != "E05000003" || changes[0].ChangedOn != day("2023-05-04") {
			t.Error(changes, err)
		}
		a, err := areaByCode(w.ctx(), s.Work, "E05000001")
		if err != nil || !a.Ended() || a.Parent != "Tidewell" {
			t.Error(a, err)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		nhs, council := w.organisation("Tidewell Health", "health"), w.organisation("Tidewell Council", "local-authority")
		for org, pence := range map[string]int{nhs: 100_049, council: 250_050} {
			_, err := w.AddContribution(w.ctx(), w.by, Contribution{Year: "2023-24", OrganisationID: org, Pence: pence})
			w.is(err, nil)
		}
		id, err := w.AddContribution(w.ctx(), w.by, Contribution{Year: "2022-23", OrganisationID: nhs, Pence: 1})
		w.is(err, nil)
		_, err = w.AddContribution(w.ctx(), w.by, Contribution{Year: "2022-23", OrganisationID: nhs, Pence: 1})
		w.is(err, ErrPaidAlready)
		if _, err = w.AddContribution(w.ctx(), w.by, Contribution{Year: "2022-24", OrganisationID: nhs}); err == nil {
			t.Error("2022-24 was taken for a year")
		}
		w.is(w.SaveContribution(w.ctx(), w.by, Contribution{ID: id, Pence: 2}, web.Unwatched), nil)
		w.is(w.DeleteContribution(w.ctx(), w.by, id, web.Unwatched), nil)
		w.is(w.DeleteContribution(w.ctx(), w.by, id, web.Unwatched), db.ErrNotFound)
		a, b := w.committee("Executive"), w.committee("Learning")
		for _, m := range []Meeting{{CommitteeID: a, HeldOn: day("2023-04-01")}, {CommitteeID: a, HeldOn: day("2024-03-31")},
			{CommitteeID: b, HeldOn: day("2024-03-31")}, {CommitteeID: b, HeldOn: day("2024-04-01")}} {
			_, err := w.AddMeeting(w.ctx(), w.by, m)
			w.is(err, nil)
		}
		reg := figure.NewRegistry(figure.Stores{Work: w.Work}, w.Figures()...)
		year := period.Year(2023).Span()
		for _, c := range []struct {
			id   string
			ask  figure.Ask
			want string
		}{
			{"partnership.meetings", figure.Ask{Period: year}, "map[] 3"},
			{"partnership.meetings", figure.Ask{Period: year, By: "committee"},
				"map[committee:Executive] 2; map[committee:Learning] 1"},
			{"partnership.meetings", figure.Ask{Period: year, Where: map[string]string{"committee": "Learning"}},
				"map[committee:Learning] 1"},
			{"partnership.meetings", figure.Ask{Period: period.Year(2019).Span()}, "map[] 0"},
			{"partnership.funding", figure.Ask{Period: year}, "map[] 3501"},
			{"partnership.funding", figure.Ask{Period: year, By: "organisation"},
				"map[organisation:Tidewell Council] 2501; map[organisation:Tidewell Health] 1000"},
			{"partnership.funding", figure.Ask{Period: year, By: "sector"},
				"map[sector:health] 1000; map[sector:local-authority] 2501"},
			{"partnership.funding", figure.Ask{Period: year, Where: map[string]string{"sector": "health"}},
				"map[sector:health] 1000"},
			{"partnership.funding", figure.Ask{Period: period.Year(2022).Span()}, "map[] 0"},
		} {
			values, err := reg.Compute(w.ctx(), c.id, c.ask)
			w.is(err, nil)
			var got []string
			for _, v := range values {
				got = append(got, fmt.Sprint(v.Dims, " ", v.Numerator))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%s %+v: %s, want %s", c.id, c.ask, strings.Join(got, "; "), c.want)
			}
		}
		_, err = reg.Compute(w.ctx(), "partnership.funding", figure.Ask{Period: period.Month(2023, 6)})
		if held := (*figure.NotHeld)(nil); !errors.As(err, &held) {
			t.Errorf("a month's funding: %v", err)
		}
	})
}

func TestParsePounds(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"12": 1200, "12,500.50": 1250050, "£3.05": 305, "0": 0, " 7 ": 700, "x": -1,
		"": -1, "-1": -1, "1.5": -1, "1.505": -1, "99999999999": -1} {
		got, err := parsePounds(s)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d", s, got)
		}
	}
}
