package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"kith/internal/kit/names"
)

// A column that keeps what package names makes of another has to be made again when
// that changes, and SQL cannot do it. So a history may have NNNN_name.keys beside its
// SQL files, in the same sequence, with a line for each such column:
//
//	organisations id: name_key = key(name), unique
//	training_courses id: title_key = key(title), unique within programme_id
//	people id: folded = fold(folded)
//
// A line that begins with # says why. Where two rows that a unique index keeps apart
// turn out to have one key, the first keeps it and the other gets its own id behind
// its key: both are there, and can be found to be the same by their names.
var keyLine = regexp.MustCompile(
	`^(\w+) (\w+(?:, \w+)*): (\w+) = (key|fold)\((\w+)\)(, unique(?: within (\w+(?:, \w+)*))?)?$`)

// A keyColumn is one line of a .keys file.
type keyColumn struct {
	table        string
	id           []string
	column, from string
	makes        func(string) string
	unique       bool
	within       []string
}

// keySteps reads the .keys files of a history as migrations.
func keySteps(files fs.FS) ([]*goose.Migration, error) {
	paths, err := fs.Glob(files, "*.keys")
	if err != nil {
		return nil, err
	}
	var out []*goose.Migration
	for _, path := range paths {
		number, _, _ := strings.Cut(path, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s has no number: %w", path, err)
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		columns, err := readKeyColumns(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			for _, c := range columns {
				if err := c.remake(ctx, tx); err != nil {
					return fmt.Errorf("make %s of %s again: %w", c.column, c.table, err)
				}
			}
			return nil
		}}, nil))
	}
	return out, nil
}

func readKeyColumns(text string) ([]keyColumn, error) {
	var out []keyColumn
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := keyLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("%q is no column to make", line)
		}
		c := keyColumn{table: m[1], id: strings.Split(m[2], ", "), column: m[3], from: m[5], makes: names.Key,
			unique: m[6] != ""}
		if m[4] == "fold" {
			c.makes = names.Fold
		}
		if m[7] != "" {
			c.within = strings.Split(m[7], ", ")
		}
		out = append(out, c)
	}
	return out, nil
}

// A keyRow is a row whose column is made again.
type keyRow struct {
	id, within []string
	is, wanted string
}

func (r keyRow) place(key string) string {
	return strings.Join(append(slices.Clone(r.within), key), "\x00")
}

// remake makes the column again in every row where it is not what it should be.
func (c keyColumn) remake(ctx context.Context, tx *sql.Tx) error {
	rows, err := c.rows(ctx, tx)
	if err != nil {
		return err
	}
	// Those that stay as they are have their keys first.
	taken := map[string]bool{}
	for _, r := range rows {
		if r.is == r.wanted {
			taken[r.place(r.is)] = true
		}
	}
	var where []string
	for i, id := range c.id {
		where = append(where, fmt.Sprintf("%s = $%d", id, i+2))
	}
	update := fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %s", c.table, c.column, strings.Join(where, " AND "))
	for _, r := range rows {
		if r.is == r.wanted {
			continue
		}
		key := r.wanted
		if c.unique && taken[r.place(key)] {
			key += " " + r.id[len(r.id)-1]
		}
		taken[r.place(key)] = true
		args := []any{key}
		for _, id := range r.id {
			args = append(args, id)
		}
		if _, err := tx.ExecContext(ctx, update, args...); err != nil {
			return err
		}
	}
	return nil
}

// rows reads every row, in the order of its id.
func (c keyColumn) rows(ctx context.Context, tx *sql.Tx) ([]keyRow, error) {
	columns := slices.Concat(c.id, c.within, []string{c.column, c.from})
	list, err := tx.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", strings.Join(columns, ", "), c.table,
		strings.Join(c.id, ", ")))
	if err != nil {
		return nil, err
	}
	defer list.Close()
	var out []keyRow
	for list.Next() {
		cells, to := make([]string, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := list.Scan(to...); err != nil {
			return nil, err
		}
		n, last := len(c.id), len(cells)-1
		out = append(out, keyRow{id: cells[:n], within: cells[n : last-1], is: cells[last-1], wanted: c.makes(cells[last])})
	}
	return out, list.Err()
}
