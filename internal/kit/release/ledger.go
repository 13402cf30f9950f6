package release

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/sdc"
)

// ErrMoved says that something was released after a release was judged: it has to be judged
// again.
var ErrMoved = errors.New("something else was published meanwhile")

// A Ledger is everything about children that was ever released, as readers know it: what was
// printed, and never what is hidden. A line is added for each release, in the transaction that
// publishes it, and holds the hash of the line before (sdc.Ledger). What is taken off the site
// stays in it, since who read it knows it.
type Ledger struct {
	all      *sdc.Ledger
	last     int64               // number of the last line
	editions map[string]*edition // the last of each population
}

// An edition is what was printed of a population, until it was corrected.
type edition struct {
	universe string
	span     period.Span // zero for a day
	number   int
	printed  map[spot]printed
}

// A printed count is as readers know it.
type printed struct {
	hidden bool
	count  int64
}

// A line is one release as the work store keeps it.
type line struct {
	Seq        int64
	Subject    string // what published it: "yearly report 2023-24"
	Version    int64  // of that; 0 for what was published before there was a ledger
	Corrects   bool   // a number that was printed before is another one
	Line       string
	ReleasedAt db.Time
	ReleasedBy string
}

func compareSpots(a, b spot) int {
	return cmp.Or(cmp.Compare(a.dim, b.dim), cmp.Compare(a.code, b.code))
}

// ReadLedger reads the ledger of the work store. A line that was changed, moved or taken out
// is an error.
func ReadLedger(ctx context.Context, q db.Reader) (*Ledger, error) {
	lines, err := lines(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read what was released: %w", err)
	}
	var text bytes.Buffer
	for _, x := range lines {
		text.WriteString(x.Line)
		text.WriteByte('\n')
	}
	l := &Ledger{all: &sdc.Ledger{}}
	if l.all, err = sdc.ReadLedger(&text); err != nil {
		return nil, fmt.Errorf("read what was released: %w", err)
	}
	if len(lines) > 0 {
		l.last = lines[len(lines)-1].Seq
	}
	return l, l.index()
}

// Empty is the ledger of an installation that has published nothing.
func Empty() *Ledger { return &Ledger{all: &sdc.Ledger{}, editions: map[string]*edition{}} }

// index finds the last edition of each population.
func (l *Ledger) index() error {
	l.editions = map[string]*edition{}
	for _, e := range l.all.Entries() {
		for i := range e.Tables {
			t := &e.Tables[i]
			base, universe, span, number, err := readName(t.Population)
			if err != nil {
				return fmt.Errorf("read what was released: %w", err)
			}
			was := l.editions[base]
			if was == nil || was.number < number {
				was = &edition{universe: universe, span: span, number: number, printed: map[spot]printed{}}
				l.editions[base] = was
			}
			if was.number > number {
				continue
			}
			for j := range t.Cells {
				c := &t.Cells[j]
				was.printed[spotOf(t, c)] = printed{c.Hidden, c.Count}
			}
		}
	}
	return nil
}

// differs reports whether a population is printed otherwise than it was.
func (e *edition) differs(p *counted) bool {
	for s, was := range e.printed {
		if n, ok := p.truth(s); ok && !was.hidden && was.count != n {
			return true
		}
	}
	for _, c := range p.cuts { // a part that there was none of
		if !e.has(c.dim.ID) {
			continue
		}
		for code, n := range c.count {
			if _, ok := e.printed[spot{c.dim.ID, code}]; !ok && n > 0 {
				return true
			}
		}
	}
	return false
}

// has reports whether a population was printed cut by a dimension.
func (e *edition) has(dim string) bool {
	for s := range e.printed {
		if s.dim == dim {
			return true
		}
	}
	return false
}

// as gives what was printed of a table, if it is all there and nothing of it is another
// number: to print it again tells nothing.
func (l *Ledger) as(t sdc.Table) (sdc.Table, bool) {
	base, _, _, number, err := readName(t.Population)
	e := l.editions[base]
	if err != nil || e == nil || e.number != number {
		return t, false
	}
	cells := make([]sdc.Cell, len(t.Cells))
	for i := range t.Cells {
		was, ok := e.printed[spotOf(&t, &t.Cells[i])]
		if !ok || !was.hidden && was.count != t.Cells[i].Count {
			return t, false
		}
		cells[i] = sdc.Cell{Codes: t.Cells[i].Codes, Hidden: was.hidden, Count: was.count}
	}
	t.Cells = cells
	return t, true
}

// add puts a release at the end of the ledger; nothing where it prints nothing new.
func (l *Ledger) add(r sdc.Release, p sdc.Profile) ([]byte, error) {
	if len(r.Tables) == 0 {
		return nil, nil
	}
	return l.all.Append(r, p)
}

// By says what publishes a release, and who.
type By struct {
	Subject string // "yearly report 2023-24"
	Version int64
	At      db.Time
	Person  string // their name
}

// Keep adds a release to the ledger, in the transaction that publishes it. It returns
// ErrMoved when the ledger is no longer the one that the release was judged with.
func (r *Release) Keep(ctx context.Context, q db.Q, by By) error {
	l, err := ReadLedger(ctx, q)
	if err != nil {
		return err
	}
	if l.last != r.judged {
		return ErrMoved
	}
	text, err := l.add(r.printed, r.profile)
	if err != nil || text == nil {
		return db.Wrap(err, "keep what is released")
	}
	err = insertLine(ctx, q, line{Seq: l.last + 1, Subject: by.Subject, Version: by.Version, Corrects: r.corrects,
		Line: string(bytes.TrimSuffix(text, []byte("\n"))), ReleasedAt: by.At, ReleasedBy: by.Person})
	if db.IsUnique(err) {
		return ErrMoved
	}
	return db.Wrap(err, "keep what is released")
}

func lines(ctx context.Context, q db.Reader) ([]line, error) {
	return db.All[line](ctx, q, `
		SELECT seq, subject, version, corrects, line, released_at, released_by FROM release_ledger ORDER BY seq`)
}

func insertLine(ctx context.Context, q db.Q, x line) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO release_ledger (seq, subject, version, corrects, line, released_at, released_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, x.Seq, x.Subject, x.Version, x.Corrects, x.Line, x.ReleasedAt, x.ReleasedBy)
	return err
}
