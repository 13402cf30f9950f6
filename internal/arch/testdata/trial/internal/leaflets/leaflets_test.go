package leaflets

import (
	"strings"
	"testing"

	"kith/internal/kit/period"
)

func day(s string) period.Date { return period.MustDate(s) }

// today is the day on which the tests take place.
var today = day("2024-05-20")

func TestState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Leaflet
		want State
	}{
		{"to be reviewed tomorrow", Leaflet{ReviewOn: today.AddDays(1)}, InUse},
		{"to be reviewed today", Leaflet{ReviewOn: today}, Due},
		{"retired", Leaflet{ReviewOn: today, RetiredOn: today}, Retired},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.in.State(today); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	good := Leaflet{Title: "Safer sleep", Audience: "Parents", ReviewOn: today, OwnerID: "ann"}
	for _, c := range []struct {
		name   string
		change func(*Leaflet)
		want   string // the fields at fault
	}{
		{"good", func(*Leaflet) {}, ""},
		{"empty", func(l *Leaflet) { *l = Leaflet{} }, "title audience review owner"},
		{"fewer than none", func(l *Leaflet) { l.InStock = -1 }, "stock"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := good
			c.change(&l)
			var got []string
			for _, p := range l.problems() {
				got = append(got, p.Field)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
