package returns

import (
	"fmt"

	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// Files may be at fault as a whole though every row is sound: cut short, or holding every
// person twice. What looks so is asked about.

// twins finds people of whom all that is known but their number is known of another too.
type twins struct {
	seen  map[uint64]bool
	known int
	alike int
	first int64 // the line of the first that is like an earlier one
}

// add takes somebody whose date of birth is known, with all else that is.
func (t *twins) add(line int64, born period.Date, what ...string) {
	if !born.IsZero() {
		t.see(line, append([]string{"twin", born.String()}, what...)...)
	}
}

// see takes all that is known of somebody.
func (t *twins) see(line int64, what ...string) {
	if t.seen == nil {
		t.seen = map[uint64]bool{}
	}
	t.known++
	k := fingerprint(what...)
	if !t.seen[k] {
		t.seen[k] = true
		return
	}
	if t.alike++; t.alike == 1 {
		t.first = line
	}
}

// The share of people who may be like another in all that is known: brothers and sisters born
// on one day are far fewer. A list knows less of each than a return.
const returnAlikeOneIn, listAlikeOneIn = 10, 5

// ask asks about people of whom more than one in so many are like another under a number of
// their own.
func (t *twins) ask(n *notes, file, field string, oneIn int) {
	if t.known < largeTable || t.alike*oneIn <= t.known {
		return
	}
	n.doubt(file, t.first, field, ruleTwins, "%s of the %s children with a date of birth are like another in all that is "+
		"counted, under another number. Look whether the return was put together from two exports, or numbered anew, so "+
		"that children would be counted twice.", lang.Number(t.alike), lang.Number(t.known))
}

// largeList is how many rows without a date of birth a list has of which many may not be alike.
const largeList = 40

// askRows asks about a list many of whose rows, which tell an age and no date of birth, are
// like another in every column but the numbers.
func (t *twins) askRows(n *notes, file, field string, many string) {
	if t.known < largeList || t.alike*listAlikeOneIn <= t.known {
		return
	}
	n.doubt(file, t.first, field, ruleTwins, "%s of the %s %s with an age and no date of birth are like another in every "+
		"column that is read but the numbers. Look whether the list was put together from two exports, or numbered anew, so "+
		"that they would be counted twice.", lang.Number(t.alike), lang.Number(t.known), many)
}

// The share of the children of a Header table that may have no episode, for care leavers stand
// in it too; and that may have an age that nobody has.
const emptyOneIn, oldOneIn = 5, 3

// checkCut asks about a return of many of whose children there is no episode: most often
// the Episodes table was cut short.
func (r *lookedReader) checkCut(file string) {
	has := make([]bool, len(r.children))
	for _, e := range r.episodes {
		has[e.child] = true
	}
	all, without := 0, 0
	for i, c := range r.children {
		if !c.inHeader || r.leaver[int32(i)] {
			continue
		}
		if all++; !has[i] {
			without++
		}
	}
	if all < largeTable || without*emptyOneIn <= all {
		return
	}
	r.n.doubt(file, 0, "CHILD", ruleNoEpisode, "%s of the %s children of the Header table have no episode that can be "+
		"counted. Look whether the Episodes table is cut short, or of another year.", lang.Number(without), lang.Number(all))
}

// checkTwins asks about a return in which many children are like another. Its episodes are
// in the order of their children.
func (r *lookedReader) checkTwins(file string) {
	var t twins
	for from := 0; from < len(r.episodes); {
		e := r.episodes[from]
		var what []string
		to := from
		for ; to < len(r.episodes) && r.episodes[to].child == e.child; to++ {
			x := r.episodes[to]
			what = append(what, fmt.Sprint(x.from, x.to, x.legal, x.place))
		}
		child := r.children[e.child]
		r.n.contents.Tell(file, append(what, child.born.String())...)
		t.add(e.line, child.born, append(what, child.sex, child.ethnic)...)
		from = to
	}
	t.ask(r.n, file, "CHILD", returnAlikeOneIn)
}

// checkTwins asks about a census in which many children are like another, and takes all for
// the content of the file.
func (c *census) checkTwins() {
	var t twins
	for _, child := range c.children {
		what := []string{child.sex, child.ethnic}
		for _, x := range child.cases {
			what = append(what, fmt.Sprint("case", x.from, x.to, x.need))
		}
		for _, x := range child.plans {
			what = append(what, fmt.Sprint("plan", x.from, x.to, x.category))
		}
		t.add(child.line, child.born, what...)
		c.n.contents.Tell(c.file, append(what, child.born.String())...)
		c.n.contents.Hold(c.file, child.id, append(what, child.id, child.born.String())...)
	}
	t.ask(c.n, c.file, "LAchildID", returnAlikeOneIn)
}

// oldestChild is the age from which nobody is in a return about children: help ends at 25.
const oldestChild = 26

// tooOld reports whether somebody would be no child on a day.
func tooOld(born, at period.Date) bool {
	return !born.IsZero() && !born.After(at) && born.AgeOn(at) >= oldestChild
}

// An ageCheck counts the children whose age cannot be theirs.
type ageCheck struct{ all, wrong int }

// see notes a date of birth by which a child would be none, and gives no date in its place.
func (a *ageCheck) see(n *notes, file, field string, line int64, born, at period.Date) period.Date {
	if born.IsZero() {
		return born
	}
	a.all++
	if !tooOld(born, at) {
		return born
	}
	a.wrong++
	n.add(file, line, field, ruleAge, "By this date of birth the child would be %d or older. The age is counted as not "+
		"known; look whether the century is right.", oldestChild)
	return period.Date{}
}

// ask asks about a return of many of whose children the age cannot be right.
func (a *ageCheck) ask(n *notes, file, field string) {
	if a.all < largeTable || a.wrong*oldOneIn <= a.all {
		return
	}
	n.doubt(file, 0, field, ruleAge, "By their dates of birth %s of the %s children would be %d or older. Look whether "+
		"the column is the right one, and its years too.", lang.Number(a.wrong), lang.Number(a.all), oldestChild)
}
