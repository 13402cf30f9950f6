package register

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// withOrganisations keeps organisations, given as id, name and when they ended.
func withOrganisations(t *testing.T, s testkit.Stores) {
	t.Helper()
	err := act(t, s, func(ctx context.Context, q db.Q) error {
		for _, o := range [][]any{
			{"st", "St Mary's C of E Primary School", nil}, {"gull", "Gull Lane School", nil},
			{"quay", "Quay Infants’ School", nil}, {"old", "Old Mill School", "2024-03-31"},
			{"nhs", "Tidewell Health & Care", nil},
		} {
			name, _ := o[1].(string)
			if _, err := db.Exec(ctx, q, `
				INSERT INTO organisations (id, name, ended_on, folded, name_key, sector, created_at)
				VALUES ($1, $2, $3, $4, $5, 'education', '2024-01-01 00:00:00')`,
				append(o, db.Fold(name), names.Key(name))...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFindOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withOrganisations(t, s)
		for typed, want := range map[string]string{
			"school": "gull quay st", "gull": "gull", "lane school": "gull", "st marys": "st", "ST MARY’S": "st", "mary's": "st",
			"infants school": "quay", "mill": "", "hool": "", "%": "", "": "", "'": "",
			"health and care": "nhs", "health &": "nhs",
		} {
			list, more, err := FindOrganisations(t.Context(), s.Work, typed)
			var got []string
			for _, o := range list {
				got = append(got, o.ID)
			}
			if err != nil || more || strings.Join(got, " ") != want {
				t.Errorf("%q finds %v, not %q: %v", typed, got, want, err)
			}
		}
		if list, _, _ := FindOrganisations(t.Context(), s.Work, "gull"); len(list) != 1 || list[0].Sector != "Education" {
			t.Errorf("%+v", list)
		}
	})
}

// Who has a name with an apostrophe is found however somebody types it.
func TestApostrophes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		for _, typed := range []string{"o'brien", "O’Brien", "obrien", "o brien", "zoe obr", "brien", "Zoë O`Brien"} {
			list, _, err := FindPeople(t.Context(), s.Work, keeper, typed)
			want := 1
			if typed == "brien" { // no word of the name begins so
				want = 0
			}
			if err != nil || len(list) != want || want == 1 && list[0].ID != "p9" {
				t.Errorf("%q finds %v: %v", typed, list, err)
			}
		}
	})
}

// A picker answers for what somebody may look among, and leads to adding only who may add.
func TestSuggest(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		for what, c := range map[string]struct {
			may  []web.Permission
			kind string
			rows int
			add  string
			none bool
		}{
			"people": {[]web.Permission{access.PeopleRead, access.PlanManage}, ui.PickPeople, 4, "", false},
			"who adds people": {[]web.Permission{access.PeopleRead, access.PeopleManage}, ui.PickPeople, 4, addPerson,
				false},
			"organisations alone":       {[]web.Permission{access.PartnershipRead}, ui.PickPeople, 0, "", true},
			"organisations":             {[]web.Permission{access.PartnershipRead}, ui.PickOrganisations, 0, "", false},
			"people, not organisations": {[]web.Permission{access.PeopleRead}, ui.PickOrganisations, 0, "", true},
			"no such kind":              {[]web.Permission{access.PeopleRead, access.PartnershipRead}, "figure", 0, "", true},
		} {
			got, err := Suggest(t.Context(), s.Work, web.Person{Permissions: may(c.may...)}, c.kind, "lee")
			if errors.Is(err, web.ErrNotFound) != c.none || len(got.Rows) != c.rows || got.Add != c.add {
				t.Errorf("%s: %+v %v", what, got, err)
			}
		}
	})
}

func TestPickOrganisation(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withOrganisations(t, s)
		sees, blind := web.Person{Permissions: may(access.PartnershipRead)}, web.Person{}
		for _, c := range []struct {
			by                  web.Person
			typed, chosen, kept string
			want, problem       string
			offers              int
		}{
			{by: sees, typed: "", problem: "Say which"},
			{by: sees, typed: "gull", want: "gull"},
			{by: sees, typed: "GULL lane school", want: "gull"},
			{by: blind, typed: "Gull Lane School", want: "gull"},
			{by: blind, typed: "gull", problem: "No organisation is called"},
			{by: sees, typed: "school", problem: "Several organisations fit", offers: 3},
			{by: sees, typed: "school", chosen: "quay school", want: "quay"},
			{by: sees, typed: "gull", chosen: "quay school", want: "gull"},
			{by: sees, typed: "moon", problem: "No organisation here fits"},
			{by: sees, typed: "Old Mill School", chosen: "old Old Mill School", problem: "No organisation here fits"},
			{by: sees, typed: "Old Mill School", chosen: "old Old Mill School", kept: "old", want: "old"},
		} {
			f := web.NewForm("team", c.typed, "team-chosen", c.chosen)
			o, err := PickOrganisation(t.Context(), s.Work, c.by, f, "team", "Say which", c.kept)
			offer, _ := f.Offered("team")
			if err != nil || o.ID != c.want || !strings.HasPrefix(f.Problem("team"), c.problem) ||
				(c.problem == "") != f.OK() || len(offer.Choices) != c.offers || o.ID != "" && f.Chosen("team") != o.ID {
				t.Errorf("%+v: %+v %v %v %+v", c, o, err, f.Problems(), offer)
			}
			if err := SayKept(t.Context(), s.Work, f, "team"); err != nil || (f.Kept("team") != "") != (c.want == "old") {
				t.Errorf("%+v: kept because %q: %v", c, f.Kept("team"), err)
			}
		}
	})
}

func TestPickOrganisations(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withOrganisations(t, s)
		by := web.Person{Permissions: may(access.PartnershipRead)}
		for _, c := range []struct {
			picked        []string
			typed, want   string
			kept          []string
			problem, left string // of the field; what still stands in it
		}{
			{picked: []string{"gull Gull", "quay Quay"}, want: "gull quay"},
			{picked: []string{"gull Gull"}, typed: "quay", want: "gull quay"},
			{picked: []string{"gull Gull"}, typed: "gull", want: "gull"},
			{picked: []string{"gull Gull"}, typed: "school", want: "gull", problem: "Several", left: "school"},
			{picked: []string{"old Old"}, problem: "One of those"},
			{picked: []string{"old Old"}, kept: []string{"old"}, want: "old"},
		} {
			f := web.NewForm("teams", c.typed)
			for _, p := range c.picked {
				id, words, _ := strings.Cut(p, " ")
				f.ChooseAlso("teams", id, words)
			}
			got, err := PickOrganisations(t.Context(), s.Work, by, f, "teams", c.kept...)
			if err != nil || strings.Join(got, " ") != c.want || !strings.HasPrefix(f.Problem("teams"), c.problem) ||
				(c.problem == "") != f.OK() || f.Value("teams") != c.left {
				t.Errorf("%+v: %v %v %v %q", c, got, err, f.Problems(), f.Value("teams"))
			}
		}
	})
}
