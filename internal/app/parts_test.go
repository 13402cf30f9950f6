package app

import (
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

// TestPartsAddUp: what the figures about children say of their parts and of each other is true
// of the demonstration's records.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	looked := 0
	years := func(figures *figure.Registry, days ...period.Date) {
		err := figures.Snapshot(t.Context(), func(s *figure.Snapshot) error {
			all, err := s.All(t.Context())
			if err != nil {
				return err
			}
			for _, d := range all {
				if d.Protection != figure.Child || d.Universe == "" {
					continue
				}
				for _, day := range days {
					looked += partsAddUp(t, s, d, day)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	years(demonstration(t).Figures, period.Year(2022).End(), period.Year(2023).End())
	if looked < 30 {
		t.Errorf("only %d cuts and identities were looked at", looked)
	}
}

// partsAddUp looks at a figure in the year that ends on a day, and gives how much there was to
// look at.
func partsAddUp(t *testing.T, s *figure.Snapshot, d *figure.Definition, day period.Date) (looked int) {
	t.Helper()
	ask := figure.Ask{Period: period.YearOf(day).Span()}
	whole, err := s.One(t.Context(), d.ID, ask)
	if err != nil {
		return 0 // it is not held for that year
	}
	if d.Share != nil {
		ask.Where = map[string]string{d.Share.Dimension: d.Share.Value}
		part, err := s.One(t.Context(), d.Share.Figure, ask)
		if err != nil || part.Numerator != whole.Numerator {
			t.Errorf("%s divides %d, and %s has %d, %v", d.ID, whole.Numerator, d.Share.Figure, part.Numerator, err)
		}
		return 1
	}
	for _, dim := range d.Dimensions {
		if !dim.Partitions {
			continue
		}
		values, err := s.Compute(t.Context(), d.ID, figure.Ask{Period: ask.Period, By: dim.ID})
		sum := int64(0)
		for _, v := range values {
			sum += v.Numerator
		}
		if err != nil || sum != whole.Numerator {
			t.Errorf("%s by %s on %s adds up to %d, and is %d, %v", d.ID, dim.ID, day, sum, whole.Numerator, err)
		}
		looked++
	}
	known := map[string]int64{}
	for again := true; again && len(d.Identities) > 0; {
		again = false
		for _, id := range d.Identities {
			sum, missing := int64(0), ""
			for _, term := range id {
				n, ok := known[term.Count]
				switch {
				case term.Figure != "":
					v, err := s.One(t.Context(), term.Figure, ask)
					if err != nil {
						t.Fatal(err)
					}
					sum += term.Factor * v.Numerator
				case ok:
					sum += term.Factor * n
				case missing == "" && term.Factor == -1:
					missing = term.Count
				default:
					missing = "more than one"
				}
			}
			switch {
			case missing == "" && sum != 0, missing != "" && missing != "more than one" && sum < 0:
				t.Errorf("an identity of %s does not hold on %s: %v comes to %d", d.ID, day, id, sum)
			case missing != "" && missing != "more than one":
				known[missing], again = sum, true
				looked++
			}
		}
	}
	return looked
}

// TestSmallPlacesAddUp: the records that the attack is tried on are such as can be.
func TestSmallPlacesAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(attackSeeds()) {
		p := newPlace(seed)
		sums := map[placeKey]int64{}
		for k, n := range p.counts {
			if k.dim != "" {
				sums[placeKey{k.figure, k.dim, "", k.from, k.to}] += n
			}
		}
		for k, n := range sums {
			if whole := p.counts[placeKey{k.figure, "", "", k.from, k.to}]; n != whole {
				t.Errorf("seed %d: %s by %s is %d, and %d in all", seed, k.figure, k.dim, n, whole)
			}
		}
	}
}
