package sdc

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Use is how much of a release is hidden when it is published in one way.
type Use struct {
	// Name says how, in words that follow a sentence: "with 2 bands of age", "without
	// sex"; empty for the release as it is.
	Name string
	// Safe says that it was made safe so. The counts of what is not safe say nothing.
	Safe bool
	// Cells is how many counts it has, and Hidden how many of them are hidden.
	Cells, Hidden int
	// Stopped says that it was not worked out within the budget.
	Stopped bool
}

// Share is how much of the counts are hidden, in whole per cent; above 0 where any is.
func (u *Use) Share() int {
	if u.Cells == 0 || u.Hidden == 0 {
		return 0
	}
	return max(1, (100*u.Hidden+u.Cells/2)/u.Cells)
}

// UseOf is how much of a release is hidden as Protect gave it.
func UseOf(res *Result) Use {
	hidden, cells := res.hiddenCells()
	return Use{Safe: res.Safe, Cells: cells, Hidden: hidden, Stopped: res.Audit.Stopped}
}

// usefulShare is the part of the budget that each alternative has.
const usefulShare = 12

// Useful says what a release with few shown counts could be instead: with the bands of a
// dimension put together, or with a dimension left out. Each is really protected, with
// the ledger of the options, and has a part of their budget. The first is the release as
// res, which Protect gave for it, has it; the others follow, the fewest hidden first.
// Progress, if it is not nil, is called before each with how many are done, and of how
// many. When the context ends the list is cut short.
//
// It is made from true counts and is for the publisher.
func Useful(ctx context.Context, r Release, o Options, res *Result, progress func(done, all int)) []Use {
	uses := []Use{UseOf(res)}
	changes := slices.Concat(bandings(&r, o.Ledger != nil), withouts(&r))
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	o.Budget /= usefulShare
	var others []Use
	for i, c := range changes {
		if progress != nil {
			progress(i, len(changes))
		}
		if ctx.Err() != nil {
			break
		}
		u := Use{Name: c.words, Cells: countCells(&c.release)}
		after, err := protect(o.meter(ctx), c.release, o, asChosen)
		if err != nil {
			continue // it is no table then: its counts do not fit what was released before
		}
		u.Safe, u.Stopped = after.Safe, after.Audit.Stopped
		u.Hidden, u.Cells = after.hiddenCells()
		others = append(others, u)
	}
	slices.SortStableFunc(others, func(a, b Use) int {
		if a.Safe != b.Safe {
			return cmp.Compare(btoi(b.Safe), btoi(a.Safe))
		}
		return cmp.Compare(int64(a.Hidden)*int64(b.Cells), int64(b.Hidden)*int64(a.Cells))
	})
	return append(uses, others...)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// UsefulLine says in one sentence how much is hidden, and in which other ways less would
// be: "64 % of counts hidden; with 2 bands of age 41 %; without sex 28 %". It is empty
// where less than a quarter is hidden, or no way is better.
func UsefulLine(uses []Use) string {
	const some, most = 25, 4 // per cent, and alternatives
	if len(uses) == 0 {
		return ""
	}
	now := &uses[0]
	if now.Safe && now.Share() < some {
		return ""
	}
	first := fmt.Sprintf("%d %% of counts hidden", now.Share())
	if !now.Safe {
		first = "not safe as it is"
	}
	parts := []string{first}
	for i := range uses[1:] {
		u := &uses[1+i]
		if u.Safe && (!now.Safe || u.Share() < now.Share()) && len(parts) <= most {
			parts = append(parts, fmt.Sprintf("%s %d %%", u.Name, u.Share()))
		}
	}
	if len(parts) == 1 {
		return ""
	}
	return strings.Join(parts, "; ")
}

// bandCode is a band of numbers: 0-4, 10 to 15, 18+.
var bandCode = regexp.MustCompile(`^(\d+) ?(?:(?:-|–|to) ?(\d+)|\+| and over)$|^(?:under|<) ?(\d+)$|^(\d+)$`)

// bandings lists the ways to put neighbouring bands of a dimension together, so that two
// or three are left. Categories that are no bands have no neighbours.
func bandings(r *Release, ledger bool) []change {
	var out []change
	for _, name := range dimensionNames(r) {
		codes, parent := lowestCodes(r, name)
		isBand := func(code string) bool { return parent[code] == "" && bandCode.MatchString(code) }
		if len(codes) < 3 || slices.ContainsFunc(codes, func(c string) bool { return !isBand(c) }) {
			continue
		}
		for _, left := range []int{3, 2} {
			if left >= len(codes) {
				continue
			}
			c := change{release: *r, words: fmt.Sprintf("with %d bands of %s", left, name)}
			for k := range left {
				group := codes[k*len(codes)/left : (k+1)*len(codes)/left]
				for joined := group[0]; len(group) > 1; group = group[1:] {
					next := merge(&c.release, name, joined, group[1])
					if ledger {
						next.Identities = append(slices.Clone(next.Identities), bindings(&c.release, name, joined, group[1])...)
					}
					joined, c.release = joined+" and "+group[1], next
				}
			}
			c.lost = countCells(r) - countCells(&c.release)
			out = append(out, c)
		}
	}
	return out
}

// withouts lists the ways to leave one dimension out of every table that has it.
func withouts(r *Release) []change {
	out := omissions(r)
	for i := range out {
		name := strings.TrimSuffix(strings.TrimPrefix(out[i].words, "leave "), " out")
		out[i].words = "without " + name
	}
	return out
}
