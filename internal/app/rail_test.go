package app

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/plan"
)

var (
	aPersona = regexp.MustCompile(`name="persona" value="([^"]+)"`)
	aWait    = regexp.MustCompile(`<a href="([^"]+)"[^>]*>[^<]+ <span class="desk__wait">(\d+)<`)
)

// waitsOn gives the places of a page's navigation in which something waits, with how much.
func waitsOn(page string) (out [][2]string) {
	for _, m := range aWait.FindAllStringSubmatch(page, -1) {
		out = append(out, [2]string{m[1], m[2]})
	}
	return out
}

// The navigation says the same on Home and on every other page, and of Home what its heading says.
func TestTheRailAgreesWithHome(t *testing.T) {
	t.Parallel()
	said := 0
	for _, persona := range aPersona.FindAllStringSubmatch(publicVisitor(t).get("/sign-in").Body.String(), -1) {
		v := visitorAs(t, persona[1])
		home, other := v.get("/work").Body.String(), v.get("/work/account").Body.String()
		counts, there := waitsOn(home), waitsOn(other)
		if fmt.Sprint(counts) != fmt.Sprint(there) {
			t.Errorf("%s: Home says %q, another page %q", persona[1], counts, there)
		}
		heading := "Nothing needs you"
		if len(counts) > 0 {
			said++
			n := 0
			fmt.Sscan(counts[0][1], &n)
			heading = lang.Sentence(lang.Words(n)) + " " + lang.Noun(n, "thing needs", "things need") + " you"
		}
		if !strings.Contains(home, heading) {
			t.Errorf("%s: the navigation says %q, and not the heading", persona[1], counts)
		}
	}
	if said < 5 {
		t.Errorf("only %d people have anything that waits", said)
	}
}

// What somebody has just done is in the navigation of the next page.
func TestTheRailFollowsWhatIsDone(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		ctx := w.t.Context()
		w.load("Level 1,education,course,14/06/2023,,room,Hall,Ann Ash,ann@x.example,Teacher,Harbour School,education,booked,")
		p := web.Person{ID: w.id("people", "name", "Ann Ash"), Name: "Ann Ash",
			Permissions: map[web.Permission]bool{access.PlanRead: true, access.PlanManage: true}}
		say := func() string { return fmt.Sprint(w.waits(ctx, p)) }
		w.want("in the beginning", say(), "map[]")
		id, err := w.Plan.AddAction(ctx, p, plan.Action{Title: "Ask", SourceKind: plan.FromAudit, Source: "x",
			OwnerEmail: "ann@x.example", DueOn: w.Now.Today().AddDays(1)})
		w.ok(err)
		w.want("an action of theirs", say(), "map[/work:1 /work/plan:1]")
		w.want("somebody who may not see the plan", fmt.Sprint(w.waits(ctx, web.Person{ID: "q"})), "map[]")
		w.ok(w.Plan.FinishAction(ctx, p, id, w.Now.Today(), "It is done.", "", web.Unwatched))
		w.want("when it is done", say(), "map[]")
		w.want("before their first factor", fmt.Sprint(w.waits(ctx, web.Person{ID: p.ID, First: "/work/account"})), "map[]")
	})
}
