package app

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

func runFigure(ctx context.Context, c *cli, args []string) error {
	o := newOptions("figure", c.err)
	var when, at, by string
	format, where := "text", pairs{}
	o.StringVar(&when, "period", "", "the period to count over: 2023-24, 2023-24Q1, 2023-06, 2023, 2023-04-01..2023-09-30")
	o.StringVar(&at, "at", "", "the date to count at: 2024-03-31")
	o.StringVar(&by, "by", "", "a dimension to cut by")
	o.Var(where, "where", "narrow to KEY=VALUE, any number of times")
	o.Var(oneOf{&format, []string{"text", "json", "csv"}}, "format", "text, json or csv")
	rest, err := o.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 1 {
		return errUsage
	}
	ask := figure.Ask{Where: where, By: by}
	if when != "" {
		if ask.Period, err = period.Parse(when); err != nil {
			return c.usage("--period: %v", err)
		}
	}
	if at != "" {
		if ask.At, err = period.ParseAnyDate(at); err != nil {
			return c.usage("--at: %v", err)
		}
	}
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if len(rest) == 0 {
		return c.listFigures(ctx, a)
	}
	ask.Sources = format == "json"
	var d *figure.Definition
	var values []figure.Value
	err = a.Figures.Snapshot(ctx, func(s *figure.Snapshot) (err error) {
		if d, err = s.Get(ctx, rest[0]); err != nil {
			return err
		}
		values, err = s.Compute(ctx, d.ID, ask)
		return err
	})
	if err != nil {
		return err
	}
	return c.values(d, values, by, format)
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
		w := csv.NewWriter(c.out)
		w.Write(figure.CSVHeader(d))
		w.WriteAll(figure.CSVRows(d, values))
		return w.Error()
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
	return w.Flush()
}

// plainValue writes a value for a terminal, a percentage with what it is of.
func plainValue(v figure.Value) string {
	switch {
	case !v.Known():
		return "not known"
	case v.Denominator != nil:
		return fmt.Sprintf("%s (%s of %s)", lang.Decimal(v.Number(), 1), lang.Number(int(v.Numerator)), lang.Number(int(*v.Denominator)))
	}
	return fmt.Sprint(v.Numerator)
}
