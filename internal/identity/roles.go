package identity

import (
	"slices"

	"kith/internal/access"
	"kith/internal/kit/ui"
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

// roleChoices are the roles as choices of a form.
func roleChoices() []ui.Choice {
	var out []ui.Choice
	for _, r := range access.Roles() {
		out = append(out, ui.Choice{Value: r.ID, Text: r.Title, Hint: r.ComesTo})
	}
	return out
}
