package app

import (
	"fmt"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/plan"
)

// Home shows no figure of which nothing was entered, and a 0 that was counted.
func TestHomeShowsWhatWasEntered(t *testing.T) {
	t.Parallel()
	eachInstalled(t, func(w mergeWorld) {
		shown := func(y period.Year) (out string) {
			w.ok(w.Figures.Snapshot(w.t.Context(), func(s *figure.Snapshot) error {
				v, held, err := oneHeld(w.t.Context(), s, "training.attendances", y)
				out = fmt.Sprint(held, " ", v.Numerator)
				return err
			}))
			return out
		}
		w.want("nothing entered", shown(2023), "false 0")
		w.load("Level 1,education,course,14/06/2023,,room,Hall,Ann Ash,ann@x.example,,Oak School,education,attended,")
		w.want("entered", shown(2023), "true 1")
		w.want("the year before", shown(2022), "false 0")
	})
}

// A new installation says what to do first, in order, with what is done, to whoever keeps its
// settings.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceAll})
	keeper := web.Person{ID: "p", Name: "Ann Ash", Permissions: map[web.Permission]bool{access.SettingsManage: true,
		access.PlanManage: true}}
	steps := func(p web.Person) (out []string) {
		t.Helper()
		list, err := a.firstSteps(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if s.Done || s.Next {
				out = append(out, fmt.Sprint(s.Title, " ", s.Done))
			}
		}
		return out
	}
	if got := steps(web.Person{ID: "q"}); got != nil {
		t.Errorf("somebody else is told %q", got)
	}
	if got := fmt.Sprint(steps(keeper)); got != "[Say who the partnership is false]" {
		t.Errorf("in the beginning: %s", got)
	}
	if err := a.Plan.AddPlan(t.Context(), keeper, plan.Plan{Year: "2024-25", Title: "Plan"}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(steps(keeper)); got != "[Say who the partnership is false Begin the year’s plan true]" {
		t.Errorf("with a plan: %s", got)
	}
}
