package annual

import (
	"kith/internal/access"
	"kith/internal/kit/web"
)

// What the statutory partners do with a report.
const (
	signAnswer access.Act = "answer" // say what one says to the report
	signFor    access.Act = "sign"   // be asked for a safeguarding partner
)

// askedRules are about one person who was asked to agree a report for one safeguarding partner.
// They answer themselves; who sees the answers writes the report, publishes it or signs it too.
var askedRules = access.Kind{Name: "agreement to the yearly report",
	PersonColumn: "a.person_id", OrganisationColumn: "a.organisation_id",
	Rules: []access.Rule{
		{Do: signAnswer, Needs: access.ReportSign, Of: access.Own},
		{Do: signFor, Needs: access.ReportSign, Of: access.OwnOrganisation},
		{Do: access.Read, Needs: access.ReportEdit},
		{Do: access.Read, Needs: access.ReportPublish},
		{Do: access.Read, Needs: access.ReportSign},
		{Do: access.Change, Needs: access.ReportEdit},
	}}

// chapterRules are about chapters: whoever writes the report writes each, and who owns one may
// write that one.
var chapterRules = access.Kind{Name: "chapter of the yearly report", PersonColumn: "c.owner_id",
	Rules: []access.Rule{
		{Do: access.Change, Needs: access.ReportEdit},
		{Do: access.Change, Needs: access.ReportRead, Of: access.Own},
	}}

// contribute is to give or decline a contribution.
const contribute access.Act = "contribute"

// contributionRules are about contributions: whoever was asked reads and answers their own, with
// no other right, and whoever writes the report reads and calls back each.
var contributionRules = access.Kind{Name: contributionSubject, PersonColumn: "x.person_id",
	Rules: []access.Rule{
		{Do: access.Read, Needs: web.SignedIn, Of: access.Own},
		{Do: contribute, Needs: web.SignedIn, Of: access.Own},
		{Do: access.Read, Needs: access.ReportEdit},
		{Do: access.Change, Needs: access.ReportEdit},
	}}

// Rules are who may do what to which of the room's records.
func Rules() []access.Kind { return []access.Kind{askedRules, chapterRules, contributionRules} }
