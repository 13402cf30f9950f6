package app

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
)

// This file puts a dump back into a store of the schema that it was made of.

func readDumped(path string) (dumpedTable, error) {
	f, err := os.Open(path)
	if err != nil {
		return dumpedTable{}, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return dumpedTable{}, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return dumpedTable{}, err
	}
	return dumpedTable{strings.TrimSuffix(filepath.Base(path), ".csv.gz"), rows[0], rows[1:]}, nil
}

// until gives a history up to a number.
func until(t testing.TB, history fs.FS, number int) fs.FS {
	t.Helper()
	out := earlier{history, nil}
	files, err := fs.ReadDir(history, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		n, err := strconv.Atoi(strings.SplitN(f.Name(), "_", 2)[0])
		if err != nil {
			t.Fatal(err)
		}
		if n <= number {
			out.files = append(out.files, f)
		}
	}
	return out
}

// earlier is the beginning of a history.
type earlier struct {
	fs.FS
	files []fs.DirEntry
}

// ReadDir lists the migrations there were.
func (e earlier) ReadDir(string) ([]fs.DirEntry, error) { return e.files, nil }

// loadDump makes a store at an address as a dump has it.
func loadDump(t testing.TB, at, dir string, history fs.FS) {
	t.Helper()
	ctx := t.Context()
	version, err := os.ReadFile(filepath.Join(dir, "version"))
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(version)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx, until(t, history, number)); err != nil {
		t.Fatal(err)
	}
	if err := asBefore(ctx, d, func() error { return loadTables(ctx, d, dir) }); err != nil {
		t.Fatalf("load %s: %v", dir, err)
	}
}

// asBefore changes a store that may be of before transactions counted what they
// change, which they do all the same.
func asBefore(ctx context.Context, d *db.DB, change func() error) error {
	if _, err := columnsOf(ctx, d, "db_changes", []string{"n"}); err == nil {
		return change()
	}
	err := d.Exec1(ctx, `CREATE TABLE db_changes (name TEXT, slot BIGINT, n BIGINT DEFAULT 1, PRIMARY KEY (name, slot))`)
	if err != nil {
		return err
	}
	return errors.Join(change(), d.Exec1(ctx, `DROP TABLE db_changes`))
}

// loadTables puts the rows of a dump in the place of those that the migrations made.
func loadTables(ctx context.Context, d *db.DB, dir string) error {
	tables, err := tablesOf(ctx, d)
	if err != nil {
		return err
	}
	for name := range tables {
		if err := d.Exec1(ctx, "DELETE FROM "+name); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv.gz"))
	if err != nil {
		return err
	}
	// A table that refers to one that is not there yet waits for the next time round.
	for len(files) > 0 {
		var waiting []string
		var missing error
		for _, f := range files {
			table, err := readDumped(f)
			if err == nil {
				err = loadTable(ctx, d, table)
			}
			if db.IsForeign(err) {
				waiting, missing = append(waiting, f), err
			} else if err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(f), err)
			}
		}
		if len(waiting) == len(files) {
			return fmt.Errorf("what %s and others refer to is not in the dump: %w", filepath.Base(waiting[0]), missing)
		}
		files = waiting
	}
	return nil
}

func loadTable(ctx context.Context, d *db.DB, table dumpedTable) error {
	columns, err := columnsOf(ctx, d, table.name, table.columns)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, from := range table.rows {
		row := make([]any, len(from))
		for i, s := range from {
			if row[i], err = columns[i].value(s); err != nil {
				return err
			}
		}
		rows = append(rows, row)
	}
	return d.Tx(ctx, func(q db.Q) error {
		return db.Insert(ctx, q, "INSERT INTO "+table.name+" ("+strings.Join(table.columns, ", ")+")", rows, "")
	})
}

// value reads what text wrote.
func (c column) value(s string) (any, error) {
	if s == noValue {
		return nil, nil
	}
	switch c.kind {
	case "TEXT":
		return unescape.Replace(s), nil
	case "BIGINT", "INT8":
		return strconv.ParseInt(s, 10, 64)
	case "BOOLEAN", "BOOL":
		return strconv.ParseBool(s)
	case "TIMESTAMP":
		at, err := time.Parse(time.RFC3339Nano, s)
		return db.At(at), err
	case "BYTEA":
		return base64.StdEncoding.DecodeString(s)
	}
	return nil, fmt.Errorf("%s is %s: a dump does not know how to read it", c.name, c.kind)
}
