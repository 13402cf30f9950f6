package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/kit/sheet"
	"kith/sdc"
	"kith/sdc/csvtable"
)

type protectCommand struct {
	tableOptions
	Release      string        `placeholder:"NAME" help:"${release}"`
	Keep         []codesOption `sep:"none" placeholder:"CODES" help:"${keep}"`
	Largest      string        `placeholder:"COLUMN" help:"${largest}"`
	Contributors string        `placeholder:"COLUMN" help:"Column with the number of contributors; it is not written."`
	Explain      bool          `help:"Say why each count is hidden; for the publisher alone."`
	DryRun       bool          `help:"Judge, and record nothing in the ledger."`
	Round        *int64        `placeholder:"BASE" help:"Round every count to a multiple of 2 to 100, and hide none."`
	Out          string        `placeholder:"FILE" help:"${outtable}"`
	Compare      bool          `help:"Say what hiding, rounding and a change would cost; for the publisher alone."`
}

// Help tells more and gives examples.
func (protectCommand) Help() string {
	return "The table is printed with its small counts hidden, and others with them, so that no reader can work a small " +
		"one out. Nothing is printed when that cannot be done.\n\n" +
		examples("kith protect children.csv --ledger released.jsonl > children-public.csv",
			"kith protect children.csv --profile nhs --explain --dry-run",
			"kith protect children.csv --round 5 --ledger released.jsonl > children-public.csv",
			"kith protect wards.xlsx --total Ward=Wirral --leave-out Rate --out wards-public.xlsx",
			"kith protect children.csv --compare")
}

// Run hides what must be hidden in a table, records the release and prints it.
func (o *protectCommand) Run(ctx context.Context, c *cli) error {
	o.csv.Largest, o.csv.Contributors = o.Largest, o.Contributors
	if err := errors.Join(o.agrees(), o.complete(c)); err != nil {
		return err
	}
	o.Release = cmp.Or(o.Release, o.csv.Name)
	t, h, err := c.table(&o.tableOptions)
	if err != nil {
		return err
	}
	for _, k := range o.Keep {
		if err := t.MarkKept(k.codes); err != nil {
			return atFault(o.Table, err)
		}
	}
	add := !o.DryRun && !o.Compare
	led, err := openLedger(ctx, o.Ledger, add, func() (*sdc.Ledger, error) { return o.earlier(c, h) })
	if err != nil {
		return err
	}
	defer led.close()
	led.respell(t)
	release := t.Release(o.Release)
	if err := o.identities(t, led.ledger, &release); err != nil {
		return err
	}
	watched := c.watch(o.Progress)
	defer watched.end()
	how := sdc.Options{Profile: o.profile, Ledger: led.ledger, Budget: o.Budget, Progress: watched.steps}
	switch {
	case o.Compare:
		return o.compare(ctx, c, t, release, how)
	case o.Round != nil:
		return o.round(ctx, c, t, led, release, how)
	}
	res, err := sdc.Protect(ctx, release, how)
	if err != nil {
		return atFault(o.Table, t.Explain(err))
	}
	if o.Explain {
		c.explain(t, res, o.profile)
	}
	how.Progress = nil
	useful := sdc.UsefulLine(o.useful(ctx, release, how, res, watched))
	watched.end()
	if !res.Safe {
		return unsafe(res, o.profile, useful)
	}
	if err := o.keepAudit(res.Audit); err != nil {
		return err
	}
	recorded, err := o.publish(c, t, led, &res.Released, func(l *sdc.Ledger) ([]byte, error) {
		return l.Append(res.Released, o.profile)
	})
	if err != nil {
		return err
	}
	hidden, cells := 0, 0
	for i := range res.Released.Tables {
		for _, cell := range res.Released.Tables[i].Cells {
			cells++
			if cell.Hidden {
				hidden++
			}
		}
	}
	_, err = fmt.Fprintf(c.err, "Safe under the profile %s, version %s: %d of %d counts are hidden%s.\n",
		o.profile.Name, o.profile.Version, hidden, cells, recorded)
	if useful != "" && err == nil {
		_, err = fmt.Fprintf(c.err, "%s. For the publisher alone: this is made from the true counts.\n", useful)
	}
	return err
}

// keepAudit writes the audit record, where one is asked for.
func (o *tableOptions) keepAudit(a *sdc.Audit) error {
	if o.Audit == "" {
		return nil
	}
	record, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.Audit, append(record, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the audit record: %w", err)
	}
	return nil
}

// useful works out what the table could be instead where much of it is hidden.
func (o *protectCommand) useful(
	ctx context.Context, release sdc.Release, how sdc.Options, res *sdc.Result, w *watching,
) []sdc.Use {
	const much = 25 // per cent
	if now := sdc.UseOf(res); now.Safe && now.Share() < much {
		return nil
	}
	return sdc.Useful(ctx, release, how, res, w.tables)
}

// unsafe is the answer of no to a table that cannot be made safe.
func unsafe(res *sdc.Result, p sdc.Profile, useful string) error {
	say := fmt.Sprintf("the table cannot be made safe under the profile %s, so nothing was written", p.Name)
	if res.Audit.Stopped {
		say = "the work was stopped before the table was shown to be safe, so nothing was written"
	}
	if res.Suggestion != "" {
		say += "; " + res.Suggestion
	}
	if useful != "" {
		say += "\n" + useful
	}
	return &refused{say}
}

// publish has a safe release added to the ledger and then prints it, in this order:
// what is printed is always in the ledger. It says what was recorded, as the end of a
// sentence.
func (o *protectCommand) publish(
	c *cli, t *csvtable.File, led *ledgerFile, released *sdc.Release, add func(*sdc.Ledger) ([]byte, error),
) (recorded string, err error) {
	var out bytes.Buffer
	if strings.EqualFold(filepath.Ext(o.Out), ".xlsx") {
		rows, err := t.Rows(released.Tables)
		if err == nil {
			err = sheet.WriteWorkbook(&out, rows)
		}
		if err != nil {
			return "", err
		}
	} else if err := t.WriteRelease(&out, released.Tables); err != nil {
		return "", err
	}
	if led.ledger != nil {
		if recorded, err = led.record(add); sdc.Refused(err) {
			return "", &refused{"the release cannot be recorded, so nothing was printed: " + err.Error()}
		} else if err != nil {
			return "", fmt.Errorf("record the release in %s: %w; nothing was printed", o.Ledger, err)
		}
	}
	if o.Out != "" {
		if err := os.WriteFile(o.Out, out.Bytes(), 0o644); err != nil {
			return "", fmt.Errorf("write the table: %w", err)
		}
		return recorded + "; written to " + o.Out, nil
	}
	if _, err := c.out.Write(out.Bytes()); err != nil {
		return "", fmt.Errorf("print the table: %w", err)
	}
	return recorded, nil
}

// explain says why each count is hidden, and what to tell readers.
func (c *cli) explain(t *csvtable.File, res *sdc.Result, p sdc.Profile) {
	for k := range res.Decisions {
		for cell, d := range res.Decisions[k] {
			if words := d.Words(p); words != "" {
				fmt.Fprintf(c.err, "%s, %s: %s\n", t.Row(cell), t.CodesOf(k, cell), words)
			}
		}
	}
	fmt.Fprintf(c.err, "\nFor readers:\n%s\n\nFor the publisher:\n%s\n", res.ReaderStatement(),
		strings.TrimSuffix(res.PublisherStatement(), "\n"))
}
