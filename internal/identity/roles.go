package identity

import (
	"slices"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// titlesOf gives roles in words, in the order of the table.
func titlesOf(ids []string) []string {
	var out []string
	for _, r := range access.Roles() {
		if slices.Contains(ids, r.ID) {
			out = append(out, r.Title)
		}
	}
	return out
}

// guarded are the permissions that give power over other people's accounts.
var guarded = []web.Permission{access.PeopleManage, access.SettingsManage}

// weighty are the permissions whose holders decide what is published, counted or
// kept for the partnership, or read of cases. A person who keeps accounts gives
// them only with the same permission, or with the settings: a coordinator who could
// make themselves a panel member would read the register of case reviews.
var weighty = []web.Permission{access.ReportPublish, access.ReportSign, access.ReviewsRead, access.ReviewsManage,
	access.AuditsManage, access.PlanManage,
	access.ImportsManage, access.FiguresAttest, access.FiguresRestricted, access.SitesPublish}

// mayGovern reports whether somebody with the permissions held may give or take
// roles, or change an account that has them: only who has every guarded
// permission that the roles have, and every weighty one or the settings. Otherwise
// changing an administrator's address would be a way to become one, and giving
// oneself a role a way to publish.
func mayGovern(held map[web.Permission]bool, roleIDs []string) bool {
	theirs := access.Of(roleIDs...)
	for _, p := range guarded {
		if theirs[p] && !held[p] {
			return false
		}
	}
	for _, p := range weighty {
		if theirs[p] && !held[p] && !held[access.SettingsManage] {
			return false
		}
	}
	return true
}

// roleChoices are the roles as choices of a form.
func roleChoices() []ui.Choice {
	var out []ui.Choice
	for _, r := range access.Roles() {
		out = append(out, ui.Choice{Value: r.ID, Text: r.Title, Hint: r.ComesTo})
	}
	return out
}
