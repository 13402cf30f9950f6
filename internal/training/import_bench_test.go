package training

import (
	"syscall"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
	"kith/internal/testkit/ledger"
)

// BenchmarkImport imports 100,000 bookings: to reach, less than 10 seconds and less
// than 100 MB.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	path := write(b, manyRows(rows)...)
	var most uint64
	began := processor(b)
	for b.Loop() {
		h := newHouse(b, testkit.NewStores(b, db.SQLite).Work)
		most = max(most, testkit.Peak(func() {
			if _, err := h.imports.Load(b.Context(), "training-history", []string{path}, ledger.Options{}); err != nil {
				b.Fatal(err)
			}
		}))
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric((processor(b)-began)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(most), "MB-peak")
}

// BenchmarkPreview reads 100,000 bookings, compares them with as many that are loaded, and
// packs them for a person to look at: to reach, less than 3 seconds.
func BenchmarkPreview(b *testing.B) {
	const rows = 100_000
	h := newHouse(b, testkit.NewStores(b, db.SQLite).Work)
	if _, err := h.imports.Load(b.Context(), "training-history", []string{write(b, manyRows(rows)...)},
		ledger.Options{}); err != nil {
		b.Fatal(err)
	}
	path := write(b, manyRows(rows-1)...)
	var most uint64
	packed := 0
	began := processor(b)
	for b.Loop() {
		most = max(most, testkit.Peak(func() {
			rep, err := h.imports.Load(b.Context(), "training-history", []string{path}, ledger.Options{DryRun: true})
			if err != nil {
				b.Fatal(err)
			}
			content, err := rep.Batch.Hold()
			if err != nil {
				b.Fatal(err)
			}
			packed = len(content)
		}))
	}
	b.ReportMetric(float64(most), "MB-peak")
	b.ReportMetric((processor(b)-began)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(packed)/(1<<20), "MB-packed")
}

// processor is how many seconds of processor the process has taken.
func processor(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
