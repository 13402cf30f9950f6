package sdc

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// The outside judges: glpsol (exact rational linear programs) and cbc (whole
// numbers), called as processes. They share nothing with this package.

// judgeOpen is a row's missing side, or a bound's missing end.
const judgeOpen = math.MaxInt64

// judgeCap stands for no upper end in what the judges are asked, because a block
// without an optimum would spoil its whole batch. The tables that are judged have
// grand totals below judgeCap/judgeFar, so that an optimum beyond that is none.
const (
	judgeCap = 100_000
	judgeFar = 20
)

// A judgeRow says that low <= the sum of its terms <= high.
type judgeRow struct {
	vars      []int
	coefs     []int64
	low, high int64
}

// A judgeAny says that at least one of some unknowns is at most a limit.
type judgeAny struct {
	vars  []int
	limit int64
}

// A judgeProgram is a set of whole-number unknowns between bounds, with rows and
// choices. Linear programs leave the choices out.
type judgeProgram struct {
	low, high []int64
	rows      []judgeRow
	any       []judgeAny
}

// A judgeAsk asks for the least and greatest value of one unknown.
type judgeAsk struct {
	program *judgeProgram
	v       int
}

// A judgeSpan answers a judgeAsk. The ends are whole numbers when cbc gives them.
type judgeSpan struct {
	low, high float64
	open      bool // no upper end
	none      bool // no solution at all
}

func (s judgeSpan) String() string {
	switch {
	case s.none:
		return "impossible"
	case s.open:
		return fmt.Sprintf("%g..", s.low)
	}
	return fmt.Sprintf("%g..%g", s.low, s.high)
}

// A judgeTool is one of the two programs.
type judgeTool struct {
	name string
	// args are for the file of the program and the file of its solution.
	args func(program, solution string) []string
	// read gives the values of columns x1, x2, …; nil when there is no solution.
	read func(solution []byte, columns int) ([]float64, error)
	// whole says that values are whole numbers.
	whole bool
	// batch is how many unknowns, about, one process is given.
	batch int
}

var (
	judgeLinear = judgeTool{
		name:  "glpsol",
		args:  func(p, s string) []string { return []string{"--lp", p, "--xcheck", "--nomip", "-w", s} },
		read:  readGlpsol,
		batch: 2000,
	}
	judgeExact = judgeTool{ // the same, exact from the first step; slower
		name:  "glpsol",
		args:  func(p, s string) []string { return []string{"--lp", p, "--exact", "--nomip", "-w", s} },
		read:  readGlpsol,
		batch: 100,
	}
	judgeSecond = judgeTool{ // whole numbers by a second program, for tables kept in files
		name: "glpsol",
		args: func(p, s string) []string { return []string{"--lp", p, "--mipgap", "0", "-w", s} },
		read: readGlpsol, whole: true, batch: 100,
	}
	judgeWhole = judgeTool{
		name: "cbc",
		args: func(p, s string) []string {
			return []string{p, "ratioGap", "0", "allowableGap", "0", "integerTolerance", "1e-9",
				"printingOptions", "all", "solve", "solution", s}
		},
		read:  readCbc,
		whole: true,
		batch: 2000,
	}
)

// A judgeBlock is one question as a program of its own: the part of the program
// that its unknown is tied to, and the unknown's index in that part. Questions that
// differ only in their choices are one block.
type judgeBlock struct {
	asks []int
	any  [][]judgeAny // of each of the asks, which the part does not hold
	part *judgeProgram
	v    int
}

