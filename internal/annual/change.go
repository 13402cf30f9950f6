package annual

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// Words about a change say which way a figure moved, by how much, and since
// when. A count's change is measured in percent of where it began, a
// percentage's in percentage points:
//
//	risen, fallen …          it moved that way at all
//	significantly            by 10 % or more (5 points or more)
//	slightly                 by less than 5 % (less than 2 points)
//	the same, unchanged      it did not move
//	steady, about the same   by no more than 2 % (1 point)
//	doubled, halved          to within 5 % of twice or half
//	by 12%, by over 100 …    the words of a figure, of the size of the change
//	since 2022, in 2023-24   the time named is the one compared with

// Sizes of changes: of counts in percent, of percentages in points.
const (
	muchPercent, muchPoints     = 10, 5
	littlePercent, littlePoints = 5, 2
	steadyPercent, steadyPoints = 2, 1
)

// A move is a figure at two times.
type move struct {
	from, to   float64
	ratio      bool
	since, now figure.Ask
}

// percent is the size of the change in percent of where it began; of a
// percentage, in points.
func (m move) percent() float64 {
	if m.ratio {
		return m.to - m.from
	}
	if m.from == 0 {
		if m.to == 0 {
			return 0
		}
		return math.Inf(1)
	}
	return 100 * (m.to - m.from) / m.from
}

// sized chooses between a bound for counts and one for percentages.
func (m move) sized(percent, points float64) float64 {
	if m.ratio {
		return points
	}
	return percent
}

var (
	upWords   = []string{"risen", "rose", "increased", "grown", "grew", "gone up", "went up", "up", "higher", "more"}
	downWords = []string{"fallen", "fell", "decreased", "dropped", "declined", "reduced", "gone down", "went down",
		"come down", "down", "lower", "fewer"}
	sameWords = []string{"stayed the same", "remained the same", "the same", "unchanged", "not changed",
		"did not change"}
	steadyWords = []string{"stayed about the same", "remained about the same", "about the same", "stayed steady",
		"remained steady", "held steady", "remained stable", "been stable", "stayed level", "steady", "stable", "level"}
	timesWords  = map[string]float64{"doubled": 2, "tripled": 3, "trebled": 3, "halved": 0.5}
	muchWords   = []string{"significantly", "sharply", "substantially", "considerably", "markedly", "much"}
	littleWords = []string{"slightly", "a little"}
	helpers     = []string{"has", "have", "had", "was", "were", "is", "are"}
)

// checkChange holds words such as "has fallen significantly since 2022" to what
// the figure did.
func checkChange(words string, m move) error {
	bears, err := m.bears(words)
	if err != nil {
		return err
	}
	if bears {
		return nil
	}
	return untrue(m.trueWords(),
		"“%s” is not true: the figure was %s %s and %s %s.", words, m.say(m.from), when(m.since), m.say(m.to), when(m.now))
}

// timeWords begin the part of the words that names a time.
var timeWords = []string{"since", "in", "during", "from", "on"}

// bears reports whether the figure bears the words out. The error is for words
// that cannot be checked.
func (m move) bears(words string) (bool, error) {
	rest := fields(words)
	if i := slices.IndexFunc(rest, func(w string) bool { return slices.Contains(timeWords, w) }); i >= 0 {
		if err := checkSince(words, rest[i:], m); err != nil {
			return false, err
		}
		rest = rest[:i]
	}
	if len(rest) > 0 && slices.Contains(helpers, rest[0]) {
		rest = rest[1:]
	}
	by := true
	if i := slices.Index(rest, "by"); i >= 0 {
		var err error
		if by, err = m.bearsSize(words, rest[i+1:]); err != nil {
			return false, err
		}
		rest = rest[:i]
	}
	much, rest := takeAny(rest, muchWords)
	little, rest := takeAny(rest, littleWords)
	moved, known := m.bearsVerb(strings.Join(rest, " "))
	if !known {
		return false, wrong(`Use words such as "has fallen", "have risen significantly", "has stayed the same", `+
			`and then "since 2022" or "by 5%".`, "Kith cannot check the words “%s”.", words)
	}
	p := math.Abs(m.percent())
	large := !much || p >= m.sized(muchPercent, muchPoints)
	small := !little || p < m.sized(littlePercent, littlePoints)
	return moved && by && large && small, nil
}

// bearsVerb tells whether the figure moved as a verb says, and whether the verb
// is known.
func (m move) bearsVerb(verb string) (moved, known bool) {
	times := timesWords[verb]
	switch {
	case slices.Contains(upWords, verb):
		return m.to > m.from, true
	case slices.Contains(downWords, verb):
		return m.to < m.from, true
	case slices.Contains(sameWords, verb):
		return m.to == m.from, true
	case slices.Contains(steadyWords, verb):
		return math.Abs(m.percent()) <= m.sized(steadyPercent, steadyPoints), true
	case times > 0:
		want := times * m.from
		return m.from > 0 && math.Abs(m.to-want) <= 0.05*want, true
	}
	return false, false
}

// takeAny takes one of the phrases out of words.
func takeAny(words, phrases []string) (found bool, rest []string) {
	joined := " " + strings.Join(words, " ") + " "
	for _, p := range phrases {
		if strings.Contains(joined, " "+p+" ") {
			return true, strings.Fields(strings.Replace(joined, " "+p+" ", " ", 1))
		}
	}
	return false, words
}

