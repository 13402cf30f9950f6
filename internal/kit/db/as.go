package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Some tables are confidential: PostgreSQL gives their rows to nobody who has not said who
// they are (row-level security; docs/adr/0020-the-wall.md). As says it, for the reads or the
// transaction that follow and for nothing else. On SQLite, whose file has no such wall, the
// same code runs without it.

// An Asker is who reads or writes: a person with what they may do, or a Purpose.
type Asker interface {
	// Grants lists what the asker may do, such as "reviews:read" or "for:figures".
	Grants() []string
}

// A Purpose is what the program itself looks at records for, when nobody asked.
type Purpose string

// The purposes of the program itself.
const (
	ForFigures Purpose = "figures" // to count them, for a report or a page
	ForSearch  Purpose = "search"  // to keep what can be found up to date
	ForUpkeep  Purpose = "upkeep"  // migrations, and merging of records
)

// Grants implements Asker.
func (p Purpose) Grants() []string { return []string{"for:" + string(p)} }

// An Acting is a store as somebody asks it.
type Acting struct {
	d   *DB
	who Asker
}

// As gives the store as somebody asks it.
func (d *DB) As(who Asker) *Acting { return &Acting{d: d, who: who} }

// Read runs f with a Reader. Inside f use only that Reader, in one goroutine: it may hold a
// connection of the pool.
func (a *Acting) Read(ctx context.Context, f func(Reader) error) error {
	if a.d.engine.setAsker() == "" {
		return f(a.d)
	}
	may, err := granted(a.who)
	if err != nil {
		return err
	}
	conn, err := a.d.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	defer conn.Close() // with a transaction still open it is not used again
	if err := a.d.engine.beginAs(ctx, conn, may); err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	q := &askedConn{Conn: conn, d: a.d, asking: asking{may: may}}
	if err := f(q); err != nil {
		conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // nothing was written
		return err
	}
	_, err = conn.ExecContext(ctx, "ROLLBACK")
	return Wrap(err, "end reading")
}

// Tx is DB.Tx as somebody.
func (a *Acting) Tx(ctx context.Context, f func(Q) error) error {
	return a.d.Tx(ctx, func(q Q) error {
		if err := become(ctx, q, a.who); err != nil {
			return err
		}
		return f(q)
	})
}

// Snapshot is DB.Snapshot as somebody.
func (a *Acting) Snapshot(ctx context.Context, f func(Reader) error) error {
	return a.d.Snapshot(ctx, func(q Reader) error {
		if err := become(ctx, q, a.who); err != nil {
			return err
		}
		return f(q)
	})
}

// ReadAs reads as somebody within what q is: a transaction or snapshot, whose asker is as
// before when f has ended, or a store.
func ReadAs(ctx context.Context, q Reader, who Asker, f func(Reader) error) error {
	if d, ok := q.(*DB); ok {
		return d.As(who).Read(ctx, f)
	}
	in, err := bearing(q)
	if err != nil {
		return err
	}
	was := in.asker().may
	if err := become(ctx, q, who); err != nil {
		return err
	}
	if err := f(q); err != nil {
		return err // the transaction ends with it, on PostgreSQL in any case
	}
	return in.become(ctx, was)
}

// asking is who a transaction is of.
type asking struct{ may string }

func (a *asking) asker() *asking { return a }

// A bearer is what can be told who asks: what is inside a transaction or snapshot.
type bearer interface {
	asker() *asking
	become(ctx context.Context, may string) error
}

// errNoAsker is a fault of the program.
var errNoAsker = errors.New("this Reader cannot be told who asks")

func bearing(q Reader) (bearer, error) {
	if w, ok := q.(*Watch); ok {
		q = w.s
	}
	in, ok := q.(bearer)
	if !ok {
		return nil, errNoAsker
	}
	return in, nil
}

// become makes somebody the asker of a transaction.
func become(ctx context.Context, q Reader, who Asker) error {
	in, err := bearing(q)
	if err != nil {
		return err
	}
	may, err := granted(who)
	if err != nil {
		return err
	}
	return in.become(ctx, may)
}

func (c *counting) become(ctx context.Context, may string) error {
	return c.tell(ctx, c.d.engine, c.tx, may)
}

func (s *snapshot) become(ctx context.Context, may string) error {
	return s.tell(ctx, s.d.engine, s.tx, may)
}

// An askedConn is a connection in the transaction of Read.
type askedConn struct {
	*sql.Conn
	d *DB
	asking
}

func (c *askedConn) become(ctx context.Context, may string) error {
	return c.tell(ctx, c.d.engine, c.Conn, may)
}

// tell lets the store know who asks from now on, until the transaction ends.
func (a *asking) tell(ctx context.Context, e Engine, q Reader, may string) error {
	statement := e.setAsker()
	if statement == "" || a.may == may {
		return nil
	}
	if _, err := Get[string](ctx, q, statement, may); err != nil {
		return fmt.Errorf("say who asks: %w", err)
	}
	a.may = may
	return nil
}

var aGrant = regexp.MustCompile(`^[a-z-]+:[a-z-]+$`)

// granted writes what an asker may do as the store's policies look for it: with a comma
// before and after each.
func granted(who Asker) (string, error) {
	grants := who.Grants()
	for _, g := range grants {
		if !aGrant.MatchString(g) {
			return "", fmt.Errorf("say who asks: %q is no permission", g)
		}
	}
	return "," + strings.Join(grants, ",") + ",", nil
}
