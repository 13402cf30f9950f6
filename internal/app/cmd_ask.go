package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/lang"
	"kith/sdc"
	"kith/sdc/csvtable"
)

// settleTotals marks the totals that the person names, and refuses the table when more
// must be known of it: of a total that is taken for a category the parts would be given
// away. Beside an earlier table what this one lacks may be of that.
func (o *tableOptions) settleTotals(t *csvtable.File) error {
	for _, total := range o.Totals {
		if err := t.MarkTotal(total.key, total.value); err != nil && o.Ledger == "" {
			return atFault(o.Table, err)
		}
	}
	for _, none := range o.NotTotals {
		if err := t.Has(none.key, none.value); err != nil && o.Ledger == "" {
			return atFault(o.Table, err)
		}
	}
	if q := t.Questions(); len(q) > 0 {
		return atFault(o.Table, &sdc.TableError{Table: t.Table.Name, Cell: -1, Words: askWords(q)})
	}
	return nil
}

// An asking is how a question is answered on the command line: by one of these options.
type asking struct {
	says  string
	ways  []string // what each option means, with the option
	usual string   // the options that are meant as a rule; none where nothing is usual
}

// mostAsked is how many questions of a kind are written out.
const mostAsked = 8

// askWords asks all that must be known, and says how to answer.
func askWords(questions []csvtable.Question) string {
	var b strings.Builder
	usual, known := []string{}, true
	fmt.Fprintf(&b, "%s must be known first, and nothing was done:", lang.Plural(len(questions), "thing", "things"))
	kinds := map[csvtable.Kind]int{}
	for _, q := range questions {
		if kinds[q.Kind]++; kinds[q.Kind] > mostAsked {
			known = false
			continue
		}
		a := howToAnswer(&q)
		fmt.Fprintf(&b, "\n- %s.", a.says)
		for _, w := range a.ways {
			fmt.Fprintf(&b, "\n    %s", w)
		}
		if a.usual == "" {
			known = false
		} else if !slices.Contains(usual, a.usual) {
			usual = append(usual, a.usual)
		}
	}
	for _, n := range kinds {
		if n > mostAsked {
			fmt.Fprintf(&b, "\n- and %s more like these.", lang.Number(n-mostAsked))
		}
	}
	if known {
		fmt.Fprintf(&b, "\nIf all is as it seems, add: %s", strings.Join(usual, " "))
	}
	return b.String()
}

// howToAnswer gives the options that answer a question.
func howToAnswer(q *csvtable.Question) asking {
	a := asking{says: strings.ToUpper(q.Words[:1]) + q.Words[1:]}
	option := func(meaning, name, value string) string {
		words := "--" + name + " " + shellWord(value)
		if value == "" || strings.HasPrefix(value, "-") {
			words = "--" + name + "=" + shellWord(value)
		}
		a.ways = append(a.ways, words+"  "+meaning)
		return words
	}
	switch q.Kind {
	case csvtable.AskDerived:
		a.usual = option("leave it out, and make it again from what is printed", "leave-out", q.Column)
	case csvtable.AskWhole:
		option("it counts something: protect it with the others, as --measure count", "measure", q.Column)
		option("it tells rows apart, as an age or a year does", "dimension", q.Column)
		option("neither: leave it out", "leave-out", q.Column)
	case csvtable.AskCounts:
		var all []string
		for _, c := range q.Columns {
			all = append(all, "--measure "+shellWord(c))
		}
		a.ways = append(a.ways, strings.Join(all, " ")+"  the columns that count something")
		if len(q.Columns) > 1 {
			a.ways = append(a.ways, "--across NAME  they are the categories of one dimension, such as sex")
		} else {
			a.usual = all[0]
		}
	case csvtable.AskAcross:
		a.ways = append(a.ways, "--across NAME  what they are the categories of, such as sex, as the ledger calls it")
	case csvtable.AskWord:
		hidden := option("it stands for a count that is hidden", "hidden", q.Code)
		if strings.HasPrefix(q.Code, "<") {
			a.usual = hidden
		} else {
			option("it stands for none", "zero", q.Code)
		}
	case csvtable.AskBlank:
		total := option("it is the total", "total", q.Column+"=")
		if q.Total != nil && !q.Total.Differs {
			a.usual = total
		}
		option("it has this name", "code", q.Column+"==NAME")
	case csvtable.AskDate:
		name := q.Other
		if strings.Contains(name, " ") {
			name = "NAME"
		}
		now := option("it was this", "code", q.Column+"="+q.Code+"="+name)
		if name == q.Other {
			a.usual = now
		}
		option("it is meant as it is", "as-written", q.Column)
	case csvtable.AskAlike:
		option("they are one; their rows must then be one too", "code", q.Column+"="+q.Other+"="+q.Code)
		option("they are two", "as-written", q.Column)
	case csvtable.AskTotal:
		a.says += ", and a total gives its parts away"
		total := option("it is the total", "total", q.Column+"="+q.Code)
		if sdc.NamedTotal(q.Code) && !q.Total.Differs {
			a.usual = total
		}
		option("it is a category of its own", "not-total", q.Column+"="+q.Code)
	}
	return a
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9=_./-]+$`)

// shellWord writes a word so that a shell reads it as one.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
