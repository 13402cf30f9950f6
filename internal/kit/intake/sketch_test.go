package intake

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// Two files are as alike as they have rows in common, in the view in which they have most.
func TestSketch(t *testing.T) {
	t.Parallel()
	sketch := func(prefix string, from, to int) string {
		var s Sketch
		for i := from; i < to; i++ {
			s.Add(0, prefix, fmt.Sprint(i))
			s.Add(1, fmt.Sprint(i))
		}
		return s.String()
	}
	of := sketch("A", 0, 1000)
	for _, c := range []struct {
		name  string
		other string
		want  float64
	}{
		{"the same", sketch("A", 0, 1000), 1},
		{"a row more", sketch("A", 0, 1001), 1},
		{"other numbers", sketch("B", 0, 1000), 1},
		{"half", sketch("A", 333, 1333), 0.5},
		{"a tenth", sketch("B", 818, 1818), 0.1},
		{"nothing", sketch("A", 2000, 3000), 0},
		{"few rows", sketch("A", 0, 19), 0},
		{"none", "", 0},
		{"one view", strings.Fields(of)[0], 1},
	} {
		for _, got := range []float64{Alike(of, c.other), Alike(c.other, of)} {
			if math.Abs(got-c.want) > 0.1 {
				t.Errorf("%s: %.2f, want %.2f", c.name, got, c.want)
			}
		}
	}
	if few := sketch("A", 0, 19); few != "" {
		t.Errorf("a sketch of few rows: %q", few)
	}
	if len(of) != 2*2*sketchOrders+1 {
		t.Errorf("it is %d long", len(of))
	}
}
