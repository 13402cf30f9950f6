package app

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/web"
)

// insideHandlers are the permissions that no route names, each with where it is
// asked for.
var insideHandlers = map[web.Permission]string{
	access.TrainingBookOthers: "booking is one route: whom a person may book for is decided with the person in hand",
	access.FiguresRestricted:  "a figure's page is one route: small cuts are left out of it for others",
	access.PlanReadAll:        "the list and the page of actions are one route: others see their own",
	access.PlanScrutinise:     "scrutiny is one route: whoever keeps the plan changes all of it, the scrutineer their own",
}

// TestEveryPermissionIsAskedFor: a permission that no route asks for protects nothing.
func TestEveryPermissionIsAskedFor(t *testing.T) {
	t.Parallel()
	asked := map[web.Permission]bool{}
	for _, rt := range demonstration(t).mux().Routes() {
		asked[rt.Permission] = true
	}
	for _, p := range access.Permissions() {
		if why := insideHandlers[p]; !asked[p] && why == "" {
			t.Errorf("no route asks for %s; if a handler does, say where in insideHandlers", p)
		} else if asked[p] && why != "" {
			t.Errorf("%s is asked for by a route now: take it out of insideHandlers", p)
		}
		delete(asked, p)
	}
	delete(asked, web.Anyone)
	delete(asked, web.SignedIn)
	if len(asked) > 0 {
		t.Errorf("routes ask for what is not in the catalogue: %v", asked)
	}
}