// bearsSize holds "by over 100", "by 5%", "by a third" or "by 3 points" to the
// size of the change.
func (m move) bearsSize(words string, size []string) (bool, error) {
	points := len(size) > 0 && slices.Contains([]string{"point", "points"}, size[len(size)-1])
	switch {
	case points && !m.ratio:
		return false, wrong("Only a percentage changes by points.", "“%s” does not fit a count.", words)
	case !points && m.ratio:
		return false, wrong(`Write the change of a percentage in points: "by 3 points".`, "“%s” can be read in two ways.",
			words)
	case points:
		size = slices.DeleteFunc(slices.Clone(size), func(w string) bool {
			return slices.Contains([]string{"%", "percentage", "point", "points"}, w)
		})
	}
	_, fraction := readFraction(size)
	share := !m.ratio && (fraction || slices.Contains(size, "%"))
	v := math.Abs(m.to - m.from)
	switch {
	case share:
		v = math.Abs(m.percent())
	case m.ratio:
		v = math.Round(v)
	}
	c, err := readClaim(strings.Join(size, " "), share)
	if err != nil {
		return false, err
	}
	return c.holds(v), nil
}

var yearWord = regexp.MustCompile(`^(?:19|20)\d\d$`)

// checkSince holds the time that words name to the time compared with: "since
// 2022", "since march 2022", "since 31 march 2022", "since 2021 22", "in 2023
// 24", "during 2023", "since the year before", "on the year before".
func checkSince(words string, tail []string, m move) error {
	named := strings.Join(tail[1:], " ")
	since := tail[0] == "since" || tail[0] == "from" || tail[0] == "on"
	ask := m.now
	if since {
		ask = m.since
	}
	day, span := ask.At, ask.Period
	ok := false
	switch {
	case named == "the year before" || named == "last year" || named == "the last year" || named == "the previous year":
		ok = yearBefore(m)
	case !day.IsZero():
		ok = slices.Contains(waysToSay(day), named)
	default:
		y, whole := span.Year()
		ok = whole && (named == spoken(y) || since && named == y.String()[:4])
		ok = ok || named == strings.ToLower(strings.ReplaceAll(span.String(), "-", " "))
		// "during 2023" of a figure of the calendar year, or of 2023-24 said of its start
		ok = ok || whole && !since && yearWord.MatchString(named) && named == y.String()[:4]
	}
	if ok {
		return nil
	}
	return wrong(fmt.Sprintf("Say “%s %s”, or change the directive's date.", tail[0], sayWhen(ask)),
		"“%s” does not name the time that the figure is compared at.", words)
}

// waysToSay lists how a day may be named: 31 march 2022, march 2022, 2022.
func waysToSay(d period.Date) []string {
	return []string{strings.ToLower(d.Words()), strings.ToLower(d.Format("January 2006")), fmt.Sprint(d.Year), d.String()}
}

func spoken(y period.Year) string { return strings.ReplaceAll(y.String(), "-", " ") }

func sayWhen(a figure.Ask) string {
	if !a.At.IsZero() {
		return fmt.Sprint(a.At.Year)
	}
	return a.Period.String()
}

func yearBefore(m move) bool {
	if !m.now.At.IsZero() {
		return m.since.At == m.now.At.AddYears(-1) || m.since.At == m.now.At.AddYears(-1).EndOfMonth() &&
			m.now.At.IsMonthEnd()
	}
	return m.since.Period == m.now.Period.YearBefore()
}

func (m move) say(v float64) string {
	if m.ratio {
		return lang.Decimal(v, 0) + "%"
	}
	return lang.Number(int(v))
}

// trueWords gives words that are true of the change.
func (m move) trueWords() []string {
	tail := " since " + sayWhen(m.since)
	var out []string
	for _, w := range []string{"has risen significantly", "has fallen significantly", "has risen", "has fallen",
		"has stayed the same", "has stayed about the same"} {
		if ok, err := m.bears(w + tail); ok && err == nil {
			out = append(out, w+tail)
		}
	}
	return out[:min(len(out), 2)]
}

// sayChange is what stands in the text when no words are given.
func (m move) sayChange() string {
	size := lang.Decimal(math.Abs(m.percent()), 0)
	unit := "%"
	if m.ratio {
		unit = " percentage points"
		if size == "1" {
			unit = " percentage point"
		}
	}
	switch {
	case m.to == m.from:
		return "stayed the same"
	case math.IsInf(m.percent(), 0):
		return "risen from none"
	case m.to > m.from:
		return "risen by " + size + unit
	}
	return "fallen by " + size + unit
}

// when says the time of an ask inside a sentence: "on 31 March 2024", "in 2023-24".
func when(a figure.Ask) string {
	if !a.At.IsZero() {
		return "on " + moment(a)
	}
	return "in " + moment(a)
}

// moment says the time of an ask by itself: "31 March 2024", "2023-24".
func moment(a figure.Ask) string {
	if !a.At.IsZero() {
		return a.At.Words()
	}
	return periodWords(a.Period)
}

// periodWords says a period in as few words as are clear.
func periodWords(s period.Span) string {
	if y, ok := s.Year(); ok {
		return y.String()
	}
	if s.From.Day == 1 && s.From.Month == time.January &&
		s.To == (period.Date{Year: s.From.Year, Month: time.December, Day: 31}) {
		return fmt.Sprint(s.From.Year)
	}
	return s.Words()
}
