package access

import "strings"

// Addresses are the rules about people's e-mail addresses, which several rooms show and find
// people by. Whoever keeps records with people in them, of any room, finds anybody, and so
// does whoever asks others to write in the report; others find those of the organisations
// they act for. The directory of all staff is nobody's to take away.
var Addresses = Kind{Name: "address", PersonColumn: "p.id", OrganisationColumn: "p.organisation_id",
	Rules: addressRules()}

func addressRules() []Rule {
	out := []Rule{{Do: Read, Needs: PeopleRead, Of: OwnOrganisation}, {Do: Read, Needs: PeopleRead, Of: Own}}
	for _, p := range all {
		if strings.HasSuffix(string(p), ":manage") || p == ReportEdit {
			out = append(out, Rule{Do: Read, Needs: p})
		}
	}
	return out
}
