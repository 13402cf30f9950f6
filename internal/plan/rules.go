package plan

import (
	"kith/internal/access"
	"kith/internal/kit/web"
)

// The parts of an action that have rules of their own.
const (
	evidenceField = "evidence" // the files that show that it was done
	saidField     = "said"     // what was said at it
)

// reviewField is the name of the review that an action or a recommendation comes from. That there
// is a review of a child, and how it stands, is for those who may read reviews, and for those who
// write the name here; to others it is "a review".
const reviewField = "review"

// actionDo is to do an action, as its owner or for its organisation: to say that it is done,
// to ask for longer, to say what is in the way, to hand it to a colleague.
const actionDo access.Act = "do"

// actionHelp is to help with an action: to say how it goes and to add files, beside its owner.
const actionHelp access.Act = "help"

// helpersOf gives the people who help with an action of a query.
const helpersOf = `SELECT h.person_id FROM plan_helpers h WHERE h.action_id = a.id`

// actionRules are about actions. Everybody's are for those who hold PlanReadAll; an agency
// reads and does its own. Whoever reads an action sees that it was done and by what evidence
// in words; the files and what was said at it are for those whose action it is, those who help with
// it, those who look after the plan, and those who look at every organisation's work.
var actionRules = access.Kind{Name: actionSubject, PersonColumn: "a.owner_id", OrganisationColumn: "a.organisation_id",
	NamedQuery: helpersOf,
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanReadAll},
		{Do: access.Read, Needs: access.PlanManage},
		{Do: access.Read, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Read, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Needs: access.PlanRead, Of: access.Named},
		{Do: access.Change, Needs: access.PlanManage},
		{Do: actionHelp, Needs: access.PlanRead, Of: access.Named},
		{Do: actionDo, Needs: access.PlanRead, Of: access.Own},
		{Do: actionDo, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanManage},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.AuditsRead},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Named},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.ReviewsRead},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.PlanManage},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Named},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanManage},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead,
			Of: access.OwnOrganisation},
	}}

// asksHelp reports whether somebody may ask others to help with an action: who does it, and who
// looks after it.
func asksHelp(by web.Person, a Action) bool {
	return actionRules.May(by, actionDo, a.of()) || actionRules.May(by, access.Change, a.of())
}

// helperRules are about one's helping: a helper may stop.
var helperRules = access.Kind{Name: "helper of an action", PersonColumn: "h.person_id",
	Rules: []access.Rule{{Do: access.Change, Needs: access.PlanRead, Of: access.Own}}}

// recommendationRules are about recommendations, which are nobody's in particular.
var recommendationRules = access.Kind{Name: recommendationSubject,
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanRead},
		{Do: access.Change, Needs: access.PlanManage},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.ReviewsRead},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.PlanManage},
	}}

// scrutinyRules are about scrutiny notes and lines of enquiry. The scrutineer keeps their own;
// those who keep the plan keep all of them, and write what the partners answer.
var scrutinyRules = access.Kind{Name: scrutinySubject, PersonColumn: "s.author_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanRead},
		{Do: access.Change, Needs: access.PlanManage},
		{Do: access.Change, Needs: access.PlanScrutinise, Of: access.Own},
	}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind {
	return []access.Kind{actionRules, recommendationRules, scrutinyRules, decisionRules, helperRules}
}

// of gives whose an action is.
func (a Action) of() access.Object {
	return access.Object{PersonID: string(a.OwnerID), OrganisationID: string(a.OrganisationID), Named: a.helpers()}
}