// judgeAll answers all questions. They are asked without their choices first: an
// optimum that keeps these is the optimum with them. Only the others are asked
// again.
func judgeAll(t testing.TB, tool judgeTool, asks []judgeAsk) []judgeSpan {
	t.Helper()
	if _, err := exec.LookPath(tool.name); err != nil {
		t.Fatalf("%s is not installed: make test installs glpk-utils and coinor-cbc", tool.name)
	}
	type question struct {
		rows *judgeRow
		v    int
	}
	spans := make([]judgeSpan, len(asks))
	var blocks []*judgeBlock
	had := map[question]*judgeBlock{}
	for i, a := range asks {
		part, v := judgePart(a.program, a.v)
		if len(part.rows) == 0 {
			spans[i] = judgeAlone(part, v)
			continue
		}
		q := question{&a.program.rows[0], a.v}
		b := had[q]
		if b == nil {
			b = &judgeBlock{part: part, v: v}
			had[q], blocks = b, append(blocks, b)
		}
		b.asks, b.any = append(b.asks, i), append(b.any, part.any)
	}
	again := make([]bool, len(asks))
	judgeBatches(t, tool, blocks, spans, again)
	var second []*judgeBlock
	for i, a := range asks {
		if again[i] && tool.whole {
			part, v := judgePart(a.program, a.v)
			second = append(second, &judgeBlock{asks: []int{i}, any: make([][]judgeAny, 1), part: withChoices(part), v: v})
		}
	}
	judgeBatches(t, tool, second, spans, again)
	return spans
}

// judgeAlone answers for an unknown that no row ties to another.
func judgeAlone(p *judgeProgram, v int) judgeSpan {
	high := p.high[v]
	for _, a := range p.any {
		high = min(high, a.limit)
	}
	if high < p.low[v] {
		return judgeSpan{none: true}
	}
	return judgeEnds(float64(p.low[v]), float64(high))
}

// withChoices writes choices as rows: of 0-1 unknowns one for each x, at least one
// is 1, and x <= high − (high−limit)·one.
func withChoices(p *judgeProgram) *judgeProgram {
	out := &judgeProgram{low: slices.Clone(p.low), high: slices.Clone(p.high), rows: slices.Clone(p.rows)}
	for _, a := range p.any {
		one := judgeRow{low: 1, high: judgeOpen}
		for _, v := range a.vars {
			b := len(out.low)
			out.low, out.high = append(out.low, 0), append(out.high, 1)
			one.vars, one.coefs = append(one.vars, b), append(one.coefs, 1)
			if room := p.high[v] - a.limit; room > 0 {
				out.rows = append(out.rows, judgeRow{vars: []int{v, b}, coefs: []int64{1, room}, low: 0, high: p.high[v]})
			}
		}
		out.rows = append(out.rows, one)
	}
	return out
}

// judgeBatches has blocks answered, many to a process, two processes at a time.
func judgeBatches(t testing.TB, tool judgeTool, blocks []*judgeBlock, spans []judgeSpan, again []bool) {
	t.Helper()
	dir := t.TempDir()
	work := make(chan []*judgeBlock)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for w := range 2 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for b := range work {
				if err := judgeBlocks(filepath.Join(dir, fmt.Sprint("w", w)), tool, b, spans, again); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
				}
			}
		}()
	}
	from, columns := 0, 0
	for i, b := range blocks {
		if columns += 2 * len(b.part.low); columns >= tool.batch || i == len(blocks)-1 {
			work <- blocks[from : i+1]
			from, columns = i+1, 0
		}
	}
	close(work)
	wait.Wait()
	if failed != nil {
		t.Fatal(failed)
	}
}

func judgeEnds(low, high float64) judgeSpan {
	if high >= judgeCap/judgeFar {
		return judgeSpan{low: low, high: judgeCap, open: true}
	}
	return judgeSpan{low: low, high: high}
}

// judgePart is the part of a program that unknown v is tied to by rows.
func judgePart(p *judgeProgram, v int) (*judgeProgram, int) {
	reached := map[int]bool{v: true}
	taken := make([]bool, len(p.rows))
	for grown := true; grown; {
		grown = false
		for i, r := range p.rows {
			if taken[i] || !anyReached(reached, r.vars) {
				continue
			}
			taken[i], grown = true, true
			for _, x := range r.vars {
				reached[x] = true
			}
		}
	}
	at := make(map[int]int)
	part := &judgeProgram{}
	for x := range p.low {
		if reached[x] {
			at[x] = len(part.low)
			part.low = append(part.low, p.low[x])
			part.high = append(part.high, p.high[x])
		}
	}
	for i, r := range p.rows {
		if taken[i] {
			row := judgeRow{coefs: r.coefs, low: r.low, high: r.high}
			for _, x := range r.vars {
				row.vars = append(row.vars, at[x])
			}
			part.rows = append(part.rows, row)
		}
	}
	for _, a := range p.any {
		if !anyReached(reached, a.vars) {
			continue
		}
		short := judgeAny{limit: a.limit}
		for _, x := range a.vars { // all in this part: rows tie a group together
			short.vars = append(short.vars, at[x])
		}
		part.any = append(part.any, short)
	}
	return part, at[v]
}

