package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // also the driver "sqlite"
)

// This is the only file that may ask which engine a store is on.

// An Engine is the kind of database a store is on.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// engines are both.
var engines = []Engine{SQLite, Postgres}

// sqliteOptions: a file shared by a reader pool and one writer. FULL means a
// commit is on the disk when Tx returns: a booking confirmed is a booking kept.
const sqliteOptions = "_time_format=sqlite&_timezone=UTC&_pragma=busy_timeout(10000)" +
	"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"

func open(at string) (*DB, error) {
	if strings.HasPrefix(at, "postgres://") || strings.HasPrefix(at, "postgresql://") {
		u, err := url.Parse(at)
		if err != nil {
			// The reason quotes the address, which may hold a password.
			return nil, errors.New("the database address is not one: write % and other signs of a password as %25 and the like")
		}
		q := u.Query()
		q.Set("timezone", "UTC")
		u.RawQuery = q.Encode()
		pool, err := sql.Open("pgx", u.String())
		if err != nil {
			return nil, fmt.Errorf("open database %s: %w", redact(at), err)
		}
		pool.SetMaxOpenConns(4 * runtime.GOMAXPROCS(0))
		pool.SetMaxIdleConns(4 * runtime.GOMAXPROCS(0))
		return &DB{engine: Postgres, url: at, write: pool, read: pool, writing: &statementCache{},
			reading: &statementCache{}}, nil
	}
	if err := ownersAlone(at); err != nil {
		return nil, fmt.Errorf("open database %s: %w", at, err)
	}
	file := "file:" + (&url.URL{Path: at}).EscapedPath()
	write, err := sql.Open("sqlite", file+"?_txlock=immediate&"+sqliteOptions)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", at, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", file+"?_pragma=query_only(1)&"+sqliteOptions)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open database %s: %w", at, err)
	}
	read.SetMaxOpenConns(4 * runtime.GOMAXPROCS(0))
	read.SetMaxIdleConns(4 * runtime.GOMAXPROCS(0))
	return &DB{engine: SQLite, url: at, write: write, read: read, writing: newStatementCache(write),
		reading: newStatementCache(read)}, nil
}

