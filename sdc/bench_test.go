package sdc

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
)

// BenchmarkOptimum protects the bench set, and says how many times the fewest
// cells are hidden: over all, and in the worst table.
func BenchmarkOptimum(b *testing.B) {
	profile := dfe(b)
	optima := readOptima(b)
	for b.Loop() {
		var all, worst overhead
		for _, o := range optima {
			one := overhead{protectOptimum(b, o, profile), o.Cells}
			all.hidden += one.hidden
			all.fewest += one.fewest
			if worst.fewest == 0 || one.ratio() > worst.ratio() {
				worst = one
			}
		}
		b.ReportMetric(all.ratio(), "cells/optimum")
		b.ReportMetric(worst.ratio(), "worst/optimum")
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*len(optima)), "ms/table")
	b.ReportMetric(0, "ns/op")
}

// benchTable is a table with all totals and counts of that mean.
func benchTable(mean int, sizes ...int) Table {
	rng := rand.New(rand.NewPCG(60, 24))
	w := newWorld(rng, sizes...)
	for i := range w.counts {
		w.counts[i] = geometric(rng, mean)
	}
	return w.table("bench", w.all(make([]map[string]string, len(sizes))...))
}

func benchProtect(b *testing.B, t Table) *Result {
	res, err := Protect(context.Background(), Release{Tables: []Table{t}}, Options{Profile: dfe(b)})
	if err != nil || !res.Safe {
		b.Fatalf("not safe: %v", err)
	}
	return res
}

// perRun reports milliseconds instead of nanoseconds.
func perRun(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkTable60x24 protects a table and audits what is printed.
func BenchmarkTable60x24(b *testing.B) {
	t := benchTable(12, 60, 24)
	for b.Loop() {
		benchProtect(b, t)
	}
	perRun(b)
}

// BenchmarkAttack60x24 audits that table alone.
func BenchmarkAttack60x24(b *testing.B) {
	printed := benchProtect(b, benchTable(12, 60, 24)).Released
	for b.Loop() {
		a, err := Attack(context.Background(), printed, Options{Profile: dfe(b)})
		if err != nil || !a.Stands {
			b.Fatalf("it does not stand: %v", err)
		}
	}
	perRun(b)
}

// BenchmarkThreeWay6x4x5 protects and audits a table of three dimensions.
func BenchmarkThreeWay6x4x5(b *testing.B) {
	t := benchTable(12, 6, 4, 5)
	for b.Loop() {
		benchProtect(b, t)
	}
	perRun(b)
}

// BenchmarkThreeWay12x8x6 is the same with 819 counts.
func BenchmarkThreeWay12x8x6(b *testing.B) {
	t := benchTable(12, 12, 8, 6)
	for b.Loop() {
		benchProtect(b, t)
	}
	perRun(b)
}

// BenchmarkReport protects the 200 tables of a yearly report, topic by topic, with
// all that was released in the five years before.
func BenchmarkReport(b *testing.B) {
	profile := dfe(b)
	rng := rand.New(rand.NewPCG(200, 5))
	years := benchYears(rng)
	ledger := &Ledger{}
	for _, releases := range years[:len(years)-1] {
		for _, r := range releases {
			res, err := Protect(context.Background(), r, Options{Profile: profile, Ledger: ledger})
			if err != nil {
				b.Fatal(r.Name, err)
			}
			if _, err := ledger.Append(res.Released, profile); err != nil {
				b.Fatal(r.Name, err)
			}
		}
	}
	for b.Loop() {
		tables, safe, cells, hidden := 0, 0, 0, 0
		for _, r := range years[len(years)-1] {
			res, err := Protect(context.Background(), r, Options{Profile: profile, Ledger: ledger})
			if err != nil {
				b.Fatal(r.Name, err)
			}
			tables += len(r.Tables)
			if res.Safe {
				safe += len(r.Tables)
			}
			h, n := res.hiddenCells()
			hidden, cells = hidden+h, cells+n
		}
		b.ReportMetric(float64(tables), "tables")
		b.ReportMetric(float64(safe), "safe")
		b.ReportMetric(float64(cells), "cells")
		b.ReportMetric(float64(hidden), "hidden")
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
	b.ReportMetric(0, "ns/op")
	peakMemory(b)
}

// peakMemory reports the most memory that this process ever had, in megabytes.
func peakMemory(b *testing.B) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/1e6, "heap-MB")
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return // only Linux tells
	}
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) > 1 && string(f[0]) == "VmHWM:" {
			kb, _ := strconv.Atoi(string(f[1]))
			b.ReportMetric(float64(kb)/1e3, "peak-MB")
		}
	}
}

// A benchChild has a category in each of benchDims.
type benchChild []int

// benchDims are the dimensions of the report's tables; areas lie in localities.
var benchDims = []struct {
	name string
	size int
	in   string
}{
	{"age", 5, ""}, {"sex", 2, ""}, {"need", 7, ""}, {"area", 9, "locality"},
	{"month", 12, ""}, {"stage", 4, ""}, {"outcome", 5, ""}, {"ethnicity", 6, ""},
}

