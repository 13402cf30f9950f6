package app

import (
	"context"
	"fmt"
	"io"

	"kith/sdc"
)

func runAttack(ctx context.Context, c *cli, args []string) error {
	var know string
	o, err := c.tableOptions("attack", args, func(o *tableOptions) {
		o.StringVar(&know, "know", "", "what the reader knows, K0 to K5; K2 if not given, or K3 with a ledger")
	})
	if err != nil {
		return err
	}
	reader := sdc.Usual
	if know != "" {
		if reader, err = sdc.ParseKnowledge(know); err != nil {
			return c.usage("--know: %v", err)
		}
		if o.ledger != "" && reader < sdc.K3 {
			return c.usage("a reader of kind %s does not know the ledger; say --know K3 or leave one of the two out", reader)
		}
	}
	t, h, err := c.table(o)
	if err != nil {
		return err
	}
	led, err := openLedger(ctx, o.ledger, false, func(r io.Reader) (*sdc.Ledger, error) { return o.earlier(r, h) })
	if err != nil {
		return err
	}
	defer led.close()
	if o.ledger != "" && led.missing {
		return &refused{"there is no ledger " + o.ledger}
	}
	led.respell(&t.Table)
	audit, err := sdc.Attack(ctx, sdc.Release{Name: t.Table.Name, Tables: []sdc.Table{t.Table}}, sdc.Options{Profile: o.profile, Know: reader, Ledger: led.ledger, Budget: o.budget})
	if err != nil {
		return atFault(o.path, t.Explain(err))
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
func (c *cli) verdict(t *sdc.CSVTable, a *sdc.Audit) error {
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
