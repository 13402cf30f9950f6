package training

import "kith/internal/access"

// bookingRules are about places on sessions, and turns on waiting lists: who may look through those
// of others, and for whom somebody may book and give back. One's own places are always
// shown in one's own record.
var bookingRules = access.Kind{Name: "training booking",
	PersonColumn: "b.person_id", OrganisationColumn: "b.organisation_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: access.TrainingManage},
		{Do: access.Read, Needs: access.TrainingBookOthers, Of: access.OwnOrganisation},
		{Do: access.Change, Needs: access.TrainingManage},
		{Do: access.Change, Needs: access.TrainingBookOthers, Of: access.OwnOrganisation},
		{Do: access.Change, Needs: access.TrainingBook, Of: access.Own},
	}}

// learnerRules are about the people for whom places are booked, with the same rules.
var learnerRules = bookingRules.In("p.id", "p.organisation_id")

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{bookingRules} }

// of gives whose a booking is.
func (b Booking) of() access.Object {
	return access.Object{PersonID: b.PersonID, OrganisationID: string(b.OrganisationID)}
}

// of gives whose a booking for somebody would be.
func (l learner) of() access.Object {
	return access.Object{PersonID: l.ID, OrganisationID: string(l.OrganisationID)}
}
