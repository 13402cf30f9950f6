package release_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
	"kith/internal/testkit"
)

// BenchmarkDoor protects a report of 200 tables where five years of such reports came before.
func BenchmarkDoor(b *testing.B) {
	const tables, years = 200, 5
	w := world{}
	var defs []figure.Definition
	for i := range tables {
		d := figure.Definition{ID: fmt.Sprintf("count%d", i), Title: "Count", Counts: "Count.", Kind: figure.Stock,
			Protection: figure.Child, Universe: fmt.Sprintf("count%d", i), Dimensions: []figure.Dimension{
				{ID: "age", Title: "Age", Public: true, Partitions: true}}}
		defs = append(defs, d)
	}
	for i := range defs {
		d := &defs[i]
		d.Compute = func(_ context.Context, _ *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
			return w.values(d, ask)
		}
	}
	for y := range years + 1 {
		for i := range tables {
			when := period.Year(2018 + y).End().String()
			total, cuts := int64(0), []any{}
			for c := range 8 {
				n := (i*7+c*13+y*5)%41 + 1
				total += int64(n)
				cuts = append(cuts, "age", fmt.Sprint(c), n)
			}
			w.put(defs[i].ID, when, total, cuts...)
		}
	}
	s := testkit.NewStores(b, db.SQLite)
	r := figure.NewRegistry(figure.Stores{Now: clock.System}, defs...)
	protect := func(door *release.Door, y int) *release.Release {
		l, err := release.ReadLedger(b.Context(), s.Work)
		if err != nil {
			b.Fatal(err)
		}
		var rel *release.Release
		err = r.Snapshot(b.Context(), func(snap *figure.Snapshot) error {
			c := release.Collect(snap)
			for i := range defs {
				for _, at := range []period.Year{period.Year(2017 + y), period.Year(2018 + y)} {
					if at >= 2018 {
						ask := figure.Ask{At: at.End(), By: "age"}
						if _, err := c.Ask(b.Context(), &defs[i], ask); err != nil {
							return err
						}
					}
				}
			}
			rel, err = door.Close(b.Context(), c, l, "report")
			return err
		})
		if err != nil || len(rel.Refusals) > 0 {
			b.Fatal(err, len(rel.Refusals))
		}
		return rel
	}
	for y := range years {
		rel := protect(&release.Door{}, y)
		if err := s.Work.Tx(b.Context(), func(q db.Q) error {
			return rel.Keep(b.Context(), q, release.By{Subject: "report", Version: int64(y + 1), At: db.At(time.Unix(0, 0))})
		}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		protect(&release.Door{}, years)
	}
}
