package audits

import "kith/internal/access"

// answerDo is to give an organisation's own answer to a self-assessment.
const answerDo access.Act = "answer"

// answerRules are about what an organisation answers in a self-assessment.
var answerRules = access.Kind{Name: "self-assessment answer", OrganisationColumn: "p.organisation_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.AuditsRead},
		{Do: access.Change, Needs: access.AuditsManage},
		{Do: answerDo, Needs: access.AuditsAnswer, Of: access.OwnOrganisation},
	}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{answerRules} }

// of gives whose an answer is.
func (p Participant) of() access.Object { return access.Object{OrganisationID: p.OrganisationID} }
