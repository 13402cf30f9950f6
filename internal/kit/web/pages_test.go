package web

import (
	"testing"

	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
)

func TestErrorPage(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	uitest.Page(t, set, "error", errorPage{Base: ui.Base{Title: "Page not found"}, Status: 404, Words: "Check it.",
		Way: ui.NavItem{Text: "Go back to the list", Href: "/work/reviews"}, Number: "0abc",
		Entered: []string{"What I wrote"}})
}

func TestUnsentPage(t *testing.T) {
	t.Parallel()
	set, err := ownPages()
	if err != nil {
		t.Fatal(err)
	}
	uitest.Page(t, set, "unsent", unsentPage{Base: ui.Base{Title: "You were signed out"}, SignIn: "/sign-in",
		Action: "/work/x", Fields: []unsentField{{"text", "Two words"}}, Wrote: []string{"Two words"}})
}

func TestConfirmPage(t *testing.T) {
	t.Parallel()
	set, err := ownPages()
	if err != nil {
		t.Fatal(err)
	}
	page := confirmPage{Base: ui.Base{Title: "Delete the priority?"}, Words: []string{"It will be gone."}, Act: "Delete",
		Cancel: "/work"}
	uitest.Page(t, set, "confirm", page)
	page.Mark, page.Met, page.Now = "title~1", "Ann Lee changed this", []ui.Row{{Key: "Title", Value: "Neglect"}}
	uitest.Page(t, set, "confirm", page)
}