func anyReached(reached map[int]bool, vars []int) bool {
	for _, v := range vars {
		if reached[v] {
			return true
		}
	}
	return false
}

// judgeBlocks asks one process for all blocks. Their optima do not touch each
// other, so that the optimum of the sum holds each block's own. A batch that has
// no answer, or none soon, is asked in halves.
func judgeBlocks(path string, tool judgeTool, blocks []*judgeBlock, spans []judgeSpan, again []bool) error {
	patience := 10 * time.Second
	if len(blocks) == 1 {
		patience = 5 * time.Minute
	}
	values, order, err := judgeRun(path, tool, blocks, patience)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if values == nil {
		if len(blocks) == 1 {
			for _, i := range blocks[0].asks {
				spans[i] = judgeSpan{none: true}
			}
			return err
		}
		half := len(blocks) / 2
		return errors.Join(judgeBlocks(path, tool, blocks[:half], spans, again),
			judgeBlocks(path, tool, blocks[half:], spans, again))
	}
	from := 0
	for _, b := range blocks {
		n := len(b.part.low)
		high, low := make([]float64, n), make([]float64, n)
		for x := range n {
			high[x], low[x] = values[order[from+x]], values[order[from+n+x]]
		}
		if tool.whole {
			if err := errors.Join(wholePoint(b.part, high), wholePoint(b.part, low)); err != nil {
				return fmt.Errorf("%s: %w", tool.name, err)
			}
		}
		for j, i := range b.asks {
			spans[i] = judgeEnds(low[b.v], high[b.v])
			again[i] = !chosen(b.any[j], high) || !chosen(b.any[j], low)
		}
		from += 2 * n
	}
	return nil
}

// chosen says whether a point keeps all choices.
func chosen(choices []judgeAny, x []float64) bool {
	for _, a := range choices {
		if !slices.ContainsFunc(a.vars, func(v int) bool { return x[v] <= float64(a.limit) }) {
			return false
		}
	}
	return true
}

// wholePoint rounds a solution to whole numbers, and says whether it is one: in
// whole numbers, without a tolerance.
func wholePoint(p *judgeProgram, x []float64) error {
	for i := range x {
		r := math.Round(x[i])
		if math.Abs(r-x[i]) > 1e-3 || int64(r) < p.low[i] || int64(r) > p.high[i] {
			return fmt.Errorf("unknown %d is %g, outside %d..%d or not whole", i, x[i], p.low[i], p.high[i])
		}
		x[i] = r
	}
	for _, r := range p.rows {
		sum := int64(0)
		for i, v := range r.vars {
			sum += r.coefs[i] * int64(x[v])
		}
		if sum < r.low || r.high != judgeOpen && sum > r.high {
			return fmt.Errorf("a row adds up to %d, not between %d and %d", sum, r.low, r.high)
		}
	}
	return nil
}

// judgeRun writes the blocks as one program in the LP format, runs the tool, and
// gives the value of each column in order of mention, with each column's place in
// that order. No values and no error means no solution.
func judgeRun(path string, tool judgeTool, blocks []*judgeBlock, patience time.Duration) ([]float64, []int, error) {
	text, order := judgeText(blocks)
	program, solution := path+".lp", path+".out"
	if err := os.WriteFile(program, text, 0o600); err != nil {
		return nil, nil, err
	}
	defer os.Remove(solution)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	said, err := exec.CommandContext(ctx, tool.name, tool.args(program, solution)...).CombinedOutput()
	if ctx.Err() != nil {
		return nil, nil, fmt.Errorf("%s took more than %v: %w", tool.name, patience, ctx.Err())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: %s", tool.name, err, said)
	}
	got, err := os.ReadFile(solution)
	if err != nil {
		return nil, nil, fmt.Errorf("%s wrote no solution: %s", tool.name, said)
	}
	values, err := tool.read(got, len(order))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: %s", tool.name, err, said)
	}
	return values, order, nil
}
