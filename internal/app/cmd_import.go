package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"kith/internal/imports"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/returns"
)

// importOptions are what import, check and summarise share.
type importOptions struct {
	*options
	year, authority string
	kind            string
	paths           []string
}

func (c *cli) importOptions(name string, args []string, more func(o *options)) (*importOptions, error) {
	o := &importOptions{options: newOptions(name, c.err)}
	o.StringVar(&o.year, "year", "", "the financial year the files are of, such as 2023-24")
	o.StringVar(&o.authority, "authority", "", "code of the local authority the files are of, such as E08000015")
	if more != nil {
		more(o.options)
	}
	rest, err := o.parse(args)
	if err != nil {
		return nil, err
	}
	if len(rest) < 2 {
		return nil, c.usage("say which kind of files, and which files")
	}
	o.kind, o.paths = rest[0], rest[1:]
	return o, nil
}

func (o *importOptions) load(c *cli) (imports.Options, error) {
	out := imports.Options{Authority: o.authority}
	if o.year != "" {
		y, err := period.ParseYear(o.year)
		if err != nil {
			return out, c.usage("--year: %v", err)
		}
		out.Year = y
	}
	return out, nil
}

// commandLine is who imports and withdraws by the command line: nobody who signs
// in, so the name of the account on this machine tells.
func commandLine() web.Person {
	p := web.Person{Name: "the command line"}
	if u, err := user.Current(); err == nil {
		p.Name += " (" + u.Username + ")"
	}
	return p
}

func runImport(ctx context.Context, c *cli, args []string) error {
	var dry, strict bool
	o, err := c.importOptions("import", args, func(o *options) {
		o.BoolVar(&dry, "dry-run", false, "read and check, load nothing")
		o.BoolVar(&strict, "strict", false, "load nothing if there is any finding")
	})
	if err != nil {
		return err
	}
	load, err := o.load(c)
	if err != nil {
		return err
	}
	load.DryRun, load.Strict, load.By = dry, strict, commandLine()
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	rep, err := a.Imports.Load(ctx, o.kind, o.paths, load)
	if rep != nil && rep.Batch != nil {
		c.report(rep.Batch.Summary, rep.Batch.Findings, rep.Batch.Found)
	}
	switch {
	case errors.Is(err, imports.ErrStrict):
		return &refused{"nothing was loaded: " + imports.ErrStrict.Error()}
	case err != nil:
		return fmt.Errorf("nothing was loaded: %w", err)
	case rep.Same != "":
		fmt.Fprintf(c.out, "These very files are already loaded as import %s; nothing was done.\n", rep.Same)
	case dry:
		fmt.Fprintln(c.out, "Nothing was loaded: this was a dry run.")
	default:
		for _, id := range rep.Replaced {
			fmt.Fprintf(c.out, "It takes the place of import %s.\n", id)
		}
		fmt.Fprintf(c.out, "Loaded as import %s.\n", rep.ImportID)
	}
	return nil
}

// shownFindings is how many findings a command prints; check prints all.
const shownFindings = 20

// report prints what was read, and the first findings.
func (c *cli) report(summary []string, findings []intake.Finding, found int64) {
	for _, s := range summary {
		fmt.Fprintln(c.out, s)
	}
	if found == 0 {
		return
	}
	fmt.Fprintf(c.err, "%s:\n", lang.Plural(int(found), "finding", "findings"))
	for _, f := range findings[:min(shownFindings, len(findings))] {
		fmt.Fprintln(c.err, "  "+findingLine(f))
	}
	if more := int(found) - shownFindings; more > 0 {
		fmt.Fprintf(c.err, "  and %s more; kith check lists them\n", lang.Number(more))
	}
}

func findingLine(f intake.Finding) string {
	var at []string
	if f.File != "" {
		at = append(at, f.File)
	}
	if f.Line > 0 {
		at = append(at, "line "+strconv.FormatInt(f.Line, 10))
	}
	if f.Field != "" {
		at = append(at, f.Field)
	}
	if len(at) == 0 {
		return f.Message
	}
	return strings.Join(at, ", ") + ": " + f.Message
}

func runCheck(ctx context.Context, c *cli, args []string) error {
	format := "text"
	o, err := c.importOptions("check", args, func(o *options) {
		o.Var(oneOf{&format, []string{"text", "json", "csv"}}, "format", "text, json or csv")
	})
	if err != nil {
		return err
	}
	load, err := o.load(c)
	if err != nil {
		return err
	}
	// Checking needs the readers and no database.
	rep, err := readers().Read(ctx, o.kind, o.paths, load)
	if err != nil {
		return err
	}
	return c.findings(rep.Batch, format)
}

func (c *cli) findings(b *intake.Batch, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		list := b.Findings
		if list == nil {
			list = []intake.Finding{}
		}
		if err := e.Encode(list); err != nil {
			return err
		}
	case "csv":
		w := csv.NewWriter(c.out)
		w.Write([]string{"file", "line", "field", "rule", "message"})
		for _, f := range b.Findings {
			w.Write([]string{f.File, strconv.FormatInt(f.Line, 10), f.Field, f.Rule, f.Message})
		}
		w.Flush()
		if err := w.Error(); err != nil {
			return err
		}
	default:
		for _, f := range b.Findings {
			fmt.Fprintln(c.out, findingLine(f))
		}
		if b.Found == 0 {
			fmt.Fprintln(c.out, "Nothing is at fault.")
		}
	}
	if b.Found > int64(len(b.Findings)) {
		fmt.Fprintf(c.err, "kith: the first %d of %d findings are listed\n", len(b.Findings), b.Found)
	}
	if b.Found > 0 {
		return &refused{}
	}
	return nil
}

func runSummarise(ctx context.Context, c *cli, args []string) error {
	var out string
	o, err := c.importOptions("summarise", args, func(o *options) {
		o.StringVar(&out, "out", "", "file to write the measures to")
	})
	if err != nil {
		return err
	}
	if out == "" {
		return c.usage("say where to write the measures: --out measures.json")
	}
	load, err := o.load(c)
	if err != nil {
		return err
	}
	files, err := intake.Files(o.paths)
	if err != nil {
		return err
	}
	hashed, err := intake.Hash(files)
	if err != nil {
		return err
	}
	res, err := returns.Read(ctx, o.kind, intake.Source{Files: files, Year: load.Year, Authority: load.Authority})
	if err != nil {
		return err
	}
	c.report(res.Summary, res.Findings, res.Found)
	err = writeWhole(out, func(w io.Writer) error { return returns.WriteMeasures(w, res, hashed) })
	if err != nil {
		return fmt.Errorf("write measures: %w", err)
	}
	fmt.Fprintf(c.out, "Wrote %s: counts only, no row about a child. Load it with: kith import measures %s\n", out, out)
	return nil
}

// writeWhole writes a file beside its place and moves it there when it is whole.
func writeWhole(path string, write func(w io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func runWithdraw(ctx context.Context, c *cli, args []string) error {
	o := newOptions("withdraw", c.err)
	rest, err := o.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Imports.Withdraw(ctx, rest[0], commandLine()); errors.Is(err, imports.ErrNotLoaded) {
		return &refused{imports.ErrNotLoaded.Error()}
	} else if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Import %s is withdrawn, with the records it brought.\n", rest[0])
	return nil
}
