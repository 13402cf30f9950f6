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
	} {
		if got := Lacks(c.by, Of(c.role), "quay"); !slices.Equal(got, c.want) {
			t.Errorf("%s lacks %v of %s, not %v", c.by.ID, got, c.role, c.want)
		}
	}
	for _, of := range Roles() { // nobody lacks what their own role gives in their own organisation
		if got := Lacks(as(of.ID, "quay"), Of(of.ID), "quay"); len(got) > 0 {
			t.Errorf("%s lacks %v of its own", of.ID, got)
		}
	}
	if !OfOwnOrganisation(Of("agency-lead")) || OfOwnOrganisation(Of("panel-member", "practitioner")) {
		t.Error("what is of one's own organisation is not told")
	}
}
