package register

import (
	"context"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// withPeople keeps an organisation and some people, given as id, name, address, job
// and whether they are active.
func withPeople(t *testing.T, s testkit.Stores) {
	t.Helper()
	err := act(t, s, func(ctx context.Context, q db.Q) error {
		if _, err := db.Exec(ctx, q, `
			INSERT INTO organisations (id, name, folded, sector, created_at)
			VALUES ('nhs', 'Tidewell Health', 'tidewell health', 'health', '2024-01-01 00:00:00')`); err != nil {
			return err
		}
		for _, p := range [][]any{
			{"p1", "Priya Shah", "priya@x.example", "Nurse", "nhs", true},
			{"p2", "Priya Shah", "priya.shah@y.example", "Head teacher", nil, true},
			{"p3", "Sam Lee-Jones", "sam@x.example", "", nil, true},
			{"p4", "Samantha Leeson", "", "Social worker", "nhs", true},
			{"p5", "Lee Moss", "lee@sam.example", "", nil, true},
			{"p6", "Gone Person", "gone@x.example", "", nil, false},
			{"p7", "Sam Lee", "", "", nil, true},
			{"p8", "100% Real", "real@x.example", "", nil, true},
			{"p9", "Zoë O'Brien", "office@harbour.example", "", nil, true},
			{"p10", "Bob Birch", "office@harbour.example", "", nil, true},
		} {
			email, _ := p[2].(string)
			name, _ := p[1].(string)
			if _, err := db.Exec(ctx, q, `
				INSERT INTO people (id, name, email, job_title, organisation_id, active, folded, name_key, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '2024-01-01 00:00:00')`,
				append(p, db.Fold(name+" "+email), names.Key(name))...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keeper keeps records with people in them.
var keeper = web.Person{Permissions: may(access.PlanManage)}

// Who keeps no such records finds those of the organisations they act for.
func TestWhomOneFinds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		for what, c := range map[string]struct {
			by   web.Person
			want string
		}{
			"of one's own organisation": {web.Person{ID: "p1", OrganisationID: "nhs", Permissions: may(access.PeopleRead)},
				"p4"},
			"of none":         {web.Person{ID: "p5", Permissions: may(access.PeopleRead)}, "p5"},
			"without reading": {web.Person{ID: "p1", OrganisationID: "nhs"}, ""},
			"everybody":       {keeper, "p5 p7 p3 p4"},
		} {
			list, _, err := FindPeople(t.Context(), s.Work, c.by, "lee")
			var got []string
			for _, p := range list {
				got = append(got, p.ID)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: finds %v, not %q: %v", what, got, c.want, err)
			}
		}
	})
}

func TestFindPeople(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		for typed, want := range map[string]string{
			"priya": "p2 p1", "SHAH": "p2 p1", "shah priya": "p2 p1", "priya shah": "p2 p1", "lee": "p5 p7 p3 p4", "jones": "p3",
			"lee-jones": "p3", "sam lee": "p7 p3 p4", "moss": "p5", "sam@": "p3", "gone": "", "%": "", "100%": "p8", "_": "",
			"": "", " , ": "",
			"zoe": "p9", "ZOË o’brien": "p9", "office@harbour.example": "p10 p9",
			"example": "", "priya@x.example": "p1", "hah": "", "Sam Lee (sam@x.example)": "p3",
		} {
			list, more, err := FindPeople(t.Context(), s.Work, keeper, typed)
			var got []string
			for _, p := range list {
				got = append(got, p.ID)
			}
			if err != nil || more || strings.Join(got, " ") != want {
				t.Errorf("%q finds %v, not %q: %v", typed, got, want, err)
			}
		}
		if list, _, _ := FindPeople(t.Context(), s.Work, keeper, "samantha"); len(list) != 1 ||
			list[0].More() != "Social worker, Tidewell Health" {
			t.Errorf("%+v", list)
		}
	})
}

func TestFindPeopleGivesFew(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		err := act(t, s, func(ctx context.Context, q db.Q) error {
			var rows [][]any
			for i := range 12 {
				id := "p" + string(rune('a'+i))
				rows = append(rows, []any{id, "Sam " + id, "sam " + id, "", "2024-01-01 00:00:00"})
			}
			return db.Insert(ctx, q, `INSERT INTO people (id, name, folded, email, created_at)`, rows, "")
		})
		if err != nil {
			t.Fatal(err)
		}
		list, more, err := FindPeople(t.Context(), s.Work, keeper, "sam")
		if err != nil || len(list) != MostFound || !more {
			t.Fatalf("%d %v %v", len(list), more, err)
		}
		f := web.NewForm("owner", "sam")
		keeper := web.Person{Permissions: may(access.PeopleRead, access.PlanManage)}
		_, err = PickPerson(t.Context(), s.Work, keeper, f, "owner", "", "")
		if o, ok := f.Offered("owner"); err != nil || !ok || len(o.Choices) != MostFound ||
			!strings.Contains(f.Problem("owner"), "type more") {
			t.Fatalf("%v %+v %q", err, o, f.Problem("owner"))
		}
	})
}

