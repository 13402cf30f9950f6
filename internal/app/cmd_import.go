package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/imports"
	"kith/internal/kit/csvfile"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/returns"
)

// filesOptions are what import, check and summarise share.
type filesOptions struct {
	Kind      string     `arg:"" offers:"kinds" help:"Kind of file, such as training-history or ssda903."`
	Path      []string   `arg:"" sep:"none" help:"Files to read; a folder stands for the files in it."`
	Year      yearOption `placeholder:"YEAR" help:"The financial year the files are of, such as 2023-24."`
	Authority string     `placeholder:"CODE" help:"Code of the local authority the files are of, such as E08000015."`
}

func (o *filesOptions) load() imports.Options {
	return imports.Options{Year: o.Year.Year, Authority: o.Authority, YearHint: ", such as --year 2023-24",
		AuthorityHint: ", such as --authority E08000015"}
}

// kindIDs lists the kinds of file that can be read.
func kindIDs() (ids []string) {
	for _, k := range readers(false).Kinds() {
		ids = append(ids, k.ID)
	}
	slices.Sort(ids)
	return ids
}

// mayRead refuses a kind that is none, and files that are not there, before anything is
// opened or made.
func (o *filesOptions) mayRead() error {
	if !slices.Contains(kindIDs(), o.Kind) {
		return misused("%q is not a kind of file that can be read; the kinds are %s", o.Kind, strings.Join(kindIDs(), ", "))
	}
	_, err := intake.Files(o.Path)
	return err
}

// ofDemo reports whether files lie in the folder of a demonstration, whose authority is
// invented as everything in it is.
func (o *filesOptions) ofDemo() bool {
	for _, p := range o.Path {
		at, err := filepath.Abs(p)
		if err != nil {
			return false
		}
		for !isDemo(at) {
			above := filepath.Dir(at)
			if above == at {
				return false
			}
			at = above
		}
	}
	return true
}

// theCommandLine is who imports and withdraws by the command line: nobody who signs
// in, so the name of the account on this machine tells.
func theCommandLine() web.Person {
	p := web.Person{Name: "the command line"}
	if u, err := user.Current(); err == nil {
		p.Name += " (" + u.Username + ")"
	}
	return p
}

type importCommand struct {
	filesOptions
	columnsOption
	DryRun bool       `help:"Read and check, and load nothing."`
	Strict bool       `help:"Load nothing if there is any finding."`
	Accept bool       `name:"accept-change" help:"Load although a figure of 20 or more moves by more than a third."`
	Sure   bool       `name:"accept-doubts" help:"Load although there is reason to think that the files are wrong."`
	Hidden bool       `name:"accept-hidden" help:"Read the rows that a workbook hides, however many they are."`
	Part   partOption `placeholder:"MONTHS" help:"Months of the year that the files are of, such as 2024-25Q1."`
	Whole  bool       `name:"whole-year" help:"The files are of the whole year although they stop before it does."`
	Prov   bool       `name:"provisional" help:"The counts are still to be confirmed: keep them beside the year."`
	installationOptions
}

// Help tells more and gives examples.
func (importCommand) Help() string {
	return "Files of the same kind, year and authority take the place of those loaded before. The first authority that " +
		"is given becomes one that the partnership covers; others are refused until they are added under People and " +
		"organisations, Authorities and areas. A partnership of one authority need not give it.\n\n" +
		examples("kith import training-history bookings.csv",
			"kith import ssda903 return/ --year 2023-24 --authority E08000015 --dry-run")
}