const (
	benchAge = iota
	benchSex
	benchNeed
	benchArea
	benchMonth
	benchStage
	benchOutcome
	benchEthnicity
)

// benchCuts are the five tables of a population, of 18 to 156 cells.
var benchCuts = [][]int{
	{benchAge, benchSex}, {benchAge, benchNeed}, {benchArea, benchAge},
	{benchStage, benchMonth}, {benchOutcome, benchSex},
}

// benchCubes are the same with a table of three dimensions.
var benchCubes = [][]int{
	{benchAge, benchSex}, {benchAge, benchNeed}, {benchArea, benchSex},
	{benchStage, benchMonth}, {benchEthnicity, benchSex, benchAge},
}

// benchYears makes six yearly reports: 8 topics with who was open, started and
// ended (15 tables each), and 16 with one population (5 tables each).
func benchYears(rng *rand.Rand) [][]Release {
	const years = 6
	out := make([][]Release, years)
	for topic := range 24 {
		cuts := benchCuts
		if topic%4 == 0 {
			cuts = benchCubes
		}
		name := fmt.Sprintf("topic %d", topic)
		open := benchChildren(rng, 100+rng.IntN(500))
		for y := range years {
			r := Release{Name: name}
			if topic >= 8 {
				r.Tables = benchTables(cuts, benchChildren(rng, len(open)), fmt.Sprintf("%s in %d", name, 2020+y))
			} else {
				open = benchFlow(rng, &r, cuts, open, name, 2020+y)
			}
			out[y] = append(out[y], r)
		}
	}
	return out
}

// benchFlow makes a year's release of a topic with stock and flow, and gives who
// is open at its end.
func benchFlow(rng *rand.Rand, r *Release, cuts [][]int, open []benchChild, topic string, year int) []benchChild {
	started := benchChildren(rng, len(open)/3)
	var ended, next []benchChild
	for _, c := range slices.Concat(open, started) {
		if rng.IntN(4) == 0 {
			ended = append(ended, c)
		} else {
			next = append(next, c)
		}
	}
	names := []string{
		fmt.Sprintf("%s open in %d", topic, year), fmt.Sprintf("%s started in %d", topic, year),
		fmt.Sprintf("%s ended in %d", topic, year), fmt.Sprintf("%s open in %d", topic, year+1),
	}
	for i, children := range [][]benchChild{started, ended, next} {
		r.Tables = append(r.Tables, benchTables(cuts, children, names[i+1])...)
	}
	for _, codes := range []map[string]string{nil, {"sex": "sex 0"}, {"sex": "sex 1"}} {
		id := Identity{}
		for i, factor := range []int64{1, 1, -1, -1} {
			id.Parts = append(id.Parts, Part{Ref: Ref{Population: names[i], Codes: codes}, Factor: factor})
		}
		r.Identities = append(r.Identities, id)
	}
	return next
}

// benchChildren makes children; the first categories have more of them.
func benchChildren(rng *rand.Rand, n int) []benchChild {
	children := make([]benchChild, n)
	for i := range children {
		for _, d := range benchDims {
			children[i] = append(children[i], min(rng.IntN(d.size), rng.IntN(d.size)))
		}
	}
	return children
}

func benchTables(cuts [][]int, children []benchChild, population string) []Table {
	var tables []Table
	for i, dims := range cuts {
		t := Table{Name: fmt.Sprintf("%s, table %d", population, i), Population: population}
		var grids [][]string
		for _, d := range dims {
			dim, codes := benchDimension(d)
			t.Dimensions, grids = append(t.Dimensions, dim), append(grids, codes)
		}
		counts := map[string]int64{}
		for _, c := range children {
			var under [][]string
			for i, d := range dims {
				own := benchCode(d, c[d])
				codes := []string{own, Total}
				if p, ok := t.Dimensions[i].Parent[own]; ok {
					codes = append(codes, p)
				}
				under = append(under, codes)
			}
			for _, codes := range product(under) {
				counts[fmt.Sprint(codes)]++
			}
		}
		for _, codes := range product(grids) {
			t.Cells = append(t.Cells, Cell{Codes: codes, Count: counts[fmt.Sprint(codes)]})
		}
		tables = append(tables, t)
	}
	return tables
}

func benchCode(d, i int) string { return fmt.Sprintf("%s %d", benchDims[d].name, i) }

// benchDimension gives a dimension and all its codes.
func benchDimension(d int) (Dimension, []string) {
	dim := Dimension{Name: benchDims[d].name}
	codes := []string{Total}
	for i := range benchDims[d].size {
		codes = append(codes, benchCode(d, i))
		if benchDims[d].in == "" {
			continue
		}
		if dim.Parent == nil {
			dim.Parent = map[string]string{}
		}
		group := fmt.Sprintf("%s %d", benchDims[d].in, i/3)
		dim.Parent[benchCode(d, i)] = group
		if i%3 == 0 {
			codes = append(codes, group)
		}
	}
	return dim, codes
}
