package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kith/sdc"
)

// tableOptions are what protect and attack share.
type tableOptions struct {
	*options
	profileName, ledger, hierarchy, population, audit string
	sensitive                                         words
	budget                                            int64

	path    string // of the table; - is standard input
	profile sdc.Profile
	csv     sdc.CSVOptions
}

// words is a flag that may be given any number of times.
type words []string

func (w *words) String() string { return "" }

func (w *words) Set(s string) error {
	*w = append(*w, s)
	return nil
}

func (c *cli) tableOptions(name string, args []string, more func(o *tableOptions)) (*tableOptions, error) {
	o := &tableOptions{options: newOptions(name, c.err)}
	o.StringVar(&o.profileName, "profile", "dfe", "the rule for small counts: "+profileNames()+", or a JSON file")
	o.StringVar(&o.ledger, "ledger", "", "file of everything released before, or one released table")
	o.StringVar(&o.hierarchy, "hierarchy", "", "CSV file of sub-totals with the columns dimension, parent and child")
	o.StringVar(&o.population, "population", "", "what is counted and when; counts of one population and the same codes are the same count")
	o.Var(&o.sensitive, "sensitive", "a dimension that tells something about a person, any number of times")
	o.StringVar(&o.audit, "audit", "", "file to write the audit record to, as JSON: what can be worked out of each hidden count")
	o.Int64Var(&o.budget, "budget", sdc.DefaultBudget, "how much work to do before giving up, in steps of about one sum")
	more(o)
	rest, err := o.parse(args)
	if err != nil {
		return nil, err
	}
	if len(rest) != 1 {
		return nil, c.usage("say which table: one CSV file, or - for standard input")
	}
	if o.ledger == "-" || o.hierarchy == "-" {
		return nil, c.usage("only the table can be read from standard input")
	}
	if o.budget <= 0 {
		return nil, c.usage("--budget is a number of steps above 0")
	}
	o.path = rest[0]
	if o.profile, err = c.profile(o.profileName); err != nil {
		return nil, err
	}
	o.csv.Name, o.csv.Population, o.csv.Symbol = tableName(o.path), o.population, o.profile.Symbol
	return o, nil
}