// Run loads files.
func (o *importCommand) Run(ctx context.Context, c *cli) error {
	load := o.load()
	load.DryRun, load.Strict, load.AcceptChange, load.By = o.DryRun, o.Strict, o.Accept, theCommandLine()
	load.HiddenRows, load.AcceptDoubts = o.Hidden, o.Sure
	load.Part, load.WholeYear, load.Provisional = o.Part.Span, o.Whole, o.Prov
	// Whoever runs the program on its machine is not asked twice: the first authority that
	// they give is the partnership's, and they are told so.
	load.Cover = true
	var err error
	if load.Matching, err = o.matching(c); err != nil {
		return err
	}
	if err := o.mayRead(); err != nil {
		return err
	}
	open := Open
	if o.DryRun {
		open = OpenExisting
	}
	a, err := open(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	rep, err := a.Imports.Load(ctx, o.Kind, o.Path, load)
	if load.Matching.IsZero() {
		c.unmatched(ctx, a.Imports, o.Kind, o.Path, err)
	}
	if rep != nil && rep.Batch != nil {
		c.report(rep.Batch.Summary, rep.Batch.Findings, rep.Batch.Found)
	}
	if rep != nil {
		c.moves(rep, o.DryRun || errors.Is(err, imports.ErrChange) || errors.Is(err, imports.ErrPart) ||
			errors.Is(err, imports.ErrOvertaken))
	}
	switch {
	case errors.Is(err, imports.ErrPart):
		looks := rep.Looks(a.Now.Today())
		return &refused{fmt.Sprintf("nothing was loaded: the files look to be of %s. Say --part %s if they are, or "+
			"--whole-year if they are of the whole year", intake.Part{Span: looks}.Words(""), looks)}
	case errors.Is(err, imports.ErrChange):
		return &refused{"nothing was loaded: " + imports.ErrChange.Error() + ". If the files are right, say " +
			"--accept-change; if not, they may be cut short or of another year"}
	case errors.Is(err, imports.ErrOvertaken):
		return &refused{"nothing was loaded: " + imports.ErrOvertaken.Error() + " (" + strings.Join(rep.Replaced, ", ") +
			"), whose place they would take. If they are right, import them again with --accept-change"}
	case errors.Is(err, imports.ErrDoubts):
		return doubted("nothing was loaded", rep.Batch.Doubts)
	case errors.Is(err, imports.ErrStrict):
		return &refused{"nothing was loaded: " + imports.ErrStrict.Error()}
	case errors.Is(err, sheet.ErrHidden):
		return fmt.Errorf("nothing was loaded: %w; or say --accept-hidden, which counts them", err)
	case err != nil:
		return fmt.Errorf("nothing was loaded: %w", err)
	case rep.Same != "":
		fmt.Fprintf(c.out, "These very files are already loaded as import %s; nothing was done: %s.\n", rep.Same,
			rep.SameWords)
	case o.DryRun:
		for _, d := range rep.Batch.Doubts {
			fmt.Fprintln(c.out, "Asked about before it is loaded: "+d)
		}
		fmt.Fprintln(c.out, "Nothing was loaded: this was a dry run.")
	default:
		if rep.First != "" {
			fmt.Fprintf(c.out, "The partnership had no authority yet: it now covers %s, and files of any other are refused.\n",
				rep.First)
		}
		for _, id := range rep.Replaced {
			fmt.Fprintf(c.out, "It takes the place of import %s.\n", id)
		}
		fmt.Fprintf(c.out, "Loaded as import %s.\n", rep.ImportID)
		if p := rep.Batch.Part; p.Beside() {
			fmt.Fprintf(c.out, "It is of %s and is kept beside the year: no figure of %s is counted from it.\n",
				p.Words(rep.Batch.Year.String()), rep.Batch.Year)
		}
	}
	return nil
}

// doubted refuses files that may not be what they seem, until whoever gives them says that
// they are right.
func doubted(what string, doubts []string) error {
	return &refused{what + ", because the files may not be what they seem. If they are right, say --accept-doubts.\n  " +
		strings.Join(doubts, "\n  ")}
}

// moves prints figures as they are now and as they would be: all of them before
// anything is loaded, and those that moved much after it.
func (c *cli) moves(rep *imports.Report, all bool) {
	shown := rep.Moves
	if !all {
		shown = rep.LargeMoves()
	}
	shown = slices.DeleteFunc(slices.Clone(shown), func(m intake.Move) bool { return m.Against == "" })
	if len(shown) == 0 {
		return
	}
	now, after := "now, "+shown[0].Against, "after, "+shown[0].Period
	if !shown[0].Replaces() && shown[0].Beside != 1 {
		now = "in " + shown[0].Against
	}
	title := func(m intake.Move) string { return lang.Terms(nil).Put(m.Title) }
	wide := 0
	for _, m := range shown {
		wide = max(wide, utf8.RuneCountInString(title(m)))
	}
	const least = 12 // wide, so that a usual year and its counts stand under one another
	nowWide, afterWide := max(least, utf8.RuneCountInString(now)), max(least, utf8.RuneCountInString(after))
	fmt.Fprintf(c.out, "%-*s  %*s  %*s\n", wide, "", nowWide, now, afterWide, after)
	for _, m := range shown {
		much := ""
		if m.Large() {
			much = "  moves by more than a third"
		}
		fmt.Fprintf(c.out, "%-*s  %*s  %*s%s\n", wide, title(m), nowWide, lang.Number(int(m.Before)), afterWide,
			lang.Number(int(m.After)), much)
	}
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

type checkCommand struct {
	filesOptions
	columnsOption
	Format string `enum:"text,json,csv" default:"text" placeholder:"FORMAT" help:"One of text, json and csv."`
	noInstallation
}

// Help tells more and gives examples.
func (checkCommand) Help() string {
	return "It needs no installation. The exit status is 1 when something is at fault.\n\n" +
		examples("kith check training-history bookings.csv",
			"kith check ssda903 return/ --year 2023-24 --authority E08000015 --format csv")
}

// Run lists what is at fault in files. It needs the readers and no database.
func (o *checkCommand) Run(ctx context.Context, c *cli) error {
	load := o.load()
	var err error
	if load.Matching, err = o.matching(c); err != nil {
		return err
	}
	if err := o.mayRead(); err != nil {
		return err
	}
	r := readers(o.ofDemo())
	rep, err := r.Read(ctx, o.Kind, o.Path, load)
	if load.Matching.IsZero() {
		c.unmatched(ctx, r, o.Kind, o.Path, err)
	}
	if err != nil {
		return err
	}
	addDoubts(rep.Batch)
	return c.findings(rep.Batch, o.Format)
}

// addDoubts puts among the findings what would be asked about before the files are loaded, where
// it does not stand there already: who checks files wants to know all that is at fault.
func addDoubts(b *intake.Batch) {
	for _, d := range b.Doubts {
		says := func(f intake.Finding) bool { return strings.Contains(d, strings.TrimSuffix(f.Message, ".")) }
		if !slices.ContainsFunc(b.Findings, says) {
			b.Add(intake.Finding{Rule: "asked-about", Message: "Asked about before it is loaded: " + d})
		}
	}
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
		var rows [][]string
		for _, f := range b.Findings {
			rows = append(rows, []string{f.File, strconv.FormatInt(f.Line, 10), f.Field, f.Rule, f.Message})
		}
		if err := csvfile.WriteLines(c.out, []string{"file", "line", "field", "rule", "message"}, rows); err != nil {
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

type summariseCommand struct {
	filesOptions
	columnsOption
	Out  string `required:"" placeholder:"FILE" help:"File to write the measures to, such as measures.json."`
	Sure bool   `name:"accept-doubts" help:"Count although there is reason to think that the files are wrong."`
	noInstallation
}

// Help tells more and gives an example.
func (summariseCommand) Help() string {
	return "It needs no installation. The file has counts only and no row about a child, " +
		"and `kith import measures` loads it.\n\n" +
		examples("kith summarise ssda903 return/ --year 2023-24 --authority E08000015 --out measures.json")
}

// Run counts a return and writes the measures.
func (o *summariseCommand) Run(ctx context.Context, c *cli) error {
	if err := o.mayRead(); err != nil {
		return err
	}
	if !slices.Contains(returns.Countable(), o.Kind) {
		return misused("%s files are counted when they are loaded; those that can be summarised are %s", o.Kind,
			strings.Join(returns.Countable(), ", "))
	}
	load, out := o.load(), o.Out
	var err error
	if load.Matching, err = o.matching(c); err != nil {
		return err
	}
	place := register.Coverage{Any: true, Demo: o.ofDemo()}
	if err := imports.MayBeOf(place, load.Authority, load.Year, true); err != nil {
		return err
	}
	files, err := intake.Files(o.Path)
	if err != nil {
		return err
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	if out == "-" {
		return misused("--out is a file to write, and not standard output")
	}
	if err := mayWrite("--out", out, paths...); err != nil {
		return err
	}
	hashed, err := intake.Hash(files)
	if err != nil {
		return err
	}
	if err := intake.Twice(hashed); err != nil {
		return err
	}
	res, err := returns.Read(ctx, o.Kind, intake.Source{Files: files, Year: load.Year, Authority: load.Authority,
		Matching: load.Matching})
	if load.Matching.IsZero() {
		c.unmatched(ctx, readers(o.ofDemo()), o.Kind, o.Path, err)
	}
	if err != nil {
		return err
	}
	if err := imports.MayBeOf(place, res.Authority, res.Year, true); err != nil {
		return err
	}
	c.report(res.Summary, res.Findings, res.Found)
	if len(res.Doubts) > 0 && !o.Sure {
		return doubted("nothing was written", res.Doubts)
	}
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

type withdrawCommand struct {
	ID string `arg:"" name:"import" help:"Id of the import, as kith import and the page of imports say it."`
	installationOptions
}

// Help gives an example.
func (withdrawCommand) Help() string { return examples("kith withdraw 01hv5kq2m8e3w7x9z4b6c1d0fg") }

// Run withdraws an import.
func (o *withdrawCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	back, err := a.Imports.Withdraw(ctx, o.ID, theCommandLine())
	if errors.Is(err, imports.ErrNotLoaded) {
		return &refused{imports.ErrNotLoaded.Error()}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Import %s is withdrawn, with the records it brought.\n", o.ID)
	for _, im := range back {
		fmt.Fprintf(c.out, "Import %s, whose place it had taken, is loaded again.\n", im.ID)
	}
	return nil
}
