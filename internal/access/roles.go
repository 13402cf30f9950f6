package access

import (
	"slices"

	"kith/internal/kit/web"
)

// A Role is what a person comes to do, and what they may do for it.
type Role struct {
	ID          string
	Title       string
	ComesTo     string // what they come to do, in one line
	Permissions []web.Permission
	Own         bool // the partnership's own, and not of the program
	Retired     bool // it can be given no more and allows nothing
}

// Permissions lists every permission, in the order of the constants.
func Permissions() []web.Permission { return slices.Clone(all) }

// Roles lists every role, in the order people are shown them.
func Roles() []Role { return slices.Clone(roles) }

// RoleByID finds a role.
func RoleByID(id string) (Role, bool) {
	i := slices.IndexFunc(roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return roles[i], true
}

// Of gives all that roles allow together. A role that is not known, from a newer
// or older version of the program, allows nothing.
func Of(roleIDs ...string) map[web.Permission]bool {
	out := map[web.Permission]bool{}
	for _, id := range roleIDs {
		r, _ := RoleByID(id)
		for _, p := range r.Permissions {
			out[p] = true
		}
	}
	return out
}

// A builtIn is a role of the program.
type builtIn struct {
	id, title, comesTo string
	permissions        []web.Permission
}

func rolesOf(list []builtIn) []Role {
	var out []Role
	for _, b := range list {
		out = append(out, Role{ID: b.id, Title: b.title, ComesTo: b.comesTo, Permissions: b.permissions})
	}
	return out
}

// roles is the whole of who may do what.
var roles = rolesOf([]builtIn{
	{"business-manager", "Business manager", "Keep the year, chase, assemble and publish the report", []web.Permission{
		TrainingRead, TrainingBook, TrainingBookOthers, TrainingManage, PartnershipRead, PartnershipManage, PeopleRead,
		PeopleManage,
		ReviewsRead, ReviewsManage, AuditsRead, AuditsManage, PlanRead, PlanReadAll, PlanManage,
		FiguresRead, FiguresRestricted, FiguresAttest, ImportsRead, ImportsManage,
		SitesRead, SitesEdit, SitesPublish, ReportRead, ReportEdit, ReportPublish, SettingsManage, OutboxRead}},
	{"coordinator", "Coordinator", "Keep people, groups and meetings in order, and help with bookings", []web.Permission{
		TrainingRead, TrainingBook, TrainingManage, PartnershipRead, PartnershipManage, PeopleRead, PeopleManage,
		AuditsRead, PlanRead, PlanReadAll, SitesRead, ReportRead, OutboxRead}},
	{"training-officer", "Training officer", "Run the programme, bookings, registers and the annual event",
		[]web.Permission{
			TrainingRead, TrainingBook, TrainingManage, PartnershipRead, PeopleRead, PlanRead, PlanReadAll, FiguresRead,
			ImportsRead, ImportsManage, SitesRead, ReportRead, ReportEdit, OutboxRead}},
	{"quality-officer", "Quality officer", "Run Section 11 and 175 self-assessments and multi-agency case audits",
		[]web.Permission{
			TrainingRead, TrainingBook, PartnershipRead, PeopleRead, ReviewsRead, AuditsRead, AuditsManage,
			PlanRead, PlanReadAll, PlanManage, FiguresRead, FiguresRestricted, ImportsRead, ImportsManage,
			ReportRead, ReportEdit}},
	{"analyst", "Analyst", "Load returns, fix their errors and keep the scorecard", []web.Permission{
		TrainingRead, PartnershipRead, AuditsRead, PlanRead, PlanReadAll, FiguresRead, FiguresRestricted, FiguresAttest,
		ImportsRead, ImportsManage, ReportRead, ReportEdit}},
	{"review-lead", "Review lead", "Lead rapid reviews and practice reviews, and follow their recommendations",
		[]web.Permission{
			TrainingRead, TrainingBook, PartnershipRead, PeopleRead, ReviewsRead, ReviewsManage,
			PlanRead, PlanReadAll, PlanManage, FiguresRead, ReportRead, ReportEdit}},
	{"panel-member", "Review panel member", "Read for a review's panel and agree what it recommends", []web.Permission{
		TrainingRead, TrainingBook, PartnershipRead, ReviewsRead, PlanRead, PlanReadAll}},
	{"independent-reviewer", "Independent reviewer", "Write a practice review from outside the partnership",
		[]web.Permission{
			ReviewsRead}},
	// Who asks others for chapters and contributions has to find them.
	{"editor", "Editor", "Keep the websites, briefings and procedures, and write the yearly report with others",
		[]web.Permission{
			TrainingRead, PeopleRead, PlanRead, PlanReadAll, FiguresRead, SitesRead, SitesEdit, SitesPublish, ReportRead,
			ReportEdit}},
	{"agency-lead", "Agency lead", "Book staff, answer audits and do the agency's actions", []web.Permission{
		TrainingRead, TrainingBook, TrainingBookOthers, PartnershipRead, PeopleRead, AuditsAnswer, PlanRead, FiguresRead,
		ReportRead}},
	{"practitioner", "Practitioner", "Find and book training, and keep your own training record", []web.Permission{
		TrainingRead, TrainingBook}},
	{"school-lead", "School safeguarding lead", "Book training and complete the school's audit", []web.Permission{
		TrainingRead, TrainingBook, TrainingBookOthers, AuditsAnswer, PlanRead}},
	{"safeguarding-partner", "Safeguarding partner", "See how the partnership does, decide, and sign the report",
		[]web.Permission{
			TrainingRead, TrainingBook, PartnershipRead, PeopleRead, ReviewsRead, AuditsRead, PlanRead, PlanReadAll,
			FiguresRead, FiguresRestricted, SitesRead, ReportRead, ReportSign}},
	{"lay-member", "Lay member", "Ask the public's questions of the partnership's work", []web.Permission{
		TrainingRead, TrainingBook, PartnershipRead, PlanRead, PlanReadAll, FiguresRead, ReportRead}},
	{"scrutineer", "Independent scrutineer", "See the evidence and report on how well arrangements work", []web.Permission{
		TrainingRead, PartnershipRead, PeopleRead, ReviewsRead, AuditsRead, PlanRead, PlanReadAll, PlanScrutinise,
		FiguresRead, FiguresRestricted,
		ImportsRead, SitesRead, ReportRead}},
	{"administrator", "Administrator", "Look after accounts, settings and the running of the system", []web.Permission{
		PartnershipRead, PeopleRead, PeopleManage, SettingsManage, OutboxRead}},
})
