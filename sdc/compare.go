package sdc

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// NotKnown stands in a Loss for what could not be worked out: the release was not
// made safe, or the work was stopped.
const NotKnown = -1

// A Loss is what one way of protecting a release costs in information. It is made
// from true counts, and though it tells them only in sum it is for the publisher.
//
// Shares are in per mille. Errors and widths are in hundredths of a person.
type Loss struct {
	// Name says which protection it is: "dfe" (hiding under that profile), "base 5"
	// (controlled rounding), or a change: "merge 0-4 with 5-9 in age" (and then hiding).
	Name string
	Safe bool
	// Cells is how many counts the tables have, and Hidden how many of them are
	// hidden.
	Cells, Hidden int
	// CountHidden is the share of all that is counted that stands in hidden cells.
	// Only cells that are no totals are looked at.
	CountHidden int64
	// MeanError and WorstError are how far a reader is from the true count who takes
	// a printed number as it stands, and for a hidden one the middle of the interval
	// that can be worked out for it (its lower end, when it has no upper one).
	MeanError, WorstError int64
	// MeanWidth is how many numbers, on average, a small count can be for a reader:
	// a count from 1 to what the profile says must not be known. What is printed as
	// it is can be 1. Counts without an upper end are left out, and are Open.
	MeanWidth int64
	// Small is how many small counts there are, and Open how many of them have no
	// upper end.
	Small, Open int
}

// Compare protects a release in several ways, by hiding under the profile, by
// controlled rounding to each of the bases, and by the smallest change of the release
// after which hiding is safe and hides fewer counts; and says what each costs. The
// counts of r are true ones, and none may be Hidden. Each way has the whole budget.
// Hiding is not Safe, and its costs NotKnown, where counts were rounded before.
func Compare(ctx context.Context, r Release, o Options, bases ...int64) ([]Loss, error) {
	for _, base := range bases {
		if err := checkRounding(&r, base, base); err != nil {
			return nil, err
		}
	}
	hiding, changed, err := compareHiding(ctx, r, o)
	if err != nil {
		return nil, err
	}
	losses := []Loss{hiding}
	for _, base := range bases {
		res, err := Round(ctx, r, base, o)
		if err != nil {
			return nil, err
		}
		l := measure(fmt.Sprintf("base %d", base), &r, &res.Released, res.Audit, &o.Profile)
		l.Safe = res.Safe
		losses = append(losses, l)
	}
	return append(losses, changed...), nil
}

// compareHiding is the loss of hiding, and that of the smallest change with hiding, if
// there is one that hides less.
func compareHiding(ctx context.Context, r Release, o Options) (hiding Loss, changed []Loss, err error) {
	res, err := Protect(ctx, r, o)
	var before *EarlierRounding
	if errors.As(err, &before) {
		return measure(o.Profile.Name, &r, &Release{}, nil, &o.Profile), nil, nil
	}
	if err != nil {
		return hiding, nil, err
	}
	hiding = measure(o.Profile.Name, &r, &res.Released, res.Audit, &o.Profile)
	hiding.Safe = res.Safe
	if res.Audit.Stopped {
		return hiding, nil, nil // changes would be stopped too
	}
	if best, after := smallestChange(ctx, r, o); best != nil {
		l := measure(best.words, &best.release, &after.Released, after.Audit, &o.Profile)
		l.Safe = true
		if !hiding.Safe || l.Hidden < hiding.Hidden {
			changed = append(changed, l)
		}
	}
	return hiding, changed, nil
}

// measure compares what is printed, and what can be worked out of it, with the
// true counts.
func measure(name string, truth, printed *Release, a *Audit, profile *Profile) Loss {
	l := Loss{Name: name, MeanError: NotKnown, WorstError: NotKnown, MeanWidth: NotKnown}
	spans, away, widths := map[spot]Verdict{}, tally{}, tally{}
	if a != nil {
		for _, j := range a.Cells {
			spans[spot{j.Table, j.Cell}] = j
		}
	}
	for t := range truth.Tables {
		for c := range truth.Tables[t].Cells {
			l.Cells++
			x := truth.Tables[t].Cells[c].Count
			small := x >= 1 && x <= profile.SmallUpTo
			if small {
				l.Small++
			}
			if len(printed.Tables) == 0 || a == nil {
				continue
			}
			cell := &printed.Tables[t].Cells[c]
			if cell.Hidden {
				l.Hidden++
			}
			seen, ok := spans[spot{t, c}]
			if !ok { // printed as it is, or rounded by the profile
				seen.Low, seen.High = profile.reading(cell.Count)
			}
			away.add(howFar(x, cell, &seen))
			switch {
			case !small:
			case seen.High == Unlimited:
				l.Open++
			default:
				widths.add(new(big.Int).Mul(hundred, big.NewInt(seen.High-seen.Low+1)))
			}
		}
	}
	if len(printed.Tables) > 0 {
		l.CountHidden = shareHidden(truth, printed)
	}
	if a != nil && !a.Stopped {
		l.MeanError, l.WorstError, l.MeanWidth = away.mean(), whole(&away.most), widths.mean()
	}
	return l
}

