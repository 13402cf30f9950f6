package db

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// How often a table was changed is counted in the store itself, in db_changes, so
// that whoever keeps something computed from its rows (kit/figure) can tell whether
// it still holds, whichever process wrote last. Tx sees which tables its statements
// write and counts them just before the commit; nobody has to remember to.
//
// A row that every transaction updates would make PostgreSQL's writers queue behind
// each other's commits. So each table has 32 rows there, each transaction takes one
// of them at random, and readers add them up. Rows are locked last in a transaction
// and in the order of the tables' names, so no two wait for each other.
//
// A snapshot sees a transaction's rows and its counts together or not at all, and
// sums only grow: two snapshots with the same sum see the same rows.

// uncounted are tables that are written all the time, or hold secrets, and that no
// figure reads. What is computed from one of them is not kept.
var uncounted = map[string]bool{
	"db_changes": true, "goose_db_version": true, "jobs": true, "mail_outbox": true, "audit_trail": true, "settings": true,
	"audit_chain": true, "audit_end": true, "audit_heads": true,
	"identity_sessions": true, "identity_attempts": true, "identity_links": true, "identity_passwords": true,
	"publish_outbox": true, "publish_changes": true, "publish_marks": true, "form_marks": true,
	"search_documents": true, "search_words": true, "search_vocabulary": true, "search_sources": true,
	"mail_sender": true, "mail_asked": true, "mail_keys": true, "mail_reports": true, "remind_hours": true,
}

// uncountedColumns are columns that are written all the time in tables whose others
// seldom are. An UPDATE of them alone is not counted; what is computed by a query
// that names one is not kept.
var uncountedColumns = map[string][]string{"training_sessions": {"taken"}}

// Counted reports whether the changes of a table, or of a table.column that a Watch
// tells of, are counted.
func Counted(name string) bool { return !uncounted[name] && !strings.Contains(name, ".") }

// wholeStore is the name under which a change of the schema is counted, which may
// change rows as well.
const wholeStore = ""

// A counting is the inside of a transaction, which notes the tables it writes.
type counting struct {
	tx    *cachedTx
	d     *DB
	wrote map[string]bool
	asking
}

func (c *counting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.note(ctx, query); err != nil {
		return nil, err
	}
	return c.tx.QueryContext(ctx, query, args...)
}

// ExecContext runs a statement. One that changes no row is not counted.
func (c *counting) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := c.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 && rowsOnly(query) {
		return res, nil
	}
	return res, c.note(ctx, query)
}

// rowsOnly reports whether a statement writes the rows it counts, and those that
// hang on them, and nothing else.
func rowsOnly(query string) bool {
	_, table := target(query)
	return table != ""
}

// note adds what a statement writes. A statement that does not say so in its first
// words (WITH …) is taken to write every table it names.
func (c *counting) note(ctx context.Context, query string) error {
	verb, table := target(query)
	switch verb {
	case "select", "values":
		return nil
	case "update":
		if onlyColumns(query, uncountedColumns[table]) {
			return nil
		}
		c.wrote[table] = true
		return nil
	case "insert":
		c.wrote[table] = true
		return nil
	}
	t, err := c.d.schemaOf(ctx, c.tx)
	if err != nil {
		return err
	}
	if verb == "delete" {
		t.withDependents(table, c.wrote)
		return nil
	}
	for name := range t.named(query) {
		t.withDependents(name, c.wrote)
	}
	return nil
}

// count adds one to each table that was written.
func (c *counting) count(ctx context.Context) error {
	var rows [][]any
	for _, t := range slices.Sorted(maps.Keys(c.wrote)) {
		if Counted(t) {
			rows = append(rows, []any{t, rand.IntN(c.d.engine.slots())})
		}
	}
	err := Insert(ctx, c.tx, `INSERT INTO db_changes (name, slot)`, rows,
		`ON CONFLICT (name, slot) DO UPDATE SET n = db_changes.n + 1`)
	if err != nil {
		return fmt.Errorf("count changes: %w", err)
	}
	return nil
}

// target finds the verb of a statement and the table that it writes, both in lower
// case.
func target(query string) (verb, table string) {
	w := words{text: query}
	verb = w.next()
	switch verb {
	case "insert":
		for t := w.next(); t != ""; t = w.next() {
			if t == "into" {
				return verb, w.next()
			}
		}
	case "update":
		return verb, w.next()
	case "delete":
		w.next() // FROM
		return verb, w.next()
	}
	return verb, ""
}

