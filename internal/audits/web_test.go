package audits

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/remind"
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
		"officer": officer, "school": school, "head": head,
		"stranger": {ID: "z", OrganisationID: "council", Permissions: map[web.Permission]bool{access.AuditsAnswer: true}},
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
	form := ui.FormPage{Base: base, Cancel: root}
	a := Audit{ID: "a1", Title: "Pre-birth", Theme: "Pre-birth", Stage: Completed, CompletedOn: today,
		LearningHref: "/learning"}
	v := Round{ID: "r1", Standard: Section11, Year: "2023-24", Title: "Thresholds", OpenedOn: today, DueOn: today,
		Asked: 2, Submitted: 1}
	p := Participant{RoundID: "r1", OrganisationID: "north", Organisation: "North School", Sector: "education",
		State: Started, Chased: 1, Contact: "Ada North"}
	made := map[string]any{
		"audits": auditsPage{Base: base, Manage: true, Stages: ui.WordChoices(stages), Audits: []Audit{a}},
		"audit": auditPage{Base: base, Audit: a, Manage: true, Late: true, Steps: []stepRow{{"Completed", today}},
			History: []audittrail.Entry{{Act: "added"}}},
		"audit-form": auditFormPage{FormPage: form, Steps: steps},
		"step":       stepPage{FormPage: form, Audit: a, Next: ui.Choices("shared", "Learning shared")},
		"rounds": roundsPage{Base: base, Manage: true, Today: today, Standards: standardChoices(),
			Rounds: []Round{v}},
		"round": roundPage{Base: base, Round: v, Manage: true, Today: today, States: ui.WordChoices(states),
			Sectors: register.Standard().Choices(), Participants: []Participant{p}},
		"round-form": roundFormPage{FormPage: form, Standards: standardChoices()},
		"ask":        askPage{FormPage: form, Round: v, Sectors: register.Standard().Choices()},
		"chase": chasePage{FormPage: form, Round: v, Chase: Chase{[]Participant{p}, []Participant{p},
			[]Participant{p}}, Act: "Chase 1 organisation"},
		"participant-form": participantFormPage{FormPage: form, CameBack: "E-mail came back.",
			Reminders: []remind.Sent{{ToName: "Ada North"}, {Problem: "nobody is named for it"}}, Round: v, Participant: p,
			States:     ui.WordChoices(states),
			RemoveHref: root},
		"answer":  answerPage{Base: base, Round: v, Participant: p, Others: []Participant{p}},
		"answers": answersPage{Base: base, Round: v, Answers: []Participant{p, p}},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
