package app

import (
	"context"
	"fmt"
	"io"

	"kith/sdc"
	"kith/sdc/csvtable"
)

type attackCommand struct {
	tableOptions
	Know string `placeholder:"K0…K5" help:"What the reader knows, K0 to K5; K2 if not given, or K3 with a ledger."`
}

// Help tells more and gives examples.
func (attackCommand) Help() string {
	return "The table is printed with the bounds of each hidden count. The exit status is 1 when it does not stand.\n\n" +
		examples("kith attack children-public.csv", "kith attack children-public.csv --ledger released.jsonl --know K4")
}

// Run prints what a reader could work out of a table.
func (o *attackCommand) Run(ctx context.Context, c *cli) error {
	if err := o.complete(c); err != nil {
		return err
	}
	reader := sdc.Usual
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
	led, err := openLedger(ctx, o.Ledger, false, func(r io.Reader) (*sdc.Ledger, error) { return o.earlier(r, h) })
	if err != nil {
		return err
	}
	defer led.close()
	if o.Ledger != "" && led.missing {
		return &refused{"there is no ledger " + o.Ledger}
	}
	led.respell(&t.Table)
	release := sdc.Release{Name: t.Table.Name, Tables: []sdc.Table{t.Table}}
	how := sdc.Options{Profile: o.profile, Know: reader, Ledger: led.ledger, Budget: o.Budget}
	audit, err := sdc.Attack(ctx, release, how)
	if err != nil {
		return atFault(o.Table, t.Explain(err))
	}
	found := make(map[int]sdc.Judged, len(audit.Cells))
	for _, j := range audit.Cells {
		found[j.Cell] = j
	}
	interval := func(cell int) (int64, int64) {
		if j, ok := found[cell]; ok {
			return j.Low, j.High
		}
		return 0, sdc.Unlimited
	}
	if err := t.WriteIntervals(c.out, &t.Table, interval); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	if err := o.keepAudit(audit); err != nil {
		return err
	}
	return c.verdict(t, audit)
}

// verdict says whether a table stands, and lists what can be worked out if not.
func (c *cli) verdict(t *csvtable.File, a *sdc.Audit) error {
	faults := 0
	for _, list := range [][]sdc.Judged{a.Cells, a.Derived} {
		for _, j := range list {
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
	switch {
	case a.Stopped:
		return &refused{"the work was stopped before every hidden count was judged, so the table is not shown to stand; give it more with --budget"}
	case !a.Stands:
		return &refused{fmt.Sprintf("the table does not stand: %d of its counts can be worked out too closely by a reader who knows %s", faults, a.Know.Words())}
	}
	_, err := fmt.Fprintf(c.err, "The table stands under the profile %s, version %s, against a reader who knows %s.\n", a.Profile, a.Version, a.Know.Words())
	return err
}
