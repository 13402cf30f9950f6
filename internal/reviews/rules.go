package reviews

import (
	"kith/internal/access"
	"kith/internal/kit/db"
)

// reviewRules are about the register of case reviews. Figures count it and the search keeps
// its lines, each for those who may read it.
var reviewRules = access.Kind{Name: subject, Rules: []access.Rule{
	{Do: access.Read, Needs: access.ReviewsRead, For: []db.Purpose{db.ForFigures, db.ForSearch, db.ForUpkeep}},
	{Do: access.Change, Needs: access.ReviewsManage, For: []db.Purpose{db.ForUpkeep}},
}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{reviewRules} }
