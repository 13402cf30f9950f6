package app

import (
	"context"
	"fmt"
	"strings"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// agrees refuses options of protect that do not go together.
func (o *protectCommand) agrees() error {
	switch {
	case o.Round != nil && (*o.Round < 2 || *o.Round > 100):
		return misused("--round is a number from 2 to 100")
	case o.Compare && (o.Explain || o.Audit != ""):
		return misused("--compare says what each way costs and nothing else; leave --explain and --audit out")
	case o.Round != nil && !o.Compare && len(o.Keep) > 0:
		return misused("--round shows every count, rounded, so that none can be kept as it is; leave --keep out")
	case o.Round != nil && (o.Largest != "" || o.Contributors != ""):
		return misused("--round does not judge what a contributor knows; leave --largest and --contributors out, or --round")
	}
	return nil
}

// round prints a table with every count rounded, so that totals still add up, once
// that is shown to be safe.
func (o *protectCommand) round(
	ctx context.Context, c *cli, t *csvtable.File, led *ledgerFile, release sdc.Release, how sdc.Options,
) error {
	res, err := sdc.Round(ctx, release, *o.Round, how)
	if err != nil {
		return atFault(o.Table, t.Explain(err))
	}
	if o.Explain && len(res.Released.Tables) > 0 {
		c.explainRounded(t, res)
	}
	if !res.Safe {
		words := strings.ToLower(res.Words[:1]) + strings.TrimSuffix(res.Words[1:], ".")
		return &refused{"nothing was written: " + words}
	}
	if err := o.keepAudit(res.Audit); err != nil {
		return err
	}
	recorded, err := o.publish(c, t, led, &res.Released, func(l *sdc.Ledger) ([]byte, error) {
		return l.AppendRounded(res, o.profile)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.err, "Safe under the profile %s, version %s: %d of %d counts were changed by rounding%s. %s\n",
		o.profile.Name, o.profile.Version, changedCounts(t, res), len(t.Table.Cells)*len(res.Released.Tables), recorded,
		res.Words)
	return err
}

func changedCounts(t *csvtable.File, res *sdc.Rounding) (n int) {
	eachChange(t, res, func(int, int, int64, int64) { n++ })
	return n
}

// eachChange calls f for each count that is printed as another number than it was.
func eachChange(t *csvtable.File, res *sdc.Rounding, f func(table, cell int, was, now int64)) {
	given := t.Release("")
	for k := range res.Released.Tables {
		for i, cell := range res.Released.Tables[k].Cells {
			if was := given.Tables[k].Cells[i].Count; cell.Count != was {
				f(k, i, was, cell.Count)
			}
		}
	}
}

// explainRounded says of each count from what it was rounded, and what to tell readers.
func (c *cli) explainRounded(t *csvtable.File, res *sdc.Rounding) {
	eachChange(t, res, func(table, cell int, was, now int64) {
		fmt.Fprintf(c.err, "%s, %s: %d is printed as %d\n", t.Row(cell), t.CodesOf(table, cell), was, now)
	})
	nearest := "No other rounding to these multiples is nearer to the true counts."
	if !res.Nearest {
		nearest = "A rounding nearer to the true counts may be found with a greater --budget."
	}
	fmt.Fprintf(c.err, "\nFor readers:\n%s\n\nFor the publisher:\n%s\n", res.Words, nearest)
}

// usualBases are what counts are rounded to as a rule.
var usualBases = []int64{3, 5, 10}

// compare says what each way of protecting the table costs. It is made from true
// counts, and so goes where only the publisher looks: not where the table is printed.
func (o *protectCommand) compare(
	ctx context.Context, c *cli, t *csvtable.File, release sdc.Release, how sdc.Options,
) error {
	bases := usualBases
	if o.Round != nil {
		bases = []int64{*o.Round}
	}
	losses, err := sdc.Compare(ctx, release, how, bases...)
	if err != nil {
		return atFault(o.Table, t.Explain(err))
	}
	fmt.Fprint(c.err, sdc.LossTable(losses),
		"\nFor the publisher alone: this is made from the true counts. Nothing was printed or recorded.\n")
	for _, l := range losses {
		if l.Safe {
			return nil
		}
	}
	return &refused{"none of these is safe"}
}
