package audits

import (
	"testing"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{
		"officer": officer, "school": school,
		"stranger": {ID: "z", OrganisationID: "council", Permissions: map[string]bool{answer: true}},
	}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, _ := newRoom(t, s)
		testkit.Scripts(t, people, nil, r.Routes()...)
	})
}

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(files)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "Pre-birth", Layout: ui.LayoutWork}
	a := Audit{ID: "a1", Title: "Pre-birth", Theme: "Pre-birth", Stage: Completed, CompletedOn: today, LearningHref: "/learning"}
	v := Round{ID: "r1", Standard: Section11, Year: "2023-24", Title: "Thresholds", OpenedOn: today, DueOn: today, Asked: 2, Submitted: 1}
	p := Participant{RoundID: "r1", OrganisationID: "north", Organisation: "North School", Sector: "education", State: Started, Chased: 1, Contact: "Ada North"}
	made := map[string]any{
		"list":        listPage{Base: base, Manage: true, Stages: stageChoices(), Audits: []Audit{a}},
		"audit":       auditPage{Base: base, Audit: a, Manage: true, Late: true, Steps: []stepRow{{"Completed", today}}, History: []audittrail.Entry{{Act: "added"}}},
		"form":        formPage{Base: base, Steps: steps, Cancel: root},
		"step":        stepPage{Base: base, Audit: a, Next: stepChoices(steps), Cancel: root},
		"confirm":     confirmPage{Base: base, Words: []string{"It goes."}, Act: "Delete", Cancel: root},
		"rounds":      roundsPage{Base: base, Manage: true, Today: today, Standards: standardChoices(), Rounds: []Round{v}},
		"round":       roundPage{Base: base, Round: v, Manage: true, Today: today, States: stateChoices(), Sectors: register.Standard().Choices(), Participants: []Participant{p}},
		"round-form":  roundFormPage{Base: base, Standards: standardChoices(), Cancel: root},
		"ask":         askPage{Base: base, Round: v, Sectors: register.Standard().Choices(), Cancel: root},
		"chase":       chasePage{Base: base, Round: v, Chase: Chase{[]Participant{p}, []Participant{p}, []Participant{p}}, Act: "Chase 1 organisation", Cancel: root},
		"participant": participantPage{Base: base, Round: v, Participant: p, States: stateChoices(), Cancel: root},
		"answer":      answerPage{Base: base, Round: v, Participant: p, Today: today},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
