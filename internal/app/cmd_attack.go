package app

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/lang"
	"kith/sdc"
	"kith/sdc/csvtable"
)

type attackCommand struct {
	tableOptions
	Know     string `placeholder:"K0…K5" help:"What the reader knows, K0 to K5; K2 if not given, or K3 with a ledger."`
	Round    *int64 `placeholder:"BASE" help:"Every count is a rounded one, a multiple of this."`
	Distance *int64 `placeholder:"N" help:"How far from the true count, less than this; the base of --round if not given."`
}

// Help tells more and gives examples.
func (attackCommand) Help() string {
	return "The table is printed with the bounds of each hidden count. The exit status is 1 when it does not stand.\n\n" +
		examples("kith attack children-public.csv", "kith attack children-public.csv --ledger released.jsonl --know K4",
			"kith attack children-rounded.csv --round 5")
}

// Run prints what a reader could work out of a table.
func (o *attackCommand) Run(ctx context.Context, c *cli) error {
	if err := o.complete(c); err != nil {
		return err
	}
	if o.Distance != nil && o.Round == nil {
		return misused("--distance says how counts were rounded; say --round too")
	}
	reader := sdc.Usual
	if o.Round != nil && (*o.Round < 2 || *o.Round > 100) {
		return misused("--round is a number from 2 to 100")
	}
	if o.Know != "" {
		var err error
		if reader, err = sdc.ParseKnowledge(o.Know); err != nil {
			return misused("--know: %v", err)
		}
		if o.Ledger != "" && reader < sdc.K3 {
			return misused("a reader of kind %s does not know the ledger; say --know K3 or leave one of the two out", reader)
		}
	}
	t, h, err := c.table(&o.tableOptions)
	if err != nil {
		return err
	}
	led, err := openLedger(ctx, o.Ledger, false, func() (*sdc.Ledger, error) { return o.earlier(c, h) })
	if err != nil {
		return err
	}
	defer led.close()
	if o.Ledger != "" && led.missing {
		return &refused{"there is no ledger " + o.Ledger}
	}
	led.respell(t)
	release := t.Release(t.Table.Name)
	release.Facts = t.Facts()
	if err := o.identities(t, led.ledger, &release); err != nil {
		return err
	}
	watched := c.watch(o.Progress)
	how := sdc.Options{Profile: o.profile, Know: reader, Ledger: led.ledger, Budget: o.Budget, Progress: watched.steps}
	audit, err := o.attack(ctx, release, how)
	watched.end()
	if err != nil {
		return atFault(o.Table, t.Explain(err))
	}
	found := make(map[[2]int]sdc.Verdict, len(audit.Cells))
	for _, j := range audit.Cells {
		found[[2]int{j.Table, j.Cell}] = j
	}
	interval := func(table, cell int) (int64, int64, bool) {
		j, ok := found[[2]int{table, cell}]
		if !ok && release.Tables[table].Cells[cell].Hidden { // the work was stopped before it was looked at
			return 0, sdc.Unlimited, true
		}
		return j.Low, j.High, ok
	}
	if err := t.WriteFound(c.out, release.Tables, interval); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	if err := o.keepAudit(audit); err != nil {
		return err
	}
	var exposed []map[int]sdc.Rule
	for k := range release.Tables {
		if o.Round == nil {
			exposed = append(exposed, sdc.Exposed(&release.Tables[k], o.profile))
		}
	}
	return c.verdict(t, audit, exposed, o.profile)
}

// attack judges a release as it is printed: with hidden counts, or rounded.
func (o *attackCommand) attack(ctx context.Context, r sdc.Release, how sdc.Options) (*sdc.Audit, error) {
	if o.Round == nil {
		return sdc.Attack(ctx, r, how)
	}
	distance := *o.Round
	if o.Distance != nil {
		distance = *o.Distance
	}
	return sdc.AttackRounded(ctx, r, *o.Round, distance, how)
}

// verdict says whether a table stands, and lists what can be worked out if not.
func (c *cli) verdict(t *csvtable.File, a *sdc.Audit, exposed []map[int]sdc.Rule, p sdc.Profile) error {
	faults, printed, wider := 0, 0, 0
	for k := range exposed {
		for _, cell := range slices.Sorted(maps.Keys(exposed[k])) {
			printed++
			fmt.Fprintf(c.err, "%s, %s: it is printed, though %s\n", t.Row(cell), t.CodesOf(k, cell), exposed[k][cell].Words(p))
		}
	}
	for _, list := range [][]sdc.Verdict{a.Cells, a.Derived} {
		for _, j := range list {
			if j.AtLeast {
				wider++
			}
			if j.Stands || a.Stopped {
				continue
			}
			faults++
			at := "not printed"
			if j.Cell >= 0 {
				at = t.Row(j.Cell)
			}
			fmt.Fprintf(c.err, "%s: %s\n", at, j.Words())
		}
	}
	if wider > 0 {
		fmt.Fprintf(c.err, "Of %s the very ends would take too long to find; it can be what is printed, or more.\n",
			lang.Plural(wider, "count", "counts"))
	}
	switch {
	case a.Stopped:
		return &refused{"the work was stopped before every count was judged, so the table is not shown to stand; give it " +
			"more with --budget"}
	case printed > 0:
		return &refused{fmt.Sprintf("the table does not stand: it prints %s that the profile %s hides; protect it first "+
			"with kith protect", lang.Plural(printed, "count", "counts"), p.Name)}
	case !a.Stands:
		return &refused{fmt.Sprintf("the table does not stand: %d of its counts can be worked out too closely by a reader "+
			"who knows %s", faults, a.Know.Words())}
	}
	_, err := fmt.Fprintf(c.err, "The table stands under the profile %s, version %s, against a reader who knows %s.\n",
		a.Profile, a.Version, a.Know.Words())
	return err
}