var hundred = big.NewInt(100)

// howFar is how far a reader's number is from a true count, in hundredths.
func howFar(x int64, cell *Cell, seen *Verdict) *big.Int {
	twice := new(big.Int).Lsh(big.NewInt(cell.Count), 1)
	if cell.Hidden {
		twice.Lsh(big.NewInt(seen.Low), 1)
		if seen.High != Unlimited {
			twice.Add(big.NewInt(seen.Low), big.NewInt(seen.High))
		}
	}
	twice.Sub(twice, new(big.Int).Lsh(big.NewInt(x), 1))
	return twice.Mul(twice.Abs(twice), big.NewInt(50))
}

// shareHidden is how much of all that the lowest cells count is hidden, in per
// mille.
func shareHidden(truth, printed *Release) int64 {
	all, out := new(big.Int), new(big.Int)
	for t := range truth.Tables {
		table := &truth.Tables[t]
		totals := table.totals()
		for c := range table.Cells {
			if isTotal(totals, table.Cells[c].Codes) {
				continue
			}
			x := big.NewInt(table.Cells[c].Count)
			all.Add(all, x)
			if printed.Tables[t].Cells[c].Hidden {
				out.Add(out, x)
			}
		}
	}
	return ratioOf(out.Mul(out, big.NewInt(1000)), all)
}

// totals are the codes of each dimension that stand for a total or sub-total.
func (t *Table) totals() []map[string]bool {
	out := make([]map[string]bool, len(t.Dimensions))
	for d := range out {
		out[d] = map[string]bool{Total: true}
		for _, parent := range t.Dimensions[d].Parent {
			out[d][parent] = true
		}
	}
	return out
}

func isTotal(totals []map[string]bool, codes []string) bool {
	for d, code := range codes {
		if totals[d][code] {
			return true
		}
	}
	return false
}

// A tally sums numbers up.
type tally struct {
	n         int64
	sum, most big.Int
}

func (t *tally) add(x *big.Int) {
	t.n++
	t.sum.Add(&t.sum, x)
	if x.Cmp(&t.most) > 0 {
		t.most.Set(x)
	}
}

// mean is the mean, to the nearest whole number; NotKnown of nothing.
func (t *tally) mean() int64 {
	if t.n == 0 {
		return NotKnown
	}
	return ratioOf(&t.sum, big.NewInt(t.n))
}

// ratioOf divides two numbers that are not negative, to the nearest whole number
// (halves upward). Nothing of nothing is 0.
func ratioOf(a, b *big.Int) int64 {
	if b.Sign() == 0 {
		return 0
	}
	twice := new(big.Int).Lsh(a, 1)
	twice.Add(twice, b)
	return whole(twice.Quo(twice, new(big.Int).Lsh(b, 1)))
}

// whole gives a number that is not negative as an int64, or the greatest there is.
func whole(x *big.Int) int64 {
	if !x.IsInt64() {
		return Unlimited
	}
	return x.Int64()
}

// LossTable writes losses as a plain table for the publisher. It is made from true
// counts: it is not to be published.
func LossTable(losses []Loss) string {
	rows := [][]string{{
		"protection", "safe", "counts", "hidden", "of all counted", "mean error", "worst error", "numbers for a small one",
	}}
	for i := range losses {
		l := &losses[i]
		safe := "no"
		if l.Safe {
			safe = "yes"
		}
		width := hundredths(l.MeanWidth)
		if l.Small == 0 && l.MeanError != NotKnown {
			width = "none is small"
		}
		if l.Open > 0 {
			width += fmt.Sprintf(" (%d of %d without end)", l.Open, l.Small)
		}
		rows = append(rows, []string{l.Name, safe, strconv.Itoa(l.Cells), strconv.Itoa(l.Hidden),
			fmt.Sprintf("%d.%d %%", l.CountHidden/10, l.CountHidden%10),
			hundredths(l.MeanError), hundredths(l.WorstError), width})
	}
	return aligned(rows)
}

// hundredths writes a number of hundredths: "1.25".
func hundredths(x int64) string {
	if x == NotKnown {
		return "not known"
	}
	return fmt.Sprintf("%d.%02d", x/100, x%100)
}

// aligned writes rows with the first column to the left and all others to the
// right.
func aligned(rows [][]string) string {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			width[i] = max(width[i], len([]rune(s)))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, s := range row {
			space := strings.Repeat(" ", width[i]-len([]rune(s)))
			if i == 0 {
				b.WriteString(s + space)
			} else {
				b.WriteString("  " + space + s)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
