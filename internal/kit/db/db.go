// Package db runs one SQL text on SQLite and on PostgreSQL.
//
// A DB is one store. Reading goes through the DB itself (All, Get); writing only
// inside Tx, whose function gets the Q to use: on SQLite there is a single
// writer, so a write outside the transaction would wait for the transaction it
// is called from. Queries use $1 placeholders and the portable subset of SQL
// that internal/arch enforces; what differs between the engines is in dialect.go
// and nowhere else.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	"golang.org/x/text/unicode/norm"

	"kith/internal/kit/names"
	"kith/internal/kit/period"
)

// ErrNotFound is returned by Get when no row matches.
var ErrNotFound = errors.New("not found")

// A Reader is what a reading query needs: a DB, or the Q of a transaction.
type Reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A Q is what a writing query needs: the inside of a transaction.
type Q interface {
	Reader
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// A DB is one open store.
type DB struct {
	engine Engine
	url    string
	// write has one connection on SQLite; read is a pool that cannot write there.
	// On PostgreSQL both are the same pool.
	write, read *sql.DB
	writing     *statementCache        // of write
	reading     *statementCache        // of read
	tables      atomic.Pointer[tables] // nil until it is needed
}

// Open opens the store at url: the path of a SQLite file, which is made when
// missing, or a postgres:// URL of an existing database.
func Open(ctx context.Context, url string) (*DB, error) {
	d, err := open(url)
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("open database %s: %w", d.Name(), err)
	}
	return d, nil
}

// Engine tells which engine the store is on.
func (d *DB) Engine() Engine { return d.engine }

// Name tells where the store is, without a password.
func (d *DB) Name() string { return redact(d.url) }

// Close closes the store.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// QueryContext makes a DB a Reader.
func (d *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, due := d.reading.stmt(query)
	if due {
		s = d.reading.prepare(ctx, query)
	}
	if s != nil {
		return s.QueryContext(ctx, args...)
	}
	return d.read.QueryContext(ctx, query, args...)
}

// Tx runs f in a transaction, which is committed only if f returns nil.
func (d *DB) Tx(ctx context.Context, f func(Q) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // no effect once committed
	in := cachedTx{tx: tx, p: d.writing}
	q := &counting{tx: &in, d: d, wrote: map[string]bool{}}
	if err := f(q); err != nil {
		return err
	}
	if err := q.count(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	in.after(ctx)
	return nil
}

// Migrate brings the store's tables up to date from the numbered SQL files in
// files, forward only. NNNN_name.sql is for both engines; NNNN_name.sqlite.sql and
// NNNN_name.postgres.sql stand in the same sequence and are for one. So does
// NNNN_name.keys, which says of what columns keys are made again (keys.go).
func (d *DB) Migrate(ctx context.Context, files fs.FS) error {
	mine, err := history(files, d.engine)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	keys, err := keySteps(mine)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	pool := d.write
	if own, err := d.forUpkeep(); err != nil {
		return fmt.Errorf("migrate %s: %w", d.Name(), err)
	} else if own != nil {
		defer own.Close()
		pool = own
	}
	p, err := goose.NewProvider(d.engine.goose(), pool, mine, goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(keys...))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", d.Name(), err)
	}
	if len(done) > 0 {
		return d.schemaChanged(ctx)
	}
	return nil
}

