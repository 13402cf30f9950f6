package imports

import (
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// A quarter that is taken for a year makes every figure a quarter of what it is, and nothing
// looks wrong. So an import is of the whole year or of named months, and of the months, and
// of what is provisional, no figure of a year is counted.

// settlePart says which part of the year files are of, and refuses what their kind cannot
// be of.
func settlePart(k intake.Kind, files []intake.File, o Options, b *intake.Batch) error {
	b.Part = intake.Part{Span: o.Part, Provisional: o.Provisional || saysProvisional(files)}
	return mayBePart(k, b.Year, b.Part)
}

// mayBePart refuses a part that files of a kind cannot be of.
func mayBePart(k intake.Kind, y period.Year, p intake.Part) error {
	year := y.Span()
	switch {
	case !p.Beside():
		return nil
	case !k.Parts && p.Span.IsZero():
		return nil // the name of such a file says nothing
	case !k.Parts:
		return intake.Refuse("", "%s files are not of a part of a year: leave the months out", k.Name())
	case p.Span.IsZero() || year.Contains(p.Span.From) && year.Contains(p.Span.To):
		return nil
	case !k.Rolling:
		return intake.Refuse("", "%s files are counted for a financial year, and %s is of two: send the files of one year",
			k.Name(), p.Words(""))
	case period.YearOf(p.Span.To) != y:
		return intake.Refuse("", "%s does not end in %s", p.Words(""), y)
	}
	return nil
}

// saysProvisional reports whether a file says by its name that it is provisional.
func saysProvisional(files []intake.File) bool {
	return slices.ContainsFunc(files, func(f intake.File) bool {
		return strings.Contains(strings.ToLower(f.Name), "provisional")
	})
}
