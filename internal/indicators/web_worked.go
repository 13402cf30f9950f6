package indicators

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

var protections = map[figure.Protection]string{
	figure.Child: "About children: published through disclosure control, which hides a number from 1 to 5, and any " +
		"from which one could be worked out",
	figure.Staff: "About staff: shown to the partnership; small settings are not published",
	figure.Open:  "What the partnership did: shown in full",
}

// An origin is what the values of an ask came from.
type origin struct {
	values []figure.Value // one, or where there is none over a cut, its parts
	parts  []figure.Value // of the cut that stands below the value
	title  func(kind string) string
	opens  bool // the looker may open imports
}

// cutInto adds the parts of a cut. What is said of the value over it stays, when there
// is one, which it reports.
func (o *origin) cutInto(parts []figure.Value) bool {
	if len(o.values) == 0 {
		o.values = parts
		return false
	}
	o.parts = parts
	return true
}

// rows says how many rows were read for the ask as it was made.
func (o origin) rows() string {
	n, parts := figure.RowsRead(o.values), figure.RowsRead(o.parts)
	switch {
	case n == 0:
		return ""
	case parts > 0 && parts != n:
		return lang.Number(int(n)) + ", and " + lang.Number(int(parts)) + " for all of the parts"
	}
	return lang.Number(int(n))
}

// inputs lists the files once each, return by return.
func (o origin) inputs() []figure.Input {
	var all []figure.Input
	for _, v := range slices.Concat(o.values, o.parts) {
		for _, in := range v.Inputs {
			if !slices.Contains(all, in) {
				all = append(all, in)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b figure.Input) int {
		return cmp.Or(strings.Compare(o.title(a.Kind), o.title(b.Kind)), strings.Compare(a.Import, b.Import),
			strings.Compare(a.File, b.File))
	})
	return all
}

// cameIn lists the returns that the values were counted from, import by import with
// the files of that return, and leads to the imports those who may open them.
func (o origin) cameIn() []ui.Row {
	var rows []ui.Row
	all := o.inputs()
	for len(all) > 0 {
		first, n := all[0], 0
		var files []string
		for ; n < len(all) && all[n].Import == first.Import && all[n].Kind == first.Kind; n++ {
			files = append(files, all[n].File)
		}
		all = all[n:]
		row := ui.Row{Value: lang.Join(files)}
		if title := o.title(first.Kind); title != "" {
			row.Value = title + ": " + lang.Join(files)
		}
		if len(rows) == 0 {
			row.Key = "Came in by"
		}
		if o.opens {
			row.Href, row.Act, row.About = "/work/imports/"+url.PathEscape(first.Import), "Open the import", "of "+files[0]
		}
		rows = append(rows, row)
	}
	return rows
}

// worked lists how the values of an ask were worked out: of the value itself when there
// is one, or of the parts of a cut that has no value over it.
func worked(o origin) []ui.Row {
	v := o.values[0]
	d := v.Definition
	rows := []ui.Row{{Key: "What is counted", Value: d.Counts}}
	single := v.Ask.By == ""
	if d.Numerator != "" && single {
		rows = append(rows, ui.Row{Key: "Divided", Value: d.Numerator + " (" + lang.Number(int(v.Numerator)) + ")"})
	}
	if d.Denominator != "" && v.Denominator != nil && single {
		rows = append(rows, ui.Row{Key: "By", Value: d.Denominator + " (" + lang.Number(int(*v.Denominator)) + ")"})
	}
	if d.Numerator != "" && !single {
		rows = append(rows, ui.Row{Key: "Divided", Value: d.Numerator}, ui.Row{Key: "By", Value: d.Denominator})
	}
	if v.Ask.At.IsZero() {
		rows = append(rows, ui.Row{Key: "Period", Value: v.Ask.Period.Words()})
	} else {
		rows = append(rows, ui.Row{Key: "Date", Value: v.Ask.At.Words()})
	}
	if len(v.Items) > 0 && single {
		rows = append(rows, ui.Row{Key: "They are", Value: strings.Join(v.Items, "; ")})
	}
	rows = append(rows, ui.Row{Key: "From", Value: strings.TrimSpace(d.Source + " " + d.Edition)})
	if n := o.rows(); n != "" {
		rows = append(rows, ui.Row{Key: "Rows read", Value: n})
	}
	rows = append(rows, o.cameIn()...)
	if v.Attested != "" {
		rows = append(rows, ui.Row{Key: "How it is known", Value: v.Attested})
	}
	if d.Watch != "" {
		rows = append(rows, ui.Row{Key: "Take care", Value: d.Watch})
	}
	return append(rows,
		ui.Row{Key: "Definition", Value: fmt.Sprintf("%s, version %d%s", d.ID, d.Version, since(d))},
		ui.Row{Key: "Protection", Value: protections[d.Protection]})
}

func since(d *figure.Definition) string {
	if d.Since == "" {
		return ""
	}
	return ", used since " + d.Since
}
