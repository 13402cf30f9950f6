package figure_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

var year = figure.Ask{Period: period.Year(2023).Span()}

// settingsFigure counts the settings, which any test can add.
func settingsFigure(id string) figure.Definition {
	return figure.Definition{ID: id, Title: "Settings", Counts: "Settings.", Unit: "settings", Kind: figure.Flow,
		Protection: figure.Open, Version: 1,
		Compute: func(ctx context.Context, s *figure.Snapshot, _ figure.Ask) ([]figure.Value, error) {
			n, err := db.Get[int64](ctx, s.Work, `SELECT count(*) FROM settings`)
			return []figure.Value{figure.Of(n)}, err
		}}
}

func addSetting(t testing.TB, d *db.DB, name string) {
	t.Helper()
	if err := d.Tx(t.Context(), func(q db.Q) error {
		_, err := db.Exec(t.Context(), q, `INSERT INTO settings (name, value, changed_at) VALUES ($1, '', $2)`, name,
			db.At(time.Unix(0, 0)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestOneSnapshot: figures of one snapshot agree, whatever is written meanwhile,
// those that people defined among them.
func TestOneSnapshot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx := t.Context()
		r := figure.NewRegistry(figure.Stores{Work: s.Work, Public: s.Public}, settingsFigure("t.one"))
		r.More = func(ctx context.Context, s *figure.Snapshot) ([]figure.Definition, error) {
			n, err := db.Get[int](ctx, s.Work, `SELECT count(*) FROM settings`)
			if n > 0 {
				return []figure.Definition{settingsFigure("t.more")}, err
			}
			return nil, err
		}
		err := r.Snapshot(ctx, func(s1 *figure.Snapshot) error {
			addSetting(t, s.Work, "a")
			v, err := s1.One(ctx, "t.one", year)
			if err != nil || v.Numerator != 0 {
				t.Errorf("inside: %d %v", v.Numerator, err)
			}
			if _, err := s1.One(ctx, "t.more", year); !errors.Is(err, figure.ErrUnknown) {
				t.Errorf("a figure defined meanwhile: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"t.one", "t.more"} {
			if v, err := r.One(ctx, id, year); err != nil || v.Numerator != 1 {
				t.Errorf("%s after: %d %v", id, v.Numerator, err)
			}
		}
	})
}

// TestNoErrorIsDropped: a figure that cannot be listed is an error, and not a
// shorter list.
func TestNoErrorIsDropped(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	r := figure.NewRegistry(figure.Stores{}, settingsFigure("t.one"))
	r.More = func(context.Context, *figure.Snapshot) ([]figure.Definition, error) { return nil, boom }
	err := r.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		if all, err := s.All(t.Context()); !errors.Is(err, boom) || all != nil {
			t.Errorf("listed %d, %v", len(all), err)
		}
		_, err := s.Get(t.Context(), "t.other")
		return err
	})
	if !errors.Is(err, boom) {
		t.Error(err)
	}
}
