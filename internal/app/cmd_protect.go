package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/kit/csvfile"
	"kith/sdc"
	"kith/sdc/csvtable"
)

// tableOptions are what protect and attack share.
type tableOptions struct {
	Table       string       `arg:"" help:"The table: one CSV file, or - for standard input."`
	ProfileName string       `name:"profile" default:"dfe" placeholder:"PROFILE" offers:"profiles" help:"${profile}"`
	Ledger      string       `placeholder:"FILE" help:"File of everything released before, or one released table."`
	Hierarchy   string       `placeholder:"FILE" help:"${hierarchy}"`
	Population  string       `placeholder:"WORDS" help:"${population}"`
	Sensitive   []string     `sep:"none" placeholder:"DIMENSION" help:"${sensitive}"`
	Totals      []pairOption `name:"total" sep:"none" placeholder:"DIMENSION=CODE" help:"${total}"`
	NotTotals   []pairOption `name:"not-total" sep:"none" placeholder:"DIMENSION=CODE" help:"${nottotal}"`
	Audit       string       `placeholder:"FILE" help:"${audit}"`
	Budget      int64        `default:"${steps}" placeholder:"STEPS" help:"${budget}"`
	noInstallation

	profile sdc.Profile
	csv     csvtable.Options
}

// complete reads the profile and looks over the options together.
func (o *tableOptions) complete(c *cli) (err error) {
	if o.Ledger == "-" || o.Hierarchy == "-" {
		return misused("only the table can be read from standard input")
	}
	if o.Budget <= 0 {
		return misused("--budget is a number of steps above 0")
	}
	if o.profile, err = c.profile(o.ProfileName); err != nil {
		return err
	}
	if err := mayWriteAudit(o.Audit, o.Table, o.Ledger, o.Hierarchy, o.ProfileName); err != nil {
		return err
	}
	o.csv.Name, o.csv.Population, o.csv.Symbol = tableName(o.Table), o.Population, o.profile.Symbol
	o.csv.Guard = csvfile.Cell
	return nil
}

