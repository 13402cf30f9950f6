package identity

import (
	"slices"

	"kith/internal/kit/ui"
)

// A Role is what somebody comes to do, and what they may do for it. Nothing is
// allowed that is not listed.
type Role struct {
	ID          string
	Title       string
	ComesTo     string // what they come to do, in one line
	Permissions []string
}

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

// roles is the whole of who may do what.
var roles = []Role{
	{"business-manager", "Business manager", "Keep the year, chase, assemble and publish the report", []string{
		"training:read", "training:book", "training:book-others", "training:manage", "partnership:read", "partnership:manage", "people:read", "people:manage",
		"reviews:read", "reviews:manage", "audits:read", "audits:manage", "plan:read", "plan:manage",
		"figures:read", "figures:restricted", "figures:attest", "imports:read", "imports:manage",
		"sites:read", "sites:edit", "sites:publish", "report:read", "report:edit", "report:publish", "settings:manage", "outbox:read"}},
	{"coordinator", "Coordinator", "Keep people, committees and meetings in order, and help with bookings", []string{
		"training:read", "training:book", "training:manage", "partnership:read", "partnership:manage", "people:read", "people:manage",
		"audits:read", "plan:read", "sites:read", "report:read", "outbox:read"}},
	{"training-officer", "Training officer", "Run the programme, bookings, registers and the yearly conference", []string{
		"training:read", "training:book", "training:manage", "partnership:read", "people:read", "plan:read", "figures:read",
		"imports:read", "imports:manage", "sites:read", "report:read", "report:edit", "outbox:read"}},
	{"quality-officer", "Quality officer", "Run Section 11 and 175 rounds and multi-agency case audits", []string{
		"training:read", "training:book", "partnership:read", "people:read", "reviews:read", "audits:read", "audits:manage",
		"plan:read", "plan:manage", "figures:read", "figures:restricted", "imports:read", "imports:manage", "report:read", "report:edit"}},
	{"analyst", "Analyst", "Load returns, mend their errors and keep the scorecard", []string{
		"training:read", "partnership:read", "audits:read", "plan:read", "figures:read", "figures:restricted", "figures:attest",
		"imports:read", "imports:manage", "report:read", "report:edit"}},
	{"review-lead", "Review lead", "Lead rapid reviews and practice reviews, and follow their recommendations", []string{
		"training:read", "training:book", "partnership:read", "people:read", "reviews:read", "reviews:manage",
		"plan:read", "plan:manage", "figures:read", "report:read", "report:edit"}},
	{"panel-member", "Review panel member", "Read for a review's panel and agree what it recommends", []string{
		"training:read", "training:book", "partnership:read", "reviews:read", "plan:read"}},
	{"independent-reviewer", "Independent reviewer", "Write a practice review from outside the partnership", []string{
		"reviews:read"}},
	{"editor", "Editor", "Keep the websites, briefings and procedures", []string{
		"training:read", "plan:read", "figures:read", "sites:read", "sites:edit", "sites:publish", "report:read", "report:edit"}},
	{"agency-lead", "Agency lead", "Book staff, answer audits and do the agency's actions", []string{
		"training:read", "training:book", "training:book-others", "partnership:read", "people:read", "audits:answer", "plan:read", "figures:read", "report:read"}},
	{"practitioner", "Practitioner", "Find and book training, and keep your own training record", []string{
		"training:read", "training:book"}},
	{"school-lead", "School safeguarding lead", "Book training and complete the school's audit", []string{
		"training:read", "training:book", "training:book-others", "audits:answer"}},
	{"safeguarding-partner", "Safeguarding partner", "See how the partnership does, decide, and sign the report", []string{
		"training:read", "training:book", "partnership:read", "people:read", "reviews:read", "audits:read", "plan:read",
		"figures:read", "figures:restricted", "sites:read", "report:read", "report:sign"}},
	{"lay-member", "Lay member", "Ask the public's questions of the partnership's work", []string{
		"training:read", "training:book", "partnership:read", "plan:read", "figures:read", "report:read"}},
	{"scrutineer", "Independent scrutineer", "See the evidence and report on how well arrangements work", []string{
		"training:read", "partnership:read", "people:read", "reviews:read", "audits:read", "plan:read", "figures:read", "figures:restricted",
		"imports:read", "sites:read", "report:read"}},
	{"administrator", "Administrator", "Look after accounts, settings and the running of the system", []string{
		"partnership:read", "people:read", "people:manage", "settings:manage", "outbox:read"}},
}

// permissionsOf gives all that roles allow together. A role that is not known,
// from a newer or older version of the program, allows nothing.
func permissionsOf(ids []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		r, _ := RoleByID(id)
		for _, p := range r.Permissions {
			out[p] = true
		}
	}
	return out
}

// titlesOf gives roles in words, in the order of the table.
func titlesOf(ids []string) []string {
	var out []string
	for _, r := range roles {
		if slices.Contains(ids, r.ID) {
			out = append(out, r.Title)
		}
	}
	return out
}

// guarded are the permissions that give power over other people's accounts.
var guarded = []string{"people:manage", "settings:manage"}

// weighty are the permissions whose holders decide what is published, counted or
// kept for the partnership. Who keeps accounts gives them only with the same
// permission, or with the settings.
var weighty = []string{"report:publish", "report:sign", "reviews:manage", "audits:manage", "plan:manage",
	"imports:manage", "figures:attest", "figures:restricted", "sites:publish"}

// mayGovern reports whether somebody with the permissions held may give or take
// roles, or change an account that has them: only who has every guarded
// permission that the roles have, and every weighty one or the settings. Otherwise
// changing an administrator's address would be a way to become one, and giving
// oneself a role a way to publish.
func mayGovern(held map[string]bool, roleIDs []string) bool {
	theirs := permissionsOf(roleIDs)
	for _, p := range guarded {
		if theirs[p] && !held[p] {
			return false
		}
	}
	for _, p := range weighty {
		if theirs[p] && !held[p] && !held["settings:manage"] {
			return false
		}
	}
	return true
}

// roleChoices are the roles as choices of a form.
func roleChoices() []ui.Choice {
	var out []ui.Choice
	for _, r := range roles {
		out = append(out, ui.Choice{Value: r.ID, Text: r.Title, Hint: r.ComesTo})
	}
	return out
}