func profileNames() string {
	var names []string
	for _, p := range sdc.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// tableName names a table after its file.
func tableName(path string) string {
	if path == "-" {
		return "table"
	}
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// profile gives a profile by name, or by the path of its JSON file.
func (c *cli) profile(name string) (sdc.Profile, error) {
	p, unknown := sdc.ProfileNamed(name)
	if unknown == nil {
		return p, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) && filepath.Base(name) == name && filepath.Ext(name) == "" {
		return p, c.usage("--profile: %v, or name a JSON file", unknown)
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
func (c *cli) table(o *tableOptions) (*sdc.CSVTable, *sdc.Hierarchy, error) {
	h, err := c.subtotals(o.hierarchy)
	if err != nil {
		return nil, nil, err
	}
	f, err := c.open(o.path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	t, err := sdc.ReadCSV(f, o.csv)
	if err != nil {
		return nil, nil, atFault(o.path, err)
	}
	if err := t.Apply(h); err != nil {
		return nil, nil, atFault(o.hierarchy, err)
	}
	for _, d := range o.sensitive {
		if err := t.MarkSensitive(d); err != nil {
			return nil, nil, atFault(o.path, err)
		}
	}
	return t, h, nil
}

// subtotals reads the file of a hierarchy; without one, there is none.
func (c *cli) subtotals(path string) (*sdc.Hierarchy, error) {
	if path == "" {
		return &sdc.Hierarchy{}, nil
	}
	f, err := c.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := sdc.ReadHierarchy(f)
	if err != nil {
		return nil, atFault(path, err)
	}
	return h, nil
}

// earlier reads a released table in the place of a ledger, as one of the same
// population and with the same sub-totals.
func (o *tableOptions) earlier(r io.Reader, h *sdc.Hierarchy) (*sdc.Ledger, error) {
	name := tableName(o.ledger)
	t, err := sdc.ReadCSV(r, sdc.CSVOptions{Name: name, Population: o.population, Symbol: o.profile.Symbol})
	if err != nil {
		return nil, err
	}
	t.ApplyKnown(h)
	for _, d := range o.sensitive {
		_ = t.MarkSensitive(d) // an earlier table need not have it
	}
	l := &sdc.Ledger{}
	_, err = l.Append(sdc.Release{Name: name, Tables: []sdc.Table{t.Table}}, o.profile)
	return l, err
}

// protectOptions are those of protect alone.
type protectOptions struct {
	*tableOptions
	release      string
	keep         words
	explain, dry bool
}

func (c *cli) protectOptions(args []string) (*protectOptions, []map[string]string, error) {
	o := &protectOptions{}
	shared, err := c.tableOptions("protect", args, func(t *tableOptions) {
		t.StringVar(&o.release, "release", "", "name of the release in the ledger; the table's file if not given")
		t.Var(&o.keep, "keep", "a count that must be shown, as age=Total,sex=Total; any number of times")
		t.StringVar(&t.csv.Largest, "largest", "", "column with the largest contribution of one contributor; it is not written")
		t.StringVar(&t.csv.Contributors, "contributors", "", "column with the number of contributors; it is not written")
		t.BoolVar(&o.explain, "explain", false, "say why each count is hidden; for the publisher alone")
		t.BoolVar(&o.dry, "dry-run", false, "judge, and record nothing in the ledger")
	})
	if err != nil {
		return nil, nil, err
	}
	o.tableOptions = shared
	if o.release == "" {
		o.release = shared.csv.Name
	}
	var keep []map[string]string
	for _, k := range o.keep {
		codes := map[string]string{}
		for part := range strings.SplitSeq(k, ",") {
			if err := pairs(codes).Set(part); err != nil {
				return nil, nil, c.usage("--keep %q: name each code, as age=Total,sex=Total", k)
			}
		}
		keep = append(keep, codes)
	}
	return o, keep, nil
}

func runProtect(ctx context.Context, c *cli, args []string) error {
	o, keep, err := c.protectOptions(args)
	if err != nil {
		return err
	}
	t, h, err := c.table(o.tableOptions)
	if err != nil {
		return err
	}
	for _, codes := range keep {
		if err := t.MarkKept(codes); err != nil {
			return atFault(o.path, err)
		}
	}
	led, err := openLedger(ctx, o.ledger, !o.dry, func(r io.Reader) (*sdc.Ledger, error) { return o.earlier(r, h) })
	if err != nil {
		return err
	}
	defer led.close()
	led.respell(&t.Table)
	res, err := sdc.Protect(ctx, sdc.Release{Name: o.release, Tables: []sdc.Table{t.Table}}, sdc.Options{Profile: o.profile, Ledger: led.ledger, Budget: o.budget})
	if err != nil {
		return atFault(o.path, t.Explain(err))
	}
	if o.explain {
		c.explain(t, res, o.profile)
	}
	if !res.Safe {
		return unsafe(res, o.profile)
	}
	if err := o.keepAudit(res.Audit); err != nil {
		return err
	}
	return c.publish(o, t, led, res)
}

// keepAudit writes the audit record, where one is asked for.
func (o *tableOptions) keepAudit(a *sdc.Audit) error {
	if o.audit == "" {
		return nil
	}
	record, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.audit, append(record, '\n'), 0o644); err != nil {
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

// publish records a safe release and then prints it, in this order: what is printed
// is always in the ledger.
func (c *cli) publish(o *protectOptions, t *sdc.CSVTable, led *ledgerFile, res *sdc.Result) error {
	var out bytes.Buffer
	if err := t.Write(&out, &res.Released.Tables[0]); err != nil {
		return err
	}
	recorded := ""
	if led.ledger != nil {
		var err error
		if recorded, err = led.record(res.Released, o.profile); sdc.Refused(err) {
			return &refused{"the release cannot be recorded, so nothing was printed: " + err.Error()}
		} else if err != nil {
			return fmt.Errorf("record the release in %s: %w; nothing was printed", o.ledger, err)
		}
	}
	if _, err := c.out.Write(out.Bytes()); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	hidden := 0
	for _, cell := range res.Released.Tables[0].Cells {
		if cell.Hidden {
			hidden++
		}
	}
	_, err := fmt.Fprintf(c.err, "Safe under the profile %s, version %s: %d of %d counts are hidden%s.\n",
		o.profile.Name, o.profile.Version, hidden, len(res.Released.Tables[0].Cells), recorded)
	return err
}

// explain says why each count is hidden, and what to tell readers.
func (c *cli) explain(t *sdc.CSVTable, res *sdc.Result, p sdc.Profile) {
	for cell, d := range res.Decisions[0] {
		if words := d.Words(p); words != "" {
			fmt.Fprintf(c.err, "%s, %s: %s\n", t.Row(cell), strings.Join(t.Table.Cells[cell].Codes, ", "), words)
		}
	}
	fmt.Fprintf(c.err, "\nFor readers:\n%s\n\nFor the publisher:\n%s\n", res.ReaderStatement(), strings.TrimSuffix(res.PublisherStatement(), "\n"))
}
