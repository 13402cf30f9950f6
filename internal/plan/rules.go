package plan

import "kith/internal/access"

// evidenceField is the files that show that an action was done.
const evidenceField = "evidence"

// actionDo is to do an action, as its owner or for its organisation.
const actionDo access.Act = "do"

// actionRules are about actions. Whoever reads the register sees that an action was done and
// by what evidence in words; the files themselves are for those whose action it is, and for
// those who look at every organisation's work.
var actionRules = access.Kind{Name: actionSubject, PersonColumn: "a.owner_id", OrganisationColumn: "a.organisation_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PlanRead},
		{Do: access.Change, Needs: access.PlanManage},
		{Do: actionDo, Needs: access.PlanRead, Of: access.Own},
		{Do: actionDo, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Read, Fields: []string{evidenceField}, Needs: access.PlanManage},
		{Do: access.Read, Fields: []string{evidenceField}, Needs: access.AuditsRead},
		{Do: access.Read, Fields: []string{evidenceField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Read, Fields: []string{evidenceField}, Needs: access.PlanRead, Of: access.OwnOrganisation},
		{Do: access.Change, Fields: []string{evidenceField}, Needs: access.PlanManage},
		{Do: access.Change, Fields: []string{evidenceField}, Needs: access.PlanRead, Of: access.Own},
		{Do: access.Change, Fields: []string{evidenceField}, Needs: access.PlanRead, Of: access.OwnOrganisation},
	}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{actionRules} }

// of gives whose an action is.
func (a Action) of() access.Object {
	return access.Object{PersonID: string(a.OwnerID), OrganisationID: string(a.OrganisationID)}
}
