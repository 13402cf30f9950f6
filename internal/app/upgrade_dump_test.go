package app

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/migrations"
)

// A dump is a small installation as it was when a part of the program ended: for
// each store a folder of tables, one CSV file each, with values that either engine
// takes. Which migration each store had come to stands in its file version. A dump
// is made once and never changed: it is what an installation out there looks like.
//
// To make the one of the present schema: scripts/upgrade-dump PART.

var (
	dumpPart = flag.String("dump", "", "make the upgrade dump of this part (03) from a demonstration year")
	dumpFrom = flag.String("dump.from", "", "the folder of the demonstration to dump, on SQLite; made if not given")
)

// dumps is where they are.
var dumps = filepath.Join("testdata", "upgrade")

// dumpLimit is how large a part's dump may be: the folder stays small for ever.
const dumpLimit = 256 << 10

// histories are the stores of an installation, with where each is going.
var histories = map[string]fs.FS{"work": migrations.Work(), "public": migrations.Public()}

// noValue stands in a dump for a value that is NULL.
const noValue = `\N`

// A CSV reader takes the return out of a line's end, and no text of a dump may be
// changed: see value in upgrade_load_test.go.
var escape, unescape = strings.NewReplacer(`\`, `\\`, "\r", `\r`), strings.NewReplacer(`\\`, `\`, `\r`, "\r")

// notDumped are tables that are the engine's own, or hold only what a running
// program needs or makes again.
var notDumped = []string{"goose_db_version", "db_changes", "jobs", "form_marks",
	"search_documents", "search_vocabulary", "search_sources", "search_words", "search_words_data", "search_words_idx",
	"search_words_docsize", "search_words_config",
	"identity_sessions", "identity_links", "identity_attempts", "identity_passwords", "identity_factors",
	"identity_recovery_codes", "identity_begun", "identity_codes", "identity_guests",
	"identity_providers", "identity_linked"}

// The sessions that the reference counts, and those to come: the programmes of the
// year with the Big Learn, and systemic practice from its beginning.
const countedSessions = `starts_on >= '2026-01-01' OR starts_on >= '2022-09-01' AND starts_on <= '2023-10-31' AND
	course_id IN (SELECT id FROM training_courses WHERE programme_id = 'systemic-practice')
	OR starts_on >= '2023-04-01' AND starts_on < '2024-04-01' AND
	course_id IN (SELECT id FROM training_courses WHERE programme_id IN ('multi-agency', 'education', 'conference'))`

const ofCounted = `session_id IN (SELECT id FROM training_sessions WHERE ` + countedSessions + `)`

// The pages of the public sites that are not hubs, and some hubs.
const somePages = `slug < 'c' OR slug = 'help'`

// dumped are the rows that are dumped of a table, where that is not all of them. A
// thing is kept whole: a session with its bookings, a report with its pages.
var dumped = map[string]string{
	"audit_trail": `id IN (SELECT MIN(id) FROM audit_trail GROUP BY subject
		UNION SELECT MAX(id) FROM audit_trail GROUP BY subject)`,
	"audit_chain": `entry_id IN (SELECT MIN(id) FROM audit_trail GROUP BY subject
		UNION SELECT MAX(id) FROM audit_trail GROUP BY subject)`,
	"mail_outbox":       `id IN (SELECT MIN(id) FROM mail_outbox) OR id IN (SELECT MAX(id) FROM mail_outbox)`,
	"intake_findings":   `number = 1`,
	"imports_findings":  `number = 1`,
	"returns_measures":  `dimension = '' OR to_date >= '2024-01-01'`,
	"sites_pages":       somePages,
	"sites_versions":    somePages,
	"sites_published":   somePages,
	"publish_outbox":    `kind <> 'sites.page' OR item_key IN (SELECT slug FROM sites_pages WHERE ` + somePages + `)`,
	"publish_marks":     `kind <> 'sites.page' OR item_key IN (SELECT slug FROM sites_published WHERE ` + somePages + `)`,
	"training_sessions": countedSessions,
	"training_bookings": ofCounted,
	"training_tallies":  ofCounted,
	"training_attended": ofCounted,
	"training_sources":  ofCounted,
}

// TestMakeUpgradeDump makes a dump of the present schema, small enough and with all
// that the reference needs, for the part that was asked for or for nobody; and loses
// nothing on the way: what was loaded from it gives the same dump.
func TestMakeUpgradeDump(t *testing.T) {
	t.Parallel()
	from := *dumpFrom
	if from == "" {
		from = demonstration(t).Dir
	}
	to := t.TempDir()
	if *dumpPart != "" {
		to = filepath.Join(dumps, *dumpPart)
		if err := os.RemoveAll(to); err != nil {
			t.Fatal(err)
		}
	}
	size, err := writeDump(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes", to, size)
	if size > dumpLimit {
		t.Errorf("the dump has %d bytes, and may have %d: leave out more in the list named dumped", size, dumpLimit)
	}
	a, again := upgraded(t, db.SQLite, to), t.TempDir()
	if *dumpFrom == "" { // of the present schema
		if _, err := writeDump(t.Context(), a.Dir, again); err != nil {
			t.Fatal(err)
		}
		sameFiles(t, tree(t, to), tree(t, again))
	}
	for _, want := range reference {
		t.Run(want.name(), func(t *testing.T) { want.check(t, a.Figures) })
	}
}

// A dumpedTable is what a dump has of a table.
type dumpedTable struct {
	name    string
	columns []string
	rows    [][]string
}

// writeDump dumps the installation in a folder, on SQLite, and tells how large the
// dump is. It migrates nothing: an installation of an older schema stays one.
func writeDump(ctx context.Context, from, to string) (size int64, err error) {
	stores := map[string][]dumpedTable{}
	for store := range histories {
		d, err := db.Open(ctx, filepath.Join(from, store+".db"))
		if err != nil {
			return 0, err
		}
		defer d.Close()
		if stores[store], err = readTables(ctx, d); err != nil {
			return 0, err
		}
		version, err := db.Get[int64](ctx, d, `SELECT MAX(version_id) FROM goose_db_version`)
		if err != nil {
			return 0, err
		}
		if err := os.MkdirAll(filepath.Join(to, store), 0o755); err != nil {
			return 0, err
		}
		if err := os.WriteFile(filepath.Join(to, store, "version"), fmt.Appendln(nil, version), 0o644); err != nil {
			return 0, err
		}
	}
	anonymous(stores["work"])
	shorten(stores)
	for store, tables := range stores {
		for _, table := range tables {
			n, err := writeTable(filepath.Join(to, store, table.name+".csv.gz"), table)
			if err != nil {
				return 0, err
			}
			size += n
		}
	}
	return size, nil
}

// tablesOf gives the tables of a store that a dump has, each with its columns: id
// first, by which they are sorted and so compress better.
func tablesOf(ctx context.Context, d *db.DB) (map[string][]string, error) {
	schema, err := d.Schema(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, line := range schema {
		table, column, isColumn := strings.Cut(strings.TrimSuffix(line, " not null"), ".")
		switch {
		case !isColumn || slices.Contains(notDumped, table):
		case column == "id":
			out[table] = slices.Insert(out[table], 0, column)
		default:
			out[table] = append(out[table], column)
		}
	}
	return out, nil
}

func readTables(ctx context.Context, d *db.DB) ([]dumpedTable, error) {
	tables, err := tablesOf(ctx, d)
	if err != nil {
		return nil, err
	}
	var out []dumpedTable
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		table, err := readTable(ctx, d, name, tables[name])
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if len(table.rows) > 0 {
			out = append(out, table)
		}
	}
	return out, nil
}

func readTable(ctx context.Context, d *db.DB, name string, names []string) (dumpedTable, error) {
	table := dumpedTable{name: name, columns: names}
	columns, err := columnsOf(ctx, d, name, names)
	if err != nil {
		return table, err
	}
	list := strings.Join(names, ", ")
	rows, err := d.QueryContext(ctx, "SELECT "+list+" FROM "+name+" WHERE "+cmp.Or(dumped[name], "1 = 1")+" ORDER BY "+
		list)
	if err != nil {
		return table, err
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = &values[i]
		}
		if err := rows.Scan(values...); err != nil {
			return table, err
		}
		row := make([]string, len(columns))
		for i, c := range columns {
			if row[i], err = c.text(values[i]); err != nil {
				return table, err
			}
		}
		table.rows = append(table.rows, row)
	}
	return table, rows.Err()
}

// A column says what kind of value a dump's text becomes.
type column struct{ name, kind string }

// columnsOf asks the store itself of which kind the columns of a table are.
func columnsOf(ctx context.Context, q db.Reader, table string, names []string) ([]column, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	var out []column
	for _, c := range types {
		out = append(out, column{c.Name(), strings.ToUpper(c.DatabaseTypeName())})
	}
	return out, rows.Err()
}

// text writes a value as it stands in a dump.
func (c column) text(v any) (string, error) {
	if v == nil {
		return noValue, nil
	}
	switch c.kind {
	case "TEXT":
		if s, ok := v.(string); ok {
			return escape.Replace(s), nil
		}
	case "BIGINT", "INT8":
		if n, ok := v.(int64); ok {
			return strconv.FormatInt(n, 10), nil
		}
	case "BOOLEAN", "BOOL":
		switch b := v.(type) {
		case bool:
			return strconv.FormatBool(b), nil
		case int64: // SQLite
			return strconv.FormatBool(b != 0), nil
		}
	case "TIMESTAMP":
		var at db.Time
		err := at.Scan(v)
		return at.Format(time.RFC3339Nano), err
	case "BYTEA":
		if b, ok := v.([]byte); ok {
			return base64.StdEncoding.EncodeToString(b), nil
		}
	}
	return "", fmt.Errorf("%s is %s and has a %T: a dump does not know how to write it", c.name, c.kind, v)
}

// anonymous leaves out the people whom nothing refers to, and calls by a number those
// who are only known to have booked: sixteen hundred names do not compress either.
func anonymous(work []dumpedTable) {
	booked, named := map[string]bool{}, map[string]bool{}
	for _, table := range work {
		for _, row := range table.rows {
			for i, cell := range row {
				switch {
				case table.name == "training_bookings" || table.name == "training_attended":
					booked[cell] = true
				case table.name != "people" || table.columns[i] != "id":
					named[cell] = true
				}
			}
		}
	}
	at := slices.IndexFunc(work, func(t dumpedTable) bool { return t.name == "people" })
	if at < 0 {
		return
	}
	people := &work[at]
	column := func(name string) int { return slices.Index(people.columns, name) }
	id, created := column("id"), column("created_at")
	var kept [][]string
	for _, p := range people.rows {
		if !booked[p[id]] && !named[p[id]] {
			continue
		}
		if !named[p[id]] {
			p[column("name")], p[column("email")] = fmt.Sprintf("Practitioner %d", len(kept)), ""
			p[column("folded")] = db.Fold(p[column("name")])
			p[created] = p[created][:len("2006-01-02T15:04")] + ":00Z"
		}
		kept = append(kept, p)
	}
	people.rows = kept
}

// shorten makes the ids short, the same ones in both stores and in the same order:
// chance does not compress. An id in a text is written by people or in an address
// and is shortened as well, but for texts that are kept with their hash.
func shorten(stores map[string][]dumpedTable) {
	var all []string
	cells := func(do func(cell *string)) {
		for _, tables := range stores {
			for _, table := range tables {
				if slices.Contains(table.columns, "body") && slices.Contains(table.columns, "sha256") {
					continue
				}
				for _, row := range table.rows {
					for i := range row {
						do(&row[i])
					}
				}
			}
		}
	}
	cells(func(cell *string) { all = append(all, importID.FindAllString(*cell, -1)...) })
	slices.Sort(all)
	all = slices.Compact(all)
	short := map[string]string{}
	for i, id := range all {
		short[id] = fmt.Sprintf("%06d", i)
	}
	cells(func(cell *string) {
		*cell = importID.ReplaceAllStringFunc(*cell, func(id string) string { return short[id] })
	})
}

func writeTable(path string, table dumpedTable) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	w := csv.NewWriter(z)
	if err := w.WriteAll(append([][]string{table.columns}, table.rows...)); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
