package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/internal/imports"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
)

// columnsOption says in which columns files have what.
type columnsOption struct {
	Columns string `placeholder:"FILE" help:"${columns}"`
}

// longestColumns is how large the file of a matching may be.
const longestColumns = 1 << 20

// matching reads the file; without one nothing is said.
func (o *columnsOption) matching(c *cli) (m intake.Matching, err error) {
	if o.Columns == "" {
		return m, nil
	}
	f, err := c.open(o.Columns)
	if err != nil {
		return m, err
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, longestColumns))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, &refused{fmt.Sprintf("%s is not a file of columns (%v); it looks like %s", o.Columns, err,
			`{"columns": {"course": "Course Title"}, "whole": {"programme": "Multi-agency"}}`)}
	}
	return m, nil
}

// unmatched prints, after files were refused, what their columns were taken as and what is
// missing, with a file of columns to fill in; nothing where the columns are not at fault.
func (c *cli) unmatched(ctx context.Context, r *imports.Room, kind string, paths []string, why error) {
	var fatal *intake.Fatal
	files, err := intake.Files(paths)
	if err != nil || !errors.As(why, &fatal) || fatal.Line > 0 {
		return
	}
	d, fields, err := r.Draft(ctx, kind, files, intake.Matching{})
	if err != nil || d == nil || !d.Ask {
		return // the refusal says what is wrong
	}
	fmt.Fprintf(c.err, "The columns of %s:\n", d.File)
	as := map[string]string{}
	for field, header := range d.Matching.Columns {
		as[header] = field
	}
	for _, col := range d.Columns {
		taken := "not read"
		if as[col.Header] != "" {
			taken = "read as " + as[col.Header]
		}
		fmt.Fprintf(c.err, "  %s (%s): %s\n", col.Header, cmp.Or(strings.Join(col.Samples, "; "), "nothing in it"), taken)
	}
	for _, f := range d.Matching.Missing(fields) {
		fmt.Fprintf(c.err, "  %s is missing%s\n", f.Name, wholeWords(f))
	}
	for _, w := range d.Words {
		if w.Value == "" {
			fmt.Fprintf(c.err, "  %s %q, in %s, is not known\n", w.Field, w.Word, lang.Plural(w.Rows, "row", "rows"))
		}
	}
	fmt.Fprintf(c.err, "Say where they are in a file, and give it as --columns FILE. To begin with:\n%s\n",
		startOf(d, fields))
}

// wholeWords says what may be given once for a whole file.
func wholeWords(f intake.Field) string {
	if len(f.Whole) == 0 {
		return ""
	}
	var values []string
	for _, w := range f.Whole {
		values = append(values, w.Value)
	}
	return ", and may be given once for the whole file: " + strings.Join(values, ", ")
}

// startOf writes a file of columns as far as it is known.
func startOf(d *intake.Draft, fields []intake.Field) string {
	m := intake.Matching{Columns: d.Matching.Columns, Whole: map[string]string{}, Words: map[string]map[string]string{}}
	for _, f := range d.Matching.Missing(fields) {
		if len(f.Whole) > 0 {
			m.Whole[f.Name] = ""
		} else {
			m.Columns[f.Name] = ""
		}
	}
	for _, w := range d.Words {
		if w.Value == "" {
			if m.Words[w.Field] == nil {
				m.Words[w.Field] = map[string]string{}
			}
			m.Words[w.Field][w.Word] = ""
		}
	}
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "" // maps of texts can always be written
	}
	return string(out)
}
