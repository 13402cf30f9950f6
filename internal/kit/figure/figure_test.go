package figure

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"kith/internal/kit/period"
)

func registry() *Registry {
	return NewRegistry(Stores{}, Definition{
		ID: "t.flow", Title: "T", Counts: "Things.", Unit: "things", Kind: Flow, Protection: Open, Version: 2,
		Dimensions: []Dimension{{ID: "sector", Title: "Sector"}},
		Compute: func(_ context.Context, _ *Snapshot, a Ask) ([]Value, error) {
			if a.By == "sector" {
				return []Value{Of(3).At("sector", "health"), Of(1).At("sector", "police")}, nil
			}
			return []Value{Of(4)}, nil
		},
	}, Definition{
		ID: "t.share", Title: "S", Counts: "A share.", Unit: "%", Kind: Stock, Protection: Child, Version: 1,
		Compute: func(_ context.Context, _ *Snapshot, a Ask) ([]Value, error) {
			if a.At != period.MustDate("2024-03-31") {
				return nil, &NotHeld{"held at 31 March 2024 only"}
			}
			return []Value{Ratio(1, 3)}, nil
		},
	})
}

func TestCompute(t *testing.T) {
	t.Parallel()
	r := registry()
	y := period.Year(2023).Span()
	for _, c := range []struct {
		name, id string
		ask      Ask
		want     string
	}{
		{"flow", "t.flow", Ask{Period: y},
			`[{"id":"t.flow","period":"2023-24","dims":{},"value":4,"numerator":4,"unit":"things","definition":2,"inputs":[]}]`},
		{"by", "t.flow", Ask{Period: y, By: "sector"},
			`[{"id":"t.flow","period":"2023-24","dims":{"sector":"health"},"value":3,"numerator":3,"unit":"things","definition":2,"inputs":[]},{"id":"t.flow","period":"2023-24","dims":{"sector":"police"},"value":1,"numerator":1,"unit":"things","definition":2,"inputs":[]}]`},
		{"stock over a period is at its end", "t.share", Ask{Period: y},
			`[{"id":"t.share","at":"2024-03-31","dims":{},"value":33.33,"numerator":1,"denominator":3,"unit":"%","definition":1,"inputs":[]}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := r.Compute(t.Context(), c.id, c.ask)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(v)
			if err != nil || string(got) != c.want {
				t.Errorf("got  %s\nwant %s, %v", got, c.want, err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	r := registry()
	y := period.Year(2023).Span()
	var bad *BadAsk
	var held *NotHeld
	if _, err := r.Compute(t.Context(), "nope", Ask{Period: y}); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	for name, ask := range map[string]Ask{
		"neither": {}, "both": {Period: y, At: y.To}, "a flow at a date": {At: y.To},
		"unknown cut": {Period: y, By: "ward"}, "unknown where": {Period: y, Where: map[string]string{"ward": "x"}},
	} {
		if _, err := r.Compute(t.Context(), "t.flow", ask); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Compute(t.Context(), "t.share", Ask{At: y.From}); !errors.As(err, &held) {
		t.Error(err)
	}
	if v := Ratio(0, 0); v.Known() {
		t.Error("a share of nothing is not known")
	}
}

// TestSmall: a count of 1 to 5 children is small, and so is a percentage that tells one.
func TestSmall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    Value
		want bool
	}{
		{Of(0), false}, {Of(1), true}, {Of(5), true}, {Of(6), false},
		{Ratio(3, 40), true}, {Ratio(37, 40), true}, {Ratio(0, 40), false}, {Ratio(40, 40), false},
		{Ratio(20, 40), false}, {Ratio(0, 4), true}, {Ratio(0, 0), false},
	} {
		for protection, child := range map[Protection]bool{Child: true, Staff: false, Open: false} {
			c.v.Definition = &Definition{Protection: protection}
			if got := c.v.Small(); got != (c.want && child) {
				t.Errorf("%d of %v, %s: %v", c.v.Numerator, c.v.Denominator, protection, got)
			}
		}
	}
	if Of(3).Small() {
		t.Error("a value of no figure is small")
	}
}
