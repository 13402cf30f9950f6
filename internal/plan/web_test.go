package plan

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// The pages do what the scripts of testdata say.
func TestPages(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{"manager": manager, "partner": partner, "reviewer": reviewer,
		"signer": signer, "other-signer": otherSigner,
		"another-agency": {ID: "ben", Name: "Ben Other", OrganisationID: "council", Permissions: partner.Permissions},
		"panel-member": {ID: "pat", Name: "Pat Panel", Permissions: map[web.Permission]bool{access.PlanRead: true,
			access.PlanReadAll: true, access.ReviewsRead: true}},
		"scrutineer": {ID: "sam", Name: "Scrutineer",
			Permissions: map[web.Permission]bool{access.PlanRead: true, access.PlanReadAll: true, access.AuditsRead: true}}}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		testkit.Scripts(t, people, nil, r.Routes()...)
	})
}

// An owner who has left stays when something else is corrected, and cannot be
// named anew.
func TestOwnerWhoLeft(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		id := must(t)(r.AddAction(t.Context(), manager, Action{Title: "Visit schools", SourceKind: FromReview,
			Source: "Rowan", OwnerID: "old", DueOn: today}))
		testkit.RunScript(t, "left", `
as manager
POST $AT/edit title="Visit all schools" source_kind=review source=Rowan owner="Old Lead (old@trust.example)" owner-chosen="old Old Lead (old@trust.example)" due=2024-06-01
code == 303
follow
text "Old Lead"
text "Visit all schools"
POST /work/plan/actions/new title="Visit nurseries" source_kind=review source=Rowan owner="Old Lead (old@trust.example)" owner-chosen="old Old Lead (old@trust.example)" due=2024-06-01
code == 422
text "Nobody here"
`, map[string]web.Person{"manager": manager}, map[string]string{"AT": actionHref(id)}, r.Routes()...)
	})
}

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "Business plan", Layout: ui.LayoutWork}
	a := Action{ID: "a1", Title: "Visit schools", SourceKind: FromPriority, Status: Open, DueOn: today,
		Organisation: "Tidewell Council",
		PriorityID:   "p1", Priority: "Education", RecommendationID: "n1", Recommendation: "Ask fathers too."}
	p := Priority{ID: "p1", Year: "2024-25", Place: 1, Title: "Education", Outcome: "Schools act sooner.", Status: Partly,
		JudgedOn: today, Achieved: "Some.", Remains: "The rest.", Owner: "Ann Lead"}
	n := Recommendation{ID: "n1", Words: "Ask fathers too.", SourceKind: FromReview, Source: "Rowan", MadeOn: today}
	x := Scrutiny{ID: "s1", Subject: "The front door", Scrutineer: "Scrutineer", Method: "Visit", SeenOn: today,
		Seen: "Calm."}
	line := Enquiry{ID: "e1", Question: "Who lives there?", Why: "x", Author: "Sam", OpenedOn: today, DueOn: today,
		ClosedOn: today, Judgement: PartlySure, Conclusion: "Half."}
	form := ui.FormPage{Base: base, Cancel: root}
	table := actionTable{Of: "this", Today: today, Impact: true, Actions: []Action{a}}
	history := []audittrail.Entry{{Act: "added", At: db.Time{}}}
	evidence := &ui.FileList{AddHref: "/add", Asked: 2, AskedHref: "/ask", Words: "PDF", Items: []ui.FileItem{
		{Name: "a.pdf", Href: "/a", Open: "/a/1", By: "Ann", Facts: "PDF", Tone: "good", State: "Checked"},
		{Name: "b.pdf", Href: "/b", By: "Ann", Facts: "PDF", Tone: "watch", State: "Not yet checked"}}}
	made := map[string]any{
		"plan": planPage{Base: base, Plan: Plan{Year: "2024-25", Title: "Business plan"}, Manage: true, History: history,
			Partners: []Partner{{Name: "Council", Last: Decision{Answer: register.Agreed, Person: "Dot", Words: "x"}},
				{Name: "Trust"}},
			Decides: true, Years: []ui.NavItem{{Text: "2024-25", Href: "/a", Current: true}, {Text: "2023-24", Href: "/b"}},
			Priorities: []priorityActions{{p, table}}},
		"decide":        decidePage{FormPage: form, Plan: Plan{Title: "Plan"}, Label: "Why?", Act: "Decline"},
		"plan-form":     planFormPage{form, true},
		"priorities":    prioritiesPage{Base: base, Statuses: ui.WordChoices(statuses), Priorities: []Priority{p}},
		"priority":      priorityPage{Base: base, Priority: p, Manage: true, Register: table, History: history},
		"priority-form": form,
		"judge":         judgePage{FormPage: form, Priority: p, Statuses: ui.WordChoices(statuses)},
		"actions": actionsPage{Base: base, Manage: true, Today: today, States: stateChoices(),
			Sources: ui.WordChoices(sourceKinds), Actions: []Action{a}},
		"action": actionPage{Base: base, Evidence: evidence, Action: a, Standing: a.Standing(today),
			Manage: true, Does: true, May: true, Nobody: "Nobody.", Invite: "/work/people/new", Thread: thread(a),
			Said: []Said{{Kind: Asked, Person: "Ann", Words: "Why", Day: today}}, History: history},
		"action-form": actionFormPage{FormPage: form, Sources: ui.WordChoices(sourceKinds)},
		"finish":      endPage{form, a},
		"drop":        endPage{form, a},
		"claim":       endPage{form, a},
		"say":         sayPage{FormPage: form, Action: a, Intro: "x", Label: "Why?", Hint: "y", Until: true, Act: "Ask"},
		"helper":      helperPage{FormPage: form, Action: a, Picker: "helper:a"},
		"give": severalPage{FormPage: form, Actions: []chosenAction{{a, "m"}}, Done: "One was given.",
			Not: []NotDone{{ID: "b", Title: "Other", Why: "it was done or dropped"}}},
		"move": severalPage{FormPage: form},
		"hand": handPage{FormPage: form, Action: a, People: 1},
		"recommendations": recommendationsPage{Base: base, Manage: true, Sources: ui.WordChoices(sourceKinds),
			Recommendations: []Recommendation{n}},
		"recommendation": recommendationPage{Base: base, Recommendation: n, Standing: n.Standing(), Manage: true,
			Register: table,
			History:  history},
		"recommendation-form": recommendationFormPage{FormPage: form, Sources: ui.WordChoices(sourceKinds)},
		"scrutinies":          scrutiniesPage{Base: base, Change: true, Notes: []Scrutiny{x}, Enquiries: []Enquiry{line}},
		"scrutiny":            scrutinyPage{Base: base, Scrutiny: x, Change: true, Act: "Change", History: history},
		"scrutiny-form":       scrutinyFormPage{FormPage: form, Manage: true, Enquiries: ui.Choices("e", "Homes")},
		"enquiry":             enquiryPage{Base: base, Enquiry: line, Change: true, Notes: []Scrutiny{x}, History: history},
		"enquiry-form":        form,
		"verdict":             verdictPage{FormPage: form, Enquiry: line, Verdicts: ui.WordChoices(verdicts)},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
