// Package access is who may do what: every permission there is, and the roles
// with what each of them holds.
//
// A permission is a typed constant and is written out here only. A room names it in
// its table of routes, and where a handler shows more to one person than to
// another; a role lists what it holds; docs/permissions.md is the table of what the
// program then answers to whom. Nothing is allowed that is not listed, and each
// permission is held by a role and asked for by a route, which tests hold.
//
// What a permission lets a person do with records of their own (their own
// bookings, their own organisation's audit) is a Rule of the room that keeps the
// record, asked in Go for one record and in SQL for many (decide.go,
// docs/adr/0019-one-decision.md); the permission's comment says where there is such a limit.
package access

import "kith/internal/kit/web"

// The permissions, each with what it lets a person do.
const (
	// TrainingRead shows courses, sessions and how many have booked; who, only of
	// one's own organisation and with TrainingBookOthers.
	TrainingRead web.Permission = "training:read"
	// TrainingBook books and cancels a place for oneself, and shows one's own record.
	TrainingBook web.Permission = "training:book"
	// TrainingBookOthers books for people of one's own organisation, and cancels for them.
	TrainingBookOthers web.Permission = "training:book-others"
	// TrainingManage keeps courses, sessions, bookings of everybody and registers.
	TrainingManage web.Permission = "training:manage"

	// PartnershipRead shows organisations, committees, areas and funding.
	PartnershipRead web.Permission = "partnership:read"
	// PartnershipManage adds, edits and ends them.
	PartnershipManage web.Permission = "partnership:manage"

	// PeopleRead shows the people with an account, their roles and how to reach them.
	PeopleRead web.Permission = "people:read"
	// PeopleManage adds people, gives and takes roles, and closes accounts.
	PeopleManage web.Permission = "people:manage"

	// ReviewsRead shows the register of case reviews and their clocks.
	ReviewsRead web.Permission = "reviews:read"
	// ReviewsManage adds case reviews and moves them on.
	ReviewsManage web.Permission = "reviews:manage"

	// AuditsRead shows every audit, and what every organisation answered.
	AuditsRead web.Permission = "audits:read"
	// AuditsManage sets audits up, chases, moderates and closes them.
	AuditsManage web.Permission = "audits:manage"
	// AuditsAnswer answers the audits that one's own organisation takes part in.
	AuditsAnswer web.Permission = "audits:answer"

	// PlanRead shows priorities, recommendations and scrutiny, and the actions that are one's
	// own or one's organisation's, which one then does.
	PlanRead web.Permission = "plan:read"
	// PlanReadAll shows everybody's actions.
	PlanReadAll web.Permission = "plan:read-all"
	// PlanScrutinise records scrutiny as one's own: lines of enquiry, what was seen, judgements.
	PlanScrutinise web.Permission = "plan:scrutinise"
	// PlanManage adds and edits them, and agrees that they are done.
	PlanManage web.Permission = "plan:manage"

	// FiguresRead shows the figures, as far as small numbers allow.
	FiguresRead web.Permission = "figures:read"
	// FiguresRestricted shows counts of children that are cut small.
	FiguresRestricted web.Permission = "figures:restricted"
	// FiguresAttest supplies figures that no record of ours can prove.
	FiguresAttest web.Permission = "figures:attest"

	// ImportsRead shows which files came in, from whom and what was found in them.
	ImportsRead web.Permission = "imports:read"
	// ImportsManage imports files and withdraws them.
	ImportsManage web.Permission = "imports:manage"

	// SitesRead shows the pages of the websites as drafts, and counts of visits.
	SitesRead web.Permission = "sites:read"
	// SitesEdit writes pages.
	SitesEdit web.Permission = "sites:edit"
	// SitesPublish publishes pages and takes them down.
	SitesPublish web.Permission = "sites:publish"

	// ReportRead shows the draft of the yearly report.
	ReportRead web.Permission = "report:read"
	// ReportEdit writes its chapters.
	ReportEdit web.Permission = "report:edit"
	// ReportPublish publishes the report and withdraws it.
	ReportPublish web.Permission = "report:publish"
	// ReportSign decides for a safeguarding partner: agrees the plan, signs the report.
	ReportSign web.Permission = "report:sign"

	// SettingsManage edits the partnership's own facts, and shows who did what and
	// what failed.
	SettingsManage web.Permission = "settings:manage"
	// OutboxRead shows the e-mails that the program sent or would have sent.
	OutboxRead web.Permission = "outbox:read"
)

// all is every permission, in the order of the constants; a test holds it to them.
var all = []web.Permission{
	TrainingRead, TrainingBook, TrainingBookOthers, TrainingManage,
	PartnershipRead, PartnershipManage, PeopleRead, PeopleManage,
	ReviewsRead, ReviewsManage, AuditsRead, AuditsManage, AuditsAnswer, PlanRead, PlanReadAll, PlanScrutinise, PlanManage,
	FiguresRead, FiguresRestricted, FiguresAttest, ImportsRead, ImportsManage,
	SitesRead, SitesEdit, SitesPublish, ReportRead, ReportEdit, ReportPublish, ReportSign,
	SettingsManage, OutboxRead,
}
