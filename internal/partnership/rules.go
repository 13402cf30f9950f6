package partnership

import "kith/internal/access"

// peopleField is who works for an organisation, and how to reach them.
const peopleField = "people"

// organisationRules are about organisations. Whoever reads the list sees how many people work for
// one; who they are is for those who may see people.
var organisationRules = access.Kind{Name: "organisation", OrganisationColumn: "o.id", Rules: []access.Rule{
	{Do: access.Read, Needs: access.PartnershipRead},
	{Do: access.Change, Needs: access.PartnershipManage},
	{Do: access.Read, Fields: []string{peopleField}, Needs: access.PeopleRead},
	{Do: access.Change, Fields: []string{peopleField}, Needs: access.PeopleManage},
}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{organisationRules} }

// of gives whose an organisation is: its own.
func (o Organisation) of() access.Object { return access.Object{OrganisationID: o.ID} }