// ownersAlone makes the file of a new store one that only its owner reads, whatever
// folder it is in: SQLite makes the files beside it like it. A store that exists keeps
// what its owner chose.
func ownersAlone(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func (e Engine) goose() goose.Dialect {
	if e == Postgres {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

// snapshotOptions make a transaction whose every statement sees the same: on
// SQLite each transaction does.
func (e Engine) snapshotOptions() *sql.TxOptions {
	if e == Postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return &sql.TxOptions{ReadOnly: true}
}

// firstRead is the cheapest query that fixes the point in time of a snapshot.
// SQLite does so only when a table is read.
func (e Engine) firstRead() string {
	if e == Postgres {
		return `SELECT 1`
	}
	return `SELECT 1 FROM sqlite_master LIMIT 1`
}

// setAsker lets a transaction know who asks, for the policies of confidential tables; ""
// where there are none.
func (e Engine) setAsker() string {
	if e == Postgres {
		return `SELECT set_config('` + askerSetting + `', $1, true)`
	}
	return ""
}

// askerSetting is where PostgreSQL keeps who asks.
const askerSetting = "kith.may"

// beginAs begins a transaction that reads, as somebody, in one message to the server. may
// has no sign that would have to be escaped (granted).
func (e Engine) beginAs(ctx context.Context, conn *sql.Conn, may string) error {
	_, err := conn.ExecContext(ctx, `BEGIN READ ONLY; SET LOCAL `+askerSetting+` = '`+may+`'`,
		pgx.QueryExecModeSimpleProtocol)
	return err
}

// Unwalled says why the policies of confidential tables would not stop whoever the store is
// opened as; "" where they do, and on an engine that has none.
func (d *DB) Unwalled(ctx context.Context) (string, error) {
	if d.engine != Postgres {
		return "", nil
	}
	is, err := Get[struct{ Super, Bypasses bool }](ctx, d,
		`SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user`)
	switch {
	case err != nil:
		return "", Wrap(err, "look at the role of the database")
	case is.Super:
		return "is a superuser", nil
	case is.Bypasses:
		return "has BYPASSRLS", nil
	}
	return "", nil
}

// forUpkeep gives the store's address for migrations, which change rows of every table.
func (d *DB) forUpkeep() (*sql.DB, error) {
	if d.engine != Postgres {
		return nil, nil
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("timezone", "UTC")
	q.Set(askerSetting, ",for:"+string(ForUpkeep)+",")
	u.RawQuery = q.Encode()
	return sql.Open("pgx", u.String())
}

// slots is how many rows of db_changes the changes of one table are spread over.
// SQLite has one writer at a time, whom nobody waits for at a row.
func (e Engine) slots() int {
	if e == Postgres {
		return 32
	}
	return 1
}

func (e Engine) tablesQuery() string {
	if e == Postgres {
		return `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	return `SELECT name FROM sqlite_master WHERE type = 'table'`
}

// dependentsQuery lists tables (parent, child) where deleting a row of the parent
// deletes or changes rows of the child.
func (e Engine) dependentsQuery() string {
	if e == Postgres {
		return `SELECT p.relname, c.relname FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_class c
			ON c.oid = k.conrelid
			WHERE k.contype = 'f' AND k.confdeltype NOT IN ('a', 'r') ORDER BY 1, 2`
	}
	return `SELECT f."table", m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f.on_delete NOT IN ('NO ACTION', 'RESTRICT') ORDER BY 1, 2`
}

// hiddenWritesQuery lists what writes rows without a statement that names them:
// triggers, and references that follow a changed key. There must be none.
func (e Engine) hiddenWritesQuery() string {
	if e == Postgres {
		return `SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal
			UNION SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND confupdtype NOT IN ('a', 'r')`
	}
	return `SELECT name FROM sqlite_master WHERE type = 'trigger'
		UNION SELECT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f.on_update NOT IN ('NO ACTION', 'RESTRICT')`
}

// insertRows is how many rows of so many columns one INSERT carries. SQLite looks
// each $1 up among all the others, so that many of them cost it dear: with 450 of
// them, an import of 100,000 rows took 12.3 s of processor, and with 100 it took 10.1 to 11.3. PostgreSQL is
// across a network, and wants few statements.
func (e Engine) insertRows(columns int) int {
	if e == SQLite {
		return max(1, min(insertBatch, 100/max(1, columns)))
	}
	return insertBatch
}

// redact takes the password out of a database address.
func redact(at string) string {
	u, err := url.Parse(at)
	switch {
	case err != nil:
		return "an address that cannot be read"
	case u.Scheme == "":
		return at
	}
	return u.Redacted()
}

// Extended result codes of SQLite and SQLSTATEs of PostgreSQL.
const (
	sqliteUnique, sqlitePrimaryKey, sqliteForeign, sqliteCheck, sqliteFull = 2067, 1555, 787, 275, 13
	pgUnique, pgForeign, pgCheck, pgNotText, pgFull                        = "23505", "23503", "23514", "22021", "53100"
)

// IsUnique reports whether err is a broken unique index or primary key.
func IsUnique(err error) bool { return broke(err, pgUnique, sqliteUnique, sqlitePrimaryKey) }

// IsForeign reports whether err is a row that another row still refers to, or
// that refers to one that is not there.
func IsForeign(err error) bool { return broke(err, pgForeign, sqliteForeign) }

// IsCheck reports whether err is a value that a CHECK of its table forbids.
func IsCheck(err error) bool { return broke(err, pgCheck, sqliteCheck) }

// IsNotText reports whether err is a value that is no text: with a NUL, or not
// UTF-8. SQLite finds nothing by such a value and does not complain.
func IsNotText(err error) bool { return broke(err, pgNotText) }

// IsFull reports whether err is that the disk a store is on has no room to write.
func IsFull(err error) bool {
	return broke(err, pgFull, sqliteFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// IsAway reports whether err is that the store cannot be reached, or does not take anybody:
// nothing was wrong with what it was asked.
func IsAway(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) { // a broken connection, too many of them, or a server that stops or starts
		return strings.HasPrefix(p.Code, "08") || strings.HasPrefix(p.Code, "57P") || p.Code == "53300" ||
			errors.As(err, new(*pgconn.ConnectError))
	}
	return errors.As(err, new(*pgconn.ConnectError)) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.As(err, new(*net.OpError)) || errors.Is(err, io.ErrUnexpectedEOF)
}

func broke(err error, pg string, lite ...int) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == pg
	}
	var l *sqlite.Error
	if errors.As(err, &l) {
		for _, c := range lite {
			if l.Code() == c {
				return true
			}
		}
	}
	return false
}

// tables lists the tables of the store with their columns, for the parity test
// and for kith doctor: one line "table.column" each, sorted.
func (e Engine) columnsQuery() string {
	if e == Postgres {
		return `SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`
	}
	return `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
		FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`
}

func (e Engine) indexesQuery() string {
	if e == Postgres {
		return `
			SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey'
				AND tablename <> 'goose_db_version'`
	}
	return `SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'`
}

// stemsHave is the condition that a row of a full-text index matches argument n.
func (e Engine) stemsHave(table, column string, n int) string {
	if e == Postgres {
		return fmt.Sprintf(`%s.%s @@ $%d::text::tsquery`, table, column, n)
	}
	return fmt.Sprintf(`%s MATCH $%d`, table, n)
}

// latestRow orders rows of a full-text index by rowid, the largest first. PostgreSQL
// must not walk them all in that order: it reads each one's stems to see whether it
// matches, where its index knows.
func (e Engine) latestRow() string {
	if e == Postgres {
		return `rowid + 0 DESC`
	}
	return `rowid DESC`
}

// fullTextFirst is what is run before full-text indexes are read in a snapshot. For a
// word that stands in many rows PostgreSQL would rather read the whole table, and does
// not count what reading the stems costs that lie beside it: 8 s in place of 30 ms.
func (e Engine) fullTextFirst() string {
	if e == Postgres {
		return `SELECT set_config('enable_seqscan', 'off', true)`
	}
	return `SELECT ''`
}

// matchSigns are how a question to a full-text index is written.
func (e Engine) matchSigns() (quote, and, or string) {
	if e == Postgres {
		return `'`, ` & `, ` | `
	}
	return `"`, ` AND `, ` OR `
}

// holdTable keeps other transactions from writing a table until this one ends. SQLite
// has one writer anyway.
func (e Engine) holdTable(table string) string {
	if e == Postgres {
		return `LOCK TABLE ` + table + ` IN SHARE ROW EXCLUSIVE MODE`
	}
	return `SELECT 1`
}

// writtenName stands among the counted tables for what only shows that the store can be
// written.
const writtenName = "-"

// Writable writes to the store, and returns what kept it from being written, but for the
// wait for another who writes.
func (d *DB) Writable(ctx context.Context) error {
	_, err := d.write.ExecContext(ctx, `INSERT INTO db_changes (name, slot) VALUES ($1, 0)
		ON CONFLICT (name, slot) DO UPDATE SET n = db_changes.n + 1`, writtenName)
	if d.engine == SQLite && errors.Is(err, context.DeadlineExceeded) {
		return nil // a long import holds its one writer, and to wait for that is no fault
	}
	return Wrap(err, "write to the database")
}
