package access

import (
	"slices"

	"kith/internal/kit/web"
)

// ofOwn are the permissions that reach the records of one's own organisation alone,
// each with the one that reaches everybody's; "" where nobody's does.
var ofOwn = map[web.Permission]web.Permission{TrainingBookOthers: TrainingManage, AuditsAnswer: AuditsManage}

// Holds reports whether a person holds a permission as it would reach in an
// organisation: what is for one's own organisation is not held for another.
func Holds(by web.Person, p web.Permission, organisationID string) bool {
	wider, own := ofOwn[p]
	if own && wider != "" && by.May(wider) {
		return true
	}
	if !own {
		return by.May(p)
	}
	// Of no organisation it reaches nothing, and only who has none themselves holds that.
	nowhere := organisationID == "" && by.OrganisationID == "" && len(by.For[p]) == 0
	return by.May(p) && (nowhere || slices.Contains(by.ActsFor(p), organisationID))
}

// Lacks lists what somebody does not hold of permissions in an organisation, in the order
// of the constants.
func Lacks(by web.Person, of map[web.Permission]bool, organisationID string) []web.Permission {
	var out []web.Permission
	for _, p := range all {
		if of[p] && !Holds(by, p, organisationID) {
			out = append(out, p)
		}
	}
	return out
}

// OfOwnOrganisation reports whether any of permissions reaches as far as one's own
// organisation: another organisation then is another power.
func OfOwnOrganisation(of map[web.Permission]bool) bool {
	for p := range ofOwn {
		if of[p] {
			return true
		}
	}
	return false
}