func may(permissions ...web.Permission) map[web.Permission]bool {
	out := map[web.Permission]bool{}
	for _, p := range permissions {
		out[p] = true
	}
	return out
}

func TestPickPerson(t *testing.T) {
	t.Parallel()
	sees := web.Person{ID: "me", Permissions: may(access.PeopleRead, access.PlanManage)}
	keeps := web.Person{ID: "me", Permissions: may(access.PeopleRead, access.PeopleManage)}
	blind := web.Person{ID: "me"}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		for _, c := range []struct {
			by                  web.Person
			typed, chosen, kept string
			want                string // an id; "" for nobody
			problem             string
			offers              int
			adds                bool
		}{
			{by: sees, typed: "", want: "", problem: "Say who owns it"},
			{by: sees, typed: "moss", want: "p5"},
			{by: sees, typed: "sam lee", want: "p7"}, // the whole name of one, though it begins others
			{by: sees, typed: "Priya Shah", problem: "Several people fit “Priya Shah”", offers: 2},
			{by: sees, typed: "PRIYA@x.example", want: "p1"},
			{by: sees, typed: "office@harbour.example", problem: "Several people fit", offers: 2},
			{by: sees, typed: "Zoë O’Brien (office@harbour.example)", want: "p9"},
			{by: blind, typed: "Bob Birch office@harbour.example", want: "p10"},
			{by: blind, typed: "office@harbour.example", problem: "Several people have this e-mail address"},
			{by: sees, typed: "Priya Shah (priya.shah@y.example)", want: "p2"},
			// One of two of the same name, chosen among those offered.
			{by: sees, typed: "Priya Shah", chosen: "p2 Priya Shah", want: "p2"},
			{by: sees, typed: " Priya Shah ", chosen: "p1 Priya Shah", want: "p1"},
			// Other words than those somebody was chosen by: the choice no longer counts.
			{by: sees, typed: "moss", chosen: "p2 Priya Shah", want: "p5"},
			{by: sees, typed: "priya", chosen: "none priya", problem: "Several people fit", offers: 2},
			{by: sees, typed: "gone", problem: "Nobody here fits “gone”"},
			{by: keeps, typed: "gone", problem: "Nobody here fits “gone”", adds: true},
			{by: sees, typed: "Gone Person (gone@x.example)", chosen: "p6 Gone Person (gone@x.example)",
				problem: "Nobody here fits"},
			{by: sees, typed: "Gone Person (gone@x.example)", chosen: "p6 Gone Person (gone@x.example)", kept: "p6", want: "p6"},
			// Who may not see people learns of nobody but by an exact address.
			{by: blind, typed: "priya", problem: "Nobody here has this e-mail address"},
			{by: blind, typed: "moss", problem: "Nobody here has this e-mail address"},
			{by: blind, typed: "lee@sam.example", want: "p5"},
		} {
			f := web.NewForm("owner", c.typed, "owner-chosen", c.chosen)
			p, err := PickPerson(t.Context(), s.Work, c.by, f, "owner", "Say who owns it", c.kept)
			offer, _ := f.Offered("owner")
			if err != nil || p.ID != c.want || !strings.HasPrefix(f.Problem("owner"), c.problem) ||
				(c.problem == "") != f.OK() ||
				len(offer.Choices) != c.offers || (offer.Add != "") != c.adds {
				t.Errorf("%q %q: %+v %v %v %+v", c.typed, c.chosen, p, err, f.Problems(), offer)
			}
			if p.ID != "" && f.Chosen("owner") != p.ID {
				t.Errorf("%q: the form does not keep %s: %q", c.typed, p.ID, f.Value("owner-chosen"))
			}
		}
	})
}
