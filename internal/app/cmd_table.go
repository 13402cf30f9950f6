package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/sheet"
	"kith/sdc"
	"kith/sdc/csvtable"
)

// tableOptions are what protect and attack share.
type tableOptions struct {
	Table       string           `arg:"" help:"The table: one CSV file or workbook, or - for standard input."`
	ProfileName string           `name:"profile" default:"dfe" placeholder:"PROFILE" offers:"profiles" help:"${profile}"`
	Ledger      string           `placeholder:"FILE" help:"File of everything released before, or one released table."`
	Hierarchy   string           `placeholder:"FILE" help:"${hierarchy}"`
	Population  string           `placeholder:"WORDS" help:"${population}"`
	Sensitive   []string         `sep:"none" placeholder:"DIMENSION" help:"${sensitive}"`
	Totals      []pairOption     `name:"total" sep:"none" placeholder:"DIMENSION=CODE" help:"${total}"`
	NotTotals   []pairOption     `name:"not-total" sep:"none" placeholder:"DIMENSION=CODE" help:"${nottotal}"`
	Measures    []string         `name:"measure" sep:"none" placeholder:"COLUMN" help:"${measure}"`
	Across      string           `placeholder:"NAME" help:"What the columns of a crosstab are the categories of, such as sex."`
	Dimensions  []string         `name:"dimension" sep:"none" placeholder:"COLUMN" help:"${dimension}"`
	LeaveOut    []string         `name:"leave-out" sep:"none" placeholder:"COLUMN" help:"${leaveout}"`
	Codes       []nameOption     `name:"code" sep:"none" placeholder:"DIMENSION=CODE=NAME" help:"${code}"`
	AsWritten   []string         `name:"as-written" sep:"none" placeholder:"DIMENSION" help:"${aswritten}"`
	Hidden      []string         `name:"hidden" sep:"none" placeholder:"WORD" help:"${hiddenword}"`
	Zero        []string         `name:"zero" sep:"none" placeholder:"WORD" help:"${zeroword}"`
	Progress    bool             `help:"Say how far long work is, also where no one looks on at a terminal."`
	Sheet       string           `placeholder:"NAME" help:"The sheet of a workbook that has the table."`
	Identities  []identityOption `name:"identity" sep:"none" placeholder:"EQUATION" help:"${identity}"`
	NoIdentity  bool             `help:"None of the equations holds that seem to, with what was released before."`
	Audit       string           `placeholder:"FILE" help:"${audit}"`
	Budget      int64            `default:"${steps}" placeholder:"STEPS" help:"${budget}"`
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
	o.csv.Guard, o.csv.Strict = csvfile.Cell, o.Ledger != ""
	o.csv.Measures, o.csv.Across, o.csv.Keep, o.csv.LeaveOut = o.Measures, o.Across, o.Dimensions, o.LeaveOut
	o.csv.AsWritten, o.csv.Hidden, o.csv.Zero = o.AsWritten, o.Hidden, o.Zero
	o.csv.Renames = map[csvtable.Code]string{}
	for _, n := range o.Codes {
		o.csv.Renames[csvtable.Code{Column: strings.ToLower(n.column), Code: n.code}] = n.name
	}
	for _, n := range o.NotTotals {
		o.csv.NotTotals = append(o.csv.NotTotals, csvtable.Code{Column: n.key, Code: n.value})
	}
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

// table reads the table with its sub-totals and marks. What it does not say of itself is
// asked, all at once, and nothing is done until it is answered.
func (c *cli) table(o *tableOptions) (*csvtable.File, *csvtable.Hierarchy, error) {
	h, err := c.subtotals(o.Hierarchy)
	if err != nil {
		return nil, nil, err
	}
	t, err := c.look(o.Table, o.Sheet, o.csv)
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
	c.tellHow(t)
	return t, h, nil
}

// tellHow says what was understood of a table that its columns do not say.
func (c *cli) tellHow(t *csvtable.File) {
	for _, words := range t.Understood() {
		fmt.Fprintln(c.err, words)
	}
}

// look reads a table from a CSV file, or from a sheet of a workbook.
func (c *cli) look(path, name string, o csvtable.Options) (*csvtable.File, error) {
	f, err := c.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var begins [2]byte
	n, err := io.ReadFull(f, begins[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	all := io.MultiReader(bytes.NewReader(begins[:n]), f)
	if string(begins[:n]) != "PK" {
		return csvtable.Look(all, o)
	}
	if path != "-" {
		return lookInto(sheet.Path(path), name, o)
	}
	held, err := io.ReadAll(io.LimitReader(all, sheet.Usual.Bytes+1))
	if err != nil {
		return nil, err
	}
	return lookInto(heldInput(held), name, o)
}

// A heldInput is a file that came over standard input.
type heldInput []byte

type heldReader struct{ *bytes.Reader }

// Open implements sheet.Input.
func (h heldInput) Open() (sheet.Reader, error) { return heldReader{bytes.NewReader(h)}, nil }

// Close implements io.Closer.
func (heldReader) Close() error { return nil }

// lookInto reads the table of a workbook: of the sheet that is named, or the only one that
// has rows.
func lookInto(in sheet.Input, name string, o csvtable.Options) (*csvtable.File, error) {
	book, err := sheet.Open(in, sheet.Usual)
	if err != nil {
		return nil, atSheet(err)
	}
	defer book.Close()
	var rows []csvtable.Row
	var full []string
	for _, s := range book.Sheets() {
		if name != "" && !strings.EqualFold(name, s) {
			continue
		}
		r, err := sheetRows(book, s)
		if err != nil {
			return nil, atSheet(err)
		}
		if len(r) > 0 {
			rows, full = r, append(full, s)
		}
	}
	switch {
	case len(full) > 1:
		var say []string
		for _, s := range full {
			say = append(say, "--sheet "+shellWord(s))
		}
		return nil, &sdc.TableError{Cell: -1, Words: "more than one sheet has rows; say which has the table: " +
			strings.Join(say, ", or ")}
	case name != "" && len(full) == 0:
		return nil, &sdc.TableError{Cell: -1, Words: fmt.Sprintf("no sheet %q has rows; there are %s", name,
			strings.Join(book.Sheets(), ", "))}
	}
	return csvtable.LookRows(rows, o)
}

// atSheet makes what is wrong with a workbook a fault of the table.
func atSheet(err error) error {
	var bad *sheet.Error
	if errors.As(err, &bad) {
		return &sdc.TableError{Cell: -1, Words: bad.Error()}
	}
	return err
}

func sheetRows(book *sheet.File, name string) ([]csvtable.Row, error) {
	t, err := book.Table(name)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	var rows []csvtable.Row
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		rows = append(rows, csvtable.Row{At: int(r.Line), Cells: append([]string(nil), r.Cells...)})
	}
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
func (o *tableOptions) earlier(c *cli, h *csvtable.Hierarchy) (*sdc.Ledger, error) {
	name, how := tableName(o.Ledger), o.csv
	how.Name, how.Lenient, how.Largest, how.Contributors = name, true, "", ""
	t, err := c.look(o.Ledger, o.Sheet, how)
	if err != nil {
		return nil, err
	}
	t.ApplyKnown(h)
	for _, total := range o.Totals {
		_ = t.MarkTotal(total.key, total.value) // an earlier table need not have it
	}
	if q := t.Questions(); len(q) > 0 {
		return nil, &sdc.TableError{Cell: -1, Words: askWords(q)}
	}
	for _, d := range o.Sensitive {
		_ = t.MarkSensitive(d) // an earlier table need not have it
	}
	r := t.Release(name)
	r.Facts = t.Facts()
	l := &sdc.Ledger{}
	_, err = l.Append(r, o.profile)
	return l, err
}
