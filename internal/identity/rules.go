package identity

import "kith/internal/access"

// What only some see of a person.
const (
	addressesField = "addresses" // everybody's e-mail address in one file
	actsField      = "acts"      // what the person did
)

// personRules are about people and their accounts. What an act gives to an account is
// decided beyond them, by what the one who gives holds (giving.go).
var personRules = access.Kind{Name: subject, PersonColumn: "p.id", OrganisationColumn: "p.organisation_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.PeopleRead},
		{Do: access.Change, Needs: access.PeopleManage},
		{Do: access.Read, Fields: []string{addressesField}, Needs: access.PeopleManage},
		{Do: access.Read, Fields: []string{actsField}, Needs: access.SettingsManage},
	}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{personRules} }

// of gives whose an account is.
func (p Person) of() access.Object {
	return access.Object{PersonID: p.ID, OrganisationID: string(p.OrganisationID)}
}
