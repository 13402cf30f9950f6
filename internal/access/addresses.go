package access

// Addresses are the rules about people's e-mail addresses, which several rooms show and find
// people by. Whoever keeps records with people in them finds anybody; others find those of
// the organisations they act for. The directory of all staff is nobody's to take away.
var Addresses = Kind{Name: "address", PersonColumn: "p.id", OrganisationColumn: "p.organisation_id", Rules: []Rule{
	{Do: Read, Needs: PeopleManage},
	{Do: Read, Needs: PartnershipManage},
	{Do: Read, Needs: TrainingManage},
	{Do: Read, Needs: AuditsManage},
	{Do: Read, Needs: PlanManage},
	{Do: Read, Needs: ReviewsManage},
	{Do: Read, Needs: PeopleRead, Of: OwnOrganisation},
	{Do: Read, Needs: PeopleRead, Of: Own},
}}