// onlyColumns reports whether an UPDATE sets these columns and no other.
func onlyColumns(query string, columns []string) bool {
	set := regexpSet.FindStringSubmatch(query)
	if set == nil || len(columns) == 0 {
		return false
	}
	depth, start := 0, 0
	for i, r := range set[1] + "," {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				one := strings.TrimSpace(set[1][start:i])
				w := words{text: one}
				if strings.HasPrefix(one, "(") || !slices.Contains(columns, w.next()) {
					return false
				}
				start = i + 1
			}
		}
	}
	return depth == 0
}

// regexpSet finds what an UPDATE sets; a WHERE inside brackets cuts it short, which
// leaves columns that are found to be others.
var regexpSet = regexp.MustCompile(`(?is)\bset\b(.*?)(?:\bwhere\b|\breturning\b|\bfrom\b|$)`)

// words reads the identifiers and keywords of a statement, in lower case, without
// comments. What stands in quotes is read as well, which names too much and never
// too little.
type words struct{ text string }

func (w *words) next() string {
	for {
		start := strings.IndexFunc(w.text, func(r rune) bool { return r == '-' || r == '/' || wordRune(r) })
		if start < 0 {
			w.text = ""
			return ""
		}
		w.text = w.text[start:]
		switch {
		case strings.HasPrefix(w.text, "--"):
			_, w.text, _ = strings.Cut(w.text, "\n")
		case strings.HasPrefix(w.text, "/*"):
			_, w.text, _ = strings.Cut(w.text, "*/")
		case !wordRune(rune(w.text[0])):
			w.text = w.text[1:]
		default:
			end := strings.IndexFunc(w.text, func(r rune) bool { return !wordRune(r) })
			if end < 0 {
				end = len(w.text)
			}
			word := w.text[:end]
			w.text = w.text[end:]
			return strings.ToLower(word)
		}
	}
}

func wordRune(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// A tables is what counting has to know of a store's schema.
type tables struct {
	names map[string]bool
	// dependents are the tables whose rows are deleted or changed with a row that
	// they refer to.
	dependents map[string][]string
}

// withDependents adds a table whose rows go, and those whose rows go or change with
// them.
func (t *tables) withDependents(table string, to map[string]bool) {
	seen := map[string]bool{}
	for next := []string{table}; len(next) > 0; next = next[1:] {
		if name := next[0]; !seen[name] {
			seen[name], to[name] = true, true
			next = append(next, t.dependents[name]...)
		}
	}
}

// named finds the tables that a statement names, and those of their columns whose
// changes are not counted.
func (t *tables) named(query string) map[string]bool {
	out, all := map[string]bool{}, map[string]bool{}
	w := words{text: query}
	for word := w.next(); word != ""; word = w.next() {
		all[word] = true
		if t.names[word] {
			out[word] = true
		}
	}
	for table, columns := range uncountedColumns {
		for _, c := range columns {
			if out[table] && all[c] {
				out[table+"."+c] = true
			}
		}
	}
	return out
}

// schemaOf gives the store's tables, read once.
func (d *DB) schemaOf(ctx context.Context, q Reader) (*tables, error) {
	if t := d.tables.Load(); t != nil {
		return t, nil
	}
	names, err := All[string](ctx, q, d.engine.tablesQuery())
	if err != nil {
		return nil, fmt.Errorf("read the tables of the store: %w", err)
	}
	refs, err := All[struct{ Parent, Child string }](ctx, q, d.engine.dependentsQuery())
	if err != nil {
		return nil, fmt.Errorf("read the references of the store: %w", err)
	}
	t := &tables{names: map[string]bool{}, dependents: map[string][]string{}}
	for _, n := range names {
		t.names[n] = true
	}
	for _, r := range refs {
		t.dependents[r.Parent] = append(t.dependents[r.Parent], r.Child)
	}
	d.tables.Store(t)
	return t, nil
}

// schemaChanged counts a change of the schema, after which nothing kept holds.
func (d *DB) schemaChanged(ctx context.Context) error {
	d.tables.Store(nil)
	return d.Tx(ctx, func(q Q) error {
		t, err := d.schemaOf(ctx, q)
		if err == nil && t.names["db_changes"] {
			q.(*counting).wrote[wholeStore] = true
		}
		return err
	})
}
