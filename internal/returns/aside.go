package returns

import (
	"context"
	"encoding/json"
	"fmt"

	"kith/internal/kit/db"
)

// A packedLoad is all that an import of a return stored: counts, and no row about a
// child.
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
	var p packedLoad
	if err := json.Unmarshal(content, &p); err != nil {
		return fmt.Errorf("read what was kept aside: %w", err)
	}
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
	var files []SourceFile
	for _, f := range p.Sources {
		files = append(files, SourceFile(f))
	}
	return insertSources(ctx, q, importID, files)
}
