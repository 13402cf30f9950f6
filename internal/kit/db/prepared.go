package db

import (
	"context"
	"database/sql"
	"sync"
)

// On SQLite a statement is parsed and planned each time it runs, which was seen to
// be two fifths of the time of a booking. Those that come again and again are
// prepared once and kept. pgx does the same for PostgreSQL by itself.
//
// A prepared statement can run once at a time on a connection. All, Get and Exec
// read what it gives to the end before they return, and one goroutine at a time uses
// a transaction, so none is ever asked for twice at once.

const (
	// preparedAfter is how often a statement is run before it is prepared: many are
	// put together for one search and do not come again.
	preparedAfter = 3
	// preparedMost bounds what is kept, and preparedSeen what is counted.
	preparedMost, preparedSeen = 500, 5000
)

// statementCache keeps the prepared statements of one pool. Its zero value keeps none.
type statementCache struct {
	pool  *sql.DB // nil keeps none
	mu    sync.Mutex
	seen  map[string]int
	ready map[string]*sql.Stmt
}

func newStatementCache(pool *sql.DB) *statementCache {
	return &statementCache{pool: pool, seen: map[string]int{}, ready: map[string]*sql.Stmt{}}
}

// stmt gives the prepared statement of a query, or nil. due says that it has come
// often enough to be prepared.
func (p *statementCache) stmt(query string) (s *sql.Stmt, due bool) {
	if p.pool == nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.ready[query]; s != nil {
		return s, false
	}
	if len(p.ready) >= preparedMost {
		return nil, false
	}
	if len(p.seen) >= preparedSeen {
		clear(p.seen)
	}
	p.seen[query]++
	return nil, p.seen[query] >= preparedAfter
}

// prepare prepares a query for next time. It takes a connection of the pool, so it
// is never called by somebody who holds one. A query that cannot be prepared goes on
// as it did.
func (p *statementCache) prepare(ctx context.Context, query string) *sql.Stmt {
	s, err := p.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.ready[query]; other != nil {
		s.Close() // somebody else was quicker
		return other
	}
	delete(p.seen, query)
	p.ready[query] = s
	return s
}

// A cachedTx is a transaction that runs statements already prepared, and others as
// they are. wanted collects those to prepare once it has ended.
type cachedTx struct {
	tx     *sql.Tx
	p      *statementCache
	wanted []string
}

func (w *cachedTx) stmt(ctx context.Context, query string) *sql.Stmt {
	s, due := w.p.stmt(query)
	if due {
		w.wanted = append(w.wanted, query)
	}
	if s == nil {
		return nil
	}
	return w.tx.StmtContext(ctx, s)
}

func (w *cachedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := w.stmt(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return w.tx.QueryContext(ctx, query, args...)
}

func (w *cachedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := w.stmt(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return w.tx.ExecContext(ctx, query, args...)
}

// after prepares what the transaction ran often enough. The transaction has ended.
func (w *cachedTx) after(ctx context.Context) {
	for _, query := range w.wanted {
		w.p.prepare(ctx, query)
	}
}
