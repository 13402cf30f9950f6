package returns

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// perRule is how many findings of one rule are listed in full, so that a thousand
// of one kind do not crowd out the one that matters.
const perRule = 200

// The rules that findings name.
const (
	ruleExtraColumn   = "extra-column"
	ruleMissingColumn = "missing-column"
	ruleTwiceColumn   = "column-twice"
	ruleMissingTable  = "missing-table"
	ruleExtraTable    = "extra-table"
	ruleShape         = "shape"
	ruleMissingValue  = "missing-value"
	ruleDate          = "date"
	ruleDateForm      = "date-form"
	ruleCode          = "code"
	ruleEndsBefore    = "ends-before-start"
	ruleOverlap       = "overlap"
	ruleDuplicate     = "duplicate"
	ruleNotInHeader   = "not-in-header"
	ruleOutsideYear   = "outside-year"
	ruleHeaderYear    = "year"
	ruleStrayText     = "stray-text"
	ruleExtraElement  = "extra-element"
	ruleBorn          = "born-after"
	ruleOpenPlan      = "plan-in-closed-case"
	ruleNeedsMore     = "needs-more"
	ruleTotal         = "total"
	ruleLeftOut       = "left-out"
	ruleNothingOf     = "nothing-of"
	ruleNoEpisode     = "no-episode"
	ruleTwins         = "alike"
	ruleAge           = "age"
	ruleUncounted     = "uncounted"
	ruleStruck        = "struck-out"
	ruleShifted       = "shifted"
	rulePlace         = "authority"
)

// shortRow is said of a row of text that ends before the columns of its header do.
const shortRow = "The row has %s and the header %d. It was read from the left; look whether a comma is missing."

// totalLeftOut is said of a row whose number is a word for a total.
const totalLeftOut = "The row is a total of the others and was left out. Take it out of the file."

// notes collects findings and counts rows while files are read.
type notes struct {
	order    map[string]int // file → its place among the files given
	rows     map[string]int64
	kinds    map[string]string // the return that a file is of, when counted from
	contents intake.Contents
	all      []intake.Finding
	readings []sheet.Reading
	happened period.Span // from the first to the last thing in the year
	events   int64
	found    int64
	doubts   []string
	byRule   map[string]int64
	where    string         // added to messages: which record, where lines do not tell
	latest   intake.Finding // listed or not
	say      func(words string)
	said     int64
}

func newNotes(src intake.Source) *notes {
	n := &notes{order: map[string]int{}, rows: map[string]int64{}, kinds: map[string]string{},
		byRule: map[string]int64{}, say: src.Progress, contents: intake.Contents{}}
	for i, f := range src.Files {
		n.order[f.Name], n.rows[f.Name] = i, 0
	}
	return n
}

// row counts one row read of a file, and tells whoever waits now and then.
func (n *notes) row(file string) {
	n.rows[file]++
	const often = 5000
	if n.said++; n.said%often == 0 {
		n.say(lang.Number(int(n.said)) + " rows read")
	}
}

func (n *notes) total() int64 {
	var sum int64
	for _, r := range n.rows {
		sum += r
	}
	return sum
}

// add notes a finding; past perRule of a rule it is only counted.
func (n *notes) add(file string, line int64, field, rule, format string, args ...any) {
	n.found++
	n.byRule[rule]++
	n.latest = intake.Finding{File: file, Line: line, Field: field, Rule: rule,
		Message: fmt.Sprintf(format, args...) + n.where}
	if n.byRule[rule] > perRule || len(n.all) >= intake.MaxFindings {
		return
	}
	n.all = append(n.all, n.latest)
}

// doubt notes a finding for which the files are asked about before they are loaded.
func (n *notes) doubt(file string, line int64, field, rule, format string, args ...any) {
	n.add(file, line, field, rule, format, args...)
	n.doubts = append(n.doubts, n.latest.Message)
}

// within says which record of a file the findings to come are about, for XML is
// often one endless line; 0 for none.
func (n *notes) within(record int) {
	n.where = ""
	if record > 0 {
		n.where = fmt.Sprintf(" (Child %s of the file.)", lang.Number(record))
	}
}

// event notes that something that a return tells of happened on a day, if that is within span.
func (n *notes) event(on period.Date, span period.Span) {
	if !span.Contains(on) {
		return
	}
	n.events++
	if n.happened.IsZero() {
		n.happened = period.Span{From: on, To: on}
	}
	if on.Before(n.happened.From) {
		n.happened.From = on
	}
	if on.After(n.happened.To) {
		n.happened.To = on
	}
}

// fixes notes what had to be fixed in the form of a table.
func (n *notes) fixes(file string, fixes []sheet.Fix) {
	for _, m := range fixes {
		n.add(file, m.Line, "", ruleShape, "%s", lang.Sentence(m.Words)+".")
	}
}

// listed gives the findings by file and line. Where there are more than are
// listed, the last says how many.
func (n *notes) listed() []intake.Finding {
	slices.SortStableFunc(n.all, func(a, b intake.Finding) int {
		return cmp.Or(cmp.Compare(n.order[a.File], n.order[b.File]), cmp.Compare(a.Line, b.Line),
			strings.Compare(a.Field, b.Field), strings.Compare(a.Rule, b.Rule))
	})
	return n.all
}

// sentences says in words how many findings of each rule there are beyond those
// listed.
func (n *notes) sentences() []string {
	var out []string
	for _, rule := range sortedKeys(n.byRule) {
		listed := int64(0)
		for _, f := range n.all {
			if f.Rule == rule {
				listed++
			}
		}
		if more := n.byRule[rule] - listed; more > 0 {
			out = append(out, fmt.Sprintf("%s of the rule “%s” are counted and not listed.",
				lang.Plural(int(more), "more finding", "more findings"), rule))
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// shown quotes a code in a message, and never what may be about a person. A row
// that has shifted puts names and dates of birth where codes belong, so that only
// a few capitals and digits are repeated.
func shown(cell string) string {
	const longest = 4
	if len(cell) > longest {
		return "What is written"
	}
	for i := range len(cell) {
		if c := cell[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "What is written"
		}
	}
	return "“" + cell + "”"
}