// tableName names a table after its file.
func tableName(path string) string {
	if path == "-" {
		return "table"
	}
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

func profileNames() (names []string) {
	for _, p := range sdc.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// profile gives a profile by name, or by the path of its JSON file.
func (c *cli) profile(name string) (sdc.Profile, error) {
	p, unknown := sdc.ProfileNamed(name)
	if unknown == nil {
		return p, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(name) == name && filepath.Ext(name) == "" {
		return p, misused("--profile: %v, or name a JSON file", unknown)
	} else if err != nil {
		return p, noFile(name, err)
	}
	defer f.Close()
	if p, err = sdc.ParseProfile(f); err != nil {
		return p, &refused{name + ": " + err.Error()}
	}
	return p, nil
}

func noFile(path string, err error) error {
	return &refused{fmt.Sprintf("there is no file %s, or it cannot be read: %v", path, errors.Unwrap(err))}
}

// open opens a file to read; - is standard input. A folder is no file.
func (c *cli) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(c.in), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, noFile(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, &refused{path + " is a folder and no file"}
	}
	return f, nil
}

// atFault names the file in an error about what it says.
func atFault(path string, err error) error {
	if path == "-" {
		path = "standard input"
	}
	if sdc.Refused(err) {
		return &refused{path + ": " + err.Error()}
	}
	return fmt.Errorf("%s: %w", path, err)
}

// table reads the table with its sub-totals and marks.
func (c *cli) table(o *tableOptions) (*csvtable.File, *csvtable.Hierarchy, error) {
	h, err := c.subtotals(o.Hierarchy)
	if err != nil {
		return nil, nil, err
	}
	f, err := c.open(o.Table)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	t, err := csvtable.Read(f, o.csv)
	if err != nil {
		return nil, nil, atFault(o.Table, err)
	}
	if err := t.Apply(h); err != nil {
		return nil, nil, atFault(o.Hierarchy, err)
	}
	if err := o.settleTotals(t); err != nil {
		return nil, nil, err
	}
	for _, d := range o.Sensitive {
		if err := t.MarkSensitive(d); err != nil {
			return nil, nil, atFault(o.Table, err)
		}
	}
	return t, h, nil
}

// subtotals reads the file of a hierarchy; without one, there is none.
func (c *cli) subtotals(path string) (*csvtable.Hierarchy, error) {
	if path == "" {
		return &csvtable.Hierarchy{}, nil
	}
	f, err := c.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := csvtable.ReadHierarchy(f)
	if err != nil {
		return nil, atFault(path, err)
	}
	return h, nil
}

// earlier reads a released table in the place of a ledger, as one of the same
// population and with the same sub-totals.
func (o *tableOptions) earlier(r io.Reader, h *csvtable.Hierarchy) (*sdc.Ledger, error) {
	name := tableName(o.Ledger)
	t, err := csvtable.Read(r, csvtable.Options{Name: name, Population: o.Population, Symbol: o.profile.Symbol,
		Guard: csvfile.Cell})
	if err != nil {
		return nil, err
	}
	t.ApplyKnown(h)
	for _, total := range o.Totals {
		_ = t.MarkTotal(total.key, total.value) // an earlier table need not have it
	}
	if err := o.askTotals(t); err != nil {
		return nil, err
	}
	for _, d := range o.Sensitive {
		_ = t.MarkSensitive(d) // an earlier table need not have it
	}
	l := &sdc.Ledger{}
	_, err = l.Append(sdc.Release{Name: name, Tables: []sdc.Table{t.Table}}, o.profile)
	return l, err
}

type protectCommand struct {
	tableOptions
	Release      string        `placeholder:"NAME" help:"${release}"`
	Keep         []codesOption `sep:"none" placeholder:"CODES" help:"${keep}"`
	Largest      string        `placeholder:"COLUMN" help:"${largest}"`
	Contributors string        `placeholder:"COLUMN" help:"Column with the number of contributors; it is not written."`
	Explain      bool          `help:"Say why each count is hidden; for the publisher alone."`
	DryRun       bool          `help:"Judge, and record nothing in the ledger."`
	Round        *int64        `placeholder:"BASE" help:"Round every count to a multiple of 2 to 100, and hide none."`
	Compare      bool          `help:"Say what hiding, rounding and a change would cost; for the publisher alone."`
}

// Help tells more and gives examples.
func (protectCommand) Help() string {
	return "The table is printed with its small counts hidden, and others with them, so that no reader can work a small " +
		"one out. Nothing is printed when that cannot be done.\n\n" +
		examples("kith protect children.csv --ledger released.jsonl > children-public.csv",
			"kith protect children.csv --profile nhs --explain --dry-run",
			"kith protect children.csv --round 5 --ledger released.jsonl > children-public.csv",
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
	led, err := openLedger(ctx, o.Ledger, add, func(r io.Reader) (*sdc.Ledger, error) { return o.earlier(r, h) })
	if err != nil {
		return err
	}
	defer led.close()
	led.respell(&t.Table)
	release := sdc.Release{Name: o.Release, Tables: []sdc.Table{t.Table}}
	how := sdc.Options{Profile: o.profile, Ledger: led.ledger, Budget: o.Budget}
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
	if !res.Safe {
		return unsafe(res, o.profile)
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
	hidden := 0
	for _, cell := range res.Released.Tables[0].Cells {
		if cell.Hidden {
			hidden++
		}
	}
	_, err = fmt.Fprintf(c.err, "Safe under the profile %s, version %s: %d of %d counts are hidden%s.\n",
		o.profile.Name, o.profile.Version, hidden, len(res.Released.Tables[0].Cells), recorded)
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

// unsafe is the answer of no to a table that cannot be made safe.
func unsafe(res *sdc.Result, p sdc.Profile) error {
	say := fmt.Sprintf("the table cannot be made safe under the profile %s, so nothing was written", p.Name)
	if res.Audit.Stopped {
		say = "the work was stopped before the table was shown to be safe, so nothing was written"
	}
	if res.Suggestion != "" {
		say += "; " + res.Suggestion
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
	if err := t.Write(&out, &released.Tables[0]); err != nil {
		return "", err
	}
	if led.ledger != nil {
		if recorded, err = led.record(add); sdc.Refused(err) {
			return "", &refused{"the release cannot be recorded, so nothing was printed: " + err.Error()}
		} else if err != nil {
			return "", fmt.Errorf("record the release in %s: %w; nothing was printed", o.Ledger, err)
		}
	}
	if _, err := c.out.Write(out.Bytes()); err != nil {
		return "", fmt.Errorf("print the table: %w", err)
	}
	return recorded, nil
}

// explain says why each count is hidden, and what to tell readers.
func (c *cli) explain(t *csvtable.File, res *sdc.Result, p sdc.Profile) {
	for cell, d := range res.Decisions[0] {
		if words := d.Words(p); words != "" {
			fmt.Fprintf(c.err, "%s, %s: %s\n", t.Row(cell), strings.Join(t.Table.Cells[cell].Codes, ", "), words)
		}
	}
	fmt.Fprintf(c.err, "\nFor readers:\n%s\n\nFor the publisher:\n%s\n", res.ReaderStatement(),
		strings.TrimSuffix(res.PublisherStatement(), "\n"))
}
