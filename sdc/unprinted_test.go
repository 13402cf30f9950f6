package sdc

import "testing"

// TestUnprintedByIdentity: a count that is printed nowhere and that an identity gives from two
// printed ones is judged as any other: 442 less 440 is two children.
func TestUnprintedByIdentity(t *testing.T) {
	t.Parallel()
	profile, err := ProfileNamed("dfe")
	if err != nil {
		t.Fatal(err)
	}
	for rest, stands := range map[int64]bool{0: true, 2: false, 5: false, 6: true} {
		of := func(population string, count int64) Table {
			return Table{Name: population, Population: population, Dimensions: []Dimension{{Name: "all"}},
				Cells: []Cell{{Codes: []string{Total}, Count: count}}}
		}
		part := func(population string, factor int64) Part {
			return Part{Ref: Ref{Population: population}, Factor: factor}
		}
		r := Release{Tables: []Table{of("the year", 440+rest), of("eleven months", 440)}, Identities: []Identity{
			{Parts: []Part{part("the year", 1), part("eleven months", -1), part("March", -1)}}}}
		a, err := Attack(t.Context(), r, Options{Profile: profile})
		if err != nil || a.Stands != stands {
			t.Errorf("with %d in March it stands: %v, %v", rest, a.Stands, err)
		}
	}
}
