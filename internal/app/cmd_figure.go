package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
)

type figureCommand struct {
	ID     string       `arg:"" optional:"" help:"${id}"`
	Period spanOption   `placeholder:"PERIOD" help:"${period}"`
	At     dateOption   `placeholder:"DATE" help:"The date to count at: 2024-03-31."`
	Where  []pairOption `sep:"none" placeholder:"KEY=VALUE" help:"Count only what has this value; once for each key."`
	By     string       `placeholder:"DIMENSION" help:"Give a figure for each value of a dimension."`
	Format string       `enum:"text,json,csv" default:"text" placeholder:"FORMAT" help:"One of text, json and csv."`
	installationOptions
}

// Help gives examples.
func (figureCommand) Help() string {
	return examples("kith figure",
		"kith figure training.attendances --period 2023-24 --by sector",
		"kith figure cla.open --at 2024-03-31 --format csv")
}

// Run computes a figure, or lists them.
func (o *figureCommand) Run(ctx context.Context, c *cli) error {
	ask := figure.Ask{Period: o.Period.Span, At: o.At.Date, Where: map[string]string{}, By: o.By,
		Sources: o.Format != "csv"}
	for _, p := range o.Where {
		if was, twice := ask.Where[p.key]; twice {
			return misused("--where says %[1]s twice, %[1]s=%[2]s and %[1]s=%[3]s, and takes one value of each: ask for "+
				"each by itself, or for all with --by %[1]s", p.key, was, p.value)
		}
		ask.Where[p.key] = p.value
	}
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if o.ID == "" {
		return c.listFigures(ctx, a)
	}
	var d *figure.Definition
	var values []figure.Value
	err = a.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		if d, err = s.Get(ctx, o.ID); err != nil {
			return err
		}
		if err := s.Check(ctx, d.ID, ask); err != nil {
			return err
		}
		values, err = s.Compute(ctx, d.ID, ask)
		return err
	})
	if err != nil {
		return err
	}
	return c.values(d, values, o.By, o.Format)
}

func (c *cli) listFigures(ctx context.Context, a *App) error {
	var all []*figure.Definition
	err := a.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		all, err = s.All(ctx)
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, d := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", d.ID, d.Kind, d.Title)
	}
	return w.Flush()
}

func (c *cli) values(d *figure.Definition, values []figure.Value, by, format string) error {
	switch format {
	case "json":
		if values == nil {
			values = []figure.Value{}
		}
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(values)
	case "csv":
		return csvfile.WriteLines(c.out, figure.CSVHeader(d), figure.CSVRows(d, values))
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, v := range values {
		label := d.Title
		if by != "" {
			dim, _ := d.Dimension(by)
			label = dim.Words(v.Dims[by])
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", plainValue(v), d.Unit, label)
		if len(v.Items) > 0 {
			fmt.Fprintf(w, "\t\t%s\n", strings.Join(v.Items, "; "))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var said []string // once, what is to be said of several
	for _, v := range values {
		for _, words := range append([]string{v.Note}, v.Makeup...) {
			if words != "" && !slices.Contains(said, words) {
				said = append(said, words)
				fmt.Fprintln(c.out, words)
			}
		}
	}
	return nil
}

// plainValue writes a value for a terminal, a percentage with what it is of.
func plainValue(v figure.Value) string {
	switch {
	case !v.Known():
		return "not known, as nothing was entered"
	case v.Denominator != nil:
		return fmt.Sprintf("%s (%s of %s)", lang.Decimal(v.Number(), 1), lang.Number(int(v.Numerator)),
			lang.Number(int(*v.Denominator)))
	}
	return fmt.Sprint(v.Numerator)
}
