package plan

import "kith/internal/access"

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

// actionRules are about actions. Everybody's are for those who hold PlanReadAll; an agency
// reads and does its own. Whoever reads an action sees that it was done and by what evidence
// in words; the files and what was said at it are for those whose action it is, those who
// look after the plan, and those who look at every organisation's work.
var actionRules = access.Kind{Name: actionSubject, PersonColumn: "a.owner_id", OrganisationColumn: "a.organisation_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanReadAll},
		{Do: access.Read, Needs: access.PlanManage},
		{Do: access.Read, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Read, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Change, Needs: access.PlanManage},
		{Do: actionDo, Needs: access.PlanRead, Of: access.Own},
		{Do: actionDo, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanManage},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.AuditsRead},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Read, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.ReviewsRead},
		{Do: access.Read, Fields: []string{reviewField}, Needs: access.PlanManage},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanManage},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Change, Fields: []string{evidenceField, saidField}, Needs: access.PlanRead,
			Of: access.OwnOrganisation},
	}}

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
	return []access.Kind{actionRules, recommendationRules, scrutinyRules, decisionRules}
}

// of gives whose an action is.
func (a Action) of() access.Object {
	return access.Object{PersonID: string(a.OwnerID), OrganisationID: string(a.OrganisationID)}
}
