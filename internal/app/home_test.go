package app

import (
	"fmt"
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
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