// All scans every row into a T: a single value, or a struct whose exported
// fields, with those of what it embeds, are in the order of the selected columns.
func All[T any](ctx context.Context, q Reader, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var t T
		if err := rows.Scan(targets(&t)...); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// Get scans the first row as All does, or returns ErrNotFound.
func Get[T any](ctx context.Context, q Reader, query string, args ...any) (T, error) {
	var t T
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	if !rows.Next() {
		return t, errors.Join(rows.Err(), ErrNotFound)
	}
	if err := rows.Scan(targets(&t)...); err != nil {
		return t, err
	}
	return t, rows.Close()
}

// Exec runs a statement and tells how many rows it changed.
func Exec(ctx context.Context, q Q, query string, args ...any) (int64, error) {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Must runs a statement that has to change exactly one row, and returns
// ErrNotFound when it changes none.
func Must(ctx context.Context, q Q, query string, args ...any) error {
	n, err := Exec(ctx, q, query, args...)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// insertBatch is how many rows one INSERT carries at the most: far below both
// engines' limits on placeholders.
const insertBatch = 50

// Insert adds many rows in few statements. into is the head of the statement,
// "INSERT INTO t (a, b)"; every row has a value for each column. after, if any,
// follows the values ("ON CONFLICT DO NOTHING").
func Insert(ctx context.Context, q Q, into string, rows [][]any, after string) error {
	most := insertBatch
	if c, ok := q.(*counting); ok && len(rows) > 0 {
		most = c.d.engine.insertRows(len(rows[0]))
	}
	for len(rows) > 0 {
		n := min(most, len(rows))
		var b strings.Builder
		b.WriteString(into)
		b.WriteString(" VALUES ")
		var args []any
		for i, row := range rows[:n] {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			for j := range row {
				if j > 0 {
					b.WriteString(", ")
				}
				fmt.Fprintf(&b, "$%d", len(args)+j+1)
			}
			b.WriteByte(')')
			args = append(args, row...)
		}
		b.WriteByte(' ')
		b.WriteString(after)
		if _, err := q.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// In writes a list of values for IN, such as ($3, $4), and adds the values to the
// arguments of the query. An empty list matches nothing.
func In[T any](args *[]any, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, v)
		marks[i] = fmt.Sprintf("$%d", len(*args))
	}
	if len(marks) == 0 {
		return "(NULL)"
	}
	return "(" + strings.Join(marks, ", ") + ")"
}

// Among writes the condition that a column has one of some values, and adds them to
// the arguments of the query; nil lets every row through.
func Among[T any](args *[]any, column string, values []T) string {
	if values == nil {
		return "1 = 1"
	}
	return column + " IN " + In(args, values)
}

// TakenAs returns named in the place of an error about a broken unique index or
// primary key, and any other error as it is: "there is already one" is something
// a person can act on.
func TakenAs(err, named error) error {
	if IsUnique(err) {
		return named
	}
	return err
}

// Wrap says what was being done when an error happened; nil stays nil.
func Wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// Page writes which rows of an order are wanted, after as many arguments as there are.
func Page(args *[]any, limit, offset int) string {
	*args = append(*args, limit, offset)
	return fmt.Sprintf(" LIMIT $%d OFFSET $%d", len(*args)-1, len(*args))
}

// Order writes an ORDER BY. sorts are the orders a list may have, by the name in
// its address; otherwise is the name of the one to take when by is none of them;
// then decides between rows that are equal. What is empty comes last on both
// engines, whichever way the list runs.
func Order(sorts map[string]string, by, otherwise string, desc bool, then string) string {
	column, ok := sorts[by]
	if !ok {
		column = sorts[otherwise]
	}
	if desc {
		column += " DESC"
	}
	return " ORDER BY " + column + " NULLS LAST, " + then
}

// targets gives where rows.Scan is to put a row.
func targets(p any) []any {
	if _, ok := p.(sql.Scanner); ok {
		return []any{p}
	}
	v := reflect.ValueOf(p).Elem()
	if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
		return []any{p}
	}
	out := make([]any, 0, v.NumField())
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case field.Anonymous && field.Type.Kind() == reflect.Struct:
			out = append(out, targets(v.Field(i).Addr().Interface())...) // its fields are the struct's own
		case field.IsExported():
			out = append(out, v.Field(i).Addr().Interface())
		}
	}
	return out
}

// Date is a calendar date: bound and stored as TEXT, 2006-01-02, on both
// engines; NULL is the zero Date.
type Date = period.Date

// Fold makes the text of a search column or of what is searched for, as package
// names does. LIKE ignores case on one engine only, so both sides of a search are
// folded. What must be one of a name is told by names.Key and a column of it.
func Fold(s string) string { return names.Fold(s) }

// Like makes a LIKE pattern, for use with ESCAPE '\', that finds s anywhere in
// a folded column.
func Like(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(Fold(s)) + "%"
}

// LikeLower makes a LIKE pattern, for use with ESCAPE '\', that finds s anywhere in
// text that is only lower-cased, where no column is kept folded. What is written in
// several ways (apostrophes, dashes, accents) stands for any one character.
func LikeLower(s string) string {
	var b strings.Builder
	b.WriteByte('%')
	for _, r := range strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(s))), " ") {
		switch {
		case r >= 0x80, r == '\'', r == '-', r == '`', r == '"':
			r = '_'
		case r == '\\', r == '%', r == '_':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('%')
	return b.String()
}
