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

// settleTotals marks the totals that the person names, and refuses the table when there
// is another code that seems to be one: its parts would be protected as if nobody could
// take them from it. Beside an earlier table what this one lacks may be of that.
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
	if err := o.askTotals(t); err != nil {
		return atFault(o.Table, err)
	}
	return nil
}

// askTotals refuses a table with codes that seem to be totals and of which the person
// has said nothing.
func (o *tableOptions) askTotals(t *csvtable.File) error {
	unsaid := slices.DeleteFunc(sdc.UnnamedTotals(&t.Table), func(u sdc.UnnamedTotal) bool {
		return slices.ContainsFunc(o.NotTotals, func(p pairOption) bool {
			return strings.EqualFold(strings.TrimSpace(p.key), u.Dimension) && strings.TrimSpace(p.value) == u.Code
		})
	})
	if len(unsaid) == 0 {
		return nil
	}
	return &sdc.TableError{Table: t.Table.Name, Cell: -1, Words: unnamedWords(unsaid)}
}

// unnamedWords asks what codes are, and says how to answer.
func unnamedWords(u []sdc.UnnamedTotal) string {
	const shown = 5
	var found, is, isNot []string
	for _, x := range u[:min(len(u), shown)] {
		var what string
		switch {
		case x.Differs:
			what = "is named as a total and is not the sum of the others"
		case x.Lines == 0:
			what = "may be the sum of the others"
		case x.Lines > 1:
			what = fmt.Sprintf("is the sum of the others, %s times over", lang.Number(x.Lines))
		default:
			what = fmt.Sprintf("(%s) is the sum of the others", lang.Number(int(x.Count)))
		}
		found = append(found, fmt.Sprintf("%s in the column %s %s", x.Code, x.Dimension, what))
		is = append(is, "--total "+shellWord(x.Dimension+"="+x.Code))
		isNot = append(isNot, "--not-total "+shellWord(x.Dimension+"="+x.Code))
	}
	if more := len(u) - shown; more > 0 {
		found = append(found, fmt.Sprintf("and so on for %s more", lang.Number(more)))
	}
	return fmt.Sprintf("%s. A total gives its parts away, so nothing was done. If it is a total, say %s; if it is a "+
		"category of its own, say %s", strings.Join(found, "; "), strings.Join(is, " "), strings.Join(isNot, " "))
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9=_./-]+$`)

// shellWord writes a word so that a shell reads it as one.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
