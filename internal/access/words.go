package access

import (
	"strings"

	"kith/internal/kit/web"
)

// A Group is the permissions of one part of the program, for a form.
type Group struct {
	Title       string
	Permissions []web.Permission
}

// groupTitles are the parts of the program, by the first word of their permissions.
var groupTitles = []struct{ room, title string }{
	{"training", "Training"}, {"partnership", "Organisations and {committees}"}, {"people", "People and accounts"},
	{"reviews", "Case reviews"}, {"audits", "Audits"}, {"plan", "Priorities and actions"}, {"figures", "Figures"},
	{"imports", "Imports"}, {"sites", "Websites"}, {"report", "Yearly report"}, {"settings", "Settings"},
	{"outbox", "E-mails"},
}

// Groups lists every permission under the part of the program that it is about.
func Groups() []Group {
	var out []Group
	for _, g := range groupTitles {
		group := Group{Title: g.title}
		for _, p := range all {
			if room, _, _ := strings.Cut(string(p), ":"); room == g.room {
				group.Permissions = append(group.Permissions, p)
			}
		}
		out = append(out, group)
	}
	return out
}

// words say what each permission lets somebody do, to whoever makes a role: a few words,
// and what else there is to know of it.
var words = map[web.Permission]struct{ does, more string }{
	TrainingRead: {"See courses and sessions", "And how many have booked, not who"},
	TrainingBook: {"Book training for themselves", "And see their own record"},
	TrainingBookOthers: {"Book for their organisation",
		"And see who of it has booked. It counts for the organisations that the role is given for"},
	TrainingManage:    {"Run training", "Courses, sessions, registers and everybody’s bookings"},
	PartnershipRead:   {"See organisations", "And {committees}, areas and funding"},
	PartnershipManage: {"Keep organisations", "Add, change and end them, with {committees}, areas and funding"},
	PeopleRead:        {"See people", "Who has an account, their roles and how to reach them"},
	PeopleManage:      {"Manage people", "Add people, give and take roles, and close accounts"},
	ReviewsRead:       {"See case reviews", "The register and its clocks. Confidential"},
	ReviewsManage:     {"Keep case reviews", "Add them and move them on. Confidential"},
	AuditsRead:        {"See every audit", "And what each organisation answered"},
	AuditsManage:      {"Run audits", "Set them up, chase, moderate and close them"},
	AuditsAnswer:      {"Answer audits", "For the organisations that the role is given for"},
	PlanRead: {"See the plan",
		"Priorities, recommendations and scrutiny; and do the actions that are theirs or their organisation’s"},
	PlanReadAll:       {"See everybody’s actions", "Whoever is to do them"},
	PlanScrutinise:    {"Record scrutiny", "Their own lines of enquiry, what they saw and how they judge it"},
	PlanManage:        {"Keep the plan", "Add and change what is in it, and agree that it is done"},
	FiguresRead:       {"See figures", "As far as small numbers allow"},
	FiguresRestricted: {"See small counts of children", "Those that are not published. Confidential"},
	FiguresAttest:     {"Supply figures", "Those that no record here can prove"},
	ImportsRead:       {"See imports", "Which files came in, and what was found in them"},
	ImportsManage:     {"Import files", "And withdraw them"},
	SitesRead:         {"See drafts of the websites", "And counts of visits"},
	SitesEdit:         {"Write pages", "Of the websites, as drafts"},
	SitesPublish:      {"Publish pages", "And take them down"},
	ReportRead:        {"See the draft of the yearly report", ""},
	ReportEdit:        {"Write the yearly report", ""},
	ReportPublish:     {"Publish the yearly report", "And withdraw it"},
	ReportSign:        {"Decide for a safeguarding partner", "Agree the business plan, sign the yearly report"},
	SettingsManage:    {"Manage settings", "The partnership’s own facts, these roles, who did what and what failed"},
	OutboxRead:        {"See e-mails", "That were sent, or would have been"},
}

// Words says what a permission lets somebody do, and what else there is to know of it.
func Words(p web.Permission) (does, more string) { return words[p].does, words[p].more }
