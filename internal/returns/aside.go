package returns

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// A packedLoad is all that an import of a return stores: counts, and no row about a
// child. As JSON it waits for a person to load it, and is kept aside when another import
// takes its place.
type packedLoad struct {
	Kind, Year, Authority string
	Rows                  int64
	Measures              []packedMeasure
	Sources               []packedSource
	Files                 []packedFile
}

type packedMeasure struct {
	Measure                string
	From, To               db.Date
	Dimension, Value       string
	Numerator, Denominator int64
}

type packedFile struct {
	Name, Kind string
	Rows       int64
}

type packedSource struct {
	Name, SHA256 string
	Rows         int64
}

// pack gives what an import stored, as JSON.
func pack(ctx context.Context, q db.Reader, importID string) ([]byte, error) {
	head, err := db.Get[struct {
		Kind, Year, Authority string
		Rows                  int64
	}](ctx, q, `SELECT kind, year, authority, rows_read FROM returns_loads WHERE import_id = $1`, importID)
	if err != nil {
		return nil, err
	}
	p := packedLoad{Kind: head.Kind, Year: head.Year, Authority: head.Authority, Rows: head.Rows}
	if p.Measures, err = db.All[packedMeasure](ctx, q, `
		SELECT measure, from_date, to_date, dimension, value, numerator, denominator
		FROM returns_measures WHERE import_id = $1 ORDER BY measure, from_date, to_date, dimension, value`,
		importID); err != nil {
		return nil, err
	}
	if p.Sources, err = db.All[packedSource](ctx, q, `
		SELECT name, sha256, rows_read FROM returns_sources WHERE import_id = $1 ORDER BY name`, importID); err != nil {
		return nil, err
	}
	if p.Files, err = db.All[packedFile](ctx, q, `
		SELECT name, kind, rows_read FROM returns_files WHERE import_id = $1 ORDER BY name`, importID); err != nil {
		return nil, err
	}
	return json.Marshal(p)
}

// unpack stores again what pack gave.
func unpack(ctx context.Context, q db.Q, importID string, content []byte) error {
	p, err := opened(content)
	if err != nil {
		return err
	}
	return p.store(ctx, q, importID)
}

// opened reads what pack or hold gave.
func opened(content []byte) (*packedLoad, error) {
	var p packedLoad
	if err := json.Unmarshal(content, &p); err != nil {
		return nil, fmt.Errorf("read what was kept of a return: %w", err)
	}
	return &p, nil
}

// packed makes of a result all that an import of it stores.
func packed(res *Result, from []SourceFile) *packedLoad {
	p := &packedLoad{Kind: res.Kind, Year: res.Year.String(), Authority: res.Authority, Rows: res.Rows}
	for _, m := range res.Measures {
		x := packedMeasure{Measure: m.ID, From: m.Span.From, To: m.Span.To, Dimension: m.Dimension, Value: m.Value,
			Numerator: m.Numerator}
		if m.Denominator != nil {
			x.Denominator = *m.Denominator
		}
		p.Measures = append(p.Measures, x)
	}
	for _, name := range slices.Sorted(maps.Keys(res.FileKinds)) {
		p.Files = append(p.Files, packedFile{name, res.FileKinds[name], res.FileRows[name]})
	}
	for _, f := range from {
		p.Sources = append(p.Sources, packedSource(f))
	}
	return p
}

// of gives what of it is of a part of the year; all for the zero span.
func (p *packedLoad) of(part period.Span) *packedLoad {
	if part.IsZero() {
		return p
	}
	some := *p
	some.Measures = slices.DeleteFunc(slices.Clone(p.Measures), func(m packedMeasure) bool {
		return m.From.Before(part.From) || m.To.After(part.To)
	})
	return &some
}

// hold packs a result that waits to be loaded.
func (p *packedLoad) hold() ([]byte, error) { return json.Marshal(p) }

// store writes all of it, as part of the import with this id.
func (p *packedLoad) store(ctx context.Context, q db.Q, importID string) error {
	if _, err := db.Exec(ctx, q, `
		INSERT INTO returns_loads (import_id, kind, year, authority, rows_read) VALUES ($1, $2, $3, $4, $5)`,
		importID, p.Kind, p.Year, p.Authority, p.Rows); err != nil {
		return err
	}
	var rows [][]any
	for _, m := range p.Measures {
		rows = append(rows, []any{importID, m.Measure, m.From, m.To, m.Dimension, m.Value, m.Numerator, m.Denominator})
	}
	if err := db.Insert(ctx, q, `
		INSERT INTO returns_measures (import_id, measure, from_date, to_date, dimension, value, numerator, denominator)`,
		rows, ""); err != nil {
		return err
	}
	rows = nil
	for _, f := range p.Files {
		rows = append(rows, []any{importID, f.Name, f.Kind, f.Rows})
	}
	if err := db.Insert(ctx, q, `INSERT INTO returns_files (import_id, name, kind, rows_read)`, rows, ""); err != nil {
		return err
	}
	rows = nil
	for _, f := range p.Sources {
		rows = append(rows, []any{importID, f.Name, f.SHA256, f.Rows})
	}
	return db.Insert(ctx, q, `INSERT INTO returns_sources (import_id, name, sha256, rows_read)`, rows, "")
}
