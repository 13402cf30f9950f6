package access

import (
	"slices"
	"testing"

	"kith/internal/kit/web"
)

// TestLacks: what somebody lacks of a role, permission by permission, and for what is of
// one's own organisation in that organisation only.
func TestLacks(t *testing.T) {
	t.Parallel()
	as := func(role, organisation string) web.Person {
		return web.Person{ID: role, OrganisationID: organisation, Permissions: Of(role)}
	}
	given := func(of, own string, organisations ...string) web.Person {
		var list []GivenRole
		for _, o := range organisations {
			r, _ := RoleByID(of)
			list = append(list, GivenRole{Role: r, For: o})
		}
		return With(web.Person{ID: of, OrganisationID: own}, list)
	}
	for _, c := range []struct {
		by   web.Person
		role string
		want []web.Permission
	}{
		{as("coordinator", ""), "practitioner", nil},
		{as("coordinator", ""), "school-lead", []web.Permission{AuditsAnswer}}, // books for everybody already
		{as("coordinator", ""), "panel-member", []web.Permission{ReviewsRead}},
		{as("business-manager", ""), "safeguarding-partner", []web.Permission{ReportSign}},
		{as("business-manager", ""), "administrator", nil},
		{as("business-manager", ""), "school-lead", nil}, // who runs the audits, and the training, of everybody
		{as("administrator", ""), "practitioner", []web.Permission{TrainingRead, TrainingBook}},
		{as("school-lead", "quay"), "school-lead", nil},
		{as("school-lead", "harbour"), "school-lead", []web.Permission{TrainingBookOthers, AuditsAnswer}},
		{web.Person{}, "independent-reviewer", []web.Permission{ReviewsRead}},
		{given("school-lead", "harbour", "quay", "pier"), "school-lead", nil},
		{given("school-lead", "quay", "harbour", "pier"), "school-lead", []web.Permission{TrainingBookOthers, AuditsAnswer}},
		{given("school-lead", "quay", ""), "school-lead", nil},
		{given("school-lead", "harbour", "", "quay"), "school-lead", nil},
	} {
		if got := Lacks(c.by, Powers(as(c.role, "quay"))); !slices.Equal(got, c.want) {
			t.Errorf("%s lacks %v of %s, not %v", c.by.ID, got, c.role, c.want)
		}
	}
	for _, of := range Roles() { // nobody lacks what their own role gives in their own organisation
		if got := Lacks(as(of.ID, "quay"), Powers(as(of.ID, "quay"))); len(got) > 0 {
			t.Errorf("%s lacks %v of its own", of.ID, got)
		}
	}
	lead, _ := RoleByID("agency-lead")
	panel, _ := RoleByID("panel-member")
	if !lead.OfOwnOrganisation() || panel.OfOwnOrganisation() {
		t.Error("what is of one's own organisation is not told")
	}
	if got := Lacks(as("school-lead", "quay"), Powers(given("school-lead", "quay", "", "pier"))); len(got) != 2 {
		t.Errorf("for one more organisation a school's lead lacks %v", got)
	}
}

// TestWith: what roles allow together, and for whom.
func TestWith(t *testing.T) {
	t.Parallel()
	school, _ := RoleByID("school-lead")
	agency, _ := RoleByID("agency-lead")
	gone := agency
	gone.Retired = true
	ada := web.Person{ID: "ada", OrganisationID: "quay"}
	for _, c := range []struct {
		given []GivenRole
		p     web.Permission
		want  []string
	}{
		{nil, AuditsAnswer, nil},
		{[]GivenRole{{Role: school}}, AuditsAnswer, []string{"quay"}},
		{[]GivenRole{{Role: school, For: "pier"}}, AuditsAnswer, []string{"pier"}},
		{[]GivenRole{{Role: school}, {Role: school, For: "pier"}}, AuditsAnswer, []string{"quay", "pier"}},
		{[]GivenRole{{Role: school}, {Role: agency, For: "pier"}}, PlanRead, []string{"quay", "pier"}},
		{[]GivenRole{{Role: school}, {Role: gone, For: "pier"}}, AuditsAnswer, []string{"quay"}},
		{[]GivenRole{{Role: gone}}, PeopleRead, nil},
	} {
		if got := With(ada, c.given).ActsFor(c.p); !slices.Equal(got, c.want) {
			t.Errorf("with %v, %s counts for %v, not %v", c.given, c.p, got, c.want)
		}
	}
	for _, s := range []string{"school-lead", "school-lead@pier"} {
		id, organisation := ParseGiven(s)
		if got := (GivenRole{Role: Role{ID: id}, For: organisation}).String(); got != s {
			t.Errorf("%s is written %s", s, got)
		}
	}
}

// TestPermissionsInWords: a form of roles shows each permission once, in words.
func TestPermissionsInWords(t *testing.T) {
	t.Parallel()
	var shown []web.Permission
	said := map[string]bool{}
	for _, g := range Groups() {
		if g.Title == "" || len(g.Permissions) == 0 {
			t.Errorf("the group %q is empty", g.Title)
		}
		for _, p := range g.Permissions {
			does, _ := Words(p)
			if does == "" || said[does] {
				t.Errorf("%s has no words of its own: %q", p, does)
			}
			said[does] = true
			shown = append(shown, p)
		}
	}
	if len(shown) != len(Permissions()) || len(words) != len(Permissions()) {
		t.Errorf("%d permissions are shown, of %d", len(shown), len(Permissions()))
	}
}
